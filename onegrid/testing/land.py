"""Small land for tests: grids in rows with wavy edges that neighbours share, as GeoJSON or as geometry."""

import math
from typing import Any

import numpy as np
import shapely
from shapely.geometry import Polygon

WEST, SOUTH, STEP = 104.6, 28.7, 0.005
POINTS = 12
At = tuple[float, float]


def chequers(columns: int, rows: int) -> dict[str, Polygon]:
    """Grids of about 490 by 555 m, by a code of 15 digits, south-west first; all lie in one village."""
    return {
        f"511502001001{row * columns + column + 1:03}": block(column, row, 1, 1)
        for row in range(rows)
        for column in range(columns)
    }


def land(columns: int, rows: int) -> Polygon:
    """The outline of all of them, with every point."""
    return block(0, 0, columns, rows)


def block(column: int, row: int, wide: int, high: int) -> Polygon:
    south = [at for one in range(wide) for at in across(column + one, row)]
    east = [at for one in range(high) for at in along(column + wide, row + one)]
    north = [at for one in range(wide) for at in across(column + one, row + high, end=True)]
    west = [at for one in range(high) for at in along(column, row + one, end=True)]
    return Polygon([*south, *east, *backwards(north), *backwards(west)])


def backwards(points: list[At]) -> list[At]:
    return points[::-1]


def across(column: int, row: int, *, end: bool = False) -> list[At]:
    """The southern edge of a cell from west to east, without its last point (`end`: without its first)."""
    steps = range(1, POINTS + 1) if end else range(POINTS)
    return [at(column + step / POINTS, row + wave(step, column, row)) for step in steps]


def along(column: int, row: int, *, end: bool = False) -> list[At]:
    """The western edge of a cell from south to north."""
    steps = range(1, POINTS + 1) if end else range(POINTS)
    return [at(column + wave(step, row, column), row + step / POINTS) for step in steps]


def wave(step: int, one: int, other: int) -> float:
    return 0.04 * math.sin(math.pi * step / POINTS * 3) * math.sin(one * 1.7 + other * 2.3 + 1)


def at(column: float, row: float) -> At:
    return round(WEST + column * STEP, 7), round(SOUTH + row * STEP, 7)


def moved(outline: Any, east_m: float, north_m: float) -> Any:
    """The outline somewhere else, rounded as files round it."""
    across_m = 111_320 * math.cos(math.radians(SOUTH))
    away = np.array((east_m / across_m, north_m / 110_800))
    return shapely.transform(outline, lambda pairs: (pairs + away).round(7))
