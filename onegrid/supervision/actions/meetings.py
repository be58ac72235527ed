"""Meetings: called, held with minutes, signed off by the chair; each conclusion is a task."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from onegrid.events.actions import NotAllowed, NotGiven
from onegrid.events.models import Event
from onegrid.kit import clock, codes, later
from onegrid.kit.workflow import Refusal, Step, allowed
from onegrid.org import actions as org
from onegrid.org import queries as places
from onegrid.org.models import Posting, Unit
from onegrid.org.roles import Actor
from onegrid.supervision import queries
from onegrid.supervision.actions.given import all_of, chosen_of, close_of, units_among, words_of
from onegrid.supervision.actions.tasks import Wanted, give
from onegrid.supervision.models import Meeting, MeetingMatter, Task
from onegrid.supervision.rules import task_clock
from onegrid.supervision.rules.meeting_life import KINDS, MEETING
from onegrid.supervision.rules.series import SERIES, moved, next_start

MOST_TITLE, MOST_MINUTES, MOST_LINES, MOST_MATTERS = 80, 20_000, 30, 20
BACK, AHEAD = timedelta(days=7), timedelta(days=366)


@dataclass(frozen=True)
class Called:
    """What the form says of a meeting, as it was typed."""

    title: str
    kind: str
    room: str
    starts: str
    chair: str
    series: str = "none"
    units: Sequence[str] = ()
    numbers: str = ""
    agenda: str = ""
    # What happens on a rest day to a meeting of a series: "move" to the next working day; anything else keeps the day.
    rest: str = ""


@transaction.atomic
def call_meeting(*, actor: Actor, called: Called) -> Meeting:
    """Call a meeting of one's own centre; each invited unit is told once. Raises NotAllowed or NotGiven."""
    if not actor.at_centre or actor.unit_id is None or not actor.has(*queries.CALLERS):
        raise NotAllowed(Refusal("role", _("A leader or a dispatcher of a centre calls a meeting.")))
    clean = all_of({
        "title": lambda: words_of(called.title, "title", MOST_TITLE),
        "kind": lambda: chosen_of(called.kind, KINDS, "kind"),
        "room": lambda: words_of(called.room, "room", MOST_TITLE),
        "starts_at": lambda: moment(called.starts, actor.area),
        "series": lambda: chosen_of(called.series, SERIES, "series"),
        "chair": lambda: chair_of(actor, called.chair),
        "unit_ids": lambda: invited(actor, called.units),
        "agenda": lambda: lines_of(called.agenda),
        "matters": lambda: matters_of(actor, called.numbers),
    })  # fmt: skip
    matters: list[Event] = clean.pop("matters")
    not_about(matters, clean["unit_ids"])
    assert actor.posting_id is not None
    clean |= on_day(clean["starts_at"], clean["series"] != "none" and called.rest == "move", actor.area)
    return make(Meeting(centre_id=actor.unit_id, called_by_id=actor.posting_id, **clean), matters, actor)


def make(meeting: Meeting, matters: Sequence[Event], actor: Actor) -> Meeting:
    meeting.made_at = clock.now()
    meeting.answer_by = after_two_days(meeting, max(meeting.starts_at, meeting.made_at))
    meeting.save(force_insert=True)
    MeetingMatter.objects.bulk_create(MeetingMatter(meeting=meeting, event=event) for event in matters)
    later.react("supervision.meeting", meeting_id=meeting.pk, kind="meeting_called")
    org.record(actor, "call_meeting", "meeting", meeting.pk, events=[event.number for event in matters])
    return meeting


@transaction.atomic
def hold_meeting(*, actor: Actor, meeting_id: int, words: str) -> Meeting:
    """It was held, and these are its minutes; the next of its series is called."""
    meeting, row = taken(actor, meeting_id, "hold_meeting")
    meeting.keep_words(words_of(words, most=MOST_MINUTES))
    meeting = move(meeting, row, actor)
    follow(meeting, actor)
    return meeting


