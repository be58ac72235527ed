"""P10: a city of 5,459 grids with 850,000 points, loaded from the database, asked where points lie, shown on a map.

`python -m bench.city` runs against DATABASE_URL, whose areas it replaces; bench gives it a copy.
"""

import os
import subprocess
import sys
from typing import Any

import django
import numpy as np
import shapely

from bench import database
from bench.watch import Watch
from demo import make_grids

GRIDS, POINTS_PER_EDGE, SEED = 5459, 26, 2026
TOWNS, GRIDS_PER_VILLAGE = 160, 6
LAND = (104.0, 28.2, 105.2, 29.2)
ASKED = 1_000_000
COUNTY = "510100"
MOST_START_S, LEAST_PER_SECOND = 1.0, 100_000
NAME = "onegrid_bench_city"
NAMES = {"county": "城", "town": "街道", "village": "社区", "grid": "网格"}


def measured(base: str, source: str) -> str:
    """Measure in a process of its own on a copy; return the line for the report."""
    environment = {**os.environ, "DATABASE_URL": database.copied(base, source, NAME), "ONEGRID_MODE": "test"}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "bench.city"], env=environment, cwd=database.ROOT, check=True, text=True,
            stdout=subprocess.PIPE,
        )  # fmt: skip
    finally:
        database.dropped(base, NAME)
    return done.stdout.strip()


def city() -> list[dict[str, Any]]:
    """The areas: one county, its towns and villages without lines of their own, and grids that share their edges."""
    outlines = make_grids.wiggled(make_grids.cells(shapely.box(*LAND), GRIDS, SEED), POINTS_PER_EDGE)
    rows = [area(COUNTY, "county", "", shapely.coverage_union_all(np.array(outlines)))]
    middles = shapely.get_coordinates(shapely.centroid(outlines))
    for town, inside in enumerate(halved(middles, np.arange(GRIDS), TOWNS), start=1):
        rows.append(area(f"{COUNTY}{town:03}", "town", COUNTY, None))
        for village, grids in enumerate(halved(middles, inside, len(inside) // GRIDS_PER_VILLAGE), start=1):
            code = f"{COUNTY}{town:03}{village:03}"
            rows.append(area(code, "village", code[:9], None))
            rows += [area(f"{code}{n:03}", "grid", code, outlines[grid]) for n, grid in enumerate(grids, start=1)]
    return rows


def halved(middles: Any, places: Any, parts: int, axis: int = 0) -> list[Any]:
    """So many groups of neighbours, of about the same number: cut in two again and again, across and along."""
    if parts <= 1:
        return [places]
    ordered = places[np.argsort(middles[places, axis], kind="stable")]
    cut = round(len(ordered) * (parts // 2) / parts)
    one, other = halved(middles, ordered[:cut], parts // 2, 1 - axis), ordered[cut:]
    return one + halved(middles, other, parts - parts // 2, 1 - axis)


def area(code: str, kind: str, parent: str, outline: Any) -> dict[str, Any]:
    from onegrid.kit.outlines import as_geojson

    boundary = None if outline is None else as_geojson(outline)
    return {"code": code, "kind": kind, "name_zh": NAMES[kind] + code[6:], "parent": parent, "boundary": boundary}


def main() -> None:
    django.setup()
    from bench import city_map
    from onegrid.org import actions, queries
    from onegrid.org.models import Area
    from onegrid.org.roles import Actor
    from onegrid.territory import queries as territory

    rows = city()
    points = sum(len(row["boundary"]["coordinates"][0]) for row in rows if row["kind"] == "grid")
    Area.objects.all().delete()
    with Watch() as placing:
        actions.place_areas(Actor.system(), rows=rows)
    queries.forget_reference()
    queries.drawn.cache_clear()
    with Watch() as starting:
        land = queries.territory()
    chance = np.random.default_rng(SEED)
    east = LAND[0] + (LAND[2] - LAND[0]) * chance.random(ASKED)
    north = LAND[1] + (LAND[3] - LAND[1]) * chance.random(ASKED)
    with Watch() as asking:
        found = land.locate_many(east, north)
    assert (found.grid >= 0).mean() > 0.99
    with Watch() as checking:
        faults = territory.check_area(COUNTY)
    assert not faults
    met = starting.cpu <= MOST_START_S and ASKED / asking.cpu >= LEAST_PER_SECOND
    print(
        f"P10  {GRIDS} grids, {points} points: start {starting.wall:.2f} s ({starting.cpu:.2f} CPU) ≤ {MOST_START_S} s;"
        f" {ASKED / asking.wall:,.0f} points/s ({ASKED / asking.cpu:,.0f} per CPU s) ≥ {LEAST_PER_SECOND:,}"
        f"  {'met' if met else 'NOT MET'}\n"
        f"     coverage check {checking.wall:.2f} s ({checking.cpu:.2f} CPU); placed in {placing.wall:.1f} s"
        f"{city_map.told(rows, LAND, COUNTY)}"
    )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onegrid.settings")
    main()
