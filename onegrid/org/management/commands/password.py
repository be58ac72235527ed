"""`onegrid password USER`: give an account a new password, typed or piped in; its sessions end."""

import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from onegrid.org import actions, queries
from onegrid.org.roles import Actor


class Command(BaseCommand):
    help = "Set the password of an account, for the first administrators and for lost passwords."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", metavar="USER")

    def handle(self, *args: Any, **options: Any) -> None:
        user = queries.user(options["username"])
        if user is None:
            raise CommandError(f"There is no account {options['username']}.")
        typed = getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
        try:
            actions.set_password(Actor.system(), user=user, password=typed)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
