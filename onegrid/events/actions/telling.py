"""Who is told what when something happened; each message has a name, so that a job done twice tells once."""

from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet

from onegrid.events.models import Assignment, Call, Event, Report, Request, Step
from onegrid.events.workflow import BY_LEADERS, EVENT
from onegrid.kit import clock
from onegrid.notices import actions as notices
from onegrid.org import queries as org
from onegrid.org.roles import CHECKER, DISPATCHER, HANDLER, LEADER, RECEIVER

URGENT_LEVEL = 2
# verb -> what the reporters are told
REPORTERS = {
    "accept": "accept", "ask": "ask", "refuse": "refuse", "extend": "extend", "suspend": "suspend", "resume": "resume",
    "take_over": "take_over",
    "pass_check": "pass_check", "close": "close", "rate": "close", "reopen": "reopen", "void": "void", "tell": "tell",
    "finish_on_the_spot": "done_at_once",
}  # fmt: skip
# verb -> what staff are told, in which role, in which unit of the event
STAFF = {
    "dispatch": ("to_claim", HANDLER, "handler_id"),
    "redo": ("redo", HANDLER, "handler_id"),
    "transfer": ("to_claim", HANDLER, "handler_id"),
    "escalate": ("escalated", DISPATCHER, "owner_id"),
    "resolve_part": ("part_done", HANDLER, "handler_id"),
    "reopen": ("reopened", HANDLER, "handler_id"),
    "deny": ("denied", HANDLER, "handler_id"),
    "request": ("to_decide", DISPATCHER, "owner_id"),
    "object": ("returned", DISPATCHER, "owner_id"),
    "resolve": ("to_check", CHECKER, "owner_id"),
    "review": ("reviewed", RECEIVER, "owner_id"),
    "answer": ("answered", RECEIVER, "owner_id"),
}
# merge and split, told by the event that moved -> what its voices are told
JOINING = {("merge", True): "merge", ("split", True): "part"}
# verb of a part -> what the assisting unit is told
PARTS = {"redo_part": "part_redo", "excuse": "part_ended", "release_part": "part_ended"}
# States in which a unit has the matter.
HANDLED = ("assigned", "handling", "suspended")
# Who of the owning centre is next in a state; in all others its dispatchers are.
AT_CENTRE = {"reported": RECEIVER, "waiting_reporter": RECEIVER, "checking": CHECKER}
REMINDERS = {
    "handling": HANDLER, "assigned": HANDLER, "suspended": HANDLER, "checking": CHECKER, "accepted": DISPATCHER,
    "reported": RECEIVER,
}  # fmt: skip


def tell_people(*, event_id: int, n: int) -> int:
    """Messages of one step, unless it was taken back meanwhile. Returns how many were new."""
    event = Event.objects.get(pk=event_id)
    step = Step.objects.get(event=event, n=n)
    if Step.objects.filter(event=event, verb="undo", facts__undoes=n).exists():
        return 0
    told = tell_reporters(event, step) + tell_staff(event, step)
    if step.verb == "report" and event.level <= URGENT_LEVEL:
        told += tell_role(event, RECEIVER, event.owner_id, "urgent", f"step:{n}", urgent=True)
    return told


def tell_reporters(event: Event, step: Step) -> int:
    kind = REPORTERS.get(step.verb) or JOINING.get((step.verb, "into" in step.facts))
    # A spot check changes nothing for whoever reported it.
    if kind is None or (step.verb == "pass_check" and step.from_state == step.to_state):
        return 0
    return sum(
        tell_voice(event, step, voice, kind, channel, address)
        for voice in voices_of(event, step).filter(reachable=True).select_related("contact")
        for channel, address in ways_of(voice).items()
    )


def voices_of(event: Event, step: Step) -> QuerySet[Report]:
    """Everybody who reported it; of a merge and its undoing, those whose event moved."""
    if step.verb in ("merge", "split"):
        return Report.objects.filter(number__in=step.facts["voices"])
    return Report.objects.filter(event=event)


def ways_of(voice: Report) -> dict[str, str]:
    """Way -> address: the receipt page always, and the one way of its own that whoever left a contact can be told by.

    By text message who left a phone, else by mail; the house opens the contact for this and shows it to nobody.
    """
    contact = getattr(voice, "contact", None)
    if contact is None or contact.erased_at is not None:
        return {"in_app": ""}
    given, open_ways = contact.plain(), settings.NOTICES_CHANNELS
    own = {"sms": given.get("phone", ""), "mail": given.get("email", "")}
    told = next(((way, own[way]) for way in ("sms", "mail") if own[way] and way in open_ways), None)
    return {"in_app": "", **(dict([told]) if told else {}), **({"console": ""} if "console" in open_ways else {})}


def tell_voice(event: Event, step: Step, voice: Report, kind: str, channel: str, address: str) -> bool:
    return notices.send(
        kind=kind, dedupe=f"event:{event.pk}:{step.n}:report:{voice.pk}:{channel}", number=voice.number,
        args={"promised": spoken(step.promised_by)}, language=voice.language, to_report=voice.pk, channel=channel,
        address=address, unit=event.owner_id,
    )  # fmt: skip


def tell_staff(event: Event, step: Step) -> int:
    if step.verb == "place":
        return tell_of_place(event, step)
    told = tell_parts(event, step)
    if step.facts.get("kind") in BY_LEADERS:
        return told + tell_of_leaders_request(event, step)
    if step.verb not in STAFF:
        return told
    kind, role, column = STAFF[step.verb]
    if step.from_state == "closed" and step.to_state == "accepted":
        # No unit has it: whoever dispatches is next.
        role, column = DISPATCHER, "owner_id"
    return told + tell_role(event, role, getattr(event, column), kind, f"step:{step.n}")


