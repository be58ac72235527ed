"""`onegrid load_demo`: the demo county, its calendar, categories and accounts; never in production."""

import json
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError

from onegrid.kit import clock

DEMO = settings.BASE_DIR / "demo"
# One login for each of these roles is printed.
SHOWN = (
    "receiver",
    "dispatcher",
    "checker",
    "duty_leader",
    "leader",
    "handler",
    "worker",
    "grid_head",
    "analyst",
    "auditor",
    "admin_system",
    "admin_security",
    "admin_audit",
)


class Command(BaseCommand):
    help = "Load the demo county and make its accounts with the password in DEMO_PASSWORD."

    def handle(self, *args: Any, **options: Any) -> None:
        password = os.environ.get("DEMO_PASSWORD", "")
        if settings.MODE == "production":
            raise CommandError("Demo accounts are refused in production.")
        if not password:
            raise CommandError("DEMO_PASSWORD is not set.")
        call_command("load_county", DEMO / "county", demo_password=password, stdout=self.stdout)
        year = clock.now().year
        call_command("load_calendar", year - 1, year, year + 1, stdout=self.stdout)
        if "load_categories" in get_commands():
            call_command("load_categories", DEMO / "categories", stdout=self.stdout)
        if "draw_outlines" in get_commands():
            call_command("draw_outlines", stdout=self.stdout)
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        (settings.VAR_DIR / "demo-logins.txt").write_text(logins(DEMO / "county"), encoding="utf-8")


def logins(folder: Path) -> str:
    """One line per role: role, user name, Chinese name and unit, English name and unit, parted by tabs."""
    units = {row["code"]: row for row in rows(folder / "units.json")}
    first: dict[str, str] = {}
    for person in rows(folder / "people.json"):
        for posting in person["postings"]:
            unit = units[posting["unit"]]
            fields = (
                person["username"],
                person["name_zh"],
                unit["name_zh"],
                person["name_en"],
                unit["name_en"],
            )
            for role in posting["roles"]:
                first.setdefault(role, "\t".join((role, *fields)))
    return "".join(first[role] + "\n" for role in SHOWN if role in first)


def rows(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return found
