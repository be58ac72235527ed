"""Joint work on places: for the centre that drives it, the units that do it, and whoever stands over the place."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from onegrid.events import queries as events
from onegrid.events.models import Event
from onegrid.kit import clock
from onegrid.kit.workflow import Refusal, Step
from onegrid.org import queries as org
from onegrid.org.models import Posting, Unit
from onegrid.org.roles import DISPATCHER, DUTY_LEADER, HANDLER, LEADER, Actor
from onegrid.org.scope import visible_to
from onegrid.supervision.models import PlaceMeasure, PlaceStep, PlaceWork, Task, TaskStep
from onegrid.supervision.queries.hands import holding
from onegrid.supervision.queries.owing import Owed
from onegrid.supervision.queries.place_effect import Compared, effect, lies_in
from onegrid.supervision.queries.tasks import TaskVerb, tasks_in_sight
from onegrid.supervision.rules import place_clock
from onegrid.supervision.rules.place_life import DONE_LABELS, LIVE, PLACE_WORK, VERB_LABELS
from onegrid.supervision.rules.task_life import TASK

SHOWN = 100
SMALLEST_TOWN = 9  # digits: a whole county is no place to work on
SOON = timedelta(days=7)


@dataclass(frozen=True)
class PlaceRow:
    """One work in a list."""

    work: PlaceWork

    @property
    def state_label(self) -> str:
        return str(PLACE_WORK.labels[self.work.state])

    @property
    def place(self) -> str:
        """The names of its area, without the county's."""
        return " ".join(one.name for one in org.area_names(self.work.area)[1:] if len(one.code) >= SMALLEST_TOWN)

    @property
    def lead(self) -> Unit | None:
        return org.unit_by_id(self.work.lead_id)

    @property
    def centre(self) -> Unit | None:
        return org.unit_by_id(self.work.centre_id)

    @property
    def assisting(self) -> list[Unit]:
        units = [org.unit_by_id(one) for one in self.work.unit_ids if one != self.work.lead_id]
        return [unit for unit in units if unit is not None]

    @property
    def kinds(self) -> list[str]:
        return [events.category_name(code) or code for code in self.work.leaves]

    @property
    def over(self) -> bool:
        """Under way beyond its last day."""
        work = self.work
        return work.state == "running" and place_clock.ends(work, org.calendar(work.area)) < clock.now()


@dataclass(frozen=True)
class MeasureRow:
    """One measure with the task that it has become; `ticks`: whether this reader may say that it was done."""

    measure: PlaceMeasure
    unit: Unit | None
    task: Task | None
    done: str
    ticks: bool
    opens: bool

    @property
    def state_label(self) -> str:
        return str(TASK.labels[self.task.state]) if self.task else ""


class NoMeasure(LookupError):
    """No measure of this work that the actor has to do with."""


@dataclass(frozen=True)
class PlaceTold:
    """One work with all that its page says."""

    row: PlaceRow
    measures: list[MeasureRow]
    effect: list[Compared]
    steps: list[tuple[PlaceStep, str]]
    verbs: list[TaskVerb]


def place_works_in_sight(actor: Actor) -> QuerySet[PlaceWork]:
    """By scope; what no leader has approved is for the centre that proposes it, and for the leader to be in charge."""
    own = Q(centre_id=actor.unit_id or 0) | Q(charge_id=actor.posting_id or 0)
    return visible_to(actor, PlaceWork.objects.all()).filter(Q(approved_at__isnull=False) | own)


def place_works(actor: Actor, *, ended: bool = False) -> list[PlaceRow]:
    """What goes on, the earliest end first; or what has ended, the latest first; one statement."""
    order = ("-ended_at", "-id") if ended else ("until", "id")
    rows = place_works_in_sight(actor).filter(ended_at__isnull=not ended).select_related("charge__user")
    return [PlaceRow(one) for one in rows.order_by(*order)[:SHOWN]]


def place_work(actor: Actor, work_id: int) -> PlaceTold:
    """One of them; raises PlaceWork.DoesNotExist outside the scope."""
    found = place_works_in_sight(actor).select_related("charge__user", "proposed_by__user").get(pk=work_id)
    steps = found.steps.select_related("actor__user").order_by("n")
    return PlaceTold(
        PlaceRow(found), measures_of(actor, found), effect(found),
        [(step, str(DONE_LABELS[step.verb])) for step in steps], place_verbs(actor, found),
    )  # fmt: skip


def measures_of(actor: Actor, work: PlaceWork) -> list[MeasureRow]:
    """With what was done, which every unit of the work reads: nothing here hangs on a matter; three statements."""
    measures = planned_measures(work)
    tasks = {one.measure_id: one for one in Task.objects.filter(measure__in=measures).select_related("posting")}
    mine = set(tasks_in_sight(actor).filter(measure__in=measures).values_list("pk", flat=True))
    done = reported_words([one.pk for one in tasks.values() if one.state in ("reported", "done")])
    found = []
    for measure in measures:
        task = tasks.get(measure.pk)
        ticks = task is not None and task.pk in mine and isinstance(TASK.may("report_task", task, actor), Step)
        words = done.get(task.pk, "") if task else ""
        opens = task is not None and task.pk in mine
        found.append(MeasureRow(measure, org.unit_by_id(measure.unit_id), task, words, ticks, opens))
    return found


