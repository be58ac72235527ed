"""Meetings of a centre and those to which a unit is invited, with those of their matters that the reader sees."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Case, F, QuerySet, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _

from onegrid.events import queries as events
from onegrid.events.models import Event
from onegrid.kit import clock
from onegrid.kit.workflow import Refusal
from onegrid.kit.working_time import Calendar
from onegrid.org import queries as org
from onegrid.org.models import Unit, in_reader_language
from onegrid.org.roles import CHECKER, DISPATCHER, DUTY_LEADER, HANDLER, LEADER, RECEIVER, Actor
from onegrid.org.scope import visible_to
from onegrid.supervision.models import Meeting, MeetingMatter
from onegrid.supervision.queries.owing import Owed
from onegrid.supervision.queries.tasks import TaskRow, TaskVerb, listed, tasks_in_sight, units_of
from onegrid.supervision.rules.meeting_life import KINDS, MEETING, VERB_LABELS
from onegrid.supervision.rules.series import SERIES, ahead, moved

SHOWN = 100
# So many meetings of a series are looked at for rest days when it is made.
LOOKED_AHEAD = 12
# Who sits at the table for a unit, and who calls a meeting of a centre.
AT_THE_TABLE = (RECEIVER, DISPATCHER, CHECKER, HANDLER, DUTY_LEADER, LEADER)
CALLERS = (LEADER, DUTY_LEADER, DISPATCHER)


@dataclass(frozen=True)
class MeetingRow:
    """One meeting in a list."""

    meeting: Meeting

    @property
    def state_label(self) -> str:
        return str(MEETING.labels[self.meeting.state])

    @property
    def kind_label(self) -> str:
        return str(KINDS[self.meeting.kind])

    @property
    def series_label(self) -> str:
        return "" if self.meeting.series == "none" else str(SERIES[self.meeting.series])

    @property
    def centre(self) -> Unit | None:
        return org.unit_by_id(self.meeting.centre_id)

    @property
    def units(self) -> list[Unit]:
        return [unit for unit in map(org.unit_by_id, self.meeting.unit_ids) if unit is not None]


@dataclass(frozen=True)
class MeetingTold:
    """One meeting as this reader may know it; `minutes` None: they speak of a sealed matter that is not theirs."""

    row: MeetingRow
    matters: list[Event]
    minutes: str | None
    tasks: list[TaskRow]
    verbs: list[TaskVerb]


def meetings_in_sight(actor: Actor) -> QuerySet[Meeting]:
    """By scope; a unit that one of the matters turned out to be about sits at that table no more."""
    rows = visible_to(actor, Meeting.objects.all())
    if actor.unit_id is None:
        return rows
    about = MeetingMatter.objects.filter(event__about_unit_ids__contains=[actor.unit_id])
    return rows.exclude(pk__in=about.values("meeting_id"))


def meetings(actor: Actor) -> list[MeetingRow]:
    """What is to come and what waits for its minutes first, by its time; then the latest that ended; one statement."""
    running = Case(When(ended_at__isnull=True, then=F("starts_at")), default=Value(None))
    rows = meetings_in_sight(actor).order_by(running.asc(nulls_last=True), "-starts_at", "-id")
    return [MeetingRow(one) for one in rows[:SHOWN]]


def meeting(actor: Actor, meeting_id: int) -> MeetingTold:
    """One of them; raises Meeting.DoesNotExist outside the scope."""
    rows = meetings_in_sight(actor).select_related("chair__user", "called_by__user")
    found = rows.get(pk=meeting_id)
    on_the_table = Event.objects.filter(pk__in=found.matters.values("event_id"))
    seen = list(events.seen_by(actor, on_the_table).order_by("number"))
    sealed = set(on_the_table.filter(restricted=True).values_list("pk", flat=True))
    reads = sealed <= {event.pk for event in seen}
    tasks = tasks_in_sight(actor).filter(meeting=found).select_related("event", "posting__user")
    return MeetingTold(
        MeetingRow(found), seen, found.told() if reads else None, listed(tasks.order_by("due_at", "id")),
        meeting_verbs(found, actor) if reads else [],
    )  # fmt: skip


def meeting_verbs(found: Meeting, actor: Actor) -> list[TaskVerb]:
    offered = []
    for verb in MEETING.verbs():
        answer = MEETING.may(verb, found, actor)
        if not isinstance(answer, Refusal):
            offered.append(TaskVerb(verb, str(VERB_LABELS[verb]), "", answer.needs))
        elif answer.code == "guard":
            offered.append(TaskVerb(verb, str(VERB_LABELS[verb]), str(answer.reason)))
    return offered


def meetings_on(actor: Actor, event: Event) -> list[MeetingRow]:
    """The meetings with this matter on the table, the latest first."""
    rows = meetings_in_sight(actor).filter(matters__event=event).order_by("-starts_at", "-id")
    return [MeetingRow(one) for one in rows[:SHOWN]]


@dataclass(frozen=True)
class RestDay:
    """A day of a series on which nobody works, its name if it has one, and the working day after it."""

    day: date
    name: str
    instead: date


def rest_days(actor: Actor, starts: str, series: str) -> list[RestDay]:
    """Of the next meetings of a series those on a rest day; none for a beginning that cannot be read."""
    calendar = org.calendar(actor.area)
    try:
        first = datetime.fromisoformat(starts).replace(tzinfo=ZoneInfo(calendar.zone))
    except ValueError:
        return []
    if series == "none":
        return []
    moments = ahead(first, series, calendar.zone, LOOKED_AHEAD)
    resting = [one for one in moments if not calendar.is_working(calendar.date_of(one))]
    return [rest_day(calendar.date_of(one), calendar.date_of(moved(one, calendar)), calendar) for one in resting]


def rest_day(day: date, instead: date, calendar: Calendar) -> RestDay:
    known = calendar.day(day)
    return RestDay(day, in_reader_language(known.name_zh, known.name_en), instead)


def invitable(actor: Actor) -> list[Unit]:
    """Units of the centre's own area, and those of the areas above it."""
    own = org.unit_by_id(actor.unit_id)
    if own is None:
        return []
    near = [unit for unit in org.units().values() if unit.active and unit.pk != own.pk]
    return [unit for unit in near if unit.area.startswith(own.area) or own.area.startswith(unit.area)]


