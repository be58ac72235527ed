"""What is asked before it is done: objection, extension, suspension, the end of a grave matter, void.

Granted, the step is taken at once.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from onegrid.events.actions import joint, life
from onegrid.events.actions.given import NotGiven, checked
from onegrid.events.models import Event, Request
from onegrid.events.rules import deadlines
from onegrid.events.workflow import BY_LEADERS, EVENT
from onegrid.kit import clock, later
from onegrid.kit.workflow import NotAllowed, Refusal, allowed
from onegrid.kit.working_time import Limit, due
from onegrid.org import queries as org
from onegrid.org.roles import LEADER, Actor

# Granted, the reporter reads the words of whoever asked, unless who decides says it in their own.
SAID_ON = frozenset({"extend", "suspend", "pass_check", "void"})
OBJECTION = Limit("clock", 1, "working_days")
# Kinds whose grant brings another unit to the matter.
JOINING = ("transfer", "whistle")
ASKED_FIRST = gettext_lazy("This is asked for first and then decided.")
WAITS = gettext_lazy("This has been asked for and waits for a decision.")


@transaction.atomic
def ask_for(
    *, actor: Actor, number: str, kind: str, version: int | None = None, given: dict[str, Any] | None = None
) -> Request:
    """Ask for a step; the state stays, the clock runs, the asking unit stays accountable."""
    event = life.lock(actor, number, version)
    row = allowed(EVENT.may_ask(kind, event, actor))
    if event.requests.filter(kind=kind, decided_at__isnull=True).exists():
        raise NotAllowed(Refusal("guard", WAITS))
    clean = checked(given or {}, row.needs, verb=kind)
    if kind == "object":
        in_time_to_object(event)
        event.objections += 1
    if kind == "extend":
        within_the_limit(event, clean["days"])
    if kind in JOINING and "unit" in clean:
        joint.may_take_part(event, clean["unit"])
    return write(event, kind, actor, clean)


def write(event: Event, kind: str, actor: Actor, clean: dict[str, Any]) -> Request:
    """The row of what was asked, and its step; the state stays."""
    assert actor.unit_id is not None
    asked = Request(
        event=event, area=event.area, kind=kind, asked_by_id=actor.posting_id, unit_id=actor.unit_id,
        reason=clean.get("reason", ""), asked_at=clock.now(), due_at=decide_by(event),
        facts={name: clean[name] for name in ("days", "review_on", "unit") if name in clean},
    )  # fmt: skip
    asked.keep_words(restricted=event.restricted, words=clean.get("words", ""))
    asked.save(force_insert=True)
    note(event, actor, "request", asked, clean.get("words", ""))
    return asked


def in_time_to_object(event: Event) -> None:
    """Within one working day of the dispatch: who keeps a matter longer leads it (first-receiver duty)."""
    assert event.clock_from is not None
    until = due(event.clock_from, OBJECTION, org.calendar(event.area)).at
    if until is not None and clock.now() > until:
        raise NotAllowed(Refusal("guard", _("An objection is raised within one working day of the dispatch.")))


def within_the_limit(event: Event, days: int) -> None:
    """An extension adds at most as much again as the limit itself; limits in hours or minutes, one day."""
    limit = life.limits_of(event, "accept")["handle"]
    most = limit.amount if limit.unit in ("days", "working_days") else 1
    if days > most:
        raise NotGiven({"days": _("At most %(most)s more days: the limit itself.") % {"most": most}})


@transaction.atomic
def decide(
    *, actor: Actor, number: str, kind: str, grant: bool, version: int | None = None, words: str = "",
    given: dict[str, Any] | None = None,
) -> Event:  # fmt: skip
    """Grant or deny the open request of this kind; granted, its step is taken at once, with what the decision gives."""
    event = life.lock(actor, number, version)
    asked = open_request(event, kind)
    row = allowed(EVENT.may(kind, event, actor))
    chosen = checked(given or {}, (), verb=kind)
    settle(asked, actor, grant, words)
    if not grant:
        note(event, actor, "deny", asked, words)
        return event
    asked_words = asked.told()[0]
    told = words or (asked_words if kind in SAID_ON else "")
    said = {"reason": asked.reason, "task": asked_words, **asked.facts, **chosen} | ({"words": told} if told else {})
    return life.step(event, row, actor, said, request=asked.pk)


def open_request(event: Event, kind: str, unit_id: int | None = None) -> Request:
    """The request that waits for a decision, locked; of a part, that of its unit."""
    rows = event.requests.select_for_update().filter(kind=kind, decided_at__isnull=True)
    asked = (rows if unit_id is None else rows.filter(unit_id=unit_id)).first()
    if asked is None:
        raise NotAllowed(Refusal("state", _("Nothing is asked for here.")))
    return asked


def settle(asked: Request, actor: Actor, grant: bool, words: str) -> None:
    """Write the decision; a no is said with its reason."""
    may_decide(asked, actor)
    if not grant and not words:
        raise NotGiven({"words": _("Say why it is not granted.")})
    asked.decided_at, asked.decided_by_id = clock.now(), actor.posting_id
    asked.decision = "granted" if grant else "denied"
    asked.keep_words(restricted=asked.event.restricted, decision=words)
    asked.save()


def may_decide(asked: Request, actor: Actor) -> None:
    """Who asked does not decide; after its time the decision has climbed to the leader."""
    if asked.asked_by is not None and asked.asked_by.user_id == actor.user_id:
        raise NotAllowed(Refusal("guard", _("You asked for it; another person decides.")))
    if asked.climbed and LEADER not in actor.roles and asked.kind not in BY_LEADERS:
        raise NotAllowed(Refusal("guard", _("It was not decided in time and has gone to the leader.")))


def decide_by(event: Event) -> datetime:
    decided = deadlines.decision_due("decision", clock.now(), org.calendar(event.area)).at
    assert decided is not None
    return decided


def note(event: Event, actor: Actor, verb: str, asked: Request, words: str) -> None:
    facts = {"kind": asked.kind, "request": asked.pk, "reason": asked.reason, **asked.facts}
    taken = life.remember(event, verb, event.state, actor, words, facts, life.moves(event))
    life.follow(event, taken)


def climb(*, request_id: int) -> None:
    """Nobody decided in time: one level up, and again a working day; called by the sweep, once per deadline."""
    with transaction.atomic():
        asked = Request.objects.select_for_update().select_related("event").get(pk=request_id)
        if asked.decided_at is not None or asked.due_at > clock.now():
            return
        asked.climbed += 1
        asked.due_at = max(decide_by(asked.event), clock.now() + timedelta(hours=1))
        asked.save(update_fields=("climbed", "due_at"))
        later.react("events.request_climbed", event_id=asked.event_id, request_id=asked.pk, climbed=asked.climbed)
