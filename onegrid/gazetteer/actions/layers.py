"""Layers and their things are written here."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import shapely
from django.db import transaction
from django.utils.translation import gettext as _
from shapely.geometry import shape

from onegrid.gazetteer.actions.given import NotGiven
from onegrid.gazetteer.actions.keeping import Kept, located, must_keep
from onegrid.gazetteer.models import Layer, Thing
from onegrid.gazetteer.rules import refusing
from onegrid.kit import clock, text
from onegrid.org import actions as org
from onegrid.org.roles import Actor

# PostgreSQL takes 65,535 values in a statement.
BATCH = 2_000
# The symbols that the map draws.
ICONS = ("dot", "water", "heart", "shelter", "toilet", "store", "bin", "light", "tree", "road")
CODE = re.compile(r"[a-z][a-z0-9_-]{1,30}")
KEY = re.compile(r"[a-z][a-z0-9_]{0,30}")
MOST_FIELDS, LONGEST_NAME, LONGEST_VALUE = 12, 60, 200


class OtherVersion(Exception):
    """Somebody changed the layer meanwhile."""


@dataclass(frozen=True)
class LayerWish:
    """What somebody wants a layer to be; `fields`: key, Chinese and English name of what may be kept of its things."""

    code: str
    name_zh: str
    source: str
    name_en: str = ""
    icon: str = "dot"
    public: bool = False
    licence: str = ""
    fields: tuple[tuple[str, str, str], ...] = field(default=())


@dataclass(frozen=True)
class ThingRow:
    """A thing as a source gives it; WGS-84. `attributes` outside the layer's fields are not kept."""

    ref: str
    lon: float
    lat: float
    name_zh: str = ""
    name_en: str = ""
    shape: dict[str, Any] | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def keep_layer(actor: Actor, *, wish: LayerWish, version: int | None = None) -> Layer:
    """Make the layer of this code, or change it; `version`: the one that was read, 0 for a layer to be new.

    Raises NotGiven, OtherVersion.
    """
    must_keep(actor)
    if faults := layer_faults(wish):
        raise NotGiven(faults)
    known = Layer.objects.select_for_update().filter(code=wish.code).first()
    if known and version == 0:
        raise NotGiven({"code": _("There is a layer of this code already.")})
    if known and version not in (None, known.version):
        raise OtherVersion
    values = {**asdict(wish), "fields": [dict(zip(("key", "zh", "en"), one, strict=True)) for one in wish.fields]}
    if known and all(getattr(known, name) == value for name, value in values.items()):
        return known
    layer, made = Layer.objects.update_or_create(
        code=wish.code, defaults={**values, "updated_at": clock.now(), "version": known.version + 1 if known else 1}
    )
    org.record(actor, "keep_layer", "layer", layer.pk, made=made, code=layer.code)
    return layer


def layer_faults(wish: LayerWish) -> dict[str, str]:
    """What is wrong with a layer, field by field."""
    faults = {} if CODE.fullmatch(wish.code) else {"code": _("Small letters, figures, - and _, two to thirty-one.")}
    if not text.tidy(wish.name_zh) or len(wish.name_zh) > LONGEST_NAME:
        faults["name_zh"] = _("A name of at most %(most)s characters.") % {"most": LONGEST_NAME}
    elif why := refusing.refuse_kind(f"{wish.name_zh} {wish.name_en} {wish.code}"):
        faults["name_zh"] = why
    if len(wish.name_en) > LONGEST_NAME:
        faults["name_en"] = _("A name of at most %(most)s characters.") % {"most": LONGEST_NAME}
    if not text.tidy(wish.source) or len(wish.source) > LONGEST_VALUE:
        faults["source"] = _("Where the data come from, in at most %(most)s characters.") % {"most": LONGEST_VALUE}
    if len(wish.licence) > LONGEST_VALUE:
        faults["licence"] = _("At most %(most)s characters.") % {"most": LONGEST_VALUE}
    if wish.icon not in ICONS:
        faults["icon"] = _("Choose one of the list.")
    if wrong := field_fault(wish.fields):
        faults["fields"] = wrong
    return faults


def field_fault(fields: Sequence[tuple[str, str, str]]) -> str:
    if len(fields) > MOST_FIELDS:
        return _("At most %(most)s fields.") % {"most": MOST_FIELDS}
    if len({key for key, _zh, _en in fields}) < len(fields):
        return _("Each key once.")
    for key, name_zh, name_en in fields:
        if not KEY.fullmatch(key) or not name_zh:
            return _("A field has a key in small letters and a name: “%(key)s”.") % {"key": key}
        if max(len(name_zh), len(name_en)) > LONGEST_NAME:
            return _("A name of at most %(most)s characters.") % {"most": LONGEST_NAME}
        if why := refusing.refuse_kind(f"{key} {name_zh} {name_en}"):
            return why
    return ""


