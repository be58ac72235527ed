"""One event as its page shows it: marked words, masks, verbs as forms, the timeline, the clock, what is like it."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from onegrid.events import queries
from onegrid.events.actions import life
from onegrid.events.actions.releasing import RELEASERS
from onegrid.events.models import Article, Event, Release, Report, Step, Unsealing
from onegrid.events.queries import Detail
from onegrid.events.rules import clock_words, deadlines
from onegrid.events.rules.deadlines import Clock, Clocks
from onegrid.events.rules.protection import ASKERS, DECIDERS, OPEN_FOR
from onegrid.events.views import alongside, panes, spots, verbs
from onegrid.events.workflow import EVENT, VERB_LABELS
from onegrid.kit import clock
from onegrid.org import queries as org
from onegrid.org.roles import DISPATCHER, RECEIVER, Actor


@dataclass(frozen=True)
class Voice:
    """Who said it, as a mask; `sealed`: there is a contact behind a lock."""

    report: Report
    channel: str
    masked: str
    sealed: bool
    carries: bool
    words: str
    answers: list[tuple[str, str]] = field(default_factory=list)
    unsealings: list[Unsealing] = field(default_factory=list)
    may_open: bool = False


@dataclass(frozen=True)
class Told:
    """One line of the timeline; `kind` is public, inside or note."""

    step: Step
    label: str
    who: str
    unit: str
    words: str
    kind: str
    state_label: str
    article: Article | None = None
    moved: str = ""


@dataclass(frozen=True)
class Decision:
    """Who decided when what strangers see."""

    at: datetime
    who: str
    label: str


def shown(actor: Actor, found: Detail, more: dict[str, Any]) -> dict[str, Any]:
    """The context of the middle and the right pane."""
    event, words = found.event, found.event.told()
    centre = actor.unit_id is not None and actor.unit_id == event.owner_id
    clocks = deadlines.clocks([move(step) for step in found.steps], org.calendar(event.area))
    return {
        "actor": actor, "event": event, "row": panes.row(event), "steps": timeline(found.steps),
        "words": marked(words, because(found)), "place": panes.place_of(event.area, fine=True),
        "on_map": actor.has(*panes.ON_THE_MAP) and event.lon is not None and not event.restricted,
        "owner": panes.unit_name(event.owner_id), "voices": voices(actor, found), "knows": queries.knows(actor, event),
        "photos": found.photos, "channel": channel(found.voices),
        "can_reveal": centre and actor.has(*ASKERS), "can_unseal": centre and actor.has(*DECIDERS),
        "can_release": may_release(actor, event), "can_part": centre and actor.has(RECEIVER, DISPATCHER),
        "requests": found.requests, "undo": undo(actor, found.steps),
        "clock": current(clocks), "clocks": clocks, "clock_name": clock_name(clocks),
        "suggestions": suggestions(found), "route": route(event), "twins": twins(actor, event),
        "articles": queries.articles(event.category), "alarms": found.alarms,
        "near": [(one.metres, panes.row(one.event)) for one in queries.near(actor, event)],
        "unit_name": panes.unit_name(actor.unit_id), "moment": clock.now(), "joined": found.joined,
        "joined_into": event.joined_into.number if event.joined_into else "",
        **verbs.shown(actor, found, more), **alongside.shown(actor, event), **placing(actor, event, more),
    }  # fmt: skip


def placing(actor: Actor, event: Event, more: dict[str, Any]) -> dict[str, Any]:
    """Whether this reader may put its place right, whose centre is nearest there, and the form while it is open."""
    nearest = queries.centre_of(event.area, event.about_unit_ids)
    opened = more.get("failed") == "place"
    return {
        "can_place": bool(EVENT.may("place", event, actor)),
        "nearest": panes.unit_name(nearest) if nearest != event.owner_id else "",
        "place_form": spots.form(actor, event, more.get("typed", {}), more.get("faults")) if opened else None,
    }


def decision(row: Release) -> Decision:
    """One line of what was released, covered or taken back."""
    if row.photo_id is None:
        words = {Release.RELEASE: _("title released: %(title)s"), Release.WITHDRAW: _("title taken back: %(title)s")}
        return Decision(row.at, row.actor.whose, words[row.deed] % {"title": row.words})
    count = len(row.boxes)
    words = {
        Release.RELEASE: _("photo released as it is"),
        Release.WITHDRAW: _("photo taken back"),
        Release.COVER: ngettext("copy with one covered part released", "copy with %(count)s covered parts released",
                                count),
    }  # fmt: skip
    return Decision(row.at, row.actor.whose, words[row.deed] % {"count": count})


def may_release(actor: Actor, event: Event) -> bool:
    """Whether this reader decides what the public sees."""
    return actor.unit_id is not None and actor.unit_id == event.owner_id and actor.has(*RELEASERS)


def marked(words: str, telling: list[str]) -> SafeString:
    """The words, escaped, with those marked that spoke for the first proposal."""
    pieces: list[tuple[str, str]] = []
    rest, low = words, words.lower()
    while rest:
        places = [(low.find(one.lower()), one) for one in telling if one and one.lower() in low]
        if not places:
            break
        start, one = min(places, key=lambda place: (place[0], -len(place[1])))
        pieces.append((rest[:start], rest[start : start + len(one)]))
        rest, low = rest[start + len(one) :], low[start + len(one) :]
    return format_html_join("", "{}<mark>{}</mark>", pieces) + format_html_join("", "{}", [(rest,)])


def because(found: Detail) -> list[str]:
    return list(found.suggestions[0].because) if found.suggestions else []


def timeline(steps: list[Step]) -> list[Told]:
    """Newest first."""
    return [told(step) for step in reversed(steps)]


def told(step: Step) -> Told:
    kind = "note" if step.verb == "note" else ("public" if step.public else "inside")
    label = str(VERB_LABELS[step.verb])
    if step.verb in ("request", "deny"):
        label = f"{label}: {VERB_LABELS[step.facts['kind']]}"
    others = {"reporter": _("Reporter"), "guest": _("By link"), "house": _("The system")}
    who = step.actor.whose if step.actor else others[step.actor_kind]
    moved = step.to_state != step.from_state
    return Told(
        step=step, label=label, who=who, unit=panes.unit_name(step.unit_id), words=step.told(), kind=kind,
        state_label=str(EVENT.labels[step.to_state]) if moved else "",
        article=queries.known_article(step.facts["article"]) if "article" in step.facts else None, moved=moved_to(step),
    )  # fmt: skip


def moved_to(step: Step) -> str:
    """From where to where a step put the matter, for those who work on it; nothing once it is erased."""
    if "was" not in step.facts or "now" not in step.facts:
        return ""
    was, now = (stood(step.facts[name]) for name in ("was", "now"))
    parts = [f"{was} → {now}"]
    if "owner" in step.facts:
        parts.append(_("handed to %(unit)s") % {"unit": panes.unit_name(step.facts["owner"])})
    return " · ".join(parts)


def stood(place: dict[str, Any]) -> str:
    """Area, address and whether a point was known."""
    point = _("with a point") if place["longitude"] is not None else _("no point")
    return f"{panes.place_of(place['area'], fine=True)} {place['address']} ({point})".replace("  ", " ")


def channel(voices: list[Report]) -> str:
    return channel_name(voices[0].channel) if voices else ""


CHANNELS: dict[str, str | Promise] = {
    "web": gettext_lazy("web page"),
    "phone": gettext_lazy("phone"),
    "visit": gettext_lazy("visit"),
    "letter": gettext_lazy("letter"),
    "station": gettext_lazy("village or community station"),
    "worker": gettext_lazy("grid worker"),
    "email": gettext_lazy("e-mail"),
    "alarm": gettext_lazy("alarm"),
    "api": gettext_lazy("connected system"),
    "import": gettext_lazy("import"),
    queries.PROTECTED: gettext_lazy("protected"),
}


def channel_name(code: str) -> str:
    return str(CHANNELS.get(code, code))


def answers(report: Report) -> list[tuple[str, str]]:
    """Question and answer in the reader's language, as they were when they were given."""
    ask, say = ("en", "said_en") if panes.english() else ("zh", "said_zh")
    return [(row[ask], row[say]) for row in report.answered()]


