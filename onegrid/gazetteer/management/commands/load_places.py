"""`onegrid load_places PATH …`: named places or the things of a layer from a file, or all of a folder.

A folder holds layers.json, names.geojson or .csv, and for each layer CODE.geojson or CODE.csv.
"""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from onegrid.gazetteer import actions, queries
from onegrid.gazetteer.actions import Kept, LayerWish, NameRow, Reading, ThingRow
from onegrid.gazetteer.adapters import files
from onegrid.kit import systems
from onegrid.org.roles import Actor

SHOWN = 50
SYSTEM = Actor.system()
ENDINGS = (".geojson", ".csv")


class Command(BaseCommand):
    help = "Load named places or things from CSV or GeoJSON; without --write it only says what it would do."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path)
        target = parser.add_mutually_exclusive_group()
        target.add_argument("--names", metavar="SOURCE", help="the file holds named places of this source")
        target.add_argument("--layer", metavar="CODE", help="the file holds things of this layer")
        parser.add_argument("--system", choices=systems.SYSTEMS, default=systems.WGS84)
        parser.add_argument("--whole", action="store_true", help="what the file does not have ends")
        parser.add_argument("--write", action="store_true", help="write it; without this nothing is written")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["path"]
        try:
            if path.is_dir():
                self.folder(path, options)
            elif options["names"]:
                self.names(path, options["names"], options)
            elif options["layer"]:
                self.things(path, options["layer"], options)
            else:
                raise CommandError("say --names SOURCE or --layer CODE")
        except (files.Unreadable, OSError, ValueError, actions.NotGiven) as error:
            raise CommandError(f"{path}: {error}") from error
        if not options["write"]:
            self.stdout.write("nothing was written: --write does it")

    def folder(self, path: Path, options: dict[str, Any]) -> None:
        layers = [wish_of(row) for row in json.loads((path / "layers.json").read_text(encoding="utf-8"))]
        for wish in layers if options["write"] else ():
            actions.keep_layer(SYSTEM, wish=wish)
        self.stdout.write(f"{len(layers)} layers")
        for name, load in [("names", self.names), *((wish.code, self.things) for wish in layers)]:
            for file in (path / f"{name}{ending}" for ending in ENDINGS):
                if file.exists() and (name == "names" or queries.layer(SYSTEM, name)):
                    load(file, name, options)

    def names(self, path: Path, source: str, options: dict[str, Any]) -> None:
        reading = actions.read_names(files.read(path.name, path.read_bytes()), system=options["system"])
        self.told(path, reading, options)
        if options["write"]:
            self.kept(actions.keep_names(SYSTEM, source=source, rows=reading.rows, whole=options["whole"]))

    def things(self, path: Path, code: str, options: dict[str, Any]) -> None:
        layer = queries.layer(SYSTEM, code)
        if layer is None:
            raise CommandError(f"there is no layer {code}")
        rows = files.read(path.name, path.read_bytes())
        reading = actions.read_things(rows, fields=layer.fields, system=options["system"])
        self.told(path, reading, options)
        if options["write"]:
            self.kept(actions.keep_things(SYSTEM, layer=code, rows=reading.rows, whole=options["whole"]))

    def told(self, path: Path, reading: Reading[NameRow] | Reading[ThingRow], options: dict[str, Any]) -> None:
        for fault in reading.faults[:SHOWN]:
            self.stdout.write(f"{path.name}, line {fault.line}: {fault.why}")
        if reading.ignored:
            self.stdout.write(f"{path.name}: columns that are not kept: {', '.join(reading.ignored)}")
        self.stdout.write(f"{path.name}: {len(reading.rows)} rows fit, {len(reading.faults)} do not")
        if options["whole"] and reading.faults:
            raise CommandError(f"{path}: with --whole every row must fit, else what a bad row means would end")

    def kept(self, kept: Kept) -> None:
        self.stdout.write(f"{kept.made} made, {kept.changed} changed, {kept.same} as they were, {kept.ended} ended")


def wish_of(row: dict[str, Any]) -> LayerWish:
    return LayerWish(**{**row, "fields": tuple(tuple(one) for one in row.get("fields", ()))})
