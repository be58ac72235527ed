"""Rulings, what both sides said, and the precedents that bear on a matter."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from onegrid.events import queries as events
from onegrid.events.models import Assignment, Event, Request, Step
from onegrid.events.workflow import EVENT
from onegrid.org import queries as org
from onegrid.org.models import Unit
from onegrid.org.roles import LEADER, Actor
from onegrid.org.scope import visible_to
from onegrid.supervision.models import Precedent, Ruling
from onegrid.supervision.queries.owing import Owed, about, numbered
from onegrid.supervision.rules.ruling_life import RULING

MOST = 60
OFFERED = 5  # precedents beside a matter
COUNTY_DIGITS, GROUP_DIGITS = 6, 4
# It waits while the request does and the matter goes on; the sweep closes the rest.
WAITING = Q(state="waiting", request__decided_at__isnull=True, event__closed_at__isnull=True)


@dataclass(frozen=True)
class Line:
    """One ruling in a list; of a sealed matter the number alone."""

    ruling: Ruling
    about: str
    asked_by: str
    unit: str
    mine: bool


@dataclass(frozen=True)
class Objection:
    """What a unit said, and how it was answered."""

    unit: str
    at: datetime
    reason: str
    words: str
    decision: str
    answer: str


@dataclass(frozen=True)
class Hearing:
    """Everything that the leader hears before ruling, and what was ruled."""

    line: Line
    event: Event
    objections: list[Objection]
    because: str
    reason: str
    precedents: "list[Learnt]"
    no_precedent: str
    units: list[tuple[str, list[Unit]]]
    places: list[org.Place]


@dataclass(frozen=True)
class Learnt:
    """A precedent beside a matter: for the same leaf or only for its group; may it be dispatched by it now?"""

    precedent: Precedent
    unit: str
    code: str
    leaf: str
    place: str
    same_leaf: bool
    may: bool = False
    why: str = ""


def rulings(actor: Actor) -> tuple[list[Line], list[Line]]:
    """What waits, due first; then what was ruled or decided, newest first."""
    rows = visible_to(actor, Ruling.objects.select_related("event", "request", "precedent"))
    waiting = rows.filter(WAITING).order_by("request__due_at", "id")[:MOST]
    past = rows.exclude(state="waiting").order_by("-id")[:MOST]
    return [line(actor, one) for one in waiting], [line(actor, one) for one in past]


def line(actor: Actor, ruling: Ruling) -> Line:
    return Line(
        ruling, about(ruling.event), unit_name(ruling.request.unit_id), unit_name(ruling.unit_id), may(actor, ruling)
    )


def may(actor: Actor, ruling: Ruling) -> bool:
    """The leader of the centre that holds it: to rule, or to say why afterwards."""
    return bool(RULING.may("rule", ruling, actor) or RULING.may("explain", ruling, actor))


def unit_name(unit_id: int | None) -> str:
    unit = org.unit_by_id(unit_id)
    return unit.name if unit else ""


def hearing(actor: Actor, ruling_id: int) -> Hearing:
    """One ruling; raises Ruling.DoesNotExist for who does not see its matter."""
    rows = visible_to(actor, Ruling.objects.select_related("event", "request", "precedent"))
    ruling = rows.get(pk=ruling_id)
    event = ruling.event
    asked = list(Request.objects.filter(event=event, kind="object", pk__lte=ruling.request_id).order_by("id"))
    return Hearing(
        line(actor, ruling), event, [objection(one, event) for one in asked], because(event), reason(ruling),
        learnt_for(actor, event), no_precedent(event), unit_groups(event, [one.unit_id for one in asked]),
        places_of(event),
    )  # fmt: skip


def objection(asked: Request, event: Event) -> Objection:
    names = {reason.code: reason.name for reason in events.reasons("object")}
    words, answer = ("", "") if event.restricted else asked.told()
    decisions = {"granted": _("upheld"), "denied": _("not upheld"), "lapsed": _("no longer needed")}
    return Objection(
        unit_name(asked.unit_id), asked.asked_at, names.get(asked.reason, asked.reason), words,
        decisions.get(asked.decision, ""), answer,
    )  # fmt: skip


def because(event: Event) -> str:
    """Why the unit has it: the rule that named it, or the person who chose it against or without a rule."""
    lead = Assignment.objects.filter(event=event, role="lead").order_by("-id").first()
    if lead is None:
        return ""
    found = lead.because
    if found.get("passed_by"):
        return _("%(unit)s passed it on.") % {"unit": unit_name(found["passed_by"])}
    if not found.get("unit"):
        return _("No rule names a unit; the dispatcher chose it.")
    place, leaf = org.area(found["area"]), kind_of(found["category"])
    named = {"leaf": leaf, "place": place.name if place else found["area"], "unit": unit_name(found["unit"])}
    if found["unit"] == lead.unit_id:
        return _("The rule for %(leaf)s in %(place)s names %(unit)s.") % named
    return _("The rule for %(leaf)s in %(place)s names %(unit)s; the dispatcher chose another unit.") % named


def kind_of(category: str) -> str:
    """The name of a leaf or of a whole branch; a rule without one is for everything."""
    return events.category_name(category) or category or _("every kind of matter")


def reason(ruling: Ruling) -> str:
    """The leader's words, from the step in which they stand; of a sealed matter they are read on its own page."""
    if ruling.step_n is None or ruling.event.restricted:
        return ""
    return Step.objects.get(event_id=ruling.event_id, n=ruling.step_n).told()


