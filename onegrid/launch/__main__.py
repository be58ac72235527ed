"""`python -m onegrid.launch`: what the Makefile calls."""

import argparse
import os
import sys

from onegrid.launch.house import CannotStart
from onegrid.launch.places import PROJECT, Places, read_lines
from onegrid.launch.postgres import NoPostgres
from onegrid.launch.prepare import NotPrepared, prepare
from onegrid.launch.supervisor import Stopped, Supervisor


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
    adds = parser.add_subparsers(required=True)

    demo = adds.add_parser("demo", help="start the whole house in the foreground")
    demo.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
    demo.set_defaults(do=run_demo)

    adds.add_parser("prepare", help="front end, translations, static files").set_defaults(do=run_prepare)

    around = adds.add_parser("with-postgres", help="run a command with a throw-away PostgreSQL")
    around.add_argument("--durable", action="store_true", help="write to disk as in service (for benchmarks)")
    around.add_argument("command", nargs=argparse.REMAINDER)
    around.set_defaults(do=run_with_postgres)

    beside = adds.add_parser("run", help="a management command beside the running demo")
    beside.add_argument("command", nargs=argparse.REMAINDER)
    beside.set_defaults(do=run_beside)
    return parser


def run_demo(parts: argparse.Namespace) -> int:
    from onegrid.launch.demo import demo

    return demo(parts.port)


def run_prepare(_: argparse.Namespace) -> int:
    from onegrid.launch.demo import say

    supervisor, places = Supervisor(say), Places.chosen()
    places.make()
    supervisor.listen()
    try:
        prepare(places, supervisor)
    except Stopped:
        return 130
    finally:
        supervisor.stop()
    return 0


def run_with_postgres(parts: argparse.Namespace) -> int:
    from onegrid.launch.with_postgres import with_postgres

    return with_postgres([part for part in parts.command if part != "--"], durable=parts.durable)


def run_beside(parts: argparse.Namespace) -> int:
    """Become the management command, with the environment that the running house has written down."""
    kept = read_lines(Places.chosen().var / "house.env")
    if not kept:
        raise CannotStart("No demo was started here yet: `make demo`.")
    environment = {**os.environ, "ONEGRID_VAR": str(Places.chosen().var), **kept}
    os.chdir(PROJECT)
    os.execve(sys.executable, [sys.executable, "-m", "onegrid", *parts.command], environment)


if __name__ == "__main__":
    sys.exit(main())
