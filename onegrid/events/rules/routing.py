"""Area × category → unit: the longest area wins, then the longest category; and which rule hit, and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """One row of the routing table."""

    area: str
    category: str
    unit_id: int


@dataclass(frozen=True)
class Hit:
    """The unit a rule gives, the rule, and the rules that were passed over because the matter is about their unit."""

    unit_id: int
    rule: Rule
    passed_over: tuple[Rule, ...] = ()

    def as_facts(self) -> dict[str, object]:
        return {"area": self.rule.area, "category": self.rule.category, "unit": self.unit_id}


def table(rules: Iterable[Rule]) -> dict[tuple[str, str], Rule]:
    return {(rule.area, rule.category): rule for rule in rules}


def route(rules: Mapping[tuple[str, str], Rule], area: str, category: str, avoid: Iterable[int] = ()) -> Hit | None:
    """The rule that hits first, from the finest place and leaf to the coarsest; None when nobody is named."""
    banned = set(avoid)
    passed: list[Rule] = []
    for rule in candidates(rules, area, category):
        if rule.unit_id not in banned:
            return Hit(rule.unit_id, rule, tuple(passed))
        passed.append(rule)
    return None


def candidates(rules: Mapping[tuple[str, str], Rule], area: str, category: str) -> list[Rule]:
    """Every rule that fits, finest first."""
    areas = [area[:end] for end in range(len(area), 0, -1)]
    leaves = [category[:end] for end in (6, 4, 2, 0)] if category else [""]
    found = [rules.get((place, leaf)) for place in areas for leaf in dict.fromkeys(leaves)]
    return [rule for rule in found if rule is not None]
