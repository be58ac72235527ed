"""How the lives of the day go: each a list of acts, of which every one leaves exactly one line in the history."""

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from demo.day_reports import DEMO, Land, Told

Body = dict[str, Any]
# What the plan of a hundred reports ends as, and how many of them; the rest of the house is the residents'.
DECK = {
    # still open
    "wait": 6, "answered": 3, "asked": 4, "reviewed": 1,
    "accepted": 4, "objected": 1,
    "assigned": 6, "objecting": 1, "redirected": 1,
    "handling": 2, "joint": 2, "passing_on": 1, "passed_on": 1,
    "extended": 2, "extending": 1, "not_extended": 1, "sent_back": 2, "came_back": 1, "lead_back": 1,
    "suspending": 1, "resumed": 1, "suspended": 4, "not_suspended": 1, "not_void": 1,
    "checking": 5, "silent": 6,
    # ended
    "satisfied": 12, "joint_done": 3, "fair": 6, "dissatisfied": 3, "redone": 3, "late_but_done": 2, "reopened_done": 2,
    "refused": 3, "refused_twice": 1, "withdrawn": 1, "withdrawn_asked": 1, "void": 2,
}  # fmt: skip
# Matters that must not wait, and those that few may see, take the plain way.
PLAIN = (
    "wait", "accepted", "assigned", "handling", "handling", "checking", "silent", "satisfied", "satisfied",
    "satisfied", "fair", "redone", "extended",
)  # fmt: skip
# Tips on crime are handed to the competent body, which takes them over.
TIPS = ("wait", "accepted", "assigned", "taken_over", "taken_over", "taken_over")
# Nobody lets a fire lie on a desk.
AT_ONCE = ("handling", "checking", "satisfied", "satisfied", "fair")
EMERGENCIES, CAREFUL = "04", ("0302", "08")
FIRST_UNIT = ("town-chengguan", "city", "housing", "service-hall", "transport")
HAND_OVER = {"sanitation": "clean-bright", "parks": "green-hands"}
REFUSED_FOR = {
    "0101": ("court",), "0102": ("consumer", "court"), "0103": ("court", "decided", "petition"), "0104": ("court",),
    "": ("elsewhere", "vague"),
}  # fmt: skip
# Who is asked to help, and whom a matter is passed on to.
HELPER, NEXT_UNIT = "town-chengguan", "transport"
SHARE_ASIDE, SHARE_UNDO, SHARE_HAND_OVER = 0.25, 0.05, 0.3


class Act(NamedTuple):
    """One act: who (`reporter`, or where a unit's role stands), what is sent, and the line that it leaves."""

    who: str
    roles: tuple[str, ...]
    verb: str
    given: Body = {}
    kind: str = ""
    grant: bool | None = None
    words: str = ""
    at_once: bool = False

    @property
    def leaves(self) -> str:
        if self.verb != "decide":
            return self.verb
        return self.kind if self.grant else "deny"

    @property
    def asks_for(self) -> str:
        """The verb whose button it presses."""
        return self.kind or self.verb


@cache
def staff() -> Body:
    found: Body = json.loads((DEMO / "texts" / "staff.json").read_text(encoding="utf-8"))
    return found


@cache
def leaves() -> dict[str, Body]:
    rows = json.loads((DEMO / "categories" / "categories.json").read_text(encoding="utf-8"))
    return {row["code"]: row for row in rows}


