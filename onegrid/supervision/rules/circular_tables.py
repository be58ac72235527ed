"""The figures of a circular as tables: the same ones on the page, in the PDF and in the document."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from onegrid.supervision.rules.circular_text import MEASURE_LABELS, name_of
from onegrid.supervision.rules.figures import BY_TOWN, BY_UNIT, FEWEST, MEASURES


@dataclass(frozen=True)
class Cell:
    """What stands in it, and the name of the figure whose matters lie behind it."""

    text: str
    figure: str = ""


@dataclass(frozen=True)
class Table:
    title: str
    heads: list[str]
    rows: list[tuple[str, list[Cell]]]
    note: str = ""
    name: str = field(default="")


def tables(figures: dict[str, Any]) -> list[Table]:
    """Those with something in them; the totals always."""
    found = [
        totals(figures),
        listed(figures["doors"], "door", _("By door"), ("received",)),
        listed(figures["groups"], "group", _("By kind"), ("received",)),
        listed(figures["units"], "unit", _("By unit"), BY_UNIT,
               _("In the order of names: it is no ranking. Late counts where a matter waits now.")),
        listed(figures["towns"], "town", _("By town"), BY_TOWN),
    ]  # fmt: skip
    return [one for one in found if one.rows]


def totals(figures: dict[str, Any]) -> Table:
    rows = []
    for measure in MEASURES:
        told = figures["totals"][measure]
        count = str(told["count"])
        if told["sealed"]:
            count = _("%(count)s (sealed %(n)s)") % {"count": count, "n": told["sealed"]}
        cells = [Cell(count, measure), Cell("–"), Cell("–")]
        if told["before"] is not None:
            cells = [Cell(count, measure), Cell(str(told["before"]), f"before-{measure}"), Cell(difference(told))]
        rows.append((str(MEASURE_LABELS[measure]), cells))
    note = _("Sealed matters count in totals only, from %(n)s on; where none are named there were fewer than %(n)s and "
             "they are left out. The period before is compared without them.") % {"n": FEWEST}  # fmt: skip
    return Table(_("Totals"), [_("In this period"), _("Period before"), _("Difference")], rows, note, "totals")


def difference(told: dict[str, Any]) -> str:
    """With its sign; a percentage only on a base that bears one."""
    number = f"{told['difference']:+d}" if told["difference"] else "0"
    return number if told["percent"] is None else f"{number} ({told['percent']:+.1f}%)"


def listed(
    rows: list[dict[str, Any]], dimension: str, title: str, measures: tuple[str, ...], note: str = ""
) -> Table:  # fmt: skip
    told = [
        (name_of(row, dimension), [Cell(str(row[one]), f"{one}-{dimension}-{row['key']}") for one in measures])
        for row in rows
    ]
    return Table(title, [str(MEASURE_LABELS[one]) for one in measures], told, note, dimension)
