"""What is measured: the rows of the performance table, each as a list of requests."""

import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib.sessions.backends.db import SessionStore

from bench import county
from bench.lives import Hand
from bench.load import Request
from onegrid.events.models import Event
from onegrid.insight import actions as insight
from onegrid.kit import clock
from onegrid.org.doors import SESSION_KEY
from onegrid.org.models import Posting, SignIn

API = "/api/v1"
# Degrees to a side: at 100,000 events a grid of 0.01 degrees holds some 28 open ones.
BOX = 0.022
Made = Callable[["Wanted", int], list[Request]]


@dataclass(frozen=True)
class Row:
    """One row: its peer's CPU (web + database, ms), how many times cheaper we want to be, statements at most."""

    name: str
    words: str
    peer_ms: float
    times: float
    statements: int
    make: Made

    @property
    def target_ms(self) -> float:
        return self.peer_ms / self.times if self.times else 0.0


class Wanted:
    """Who asks for what in a filled database."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.tokens = county.tokens()
        self.hand = Hand(seed, 1, clock.now())
        rows = Event.objects.filter(restricted=False)
        self.numbers = list(rows.order_by("?").values_list("number", flat=True)[:4000])
        self.steps = self.open_steps()

    def open_steps(self) -> list[tuple[str, int, str]]:
        """Events that wait for a claim or a result, in an order of chance, each once."""
        rows = Event.objects.filter(state__in=("assigned", "handling"), restricted=False)
        found = list(rows.order_by("id").values_list("state", "handler_id", "number")[:20000])
        self.chance.shuffle(found)
        return [(state, handler or 0, number) for state, handler, number in found]

    def handler(self, unit: int) -> str:
        name = next(name for name, person in self.hand.people.items() if person.unit == unit)
        return self.tokens[name]


def reports(wanted: Wanted, count: int) -> list[Request]:
    return [Request("POST", f"{API}/public/reports", body=report(wanted), key=key(), address=stranger(wanted))
            for _ in range(count)]  # fmt: skip


def report(wanted: Wanted) -> dict[str, object]:
    """A point in a grid, words, two of three with a phone."""
    hand, chance = wanted.hand, wanted.chance
    west, south = county.corner(hand.drawn(hand.grid_sums))
    contact = {"name": "张三", "phone": f"138{chance.randrange(10**8):08d}"} if chance.random() < 0.66 else None
    return {
        "words": hand.words(hand.leaves[hand.drawn(hand.leaf_sums)]),
        "longitude": round(west + 0.001 + chance.random() * 0.008, 6),
        "latitude": round(south + 0.001 + chance.random() * 0.008, 6),
        "address": chance.choice(county.WORDS["places"]),
        "contact": contact,
    }


def inboxes(wanted: Wanted, count: int) -> list[Request]:
    """By state + unit + area: a department's own queue, the centre's by state in county, town, village."""
    grids, states = wanted.hand.grids, ("reported", "accepted", "assigned", "handling", "checking")
    found = []
    for at in range(count):
        area = wanted.chance.choice(grids)[: (6, 9, 9, 12)[at % 4]]
        if at % 2:
            who = f"department-{wanted.chance.randrange(1, 13):02d}-handler"
            asked = {"queue": "in_hand", "state": "handling", "area": area}
        else:
            who = wanted.chance.choice(("centre-receiver", "centre-dispatcher", "centre-100-dispatcher"))
            asked = {"queue": "open", "state": wanted.chance.choice(states), "area": area}
        found.append(Request("GET", f"{API}/events?{urlencode({**asked, 'counters': 'true'})}", wanted.tokens[who]))
    return found


def details(wanted: Wanted, count: int) -> list[Request]:
    token = wanted.tokens["centre-dispatcher"]
    return [Request("GET", f"{API}/events/{wanted.chance.choice(wanted.numbers)}", token) for _ in range(count)]


def steps(wanted: Wanted, count: int) -> list[Request]:
    """Claims and results, each on an event of its own."""
    found = []
    for _ in range(count):
        state, handler, number = wanted.steps.pop()
        body: dict[str, object] = {"verb": "claim"}
        if state == "handling":
            body = {"verb": "resolve", "given": {"result": "已安排人员到现场处理完毕，并拍照留存。"}}
        found.append(Request("POST", f"{API}/events/{number}/steps", wanted.handler(handler), body, key()))
    return found


def searches(wanted: Wanted, count: int) -> list[Request]:
    """Two to eight characters that stand somewhere in the texts, some with a state."""
    token = wanted.tokens["centre-receiver"]
    return [Request("GET", f"{API}/events/search?{urlencode(search(wanted))}", token) for _ in range(count)]


def search(wanted: Wanted) -> dict[str, str]:
    chance, length = wanted.chance, wanted.chance.choice((2, 2, 3, 4, 8))
    words = wanted.hand.words(chance.choice(wanted.hand.leaves)).split("，")[0]
    begin = chance.randrange(max(1, len(words) - length))
    state = {"state": "handling"} if chance.random() < 0.3 else {}
    return {"q": words[begin : begin + length], **state}


def boxes(wanted: Wanted, count: int) -> list[Request]:
    """A box of about 130 open matters somewhere in the county, as the centre's dispatcher looks at it."""
    session, found = signed_in("centre-dispatcher"), []
    for _ in range(count):
        west, south = county.corner(wanted.hand.drawn(wanted.hand.grid_sums))
        box = (west - BOX / 2, south - BOX / 2, west + BOX / 2, south + BOX / 2)
        asked = {"box": ",".join(f"{edge:.5f}" for edge in box), "zoom": "14"}
        found.append(Request("GET", f"/map/points/?{urlencode(asked)}", session=session))
    return found


def wholes(wanted: Wanted, count: int) -> list[Request]:
    """Everything that is open in the county, as cells."""
    insight.count_cells()
    asked = urlencode({"box": "104,28,105.5,29.5", "zoom": "9.4"})
    return [Request("GET", f"/map/points/?{asked}", session=signed_in("centre-dispatcher"))] * count


def signed_in(name: str) -> str:
    """The session of somebody who signed in just now."""
    posting = Posting.objects.get(user__username=name)
    entry = SignIn.objects.create(user=posting.user, posting=posting, epoch=posting.user.session_epoch)
    session = SessionStore()
    session[SESSION_KEY] = entry.pk
    session.save()
    return str(session.session_key)


def key() -> str:
    return str(uuid.uuid4())


def stranger(wanted: Wanted) -> str:
    return ".".join(str(wanted.chance.randrange(1, 250)) for _ in range(4))


ROWS = (
    Row("P1", "report over HTTP, to the commit", 188, 20, 12, reports),
    Row("P2", "inbox of 20 by state, unit, area, with counters", 262, 60, 8, inboxes),
    Row("P3", "one event with its history", 69, 15, 10, details),
    Row("P4", "a step: claim, hand in the result", 91, 20, 12, steps),
    Row("P5", "map, a box of about 130 points", 12, 4, 4, boxes),
    Row("P5c", "map, the whole area as cells (15 ms is a limit, no peer)", 15, 1, 5, wholes),
    Row("P6", "search in Chinese", 0, 0, 8, searches),
)