def voices(actor: Actor, found: Detail) -> list[Voice]:
    """With what was asked about the seals of the protected, where the reader keeps them."""
    asked = queries.unsealings(actor, found.event) if any(one.protected for one in found.voices) else {}
    shown = [voice(found.event, one) for one in found.voices]
    return [replace(one, unsealings=asked.get(one.report.pk, []), may_open=opens(actor, asked.get(one.report.pk, [])))
            for one in shown]  # fmt: skip


def opens(actor: Actor, asked: list[Unsealing]) -> bool:
    """Whether a grant of this reader waits to be used."""
    since = clock.now() - OPEN_FOR
    return any(one.granted and one.opened_at is None and one.asked_by_id == actor.posting_id and one.decided_at
               and one.decided_at > since for one in asked)  # fmt: skip


def voice(event: Event, report: Report) -> Voice:
    contact = getattr(report, "contact", None)
    sealed = contact is not None and contact.erased_at is None
    return Voice(
        report=report, channel=channel_name(report.channel), masked=contact.masked if contact and sealed else "",
        sealed=sealed, carries=report.number == event.number, words=report.told(), answers=answers(report),
    )  # fmt: skip


def undo(actor: Actor, steps: list[Step]) -> dict[str, Any] | None:
    """What can be taken back now, and for how many seconds more."""
    last = steps[-1] if steps else None
    if last is None or life.may_undo(last, actor) is not None:
        return None
    gone = (clock.now() - last.at).total_seconds()
    return {"label": str(VERB_LABELS[last.verb]), "seconds": max(1, round(life.UNDO_SECONDS - gone))}


def move(step: Step) -> deadlines.Move:
    return deadlines.Move.of(step.n, step.verb, step.from_state, step.to_state, step.at, step.facts)


def current(clocks: Clocks) -> Clock | None:
    """The clock whose end is next, if one runs."""
    running = [one for one in clocks.clocks if one.name == clocks.current and one.ended_at is None]
    return running[-1] if running else None


def clock_name(clocks: Clocks) -> str:
    return clock_words.label(clocks.current) if clocks.current else ""


def suggestions(found: Detail) -> list[dict[str, Any]]:
    return [
        {"code": one.category, "name": queries.category_name(one.category), "because": one.because, "key": rank}
        for rank, one in enumerate(found.suggestions[:3], start=1)
    ]


def route(event: Event) -> dict[str, Any] | None:
    """The unit that the rules give, and the words of the rule."""
    hit = queries.routing(event)
    unit = org.unit_by_id(hit.unit_id) if hit else None
    if hit is None or unit is None:
        return None
    return {"unit": unit, "rule": rule_words(hit.rule.area, hit.rule.category)}


def rule_words(area: str, category: str) -> str:
    place = org.area(area)
    leaf = queries.category_name(category) or _("every category")
    return _("%(place)s × %(leaf)s") % {"place": place.name if place else area, "leaf": leaf}


def twins(actor: Actor, event: Event) -> list[dict[str, Any]]:
    if not event.is_open:
        return []
    return [
        {"row": panes.row(one.event), "likely": one.likely, "reasons": one.reasons, "against": one.against}
        for one in queries.twins(actor, event)
    ]
