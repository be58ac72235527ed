"""Two events, one matter: one speaks for both from then on, and until the result is told they can be taken apart.

The one that is further advanced keeps state, clocks and owner; of two equal ones the older. The other ends by a
relation (`joined_into`), not by a state, so that its own steps still say where it stood.
"""

from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from onegrid.events.actions import joint, life
from onegrid.events.actions.given import NotGiven, checked
from onegrid.events.actions.sealing import protect
from onegrid.events.models import Alarm, Assignment, Attachment, Event, Report, Step
from onegrid.events.workflow import EVENT
from onegrid.kit import clock, codes
from onegrid.kit.workflow import NotAllowed, Refusal, allowed
from onegrid.kit.workflow import Step as Row
from onegrid.org.roles import Actor

Given = dict[str, Any]
PROGRESS = {
    "waiting_reporter": 0, "reported": 0, "accepted": 1, "assigned": 2, "suspended": 3, "handling": 3, "checking": 4,
}  # fmt: skip


@transaction.atomic
def merge(*, actor: Actor, number: str, version: int | None = None, given: Given | None = None) -> Event:
    """Make one matter of this event and `into`; returns this one, whichever of the two speaks on.

    1. Both rows are locked in the order of their ids: two merges in opposite directions wait for each other.
    2. Whoever comes second finds an event that has joined already and is refused; nothing is lost.
    """
    named = codes.tidy_number(str((given or {}).get("into", "")))
    lock_in_order(Q(number__in=(number, named)))
    event = life.lock(actor, number, version)
    allowed(EVENT.may("merge", event, actor))
    clean = checked(given or {}, ("into",), verb="merge")
    other = other_one(actor, event, clean["into"])
    kept, gone = sorted((event, other), key=lambda one: (-PROGRESS[one.state], one.reported_at, one.pk))
    fits(kept, gone)
    join_voices(kept, gone, actor, clean.get("words", ""))
    return event


@transaction.atomic
def split(*, actor: Actor, number: str, version: int | None = None, given: Given | None = None) -> Event:
    """Take a joined event apart again: its voices, parts and clocks as its own steps say; later voices stay."""
    lock_in_order(Q(number=number) | Q(joined__number=number))
    gone = life.lock(actor, number, version)
    allowed(EVENT.may("split", gone, actor))
    clean = checked(given or {}, (), verb="split")
    kept = life.lock(Actor.system(), str(gone.joined_into))
    if kept.owner_id != gone.owner_id:
        raise NotAllowed(Refusal("unit", _("Another centre owns the event that speaks for both.")))
    if kept.joined_into_id is not None:
        raise NotAllowed(Refusal("guard", _("First take apart the event that speaks for both.")))
    part_voices(kept, gone, actor, clean.get("words", ""))
    return gone


def lock_in_order(which: Q) -> None:
    """Lock both before either is looked at; scope and rights are asked afterwards."""
    numbers = Event.objects.filter(which).values_list("pk", flat=True)
    list(Event.objects.filter(pk__in=list(numbers)).order_by("pk").select_for_update().values_list("pk"))


def other_one(actor: Actor, event: Event, number: str) -> Event:
    """The other event under its lock, if the actor may see it and merge it; each no is said at the field."""
    if number == event.number:
        raise NotGiven({"into": _("This is the same event.")})
    try:
        other = life.lock(actor, number)
    except Event.DoesNotExist as error:
        raise NotGiven({"into": _("There is no such event here.")}) from error
    answer = EVENT.may("merge", other, actor)
    if not isinstance(answer, Row):
        raise NotGiven({"into": str(answer.reason)})
    return other


def fits(kept: Event, gone: Event) -> None:
    """Neither a seal nor the protection of a complaint about an office is lost in a merge."""
    if kept.restricted != gone.restricted:
        raise NotGiven({"into": _("Only one of the two is sealed; they stay apart.")})
    working = {kept.handler_id, gone.handler_id, *joint.units_of(kept), *joint.units_of(gone)}
    if working & {*kept.about_unit_ids, *gone.about_unit_ids}:
        raise NotGiven({"into": _("One is about an office that works on the other; they stay apart.")})


def join_voices(kept: Event, gone: Event, actor: Actor, words: str) -> None:
    """Move the voices, end what was open on the one that joins, and say so in both histories."""
    voices = list(gone.reports.values_list("number", flat=True))
    moved = Report.objects.filter(event=gone, number__in=voices)
    moved.update(event=kept, joined_from=gone, promised_by=Coalesce(F("promised_by"), gone.promised_by))
    Attachment.objects.filter(event=gone, report__number__in=voices).update(event=kept)
    gone.requests.filter(decided_at__isnull=True).update(decided_at=clock.now(), decision="lapsed")
    facts = {"into": kept.number, "voices": voices, "ended": end_assignments(gone), "parts_open": gone.parts_open,
             "alarms": move_alarms(kept, gone)}  # fmt: skip
    gone.joined_into, gone.parts_open = kept, 0
    about = sorted({*gone.about_unit_ids} - {*kept.about_unit_ids})
    kept.about_unit_ids = sorted({*kept.about_unit_ids, *about})
    kept.voices += len(voices)
    if gone.about_office or gone.about_unit_ids:
        protect(kept)
    write(kept, "merge", actor, words, {"from": gone.number, "about": about})
    write(gone, "merge", actor, words, facts)


def move_alarms(kept: Event, gone: Event) -> list[int]:
    """What sounds on goes on counting on the event that speaks for both; a cause that counts there already stays."""
    known = set(kept.alarms.values_list("client", "source", "cause"))
    moved = [one.pk for one in gone.alarms.all() if (one.client_id, one.source, one.cause) not in known]
    Alarm.objects.filter(pk__in=moved).update(event=kept)
    return moved


def end_assignments(gone: Event) -> list[list[Any]]:
    """End what is open and note how it stood: [id, state] each."""
    rows = Assignment.objects.filter(event=gone, open=True)
    stood = [list(row) for row in rows.values_list("pk", "state")]
    rows.update(state="ended", open=False, done_at=clock.now(), remind_at=None)
    return stood


def part_voices(kept: Event, gone: Event, actor: Actor, words: str) -> None:
    """Both as their steps say, except for what came later."""
    merged = Step.objects.filter(event=gone, verb="merge").order_by("-n")[0].facts
    own = Report.objects.filter(event=kept, number__in=merged["voices"])
    Attachment.objects.filter(event=kept, report__number__in=merged["voices"]).update(event=gone)
    moved = own.update(event=gone, joined_from=None, promised_by=None)
    kept.voices -= moved
    since = Step.objects.filter(event=kept, verb="merge", facts__from=gone.number).order_by("-n")[0].facts
    kept.about_unit_ids = [one for one in kept.about_unit_ids if one not in since["about"]]
    Alarm.objects.filter(pk__in=merged["alarms"], event=kept).update(event=gone)
    for pk, state in merged["ended"]:
        Assignment.objects.filter(pk=pk).update(state=state, open=True, done_at=None)
    gone.joined_into, gone.parts_open, gone.voices = None, merged["parts_open"], moved
    write(kept, "split", actor, words, {"from": gone.number})
    write(gone, "split", actor, words, {"into": kept.number, "voices": merged["voices"]})


def write(event: Event, verb: str, actor: Actor, words: str, facts: Given) -> None:
    """The step in this event's own history; its state and clocks are its own."""
    life.settle(event)
    taken = life.remember(event, verb, event.state, actor, words, facts, life.moves(event))
    life.follow(event, taken)
