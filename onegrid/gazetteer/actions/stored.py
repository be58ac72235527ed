"""Files of things and of names that a job looks at and another one writes (`org.actions.imports`)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, Max
from django.utils.translation import gettext as _

from onegrid.gazetteer.actions import importing, layers, names
from onegrid.gazetteer.actions.given import NotGiven
from onegrid.gazetteer.actions.importing import Reading
from onegrid.gazetteer.actions.keeping import Kept
from onegrid.gazetteer.actions.layers import ThingRow
from onegrid.gazetteer.actions.names import NameRow
from onegrid.gazetteer.adapters import files
from onegrid.gazetteer.models import Layer, Named
from onegrid.kit.progress import Tell
from onegrid.org import actions as org
from onegrid.org import queries as places
from onegrid.org.actions import Bad, Looked, Work
from onegrid.org.models import Import
from onegrid.org.roles import Actor

# So many of what would change are shown; every bad row is kept by itself.
MOST_ROWS = 100
UNFIT = (files.Unreadable, NotGiven)
# Names of their own, the same in every language.
SYSTEMS = {"wgs84": "WGS-84", "cgcs2000": "CGCS2000", "gcj02": "GCJ-02", "bd09": "BD-09"}


@dataclass(frozen=True)
class Compared:
    """What a file comes to: its figures, the codes of what would be written, those of them that are here already."""

    kept: Kept
    fresh: Collection[str]
    here: Collection[str]


def import_things(import_id: int) -> None:
    org.work_import(import_id, Work(read_things, looked_at_things, write_things, state_of_layer, UNFIT))


def import_names(import_id: int) -> None:
    org.work_import(import_id, Work(read_names, looked_at_names, write_names, state_of_names, UNFIT))


def read_things(one: Import, raw: bytes, tell: Tell) -> Reading[ThingRow]:
    tell("read", 0, 0)
    layer = layers.there(Layer.objects.filter(code=one.target).first())
    return importing.read_things(files.read(one.name, raw), fields=layer.fields, system=one.asked["system"], tell=tell)


def read_names(one: Import, raw: bytes, tell: Tell) -> Reading[NameRow]:
    tell("read", 0, 0)
    return importing.read_names(files.read(one.name, raw), system=one.asked["system"], tell=tell)


def looked_at_things(one: Import, reading: Reading[ThingRow]) -> Looked:
    layer = layers.there(Layer.objects.filter(code=one.target).first())
    found = layers.outcome(layer, layers.wanted_of(reading.rows), whole(one))
    here = set(layer.things.filter(ref__in=list(found.fresh)).values_list("ref", flat=True))
    said = {row.ref: [f"{key}: {value}" for key, value in row.attributes.items() if value] for row in reading.rows}
    return looked(one, reading, Compared(found.kept, found.fresh, here), said)


def looked_at_names(one: Import, reading: Reading[NameRow]) -> Looked:
    found = names.outcome(one.target, names.wanted_of(reading.rows), whole(one))
    fresh = [values["ref"] for values in found.fresh]
    said = {row.ref: [*([row.name_en] if row.name_en else []), *row.aliases] for row in reading.rows}
    return looked(one, reading, Compared(found.kept, fresh, found.known), said)


def looked(one: Import, reading: Reading[Any], found: Compared, said: Mapping[str, list[str]]) -> Looked:
    kept, bad = found.kept, [Bad(fault.line, fault.ref, fault.why) for fault in reading.faults]
    counts = [(_("new"), kept.made), (_("changed"), kept.changed), (_("as it is"), kept.same)]
    counts += [(_("ends"), kept.ended)] if whole(one) else []
    facts = [_("Coordinate system %(system)s, as stated.") % {"system": SYSTEMS[one.asked["system"]]}]
    if reading.ignored:
        facts.append(_("Columns that are not kept: %(names)s") % {"names": ", ".join(reading.ignored)})
    fresh = set(found.fresh)
    shown = [(line, row) for line, row in zip(reading.lines, reading.rows, strict=True) if row.ref in fresh][:MOST_ROWS]
    report = {
        "counts": [{"label": label, "n": n, "late": False} for label, n in counts]
        + [{"label": _("not taken"), "n": len(bad), "late": bool(bad)}],
        "facts": facts, "all_rows": len(fresh),
        "rows": [
            {"line": line, "code": row.ref, "name": row.name_zh, "words": [f"{row.lon}, {row.lat}", *said[row.ref]],
             "mark": _("changed") if row.ref in found.here else _("new")}
            for line, row in shown
        ],
    }  # fmt: skip
    return Looked(report, bad, stops(one, reading))


def stops(one: Import, reading: Reading[Any]) -> str:
    """Nothing fits; or things would end only because their row is bad."""
    if not reading.rows:
        return _("No row fits: nothing to write.")
    if whole(one) and reading.faults:
        return _(
            "A file that is all there is must be without bad rows, else what they mean would end: mend it, or take the "
            "mark away."
        )
    return ""


def whole(one: Import) -> bool:
    return bool(one.asked.get("whole"))


def write_things(actor: Actor, one: Import, reading: Reading[ThingRow]) -> dict[str, int]:
    return layers.keep_things(actor, layer=one.target, rows=reading.rows, whole=whole(one)).facts


def write_names(actor: Actor, one: Import, reading: Reading[NameRow]) -> dict[str, int]:
    return names.keep_names(actor, source=one.target, rows=reading.rows, whole=whole(one)).facts


def state_of_layer(one: Import, lock: bool) -> str:
    grids = state_of_grids(lock)
    rows = Layer.objects.filter(code=one.target)
    layer = layers.there((rows.select_for_update() if lock else rows).first())
    return f"{layer.version} {layer.updated_at.isoformat()} {grids}"


def state_of_names(one: Import, lock: bool) -> str:
    grids = state_of_grids(lock)
    if lock:
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE gazetteer_named IN SHARE ROW EXCLUSIVE MODE")
    found = Named.objects.filter(source=one.target).aggregate(n=Count("pk"), at=Max("updated_at"))
    return f"{found['n']} {found['at']} {grids}"


def state_of_grids(lock: bool) -> str:
    """A row whose point lies in no grid is bad: what the file comes to hangs on the outlines of today too.

    Areas are locked before anything of this room, as a re-division writes them.
    """
    if lock:
        org.hold_areas()
    _day, outlines = places.outlines_version(places.day())
    return outlines