@transaction.atomic
def show_layer(actor: Actor, *, code: str, version: int, public: bool, hidden: bool) -> Layer:
    """Let strangers see a layer or not, or take it off every map; raises OtherVersion, NotGiven."""
    must_keep(actor)
    layer = Layer.objects.select_for_update().filter(code=code).first()
    if layer is None:
        raise NotGiven({"code": _("There is no such layer.")})
    if layer.version != version:
        raise OtherVersion
    layer.public, layer.hidden, layer.version = public, hidden, version + 1
    layer.save(update_fields=["public", "hidden", "version"])
    org.record(actor, "show_layer", "layer", layer.pk, code=code, public=public, hidden=hidden)
    return layer


@dataclass(frozen=True)
class Outcome:
    """What writing comes to: what is new or other by code, the codes that go, and the figures."""

    fresh: dict[str, dict[str, Any]]
    gone: set[str]
    kept: Kept


def keep_things(actor: Actor, *, layer: str, rows: Sequence[ThingRow], whole: bool = False) -> Kept:
    """Write the things of a layer; what is as it should be stays untouched, with `whole` others of it go.

    Raises NotGiven for an unknown layer, or for a row that may not be kept: then nothing is written.
    """
    must_keep(actor)
    # Before the transaction: the database ends one that waits for Python.
    wanted = wanted_of(rows)
    with transaction.atomic():
        return keep(actor, layer, wanted, whole)


def keep(actor: Actor, code: str, wanted: dict[str, dict[str, Any]], whole: bool) -> Kept:
    layer = there(Layer.objects.select_for_update().filter(code=code).first())
    found = outcome(layer, wanted, whole)
    write(layer, found.fresh)
    layer.things.filter(ref__in=found.gone).delete()
    if found.fresh or found.gone:
        Layer.objects.filter(pk=layer.pk).update(updated_at=clock.now())
    org.record(actor, "keep_things", "layer", layer.pk, code=code, counts=found.kept.facts)
    return found.kept


def there(layer: Layer | None) -> Layer:
    if layer is None:
        raise NotGiven({"layer": _("There is no such layer.")})
    return layer


def wanted_of(rows: Sequence[ThingRow]) -> dict[str, dict[str, Any]]:
    """What is to stand there, by code; raises NotGiven."""
    for row in rows:
        if why := thing_fault(row):
            raise NotGiven({row.ref: why})
    areas = located([(row.lon, row.lat, "") for row in rows])
    return {row.ref: thing_values(row, area) for row, area in zip(rows, areas, strict=True)}


def outcome(layer: Layer, wanted: dict[str, dict[str, Any]], whole: bool) -> Outcome:
    allowed = {one["key"] for one in layer.fields}
    for values in wanted.values():
        values["attributes"] = {key: value for key, value in values["attributes"].items() if key in allowed}
    known = {one.ref: one for one in layer.things.all()}
    fresh = {ref: values for ref, values in wanted.items() if not is_same(known.get(ref), values)}
    gone = set(known) - set(wanted) if whole else set()
    made = len(set(fresh) - set(known))
    return Outcome(fresh, gone, Kept(made, len(fresh) - made, len(wanted) - len(fresh), len(gone)))


def thing_fault(row: ThingRow) -> str:
    """Why this thing may not be kept; empty when it may."""
    return refusing.refuse_name(" / ".join((row.name_zh, row.name_en, *row.attributes.values())))


def thing_values(row: ThingRow, area: str) -> dict[str, Any]:
    edges = dict(zip(("west", "south", "east", "north"), edges_of(row.shape), strict=True))
    kept = {key: value[:LONGEST_VALUE] for key, value in row.attributes.items() if value}
    return {
        "name_zh": row.name_zh, "name_en": row.name_en, "area": area, "lon": row.lon, "lat": row.lat,
        "shape": row.shape, "attributes": kept, **edges,
    }  # fmt: skip


def edges_of(geometry: dict[str, Any] | None) -> tuple[float | None, float | None, float | None, float | None]:
    if geometry is None:
        return (None, None, None, None)
    west, south, east, north = shapely.bounds(shape(geometry))
    return (float(west), float(south), float(east), float(north))


def is_same(known: Thing | None, values: dict[str, Any]) -> bool:
    return known is not None and all(getattr(known, name) == value for name, value in values.items())


def write(layer: Layer, fresh: Mapping[str, dict[str, Any]]) -> None:
    rows = [Thing(layer=layer, ref=ref, updated_at=clock.now(), **values) for ref, values in fresh.items()]
    names = next(iter(fresh.values()), {})
    for begin in range(0, len(rows), BATCH):
        Thing.objects.bulk_create(
            rows[begin : begin + BATCH], update_conflicts=True, unique_fields=["layer", "ref"],
            update_fields=[*names, "updated_at"],
        )  # fmt: skip