class Pen:
    """What this one report's staff and resident say, each act by its name; the same for the same seed."""

    def __init__(self, told: Told, seed: int) -> None:
        self.told = told
        self.chance = random.Random(f"life {seed} {told.n}")
        self.leaf = leaves()[told.text.leaf]

    def say(self, kind: str) -> str:
        return str(self.chance.choice(staff()[kind]))

    def accept(self, undo: bool = False) -> list[Act]:
        act = Act("owner", ("receiver",), "accept", {"category": self.told.text.leaf, "title": ""})
        return [act, Act("same", (), "undo", at_once=True), act._replace(who="same", at_once=True)] if undo else [act]

    def ask(self) -> Act:
        return Act("owner", ("receiver",), "ask", {"words": self.say("ask")})

    def answer(self) -> Act:
        return Act("reporter", (), "answer", {"words": self.say("answer")})

    def refuse(self, who: str = "owner") -> Act:
        return Act(who, ("receiver", "dispatcher"), "refuse", self.reason("refuse"))

    def review(self) -> Act:
        return Act("reporter", (), "review", {"words": self.say("review")})

    def dispatch(self, first: str = "") -> Act:
        """`unit` is filled in where the event's own route is read, unless a wrong one is chosen on purpose."""
        return Act("owner", ("dispatcher",), "dispatch", {"unit": first})

    def claim(self) -> Act:
        return Act("handler", ("handler",), "claim")

    def take_over(self) -> Act:
        """The competent body signs for a tip under a reference of its own."""
        return Act("handler", ("handler",), "take_over", {"words": self.say("take_over")})

    def assist(self) -> Act:
        return Act("owner", ("dispatcher",), "assist", {"unit": HELPER, "words": self.say("assist")})

    def part(self, verb: str) -> Act:
        given = {"result": self.say("part_results")} if verb == "resolve_part" else {}
        return Act("helper", ("handler",), verb, given)

    def resolve(self) -> Act:
        english = self.told.language == "en"
        words = self.say("results_en") if english else self.chance.choice(staff()["results"][self.told.text.leaf])
        return Act("handler", ("handler",), "resolve", {"result": words})

    def checked(self) -> list[Act]:
        """Passed by the checker; at levels 1 and 2 the checker asks and a leader decides."""
        given = {"words": self.say("pass")} if self.chance.random() < 1 / 3 else {}
        if self.leaf["level"] > 2:
            return [Act("owner", ("checker",), "pass_check", given)]
        asked = Act("owner", ("checker",), "request", given, kind="pass_check")
        return [asked, self.decide("pass_check", True)]

    def redo(self) -> Act:
        return Act("owner", ("checker",), "redo", {"reason": self.say("redo")})

    def rate(self, how: str) -> Act:
        given = {"solved": how != "dissatisfied", "satisfied": how}
        words = {"words": str(self.chance.choice(staff()["rate"][how]))} if self.chance.random() < 2 / 3 else {}
        return Act("reporter", (), "rate", given | words)

    def reopen(self, who: str = "reporter") -> Act:
        roles = () if who == "reporter" else ("leader",)
        return Act(who, roles, "reopen", {"words": self.say("reopen_lead" if roles else "reopen")})

    def request(self, kind: str) -> Act:
        who, roles = ("owner", ("receiver",)) if kind == "void" else ("handler", ("handler",))
        return Act(who, roles, "request", self.reason(kind) | self.extra(kind), kind=kind)

    def decide(self, kind: str, grant: bool) -> Act:
        """Levels 1 and 2 and a void are the leader's."""
        high = kind == "void" or self.leaf["level"] <= 2
        words = "" if grant else self.say("deny_void" if kind == "void" else f"{kind}_denied")
        return Act("owner", ("leader",) if high else ("dispatcher",), "decide", kind=kind, grant=grant, words=words)

    def reason(self, verb: str) -> Body:
        """A coded reason with words that fit it; why a report is refused fits what it is about."""
        said = staff()[verb]
        codes = REFUSED_FOR.get(self.told.text.leaf[:4], REFUSED_FOR[""]) if verb == "refuse" else sorted(said)
        code = self.chance.choice(codes)
        return {"reason": code, "words": self.chance.choice(said[code])}

    def extra(self, kind: str) -> Body:
        if kind == "extend":
            return {"days": self.days()}
        if kind == "transfer":
            return {"unit": NEXT_UNIT}
        if kind == "suspend":
            day = datetime.now(UTC).date() + timedelta(days=self.chance.randrange(5, 21))
            return {"review_on": day.isoformat()}
        return {}

    def days(self) -> int:
        """An extension is at most as long as the limit itself."""
        limit = self.leaf["handle"]
        long = limit and limit["unit"] in ("days", "working_days")
        return min(int(limit["amount"]), self.chance.choice((2, 3, 5))) if long else 1

    def resume(self) -> Act:
        return Act("handler", ("handler",), "resume", {"words": self.say("resume")})

    def withdraw(self) -> Act:
        return Act("reporter", (), "withdraw")

    def aside(self, verb: str) -> Act:
        return Act("handler", ("handler",), verb, {"words": self.say(verb)})


def life(told: Told, seed: int) -> list[Act]:
    """The acts that this report's life consists of after it was received."""
    pen = Pen(told, seed)
    name = chosen(told, seed, pen.leaf)
    return with_asides(WAYS[name](pen), pen)


def chosen(told: Told, seed: int, leaf: Body) -> str:
    """Dealt from a shuffled deck, so that the shares are true in every hundred."""
    emergency = told.text.leaf.startswith(EMERGENCIES)
    if leaf.get("passes_through"):
        return random.Random(f"tip {seed} {told.n}").choice(TIPS)
    if emergency or leaf["restricted"] or told.text.leaf.startswith(CAREFUL):
        return random.Random(f"plain {seed} {told.n}").choice(AT_ONCE if emergency else PLAIN)
    deck = [name for name, share in DECK.items() for _ in range(share)]
    random.Random(f"deck {seed} {told.n // len(deck)}").shuffle(deck)
    return deck[told.n % len(deck)]


