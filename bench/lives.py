"""Lives of events as rows: drawn by a seeded hand, so that the same seed gives the same county."""

import bisect
import itertools
import json
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bench import county
from onegrid.events.actions.life import FIXES, PUBLIC
from onegrid.events.rules import deadlines
from onegrid.events.workflow import EVENT, FINAL
from onegrid.kit import codes, geo, text
from onegrid.kit.working_time import Limit

SPREAD = timedelta(days=365)
OWN = {"accept": Limit("clock", 4, "working_hours"), "handle": Limit("clock", 5, "working_days")}
LIMITS = deadlines.default_limits(4, OWN)
TO_HAND = ("report", "accept", "dispatch", "claim")
TO_END = (*TO_HAND, "tell", "resolve", "pass_check", "rate")
# share among the open ones, state, the steps that lead there
OPEN = (
    (0.15, "reported", ("report",)),
    (0.03, "waiting_reporter", ("report", "ask")),
    (0.10, "accepted", ("report", "accept")),
    (0.20, "assigned", ("report", "accept", "dispatch")),
    (0.40, "handling", TO_HAND),
    (0.07, "checking", (*TO_HAND, "resolve")),
    (0.05, "rating", (*TO_HAND, "resolve", "pass_check")),
)
ENDED = (
    (0.80, "closed", TO_END),
    (0.10, "closed", (*TO_HAND, "note", "resolve", "redo", "tell", "resolve", "pass_check", "close")),
    (0.06, "closed", ("report", "ask", "answer", "accept", "dispatch", "claim", "resolve", "pass_check", "rate")),
    (0.03, "refused", ("report", "refuse")),
    (0.01, "void", ("report", "withdraw")),
)
TARGET = {row.verb: row.target for row in EVENT.steps} | {"report": "reported", "tell": "=", "note": "="}
ROLE = {
    "accept": "receiver", "ask": "receiver", "refuse": "receiver", "dispatch": "dispatcher", "claim": "handler",
    "tell": "dispatcher", "note": "handler", "resolve": "handler", "pass_check": "checker", "redo": "checker",
}  # fmt: skip
BEFORE = {"state": "accepted", "level": 4, "unit_ids": [1], "reason": "", "result": "", "asks": 0, "handler_id": None}


@dataclass
class Batch:
    """Rows per table, ready for COPY; the columns stand in population.COLUMNS."""

    event: list[tuple[Any, ...]] = field(default_factory=list)
    report: list[tuple[Any, ...]] = field(default_factory=list)
    step: list[tuple[Any, ...]] = field(default_factory=list)
    assignment: list[tuple[Any, ...]] = field(default_factory=list)
    suggestion: list[tuple[Any, ...]] = field(default_factory=list)
    search: list[tuple[Any, ...]] = field(default_factory=list)


