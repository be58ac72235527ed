"""The verbs of one event as forms: key, fields, choices, and what was typed when it did not go through."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import groupby
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from onegrid.events import actions, queries
from onegrid.events.models import Event, Reason, Request
from onegrid.events.queries import Detail, Hand, Offer, Verb
from onegrid.events.views import panes
from onegrid.kit import clock
from onegrid.kit.workflow import Words
from onegrid.org import queries as org
from onegrid.org.models import Unit
from onegrid.org.roles import Actor

KEYS = {"accept": "A", "ask": "Q", "refuse": "R", "dispatch": "D", "claim": "C", "resolve": "E"}
BESIDE = ("tell", "note")
# Words between offices: the reporter does not read them.
INSIDE: dict[str, Words] = {
    "assist": gettext_lazy("What the unit is asked to do"),
    "whistle": gettext_lazy("What the other unit is needed for"),
    "resolve_part": gettext_lazy("What your unit did; the lead unit and the centre read it"),
    "redo_part": gettext_lazy("What is still missing"),
    "excuse": gettext_lazy("Why your unit should be let go"),
    "release_part": gettext_lazy("Why the unit is let go"),
}
# What a form asks for beside what its step needs.
FIELDS = {
    "accept": ("category", "level", "title", "words"),
    "finish_on_the_spot": ("article", "result"),
    "dispatch": ("unit", "assisting", "words"),
    "take_over": ("words",),
    "transfer": ("proposed", "reason", "words"),
    "assist": ("helper", "words", "part_days"),
    "whistle": ("helper", "words", "part_days"),
    "escalate": ("upper", "reason", "words"),
    "merge": ("into", "words"),
    "split": ("words",),
    "claim_part": (),
    "resolve_part": ("result", "photos"),
    "redo_part": ("words",),
    "release_part": ("words",),
    "excuse": ("words",),
    "resolve": ("result", "photos"),
    "object": ("reason", "words"),
    "extend": ("reason", "days", "words"),
    "suspend": ("reason", "review_on", "words"),
    "pass_check": ("words",),
    "redo": ("reason", "words"),
    "resume": ("words",),
    "void": ("reason", "words"),
}


@dataclass(frozen=True)
class Form:
    """One verb: its button, and its form when it may be taken, asked for or decided."""

    verb: Verb
    key: str
    hotkey: str
    fields: tuple[str, ...]
    reasons: list[Reason]
    typed: dict[str, str] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    asked: str = ""
    offers: list[Offer] = field(default_factory=list)
    address: str = ""

    @property
    def to_reporter(self) -> bool:
        """Whether its words leave the house, so that templates, hints and a preview stand beside them."""
        return self.verb.verb in actions.REPLY_VERBS

    @property
    def inside(self) -> str:
        """The label of words that no reporter reads; empty for those that one does."""
        return str(INSIDE.get(self.verb.verb, ""))

    @property
    def kind(self) -> str:
        return "decide" if self.verb.decides else ("request" if self.verb.asks else "take")

    @property
    def label(self) -> str:
        words = {"decide": _("Decide: %(verb)s"), "request": _("Ask for: %(verb)s"), "take": "%(verb)s"}
        return words[self.kind] % {"verb": self.verb.label}

    @property
    def open(self) -> bool:
        return bool(self.faults or self.typed)

    @property
    def plain(self) -> bool:
        """A button alone, without anything to fill in."""
        return not self.fields and not self.verb.decides


def shown(actor: Actor, found: Detail, more: dict[str, Any]) -> dict[str, Any]:
    """The forms that go, those that do not with their reasons, and what they choose from."""
    language = found.voices[0].language if found.voices else settings.LANGUAGE_CODE
    forms = [replace(form(found.event, one, more), offers=offers(actor, found, one, language)) for one in found.verbs]
    buttons = [one for one in forms if one.verb.verb not in BESIDE]
    today = clock.local(clock.now()).date()
    return {
        "forms": [one for one in buttons if one.verb.may],
        "off": [one for one in buttons if not one.verb.may],
        "tell": next(one for one in forms if one.verb.verb == "tell"),
        "note": next(one for one in forms if one.verb.verb == "note"),
        "branches": panes.branches() if any(one.verb.verb == "accept" and one.verb.may for one in forms) else [],
        "unit_groups": unit_groups(found.event) if any(chooses_unit(one) for one in forms) else [],
        "upper": [org.unit_by_id(pk) for pk in queries.centres_above(found.event)],
        "hands": [
            {"hand": hand, "forms": [part_form(found.event, hand, one, more) for one in hand.verbs if one.may]}
            for hand in found.hands
        ],
        "levels": [(str(number), str(label)) for number, label in panes.LEVELS.items()],
        "first_review": today + timedelta(days=1),
        "last_review": today + timedelta(days=30),
        "part_key": panes.fresh_key(),
    }


def offers(actor: Actor, found: Detail, verb: Verb, language: str) -> list[Offer]:
    """Words ready to use, where a form is shown and its words go to the reporter, in the reporter's language."""
    if not verb.may or verb.verb not in actions.REPLY_VERBS:
        return []
    return queries.offers(actor, found.event, verb.verb, language)


