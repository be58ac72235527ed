"""Why a change of the grids cannot be made, in a sentence for whoever drew it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

UNFIT_WORDS: dict[str, str | Promise] = {
    "line": _("Draw a line of at least two points that does not cross itself."),
    "misses": _("The line does not cross this grid."),
    "several": _("The line crosses this grid more than once; it must cut it in exactly two."),
    "ends": _("The line ends inside the grid; let it begin and end outside."),
    "hole": _("The line ends at an inner edge of the grid; let it run from one outer edge to another."),
    "sliver": _("A piece would be smaller than ten square metres, or thinner than a hand; draw further from the edge."),
    "border": _("This point lies on the outer border of the county; that border is not changed here."),
    "nothing": _("There is no shared point or edge here; choose one on an edge between two grids."),
    "taken": _("There is a point already; choose another place."),
    "tangled": _("The edges would cross each other; move the point less far."),
    "apart": _("These grids do not touch along an edge; only neighbours are merged."),
    "overlap": _("These outlines overlap already; mend them first in the coverage check."),
    "needed": _("More than two edges meet in this point; it cannot be taken out."),
    "drawing": _("Draw a closed outline of at least three points that does not cross itself."),
    "elsewhere": _("The outline lies over no grid of this village; draw it inside of the village."),
    "foreign": _("Most of the outline lies in another village; choose that village first."),
    "whole": _("The outline covers the whole of this grid and no other; change its name instead."),
    "pieces": _("What is left of “%(grid)s” would fall into several pieces; split it first, or draw otherwise."),
    "scattered": _("The new grid would lie in several pieces; draw an outline that stays in one piece."),
    "villages": _("Only grids of the same village or community are merged; move one of them first."),
    "same_village": _("It belongs to this village already."),
    "unchanged": _("Nothing would be changed."),
    "gone": _("This grid is not there any more in the draft; look at it again."),
    "kind": _("This is done with the other kind of grid."),
}
