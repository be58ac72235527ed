"""`onegrid explain NUMBER`: how each deadline of an event came about, day by day."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _

from onegrid.events import queries
from onegrid.events.models import Event
from onegrid.events.rules import clock_words
from onegrid.events.rules.deadlines import Clock
from onegrid.kit import codes
from onegrid.org.roles import Actor


class Command(BaseCommand):
    help = "Print each clock of an event: start, pauses, calendar days, sum."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number")
        parser.add_argument("--language", choices=("zh-hans", "en"), default="zh-hans")

    def handle(self, *args: Any, number: str, language: str, **options: Any) -> None:
        with translation.override(language):
            self.tell(codes.tidy_number(number) or "")

    def tell(self, number: str) -> None:
        try:
            found = queries.explanation(Actor.system(), number)
        except Event.DoesNotExist:
            raise CommandError(_("There is no event with this number.")) from None
        for clock in found.clocks.clocks:
            self.stdout.write(heading(clock))
            for sentence in queries.account(clock, found.zone):
                self.stdout.write(f"  {sentence}")


def heading(clock: Clock) -> str:
    state = _("over") if clock.ended_at else _("running")
    return _("%(clock)s (%(state)s)") % {"clock": clock_words.label(clock.name), "state": state}
