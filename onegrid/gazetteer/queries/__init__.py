"""The questions of this room: names as one types, what a text may mean, layers, what is near and what a box holds."""

from onegrid.gazetteer.queries.base import Base, Under, archive, base_map, picture, under, usable
from onegrid.gazetteer.queries.lying import Lying, names_in, things_in
from onegrid.gazetteer.queries.matching import Candidate, asked_beside, candidates, outside
from onegrid.gazetteer.queries.names import MOST, Found, row_of, search
from onegrid.gazetteer.queries.near import (
    InBox,
    Near,
    NearName,
    all_layers,
    count_of,
    in_box,
    layer,
    layers,
    names_near,
    near,
)
from onegrid.gazetteer.rules.ground import INKS as THEMES
from onegrid.kit.tiles import BadArchive, plain

__all__ = [
    "MOST", "THEMES", "BadArchive", "Base", "Candidate", "Found", "InBox", "Lying", "Near", "NearName", "Under",
    "all_layers", "archive", "asked_beside", "base_map", "candidates", "count_of", "in_box", "layer", "layers",
    "names_in", "names_near", "near", "outside", "picture", "plain", "row_of", "search", "things_in", "under", "usable",
]  # fmt: skip
