"""How the grids of an area cover it; asked on the page, by the command, before an import, and after each change."""

from collections.abc import Mapping
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import shapely
from django.db.models import QuerySet
from shapely.errors import ShapelyError
from shapely.geometry import shape

from onegrid.kit import coverage
from onegrid.kit.coverage import Finding, Grid
from onegrid.kit.literal import literal
from onegrid.org import queries as org
from onegrid.org.models import Area

# What must be filled with grids.
HOLDERS = (Area.COUNTY, Area.TOWN, Area.VILLAGE)

Outlines = dict[str, Any]
Given = Mapping[str, Any]


def check_area(code: str) -> list[Finding]:
    """Every fault of the grids in this area (empty: everywhere), the gravest first; kept until a boundary changes."""
    return list(checked(code, org.outlines_version(org.day(), (Area.GRID, Area.SPECIAL, *HOLDERS))))


@lru_cache(maxsize=8)
def checked(code: str, version: tuple[Any, str]) -> tuple[Finding, ...]:
    grids, parents = land(code)
    return tuple(coverage.check(grids, parents, served=special(code)))


def check_with(changed: Given, *, as_it_is: bool = False) -> list[Finding]:
    """The faults around these outlines (by code; None: it goes) as if they were in force already.

    Only their neighbourhood is looked at: as it was and as it will be. `as_it_is` checks the same place as it is now.
    """
    drawn_anew = {code: outline for code, outline in changed.items() if len(code) > 12}
    if not drawn_anew:
        return []
    grids, parents = land(shared_county(drawn_anew))
    before = {grid.code: grid.outline for grid in grids}
    after = before if as_it_is else {**before, **drawn_anew}
    touched = [one for code in drawn_anew for one in (before.get(code), after.get(code)) if one is not None]
    rows = [Grid(code, outline, holder(code, parents)) for code, outline in after.items() if outline is not None]
    whole = len(drawn_anew) > len(before) / 2
    within = None if whole else shapely.geometrycollections(touched)
    return coverage.check(rows, parents, served=special(shared_county(drawn_anew)), within=within)


def land(code: str) -> tuple[list[Grid], Outlines]:
    """The ordinary grids in an area, and the outlines of what lies over them: villages, towns, county."""
    rows = today().filter(code__gte=literal(code), code__lt=literal(code + ":"))
    rows = rows.exclude(kind=Area.SPECIAL).order_by("code")
    drawn = {code: (kind, outline_of(wkb, json)) for code, kind, wkb, json in rows.values_list(
        "code", "kind", "outline", "boundary")}  # fmt: skip
    over = today().filter(code__in=[code[:n] for n in (6, 9, 12) if n < len(code)])
    parents = {one: outline_of(wkb, json) for one, wkb, json in over.values_list("code", "outline", "boundary")}
    parents |= {one: outline for one, (kind, outline) in drawn.items() if kind in HOLDERS}
    parents = {one: outline for one, outline in parents.items() if outline is not None}
    grids = [
        Grid(one, outline, holder(one, parents)) for one, (kind, outline) in drawn.items() if kind == Area.GRID
    ]  # fmt: skip
    # Over the area asked for, only what it lies in is known: land beside it is not its gap.
    return grids, {one: outline for one, outline in parents.items() if one.startswith(code)}


def special(code: str) -> list[Any]:
    """The outlines of special grids: land that they are cut out of is served by them."""
    rows = today().filter(code__gte=literal(code), code__lt=literal(code + ":"), kind=Area.SPECIAL)
    found = [outline_of(wkb, json) for wkb, json in rows.values_list("outline", "boundary")]
    return [outline for outline in found if outline is not None]


def today() -> QuerySet[Area]:
    """The areas that hold today."""
    day = org.day()
    return Area.objects.filter(valid_from__lte=day).exclude(valid_until__lte=day)


def holder(code: str, parents: Given) -> str:
    """The nearest drawn area that must hold a grid, or none."""
    return next((code[:length] for length in (12, 9, 6) if code[:length] in parents), "")


def outline_of(wkb: bytes | memoryview | None, json: Mapping[str, Any] | None) -> Any:
    if wkb is not None:
        return shapely.from_wkb(bytes(wkb))
    try:
        return shape(dict(json)) if json else None
    except (ShapelyError, ValueError, TypeError, KeyError, IndexError, AttributeError):
        return None


def shared_county(codes: Given) -> str:
    """The county that holds all of these, empty if they lie in several: its outline tells what is a gap."""
    counties = {code[:6] for code in codes}
    return counties.pop() if len(counties) == 1 else ""


def key_of(finding: Finding) -> str:
    """By what a fault is known again: its kind, whose it is, and where, to some metres."""
    at = "" if finding.at is None else f"{finding.at[0]:.4f},{finding.at[1]:.4f}"
    return blake2b(f"{finding.kind}|{finding.of}|{'|'.join(finding.codes)}|{at}".encode(), digest_size=8).hexdigest()
