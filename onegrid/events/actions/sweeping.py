"""What time itself does: answers that did not come, ratings left unsaid, reviews due, reminders, climbs, calls."""

from dataclasses import dataclass, fields

from django.db import transaction

from onegrid.events import queries
from onegrid.events.actions import duty, joint, life, requests
from onegrid.events.models import Alert, Assignment, Event, Request
from onegrid.events.rules import deadlines
from onegrid.events.workflow import EVENT
from onegrid.kit import clock, later
from onegrid.kit.workflow import Step as Row
from onegrid.org import queries as org
from onegrid.org.roles import Actor

# state that ends by itself at its due time -> the verb that the house takes
TIMERS = {"waiting_reporter": "answer", "suspended": "resume", "rating": "close"}
BATCH = 500


@dataclass
class Swept:
    """How much one sweep did."""

    answer: int = 0
    resume: int = 0
    close: int = 0
    archive: int = 0
    reminders: int = 0
    climbs: int = 0
    calls: int = 0
    parts: int = 0

    @property
    def total(self) -> int:
        return sum(getattr(self, field.name) for field in fields(self))


def sweep() -> Swept:
    """One round over everything that is due; each event in a transaction of its own, safe to run at any time."""
    done = Swept()
    now = clock.now()
    for number, state in due_timers():
        if expire(number):
            setattr(done, TIMERS[state], getattr(done, TIMERS[state]) + 1)
    done.archive = archive_due()
    for pk in Event.objects.filter(remind_at__lte=now, closed_at__isnull=True).values_list("pk", flat=True)[:BATCH]:
        done.reminders += remind(pk)
    for pk in Assignment.objects.filter(remind_at__lte=now, open=True).values_list("pk", flat=True)[:BATCH]:
        done.parts += remind_of_part(pk)
    for pk in Request.objects.filter(due_at__lte=now, decided_at__isnull=True).values_list("pk", flat=True)[:BATCH]:
        requests.climb(request_id=pk)
        done.climbs += 1
    for pk in Alert.objects.filter(next_at__lte=now, ended_at__isnull=True).values_list("pk", flat=True)[:BATCH]:
        done.calls += duty.call_next(alert_id=pk)
    return done


def due_timers() -> list[tuple[str, str]]:
    rows = Event.objects.filter(due_at__lte=clock.now(), closed_at__isnull=True, state__in=TIMERS)
    return list(rows.order_by("due_at", "id").values_list("number", "state")[:BATCH])


@transaction.atomic
def expire(number: str) -> bool:
    """Take the timer's step, if it is still due under the lock."""
    event = Event.objects.select_for_update(of=("self",)).get(number=number)
    verb = TIMERS.get(event.state)
    if verb is None or event.due_at is None or event.due_at > clock.now():
        return False
    row = EVENT.may(verb, event, Actor.system())
    assert isinstance(row, Row)
    life.step(event, row, Actor.system(), {}, by_time=True)
    return True


def archive_due() -> int:
    """Put away the next matters whose time of lying open is over."""
    return sum(archive(number) for number in list(queries.to_archive().values_list("number", flat=True)[:BATCH]))


@transaction.atomic
def archive(number: str) -> int:
    """Put a closed matter into the archive, if it is still closed under the lock."""
    event = Event.objects.select_for_update(of=("self",)).get(number=number)
    row = EVENT.may("archive", event, Actor.system())
    if not isinstance(row, Row):
        return 0
    life.step(event, row, Actor.system(), {}, by_time=True)
    return 1


def recompute_clocks() -> int:
    """A calendar year was published or edited: every open clock anew; a promise given never moves later."""
    numbers = Event.objects.filter(closed_at__isnull=True).order_by("id").values_list("pk", flat=True)
    return sum(rewind(pk) for pk in numbers.iterator(chunk_size=BATCH))


@transaction.atomic
def rewind(pk: int) -> bool:
    event = Event.objects.select_for_update(of=("self",)).get(pk=pk)
    if event.closed_at is not None:
        return False
    before = (event.due_at, event.promised_by, event.about)
    life.wind(event, life.moves(event), clock.now())
    if (event.due_at, event.promised_by, event.about) == before:
        return False
    event.save(update_fields=("due_at", "promised_by", "about", "clock_from", "remind_at"))
    return True


@transaction.atomic
def remind(pk: int) -> int:
    """Enqueue the reminder that is due and set the next one; the moment is part of its name, so it goes out once."""
    event = Event.objects.select_for_update(of=("self",)).get(pk=pk)
    now = clock.now()
    if event.remind_at is None or event.remind_at > now:
        return 0
    clocks = deadlines.clocks(life.moves(event), org.calendar(event.area))
    kind = next((kind for kind, moment in clocks.reminders if moment == event.remind_at), None)
    if kind is not None:
        later.react("events.reminder", event_id=event.pk, at=event.remind_at.isoformat(), kind=kind)
    Event.objects.filter(pk=pk).update(remind_at=clocks.remind_at(event.remind_at))
    return 1


@transaction.atomic
def remind_of_part(pk: int) -> int:
    """The same for the part of an assisting unit; event first, then part, as every step locks them."""
    event = Event.objects.select_for_update(of=("self",)).get(assignments__pk=pk)
    part, now = Assignment.objects.get(pk=pk), clock.now()
    if not part.open or part.remind_at is None or part.remind_at > now:
        return 0
    found = joint.clock_of(event, part, deadlines.clocks(life.moves(event), org.calendar(event.area)))
    kind = next((kind for kind, moment in found.reminders if moment == part.remind_at), None)
    if kind is not None:
        later.react("events.part_reminder", assignment_id=pk, at=part.remind_at.isoformat(), kind=kind)
    Assignment.objects.filter(pk=pk).update(remind_at=found.remind_at(part.remind_at))
    return 1
