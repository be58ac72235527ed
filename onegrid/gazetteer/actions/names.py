"""Named places are written here: with the keys to find them and the area that holds them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import transaction

from onegrid.gazetteer.actions.given import NotGiven
from onegrid.gazetteer.actions.keeping import Kept, located, must_keep
from onegrid.gazetteer.models import Named
from onegrid.gazetteer.rules import refusing, spelling
from onegrid.kit import clock
from onegrid.org import actions as org
from onegrid.org.roles import Actor

# PostgreSQL takes 65,535 values in a statement.
BATCH = 2_000


@dataclass(frozen=True)
class NameRow:
    """A named place as a source gives it; WGS-84. Without an area the grid that holds the point is taken."""

    ref: str
    kind: str
    name_zh: str
    lon: float
    lat: float
    name_en: str = ""
    aliases: tuple[str, ...] = field(default=())
    area: str = ""
    outline: dict[str, Any] | None = None


def keep_names(actor: Actor, *, source: str, rows: Sequence[NameRow], whole: bool = False) -> Kept:
    """Write the places of a source; what is as it should be stays untouched.

    `whole`: these rows are all that the source has, others of it end today. Raises NotGiven for a row that may not be
    kept, then nothing is written.
    """
    must_keep(actor)
    # Before the transaction: the database ends one that waits for Python.
    wanted = wanted_of(rows)
    with transaction.atomic():
        return keep(actor, source, wanted, whole)


def keep(actor: Actor, source: str, wanted: dict[str, dict[str, Any]], whole: bool) -> Kept:
    found = outcome(source, wanted, whole)
    for begin in range(0, len(found.fresh), BATCH):
        write(source, found.fresh[begin : begin + BATCH])
    end_all(found.gone)
    org.record(actor, "keep_names", "named", source=source, counts=found.kept.facts)
    return found.kept


@dataclass(frozen=True)
class Outcome:
    """What writing comes to: what is new or other, what ends, the codes that are here, and the figures."""

    fresh: list[dict[str, Any]]
    gone: list[Named]
    known: Collection[str]
    kept: Kept


def wanted_of(rows: Sequence[NameRow]) -> dict[str, dict[str, Any]]:
    """What is to stand there, by code; raises NotGiven."""
    for row in rows:
        if why := name_fault(row):
            raise NotGiven({row.ref: why})
    areas = located([(row.lon, row.lat, row.area) for row in rows])
    return {row.ref: values_of(row, area) for row, area in zip(rows, areas, strict=True)}


def outcome(source: str, wanted: dict[str, dict[str, Any]], whole: bool) -> Outcome:
    known = {one.ref: one for one in Named.objects.filter(source=source).defer("keys")}
    fresh = [values for ref, values in wanted.items() if not is_same(known.get(ref), values)]
    gone = [one for one in known.values() if one.ref not in wanted and one.valid_until is None] if whole else []
    made = sum(values["ref"] not in known for values in fresh)
    return Outcome(fresh, gone, known.keys(), Kept(made, len(fresh) - made, len(wanted) - len(fresh), len(gone)))


def name_fault(row: NameRow) -> str:
    """Why this place may not be kept; empty when it may."""
    return refusing.refuse_name(" / ".join((row.name_zh, row.name_en, *row.aliases)))


def values_of(row: NameRow, area: str) -> dict[str, Any]:
    return {**asdict(row), "aliases": list(row.aliases), "area": area, "valid_until": None}


def is_same(known: Named | None, values: dict[str, Any]) -> bool:
    return known is not None and all(getattr(known, name) == value for name, value in values.items())


def write(source: str, rows: Iterable[dict[str, Any]]) -> None:
    Named.objects.bulk_create(
        [Named(source=source, keys=keys_of(values), updated_at=clock.now(), **values) for values in rows],
        update_conflicts=True,
        unique_fields=["source", "ref"],
        update_fields=["kind", "name_zh", "name_en", "aliases", "area", "lon", "lat", "outline", "keys", "valid_until",
                       "updated_at"],
    )  # fmt: skip


def keys_of(values: dict[str, Any]) -> str:
    """The keys as PostgreSQL writes a tsvector; their letters need no quoting beyond this."""
    names = [values["name_zh"], values["name_en"], *values["aliases"]]
    return " ".join(f"'{key}'" for key in spelling.keys([name for name in names if name], values["area"]))


def end_all(gone: Iterable[Named]) -> None:
    """End today what the source no longer has; what began today is as if it had never been."""
    today = clock.local(clock.now()).date()
    ids = [one.pk for one in gone]
    Named.objects.filter(pk__in=ids, valid_from__gte=today).delete()
    Named.objects.filter(pk__in=ids).update(valid_until=today, updated_at=clock.now())
