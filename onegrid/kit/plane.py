"""Degrees laid on a flat plane in metres, so that areas, widths and distances of a county can be measured."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

# WGS-84 (EPSG 7030); CGCS2000 differs by less than 0.2 mm.
LONG_AXIS, SQUARE = 6_378_137.0, 0.006_694_379_990_14

Outlines = NDArray[Any]


@dataclass(frozen=True)
class Plane:
    """Metres east and north of a point; straight lines stay straight, so what touches in degrees touches here.

    Right within 0.6 % half a degree of latitude away from its middle, and better nearer to it.
    """

    longitude: float
    latitude: float
    metres_east: float
    metres_north: float

    @classmethod
    def around(cls, outlines: Iterable[Any]) -> "Plane":
        """Return the plane at the middle of these outlines."""
        west, south, east, north = shapely.total_bounds(np.asarray(list(outlines), dtype=object))
        return cls.at((west + east) / 2, (south + north) / 2)

    @classmethod
    def at(cls, longitude: float, latitude: float) -> "Plane":
        """Return the plane that touches the ellipsoid at this point."""
        sine = math.sin(math.radians(latitude))
        under = 1 - SQUARE * sine * sine
        across = LONG_AXIS / math.sqrt(under) * math.cos(math.radians(latitude))
        along = LONG_AXIS * (1 - SQUARE) / under**1.5
        return cls(longitude, latitude, math.radians(across), math.radians(along))

    def flat(self, outlines: Any) -> Any:
        """Return geometries (one or an array) in metres."""
        return shapely.transform(outlines, lambda at: (at - self._origin) * self._scale)

    def degrees(self, outlines: Any) -> Any:
        """Return geometries in metres as degrees again."""
        return shapely.transform(outlines, lambda at: at / self._scale + self._origin)

    @property
    def _origin(self) -> NDArray[np.float64]:
        return np.array([self.longitude, self.latitude])

    @property
    def _scale(self) -> NDArray[np.float64]:
        return np.array([self.metres_east, self.metres_north])
