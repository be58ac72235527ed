"""The questions of the map; each takes the actor and returns rows already scoped."""

from onegrid.insight.queries.candidates import Weighed, weighed
from onegrid.insight.queries.matter import Row, on_map, place_of, row_of, stands, why_sent
from onegrid.insight.queries.near import FARTHEST, REACHES, Nearby, nearby
from onegrid.insight.queries.outlines import (
    areas_drawn,
    areas_version,
    bounds_of,
    drawn_mark,
    drawn_version,
    outlines,
    outlines_known,
    sheet_marks,
)
from onegrid.insight.queries.points import Shown, point_of, rows_in, shown
from onegrid.insight.queries.seats import seat_of
from onegrid.insight.queries.walls import is_open, keeps_walls, listed_walls, wall_areas, wall_links, wall_of
from onegrid.insight.queries.wish import Wish, choices, wish_of
from onegrid.insight.rules.drawing import Box

__all__ = [
    "FARTHEST",
    "REACHES",
    "Box",
    "Nearby",
    "Row",
    "Shown",
    "Weighed",
    "Wish",
    "areas_drawn",
    "areas_version",
    "bounds_of",
    "choices",
    "drawn_mark",
    "drawn_version",
    "is_open",
    "keeps_walls",
    "listed_walls",
    "nearby",
    "on_map",
    "outlines",
    "outlines_known",
    "place_of",
    "point_of",
    "row_of",
    "rows_in",
    "seat_of",
    "sheet_marks",
    "shown",
    "stands",
    "wall_areas",
    "wall_links",
    "wall_of",
    "weighed",
    "why_sent",
    "wish_of",
]
