"""Joint work on a place: proposed, approved, extended, summed up, closed, dropped; its measures become tasks."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from onegrid.events.actions import NotAllowed, NotGiven
from onegrid.kit import clock, later
from onegrid.kit.workflow import Refusal, Step, allowed
from onegrid.kit.working_time import Calendar
from onegrid.org import actions as org
from onegrid.org import queries as places
from onegrid.org.roles import Actor
from onegrid.supervision import queries
from onegrid.supervision.actions import place_given
from onegrid.supervision.actions.given import all_of, units_among
from onegrid.supervision.actions.place_given import PlaceWish
from onegrid.supervision.actions.tasks import Wanted, give, report_task
from onegrid.supervision.actions.tasks import move as move_task
from onegrid.supervision.models import PlaceMeasure, PlaceStep, PlaceWork, Task
from onegrid.supervision.rules import place_clock, task_clock
from onegrid.supervision.rules.place_life import PLACE_WORK
from onegrid.supervision.rules.task_life import TASK

DECIDED_BY = {"proposed": task_clock.ANSWER, "summed": task_clock.ANSWER}


@transaction.atomic
def propose_place_work(*, actor: Actor, wish: PlaceWish) -> PlaceWork:
    """A centre proposes it to its leader. Raises NotAllowed or NotGiven."""
    if not queries.proposes_places(actor) or actor.unit_id is None or actor.posting_id is None:
        raise NotAllowed(Refusal("role", _("A leader or a dispatcher of a centre proposes joint work on a place.")))
    clean = place_given.checked(actor, wish)
    rows = clean.pop("measures")
    work = PlaceWork(centre_id=actor.unit_id, proposed_by_id=actor.posting_id, made_at=clock.now(), **clean)
    wind(work, clock.now())
    work.save(force_insert=True)
    plan_measures(work, rows)
    remember(work, actor, "propose_place", "")
    return work


@transaction.atomic
def change_place_work(*, actor: Actor, work_id: int, version: int, wish: PlaceWish) -> PlaceWork:
    """Another proposal in the place of this one, until it is approved. Raises PlaceWork.DoesNotExist as well."""
    work, row = taken(actor, work_id, "change_place")
    if version != work.version:
        raise NotAllowed(Refusal("version", _("It was changed meanwhile; look at it again.")))
    clean = place_given.checked(actor, wish)
    rows = clean.pop("measures")
    for name, value in clean.items():
        setattr(work, name, value)
    work.measures.all().delete()
    plan_measures(work, rows)
    return move(work, row, actor, "")


@transaction.atomic
def approve_place_work(*, actor: Actor, work_id: int) -> PlaceWork:
    """A leader approves: each measure is a task from now on. It begins on its first day, or at once."""
    work, row = taken(actor, work_id, "approve_place")
    today = calendar_of(work).date_of(clock.now())
    if work.until <= today or work.measures.filter(due__lt=today).exists():
        raise NotAllowed(Refusal("guard", _("Its days are over: change the proposal first.")))
    work.approved_at = clock.now()
    move(work, row, actor, "")
    for measure in work.measures.select_related("unit").order_by("n"):
        ask(actor, work, measure)
    if place_clock.begins(work, calendar_of(work)) <= clock.now():
        begin(work, clock.now())
    return work


@transaction.atomic
def add_measure(*, actor: Actor, work_id: int, words: str, owner: str, due: str) -> PlaceMeasure:
    """One measure more, which is a task at once."""
    work, row = taken(actor, work_id, "add_measure")
    today = calendar_of(work).date_of(clock.now())
    clean = all_of({
        "words": lambda: place_given.said(words, "words", place_given.MOST_MEASURE),
        "unit": lambda: units_among([owner], queries.measure_owners(work), "owner")[0],
        "due": lambda: place_given.day_of(due, "due"),
    })  # fmt: skip
    if not max(work.since, today) <= clean["due"] <= work.until:
        raise NotGiven({"due": _("The day of a measure lies ahead, within the term.")})
    measure = PlaceMeasure.objects.create(work=work, n=work.measures.count() + 1, **clean)
    ask(actor, work, measure)
    move(work, row, actor, clean["words"])
    return measure


@transaction.atomic
def tick_measure(*, actor: Actor, work_id: int, measure_id: int, words: str) -> Task:
    """The unit of a measure says on the page of the work what was done; the centre accepts it as of any task."""
    task = queries.task_of_measure(actor, work_id, measure_id)
    return report_task(actor=actor, task_id=task.pk, words=place_given.said(words, "done"))


@transaction.atomic
def extend_place_work(*, actor: Actor, work_id: int, until: str, words: str) -> PlaceWork:
    """More time, with the reason."""
    work, row = taken(actor, work_id, "extend_place")
    clean = all_of({
        "words": lambda: place_given.said(words, "words"),
        "until": lambda: place_given.longer(actor, work.since, work.until, until),
    })  # fmt: skip
    work.until = clean["until"]
    wind(work, clock.now())
    return move(work, row, actor, clean["words"])


@transaction.atomic
def sum_up_place_work(*, actor: Actor, work_id: int, words: str) -> PlaceWork:
    """The leading unit, or the centre, says what has come of it; nothing is left to be done."""
    work, row = taken(actor, work_id, "sum_up_place")
    work.summary = place_given.said(words, "words")
    return move(work, row, actor, work.summary)


@transaction.atomic
def send_place_work_back(*, actor: Actor, work_id: int, words: str) -> PlaceWork:
    """Not enough yet: it goes on."""
    work, row = taken(actor, work_id, "send_place_back")
    return move(work, row, actor, place_given.said(words, "words"))


@transaction.atomic
def close_place_work(*, actor: Actor, work_id: int) -> PlaceWork:
    """The summary is accepted; the figures of its time stand fast."""
    work, row = taken(actor, work_id, "close_place")
    work.figures = queries.frozen(work, clock.now())
    return move(work, row, actor, "")


@transaction.atomic
def drop_place_work(*, actor: Actor, work_id: int, words: str) -> PlaceWork:
    """Nothing more is done there, with the reason; what is open of its measures is open no more."""
    work, row = taken(actor, work_id, "drop_place")
    work.why = place_given.said(words, "words")
    move(work, row, actor, work.why)
    cancelled = TASK.rows("cancel_task")[0]
    rows = Task.objects.select_for_update(of=("self",)).filter(measure__work=work, ended_at__isnull=True)
    for task in rows.order_by("pk"):
        move_task(task, cancelled, actor, work.why)
    return work


def taken(actor: Actor, work_id: int, verb: str) -> tuple[PlaceWork, Step]:
    """The work, locked, and the row of the table; in sight first, so that nobody learns of another one's work."""
    queries.place_works_in_sight(actor).values_list("pk", flat=True).get(pk=work_id)
    work = locked(work_id)
    row = allowed(PLACE_WORK.may(verb, work, actor))
    return work, row


