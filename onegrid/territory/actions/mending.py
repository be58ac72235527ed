"""Faults between grids mended at once, for what was drawn badly; land that changes hands is divided anew instead."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from onegrid.kit import coverage, mending, outlines
from onegrid.kit.coverage import Finding, Grid
from onegrid.org import actions as org
from onegrid.org import roles
from onegrid.org.actions import Refused
from onegrid.org.models import Area
from onegrid.org.roles import Actor
from onegrid.territory import queries

ASSIGN, SNAP, CLIP, MOVE_BACK = "assign", "snap", "clip", "move_back"
# By the nature of a fault, wide or thin: what may mend it.
DEEDS = {
    coverage.GAP: (ASSIGN, SNAP),
    coverage.OVERLAP: (ASSIGN, SNAP),
    coverage.OUTSIDE: (CLIP,),
    coverage.SHIFT: (MOVE_BACK,),
}
# Wider than a sliver is land: somebody decides whose it is.
SNAP_M = coverage.SLIVER_WIDTH_M


def deeds(finding: Finding) -> tuple[str, ...]:
    """What may mend a fault with one press: slivers, shifts and what lies outside; never a real gap or overlap."""
    one_press = finding.kind in (coverage.SLIVER, coverage.OUTSIDE, coverage.SHIFT)
    return DEEDS.get(finding.nature, ()) if one_press and finding.codes else ()


@transaction.atomic
def mend(actor: Actor, *, area: str, key: str, deed: str) -> Finding:
    """Mend one fault of an area. Raises Refused when it is gone, cannot be mended so, or more would be wrong then."""
    if not actor.has(roles.ADMIN_SYSTEM):
        raise Refused("wrong_role", _("Your role may not do this."))
    # The lock of all boundaries: two mendings of one edge come one after the other.
    list(Area.objects.select_for_update().filter(code=area).values_list("pk"))
    found = next((one for one in queries.check_area(area) if queries.key_of(one) == key), None)
    if found is None:
        raise Refused("gone", _("This fault is no longer there."))
    if deed not in deeds(found):
        raise Refused("not_so", _("This fault cannot be mended in this way."))
    grids, parents = queries.land(area)
    changed = mended(found, deed, grids, parents)
    refuse_worse(found, changed)
    write(actor, changed, deed=deed, fault=found.kind)
    return found


def mended(found: Finding, deed: str, grids: list[Grid], parents: Mapping[str, Any]) -> dict[str, Any]:
    """The outlines that the deed changes."""
    drawn = {grid.code: coverage.valid(grid.outline) for grid in grids if grid.outline is not None}
    holders = {grid.code: grid.parent for grid in grids}
    near = found.outline.buffer(0.0005)
    around = {code: outline for code, outline in drawn.items() if outline.intersects(near)}
    first = found.codes[0]
    if deed == CLIP:
        return {first: mending.clip(drawn[first], parents[holders[first]])}
    if deed == MOVE_BACK:
        assert found.shift is not None
        return {first: mending.move(drawn[first], -found.shift[0], -found.shift[1])}
    if deed == SNAP:
        return mending.snap(around, SNAP_M)
    whose = around if found.nature == coverage.GAP else {code: drawn[code] for code in found.codes}
    return mending.assign(found.outline, whose, found.nature)


def refuse_worse(found: Finding, changed: Mapping[str, Any]) -> None:
    """Refuse what would leave the neighbourhood with as many faults as before."""
    if not changed or any(outline.is_empty for outline in changed.values()):
        raise Refused("nothing", _("This would change nothing, or leave nothing of a grid."))
    key = queries.key_of(found)
    left = queries.check_with(changed)
    before = queries.check_with({code: None for code in changed}, as_it_is=True)
    if any(queries.key_of(one) == key for one in left) or len(left) >= len(before):
        raise Refused("worse", _("This would not mend it; draw the edge by hand."))


def write(actor: Actor, changed: Mapping[str, Any], **facts: object) -> None:
    there = Area.objects.in_bulk(list(changed), field_name="code")
    rows = [
        {"code": code, "kind": there[code].kind, "name_zh": there[code].name_zh, "parent": there[code].parent,
         "boundary": outlines.as_geojson(outline)}
        for code, outline in sorted(changed.items())
    ]  # fmt: skip
    org.place_areas(actor, rows=rows, source="mend", codes=sorted(changed), **facts)