class Hand:
    """Draws lives: grids log-normal, leaves by Zipf, words composed."""

    def __init__(self, seed: int, events: int, base: datetime) -> None:
        self.chance, self.events, self.base = random.Random(seed), events, base
        self.grids = county.grid_codes()
        self.grid_sums = list(itertools.accumulate(self.chance.lognormvariate(0, 1) for _ in self.grids))
        self.subjects = county.subjects()
        self.leaves = list(self.subjects)
        self.leaf_sums = list(itertools.accumulate(1 / rank for rank in range(1, len(self.leaves) + 1)))
        self.people = county.people()
        self.offices = {name.rsplit("-", 1)[0]: person.unit for name, person in self.people.items()}
        self.numbers: set[str] = set()

    def drawn(self, sums: list[float]) -> int:
        return bisect.bisect(sums, self.chance.random() * sums[-1])

    def words(self, leaf: str) -> str:
        pick, said = self.chance.choice, county.WORDS
        place = f"{pick(said['places'])}{self.chance.randrange(1, 200)}号{pick(said['spots'])}"
        whole = [pick(said["times"]), place, self.subjects[leaf], "，", pick(said["effects"]), "，"]
        extra = [pick(said["effects"]), "，"] if self.chance.random() < 0.6 else []
        return "".join([*whole, *extra, pick(said["wishes"])])

    def number(self, year: int) -> str:
        while (number := codes.number(year, county.COUNTY)) in self.numbers:
            pass
        self.numbers.add(number)
        return number

    def way(self, at: int) -> tuple[str, tuple[str, ...]]:
        """15 % are open, most of them young."""
        young = at > self.events * 0.8
        ways = OPEN if self.chance.random() < (0.65 if young else 0.025) else ENDED
        left = self.chance.random()
        for share, state, verbs in ways:
            left -= share
            if left <= 0:
                return state, verbs
        return ways[-1][1], ways[-1][2]

    def fill(self, batch: Batch, pk: int) -> None:
        """One event with everything that hangs on it."""
        state, verbs = self.way(pk)
        place, leaf = self.drawn(self.grid_sums), self.leaves[self.drawn(self.leaf_sums)]
        area, words = self.grids[place], self.words(leaf)
        at = self.base - SPREAD * (1 - pk / self.events) - timedelta(hours=self.chance.random() * 20)
        owner = f"centre-{area[6:9]}" if f"centre-{area[6:9]}" in self.offices else "centre"
        handler = f"department-{(int(leaf[:2]) % 12) + 1:02d}" if "dispatch" in verbs else ""
        life = Life(self, pk, at, state, verbs, area, leaf, owner, handler)
        number = self.number(at.year)
        due = self.base + timedelta(hours=self.chance.gauss(70, 60)) if state not in FINAL else None
        batch.step.extend(life.steps(due))
        batch.event.append(self.event(life, number, words, due, place))
        self.voices(batch, life, number, words)
        if handler:
            batch.assignment.append(life.assignment(due))
        batch.suggestion.append((pk, area, 1, leaf, 6.0, [self.subjects[leaf]], at))
        batch.search.append((pk, area, sorted({*text.bigrams(words), *text.area_tokens(area)})))

    def event(self, life: "Life", number: str, words: str, due: datetime | None, place: int) -> tuple[Any, ...]:
        west, south = county.corner(place)
        lon, lat = west + county.STEP * self.chance.random(), south + county.STEP * self.chance.random()
        c6, c8 = geo.cells(lon, lat)
        units = [self.offices[unit] for unit in (life.owner, life.handler) if unit]
        result = "已安排人员到现场处理完毕。" if "resolve" in life.verbs else ""
        return (
            life.pk, number, life.area, life.area, life.state, life.leaf, "accept" in life.verbs, 4, False, units[0],
            units[1] if life.handler else None, life.holder(), units, [], False, words, lon, lat, c6, c8, "inside",
            result, life.at, life.last if life.state in FINAL else None, life.at, due, due,
            due - timedelta(days=1) if due and due > self.base + timedelta(days=1) else None, len(life.verbs),
        )  # fmt: skip

    def voices(self, batch: Batch, life: "Life", number: str, words: str) -> None:
        """One voice, one more in eight."""
        row = (life.pk, life.area, number, self.chance.randbytes(32), "web", words, life.at)
        batch.report.append(row)
        if self.chance.random() < 0.13:
            other = (self.number(life.at.year), self.chance.randbytes(32))
            batch.report.append((life.pk, life.area, *other, "phone", words, life.at + timedelta(hours=1)))


@dataclass
class Life:
    """One event on its way."""

    hand: Hand
    pk: int
    at: datetime
    state: str
    verbs: tuple[str, ...]
    area: str
    leaf: str
    owner: str
    handler: str
    last: datetime = field(init=False)

    def holder(self) -> int | None:
        if self.state in FINAL:
            return None
        mine = self.state in ("assigned", "handling", "suspended")
        return self.hand.offices[self.handler if mine else self.owner]

    def steps(self, due: datetime | None) -> Iterator[tuple[Any, ...]]:
        state, self.last = "", self.at
        for n, verb in enumerate(self.verbs, start=1):
            target = TARGET[verb] if TARGET[verb] != "=" else state
            person = self.actor(verb)
            facts = json.dumps(self.facts(verb))
            yield (
                self.pk, self.area, n, verb, state, target, person and person.posting,
                "staff" if person else ("house" if verb == "close" else "reporter"), person and person.unit,
                self.last, due, due, "已联系当事人并说明情况。" if verb in ("tell", "note", "resolve") else "",
                verb in PUBLIC, facts,
            )  # fmt: skip
            state = target
            self.last += timedelta(hours=0.2 + -8 * math.log(1 - self.hand.chance.random()))

    def actor(self, verb: str) -> county.Person | None:
        role = ROLE.get(verb)
        if role is None:
            return None
        return self.hand.people[f"{self.handler if role == 'handler' else self.owner}-{role}"]

    def facts(self, verb: str) -> dict[str, Any]:
        found: dict[str, Any] = {"limits": {name: LIMITS[name].row() for name in FIXES.get(verb, ())}}
        return found | ({"before": BEFORE} if verb in ROLE and verb not in ("tell", "note") else {})

    def assignment(self, due: datetime | None) -> tuple[Any, ...]:
        done = "resolve" in self.verbs and self.state != "handling"
        state = "done" if done else ("claimed" if "claim" in self.verbs else "offered")
        unit = self.hand.offices[self.handler]
        return self.pk, self.area, unit, "lead", state, not done, due, self.at, "{}"
