"""Who answers for what: leaf × place → unit, by the rule that hits and by what was ruled; and where nobody is named."""

from dataclasses import dataclass
from itertools import groupby

from onegrid.events import queries as events
from onegrid.events.models import Category
from onegrid.events.queries.reference import routes
from onegrid.org import queries as org
from onegrid.org.roles import Actor
from onegrid.org.scope import visible_to
from onegrid.supervision.models import Precedent, Ruling
from onegrid.supervision.queries.rulings import kind_of, standing_precedents, unit_name

BRANCH_DIGITS, TOWN_DIGITS = 2, 9


@dataclass(frozen=True)
class Ruled:
    """What was ruled for this leaf; `ruling` only for who sees its matter."""

    precedent: Precedent
    unit: str
    place: str
    other: bool
    ruling: int = 0


@dataclass(frozen=True)
class Town:
    """Who answers in a town instead, if anybody else; and in which of its villages again others, by place and unit."""

    name: str
    unit: str
    parts: list[tuple[str, str]]


@dataclass(frozen=True)
class Duty:
    """One leaf in the chosen place: the unit of the rule and which rule, other units in parts of it, rulings."""

    leaf: Category
    unit: str
    rule: str
    elsewhere: list[tuple[str, str]]
    by_town: list[Town]
    ruled: list[Ruled]

    @property
    def nobody(self) -> bool:
        """Neither a rule nor a ruling names anybody, not even in a part of the place."""
        return not (self.unit or self.ruled or self.elsewhere)


@dataclass(frozen=True)
class Duties:
    """The matrix of a place, by branch; and how many leaves nobody is named for."""

    branches: list[tuple[str, list[Duty]]]
    unnamed: int


def places(actor: Actor) -> list[org.Place]:
    """The actor's own place and the towns in it."""
    inside = [one for one in org.areas().values() if one.code.startswith(actor.area)]
    return [one for one in inside if one.code == actor.area or one.kind == "town"]


def branches() -> list[tuple[str, str]]:
    codes = dict.fromkeys(leaf.code[:BRANCH_DIGITS] for leaf in events.leaves())
    return [(code, events.category_name(code) or code) for code in codes]


def duties(actor: Actor, *, area: str, branch: str = "", only_unnamed: bool = False) -> Duties:
    """Every leaf of the branch in this place; two statements however many there are."""
    learnt = precedents_in(actor, area)
    finer = sorted({place for place, _leaf in routes() if place.startswith(area) and place != area})
    rows = [duty(leaf, area, finer, learnt) for leaf in events.leaves() if leaf.code.startswith(branch)]
    shown = [one for one in rows if one.nobody or not only_unnamed]
    by_branch = groupby(shown, key=lambda one: one.leaf.code[:BRANCH_DIGITS])
    named = [(events.category_name(code) or code, list(found)) for code, found in by_branch]
    return Duties(named, sum(one.nobody for one in rows))


def duty(leaf: Category, area: str, finer: list[str], learnt: dict[str, list[tuple[Precedent, int]]]) -> Duty:
    hit = events.route_for(area, leaf.code)
    own = hit.unit_id if hit else None
    hits = [(place, events.route_for(place, leaf.code)) for place in finer]
    others = [(place, unit_name(one.unit_id)) for place, one in hits if one and one.unit_id != own]
    elsewhere = [(place_name(place), unit) for place, unit in others]
    ruled = [
        Ruled(one, unit_name(one.unit_id), place_name(one.area), one.unit_id != own, ruling)
        for one, ruling in learnt.get(leaf.code, [])
    ]
    words = f"{place_name(hit.rule.area)} · {kind_of(hit.rule.category)}" if hit else ""
    return Duty(leaf, unit_name(own), words, elsewhere, towns_of(others), ruled)


def towns_of(others: list[tuple[str, str]]) -> list[Town]:
    """The same by town, so that many villages are one line."""
    found = []
    for code, rows in groupby(others, key=lambda row: row[0][:TOWN_DIGITS]):
        own, parts = "", []
        for place, unit in rows:
            if place == code:
                own = unit
            else:
                parts.append((place_name(place), unit))
        found.append(Town(place_name(code), own, parts))
    return found


def precedents_in(actor: Actor, area: str) -> dict[str, list[tuple[Precedent, int]]]:
    """What holds in this place, over it or in a part of it, by leaf; with the ruling where the actor may read it."""
    held = [one for one in standing_precedents(actor) if one.area.startswith(area) or area.startswith(one.area)]
    rulings = visible_to(actor, Ruling.objects.filter(pk__in=[one.ruling_id for one in held]))
    seen = set(rulings.values_list("pk", flat=True))
    found: dict[str, list[tuple[Precedent, int]]] = {}
    for one in held:
        found.setdefault(one.category, []).append((one, one.ruling_id if one.ruling_id in seen else 0))
    return found


def place_name(code: str) -> str:
    place = org.area(code)
    return place.name if place else code