def tell_of_place(event: Event, step: Step) -> int:
    """Every unit that works on it, for it is on the way to another place now; and the centre that it was handed to."""
    name = f"step:{step.n}"
    working = {event.handler_id} if event.state in HANDLED else set()
    working |= set(event.assignments.filter(role="assist", open=True).values_list("unit_id", flat=True))
    told = sum(tell_role(event, HANDLER, unit, "placed", name) for unit in sorted(filter(None, working)))
    if "owner" in step.facts:
        told += tell_role(event, AT_CENTRE.get(event.state, DISPATCHER), event.owner_id, "handed_over", name)
    return told


def tell_of_leaders_request(event: Event, step: Step) -> int:
    """What only leaders decide: they are told that it was asked for, and whoever may ask for it when it was denied."""
    kind, name = step.facts["kind"], f"step:{step.n}"
    if step.verb == "request":
        return tell_deciders(event, kind, "to_decide", name)
    rows = [row for row in EVENT.rows(kind) if row.asked_by]
    asking = [(role, unit) for row in rows for by in row.asked_by for unit in by.units(event) for role in by.roles]
    return sum(tell_role(event, role, unit, "denied", name) for role, unit in asking)


def tell_deciders(event: Event, asked: str, kind: str, name: str) -> int:
    return sum(tell_role(event, role, unit, kind, name) for role, unit in EVENT.deciders(asked, event))


def tell_parts(event: Event, step: Step) -> int:
    """The units that are asked to assist, and one whose part was sent back or ended."""
    name = f"step:{step.n}"
    told = sum(tell_role(event, HANDLER, unit, "part_to_claim", name) for unit in step.facts.get("assisting", ()))
    kind = PARTS.get(step.verb)
    return told + (tell_role(event, HANDLER, step.facts["part"], kind, name) if kind else 0)


def tell_of_part(*, assignment_id: int, at: str, kind: str) -> int:
    """A reminder of a part, to the unit and, when its time is over, to the centre that asked for it."""
    part = Assignment.objects.select_related("event").get(pk=assignment_id)
    if not part.open or part.event.closed_at is not None:
        return 0
    name = f"part:{part.pk}:{at}"
    told = tell_role(part.event, HANDLER, part.unit_id, f"part_{kind}", name)
    if kind in ("expired", "day_after"):
        told += tell_role(part.event, DISPATCHER, part.event.owner_id, f"part_{kind}", name)
    return told


def tell_role(
    event: Event, role: str, unit_id: int | None, kind: str, name: str, *, urgent: bool = False
) -> int:  # fmt: skip
    """Everybody who holds this role in the unit."""
    if unit_id is None:
        return 0
    return sum(
        notices.send(
            kind=kind, dedupe=f"event:{event.pk}:{name}:{kind}:posting:{posting.pk}", number=event.number,
            args={"due": spoken(event.due_at), "level": event.level}, language=posting.user.language,
            to_posting=posting.pk, urgent=urgent, unit=event.owner_id,
        )
        for posting in org.postings_with(role, unit_id)
    )  # fmt: skip


def tell_of_reminder(*, event_id: int, at: str, kind: str) -> int:
    """One reminder to whoever must act; an event that went on meanwhile needs none."""
    event = Event.objects.get(pk=event_id)
    role = REMINDERS.get(event.state)
    if role is None or event.closed_at is not None:
        return 0
    if event.waits_for_approval:
        told = tell_deciders(event, "pass_check", f"remind_{kind}", f"remind:{at}")
    else:
        told = tell_role(event, role, event.holder_id, f"remind_{kind}", f"remind:{at}")
    if kind == "day_after":
        told += tell_role(event, LEADER, event.owner_id, f"remind_{kind}", f"remind:{at}:leader")
    return told


def tell_of_climb(*, event_id: int, request_id: int, climbed: int) -> int:
    event = Event.objects.get(pk=event_id)
    asked = Request.objects.get(pk=request_id)
    if asked.decided_at is not None:
        return 0
    name = f"request:{request_id}:{climbed}"
    if asked.kind in BY_LEADERS:
        return tell_deciders(event, asked.kind, "climbed", name)
    return tell_role(event, LEADER, event.owner_id, "climbed", name)


def tell_of_call(*, call_id: int, again: bool) -> int:
    """Whoever is called, at once; and the centre, when nobody is on call or the list begins again."""
    call = Call.objects.select_related("alert__event", "posting__user").get(pk=call_id)
    alert, event = call.alert, call.alert.event
    if alert.ended_at is not None:
        return 0
    told = 0
    if call.posting is not None:
        told += notices.send(
            kind="alert", dedupe=f"call:{call.pk}", number=event.number, args={"level": alert.level},
            language=call.posting.user.language, to_posting=call.posting.pk, urgent=True, unit=alert.centre_id,
        )  # fmt: skip
    if again or call.posting is None:
        kind = "unheard" if call.posting else "nobody_on_call"
        for role in (RECEIVER, DISPATCHER):
            told += tell_role(event, role, alert.centre_id, kind, f"call:{call.pk}", urgent=True)
    return told


def tell_of_question(*, event_id: int, n: int) -> int:
    """A unit without an account asks the centre something: whoever dispatches there answers it."""
    event = Event.objects.get(pk=event_id)
    return tell_role(event, DISPATCHER, event.owner_id, "question", f"step:{n}")


def spoken(moment: datetime | None) -> str:
    """A moment as a message says it: 11-30 17:30, in the county's zone."""
    return clock.local(moment).strftime("%m-%d %H:%M") if moment else ""
