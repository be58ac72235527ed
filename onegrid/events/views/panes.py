"""What the panes of the desk show: rows, queues and one event, as plain values; nothing here asks twice."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from onegrid.events import queries
from onegrid.events.models import Event
from onegrid.events.queries.inbox import end_of_today
from onegrid.events.rules.viewing import ASKERS
from onegrid.events.workflow import EVENT, VERB_LABELS
from onegrid.kit import chance, clock
from onegrid.notices import queries as notices
from onegrid.org import queries as org
from onegrid.org import roles
from onegrid.org.doors import Request
from onegrid.org.roles import (
    ANALYST,
    AUDITOR,
    CHECKER,
    DISPATCHER,
    DUTY_LEADER,
    GRID_HEAD,
    HANDLER,
    LEADER,
    RECEIVER,
    WORKER,
    Actor,
)

WORDS_IN_LISTS = 60
# Queue -> the roles that work it; the others are there for everybody.
WORKED_BY = {
    "to_accept": (RECEIVER, DISPATCHER),
    "to_dispatch": (DISPATCHER,),
    "to_claim": (HANDLER,),
    "in_hand": (HANDLER,),
    "joint": (HANDLER,),
    "asked": (DISPATCHER, LEADER),
    "to_check": (CHECKER,),
    "spot_checks": (CHECKER,),
}
# Who may take which verb on many at once; the table of steps decides for each row.
BULK_BY = {"dispatch": (DISPATCHER,), "void": (RECEIVER, DISPATCHER), "tell": (RECEIVER, DISPATCHER, HANDLER)}
# Whoever is asked first takes it in, whatever it is about.
ASKED_FIRST = (RECEIVER, DISPATCHER, WORKER, GRID_HEAD, HANDLER)
IN_THE_GRID = (WORKER, GRID_HEAD)
# Whoever sees matters of more than the own round; the map itself asks again.
ON_THE_MAP = (RECEIVER, DISPATCHER, CHECKER, HANDLER, DUTY_LEADER, LEADER, ANALYST, AUDITOR)
WATCHED = ("overdue", "due_today", "waiting", "suspended", "open", "done")
LOOKS = {
    "suspended": "is-paused",
    "waiting_reporter": "is-paused",
    "rating": "is-paused",
    "closed": "is-done",
    "archived": "is-done",
}
LEVELS: dict[int, str | Promise] = {
    1: gettext_lazy("Level 1, very grave"),
    2: gettext_lazy("Level 2, grave"),
    3: gettext_lazy("Level 3, considerable"),
    4: gettext_lazy("Level 4, ordinary"),
}


@dataclass(frozen=True)
class Row:
    """One event in a list."""

    number: str
    title: str
    leaf: str
    place: str
    state: str
    state_label: str
    look: str
    level: int
    level_label: str
    voices: int
    due_at: datetime | None
    late: bool
    soon: bool
    holder: str


def row(event: Event) -> Row:
    now = clock.now()
    due = event.due_at if event.is_open else None
    return Row(
        number=event.number, title=title_of(event), leaf=queries.category_name(event.category) or _("No category yet"),
        place=place_of(event.area), state=event.standing,
        state_label=str(EVENT.labels[event.standing]),
        look=LOOKS.get(event.standing, "is-out" if not event.is_open else ""), level=event.level,
        level_label=str(LEVELS[event.level]), voices=event.voices, due_at=due,
        late=due is not None and due < now, soon=due is not None and now <= due < end_of_today(now),
        holder=unit_name(event.holder_id),
    )  # fmt: skip


def title_of(event: Event) -> str:
    if event.restricted:
        return _("Sealed matter: open it to read")
    if event.erased_at is not None:
        return _("Erased when its time of keeping was over")
    words = event.title or event.words
    return words if len(words) <= WORDS_IN_LISTS else words[:WORDS_IN_LISTS] + "…"


def place_of(area: str, *, fine: bool = False) -> str:
    """Town and village; `fine` adds the grid. A report without a place has only the county."""
    codes = dict.fromkeys(area[:end] for end in ((9, 12, 15) if fine else (9, 12)))
    names = [place.name for place in map(org.area, codes) if place is not None]
    between = " · " if english() else ""
    if not names:
        county = org.area(area)
        return county.name if county else ""
    # A grid is often called after its village: said once is enough.
    finer = [*names[1:], ""]
    return between.join(name for name, next_name in zip(names, finer, strict=True) if not next_name.startswith(name))


def english() -> bool:
    return (get_language() or "").startswith("en")


def unit_name(unit_id: int | None) -> str:
    unit = org.unit_by_id(unit_id)
    return unit.name if unit else ""


def worked(actor: Actor) -> tuple[str, ...]:
    """The queues that this actor works, first things first."""
    return tuple(name for name, held in WORKED_BY.items() if actor.has(*held))


def queues(actor: Actor, current: str = "") -> dict[str, Any]:
    """Both groups of queues with their counters, in one statement."""
    mine = worked(actor)
    counted = {one.name: one for one in queries.counters(actor, (*mine, *WATCHED[:-1]))}
    return {
        "mine": [counted[name] for name in mine],
        "watched": [counted[name] for name in WATCHED[:-1]],
        "done_label": str(queries.QUEUES["done"].label),
        "current": current,
    }


def bulk_verbs(actor: Actor) -> list[tuple[str, str]]:
    """The verbs for a selection that this reader's posts know; where there are none, there are no boxes to tick."""
    labels = {"dispatch": _("Dispatch by the rules"), "void": _("Ask for: void"), "tell": str(VERB_LABELS["tell"])}
    return [(verb, labels[verb]) for verb, held in BULK_BY.items() if actor.has(*held)]


def first_queue(actor: Actor) -> str:
    mine = worked(actor)
    return mine[0] if mine else "open"


def frame(request: Request, queue: str = "", *, unread: bool = True) -> dict[str, Any]:
    """What every page of the desk carries: who reads it, when, which queues, how many messages."""
    actor = request.actor
    return {
        "actor": actor,
        "unit": unit_name(actor.unit_id),
        "role_names": [str(roles.LABELS[role]) for role in sorted(actor.roles)],
        "moment": clock.now(),
        "queues": queues(actor, queue),
        "queue": queue,
        "unread": notices.unread(actor) if unread else 0,
        "can_type": actor.has(*ASKED_FIRST),
        "can_finish": actor.has(*IN_THE_GRID),
        "can_ask_view": actor.has(*ASKERS),
        "can_word": actor.has(DISPATCHER, LEADER),
        "can_mass": actor.at_centre and actor.has(DISPATCHER, LEADER, DUTY_LEADER),
        "can_watch": actor.has(LEADER, DUTY_LEADER, AUDITOR),
        "can_lead": actor.has(LEADER, DUTY_LEADER),
        "can_map": actor.has(*ON_THE_MAP),
        "can_cover": actor.at_centre and actor.has(DISPATCHER, LEADER),
        "can_call": actor.at_centre and actor.has(RECEIVER, DISPATCHER, DUTY_LEADER, LEADER),
        "can_send_again": actor.at_centre and actor.has(DISPATCHER, LEADER),
        "ticket_url": reverse("events:ticket"),
    }


def branches() -> list[tuple[str, list[Any]]]:
    """The leaves under the names of their branches."""
    grouped = groupby(queries.leaves(), key=lambda leaf: leaf.code[:2])
    return [(queries.category_name(code) or code, list(leaves)) for code, leaves in grouped]


def fresh_key() -> str:
    """The idempotency key of one rendered form."""
    return chance.base32(26)
