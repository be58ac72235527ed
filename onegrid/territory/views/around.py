"""What stands around the pages of re-divisions."""

from typing import Any

from django.utils.translation import gettext as _
from shapely.geometry import shape

from onegrid.kit.coverage import Finding
from onegrid.org import doors
from onegrid.org import queries as org
from onegrid.org.doors import Request
from onegrid.org.models import in_reader_language
from onegrid.org.roles import ADMIN_SYSTEM
from onegrid.territory import queries
from onegrid.territory.models import Redivision
from onegrid.territory.rules import drafting, words
from onegrid.territory.rules.drafting import Row, Rows
from onegrid.territory.rules.pictures import picture
from onegrid.territory.views.below import below


def frame(request: Request) -> dict[str, Any]:
    return {**doors.frame(request), "drafts": request.actor.has(ADMIN_SYSTEM)}


# The gravest, drawn; whoever makes more has more to take back first.
MOST_FAULTS = 12
# What is drawn round a fault, some two hundred metres.
NEAR = 0.002


def draft_faults(found: Redivision, current: Rows, rows: Rows) -> list[dict[str, Any]]:
    """What the coverage check finds of a draft, with its picture; the grids of today, and as the draft has them."""
    shown = queries.faults_of_draft(found, current)[:MOST_FAULTS]
    return [fault_shown(one, rows) for one in shown]


def fault_shown(one: Finding, rows: Rows) -> dict[str, Any]:
    near = [] if one.outline is None else list(drafting.around(rows, [one.outline.bounds], NEAR).values())
    drawn = picture(one.outline, [shape(row["outline"]) for row in near])
    return {
        "label": words.kind(one), "size": words.size(one), "place": words.place(one.at),
        "grids": [(row_name(rows[key]), code_shown(key)) for key in one.codes if key in rows],
        "picture": drawn, "under": below(drawn),
    }  # fmt: skip


def version_of(request: Request) -> int:
    given = request.POST.get("version", "")
    return int(given) if given.isdecimal() and len(given) < 10 else 0


def row_name(row: Row) -> str:
    """In the reader's language."""
    return in_reader_language(row["name_zh"], row["name_en"])


def place_name(code: str) -> str:
    """Town and village of a code, also of one that has ended."""
    return " ".join(place.name for place in org.area_names(code)[-2:]) if code else ""


def code_shown(key: str) -> str:
    """The code of a grid, or that it is a new one without a code yet."""
    return str(_("new")) if key.startswith("n") else key
