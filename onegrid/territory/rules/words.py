"""What faults are called, and where: for pages, commands and tables."""

from django.utils.translation import gettext_lazy as _

from onegrid.kit import coverage, outlines, systems
from onegrid.kit.coverage import Finding
from onegrid.kit.outlines import At, Reading
from onegrid.territory.rules import boundaries

FAULTS = {
    outlines.HOLE: _("hole inside"),
    outlines.DUPLICATE: _("same outline as another one"),
    outlines.OPEN_RING: _("ring not closed"),
    outlines.REPEATED_POINTS: _("repeated points"),
    outlines.SELF_CROSSING: _("edge crosses itself"),
    outlines.PARTS_OVERLAP: _("parts overlap or share an edge"),
    outlines.NO_AREA_PART: _("hole without area"),
    outlines.EMPTY: _("no outline"),
    outlines.NOT_A_POLYGON: _("not a polygon"),
    outlines.MALFORMED: _("damaged coordinates"),
    outlines.IMPOSSIBLE: _("coordinates that are no degrees"),
    outlines.SWAPPED: _("longitude and latitude exchanged"),
    outlines.TOO_FEW_POINTS: _("fewer than three points"),
    outlines.ZERO_AREA: _("no area"),
    outlines.TOO_MUCH_CHANGED: _("mending would change more than 1 % of the area"),
}
KINDS = {
    coverage.BROKEN: _("broken outline"),
    coverage.DUPLICATE: _("drawn twice"),
    coverage.OVERLAP: _("overlap"),
    coverage.GAP: _("gap"),
    coverage.OUTSIDE: _("outside its area"),
    coverage.SHIFT: _("shifted as a whole"),
    coverage.SLIVER: _("sliver"),
    coverage.NO_GRID: _("area without a grid"),
    coverage.NO_OUTLINE: _("grid without an outline"),
}
SLIVERS = {
    coverage.GAP: _("thin gap"),
    coverage.OVERLAP: _("thin overlap"),
    coverage.OUTSIDE: _("thin strip outside its area"),
}
STATES = {
    boundaries.NEW: _("new"),
    boundaries.CHANGED: _("changed"),
    boundaries.SAME: _("as it is"),
    boundaries.REFUSED: _("refused"),
}
# Names of their own, the same in every language.
SYSTEMS = {
    systems.WGS84: "WGS-84",
    systems.CGCS2000: "CGCS2000",
    systems.GCJ02: "GCJ-02",
    systems.BD09: "BD-09",
}


def kind(finding: Finding) -> str:
    return str(SLIVERS[finding.of] if finding.kind == coverage.SLIVER else KINDS[finding.kind])


def where(finding: Finding) -> dict[str, str]:
    """A fault for a sentence: what, how large, where."""
    return {"fault": kind(finding), "size": size(finding), "place": place(finding.at)}


def place(at: At | None) -> str:
    return f"{at[0]:.6f}, {at[1]:.6f}" if at else ""


def size(finding: Finding) -> str:
    """Its area as people say it, or by how much a grid is shifted."""
    if finding.shift is not None:
        east, north = finding.shift
        return str(_("%(east).2f m east, %(north).2f m north")) % {"east": east, "north": north}
    return area(finding.area_m2)


def area(square_metres: float) -> str:
    if square_metres >= 10_000:
        return str(_("%(area).2f hectares")) % {"area": square_metres / 10_000}
    return str(_("%(area).1f m²")) % {"area": square_metres}


def faults(reading: Reading) -> list[str]:
    """Each kind of fault once, with its first place and how often it occurs."""
    found: dict[str, list[At | None]] = {}
    for one in reading.faults:
        found.setdefault(one.kind, []).append(one.at)
    return [said(kind, ats) for kind, ats in found.items()]


def said(kind: str, ats: list[At | None]) -> str:
    where = f" ({place(ats[0])})" if ats[0] else ""
    return f"{FAULTS[kind]}{where}" + (f" × {len(ats)}" if len(ats) > 1 else "")
