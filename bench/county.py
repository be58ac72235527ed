"""The county of the benchmark: 540 grids, 68 leaves, 29 offices and one person per role and office."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from onegrid.events import actions as events
from onegrid.events.models import Category
from onegrid.org import actions, queries, roles
from onegrid.org.models import Area, Posting, Unit, User
from onegrid.org.roles import Actor

COUNTY = "511502"
TOWNS, VILLAGES, GRIDS = 12, 15, 3
TOWN_CENTRES = 4
WEST, SOUTH, STEP, ACROSS = 104.40, 28.60, 0.01, 27
HERE = Path(__file__).parent
DEMO_CATEGORIES = HERE.parent / "demo" / "categories" / "categories.json"
WORDS: dict[str, Any] = json.loads((HERE / "words.json").read_text(encoding="utf-8"))
WORKING_HOURS = (4, 8, 8, 16)


@dataclass(frozen=True)
class Person:
    """One posting as rows refer to it."""

    posting: int
    user: int
    unit: int


def make_county() -> None:
    """Write everything that hardly changes: areas, offices, people, categories, routes, calendar."""
    Area.objects.bulk_create(areas())
    units = {unit.code: unit for unit in Unit.objects.bulk_create(offices())}
    for unit in units.values():
        for role in wanted_roles(unit):
            user = User.objects.create(username=f"{unit.code}-{role}", name_zh=f"{unit.name_zh}{role}", demo=True)
            Posting.objects.create(user=user, unit=unit, area=unit.area, roles=[role])
    queries.forget_reference()
    make_categories()


def wanted_roles(unit: Unit) -> tuple[str, ...]:
    centre = (roles.RECEIVER, roles.DISPATCHER, roles.CHECKER, roles.DUTY_LEADER, roles.LEADER)
    return centre if unit.kind == Unit.CENTRE else (roles.HANDLER,)


def grid_codes() -> list[str]:
    return [
        f"{COUNTY}{100 + town}{200 + village}{grid + 1:03d}"
        for town in range(TOWNS) for village in range(VILLAGES) for grid in range(GRIDS)
    ]  # fmt: skip


def areas() -> list[Area]:
    """County, towns, villages; grids as squares in rows of 27."""
    grids = grid_codes()
    inner = dict.fromkeys([COUNTY, *(code[:9] for code in grids), *(code[:12] for code in grids)])
    kinds = {6: Area.COUNTY, 9: Area.TOWN, 12: Area.VILLAGE}
    rows = [
        Area(code=code, kind=kinds[len(code)], name_zh=f"区域{code[6:]}", parent=code[:-3] if len(code) > 6 else "")
        for code in inner
    ]  # fmt: skip
    return rows + [
        Area(code=code, kind=Area.GRID, name_zh=f"网格{code[6:]}", parent=code[:12], boundary=square(place))
        for place, code in enumerate(grids)
    ]


def corner(place: int) -> tuple[float, float]:
    return round(WEST + STEP * (place % ACROSS), 6), round(SOUTH + STEP * (place // ACROSS), 6)


def square(place: int) -> dict[str, Any]:
    west, south = corner(place)
    east, north = round(west + STEP, 6), round(south + STEP, 6)
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


def offices() -> list[Unit]:
    """The county's centre, four town centres, twelve departments, a station per town."""
    towns = sorted({code[:9] for code in grid_codes()})
    rows = [("centre", Unit.CENTRE, COUNTY)]
    rows += [(f"centre-{town[6:]}", Unit.CENTRE, town) for town in towns[:TOWN_CENTRES]]
    rows += [(f"department-{number:02d}", Unit.DEPARTMENT, COUNTY) for number in range(1, 13)]
    rows += [(f"station-{town[6:]}", Unit.STATION, town) for town in towns]
    return [Unit(code=code, name_zh=f"单位{code}", name_en=code, kind=kind, area=area) for code, kind, area in rows]


def make_categories() -> None:
    """The demo county's tree where it is there, else one composed of the words; routes by group of leaves."""
    leaves = json.loads(DEMO_CATEGORIES.read_text("utf-8")) if DEMO_CATEGORIES.exists() else composed()
    groups = sorted({leaf["code"][:2] for leaf in leaves})
    routes = [
        {"area": COUNTY, "category": group, "unit": f"department-{number % 12 + 1:02d}"}
        for number, group in enumerate(["", *groups])
    ]
    names = [{"code": group, "name_zh": f"类{group}", "name_en": f"Group {group}"} for group in groups]
    events.load_categories(categories=leaves, groups=names, emergency=[], reasons=[], routes=routes)


def composed() -> list[dict[str, Any]]:
    return [
        leaf(f"{at:02d}{under:02d}01", subject, english)
        for at, (_name, english, subjects) in enumerate(WORDS["groups"], start=1)
        for under, subject in enumerate(subjects, start=1)
    ]


def leaf(code: str, subject: str, english: str) -> dict[str, Any]:
    """A leaf with a dozen keywords, as many as a real one has."""
    pieces = [[subject, 4], [subject[:2], 2], [subject[-2:], 2], *([f"{subject[:2]}{n}", 1] for n in range(9))]
    return {
        "code": code, "name_zh": subject, "name_en": f"{english} {code}", "level": 4, "kinds_zh": "", "kinds_en": "",
        "restricted": False, "keywords_zh": pieces, "keywords_en": [],
        "accept": {"kind": "clock", "amount": 4, "unit": "working_hours"},
        "handle": {"kind": "clock", "amount": 5, "unit": "working_days"},
    }  # fmt: skip


def subjects() -> dict[str, str]:
    """Leaf -> what people say of it."""
    said = [subject for _zh, _en, group in WORDS["groups"] for subject in group]
    leaves = [code for code in Category.objects.order_by("code").values_list("code", flat=True) if len(code) == 6]
    return {code: said[at % len(said)] for at, code in enumerate(leaves)}


def people() -> dict[str, Person]:
    """Posting by "unit code-role"."""
    rows = Posting.objects.values_list("user__username", "pk", "user_id", "unit_id")
    return {name: Person(posting, user, unit) for name, posting, user, unit in rows}


def tokens() -> dict[str, str]:
    """A fresh bearer token per person, by user name."""
    rows = Posting.objects.select_related("user", "unit")
    return {row.user.username: actions.make_token(Actor.of(row), name="bench")[0] for row in rows}