@transaction.atomic
def write_minutes(*, actor: Actor, meeting_id: int, words: str) -> Meeting:
    """Correct the minutes until they are signed."""
    meeting, row = taken(actor, meeting_id, "write_minutes")
    meeting.keep_words(words_of(words, most=MOST_MINUTES))
    return move(meeting, row, actor)


@transaction.atomic
def sign_minutes(*, actor: Actor, meeting_id: int) -> Meeting:
    """The chair signs; from now on the minutes stand fast."""
    meeting, row = taken(actor, meeting_id, "sign_minutes")
    return move(meeting, row, actor)


@transaction.atomic
def cancel_meeting(*, actor: Actor, meeting_id: int, words: str, whole: bool = False) -> Meeting:
    """It does not take place, with the reason; its series goes on, unless the whole of it ends."""
    meeting, row = taken(actor, meeting_id, "cancel_meeting")
    meeting.why = words_of(words)
    meeting = move(meeting, row, actor)
    later.react("supervision.meeting", meeting_id=meeting.pk, kind="meeting_cancelled")
    if not whole:
        follow(meeting, actor)
    return meeting


@transaction.atomic
def conclude(
    *, actor: Actor, meeting_id: int, words: str, owner: str, due: str, number: str = ""
) -> Task:  # fmt: skip
    """What was concluded, as a task of a unit at the table or of a person of the own centre."""
    meeting, _row = taken(actor, meeting_id, "conclude")
    event = matter_on_the_table(actor, meeting, number)
    clean = all_of({
        "words": lambda: words_of(words), "owner": lambda: owner_of(actor, meeting, event, owner),
        "due": lambda: close_of(due, actor.area),
    })  # fmt: skip
    unit, posting_id = clean["owner"]
    task = give(actor, Wanted(clean["words"], unit, clean["due"], event, posting_id), "meeting", meeting=meeting)
    org.record(actor, "conclude", "meeting", meeting.pk, task=task.pk)
    return task


def matter_on_the_table(actor: Actor, meeting: Meeting, number: str) -> Event | None:
    """On which matter it was concluded; where one is sealed this must be said, so that the task is sealed with it."""
    if not number:
        if meeting.matters.filter(event__restricted=True).exists():
            raise NotGiven({"number": _("A sealed matter is on the table: say on which matter this was concluded.")})
        return None
    found = [one for one in matters_of(actor, number) if meeting.matters.filter(event=one).exists()]
    if not found:
        raise NotGiven({"number": _("Choose a matter of this meeting.")})
    return found[0]


def taken(actor: Actor, meeting_id: int, verb: str) -> tuple[Meeting, Step]:
    """The meeting, locked, and the row of the table; raises Meeting.DoesNotExist or NotAllowed."""
    found = queries.meeting(actor, meeting_id)
    meeting = Meeting.objects.select_for_update(of=("self",)).select_related("chair").get(pk=meeting_id)
    row = allowed(MEETING.may(verb, meeting, actor))
    if found.minutes is None:
        raise NotAllowed(Refusal("guard", _("The meeting speaks of a sealed matter that you do not see.")))
    return meeting, row


def move(meeting: Meeting, row: Step, actor: Actor) -> Meeting:
    before, meeting.state = meeting.state, row.lands(meeting.state)
    if meeting.state in MEETING.final:
        meeting.ended_at, meeting.answer_by = clock.now(), None
    elif meeting.state != before:
        meeting.answer_by = after_two_days(meeting, clock.now())
    meeting.save()
    org.record(actor, row.verb, "meeting", meeting.pk)
    return meeting


