"""`onegrid token USER…`: print a bearer token of each person, in demo mode only."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from onegrid.org import actions, queries
from onegrid.org.roles import Actor


class Command(BaseCommand):
    help = "Print a bearer token for a demo account; with several names one line each: name, tab, token."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("usernames", nargs="+", metavar="USER")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.MODE == "production":
            raise CommandError("Tokens of others are made in demo mode only; everybody makes his own on /me/.")
        names = options["usernames"]
        for name in names:
            text = self.token(name)
            self.stdout.write(text if len(names) == 1 else f"{name}\t{text}")

    def token(self, username: str) -> str:
        posting = queries.posting_of_user(username)
        if posting is None:
            raise CommandError(f"{username} has no active posting")
        text, _row = actions.make_token(Actor.of(posting), name="command line")
        return text
