"""One event for one reader: its history, its voices as masks, and every verb with its reason."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from django.db.models import Exists, F, Model, OuterRef, QuerySet
from django.utils.translation import gettext as _

from onegrid.events.models import (
    Alarm,
    Alert,
    Assignment,
    Attachment,
    Event,
    Link,
    Report,
    Request,
    Step,
    Suggestion,
    Unsealing,
)
from onegrid.events.queries.reference import centres_above
from onegrid.events.rules.protection import DECIDERS, KNOWING
from onegrid.events.workflow import EVENT, HAND_LABELS, PART, VERB_LABELS
from onegrid.kit import clock
from onegrid.kit.ready import Ready
from onegrid.kit.reference import reference
from onegrid.kit.workflow import Step as Row
from onegrid.org import queries as org
from onegrid.org.roles import Actor
from onegrid.org.scope import visible_to

Row_ = TypeVar("Row_", bound=Model)
# Buttons in the order in which a life goes; `tell` and `note` have their own box.
ORDER = (
    "accept", "ask", "refuse", "finish_on_the_spot",
    "dispatch", "claim", "take_over", "resolve", "object", "transfer", "assist", "whistle",
    "extend", "suspend", "resume", "pass_check", "redo", "reopen", "archive", "place", "merge", "split",
    "escalate", "void",
)  # fmt: skip
MOST_WAITING = 50
# The way of a voice whose way is not told.
PROTECTED = "protected"
REPORTERS = frozenset({"withdraw", "answer", "review", "rate", "close"})


@dataclass(frozen=True)
class Verb:
    """A verb as a reader sees it: may, ask for it, decide it; or why not."""

    verb: str
    label: str
    may: bool
    asks: bool = False
    decides: bool = False
    why: str = ""
    request: Request | None = None
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hand:
    """One unit's share in the event: leading or assisting; of a part, what this reader may do with it."""

    assignment: Assignment
    unit: str
    code: str
    task: str
    result: str
    label: str
    verbs: list[Verb] = field(default_factory=list)


@dataclass
class Detail:
    event: Event
    steps: list[Step]
    voices: list[Report]
    requests: list[Request]
    suggestions: list[Suggestion]
    photos: list[Attachment]
    hands: list[Hand] = field(default_factory=list)
    joined: list[Event] = field(default_factory=list)
    alarms: list[Alarm] = field(default_factory=list)
    verbs: list[Verb] = field(default_factory=list)


def seen_by(actor: Actor, rows: QuerySet[Event]) -> QuerySet[Event]:
    """The events that exist for this actor: by scope, by receipt the one reported, by link the one sent."""
    if actor.report_id is not None:
        return rows.filter(reports__pk=actor.report_id)
    if actor.link_id is not None:
        # Whatever else ended the link: a matter that left the unit or was sealed is not there any more.
        open_link = {"links__pk": actor.link_id, "links__ended_at__isnull": True, "links__unit_id": F("handler_id")}
        return rows.filter(restricted=False, **open_link)
    return visible_to(actor, rows)


def detail(actor: Actor, number: str) -> Detail:
    """Everything of one event that a page or the API shows; raises Event.DoesNotExist outside the scope."""
    event = the_one(actor).first(number)
    if event is None:
        raise Event.DoesNotExist
    # Most events have neither: asked along with the event, two statements are saved.
    requests = hanging_on(event, REQUESTS) if event.has_requests else []  # type: ignore[attr-defined]
    photos = hanging_on(event, PHOTOS) if event.has_photos else []  # type: ignore[attr-defined]
    found = Detail(
        event=with_units(event, "owner", "handler", "holder"),
        steps=[with_units(step, "unit") for step in hanging_on(event, STEPS)],
        voices=veiled(actor, event, hanging_on(event, VOICES)),
        requests=requests,
        suggestions=hanging_on(event, SUGGESTIONS),
        photos=photos,
        alarms=hanging_on(event, ALARMS) if event.has_alarms else [],  # type: ignore[attr-defined]
    )
    found.verbs = verbs_for(actor, event, requests)
    found.hands = hands(actor, event, requests) if event.has_hands else []  # type: ignore[attr-defined]
    found.joined = joined_here(actor, event) if event.has_joined else []  # type: ignore[attr-defined]
    return found