def owners(found: Meeting, event: Event | None = None) -> list[Unit]:
    """Units to which a conclusion may go: the centre and whoever was invited, never one that the matter is about."""
    at_table = [unit for unit in map(org.unit_by_id, (found.centre_id, *found.unit_ids)) if unit and unit.active]
    if event is None:
        return at_table
    having = units_of(event)
    return [
        unit for unit in at_table
        if unit.pk not in event.about_unit_ids and (not event.restricted or unit.pk in having)
    ]  # fmt: skip


def owed_meetings(actor: Actor) -> list[Owed]:
    """To attend, to write the minutes of, to sign: one statement."""
    if not actor.has(*AT_THE_TABLE):
        return []
    rows = meetings_in_sight(actor).filter(ended_at__isnull=True).order_by("starts_at", "id")[:SHOWN]
    return [found for one in rows if (found := owed_of(one, actor))]


def owed_of(found: Meeting, actor: Actor) -> Owed | None:
    address, begun = reverse("supervision:meeting", args=[found.pk]), found.starts_at <= clock.now()
    if found.state == "held":
        mine = actor.posting_id == found.chair_id
        return Owed(_("Minutes to be signed"), found.title, address, found.answer_by) if mine else None
    if not begun:
        return Owed(_("Meeting to attend"), found.title, address, found.starts_at)
    mine = actor.posting_id in (found.called_by_id, found.chair_id)
    return Owed(_("Minutes to be written"), found.title, address, found.answer_by) if mine else None
