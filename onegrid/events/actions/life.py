"""The one way in which an event changes: lock, ask the table, do the effect, write the step, wake what follows.

`take` and `undo` are the only writers of `state`; steps are append-only, so an undo is a step of its own.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from onegrid.events import queries
from onegrid.events.actions import joint
from onegrid.events.actions import photos as photo_actions
from onegrid.events.actions.effects import EFFECTS
from onegrid.events.actions.given import checked
from onegrid.events.actions.sealing import reseal
from onegrid.events.models import Assignment, Event, Step
from onegrid.events.rules import deadlines
from onegrid.events.workflow import ASKED, EVENT, FINAL, SENIOR_LEVEL
from onegrid.kit import clock, later
from onegrid.kit.images import Picture
from onegrid.kit.ready import Ready
from onegrid.kit.reference import reference
from onegrid.kit.transactions import joined
from onegrid.kit.workflow import NotAllowed, Refusal, allowed
from onegrid.kit.workflow import Step as Row
from onegrid.kit.working_time import Limit
from onegrid.org import queries as org
from onegrid.org.roles import SYSTEM, Actor

UNDO_SECONDS = 10
# Verbs after which a matter of level 1 or 2 calls for a leader of its centre; a step that hands it over does too.
CALLING = ("report", "accept", "escalate")
# The columns that a step may change; an undo puts them back.
KEPT = (
    "state", "category", "category_decided", "level", "restricted", "handler_id", "unit_ids", "title", "asks",
    "reviews", "objections", "extensions", "reworks", "reopened", "reason", "result", "solved", "satisfied",
    "refused_by_id", "resolved_by_id", "passed_by_id", "passes_through", "parts_open", "spot", "sampled",
)  # fmt: skip
# Verbs whose words the reporter reads on the track page.
PUBLIC = frozenset({"report", "accept", "ask", "answer", "refuse", "review", "dispatch", "claim", "extend", "suspend",
                    "resume", "resolve", "pass_check", "redo", "rate", "close", "reopen", "void", "withdraw", "tell",
                    "object", "join", "transfer", "escalate", "take_over", "merge", "split",
                    "finish_on_the_spot", "place"})  # fmt: skip

# Steps after which a unit without an account has no more to do here, and how its link ended.
ENDS_LINKS = {"resolve": "result", "object": "left", "transfer": "left", "take_over": "left", "void": "left"}


class Stale(Exception):
    """The event changed since it was read; carries the row as it is now. Doors answer 409 with a difference."""

    def __init__(self, event: Event, read_version: int) -> None:
        super().__init__(_("Somebody was faster: the event has changed since you read it."))
        self.event, self.read_version = event, read_version


@joined()
def take(
    *,
    actor: Actor,
    number: str,
    verb: str,
    version: int | None = None,
    given: dict[str, Any] | None = None,
    photos: Iterable[Picture] = (),
    weighed: dict[str, Any] | None = None,
) -> Event:
    """Take one step of the table; raises Event.DoesNotExist, Stale, NotAllowed or NotGiven: then nothing happened."""
    event = lock(actor, number, version)
    row = allowed(EVENT.may(verb, event, actor))
    if row.asked_by:
        raise NotAllowed(Refusal("state", _("This is asked for first and then decided.")))
    # No savepoint: every refusal comes before the first write (effects refuse first), also that of a bad picture.
    facts = {"weighed": weighed} if weighed else {}
    return step(event, row, actor, checked(given or {}, row.needs, verb=verb), list(photos), **facts)


def lock(actor: Actor, number: str, version: int | None = None) -> Event:
    """The event under a row lock, if the actor may see it; `version` guards against a stale save."""
    event = locking(actor).first(number)
    if event is None:
        raise Event.DoesNotExist
    if version is not None and version != event.version:
        raise Stale(event, version)
    event.as_read = event.columns()
    return event


@reference(seconds=600)
def locking(actor: Actor) -> Ready[Event]:
    rows = queries.seen_by(actor, Event.objects.select_for_update(of=("self",)))
    return Ready(lambda number: rows.filter(number=number), str)


def step(
    event: Event, row: Row, actor: Actor, given: dict[str, Any], photos: Iterable[Picture] = (), **facts: Any
) -> Event:
    """Take a row that is already allowed: effect, state, clocks, history, and what follows."""
    history = moves(event)
    before = {name: getattr(event, name) for name in KEPT}
    effect = EFFECTS.get(row.verb)
    facts |= effect(event, actor, given) if effect else {}
    facts |= {"before": before} if row.undoable else {}
    facts |= {name: given[name] for name in ("days", "review_on", "solved", "satisfied", "reason") if name in given}
    from_state, event.state = event.state, row.lands(event.state)
    settle(event)
    if row.verb in ENDS_LINKS:
        event.links.filter(ended_at__isnull=True).update(ended_at=clock.now(), ending=ENDS_LINKS[row.verb])
    if event.state != from_state:
        lapse_requests(event, history)
    taken = remember(event, row.verb, from_state, actor, given.get("words") or given.get("result", ""), facts, history)
    # What a reporter sends with an answer belongs to the voice, not to the result of the work.
    own = {"step_n": taken.n} if actor.report_id is None else {"report_id": actor.report_id}
    photo_actions.keep(event=event, pictures=photos, **own)
    follow(event, taken, delay=UNDO_SECONDS if row.undoable else 0)
    if row.verb == "pass_check" and event.is_open and not event.reachable_voices():
        return step(event, close_row(event), Actor.system(), {}, unreachable=True)
    return event


def begin(event: Event, actor: Actor) -> Step:
    """The first step of a life: reported. The event gets its row, its clock and its history at once."""
    event.version, event.reported_at = 0, clock.now()
    taken = remember(event, "report", "", actor, "", {"category": event.category}, [])
    follow(event, taken)
    return taken


def close_row(event: Event) -> Row:
    """Nobody can be reached: closed as 'not rated' at once, never after a silence that cannot be broken."""
    row = EVENT.may("close", event, Actor.system())
    assert isinstance(row, Row)
    return row


def settle(event: Event) -> None:
    """The columns that follow from the state: whose turn it is, and whether it has ended or another speaks for it."""
    ended = event.state in FINAL or event.joined_into_id is not None
    event.holder_id = None if ended else (
        event.handler_id if event.state in ("assigned", "handling", "suspended") else event.owner_id
    )  # fmt: skip
    if ended:
        event.closed_at = event.closed_at or clock.now()
    else:
        event.closed_at = None


def remember(
    event: Event, verb: str, from_state: str, actor: Actor, words: str, facts: dict[str, Any],
    history: list[deadlines.Move],
) -> Step:  # fmt: skip
    """Write the step and the clocks that follow from the whole history."""
    now = clock.now()
    n = history[-1].n + 1 if history else 1
    facts["limits"] = {name: limit.row() for name, limit in limits_of(event, verb).items()}
    history.append(deadlines.Move.of(n, verb, from_state, event.state, now, facts))
    whole = wind(event, history, now)
    if event.promised_by is not None:
        facts["promised_by"] = event.promised_by.isoformat()
    event.version += 1
    event.save_changes()
    if event.parts_open:
        joint.wind(event, whole)
    return write(event, n, verb, from_state, actor, words, facts, now)


def wind(event: Event, history: list[deadlines.Move], now: datetime) -> deadlines.Clocks:
    """Set the clock columns: a pure function of the history and the calendar."""
    clocks = deadlines.clocks(history, org.calendar(event.area))
    event.due_at, event.promised_by, event.about = clocks.due_at, clocks.promised_by, clocks.promise_about
    event.clock_from, event.remind_at = clocks.started_at, clocks.remind_at(now)
    return clocks


def write(
    event: Event,
    n: int,
    verb: str,
    from_state: str,
    actor: Actor,
    words: str,
    facts: dict[str, Any],
    now: datetime,
) -> Step:
    row = Step(
        event=event, area=event.area, n=n, verb=verb, from_state=from_state, to_state=event.state,
        actor_id=actor.posting_id, actor_kind=kind_of(actor), unit_id=actor.unit_id, at=now, due_at=event.due_at,
        promised_by=event.promised_by, public=verb in PUBLIC, facts=facts,
    )  # fmt: skip
    row.keep_words(words, restricted=event.restricted)
    row.save(force_insert=True)
    return row


def kind_of(actor: Actor) -> str:
    if actor.posting_id is not None:
        return "staff"
    if actor.link_id is not None:
        return "guest"
    return "house" if actor.has(SYSTEM) else "reporter"


# Which limits a step fixes for the clocks that it starts; later edits of a category change nothing.
FIXES = {
    "report": ("accept",),
    "review": ("accept",),
    "ask": ("answer",),
    "accept": ("dispatch", "claim", "handle", "check", "rating"),
    "object": ("dispatch",),
    "finish_on_the_spot": ("dispatch", "claim", "handle", "check", "rating"),
}


def limits_of(event: Event, verb: str) -> dict[str, Limit]:
    category = queries.categories().get(event.category)
    own: dict[str, Limit] = {}
    if category and category.accept_limit:
        own["accept"] = category.accept_limit
    if category and category.handle_limit:
        own["handle"] = category.handle_limit
    known = deadlines.default_limits(event.level, own)
    return {name: known[name] for name in FIXES.get(verb, ())}


def follow(event: Event, taken: Step, *, delay: int = 0) -> None:
    """Enqueue, in this transaction, what the house does when this happens (`onegrid/reactions.py`)."""
    later.react(f"events.{taken.verb}", delay_seconds=delay, event_id=event.pk, n=taken.n)
    calls = taken.verb in CALLING or "owner" in taken.facts
    if calls and event.level <= SENIOR_LEVEL:
        later.react("events.grave", delay_seconds=delay, event_id=event.pk, cause=taken.verb)


def moves(event: Event) -> list[deadlines.Move]:
    """The history of the event as plain values, first step first."""
    return [
        deadlines.Move.of(row.n, row.verb, row.from_state, row.to_state, row.at, row.facts) for row in PAST(event.pk)
    ]


PAST = Ready(
    lambda pk: Step.objects.filter(event=pk).only("n", "verb", "from_state", "to_state", "at", "facts").order_by("n"),
    int,
)


def lapse_requests(event: Event, history: list[deadlines.Move]) -> None:
    """What was asked in a state that is gone can no longer be decided; asking stands in the history."""
    if not any(move.verb == "request" for move in history):
        return
    gone = [kind for kind in ASKED if not any(event.state in row.sources for row in EVENT.rows(kind) if row.asked_by)]
    event.requests.filter(decided_at__isnull=True, kind__in=gone).update(decided_at=clock.now(), decision="lapsed")


@transaction.atomic
def undo(*, actor: Actor, number: str) -> Event:
    """Take back one's own last step within ten seconds: nothing has been told to anybody yet."""
    event = lock(actor, number)
    last = event.steps.order_by("-n").first()
    refusal = may_undo(last, actor)
    if refusal is not None:
        raise NotAllowed(refusal)
    assert last is not None
    put_back(event, last)
    from_state = last.to_state
    settle(event)
    taken = remember(event, "undo", from_state, actor, "", {"undoes": last.n}, moves(event))
    follow(event, taken)
    return event