# Composed once: what an actor sees decides about the shape of the first, the rest is the same for everybody.
@reference(seconds=600)
def the_one(actor: Actor) -> Ready[Event]:
    hanging = {"event": OuterRef("pk")}
    rows = seen_by(actor, Event.objects.select_related("joined_into")).annotate(
        has_requests=Exists(Request.objects.filter(**hanging)),
        has_photos=Exists(Attachment.objects.filter(**hanging)),
        has_hands=Exists(Assignment.objects.filter(role="assist", **hanging)),
        has_joined=Exists(Event.objects.filter(joined_into=OuterRef("pk"))),
        has_links=Exists(Link.objects.filter(**hanging)),
        has_alerts=Exists(Alert.objects.filter(**hanging)),
        has_alarms=Exists(Alarm.objects.filter(**hanging)),
    )
    return Ready(lambda number: rows.filter(number=number), str)


# Of a step the reporter took, or a person of the staff for them, a restricted view tells no name.
OF_REPORTERS = frozenset({"report", "join", "answer", "review", "rate", "reopen", "withdraw", "finish_on_the_spot"})
STEPS = Ready(lambda pk: Step.objects.filter(event=pk).select_related("actor__user").order_by("n"), int)
VOICES = Ready(lambda pk: Report.objects.filter(event=pk).select_related("contact").order_by("id"), int)
REQUESTS = Ready(
    lambda pk: Request.objects.filter(event=pk).select_related("asked_by__user", "unit").order_by("-id"), int
)
SUGGESTIONS = Ready(lambda pk: Suggestion.objects.filter(event=pk).order_by("rank"), int)
HANDS = Ready(lambda pk: Assignment.objects.filter(event=pk).exclude(state="undone").order_by("id"), int)
ALARMS = Ready(lambda pk: Alarm.objects.filter(event=pk).order_by("id"), int)
PHOTOS = Ready(lambda pk: Attachment.objects.filter(event=pk).order_by("id"), int)


def hanging_on(event: Event, rows: Ready[Row_]) -> list[Row_]:
    """The rows of one table that belong to the event, each knowing it."""
    found = rows(event.pk)
    for row in found:
        row.event = event  # type: ignore[attr-defined]
    return found


def veiled(actor: Actor, event: Event, voices: list[Report]) -> list[Report]:
    """A protected voice keeps its words; by which way, when, where and whether it left a contact only its centre sees.

    The rows are changed in memory, below every door: page, API, paper and print show what they are given.
    """
    if knows(actor, event):
        return voices
    for one in voices:
        if one.protected:
            one.channel, one.at, one.note = PROTECTED, event.reported_at, ""
            one.address, one.lon, one.lat, one.language = "", None, None, ""
            one.reporter_id, one.client_id, one.reachable = None, "", True
            one._state.fields_cache["contact"] = None
    return voices


def knows(actor: Actor, event: Event) -> bool:
    """Whether this reader belongs to the centre that holds the event and keeps what its reporters entrusted to it."""
    return actor.unit_id is not None and actor.unit_id == event.owner_id and actor.has(*KNOWING)


def unsealings(actor: Actor, event: Event) -> dict[int, list[Unsealing]]:
    """What was asked and decided about each protected voice, newest first; for the centre that holds the event."""
    if not knows(actor, event):
        return {}
    rows = Unsealing.objects.filter(report__event=event).select_related("asked_by__user", "decided_by__user")
    found: dict[int, list[Unsealing]] = {}
    for row in rows.order_by("-id"):
        found.setdefault(row.report_id, []).append(row)
    return found


def waiting_unsealings(actor: Actor) -> list[Unsealing]:
    """Seals that this reader may decide on as the second person, oldest first."""
    if not actor.has(*DECIDERS) or actor.unit_id is None:
        return []
    rows = Unsealing.objects.filter(decided_at__isnull=True, report__event__owner=actor.unit_id)
    return list(
        rows.exclude(asked_by__user=actor.user_id).select_related("report__event").order_by("id")[:MOST_WAITING]
    )


