"""The simulated day: residents report and staff work, each with the own token, through the HTTP API and nothing else.

`python -m demo.day --base http://127.0.0.1:8000 --seed 2026`; run again, it goes on where it stopped, doubling nothing.
"""

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from demo.day_imported import Backlog, listed
from demo.day_people import READER, Answer, People, Wire
from demo.day_reports import Told, told, unusable
from demo.day_work import Ours, Work

Body = dict[str, Any]
MOST = 450
MORNING = 0.6  # this share of the reports is there before staff begin
WAITING = ("reported", "waiting_reporter")
ENDED = ("refused", "closed", "archived", "void")


class Day:
    """The whole day; `sent` counts every report that left a phone, `rejected` those that the API turned away."""

    def __init__(self, wire: Wire, people: People, seed: int, reports: int, over_imported: bool = False) -> None:
        self.work, self.seed, self.plan = Work(wire, people), seed, told(seed, reports)
        self.wire, self.people = wire, people
        self.ours: list[Ours] = []
        self.backlog, self.over_imported = Backlog(wire, people, seed), over_imported
        self.sent, self.rejected = 0, 0
        self.refusals: Counter[str] = Counter()
        self.before: Counter[str] = Counter()
        self.after: Counter[str] = Counter()
        self.began = ""
        self.others: Counter[str] = Counter()

    def run(self) -> bool:
        """Live the day; True when what came in equals what the database counts."""
        self.before, self.began = self.counts(), self.wire.date
        noon = int(len(self.plan) * MORNING)
        self.receive(self.plan[:noon])
        if self.plan:
            self.send_unusable()
        tell(f"morning: {self.sent} sent, {self.rejected} rejected; staff begin")
        self.rounds(2)
        self.receive(self.plan[noon:])
        tell(f"noon: {self.sent} sent; staff go on")
        self.rounds(sys.maxsize)
        if self.over_imported:
            self.work_backlog()
        return self.equal()

    def work_backlog(self) -> None:
        """What came by import before the day began."""
        self.backlog.find({ours.number for ours in self.ours})
        tell(f"imported: {len(self.backlog.all)} seen; staff begin with them")
        for round_, going_on in enumerate(self.backlog.live(), 1):
            tell(f"imported: round {round_}, {going_on} go on")

    def receive(self, reports: Iterable[Told]) -> None:
        for report in reports:
            answer = self.send(report)
            self.sent += 1
            if not answer.good:
                self.reject(answer)
                continue
            ours = Ours(report, answer.body, self.seed)
            self.work.meet(ours)
            self.ours.append(ours)

    def send(self, report: Told) -> Answer:
        """By the resident's own phone, or typed by a receiver at the telephone or a worker at the door."""
        key = f"day-{self.seed}-{report.n}"
        if not report.by:
            return self.wire.post("/public/reports", report.body, key, language=report.language)
        typist = random.Random(key).choice(self.typists(report.by))
        return self.wire.post("/events", report.body, key, self.people.tokens[typist], language=report.language)

    def typists(self, role: str) -> list[str]:
        return [one.name for one in self.people.all if role in one.roles and one.name in self.people.tokens]

    def send_unusable(self) -> None:
        for n, body in enumerate(unusable()):
            self.sent += 1
            answer = self.wire.post("/public/reports", body, f"day-{self.seed}-unusable-{n}")
            if answer.good:
                self.work.tally.missed["an unusable report was taken"] += 1
            else:
                self.reject(answer)

    def reject(self, answer: Answer) -> None:
        self.rejected += 1
        self.refusals[f"{answer.said} {' '.join(answer.body.get('fields', {}))}".strip()] += 1

    def rounds(self, most: int) -> None:
        """In every round each event gets one turn, in another order."""
        chance = random.Random(f"rounds {self.seed} {len(self.ours)}")
        while most and (live := [ours for ours in self.ours if not ours.ended]):
            chance.shuffle(live)
            for ours in live:
                self.work.turn(ours)
            most -= 1

    def counts(self) -> Counter[str]:
        answer = self.wire.get("/events/counts", self.people.tokens[READER])
        if not answer.good:
            raise SystemExit(f"no counts: {answer.said}")
        return Counter(answer.body)

    def expected(self) -> Counter[str]:
        """What the database must count now: as before, less where ours stood then, more where they stand now."""
        began = parsedate_to_datetime(self.began)
        older = [ours for ours in self.ours if datetime.fromisoformat(ours.reported_at) < began]
        found = Counter(self.before)
        found.subtract(Counter(ours.first_state for ours in older))
        found.update(Counter(ours.state for ours in self.ours))
        found.update(self.backlog.moved())
        return Counter({state: n for state, n in found.items() if n})

    def equal(self) -> bool:
        """Compare; somebody at a screen may have moved one of ours meanwhile, so a difference is read again once."""
        if self.expected() != +self.counts():
            for ours in self.ours:
                self.work.read(ours, READER)
            self.backlog.read_again()
        self.after = self.counts()
        if self.expected() == +self.after:
            return True
        self.others = self.events_of_others()
        return self.expected() + self.others == +self.after

    def events_of_others(self) -> Counter[str]:
        """By state, what somebody else reported meanwhile; a text of the day under another number was doubled."""
        mine, texts = {ours.number for ours in self.ours}, {ours.told.body["words"][:80] for ours in self.ours}
        found: Counter[str] = Counter()
        for row in [row for queue in ("open", "done") for row in listed(self.wire, self.people, queue)]:
            later = datetime.fromisoformat(row["reported_at"]) >= parsedate_to_datetime(self.began)
            if row["number"] not in mine and later and row["words"][:80] not in texts:
                found[row["state"]] += 1
        return found


