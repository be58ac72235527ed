"""Who serves the grids, with how much work: counts per grid, quartiles per town; no person is counted."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles

from django.db.models import Count

from onegrid.events import queries as events
from onegrid.kit.literal import literal
from onegrid.org import queries as org
from onegrid.org.models import Area, Posting
from onegrid.org.roles import WORKER
from onegrid.territory.queries.coverage import today

TOWN_DIGITS = 9


@dataclass(frozen=True)
class Load:
    """One grid: what it has to serve, and who serves it. Sealed matters are not counted."""

    code: str
    name: str
    households: int | None
    open: int
    recent: int
    workers: int
    phone: str


@dataclass(frozen=True)
class Spread:
    """Lower quartile, median and upper quartile of a count over the grids of a town; None without two grids."""

    lower: float
    median: float
    upper: float


@dataclass(frozen=True)
class Town:
    """A town with its grids, and how evenly the work lies on them."""

    code: str
    name: str
    grids: list[Load]

    @property
    def households(self) -> Spread | None:
        return spread([one.households for one in self.grids if one.households is not None])

    @property
    def open(self) -> Spread | None:
        return spread([one.open for one in self.grids])

    @property
    def recent(self) -> Spread | None:
        return spread([one.recent for one in self.grids])

    @property
    def unserved(self) -> list[Load]:
        """Grids without a worker."""
        return [one for one in self.grids if not one.workers]

    @property
    def silent(self) -> list[Load]:
        """Grids for which nobody can be called: neither they nor an area above have a phone."""
        return [one for one in self.grids if not one.phone]


def spread(counts: Sequence[int]) -> Spread | None:
    return Spread(*quantiles(counts, n=4, method="inclusive")) if len(counts) > 1 else None


def balance(code: str) -> list[Town]:
    """The towns in an area (empty: everywhere) with the load of each grid; five statements at any size."""
    matters = events.load_of_grids(code)
    workers = workers_by_area(code)
    phones = dict(today().exclude(phone="").values_list("code", "phone"))
    rows = today().filter(code__gte=literal(code), code__lt=literal(code + ":"), kind=Area.GRID).order_by("code")
    towns: dict[str, list[Load]] = defaultdict(list)
    for one in rows.only("code", "name_zh", "name_en", "households"):
        open_now, recent = matters.get(one.code, (0, 0))
        towns[one.code[:TOWN_DIGITS]].append(
            Load(
                one.code, one.name, one.households, open_now, recent, workers.get(one.code, 0), phone(one.code, phones)
            )
        )
    return [Town(town, name_of(town), grids) for town, grids in towns.items()]


def workers_by_area(code: str) -> dict[str, int]:
    """Active grid workers by the grid that they are posted to."""
    rows = org.active(Posting.objects.filter(roles__contains=[WORKER], user__is_active=True))
    rows = rows.filter(area__gte=literal(code), area__lt=literal(code + ":"))
    return dict(rows.values_list("area").annotate(Count("user", distinct=True)))


def phone(code: str, phones: dict[str, str]) -> str:
    """What residents dial: the grid's own number, or that of the nearest area above."""
    return next((phones[code[:end]] for end in range(len(code), 1, -1) if code[:end] in phones), "")


def name_of(code: str) -> str:
    place = org.area(code)
    return place.name if place else code
