"""From rows of the database to what the API says; nothing here asks the database."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from onegrid.events import queries
from onegrid.events.models import Alert, Attachment, Event, Report, Request, Step, Suggestion
from onegrid.events.queries import Detail, Explanation, Hand, Verb
from onegrid.events.rules import clock_words
from onegrid.events.rules.routing import Hit, Rule
from onegrid.events.workflow import EVENT, VERB_LABELS
from onegrid.kit import codes
from onegrid.org import queries as org
from onegrid.org.models import TrailEntry, Unit

WORDS_IN_LISTS = 120


def row(event: Event) -> dict[str, Any]:
    hit = queries.routing(event)
    return {
        "number": event.number,
        "state": event.standing,
        "state_label": str(EVENT.labels[event.standing]),
        "category": event.category,
        "category_name": queries.category_name(event.category),
        "level": event.level,
        "address": event.address,
        "area": event.area,
        "reported_at": event.reported_at,
        "due_at": event.due_at,
        "promised_by": event.promised_by,
        "holder": unit_name(event.holder_id),
        "voices": event.voices,
        "version": event.version,
        "words": event.words[:WORDS_IN_LISTS],
        "restricted": event.restricted,
        "proposed": {"category": event.category, "unit": unit_code(hit.unit_id) if hit else None},
    }


def whole(found: Detail) -> dict[str, Any]:
    event = found.event
    return {
        **row(event),
        "words": event.told(),
        "title": event.title,
        "longitude": event.lon,
        "latitude": event.lat,
        "located": event.located,
        "reported_area": event.reported_area,
        "reported_at": event.reported_at,
        "closed_at": event.closed_at,
        "about": event.about,
        "owner": unit_name(event.owner_id),
        "handler": unit_name(event.handler_id),
        "result": event.result,
        "reason": event.reason,
        "solved": event.solved,
        "satisfied": event.satisfied,
        "steps": [step(one) for one in found.steps],
        "verbs": [verb(one) for one in found.verbs],
        "suggestions": [suggestion(one) for one in found.suggestions],
        "requests": [request(one) for one in found.requests],
        "reported": [voice(one) for one in found.voices],
        "photos": [photo(one) for one in found.photos],
        "hands": [hand(one) for one in found.hands],
        "joined_into": event.joined_into.number if event.joined_into else "",
        "joined": [one.number for one in found.joined],
        "route": route(queries.routing(event)),
    }


def hand(one: Hand) -> dict[str, Any]:
    part = one.assignment
    return {
        "unit": one.code, "unit_name": one.unit, "role": part.role, "state": part.state, "state_label": one.label,
        "task": one.task, "result": one.result, "due_at": part.due_at, "assigned_at": part.assigned_at,
        "claimed_at": part.claimed_at, "done_at": part.done_at, "verbs": [verb(each) for each in one.verbs],
    }  # fmt: skip


def step(one: Step) -> dict[str, Any]:
    return {
        "n": one.n,
        "verb": one.verb,
        "label": str(VERB_LABELS[one.verb]),
        "from_state": one.from_state,
        "to_state": one.to_state,
        "at": one.at,
        "by": one.actor.whose if one.actor else "",
        "unit": unit_name(one.unit_id),
        "words": one.told(),
        "public": one.public,
        "due_at": one.due_at,
        "promised_by": one.promised_by,
    }


def verb(one: Verb) -> dict[str, Any]:
    return {
        "verb": one.verb,
        "label": one.label,
        "may": one.may,
        "asks": one.asks,
        "decides": one.decides,
        "why": one.why,
        "needs": list(one.needs),
        "reasons": [{"code": reason.code, "name": reason.name} for reason in queries.reasons(one.verb)],
    }


def suggestion(one: Suggestion) -> dict[str, Any]:
    return {
        "rank": one.rank,
        "category": one.category,
        "name": queries.category_name(one.category),
        "score": one.score,
        "because": one.because,
    }


def request(one: Request) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "label": str(VERB_LABELS[one.kind]),
        "by": one.asked_by.user.name if one.asked_by else "",
        "unit": unit_name(one.unit_id),
        "reason": one.reason,
        "words": one.told()[0],
        "facts": one.facts,
        "asked_at": one.asked_at,
        "due_at": one.due_at,
        "decision": one.decision,
        "decided_at": one.decided_at,
        "decision_words": one.told()[1],
    }


def voice(one: Report) -> dict[str, Any]:
    return {
        "number": one.number,
        "channel": one.channel,
        "at": one.at,
        "words": one.told(),
        "answers": [answer(row) for row in one.answered()],
        "address": one.address,
        "reachable": one.reachable,
    }


def answer(row: dict[str, Any]) -> dict[str, str]:
    """Question and answer in the language asked for, as they were when they were given."""
    english = (get_language() or "").startswith("en")
    return {"key": row["key"], "question": row["en" if english else "zh"],
            "said": row["said_en" if english else "said_zh"]}  # fmt: skip


def photo(one: Attachment) -> dict[str, Any]:
    return {
        "sha256": one.sha256,
        "url": f"/files/{one.sha256}",
        "width": one.width,
        "height": one.height,
        "step": one.step_n,
        "released": one.released_at is not None,
    }


def route(hit: Hit | None) -> dict[str, Any] | None:
    if hit is None:
        return None
    return {
        "unit": unit_code(hit.unit_id),
        "unit_name": unit_name(hit.unit_id),
        "rule_area": hit.rule.area,
        "rule_category": hit.rule.category,
    }


def acknowledged(alert: Alert) -> dict[str, Any]:
    return {"level": alert.level, "raised_at": moment(alert.raised_at), "ended_at": moment(alert.ended_at)}


def stand(event: Event) -> dict[str, Any]:
    """What is kept of the answer to a step, in no language and without words."""
    return {
        "number": event.number,
        "state": event.standing,
        "version": event.version,
        "holder_id": event.holder_id,
        "due_at": moment(event.due_at),
        "promised_by": moment(event.promised_by),
    }


def standing(kept: dict[str, Any]) -> dict[str, Any]:
    return {**kept, "state_label": str(EVENT.labels[kept["state"]]), "holder": unit_name(kept["holder_id"])}


def written(kept: dict[str, Any]) -> dict[str, Any]:
    """The receipt is computed anew, so that it lies nowhere in the clear."""
    receipt = codes.receipt(kept["number"], kept["counter"], key=settings.SECRET_KEY.encode())
    return {**standing(kept), "receipt": receipt}


def account(found: Explanation) -> dict[str, Any]:
    return {
        "number": found.event.number,
        "clocks": [
            {
                "name": one.name,
                "label": clock_words.label(one.name),
                "started_at": one.started_at,
                "due_at": one.due_at,
                "about": one.about,
                "ended_at": one.ended_at,
                "sentences": clock_words.sentences(one, found.zone),
            }
            for one in found.clocks.clocks
        ],
        "rules": [rule(one, found.hit) for one in found.rules],
        "looks": [look(one) for one in found.looks],
    }


def rule(one: Rule, hit: Hit | None) -> dict[str, Any]:
    hits = hit is not None and hit.rule == one
    return {"area": one.area, "category": one.category, "unit": unit_name(one.unit_id), "hit": hits}


def look(one: TrailEntry) -> dict[str, Any]:
    unit = one.posting.unit.name if one.posting else ""
    return {"at": one.at, "by": one.who, "unit": unit, "purpose": one.purpose}


def unit_name(unit_id: int | None) -> str:
    found: Unit | None = org.unit_by_id(unit_id)
    return found.name if found else ""


def unit_code(unit_id: int) -> str | None:
    found: Unit | None = org.unit_by_id(unit_id)
    return found.code if found else None


def moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
