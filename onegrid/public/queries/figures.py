"""The figures of the promises as strangers may read them: whole tables, small cells kept back, no data said as such."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Sum
from django.utils.translation import gettext as _

from onegrid.events import queries as events
from onegrid.kit.few import few
from onegrid.kit.reference import reference
from onegrid.org import queries as places
from onegrid.public.models import Tally
from onegrid.public.rules import cells

# What is counted in both tables; of the pairs only the first is a count, the other becomes a rate of it.
COUNTS = ("due", "answer_due", "extended", "suspended", "reopened", "spot", "refused")
RATES = {"due": "kept", "answer_due": "answer_kept"}
REASONED = ("refused", "suspended", "ended")
VERBS = {"refused": "refuse", "suspended": "suspend", "ended": "void"}
PRIVATE, UNDECIDED = "private", "undecided"

Sums = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Cell:
    """A count; `hidden`: one to four, or one that would give such a one away. The rate is None without data."""

    amount: int
    hidden: bool = False
    rate: int | None = None


@dataclass(frozen=True)
class Line:
    """One row of a table: a leaf, a town or a reason, by code and name."""

    code: str
    name: str
    cells: dict[str, Cell]


@dataclass(frozen=True)
class Promises:
    """A month's figures; the tables of leaves and of towns have one total, and no cell is of both."""

    month: date
    counted_at: datetime
    total: dict[str, Cell]
    leaves: list[Line]
    towns: list[Line]
    looks: list[Line]
    all_looks: Cell
    reasons: dict[str, list[Line]]
    sealed: Cell


@reference(seconds=60)
def months() -> list[date]:
    """The months with figures, newest first."""
    return list(Tally.objects.order_by("-month").values_list("month", flat=True).distinct())


def usual_month() -> date | None:
    """The last whole month, else the one that runs; None before anything was counted."""
    known = months()
    return known[min(1, len(known) - 1)] if known else None


@reference(seconds=60)
def sums_of(month: date) -> list[tuple[str, str, str, bool, str, int]]:
    rows = Tally.objects.filter(month=month).values_list("measure", "town", "category", "restricted", "reason")
    return list(rows.annotate(n=Sum("amount")).order_by())


def promises(month: date) -> Promises:
    """The figures of one month in the reader's language."""
    rows = sums_of(month)
    plain = [row for row in rows if not row[3]]
    by_leaf = summed(plain, lambda row: leaf_key(row[2]))
    by_town = summed(plain, lambda row: row[1])
    looks = by_town.pop("looks", {})
    by_leaf.pop("looks", None)
    sealed = {measure: n for measure, _town, _leaf, restricted, _why, n in rows if restricted}
    counted = Tally.objects.filter(month=month).aggregate(at=Max("counted_at"))["at"]
    return Promises(
        month=month, counted_at=counted, total=totals(by_leaf),
        leaves=lines(by_leaf, leaf_name), towns=lines(by_town, place_name),
        looks=lines({"looks": looks}, place_name), all_looks=whole(looks),
        reasons={measure: reasoned(plain, measure) for measure in REASONED},
        sealed=rated(sealed.get("due", 0), sealed.get("kept", 0)),
    )  # fmt: skip


def summed(rows: list[tuple[str, str, str, bool, str, int]], key: Callable[[tuple[str, ...]], str]) -> Sums:
    """measure -> key -> amount."""
    found: Sums = {}
    for row in rows:
        amounts = found.setdefault(row[0], {})
        amounts[key(row)] = amounts.get(key(row), 0) + row[5]  # type: ignore[arg-type]
    return found


def leaf_key(code: str) -> str:
    """A listed leaf by itself; leaves that are of homes or persons only all together."""
    if not code:
        return UNDECIDED
    known = events.categories().get(code)
    return code if known is not None and known.listed else PRIVATE


def leaf_name(code: str) -> str:
    named = {PRIVATE: _("Matters of homes and persons, together"), UNDECIDED: _("Kind not decided")}
    return named.get(code) or events.category_name(code)


def place_name(code: str) -> str:
    place = places.area(code)
    return place.name if place else _("Town not known")


def lines(sums: Sums, name: Callable[[str], str]) -> list[Line]:
    """Every key with its cells, in the order of codes; each column keeps back its own small cells."""
    hidden = {measure: cells.kept_back(amounts) for measure, amounts in sums.items()}
    keys = sorted({key for measure, amounts in sums.items() if measure not in RATES.values() for key in amounts})
    return [Line(key, name(key), {measure: cell(sums, hidden, measure, key) for measure in (*COUNTS, "looks")})
            for key in keys]  # fmt: skip


def cell(sums: Sums, hidden: Mapping[str, set[str]], measure: str, key: str) -> Cell:
    amount = sums.get(measure, {}).get(key, 0)
    if key in hidden.get(measure, ()):
        return Cell(0, hidden=True)
    part = sums.get(RATES[measure], {}).get(key, 0) if measure in RATES else 0
    return Cell(amount, rate=cells.rate(part, amount) if measure in RATES else None)


def totals(sums: Sums) -> dict[str, Cell]:
    found = {measure: whole(sums.get(measure, {})) for measure in COUNTS}
    for measure, part in RATES.items():
        found[measure] = rated(sum(sums.get(measure, {}).values()), sum(sums.get(part, {}).values()))
    return found


def whole(amounts: Mapping[str, int]) -> Cell:
    known = cells.total(amounts)
    return Cell(0, hidden=True) if known is None else Cell(known)


def rated(amount: int, part: int) -> Cell:
    if few(amount):
        return Cell(0, hidden=True)
    return Cell(amount, rate=cells.rate(part, amount))


def reasoned(rows: list[tuple[str, str, str, bool, str, int]], measure: str) -> list[Line]:
    """Why it was refused, suspended or ended, most frequent first."""
    amounts = summed([row for row in rows if row[0] == measure], lambda row: row[4]).get(measure, {})
    named = {reason.code: reason.name for reason in events.reasons(VERBS[measure])}
    hidden = cells.kept_back(amounts)
    found = [
        Line(code, named.get(code, _("Another reason")), {measure: Cell(0 if code in hidden else n, code in hidden)})
        for code, n in amounts.items()
    ]
    return sorted(found, key=lambda line: (-line.cells[measure].amount, line.code))
