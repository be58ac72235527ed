"""What came by import: staff carry it through the same table; who wrote it hears and answers nothing."""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from demo.day_lives import (
    AT_ONCE,
    CAREFUL,
    EMERGENCIES,
    WAYS,
    Act,
    Pen,
    again,
    decided,
    handed_in,
    leaves,
    with_asides,
)
from demo.day_people import READER, People, Wire
from demo.day_reports import Text, Told
from demo.day_work import Ours, Work

Body = dict[str, Any]
# How many in a hundred live which way; none needs an answer, a review or a mark from who wrote it.
DECK = {
    # still open
    "wait": 8, "asked": 9, "accepted": 8, "objected": 3,
    "assigned": 8, "objecting": 2, "redirected": 2, "not_void": 1,
    "handling": 7, "extended": 2, "extending": 1, "not_extended": 1, "sent_back": 2, "lead_back": 1,
    "suspending": 1, "resumed": 1, "suspended": 4, "not_suspended": 1, "checking": 7,
    # ended
    "done": 18, "redone": 3, "late_but_done": 2, "refused": 6, "void": 2,
}  # fmt: skip
PLAIN = ("wait", "accepted", "assigned", "handling", "checking", "done", "done", "done")
# A check that is passed closes at once, as nobody can be asked how it was.
OWN: dict[str, Callable[[Pen], list[Act]]] = {
    "done": lambda pen: [*handed_in(pen), *pen.checked()],
    "redone": lambda pen: [*again(pen), pen.resolve(), *pen.checked()],
    "late_but_done": lambda pen: [*decided(pen, "extend", True), pen.resolve(), *pen.checked()],
    "lead_back": lambda pen: [*handed_in(pen), *pen.checked(), pen.reopen("owner")],
}


class Message(Told):
    """What a life needs to know of an imported report; its words are left where they are."""

    @property
    def language(self) -> str:
        return "zh-hans"


class Imported(Ours):
    """An event that came by import, known by its number alone."""

    def __init__(self, number: str, seed: int) -> None:
        self.n = random.Random(number).getrandbits(48)
        super().__init__(message(self.n, ""), {"number": number, "receipt": ""}, seed)

    def plan(self, told: Told, seed: int) -> list[Act]:
        """Nothing before it was read."""
        return life(told, seed) if told.text.leaf else []

    def learn(self, seen: Body) -> None:
        """The category that the house proposes, else one by chance, decides about the way."""
        self.told = message(self.n, leaf_of(seen, random.Random(f"leaf {self.seed} {self.n}")))
        self.acts = self.plan(self.told, self.seed)

    @property
    def key(self) -> str:
        return f"day-{self.seed}-{self.number}-{len(self.history)}"


class Backlog:
    """The imported events, and their way through the day."""

    def __init__(self, wire: Wire, people: People, seed: int) -> None:
        self.wire, self.people, self.seed = wire, people, seed
        self.work = Work(wire, people)
        self.all: list[Imported] = []

    def find(self, passed_over: set[str]) -> None:
        """Read what waits in the centres, and what an earlier run had begun; other channels are left alone."""
        for number in sorted(self.numbers() - passed_over):
            one = Imported(number, self.seed)
            seen = self.work.read(one, READER)
            if seen and all(voice["channel"] == "import" for voice in seen["reported"]):
                one.learn(seen)
                self.work.catch_up(one, seen)
                self.all.append(one)

    def numbers(self) -> set[str]:
        asked = [("to_accept", name) for name in self.receivers()] + [("open", READER), ("done", READER)]
        return {row["number"] for queue, name in asked for row in listed(self.wire, self.people, queue, name)}

    def receivers(self) -> Iterator[str]:
        """One receiver of every centre."""
        for unit, row in self.people.units.items():
            names = self.people.of(unit, "receiver") if row["kind"] == "centre" else []
            yield from [name for name in names if name in self.people.tokens][:1]

    def live(self) -> Iterator[int]:
        """In every round each event gets one turn, in another order; says after each how many go on."""
        chance = random.Random(f"imported rounds {self.seed}")
        while live := [one for one in self.all if not one.ended]:
            chance.shuffle(live)
            for one in live:
                self.work.turn(one)
            yield sum(not one.ended for one in live)

    def states(self) -> Counter[str]:
        return Counter(one.state for one in self.all)

    def moved(self) -> Counter[str]:
        """What this run changed in the counts of the states, signed."""
        found = self.states()
        found.subtract(Counter(one.first_state for one in self.all))
        return found

    def read_again(self) -> None:
        for one in self.all:
            self.work.read(one, READER)


def message(n: int, leaf: str) -> Message:
    return Message(n, Text(leaf, "", ""), {}, "")


def leaf_of(seen: Body, chance: random.Random) -> str:
    """A fire or a secret is not made up: what is drawn by chance is an ordinary matter."""
    known = leaves()
    proposed = [seen["category"], *(one["category"] for one in seen["suggestions"])]
    ordinary = [code for code, row in known.items() if not row["restricted"] and not is_delicate(code)]
    drawn = chance.choice(sorted(ordinary))
    return next((code for code in proposed if code in known), drawn)


def is_delicate(leaf: str) -> bool:
    return leaf.startswith((EMERGENCIES, *CAREFUL))


def life(told: Told, seed: int) -> list[Act]:
    """The acts that this message's life consists of after it was received."""
    pen = Pen(told, seed)
    name = chosen(told, seed)
    return with_asides((OWN.get(name) or WAYS[name])(pen), pen)


def chosen(told: Told, seed: int) -> str:
    chance, leaf = random.Random(f"imported {seed} {told.n}"), told.text.leaf
    if leaf.startswith(EMERGENCIES):
        return chance.choice([name for name in AT_ONCE if name in DECK] + ["done"])
    if leaves()[leaf]["restricted"] or is_delicate(leaf):
        return chance.choice(PLAIN)
    return chance.choices(list(DECK), list(DECK.values()))[0]


def listed(wire: Wire, people: People, queue: str, name: str = READER) -> Iterable[Body]:
    """Every row of a queue as this person sees it, page by page."""
    after = ""
    while True:
        path = f"/events?queue={queue}" + (f"&after={after}" if after else "")
        page = wire.get(path, people.tokens[name]).body
        yield from page["items"]
        after = page["next"] or ""
        if not after:
            return