def tell(words: str) -> None:
    print(words, flush=True)


def show(day: Day, equal: bool, seconds: float) -> None:
    """The table and the closing line."""
    states = Counter(ours.state for ours in day.ours)
    expected = day.expected()
    imported = [("imported", day.backlog.states())] if day.over_imported else []
    table("state", ("of the day", states), *imported, ("expected", expected), ("in the database", day.after))
    list_of("steps taken", day.work.tally.done)
    list_of("rejected by the API", day.refusals)
    list_of("not done", day.work.tally.missed)
    if day.over_imported:
        show_backlog(day.backlog)
    waiting, refused, void = (sum(states[one] for one in group) for group in (WAITING, ("refused",), ("void",)))
    received = sum(states.values())
    accepted = received - waiting - refused - void
    print(f"received {received} = accepted {accepted} + refused {refused} + void {void} + still waiting {waiting}")
    ended = sum(states[one] for one in ENDED)
    print(f"ended {ended}; {day.wire.calls} calls in {seconds:.0f} s; told to wait {day.wire.waited} times")
    if day.others:
        print(f"others reported meanwhile: {sum(day.others.values())}")
    verdict = "equal to the database" if equal else "NOT equal to the database"
    imported_too = f", {len(day.backlog.all)} imported" if day.over_imported else ""
    print(f"day: {day.sent} sent, {received} received, {day.rejected} rejected{imported_too}, {verdict}")


def show_backlog(backlog: Backlog) -> None:
    list_of("imported, steps taken", backlog.work.tally.done)
    list_of("imported, steps refused", backlog.work.tally.missed)
    states = backlog.states()
    ended = sum(states[one] for one in ENDED)
    print(f"imported {len(backlog.all)} = ended {ended} + still open {sum(states.values()) - ended}")


def table(title: str, *columns: tuple[str, Counter[str]]) -> None:
    print(f"{title:<18}" + "".join(f"{name:>17}" for name, _counts in columns))
    names = list(columns[-1][1])
    for name in names:
        print(f"{name:<18}" + "".join(f"{counts[name]:>17}" for _name, counts in columns))
    print(f"{'all':<18}" + "".join(f"{sum(counts.values()):>17}" for _name, counts in columns))


def list_of(title: str, counts: Counter[str]) -> None:
    print(f"{title}: {sum(counts.values())}")
    for name, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        print(f"  {count:>5}  {name}")


def options(arguments: list[str] | None) -> argparse.Namespace:
    reader = argparse.ArgumentParser(prog="demo.day", description="Live the demo county's day through the HTTP API.")
    add: Callable[..., Any] = reader.add_argument
    add("--base", default="http://127.0.0.1:8000", help="where OneGrid answers")
    add("--seed", type=int, default=2026, help="the same seed gives the same day")
    add("--reports", type=int, default=MOST, help="how many at most; there are as many as texts")
    add("--over-imported", action="store_true", help="work what came by import as well")
    add("--pause", type=float, default=0.005, help="seconds before each write")
    add("--tokens", type=Path, help="file of name, tab, token; else the house prints them")
    return reader.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    given = options(arguments)
    people = People()
    people.sign_in(given.tokens)
    began = time.monotonic()
    day = Day(Wire(given.base, given.pause), people, given.seed, given.reports, given.over_imported)
    equal = day.run()
    show(day, equal, time.monotonic() - began)
    return 0 if equal and day.sent == len(day.ours) + day.rejected else 1


if __name__ == "__main__":
    sys.exit(main())