def with_units(row: Row_, *names: str) -> Row_:
    """Its units from reference data: joining their table costs more than the rows."""
    for name in names:
        unit = org.unit_by_id(getattr(row, f"{name}_id"))
        if unit is not None:
            setattr(row, name, unit)
    return row


def verbs_for(actor: Actor, event: Event, requests: list[Request]) -> list[Verb]:
    """Every verb of staff: those that may be taken now, and the rest with its reason; nothing is hidden."""
    open_requests = {request.kind: request for request in requests if request.decided_at is None}
    return [one_verb(actor, event, verb, open_requests.get(verb)) for verb in (*ORDER, "tell", "note")]


def hands(actor: Actor, event: Event, requests: list[Request]) -> list[Hand]:
    """Who leads and who assists, in the order in which they were asked."""
    return [hand(actor, one, requests) for one in hanging_on(event, HANDS)]


def hand(actor: Actor, one: Assignment, requests: list[Request]) -> Hand:
    unit, said, assists = org.unit_by_id(one.unit_id), one.told(), one.role == "assist"
    asked = [row for row in requests if row.decided_at is None and row.kind == "excuse" and row.unit_id == one.unit_id]
    return Hand(
        assignment=one, unit=unit.name if unit else "", code=unit.code if unit else "", task=said["task"],
        result=said["result"], label=str(HAND_LABELS[one.state]),
        verbs=[part_verb(actor, one, verb, asked) for verb in PART.verbs()] if assists and one.state != "ended" else [],
    )  # fmt: skip


def part_verb(actor: Actor, part: Assignment, verb: str, asked: list[Request]) -> Verb:
    label, row = str(VERB_LABELS[verb]), PART.rows(verb)[0]
    request = asked[0] if asked and row.asked_by else None
    answer = PART.may_ask(verb, part, actor) if row.asked_by and request is None else PART.may(verb, part, actor)
    return Verb(
        verb, label, bool(answer), asks=bool(row.asked_by) and request is None, decides=request is not None,
        why=why(answer), request=request, needs=row.needs,
    )  # fmt: skip


def joined_here(actor: Actor, event: Event) -> list[Event]:
    """Events for which this one speaks, as far as the reader may see them."""
    return list(visible_to(actor, Event.objects.filter(joined_into=event)).order_by("id"))


def one_verb(actor: Actor, event: Event, verb: str, asked: Request | None) -> Verb:
    label, needs = str(VERB_LABELS[verb]), EVENT.rows(verb)[0].needs
    if asked is None and EVENT.asks(verb, event):
        answer = EVENT.may_ask(verb, event, actor)
        return Verb(verb, label, bool(answer), asks=True, why=why(answer), needs=needs)
    answer = EVENT.may(verb, event, actor)
    if verb == "escalate" and answer and not centres_above(event):
        return Verb(verb, label, False, why=_("There is no centre above this one."), needs=needs)
    return Verb(verb, label, bool(answer), decides=asked is not None, why=why(answer), request=asked, needs=needs)


def why(answer: object) -> str:
    return "" if isinstance(answer, Row) else str(getattr(answer, "reason", ""))


def difference(event: Event, read_version: int) -> list[Step]:
    """The steps since a reader's version: version 1 is the report, and each step adds one."""
    return list(event.steps.filter(n__gt=read_version).select_related("actor__user", "unit").order_by("n"))


def photo(actor: Actor, number: str, sha256: str) -> Attachment:
    """One photo of an event that the actor may see; raises Event.DoesNotExist or Attachment.DoesNotExist."""
    event = the_one(actor).first(number)
    if event is None:
        raise Event.DoesNotExist
    found = Attachment.objects.filter(event=event, sha256=sha256).order_by("id").first()
    if found is None:
        raise Attachment.DoesNotExist
    return found


RECEIPT_SHOWN = timedelta(hours=1)


def own_voice(actor: Actor, number: str) -> Report:
    """A voice that this actor took in a moment ago; raises Report.DoesNotExist for anybody else's and any older one."""
    rows = Report.objects.filter(reporter_id=actor.posting_id, reporter__isnull=False)
    return rows.select_related("event").get(number=number, at__gt=clock.now() - RECEIPT_SHOWN)


def sees(actor: Actor, event: Event) -> bool:
    return seen_by(actor, Event.objects.filter(pk=event.pk)).exists()