def no_precedent(event: Event) -> str:
    """Why nobody may learn from this matter; empty when they may."""
    if event.restricted:
        return _("A ruling on a sealed matter is no precedent.")
    if event.about_office or event.about_unit_ids:
        return _("A ruling on a matter about an office is no precedent.")
    return "" if event.leaf is not None else _("Without a category it is no precedent.")


def places_of(event: Event) -> list[org.Place]:
    """Where a precedent of this matter may hold: from the whole area of the centre that rules down to the grid."""
    centre = org.unit_by_id(event.owner_id)
    within = centre.area if centre else event.area
    return [one for one in org.area_names(event.area) if len(one.code) >= COUNTY_DIGITS and one.code.startswith(within)]


def keeps_precedent(actor: Actor, precedent: Precedent) -> bool:
    return actor.has(LEADER) and actor.unit_id == precedent.centre_id


def standing_precedents(actor: Actor) -> list[Precedent]:
    """All that hold now, as far as the actor is touched by their place; never one of a matter sealed since."""
    rows = Precedent.objects.filter(withdrawn_at__isnull=True, ruling__event__restricted=False)
    return list(visible_to(actor, rows).order_by("-made_at", "-id"))


def precedents_for(actor: Actor, event: Event) -> list[Precedent]:
    """Of the same leaf or its group, in the places in which the matter lies; the same leaf first, then the newest."""
    if not event.category:
        return []
    over = [event.area[:end] for end in range(1, len(event.area) + 1)]
    rows = Precedent.objects.filter(
        area__in=over, category__startswith=event.category[:GROUP_DIGITS], withdrawn_at__isnull=True,
        ruling__event__restricted=False,
    )  # fmt: skip
    found = visible_to(actor, rows).order_by("-made_at", "-id")
    return sorted(found, key=lambda one: one.category != event.category)[:OFFERED]


def learnt_for(actor: Actor, event: Event) -> list[Learnt]:
    may_dispatch = bool(EVENT.may("dispatch", event, actor))
    return [learnt(one, event, may_dispatch) for one in precedents_for(actor, event)]


def learnt(one: Precedent, event: Event, may_dispatch: bool) -> Learnt:
    unit, place = org.unit_by_id(one.unit_id), org.area(one.area)
    why = ""
    if one.unit_id in event.about_unit_ids:
        why = _("The matter is about this office or one of its contractors.")
    elif unit is None or not unit.active:
        why = _("This unit does not work any more.")
    return Learnt(
        one, unit.name if unit else "", unit.code if unit else "", events.category_name(one.category),
        place.name if place else one.area, one.category == event.category, may_dispatch and not why, why,
    )  # fmt: skip


def rulings_of(actor: Actor, event: Event) -> list[Line]:
    """Every ruling on this matter, the newest first."""
    rows = visible_to(actor, Ruling.objects.filter(event=event).select_related("event", "request"))
    return [line(actor, one) for one in rows.exclude(state="lapsed").order_by("-id")]


def given_to(actor: Actor, event: Event, ruled: list[Line]) -> Unit | None:
    """The unit that was ruled responsible, where this reader may dispatch to it now."""
    unit = org.unit_by_id(ruled[0].ruling.unit_id) if ruled and ruled[0].ruling.state == "ruled" else None
    fit = unit is not None and unit.active and unit.pk not in event.about_unit_ids
    return unit if fit and EVENT.may("dispatch", event, actor) else None


def settled_rulings() -> list[int]:
    """Those that wait although their request does not."""
    rows = Ruling.objects.filter(state="waiting", request__decided_at__isnull=False)
    return list(rows.order_by("id").values_list("pk", flat=True))


def owed_rulings(actor: Actor) -> list[Owed]:
    """Of the leader: the second objections at the own centre."""
    if not actor.has(LEADER) or not actor.at_centre:
        return []
    rows = visible_to(actor, Ruling.objects.filter(WAITING, event__owner_id=actor.unit_id))
    return [
        Owed(_("Rule whose matter it is"), numbered(one.event),
             reverse("supervision:ruling", args=[one.pk]), one.request.due_at)
        for one in rows.select_related("event", "request")
    ]  # fmt: skip


def unit_groups(event: Event, first: list[int]) -> list[tuple[str, list[Unit]]]:
    """Whom it may be given to, the units that objected first; never the office it is about, never the centre itself."""
    barred = {*event.about_unit_ids, event.owner_id}
    fit = [one for one in org.units().values() if one.active and one.pk not in barred]
    kinds = dict(Unit.KINDS)
    rest = sorted((one for one in fit if one.pk not in first), key=lambda one: (list(kinds).index(one.kind), one.code))
    by_kind = [(str(kinds[kind]), list(rows)) for kind, rows in groupby(rest, key=lambda one: one.kind)]
    return [(_("Objected"), [one for one in fit if one.pk in first]), *by_kind]