def planned_measures(work: PlaceWork) -> list[PlaceMeasure]:
    return list(work.measures.order_by("n"))


def task_of_measure(actor: Actor, work_id: int, measure_id: int) -> Task:
    """The task that a measure of this work has become; raises NoMeasure where this actor has none."""
    works = place_works_in_sight(actor).filter(pk=work_id)
    found = tasks_in_sight(actor).filter(measure_id=measure_id, measure__work__in=works).first()
    if found is None:
        raise NoMeasure(measure_id)
    return found


def reported_words(task_ids: list[int]) -> dict[int, str]:
    """Of each task what was last reported as done."""
    rows = TaskStep.objects.filter(task__in=task_ids, verb="report_task").order_by("n")
    return {one.task_id: one.told() for one in rows}


def place_verbs(actor: Actor, work: PlaceWork) -> list[TaskVerb]:
    """What may be done now, and what is near but not this reader's to do, with its reason."""
    offered = []
    for verb in PLACE_WORK.verbs():
        answer = PLACE_WORK.may(verb, work, actor)
        if not isinstance(answer, Refusal):
            offered.append(TaskVerb(verb, str(VERB_LABELS[verb]), "", answer.needs))
        elif answer.code == "guard":
            offered.append(TaskVerb(verb, str(VERB_LABELS[verb]), str(answer.reason)))
    return offered


def place_works_at(actor: Actor, event: Event) -> list[PlaceRow]:
    """What goes on in the place where a matter lies."""
    rows = place_works_in_sight(actor).filter(state__in=LIVE).select_related("charge__user")
    over = [event.area[:end] for end in range(SMALLEST_TOWN, len(event.area) + 1)]
    near = rows.filter(Q(radius__isnull=False) | Q(area__in=over)).order_by("until", "id")
    return [PlaceRow(one) for one in near if lies_in(event, one)]


def proposes_places(actor: Actor) -> bool:
    return actor.at_centre and actor.has(LEADER, DUTY_LEADER, DISPATCHER)


def place_areas(actor: Actor) -> list[tuple[org.Place, list[org.Place]]]:
    """Towns in the centre's own area, each with its villages; a grid is chosen by a point."""
    centre = org.unit_by_id(actor.unit_id)
    inside = [one for one in org.areas().values() if centre is not None and one.code.startswith(centre.area)]
    towns = [one for one in inside if one.kind == "town"]
    return [(town, [one for one in inside if one.kind == "village" and one.parent == town.code]) for town in towns]


def charges(actor: Actor) -> list[Posting]:
    """Who may be in charge: a leader of the own centre or of one above it."""
    own = org.unit_by_id(actor.unit_id)
    above = org.centres_over(own.area) if own else []
    return [one for unit in dict.fromkeys((actor.unit_id or 0, *above)) for one in holding(unit, LEADER)]


def measure_owners(work: PlaceWork) -> list[Unit]:
    """The units of the work, and the centre itself."""
    units = (org.unit_by_id(one) for one in (work.lead_id, *work.unit_ids, work.centre_id))
    return list({unit.pk: unit for unit in units if unit is not None and unit.active}.values())


def owed_place_work(actor: Actor) -> list[Owed]:
    """To approve, to sum up, to close; measures are tasks and stand there by themselves. One statement."""
    if not actor.has(LEADER, HANDLER) or actor.unit_id is None:
        return []
    today = org.calendar(actor.area).date_of(clock.now())
    leads = Q(state__in=("proposed", "summed")) & (Q(centre_id=actor.unit_id) | Q(charge_id=actor.posting_id))
    sums = Q(state="running", lead_id=actor.unit_id, until__lte=today + SOON)
    rows = place_works_in_sight(actor).filter(leads | sums).select_related("charge", "proposed_by")
    found = [(one, what_is_owed(one, actor)) for one in rows.order_by("until", "id")[:SHOWN]]
    return [owed_of(one, what) for one, what in found if what]


def what_is_owed(work: PlaceWork, actor: Actor) -> str:
    """Of the leader in charge what waits to be closed; of the centre's leaders where that post is vacant."""
    if work.state == "running":
        return _("Joint work to be summed up")
    if not actor.has(LEADER):
        return ""
    if work.state == "proposed":
        may = isinstance(PLACE_WORK.may("approve_place", work, actor), Step)
        return _("Joint work to be approved") if may else ""
    mine = actor.posting_id == work.charge_id or not work.charge.active
    return _("Joint work to be closed") if mine else ""


def owed_of(work: PlaceWork, what: str) -> Owed:
    due_at = work.answer_by or place_clock.ends(work, org.calendar(work.area))
    return Owed(what, work.title, reverse("supervision:place_work", args=[work.pk]), due_at)