def chooses_unit(form: Form) -> bool:
    wanted = {"unit", "helper", "proposed"} & {*form.fields} or (form.verb.decides and form.verb.verb == "transfer")
    return bool(wanted) and form.verb.may


def part_form(event: Event, hand: Hand, verb: Verb, more: dict[str, Any]) -> Form:
    """The same form, sent to the door of this unit's part."""
    door = {"decide": "decide_part", "request": "ask_for_part", "take": "take_part"}
    made = form(event, verb, more, f"{verb.verb}:{hand.code}")
    return replace(made, address=reverse(f"events:{door[made.kind]}", args=[event.number, hand.code, verb.verb]))


def form(event: Event, verb: Verb, more: dict[str, Any], name: str = "") -> Form:
    failed = more.get("failed") == (name or verb.verb)
    made = Form(
        verb=verb,
        key=panes.fresh_key(),
        hotkey=KEYS.get(verb.verb, "") if verb.may else "",
        fields=() if verb.decides else FIELDS.get(verb.verb, verb.needs),
        reasons=queries.reasons(verb.verb),
        typed=more.get("typed", {}) if failed else {},
        faults=more.get("faults", {}) if failed else {},
        asked=asked_words(verb),
    )
    door = {"decide": "decide", "request": "ask_for", "take": "take"}[made.kind]
    return replace(made, address=reverse(f"events:{door}", args=[event.number, verb.verb]))


def asked_words(verb: Verb) -> str:
    return said(verb.request) if verb.request is not None else ""


def said(request: Request) -> str:
    """What was asked for, in one sentence, for whoever decides."""
    names = {reason.code: reason.name for reason in queries.reasons(request.kind)}
    parts = [names.get(request.reason, request.reason), request.told()[0]]
    if "unit" in request.facts:
        parts.append(panes.unit_name(request.facts["unit"]))
    if "days" in request.facts:
        parts.append(_("%(days)s more days") % {"days": request.facts["days"]})
    if "review_on" in request.facts:
        parts.append(_("look again on %(day)s") % {"day": request.facts["review_on"]})
    return " · ".join(part for part in parts if part)


def unit_groups(event: Event) -> list[tuple[str, list[Unit]]]:
    """Units that may be sent there, by kind; never the office it is about, never the centre itself."""
    fit = [
        unit
        for unit in org.units().values()
        if unit.active and unit.pk not in event.about_unit_ids and unit.pk != event.owner_id
    ]
    kinds = dict(Unit.KINDS)
    by_kind = sorted(fit, key=lambda unit: (list(kinds).index(unit.kind), unit.code))
    return [(str(kinds[kind]), list(rows)) for kind, rows in groupby(by_kind, key=lambda unit: unit.kind)]
