"""The verbs of this room: read a file, keep names, layers and things, show a layer or not."""

from onegrid.gazetteer.actions.given import NotGiven
from onegrid.gazetteer.actions.importing import Fault, Reading, read_names, read_things
from onegrid.gazetteer.actions.keeping import Kept
from onegrid.gazetteer.actions.layers import (
    ICONS,
    LayerWish,
    OtherVersion,
    ThingRow,
    keep_layer,
    keep_things,
    layer_faults,
    show_layer,
    thing_fault,
)
from onegrid.gazetteer.actions.names import NameRow, keep_names, name_fault
from onegrid.gazetteer.actions.rezoning import rezone
from onegrid.gazetteer.actions.stored import SYSTEMS, import_names, import_things

__all__ = [
    "ICONS", "SYSTEMS", "Fault", "Kept", "LayerWish", "NameRow", "NotGiven", "OtherVersion", "Reading", "ThingRow",
    "import_names", "import_things", "keep_layer", "keep_names", "keep_things", "layer_faults",
    "name_fault", "read_names", "read_things", "rezone", "show_layer", "thing_fault",
]  # fmt: skip