def follow(meeting: Meeting, actor: Actor) -> None:
    """The next of a series, once: same room, same people; its matters are those of its own day."""
    centre = places.unit_by_id(meeting.centre_id)
    area, rhythm = centre.area if centre else "", meeting.rhythm_at or meeting.starts_at
    starts_at = next_start(rhythm, meeting.series, places.zone(area), clock.now())
    if starts_at is None:
        return
    named = ("title", "kind", "room", "series", "centre_id", "called_by_id", "chair_id", "unit_ids", "agenda")
    same = {name: getattr(meeting, name) for name in named}
    make(Meeting(follows=meeting, **same, **on_day(starts_at, meeting.moves, area)), (), actor)


def on_day(rhythm: datetime, moves: bool, area: str) -> dict[str, Any]:
    """When a meeting is, and, where that is another day than its series says, what the series says."""
    starts_at = moved(rhythm, places.calendar(area)) if moves else rhythm
    return {"starts_at": starts_at, "moves": moves, "rhythm_at": rhythm if starts_at != rhythm else None}


def after_two_days(meeting: Meeting, moment: datetime) -> datetime:
    centre = places.unit_by_id(meeting.centre_id)
    return task_clock.after(moment, task_clock.ANSWER, places.calendar(centre.area if centre else ""))


def moment(text: str, area: str) -> datetime:
    try:
        found = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(places.zone(area)))
    except ValueError as error:
        raise NotGiven({"starts": _("Give day and time.")}) from error
    if not clock.now() - BACK < found < clock.now() + AHEAD:
        raise NotGiven({"starts": _("The day lies between a week ago and a year ahead.")})
    return found


def chair_of(actor: Actor, text: str) -> Posting:
    found = next((one for one in queries.chairs(actor) if str(one.pk) == text), None)
    if found is None:
        raise NotGiven({"chair": _("Choose a leader of your centre.")})
    return found


def invited(actor: Actor, codes_given: Sequence[str]) -> list[int]:
    """The invited units; the own centre is there anyway."""
    if not codes_given:
        return []
    units = units_among(codes_given, queries.invitable(actor))
    return [unit.pk for unit in units if unit.pk != actor.unit_id]


def lines_of(text: str) -> list[str]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_LINES:
        raise NotGiven({"agenda": _("At most %(most)s lines.") % {"most": MOST_LINES}})
    return [words_of(line, "agenda", 200) for line in lines]


def matters_of(actor: Actor, text: str) -> list[Event]:
    """The matters of these numbers, as far as the actor sees them."""
    found: dict[int, Event] = {}
    for number in text.replace(",", " ").split():
        try:
            event = queries.matter(actor, codes.tidy_number(number) or number)
        except Event.DoesNotExist as error:
            raise NotGiven({"numbers": _("%(number)s is no matter that you see.") % {"number": number}}) from error
        found[event.pk] = event
    if len(found) > MOST_MATTERS:
        raise NotGiven({"numbers": _("At most %(most)s matters.") % {"most": MOST_MATTERS}})
    return list(found.values())


def not_about(matters: Sequence[Event], unit_ids: Sequence[int]) -> None:
    """Who is complained about does not sit at the table."""
    barred = {unit for event in matters for unit in event.about_unit_ids}
    if named := [unit.name for unit in map(places.unit_by_id, unit_ids) if unit and unit.pk in barred]:
        raise NotGiven({"unit": _("A matter is about %(unit)s itself: do not invite it.") % {"unit": named[0]}})


def owner_of(actor: Actor, meeting: Meeting, event: Event | None, text: str) -> tuple[Unit, int | None]:
    """`unit:CODE` or `person:ID`: a unit at the table, or somebody of the own centre."""
    kind, _colon, name = text.partition(":")
    units = queries.owners(meeting, event)
    if kind == "unit":
        return units_among([name], units, "owner")[0], None
    own = next((unit for unit in units if unit.pk == actor.unit_id), None)
    person = next((one for one in queries.colleagues(actor) if str(one.pk) == name), None)
    if kind != "person" or own is None or person is None:
        raise NotGiven({"owner": _("Choose who does it from the list.")})
    return own, person.pk
