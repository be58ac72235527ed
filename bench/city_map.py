"""The map of the city of P10: its outlines drawn, sent and kept in memory, and 200,000 open matters as clusters."""

import gzip
import json
import math
import os
import random
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client

from bench import fresh, machine
from bench.fresh import PACKED
from bench.watch import Watch

MATTERS, BATCH, SEED = 200_000, 20_000, 2026
# The middle of the city, and a large screen.
MIDDLE, SCREEN = (104.6, 28.7), (1440, 900)
# As frontend/map/_style.ts asks for sheets of towns.
ASKED = {"village": (10.8, 14.5), "grid": (12.3, 24)}
MOST_BYTES = 100_000
TIMES = 20
Box = tuple[float, float, float, float]


def told(rows: list[dict[str, Any]], land: Box, county: str) -> str:
    """The lines of the report."""
    lines = [drawn(), *sent(), kept(), *clustered(rows, land, county)]
    return "".join(f"\n     {line}" for line in lines)


def drawn() -> str:
    """What the worker does when the areas changed, when the name of one did, and when none did."""
    from onegrid.insight import actions
    from onegrid.insight.models import OutlineSheet
    from onegrid.org.models import Area

    whole = fresh.measured("draw")
    sizes = [len(packed) for packed in OutlineSheet.objects.values_list("packed", flat=True)]
    Area.objects.filter(pk__in=Area.objects.filter(kind="grid").values("pk")[:1]).update(name_zh="另一网格")
    with Watch() as one:
        few = actions.draw_outlines()
    with Watch() as none:
        actions.draw_outlines()
    return (
        f"outlines drawn by the worker in {whole['wall']:.2f} s ({whole['cpu']:.2f} CPU), {fresh.memory(whole)}:"
        f" {len(sizes)} sheets, {sum(sizes) / 1000:.0f} KB packed, the largest {max(sizes) / 1000:.0f};"
        f" after one name {one.cpu:.2f} CPU s, {few} written; nothing changed: {none.wall * 1000:.0f} ms"
    )


def sent() -> list[str]:
    """What a screen loads at some zooms when it has nothing yet; what a sheet costs."""
    client = Client()
    towns = json.loads(client.get("/map/outlines/town/").content)["parts"]
    screens = [screen(towns, zoom) for zoom in (8, 11, 12.3, 12.5, 14, 16)]
    addresses = [f"/map/outlines/{level}/{part[0]}/" for level in ASKED for part in towns]
    with Watch() as asking:
        marks = {address: client.get(address, headers=PACKED).headers["ETag"] for address in addresses}
    with Watch() as again:
        for address, mark in marks.items():
            assert client.get(address, headers={"If-None-Match": mark}).status_code == 304
    each, known = (one.cpu * 1000 / len(addresses) for one in (asking, again))
    return [
        f"a screen of {SCREEN[0]} × {SCREEN[1]} in the middle loads {'; '.join(screens)}",
        f"a sheet takes {each:.1f} CPU ms of the web process, one that the browser has {known:.1f}",
    ]


def kept() -> str:
    """What a web process holds of the city after its works."""
    works = {"all sheets sent": "send", "points located": "locate", "the editor opened": "edit"}
    return "a web process: " + "; ".join(
        f"{words} {fresh.memory(fresh.measured(name))}" for words, name in works.items()
    )


def screen(towns: list[Any], zoom: float) -> str:
    west, south, east, north = seen(zoom)
    inside = [one[0] for one in towns if one[1] <= east and one[3] >= west and one[2] <= north and one[4] >= south]
    wanted = ["county/", "town/"]
    wanted += [f"{level}/{home}/" for level, (low, high) in ASKED.items() if low <= zoom < high for home in inside]
    size = sum(len(Client().get(f"/map/outlines/{one}", headers=PACKED).content) for one in wanted)
    return f"at zoom {zoom} {size / 1000:.0f} KB in {len(wanted)} sheets"


def seen(zoom: float) -> Box:
    wide, high = (pixels / 512 * 360 / 2**zoom / 2 for pixels in SCREEN)
    high *= math.cos(math.radians(MIDDLE[1]))
    return MIDDLE[0] - wide, MIDDLE[1] - high, MIDDLE[0] + wide, MIDDLE[1] + high


