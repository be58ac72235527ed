"""`onegrid receive_mail`: take in one message from standard input, or all new ones of a Maildir folder."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from onegrid.events import actions

# What a mail server understands (sysexits.h): try again later; this is no message.
LATER, NO_MESSAGE = 75, 65


class Command(BaseCommand):
    help = "Take in e-mail: one message on standard input (as a pipe of the mail server), or --maildir FOLDER."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--maildir", type=Path, help="a Maildir folder; what was taken in moves from new/ to cur/")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path | None = options["maildir"]
        if folder is None:
            self.stdout.write(self.one(sys.stdin.buffer.read()))
            return
        if not (folder / "new").is_dir() or not (folder / "cur").is_dir():
            raise CommandError(f"{folder} is no Maildir folder")
        left = [path for path in sorted((folder / "new").iterdir()) if not self.taken(path, folder / "cur")]
        if left:
            raise CommandError(f"{len(left)} messages stay in new/", returncode=LATER)

    def one(self, raw: bytes) -> str:
        """One line: what became of it and its number, never the sender and never words."""
        try:
            done = actions.receive_letter(raw)
        except actions.NoLetter as error:
            raise CommandError(str(error), returncode=NO_MESSAGE) from error
        except DatabaseError as error:
            raise CommandError("the database does not answer", returncode=LATER) from error
        return f"{done.outcome} {done.number}".strip()

    def taken(self, path: Path, seen: Path) -> bool:
        """Whether it was taken in and moved away; what fails stays where it is and is tried again next time."""
        try:
            self.stdout.write(f"{path.name} {self.one(path.read_bytes())}")
        except CommandError as error:
            self.stderr.write(f"{path.name} {error}")
            return False
        path.rename(seen / f"{path.name.partition(':')[0]}:2,S")
        return True
