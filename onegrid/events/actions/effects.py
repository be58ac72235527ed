"""What a step changes beside the state, verb by verb; each returns the facts that its step row keeps."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from onegrid.events import queries
from onegrid.events.actions import joint, placing
from onegrid.events.actions.given import NotGiven
from onegrid.events.actions.sealing import protect, reseal
from onegrid.events.models import Assignment, Event
from onegrid.events.workflow import SENIOR_LEVEL
from onegrid.kit import chance, clock
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
    event.restricted, event.passes_through = category.restricted, category.passes_through
    event.title = "" if event.restricted else given.get("title", event.title)
    if event.restricted != was_restricted:
        event.keep_words(words)
        reseal(event)
    if category.protects:
        protect(event)
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
    """Offer the matter to the lead unit, and parts to those that assist; never to the office it is about."""
    unit_id, assisting = given["unit"], [one for one in given.get("assisting", ()) if one != given["unit"]]
    joint.may_take_part(event, unit_id)
    for one in assisting:
        joint.may_take_part(event, one, "assisting")
    if assisting and not given.get("words"):
        raise NotGiven({"words": _("Say what the assisting units are asked to do.")})
    hit = queries.routing(event)
    lead(event, unit_id, hit.as_facts() if hit else {})
    parts = [joint.offer(event, one, given["words"]).pk for one in assisting]
    facts = {"unit": unit_id, "by_rule": bool(hit and hit.unit_id == unit_id)}
    return facts | ({"parts": parts, "assisting": assisting} if parts else {})


def lead(event: Event, unit_id: int, because: dict[str, Any]) -> None:
    """The unit is asked to lead."""
    event.handler_id = unit_id
    event.unit_ids = sorted({*event.unit_ids, unit_id})
    Assignment.objects.create(
        event=event, area=event.area, unit_id=unit_id, assigned_at=clock.now(), because=because
    )  # fmt: skip


def claim(event: Event, actor: Actor, given: Given) -> dict[str, Any]:
    """From this signature on the unit is accountable; who passed it on is relieved."""
    open_lead(event).update(state="claimed", claimed_at=clock.now())
    event.passed_by_id = None
    return {}


def take_over(event: Event, actor: Actor, given: Given) -> dict[str, Any]:
    """The competent body has it, under a reference of its own; nobody is asked to rate what is not done here."""
    open_lead(event).update(state="done", open=False, done_at=clock.now())
    joint.end_all(event)
    return {}


def object_(event: Event, actor: Actor, given: Given) -> dict[str, Any]:
    """Upheld: the centre is accountable at this instant, or, if another unit passed it on, that unit again."""
    open_lead(event).update(state="returned", open=False, done_at=clock.now())
    former, event.handler_id = event.handler_id, event.passed_by_id
    if event.restricted:
        event.unit_ids = [unit_id for unit_id in event.unit_ids if unit_id != former]
    if event.passed_by_id is None:
        return {"unit": former}
    event.passed_by_id = None
    reopen_lead(event)
    return {"unit": former, "back_to": event.handler_id}


def transfer(event: Event, actor: Actor, given: Given) -> dict[str, Any]:
    """Offered to another unit; the one that passes it on leads until that one has signed (first-receiver duty)."""
    if "unit" not in given:
        raise NotGiven({"unit": _("Choose the unit that it goes to.")})
    joint.may_take_part(event, given["unit"])
    open_lead(event).update(state="passed", open=False, done_at=clock.now())
    event.passed_by_id = event.handler_id
    lead(event, given["unit"], {"passed_by": event.passed_by_id})
    return {"unit": given["unit"], "passed_by": event.passed_by_id}


def assist(event: Event, actor: Actor, given: Given) -> dict[str, Any]:
    """A part for one more unit, by the dispatcher or granted to the lead unit that whistled for it."""
    joint.may_take_part(event, given["unit"])
    part = joint.offer(event, given["unit"], given.get("task") or given["words"], given.get("days"))
    return {"assisting": [given["unit"]], "parts": [part.pk]}


def escalate(event: Event, actor: Actor, given: Given) -> dict[str, Any]:
    """The centre above owns it from now on, this one reads on; levels are skipped for grave matters only."""
    above = queries.centres_above(event)
    if not above:
        raise NotGiven({"unit": _("There is no centre above this one.")})
    target = given.get("unit", above[0])
    if target not in above:
        raise NotGiven({"unit": _("Choose one of the centres above.")})
    if target != above[0] and event.level > SENIOR_LEVEL:
        raise NotGiven({"unit": _("Only levels 1 and 2 skip a centre.")})
    former, event.owner_id = event.owner_id, target
    event.unit_ids = sorted({*event.unit_ids, former, target})
    return {"from": former, "to": target}


def extend(event: Event, actor: Actor, given: Given) -> dict[str, Any]:
    event.extensions += 1
    return {"extension": ["clock", given["days"], "days"]}


def resolve(event: Event, actor: Actor, given: Given) -> dict[str, Any]:
    event.result, event.resolved_by_id = given["result"], actor.user_id
    open_lead(event).update(state="done", open=False, done_at=clock.now())
    return {}


def finish_on_the_spot(event: Event, actor: Actor, given: Given) -> dict[str, Any]:
    """Done where it was met: nobody is asked whether they are satisfied, and chance draws some for a check."""
    assert event.leaf is not None
    event.result, event.resolved_by_id = given["result"], actor.user_id
    event.category_decided, event.spot = True, True
    event.sampled = chance.whole(1, event.leaf.sample_every) == 1
    article = {"article": given["article"]} if "article" in given else {}
    return {"sampled": event.sampled, **article}


def pass_check(event: Event, actor: Actor, given: Given) -> dict[str, Any]:
    event.sampled = False
    return {}


def redo(event: Event, actor: Actor, given: Given) -> dict[str, Any]:
    event.reworks += 1
    if event.spot:
        into_other_hands(event)
    else:
        reopen_lead(event)
    return {}


def into_other_hands(event: Event) -> None:
    """It was not done on the spot after all: the ordinary way begins."""
    event.spot, event.sampled = False, False
    event.result, event.resolved_by_id = "", None


def rate(event: Event, actor: Actor, given: Given) -> dict[str, Any]:
    event.solved, event.satisfied = given["solved"], given.get("satisfied", "")
    return {}


def reopen(event: Event, actor: Actor, given: Given) -> dict[str, Any]:
    if actor.report_id is not None:
        event.reopened += 1
        event.solved = False
    event.extensions = 0
    if event.spot:
        into_other_hands(event)
    else:
        reopen_lead(event)
    return {}


def archive(event: Event, actor: Actor, given: Given) -> dict[str, Any]:
    """The sum of the whole file as it lies now; `onegrid archive --check` finds whatever is changed afterwards."""
    last = event.steps.order_by("-n").values_list("n", flat=True).first()
    return {"through": last, "sha256": queries.sum_of(queries.filed(event, through=last))}


def void(event: Event, actor: Actor, given: Given) -> dict[str, Any]:
    event.reason = given["reason"]
    open_lead(event).update(state="ended", open=False, done_at=clock.now())
    joint.end_all(event)
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
    "finish_on_the_spot": finish_on_the_spot,
    "dispatch": dispatch,
    "claim": claim,
    "take_over": take_over,
    "object": object_,
    "transfer": transfer,
    "assist": assist,
    "whistle": assist,
    "escalate": escalate,
    "place": placing.place,
    "extend": extend,
    "resolve": resolve,
    "pass_check": pass_check,
    "redo": redo,
    "rate": rate,
    "reopen": reopen,
    "archive": archive,
    "void": void,
    "withdraw": withdraw,
}
