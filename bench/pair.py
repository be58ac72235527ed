"""Two trees side by side: `python bench/pair.py ../other .`, requests in turns, so that a drifting machine harms both.

Each tree is served from its own folder by its own interpreter over a PostgreSQL of its own; they answer in turns, some
hundred requests at a time. The median of the turns is printed, and its ratio to the first tree's.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

EVENTS, WARM = 100_000, 200
PORT = 8160
HERE = Path(__file__).resolve()


class Tree:
    """A served tree, told by a pipe which row to run."""

    def __init__(self, folder: Path, port: int, pipe: Path) -> None:
        os.mkfifo(pipe)
        python = folder / ".venv/bin/python"
        command = [str(python), "-m", "onegrid.launch", "with-postgres", "--durable", "--", str(python), str(HERE)]
        self.name = folder.name
        self.process = subprocess.Popen(
            [*command, "--serve", str(port), str(pipe)], cwd=folder, stdout=subprocess.PIPE, text=True
        )
        self.said("ready")
        self.orders = pipe.open("w")

    def said(self, word: str) -> list[str]:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith(word):
                return line.split()[1:]
        raise SystemExit(f"{self.name} ended")

    def ask(self, row: str, count: int) -> tuple[float, float]:
        """CPU milliseconds per request: web, database."""
        print(row, count, file=self.orders, flush=True)
        web, data, refused = self.said("took")
        if int(refused):
            raise SystemExit(f"{self.name} refused {refused} requests of {row}")
        return float(web), float(data)

    def close(self) -> None:
        self.orders.close()
        self.process.wait()


def compare(trees: list[Tree], row: str, turns: int, count: int) -> None:
    for tree in trees:
        tree.ask(row, WARM)
    took: dict[str, list[tuple[float, float]]] = {tree.name: [] for tree in trees}
    for _turn in range(turns):
        for tree in trees:
            took[tree.name].append(tree.ask(row, count))
    first = 0.0
    for name, found in took.items():
        web, data, both = (statistics.median(values) for values in zip(*((w, d, w + d) for w, d in found), strict=True))
        first = first or both
        print(f"{row} {name:12s} web {web:6.2f} + db {data:5.2f} = {both:6.2f} ms   x {both / first:.3f}", flush=True)


def serve(port: int, pipe: str) -> None:
    """In the folder of a tree: fill, serve, and run what the pipe says until it is closed."""
    sys.path[0] = str(Path.cwd())
    import django

    from bench import database, machine, server

    base = os.environ["DATABASE_URL"]
    url = database.copied(base, database.filled(base, EVENTS), "onegrid_bench_pair")
    os.environ.update(server.environment(url, tempfile.mkdtemp(prefix="onegrid-bench-")))
    django.setup()
    from django.db import connections

    from bench import load, rows

    who, known = rows.Wanted(EVENTS), {row.name: row for row in rows.ROWS}
    with server.Server(port) as running:
        print("\nready", flush=True)
        for order in orders(pipe):
            name, count = order.split()
            requests, lanes = known[name].make(who, int(count)), server.WORKERS * server.THREADS
            connections.close_all()
            data = machine.Database(url)
            before = running.times(), data.times()
            outcome = load.run(running.port, requests, lanes if known[name].times else 1)
            after = running.times(), data.times()
            data.close()
            web, held = (machine.spent(one, other) / int(count) for one, other in zip(before, after, strict=True))
            print(f"took {web} {held} {sum(b'in_flight' not in body for body in outcome.refused)}", flush=True)


def orders(pipe: str) -> Iterator[str]:
    with Path(pipe).open() as given:
        yield from given


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench/pair.py", description=__doc__)
    parser.add_argument("trees", nargs="*", type=Path)
    parser.add_argument("--rows", default="P1,P2,P3,P4,P6")
    parser.add_argument("--turns", type=int, default=8)
    parser.add_argument("--requests", type=int, default=300, help="in one turn")
    parser.add_argument("--serve", nargs=2, metavar=("PORT", "PIPE"), help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.serve:
        serve(int(wanted.serve[0]), wanted.serve[1])
        return
    with tempfile.TemporaryDirectory() as folder:
        named = list(enumerate(path.resolve() for path in wanted.trees))
        trees = [Tree(path, PORT + at, Path(folder, str(at))) for at, path in named]
        for row in wanted.rows.split(","):
            compare(trees, row, wanted.turns, wanted.requests)
        for tree in trees:
            tree.close()


if __name__ == "__main__":
    main()
