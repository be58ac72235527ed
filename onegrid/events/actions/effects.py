"""What a step changes beside the state, verb by verb; each returns the facts that its step row keeps."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from onegrid.events import queries
from onegrid.events.actions.given import NotGiven
from onegrid.events.actions.sealing import reseal
from onegrid.events.models import Assignment, Event
from onegrid.kit import clock
from onegrid.org.roles import Actor

Given = dict[str, Any]
Effect = Callable[[Event, Actor, Given], dict[str, Any]]
DEFAULT_LEVEL = 4


def accept(event: Event, actor: Actor, given: Given) -> dict[str, Any]:
    """Set the leaf, its level and whether it is restricted; a lower level than the leaf's needs a reason."""
    category = queries.categories()[given["category"]]
    level = given.get("level", category.level)
    if level > category.level and not given.get("words"):
        raise NotGiven({"words": _("Say why the level is lower than this category's.")})
    words, was_restricted = event.told(), event.restricted
    event.category, event.category_decided, event.level = category.code, True, level
    event.restricted = category.restricted
    event.title = "" if event.restricted else given.get("title", event.title)
    if event.restricted != was_restricted:
        event.keep_words(words)
        reseal(event)
    return {"category": category.code, "level": level}


def ask(event: Event, actor: Actor, given: Given) -> dict[str, Any]:
    event.asks += 1
    return {}


def refuse(event: Event, actor: Actor, given: Given) -> dict[str, Any]:
    event.reason, event.refused_by_id = given["reason"], actor.user_id
    return {}


def review(event: Event, actor: Actor, given: Given) -> dict[str, Any]:
    event.reviews += 1
    return {}


def dispatch(event: Event, actor: Actor, given: Given) -> dict[str, Any]:
    """Offer the matter to the lead unit; never to the office it is about."""
    unit_id = given["unit"]
    if unit_id in event.about_unit_ids:
        raise NotGiven({"unit": _("The matter is about this office or one of its contractors.")})
    hit = queries.routing(event)
    event.handler_id = unit_id
    event.unit_ids = sorted({*event.unit_ids, unit_id})
    Assignment.objects.create(
        event=event,
        area=event.area,
        unit_id=unit_id,
        assigned_at=clock.now(),
        because=hit.as_facts() if hit else {},
    )
    return {"unit": unit_id, "by_rule": bool(hit and hit.unit_id == unit_id)}


def claim(event: Event, actor: Actor, given: Given) -> dict[str, Any]:
    open_lead(event).update(state="claimed", claimed_at=clock.now())
    return {}


def object_(event: Event, actor: Actor, given: Given) -> dict[str, Any]:
    """Upheld: the centre is accountable at this instant."""
    open_lead(event).update(state="returned", open=False, done_at=clock.now())
    former, event.handler_id = event.handler_id, None
    if event.restricted:
        event.unit_ids = [unit_id for unit_id in event.unit_ids if unit_id != former]
    return {"unit": former}


def extend(event: Event, actor: Actor, given: Given) -> dict[str, Any]:
    event.extensions += 1
    return {"extension": ["clock", given["days"], "days"]}


def resolve(event: Event, actor: Actor, given: Given) -> dict[str, Any]:
    event.result, event.resolved_by_id = given["result"], actor.user_id
    open_lead(event).update(state="done", open=False, done_at=clock.now())
    return {}


def redo(event: Event, actor: Actor, given: Given) -> dict[str, Any]:
    event.reworks += 1
    reopen_lead(event)
    return {}


def rate(event: Event, actor: Actor, given: Given) -> dict[str, Any]:
    event.solved, event.satisfied = given["solved"], given.get("satisfied", "")
    return {}


def reopen(event: Event, actor: Actor, given: Given) -> dict[str, Any]:
    if actor.report_id is not None:
        event.reopened += 1
        event.solved = False
    event.extensions = 0
    reopen_lead(event)
    return {}


def archive(event: Event, actor: Actor, given: Given) -> dict[str, Any]:
    """The sum of the whole file as it lies now; `onegrid archive --check` finds whatever is changed afterwards."""
    last = event.steps.order_by("-n").values_list("n", flat=True).first()
    return {"through": last, "sha256": queries.sum_of(queries.filed(event, through=last))}


def void(event: Event, actor: Actor, given: Given) -> dict[str, Any]:
    event.reason = given["reason"]
    open_lead(event).update(state="ended", open=False, done_at=clock.now())
    return {}


def withdraw(event: Event, actor: Actor, given: Given) -> dict[str, Any]:
    event.reason = "withdrawn"
    return {}


def open_lead(event: Event) -> Any:
    return Assignment.objects.filter(event=event, role="lead", open=True)


def reopen_lead(event: Event) -> None:
    """The unit that handed in takes up its own part again."""
    assert event.handler_id is not None
    mine = Assignment.objects.filter(event=event, role="lead", unit_id=event.handler_id)
    last = mine.order_by("-id").first()
    if last is not None:
        last.state, last.open, last.done_at = "claimed", True, None
        last.save(update_fields=("state", "open", "done_at"))


EFFECTS: dict[str, Effect] = {
    "accept": accept,
    "ask": ask,
    "refuse": refuse,
    "review": review,
    "dispatch": dispatch,
    "claim": claim,
    "object": object_,
    "extend": extend,
    "resolve": resolve,
    "redo": redo,
    "rate": rate,
    "reopen": reopen,
    "archive": archive,
    "void": void,
    "withdraw": withdraw,
}
