"""The scope of one reader as plain values: what the live process asks of a row that it never reads.

The same answer as `org.scope.visible_to` gives for events; a test compares the two.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from onegrid.org.roles import Actor

# How much of what is restricted an arm shows: nothing, what the reader's own unit owns, everything.
NONE, OWN, ALL = "none", "own", "all"


@dataclass(frozen=True)
class Sight:
    """Arms as in the scope: `area` "" and `by_unit` False switch theirs off."""

    posting: int
    unit: int | None
    area: str
    area_restricted: str
    by_unit: bool
    unit_restricted: str

    @classmethod
    def of(cls, actor: "Actor") -> "Sight":
        """Of somebody with a posting who is no administrator; raises ValueError for all others."""
        from onegrid.org import roles  # here, because it needs Django and the live process has none

        if actor.posting_id is None or actor.has(*roles.ADMINISTRATORS):
            raise ValueError("sees no event")
        at_centre = actor.at_centre
        roams = actor.has(*roles.ROAMING) or (at_centre and actor.has(*roles.CENTRE))
        on_duty = at_centre and actor.has(*roles.DUTY)
        return cls(
            posting=actor.posting_id,
            unit=actor.unit_id,
            area=actor.area if roams else "",
            area_restricted=ALL if on_duty else OWN if actor.has(roles.CHECKER) else NONE,
            by_unit=actor.has(*roles.UNIT),
            unit_restricted=ALL if on_duty or actor.has(roles.HANDLER) else NONE,
        )

    @classmethod
    def carried(cls, values: Mapping[str, Any]) -> "Sight":
        """From the payload of a ticket."""
        return cls(**values)

    def payload(self) -> dict[str, Any]:
        return asdict(self)

    def sees(self, row: Mapping[str, Any]) -> bool:
        """A row as the database tells of it: a area, h holder, o owner, u units, x about, r restricted, p reporter.

        b, where there is one, is the area in which it lay before this step: whoever loses it from sight hears so.
        """
        if self.unit is not None and self.unit in row["x"]:
            return False
        return self.by_area(row) or self.in_unit(row) or self.as_reporter(row)

    def by_area(self, row: Mapping[str, Any]) -> bool:
        lies = any(area.startswith(self.area) for area in (row["a"], row.get("b") or ""))
        return bool(self.area) and lies and self.allows(self.area_restricted, row)

    def in_unit(self, row: Mapping[str, Any]) -> bool:
        if not self.by_unit or self.unit is None:
            return False
        holds = self.unit == row["h"] or self.unit in row["u"]
        return holds and self.allows(self.unit_restricted, row)

    def as_reporter(self, row: Mapping[str, Any]) -> bool:
        return row["p"] == self.posting and not row["r"]

    def allows(self, much: str, row: Mapping[str, Any]) -> bool:
        return not row["r"] or much == ALL or (much == OWN and self.unit == row["o"])
