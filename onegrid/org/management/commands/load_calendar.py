"""`onegrid load_calendar 2026 2027`: fill the calendar table; may be run again, days set by hand stay."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from onegrid.kit import later
from onegrid.org import actions
from onegrid.org.models import CalendarDay
from onegrid.org.roles import Actor
from onegrid.org.rules import holidays


class Command(BaseCommand):
    help = "Fill the working calendar of these years; days set by hand stay as they are."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("years", nargs="+", type=int, metavar="YEAR")

    def handle(self, *args: Any, **options: Any) -> None:
        for year in options["years"]:
            if not 2004 <= year <= 2099:
                raise CommandError(f"{year} is not a year from 2004 to 2099")
            self.load(year)

    def load(self, year: int) -> None:
        days = holidays.days_of(year)
        written = actions.place_days(Actor.system(), days=[CalendarDay(**day._asdict()) for day in days])
        later.react("org.calendar_loaded", year=year)
        known = "provisional" if days[0].provisional else "published"
        self.stdout.write(f"{year}: {written} days, {known}")