def may_undo(last: Step | None, actor: Actor) -> Refusal | None:
    if last is None or "before" not in last.facts or last.actor_id != actor.posting_id or actor.posting_id is None:
        return Refusal("state", _("There is no step of yours to take back."))
    if clock.now() > last.at + timedelta(seconds=UNDO_SECONDS):
        return Refusal("state", _("Ten seconds are over; the step stands."))
    return None


def put_back(event: Event, last: Step) -> None:
    """Restore the columns, and the assignment that the step opened, signed or ended."""
    words, sealed = event.told(), event.restricted
    for name, value in last.facts["before"].items():
        setattr(event, name, value)
    if event.restricted != sealed:
        event.keep_words(words)
        reseal(event)
    if last.facts.get("parts"):
        Assignment.objects.filter(pk__in=last.facts["parts"]).update(state="undone", open=False, remind_at=None)
    assignment = Assignment.objects.filter(event=event, role="lead").order_by("-id").first()
    if assignment is not None and last.verb in UNDONE:
        for name, value in UNDONE[last.verb].items():
            setattr(assignment, name, value)
        assignment.save()


UNDONE: dict[str, dict[str, Any]] = {
    "dispatch": {"state": "undone", "open": False},
    "claim": {"state": "offered", "claimed_at": None},
    "resolve": {"state": "claimed", "done_at": None, "open": True},
    "redo": {"state": "done", "open": False},
}
