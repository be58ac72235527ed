"""The base map below a small map of a fault."""

from onegrid.gazetteer.queries import Under, under
from onegrid.territory.rules.pictures import WIDE, Picture


def below(drawn: Picture | None) -> Under | None:
    if drawn is None:
        return None
    window = drawn.window
    return under(window.place, (window.west, window.south, window.east, window.north), WIDE)
