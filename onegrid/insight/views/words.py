"""The facts of a choice as sentences: for each who may be asked, and for each who is passed over."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from onegrid.events.models import Event
from onegrid.insight.rules import nearest
from onegrid.insight.rules.nearest import OFF, ON, Facts, Passed
from onegrid.insight.rules.travel import distance, travel
from onegrid.org import queries as org
from onegrid.org.models import Unit


@dataclass(frozen=True)
class Told:
    unit: Unit
    reasons: list[str]


def asked_words(units: Sequence[Facts]) -> list[Told]:
    return [Told(unit_of(one), facts_words(one)) for one in units]


def unit_of(one: Facts) -> Unit:
    unit = org.unit_by_id(one.unit_id)
    assert unit is not None
    return unit


def facts_words(one: Facts) -> list[str]:
    told = [rule_words(one.first, one.rule), far_words(one.metres), duty_words(one.duty), load_words(one.load)]
    return [words for words in (*told, kind_words(one.done, one.in_time), here_words(one.here)) if words]


def rule_words(first: bool, rule: bool) -> str:
    if first:
        return _("the rule of place and kind names it")
    return _("a general rule names it") if rule else ""


def far_words(metres: int | None) -> str:
    if metres is None:
        return _("its seat is not known")
    way = travel(metres)
    words = _("%(far)s, about %(walk)d min on foot, %(drive)d by car (a guess)")
    return words % {"far": distance(metres), "walk": way.walk, "drive": way.drive}


def duty_words(duty: str) -> str:
    return {ON: _("on duty now"), OFF: _("nobody on duty now")}.get(duty, "")


def load_words(load: int) -> str:
    return ngettext("%(n)d open matter in hand", "%(n)d open matters in hand", load) % {"n": load}


def kind_words(done: int, in_time: int) -> str:
    if not done:
        return ""
    return _("%(done)d of this kind ended here within a year, %(share)d%% as promised") % {
        "done": done, "share": round(100 * in_time / done),
    }  # fmt: skip


def here_words(here: int) -> str:
    if not here:
        return ""
    return ngettext("%(n)d matter ended within 200 m", "%(n)d matters ended within 200 m", here) % {"n": here}


def passed_words(passed: Sequence[Passed], event: Event) -> list[tuple[str, list[Told]]]:
    """Each reason with its units, in the order of the reasons."""
    ordered = sorted(passed, key=lambda one: (nearest.REASONS.index(one.reason), one.facts.unit_id))
    return [
        (label(reason), [Told(unit_of(one.facts), [WHY[reason](unit_of(one.facts))]) for one in ones])
        for reason, ones in groupby(ordered, key=lambda one: one.reason)
    ]


def label(reason: str) -> str:
    return {
        nearest.CLOSED: _("Unit no longer there"),
        nearest.ABOUT: _("The matter is about it"),
        nearest.CENTRE: _("Centres"),
        nearest.OTHER_AREA: _("Another area"),
        nearest.CONTRACTOR: _("Contractors"),
        nearest.NOT_COMPETENT: _("Not competent"),
        nearest.NO_ACCOUNT: _("Nobody can sign there"),
        nearest.OFF_DUTY: _("Nobody on duty"),
    }[reason]


def area_name(unit: Unit) -> str:
    place = org.area(unit.area)
    return place.name if place else unit.area


def employer_name(unit: Unit) -> str:
    employer = org.unit_by_id(unit.employer_id)
    return employer.name if employer else ""


WHY: dict[str, Callable[[Unit], str]] = {
    nearest.CLOSED: lambda unit: _("it does not exist any more"),
    nearest.ABOUT: lambda unit: _("the matter is about it or its employer"),
    nearest.CENTRE: lambda unit: _("a centre drives the matter, a unit solves it"),
    nearest.OTHER_AREA: lambda unit: _("works in %(area)s") % {"area": area_name(unit)},
    nearest.CONTRACTOR: lambda unit: _("works for %(unit)s and is asked through it") % {"unit": employer_name(unit)},
    nearest.NOT_COMPETENT: lambda unit: _("no rule names it, and it ended none of this kind here within a year"),
    nearest.NO_ACCOUNT: lambda unit: _("has no account with which it could sign"),
    nearest.OFF_DUTY: lambda unit: _("a grave matter, and its roster has nobody at this hour"),
}


def sent_words(weighed: dict[str, Any] | None) -> str:
    """Why the unit was chosen on the map, from what its step keeps."""
    if not weighed or weighed["unit"] is None:
        return ""
    told = [rule_words(weighed["first"], weighed["rule"]), far_words(weighed["metres"]), duty_words(weighed["duty"])]
    told += [load_words(weighed["load"]), kind_words(weighed["done"], weighed["in_time"]), here_words(weighed["here"])]
    words = _("Chosen on the map as number %(place)d of %(of)d: %(unit)s (%(why)s)")
    return words % {
        "place": weighed["place"], "of": weighed["of"], "unit": weighed["unit"].name,
        "why": _(", ").join(one for one in told if one),
    }  # fmt: skip
