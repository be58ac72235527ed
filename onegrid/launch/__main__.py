"""`python -m onegrid.launch`: what the Makefile calls."""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from onegrid.launch.house import CannotStart
from onegrid.launch.places import Places
from onegrid.launch.postgres import NoPostgres
from onegrid.launch.prepare import NotPrepared, prepare
from onegrid.launch.supervisor import Stopped, Supervisor

Adds = Any  # argparse gives its list of commands no public type


def main() -> int:
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    parts = commands().parse_args()
    try:
        return int(parts.do(parts) or 0)
    except (CannotStart, NoPostgres, NotPrepared) as error:
        print(f"onegrid: {error}", file=sys.stderr)
        return 1


def commands() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m onegrid.launch", description=__doc__)
    adds: Adds = parser.add_subparsers(required=True)
    add_starts(adds)
    add_upkeep(adds)
    return parser


def add_starts(adds: Adds) -> None:
    demo = adds.add_parser("demo", help="start the whole house in the foreground")
    trial = adds.add_parser("trial", help="real messages in a house of their own")
    trial.add_argument("data", type=Path, help="folder that holds tipdm2020c/messages_raw.csv")
    for starts, do in ((demo, run_demo), (trial, run_trial)):
        starts.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
        starts.set_defaults(do=do)

    around = adds.add_parser("with-postgres", help="run a command with a throw-away PostgreSQL")
    around.add_argument("--durable", action="store_true", help="write to disk as in service (for benchmarks)")
    around.add_argument("command", nargs=argparse.REMAINDER)
    around.set_defaults(do=run_with_postgres)


def add_upkeep(adds: Adds) -> None:
    adds.add_parser("prepare", help="front end, translations, static files").set_defaults(do=run_prepare)
    adds.add_parser("check", help="all that reads the code without running it").set_defaults(do=run_check)
    adds.add_parser("tools", help="name the Debian packages that tests lack").set_defaults(do=run_tools)
    adds.add_parser("backup", help="database and files into var/backups").set_defaults(do=run_backup)

    back = adds.add_parser("restore", help="a backup into a fresh database, compared with its manifest")
    back.add_argument("--file", type=Path, help="folder of the backup; without it the latest")
    back.add_argument("--try", action="store_true", dest="only_try", help="prove the backup, change nothing")
    back.set_defaults(do=run_restore)

    words = adds.add_parser("messages", help="translations: extract, compile or check")
    words.add_argument("verb", choices=("extract", "compile", "check"))
    words.set_defaults(do=run_messages)


def run_demo(parts: argparse.Namespace) -> int:
    from onegrid.launch.demo import demo

    return demo(Places.chosen(), parts.port)


def run_trial(parts: argparse.Namespace) -> int:
    from onegrid.launch.trial import trial

    return trial(parts.data, parts.port)


def run_prepare(_: argparse.Namespace) -> int:
    places = Places.chosen()
    places.make()
    return watched(lambda supervisor: prepare(places, supervisor))


def run_with_postgres(parts: argparse.Namespace) -> int:
    from onegrid.launch.with_postgres import with_postgres

    return with_postgres([part for part in parts.command if part != "--"], durable=parts.durable)


def run_messages(parts: argparse.Namespace) -> int:
    from onegrid.launch import messages

    if parts.verb == "extract":
        messages.extract_all()
    elif parts.verb == "compile":
        print(f"{messages.compile_all()} catalogues compiled")
    else:
        faults = messages.missing()
        print("\n".join(faults) or "every text is translated")
        return 1 if faults else 0
    return 0


def run_check(_: argparse.Namespace) -> int:
    from onegrid.launch.checks import check

    return check()


def run_tools(_: argparse.Namespace) -> int:
    from onegrid.launch.tools import tools

    return tools()


def run_backup(_: argparse.Namespace) -> int:
    from onegrid.launch.backup import backup

    return watched(lambda supervisor: str(backup(Places.chosen(), supervisor)))


def run_restore(parts: argparse.Namespace) -> int:
    from onegrid.launch.backup import restore

    return watched(lambda watch: restore(Places.chosen(), watch, parts.file, only_try=parts.only_try))


def watched(work: Callable[[Supervisor], object]) -> int:
    """Do some work with a supervisor around it that ends whatever the work has started."""
    from onegrid.launch.demo import say

    supervisor = Supervisor(say)
    supervisor.listen()
    try:
        work(supervisor)
    except Stopped:
        return 130
    finally:
        supervisor.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
