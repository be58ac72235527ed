"""The cast: one person per role in the small made-up county of Yunlu; plain functions, used by conftest.

Land: six grids in a row from west to east, each 0.01 degrees wide, between latitude 28.70 and 28.71.
Town 001 has the first three (its centre is the county's), town 002 the next two (with a centre of its own),
town 003 the last.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from onegrid.org import doors, queries, roles
from onegrid.org.models import Area, Posting, SignIn, Unit, User
from onegrid.org.roles import Actor

COUNTY = "511502"
TOWNS = ("511502001", "511502002", "511502003")
VILLAGES = ("511502001001", "511502001002", "511502002001", "511502002002", "511502003001")
GRIDS = (
    "511502001001001",
    "511502001001002",
    "511502001002001",
    "511502002001001",
    "511502002002001",
    "511502003001001",
)
WEST, SOUTH, STEP = 104.60, 28.70, 0.01
# Long before any clock that a test sets.
SINCE = datetime(2020, 1, 1, tzinfo=UTC)
PASSWORD = "cloud-foot-county-2026"

UNITS = (
    # code, Chinese, English, kind, area
    ("centre", "云麓县综治中心", "Yunlu Governance Centre", "centre", COUNTY),
    ("centre-002", "青溪镇综治中心", "Qingxi Town Centre", "centre", TOWNS[1]),
    ("fire", "消防救援大队", "Fire Brigade", "department", COUNTY),
    ("housing", "住房和城乡建设局", "Housing Office", "department", COUNTY),
    ("city", "综合行政执法局", "City Management Office", "department", COUNTY),
    ("station-001", "城关派出所", "Chengguan Police Station", "station", TOWNS[0]),
    ("station-002", "青溪派出所", "Qingxi Police Station", "station", TOWNS[1]),
)
PEOPLE = (
    # name in the tests, unit, area, roles
    ("worker", "centre", GRIDS[0], (roles.WORKER,)),
    ("other_worker", "centre-002", GRIDS[3], (roles.WORKER,)),
    ("grid_head", "centre", VILLAGES[0], (roles.GRID_HEAD,)),
    ("receiver", "centre", COUNTY, (roles.RECEIVER,)),
    ("dispatcher", "centre", COUNTY, (roles.DISPATCHER,)),
    ("checker", "centre", COUNTY, (roles.CHECKER,)),
    ("duty_leader", "centre", COUNTY, (roles.DUTY_LEADER,)),
    ("leader", "centre", COUNTY, (roles.LEADER,)),
    ("analyst", "centre", COUNTY, (roles.ANALYST,)),
    ("auditor", "centre", COUNTY, (roles.AUDITOR,)),
    ("handler", "city", COUNTY, (roles.HANDLER,)),
    ("other_handler", "fire", COUNTY, (roles.HANDLER,)),
    ("unit_leader", "city", COUNTY, (roles.LEADER,)),
    ("officer", "station-001", TOWNS[0], (roles.HANDLER,)),
    ("other_officer", "station-002", TOWNS[1], (roles.HANDLER,)),
    ("neighbour", "centre-002", TOWNS[1], (roles.DISPATCHER,)),
    ("neighbour_receiver", "centre-002", TOWNS[1], (roles.RECEIVER,)),
    ("neighbour_checker", "centre-002", TOWNS[1], (roles.CHECKER,)),
    ("admin_system", "centre", COUNTY, (roles.ADMIN_SYSTEM,)),
    ("admin_security", "centre", COUNTY, (roles.ADMIN_SECURITY,)),
    ("admin_audit", "centre", COUNTY, (roles.ADMIN_AUDIT,)),
)


@dataclass
class County:
    """The county with its offices and its cast; people are actors, by their name in the tests."""

    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, Actor] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Actor:
        try:
            return self.__dict__["people"][name]  # type: ignore[no-any-return]
        except KeyError:
            raise AttributeError(name) from None


def make_county() -> County:
    """Write areas, units, accounts and postings in four statements."""
    Area.objects.bulk_create(areas())
    units = {unit.code: unit for unit in Unit.objects.bulk_create(unit_rows())}
    users = {user.username: user for user in User.objects.bulk_create(user_rows())}
    postings = Posting.objects.bulk_create(
        Posting(user=users[name], unit=units[unit], area=area, roles=list(held), since=SINCE)
        for name, unit, area, held in PEOPLE
    )
    queries.forget_reference()
    return County(units, {posting.user.username: Actor.of(posting) for posting in postings})


def areas() -> list[Area]:
    """The county, three towns, five villages, six grids; only grids and the county have a boundary."""
    rows = [area(COUNTY, "county", "云麓县", "Yunlu County", square(0, len(GRIDS)))]
    towns = (("城关街道", "Chengguan"), ("青溪镇", "Qingxi"), ("白石乡", "Baishi"))
    rows += [area(code, "town", zh, en) for code, (zh, en) in zip(TOWNS, towns, strict=True)]
    villages = (
        ("东门社区", "Dongmen"),
        ("西门社区", "Ximen"),
        ("溪口村", "Xikou"),
        ("茶园村", "Chayuan"),
        ("石桥村", "Shiqiao"),
    )
    rows += [area(code, "village", zh, en) for code, (zh, en) in zip(VILLAGES, villages, strict=True)]
    rows += [
        area(code, "grid", f"第{place + 1}网格", f"Grid {place + 1}", square(place, 1))
        for place, code in enumerate(GRIDS)
    ]
    return rows


def area(code: str, kind: str, zh: str, en: str, boundary: dict[str, Any] | None = None) -> Area:
    parent = "" if kind == "county" else code[:-3]
    place = GRIDS.index(code) if code in GRIDS else 0
    lon, lat = middle(place)
    return Area(code=code, kind=kind, name_zh=zh, name_en=en, parent=parent, lon=lon, lat=lat, boundary=boundary)


def square(place: int, count: int) -> dict[str, Any]:
    """The rectangle of `count` grids from the place-th one on, as a GeoJSON geometry."""
    west, east = round(WEST + STEP * place, 6), round(WEST + STEP * (place + count), 6)
    north = round(SOUTH + STEP, 6)
    ring = [[west, SOUTH], [east, SOUTH], [east, north], [west, north], [west, SOUTH]]
    return {"type": "Polygon", "coordinates": [ring]}


def middle(place: int) -> tuple[float, float]:
    """Longitude and latitude of the middle of the place-th grid."""
    return round(WEST + STEP * (place + 0.5), 6), SOUTH + STEP / 2


def unit_rows() -> list[Unit]:
    return [Unit(code=code, name_zh=zh, name_en=en, kind=kind, area=area) for code, zh, en, kind, area in UNITS]


def user_rows() -> list[User]:
    password = make_password(PASSWORD)
    return [
        User(username=name, name_zh=f"演员{number}", name_en=name.replace("_", " ").title(), password=password)
        for number, (name, *_rest) in enumerate(PEOPLE, 1)
    ]


def post(county: County, name: str, unit: str, area: str, held: Sequence[str]) -> Actor:
    """Add one more person to the cast."""
    user = User.objects.create(username=name, name_zh=name, name_en=name, password=make_password(PASSWORD))
    posting = Posting.objects.create(user=user, unit=county.units[unit], area=area, roles=list(held))
    county.people[name] = Actor.of(posting)
    return county.people[name]


def client_of(actor: Actor, **defaults: Any) -> Client:
    """A browser in which this person is signed in; a stranger's browser for an actor without account."""
    client = Client(**defaults)
    if actor.user_id is None:
        return client
    user = User.objects.get(pk=actor.user_id)
    entry = SignIn.objects.create(user=user, posting_id=actor.posting_id, epoch=user.session_epoch)
    session = SessionStore()
    session[doors.SESSION_KEY] = entry.pk
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
    return client
