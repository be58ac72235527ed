"""Questions of this room."""

from onegrid.territory.queries.balance import Load, Spread, Town, balance
from onegrid.territory.queries.carrying import Carrying, carrying, heirs_of, names, things, units
from onegrid.territory.queries.coverage import check_area, check_with, key_of, land
from onegrid.territory.queries.new_faults import GRAVE, faults_of_deed, faults_of_draft
from onegrid.territory.queries.people import ended_with, who_lost, without_grid
from onegrid.territory.queries.preview import Matters, Preview, codes_of, preview
from onegrid.territory.queries.redivisions import (
    READERS,
    conflicts,
    current_rows,
    draft_rows,
    due,
    history,
    in_effect,
    known_codes,
    outcome_of,
    redivision,
    redivisions,
    villages,
    workers_to_choose,
)
from onegrid.territory.queries.statistics import NEW, OLD, Twin, counted, twins

__all__ = [
    "GRAVE",
    "NEW",
    "OLD",
    "READERS",
    "Carrying",
    "Load",
    "Matters",
    "Preview",
    "Spread",
    "Town",
    "Twin",
    "balance",
    "carrying",
    "check_area",
    "check_with",
    "codes_of",
    "conflicts",
    "counted",
    "current_rows",
    "draft_rows",
    "due",
    "ended_with",
    "faults_of_deed",
    "faults_of_draft",
    "heirs_of",
    "history",
    "in_effect",
    "key_of",
    "known_codes",
    "land",
    "names",
    "outcome_of",
    "preview",
    "redivision",
    "redivisions",
    "things",
    "twins",
    "units",
    "villages",
    "who_lost",
    "without_grid",
    "workers_to_choose",
]