def with_asides(acts: list[Act], pen: Pen) -> list[Act]:
    """Now and then the unit tells the reporter something, or notes something for itself, once it has claimed."""
    found: list[Act] = []
    for act in acts:
        found.append(act)
        if act.verb == "claim" and pen.chance.random() < SHARE_ASIDE:
            found.append(pen.aside("tell" if pen.chance.random() < 0.5 else "note"))
    return found


def taken_on(pen: Pen) -> list[Act]:
    return pen.accept(undo=pen.chance.random() < SHARE_UNDO)


def sent(pen: Pen) -> list[Act]:
    return [*taken_on(pen), pen.dispatch()]


def in_hand(pen: Pen) -> list[Act]:
    return [*sent(pen), pen.claim()]


def handed_in(pen: Pen) -> list[Act]:
    return [*in_hand(pen), pen.resolve()]


def passed(pen: Pen) -> list[Act]:
    return [*handed_in(pen), *pen.checked()]


def asked_for(pen: Pen, kind: str) -> list[Act]:
    return [*in_hand(pen), pen.request(kind)]


def decided(pen: Pen, kind: str, grant: bool) -> list[Act]:
    return [*asked_for(pen, kind), pen.decide(kind, grant)]


def again(pen: Pen) -> list[Act]:
    return [*handed_in(pen), pen.redo()]


def brought_back(pen: Pen) -> list[Act]:
    return [*passed(pen), pen.reopen()]


def closed(pen: Pen, acts: list[Act], how: str = "satisfied") -> list[Act]:
    return [*acts, pen.resolve(), *pen.checked(), pen.rate(how)]


def misdirected(pen: Pen, grant: bool = True) -> list[Act]:
    first = pen.chance.choice(FIRST_UNIT) if grant else ""
    return [*taken_on(pen), pen.dispatch(first), pen.request("object"), pen.decide("object", grant)]


def joint_done(pen: Pen) -> list[Act]:
    """A second unit helps: it signs, hands in its part, and only then the lead hands in the whole."""
    parts = [pen.part("claim_part"), pen.part("resolve_part")]
    return closed(pen, [*in_hand(pen), pen.assist(), *parts])


WAYS: dict[str, Callable[[Pen], list[Act]]] = {
    "wait": lambda pen: [],
    "answered": lambda pen: [pen.ask(), pen.answer()],
    "asked": lambda pen: [pen.ask()],
    "reviewed": lambda pen: [pen.refuse(), pen.review()],
    "accepted": taken_on,
    "objected": misdirected,
    "assigned": sent,
    "objecting": lambda pen: [*sent(pen), pen.request("object")],
    "redirected": lambda pen: [*misdirected(pen), pen.dispatch()],
    "taken_over": lambda pen: [*sent(pen), pen.take_over()],
    "passing_on": lambda pen: asked_for(pen, "transfer"),
    "passed_on": lambda pen: [*decided(pen, "transfer", True), pen.claim()],
    "joint": lambda pen: [*in_hand(pen), pen.assist()],
    "joint_done": joint_done,
    "handling": in_hand,
    "extended": lambda pen: decided(pen, "extend", True),
    "extending": lambda pen: asked_for(pen, "extend"),
    "not_extended": lambda pen: decided(pen, "extend", False),
    "sent_back": again,
    "came_back": brought_back,
    "lead_back": lambda pen: [*passed(pen), pen.rate("fair"), pen.reopen("owner")],
    "suspending": lambda pen: asked_for(pen, "suspend"),
    "resumed": lambda pen: [*decided(pen, "suspend", True), pen.resume()],
    "suspended": lambda pen: decided(pen, "suspend", True),
    "not_suspended": lambda pen: decided(pen, "suspend", False),
    "not_void": lambda pen: [pen.request("void"), pen.decide("void", False), *taken_on(pen), pen.dispatch()],
    "checking": handed_in,
    "silent": passed,
    "satisfied": lambda pen: [*passed(pen), pen.rate("satisfied")],
    "fair": lambda pen: [*passed(pen), pen.rate("fair")],
    "dissatisfied": lambda pen: [*passed(pen), pen.rate("dissatisfied")],
    "redone": lambda pen: closed(pen, again(pen), "fair"),
    "late_but_done": lambda pen: closed(pen, decided(pen, "extend", True)),
    "reopened_done": lambda pen: closed(pen, brought_back(pen)),
    "refused": lambda pen: [pen.refuse()],
    "refused_twice": lambda pen: [pen.refuse(), pen.review(), pen.refuse("other")],
    "withdrawn": lambda pen: [pen.withdraw()],
    "withdrawn_asked": lambda pen: [pen.ask(), pen.withdraw()],
    "void": lambda pen: [pen.request("void"), pen.decide("void", True)],
}


def title(land: Land, area: str, leaf: str) -> str:
    """What the event is called in lists: where, and what for."""
    return f"{land.place_name(area)}：{leaf}"[:60]