def locked(work_id: int) -> PlaceWork:
    rows = PlaceWork.objects.select_for_update(of=("self",)).select_related("charge", "proposed_by")
    return rows.get(pk=work_id)


def move(work: PlaceWork, row: Step, actor: Actor, words: str, at: datetime | None = None) -> PlaceWork:
    """Into its new state, with what that state carries, and one more row of history; `at`: when it came, if not now."""
    now, before = clock.now(), work.state
    work.state = row.lands(before)
    work.ended_at = now if work.state in PLACE_WORK.final else None
    if work.state != before:
        wind(work, at or now)
    work.version += 1
    work.save()
    remember(work, actor, row.verb, words)
    return work


def begin(work: PlaceWork, at: datetime) -> None:
    """Its first day has come; what was due since then is told by the next sweep."""
    move(work, PLACE_WORK.rows("begin_place")[0], Actor.system(), "", at)


def wind(work: PlaceWork, at: datetime) -> None:
    """What waits for a leader has a day; the moments of this state lie ahead of `at`."""
    calendar, limit = calendar_of(work), DECIDED_BY.get(work.state)
    work.answer_by = task_clock.after(at, limit, calendar) if limit else None
    ahead = place_clock.moments(work, calendar)
    work.told = sum(moment <= at for _kind, moment in ahead) if work.state != "approved" else 0
    work.act_at = ahead[work.told][1] if work.told < len(ahead) else None


def plan_measures(work: PlaceWork, rows: list[dict[str, Any]]) -> None:
    PlaceMeasure.objects.bulk_create(PlaceMeasure(work=work, n=n, **row) for n, row in enumerate(rows, start=1))


def ask(actor: Actor, work: PlaceWork, measure: PlaceMeasure) -> Task:
    """A measure becomes a task of its unit."""
    wanted = Wanted(measure.words, measure.unit, calendar_of(work).close_of(measure.due))
    return give(actor, wanted, "place", measure=measure)


def calendar_of(work: PlaceWork) -> Calendar:
    return places.calendar(work.area)


def remember(work: PlaceWork, actor: Actor, verb: str, words: str) -> None:
    """Its own history, the trail of the house, and whoever is told of it."""
    n = work.steps.count() + 1
    PlaceStep.objects.create(
        work=work, n=n, verb=verb, to_state=work.state, actor_id=actor.posting_id, at=clock.now(), words=words,
        until=work.until,
    )  # fmt: skip
    org.record(actor, verb, "place_work", work.pk)
    later.react("supervision.place", work_id=work.pk, n=n)
