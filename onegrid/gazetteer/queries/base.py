"""The base map under the areas, as the settings name it: an archive of our own, tiles of others, or none.

One that cannot be used is told in the log and by `check`, and the maps stand without it.
"""

import gzip
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from onegrid.gazetteer.rules import credit, ground, squares
from onegrid.gazetteer.rules.squares import Box
from onegrid.kit import geo, tiles, vector_tile

log = logging.getLogger("onegrid.map")
# So many zooms deeper than the deepest tiles a picture is only blurred; drawn lines stay sharp.
LARGER, LARGER_DRAWN = 3, 7
RASTER_SIDE, VECTOR_SIDE = 256, 512
Place = Callable[[float, float], tuple[float, float]]


@dataclass(frozen=True)
class Base:
    """Layers from below to above, each the same tiles at one address or several; none: no base map.

    `rules` say what of vector tiles is drawn, `shifted` tiles lie in GCJ-02, `credit` is HTML and safe.
    """

    layers: list[list[str]] = field(default_factory=list)
    zooms: tuple[int, int] = (0, 18)
    box: Box | None = None
    rules: tuple[ground.Rule, ...] = ()
    shifted: bool = False
    own: bool = False
    credit: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "layers": self.layers, "zooms": self.zooms, "box": self.box, "shifted": self.shifted,
            "credit": self.credit, "rules": [rule.as_json() for rule in self.rules],
        }  # fmt: skip


def base_map() -> Base:
    """The base map as it can be drawn now, in the reader's language."""
    found = archive()
    if found is not None:
        tile = reverse("gazetteer:base_tile", args=[found.tag, 0, 0, 0]).replace("0/0/0", "{z}/{x}/{y}")
        said = settings.MAP_ATTRIBUTION or found.attribution
        rules = ground.rules_for(found.vector_layers) if found.vector else ()
        return Base([[tile]], found.zooms, found.box, rules, own=True, credit=credited(said))
    if not settings.MAP_LAYERS:
        return Base(credit=credited(settings.MAP_ATTRIBUTION if settings.MAP_PMTILES else ""))
    tianditu = any("tianditu.gov.cn" in host for host in settings.MAP_HOSTS)
    said = settings.MAP_ATTRIBUTION or (_("Tianditu") if tianditu else "")
    shifted = settings.MAP_SYSTEM == "gcj02"
    return Base(settings.MAP_LAYERS, (0, settings.MAP_DEEPEST), shifted=shifted, credit=credited(said))


def credited(said: str) -> str:
    """Whose map it is and under which number it was approved."""
    number = _("Map approval number: {n}").replace("{n}", settings.MAP_APPROVAL) if settings.MAP_APPROVAL else ""
    return " · ".join(credit.safe(one) for one in (said, number) if one)


def archive() -> tiles.Archive | None:
    """The archive of the settings as the file is now; None without one, or where it cannot be used."""
    path = settings.MAP_PMTILES
    if not path:
        return None
    try:
        seen = os.stat(path)
    except OSError:
        return opened(path, (0, 0, 0))
    return opened(path, (seen.st_ino, seen.st_size, seen.st_mtime_ns))


@lru_cache(maxsize=1)
def opened(path: str, _written: tuple[int, int, int]) -> tiles.Archive | None:
    """Opened again when another file lies there."""
    try:
        return usable(path)
    except tiles.BadArchive as error:
        log.warning("MAP_PMTILES: %s; maps are drawn without it", error)
        return None


def usable(path: str) -> tiles.Archive:
    """The archive, if this house can draw it; else BadArchive says why not."""
    found = tiles.Archive(path)
    if found.vector and not ground.rules_for(found.vector_layers):
        known = ", ".join(sorted(found.vector_layers)) or "none"
        raise tiles.BadArchive(f"its layers ({known}) are those of neither Protomaps nor OpenMapTiles")
    return found


# --- under drawings without a map library: the wall, one's own grid, faults of the land ----------------------


@dataclass(frozen=True)
class Square:
    """One tile as a picture in a drawing."""

    address: str
    x: float
    y: float
    wide: float
    high: float


@dataclass(frozen=True)
class Under:
    """What lies under a drawing; `drawn` has the colours of the page, pictures of others have their own."""

    squares: list[Square]
    drawn: bool
    credit: str


def under(place: Place, box: Box, wide: float, *, theme: str = "light", others: bool = True) -> Under:
    """The base map below a drawing of a box that is `wide` points wide.

    Without `others` tiles come from this house only: who looks at a place where somebody is must not tell others.
    """
    found = base_map()
    side = VECTOR_SIDE if found.rules else RASTER_SIDE
    wanted = squares.zoom_for(box, wide, side)
    zoom = min(wanted, found.zooms[1])
    seen = bool(found.layers) and (others or found.own) and wanted - zoom <= (LARGER_DRAWN if found.rules else LARGER)
    chosen = list(squares.covering(box, zoom)) if seen and zoom >= found.zooms[0] else []
    shown = [square(place, found, layer, zoom, x, y, theme) for layer in found.layers for x, y in chosen]
    return Under(shown, bool(found.rules), found.credit if shown or not found.layers else credited(""))


def square(place: Place, found: Base, layer: list[str], zoom: int, x: int, y: int, theme: str) -> Square:
    corner = partial(corner_of, zoom, shifted=found.shifted)
    left, top = place(*corner(x, y))
    right, bottom = place(*corner(x + 1, y + 1))
    address = layer[(x + y) % len(layer)]
    for mark, number in (("{z}", zoom), ("{x}", x), ("{y}", y)):
        address = address.replace(mark, str(number))
    # A little larger than it is: no line of the ground shows between two tiles.
    return Square(address + (f"{theme}.svg" if found.rules else ""), left, top, round(right - left + 0.4, 1),
                  round(bottom - top + 0.4, 1))  # fmt: skip


def corner_of(zoom: int, x: int, y: int, *, shifted: bool) -> tuple[float, float]:
    lon, lat = squares.longitude(x, zoom), squares.latitude(y, zoom)
    if shifted:
        east, north = geo.wgs_from_gcj(lon, lat)
        return float(east), float(north)
    return lon, lat


def picture(found: tiles.Archive, zoom: int, x: int, y: int, theme: str) -> bytes | None:
    """A vector tile as a drawing, gzipped; None where the archive has none. Raises BadArchive."""
    stored = found.tile(zoom, x, y)
    if stored is None:
        return None
    rules = ground.rules_for(found.vector_layers)
    try:
        features = vector_tile.read(tiles.plain(stored) if found.gzipped else stored, {rule.layer for rule in rules})
    except vector_tile.BadTile as error:
        raise tiles.BadArchive("a tile is damaged; copy the file again") from error
    return gzip.compress(ground.picture(features, rules, zoom, theme).encode(), 6)
