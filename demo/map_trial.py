"""The real counties in a database of their own: `make trial OF=map DATA=folder`.

Their tree of codes and their outlines (map coordinates, seven of thirteen broken) come in through the same commands as
anywhere; villages and grids inside are cut by seed. Printed: what was found, what was mended, how long it took.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import mapping, shape

from demo import make_grids
from onegrid.kit import geo

TABLES = ("provinces_2023", "cities_2023", "areas_2023", "pilot_townships_2023", "pilot_regions_2021")
SEED = 2019
# So many grids to a village, by chance.
LEAST_GRIDS, MOST_GRIDS = 1, 3
SHOWN = 30


def main(data: Path) -> int:
    counties = data / "boundaries" / "pilot_counties_2019.geojson"
    if not counties.exists():
        print(f"There is no {counties}. Say where the data lie: make trial OF=map DATA=folder")
        return 1
    run("migrate", "--verbosity", "0")
    for table in TABLES:
        run("load_areas", str(data / "divisions" / f"{table}.csv"), "--write")
    print("\nWithout a word on their system the outlines are refused:")
    run("load_boundaries", str(counties), "--level", "county", fails=True)
    print("\nStated as GCJ-02:")
    run("load_boundaries", str(counties), "--level", "county", "--system", "gcj02", "--write")
    with tempfile.TemporaryDirectory(prefix="onegrid-map-") as folder:
        for code, file in cut(counties, data / "divisions" / "pilot_regions_2021.csv", Path(folder)):
            print(f"\nVillages and grids of {code}, in GCJ-02 and without a word on it:")
            run("load_boundaries", str(file), "--write")
    print("\nHow the grids cover all of it:")
    run("coverage", fails=None)
    return 0


def run(*words: str, fails: bool | None = False) -> None:
    """One command of the house with its last lines and its time; `fails`: None when both are right."""
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "onegrid", *words], capture_output=True, text=True, check=False, encoding="utf-8",
        env={"ONEGRID_MODE": "test", **os.environ},
    )  # fmt: skip
    lines = (done.stdout + done.stderr).strip().splitlines()
    for line in [f"… {len(lines) - SHOWN} lines before"] * (len(lines) > SHOWN) + lines[-SHOWN:]:
        print(f"  {line}")
    print(f"  [{time.perf_counter() - began:.1f} s] onegrid {words[0]} {Path(words[1]).name if words[1:] else ''}")
    if fails is not None and (done.returncode != 0) is not fails:
        raise SystemExit(f"onegrid {' '.join(words)} ended with {done.returncode}")


def cut(counties: Path, regions: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    """For each county a file with as many villages as its table has, and their grids."""
    villages: dict[str, list[tuple[str, str]]] = defaultdict(list)
    with regions.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if row["level"] == "village":
                villages[row["code"][:6]].append((row["code"], row["name"]))
    chance = np.random.default_rng(SEED)
    for feature in json.loads(counties.read_text(encoding="utf-8"))["features"]:
        code, drawn = (
            feature["properties"]["adcode"],
            shapely.make_valid(shape(feature["geometry"]), method="structure"),
        )
        land = shapely.transform(drawn, lambda at: np.column_stack(geo.wgs_from_gcj(at[:, 0], at[:, 1])).round(7))
        file = folder / f"{code}.geojson"
        features = list(areas(shapely.make_valid(land, method="structure"), villages[code], chance))
        file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
        yield code, file


def areas(land: Any, villages: list[tuple[str, str]], chance: np.random.Generator) -> Iterator[dict[str, Any]]:
    outlines = make_grids.cells(land, len(villages), SEED)
    for (code, name), outline in zip(villages, outlines, strict=True):
        yield feature_of(code, name, outline)
        count = int(chance.integers(LEAST_GRIDS, MOST_GRIDS + 1))
        grids = make_grids.cells(outline, count, SEED) if count > 1 else [outline]
        for number, grid in enumerate(grids, 1):
            yield feature_of(f"{code}{number:03}", f"{name}{number}", grid)


def feature_of(code: str, name: str, outline: Any) -> dict[str, Any]:
    gcj = shapely.transform(outline, lambda at: np.column_stack(geo.gcj_from_wgs(at[:, 0], at[:, 1])))
    return {"type": "Feature", "properties": {"code": code, "name": name}, "geometry": mapping(gcj)}


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).absolute()))