def clustered(rows: list[dict[str, Any]], land: Box, county: str) -> list[str]:
    """The answer of the map for the whole city and for boxes of a screen, asked by a dispatcher over all of it."""
    from onegrid.insight import actions

    laid(rows)
    with Watch() as counting:
        cells = actions.count_cells()
    client, database = signed_in(county), machine.Database(os.environ["DATABASE_URL"])
    boxes = [("the whole city", land, zoom) for zoom in (7, 9, 10, 12.4, 14)]
    boxes += [("a screen", seen(zoom), zoom) for zoom in (9.5, 10.5, 11.5, 12.4, 13)]
    answers = [answered(client, database, *one) for one in boxes]
    database.close()
    return [f"{MATTERS} open matters: {cells} cells counted in {counting.wall:.1f} s", *answers]


def answered(client: Client, database: machine.Database, what: str, box: Box, zoom: float) -> str:
    address = f"/map/points/?box={','.join(f'{edge:.5f}' for edge in box)}&zoom={zoom}"
    body, before = client.get(address).content, database.times()
    with Watch() as asking:
        for _ in range(TIMES):
            client.get(address)
    behind = machine.spent(before, database.times()) / TIMES
    found = json.loads(body)
    met = "met" if len(body) <= MOST_BYTES else "NOT MET"
    return (
        f"{what} at zoom {zoom}: {len(found['cells'])} cells, {len(found['points'])} points, {len(body) / 1000:.1f} KB"
        f" ({len(gzip.compress(body, 6)) / 1000:.1f} packed) ≤ {MOST_BYTES // 1000} KB {met},"
        f" CPU ms {asking.cpu * 1000 / TIMES:.1f} + {behind:.1f}"
    )


def signed_in(county: str) -> Client:
    """The county's dispatcher of the copied database, moved to the city."""
    from bench.rows import signed_in
    from onegrid.org import queries
    from onegrid.org.models import Posting, Unit

    Unit.objects.filter(code="centre").update(area=county)
    Posting.objects.filter(user__username="centre-dispatcher").update(area=county)
    queries.forget_reference()
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = signed_in("centre-dispatcher")
    return client


def laid(rows: list[dict[str, Any]]) -> None:
    """Open matters by chance in the boxes of the grids; one of five is late."""
    from bench import population
    from bench.lives import Batch
    from onegrid.events.models import Event

    grids = [(row["code"], corners(row["boundary"])) for row in rows if row["kind"] == "grid"]
    last = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        population.each_default(cursor, "SET DEFAULT '{}'")
    made = Maker(grids, last)
    for _ in range(0, MATTERS, BATCH):
        population.copy(Batch(event=[made.row() for _ in range(BATCH)]))
    with connection.cursor() as cursor:
        population.each_default(cursor, "DROP DEFAULT")
        cursor.execute("VACUUM ANALYZE events_event")


def corners(boundary: dict[str, Any]) -> Box:
    east, north = zip(*boundary["coordinates"][0], strict=True)
    return min(east), min(north), max(east), max(north)


class Maker:
    """Rows of open matters in the order of population.COLUMNS."""

    def __init__(self, grids: list[tuple[str, Box]], last: int) -> None:
        from bench.county import subjects
        from onegrid.kit import clock
        from onegrid.org.models import Unit

        self.chance, self.grids, self.last, self.now = random.Random(SEED), grids, last, clock.now()
        self.owner, self.leaf = Unit.objects.get(code="centre").pk, next(iter(subjects()))

    def row(self) -> tuple[Any, ...]:
        from onegrid.kit import geo

        self.last += 1
        area, (west, south, east, north) = self.chance.choice(self.grids)
        lon, lat = self.chance.uniform(west, east), self.chance.uniform(south, north)
        due = self.now + timedelta(hours=self.chance.uniform(-20, 80))
        return (
            self.last, f"C{self.last:09}", area, area, self.chance.choice(("reported", "accepted")), self.leaf, True,
            4, False, self.owner, None, self.owner, [self.owner], [], False, "路灯不亮", lon, lat, *geo.cells(lon, lat),
            "inside", "", self.now, None, self.now, due, due, None, 1,
        )  # fmt: skip
