"""Load categories, emergency words, reasons, routes and templates from a folder of JSON files; idempotent."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from onegrid.events import actions


class Command(BaseCommand):
    help = (
        "Load categories.json, groups.json, emergency.json, reasons.json, routes.json and, if there, templates.json,"
        " questions.json, articles.json and retention.json from a folder."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        rows = {name: json.loads((folder / f"{name}.json").read_text()) for name in actions.CATEGORY_FILES}
        loaded = actions.load_categories(**rows)
        replies = folder / "templates.json"
        if replies.exists():
            loaded["templates"] = actions.load_templates(templates=json.loads(replies.read_text()))
        for name, load in (("questions", actions.load_questions), ("articles", actions.load_articles)):
            file = folder / f"{name}.json"
            if file.is_file():
                loaded[name] = load(json.loads(file.read_text(encoding="utf-8")))
        retention = folder / "retention.json"
        if retention.is_file():
            loaded["times of keeping"] = actions.load_retention(json.loads(retention.read_text()))
        self.stdout.write(", ".join(f"{count} {name}" for name, count in loaded.items()))
