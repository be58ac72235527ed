"""The outlines of all areas as sheets ready to be sent; `actions.draw_outlines` draws them, no reader waits for it."""

import datetime
import gzip
import json
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.db.models import Case, F, JSONField, Max, Min, When

from onegrid.insight.models import OutlineSheet
from onegrid.insight.rules.drawing import Box
from onegrid.insight.rules.outlines import Drawn
from onegrid.insight.rules.sheets import BY_TOWN, EDITION, TOWN_DIGITS, around
from onegrid.kit.reference import reference
from onegrid.org import queries as org
from onegrid.org.models import Area

KINDS = (Area.COUNTY, Area.TOWN, Area.VILLAGE, Area.GRID, Area.SPECIAL)


def outlines_known(level: str, home: str) -> tuple[str, str] | None:
    """The mark of a sheet and the state of the areas it shows, without its bytes; None where there is none."""
    return OutlineSheet.objects.filter(level=level, home=home).values_list("etag", "version").first()


def outlines(level: str, home: str) -> tuple[str, str, bytes] | None:
    """The same with its bytes, packed by gzip."""
    found = OutlineSheet.objects.filter(level=level, home=home).values_list("etag", "version", "packed").first()
    return None if found is None else (found[0], found[1], bytes(found[2]))


@reference(seconds=3600)
def drawn_mark(version: str) -> str | None:
    """The mark of all that is drawn town by town, as the sheet of the towns says it; None if another is drawn now."""
    row = OutlineSheet.objects.filter(level="town", version=version).first()
    return json.loads(gzip.decompress(row.packed))["mark"] if row else None


def drawn_version() -> str | None:
    """The state of the areas that the sheets show; None before the first are drawn."""
    return OutlineSheet.objects.values_list("version", flat=True).first()


def sheet_marks() -> dict[tuple[str, str], tuple[int, str]]:
    """Level and home of every sheet -> its id and mark."""
    rows = OutlineSheet.objects.values_list("level", "home", "pk", "etag")
    return {(level, home): (pk, etag) for level, home, pk, etag in rows}


def areas_version(today: datetime.date) -> str:
    """What changes with every area of today: the codes and the transactions that wrote them; and how they are drawn."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(md5(string_agg(code || ' ' || xmin::text, ',' ORDER BY code)), '') FROM org_area"
            " WHERE valid_from <= %s AND (valid_until IS NULL OR valid_until > %s)",
            [today, today],
        )
        return f"{EDITION} {cursor.fetchone()[0]}"


def areas_drawn(today: datetime.date) -> Iterator[Drawn]:
    """The areas of today with their outlines, from the WKB where it is there: a city is read ten times faster."""
    rows = Area.objects.filter(kind__in=KINDS, valid_from__lte=today).exclude(valid_until__lte=today).order_by("code")
    slow = Case(When(outline__isnull=True, then=F("boundary")), default=None, output_field=JSONField())
    named = ("code", "kind", "name_zh", "name_en", "lon", "lat", "home")
    for row in rows.annotate(slow=slow).values(*named, "outline", "slow"):
        outline, slow_one = row.pop("outline"), row.pop("slow")
        yield Drawn(**row, outline=bytes(outline) if outline else slow_one)


@reference(seconds=300)
def bounds_of(area: str) -> Box | None:
    """West, south, east, north of all that is drawn in this area, else of its points; None without any."""
    boxes = whole_box(area) if len(area) <= TOWN_DIGITS else boxes_of_lines(area)
    if not boxes:
        places = [one for code, one in org.areas().items() if code.startswith(area)]
        boxes = [(one.lon, one.lat, one.lon, one.lat) for one in places if one.lon is not None and one.lat is not None]
    return around(boxes) if boxes else None


def whole_box(area: str) -> list[Box]:
    rows = OutlineSheet.objects.filter(level__in=BY_TOWN, home__gte=area, home__lt=area + ":", west__isnull=False)
    found = rows.aggregate(west=Min("west"), south=Min("south"), east=Max("east"), north=Max("north"))
    return [] if found["west"] is None else [(found["west"], found["south"], found["east"], found["north"])]


def boxes_of_lines(area: str) -> list[Box]:
    return [box_of(one["geometry"]) for one in features_in(area, "grid") if one["geometry"]["type"] != "Point"]


def box_of(geometry: dict[str, Any]) -> Box:
    """The box of a line, or of several."""
    lines = [geometry["coordinates"]] if geometry["type"] == "LineString" else geometry["coordinates"]
    east, north = zip(*(pair for line in lines for pair in line), strict=True)
    return min(east), min(north), max(east), max(north)


def features_in(area: str, level: str) -> list[dict[str, Any]]:
    """The lines and names of an area; sheets that touch its own are read too, for each line stands in one only."""
    rows = OutlineSheet.objects.filter(level=level)
    if level in BY_TOWN:
        place = org.area(area)
        own = rows.filter(home=((place.home if place else "") or area)[:TOWN_DIGITS]).first()
        if own is None:
            return []
        rows = rows.filter(west__lte=own.east, east__gte=own.west, south__lte=own.north, north__gte=own.south)
    found = [one for row in rows.order_by("home") for one in json.loads(gzip.decompress(row.packed))["features"]]
    return [one for one in found if any(one["properties"].get(side, "").startswith(area) for side in ("c", "d"))]
