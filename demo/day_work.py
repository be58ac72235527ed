"""One event through the day: reads it like its next actor does, presses the button if it is there, counts what came."""

import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from demo.day_lives import HAND_OVER, HELPER, SHARE_HAND_OVER, Act, leaves, life, title
from demo.day_people import READER, Answer, People, Wire
from demo.day_reports import Land, Told

Body = dict[str, Any]
FALLBACK = "service-hall"
GRAVE = 2


@dataclass
class Tally:
    """What happened, to be shown: steps by verb, and what was not done with the reason that was given."""

    done: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)


class Ours:
    """An event of the day with the acts that are still to come."""

    def __init__(self, told: Told, received: Body, seed: int) -> None:
        self.told, self.seed = told, seed
        self.number, self.receipt = received["number"], received["receipt"]
        self.acts = self.plan(told, seed)
        self.chance = random.Random(f"who {seed} {told.n}")
        self.state, self.reported_at, self.first_state = "reported", "", ""
        self.owner = self.handler = self.last = self.refused_by = ""
        self.history: list[str] = []

    def plan(self, told: Told, seed: int) -> list[Act]:
        return life(told, seed)

    @property
    def ended(self) -> bool:
        return not self.acts

    @property
    def key(self) -> str:
        return f"day-{self.seed}-{self.told.n}-{len(self.history)}"


class Work:
    """Everything that turns need: the wire, the people, the land, the tally."""

    def __init__(self, wire: Wire, people: People) -> None:
        self.wire, self.people, self.land, self.tally = wire, people, Land(), Tally()

    def meet(self, ours: Ours) -> None:
        """Read it once as the county's receiver: where it stands, and how far an earlier run carried it."""
        self.catch_up(ours, self.read(ours, READER))

    def catch_up(self, ours: Ours, seen: Body) -> None:
        """Leave out the acts that an earlier run did; an event that somebody else moved is left alone."""
        ours.reported_at, ours.first_state = seen["reported_at"], ours.state
        planned = ["report", *(act.leaves for act in ours.acts)]
        been = [verb for verb in ours.history if verb != "close"]
        if been != planned[: len(been)]:
            self.leave(ours, "somebody else went on with it")
        else:
            ours.acts = ours.acts[len(been) - 1 :]

    def turn(self, ours: Ours) -> None:
        """The next act, and those that follow it at once."""
        while ours.acts:
            act = ours.acts.pop(0)
            if not (self.by_reporter(ours, act) if act.who == "reporter" else self.by_staff(ours, act)):
                ours.acts.clear()
            if not (ours.acts and ours.acts[0].at_once):
                return

    def by_reporter(self, ours: Ours, act: Act) -> bool:
        track = self.wire.get("/public/reports/track", receipt=ours.receipt)
        if act.verb not in track.body.get("verbs", ()):
            return self.leave(ours, f"{act.verb}: not open to the reporter in {track.body.get('state', track.said)}")
        body = {"verb": act.verb, "given": act.given}
        return self.took(ours, act, self.wire.post("/public/reports/steps", body, ours.key, receipt=ours.receipt))

    def by_staff(self, ours: Ours, act: Act) -> bool:
        name = self.who(ours, act)
        if not name:
            return self.leave(ours, f"{act.verb}: nobody in {ours.handler or ours.owner} may")
        seen = self.read(ours, name)
        if act.verb == "accept" and seen.get("level", 4) <= GRAVE:
            self.acknowledge(ours)
        button = next((row for row in self.buttons(act, seen) if row["verb"] == act.asks_for), None)
        if act.verb != "undo" and not (button and button["may"]):
            return self.leave(ours, f"{act.verb} {act.kind}: {button['why'] if button else 'not to be seen'}")
        body = self.body(ours, act, seen)
        path = f"/events/{ours.number}/steps"
        if act.who == "helper":
            path = f"/events/{ours.number}/parts/{HELPER}/steps"
        good = self.took(ours, act, self.wire.post(path, body, ours.key, self.people.tokens[name]))
        self.keep(ours, act, name, body)
        return good

    def acknowledge(self, ours: Ours) -> None:
        """A leader on duty has a grave matter in hand before it is accepted, unless another one was faster."""
        names = [name for name in self.people.of(ours.owner, "duty_leader", "leader") if name in self.people.tokens]
        if names:
            token = self.people.tokens[names[0]]
            self.wire.post(f"/events/{ours.number}/acknowledge", {}, f"{ours.key}-acknowledge", token)

    def buttons(self, act: Act, seen: Body) -> list[Body]:
        """Of the whole, or of the part of the unit that helps."""
        if act.who != "helper":
            return list(seen.get("verbs", ()))
        return [row for hand in seen.get("hands", ()) if hand["unit"] == HELPER for row in hand["verbs"]]

    def read(self, ours: Ours, name: str) -> Body:
        """The event as this person sees it; what was seen is remembered."""
        answer = self.wire.get(f"/events/{ours.number}", self.people.tokens[name])
        if not answer.good:
            return {}
        seen = answer.body
        ours.state, ours.history = seen["state"], [step["verb"] for step in seen["steps"]]
        ours.refused_by = next((step["by"] for step in reversed(seen["steps"]) if step["verb"] == "refuse"), "")
        ours.owner, ours.handler = self.unit(seen["owner"]), self.unit(seen["handler"])
        return seen

    def unit(self, name: str) -> str:
        return self.people.codes.get(name, "")

    def who(self, ours: Ours, act: Act) -> str:
        """A person of the unit whose turn it is; a review is decided by another one than the first time."""
        if act.who == "same":
            return ours.last
        if act.who == "other":
            self.read(ours, READER)
        unit = {"handler": ours.handler, "helper": HELPER}.get(act.who, ours.owner)
        names = [name for name in self.people.of(unit, *act.roles) if name in self.people.tokens]
        others = [name for name in names if act.who != "other" or self.people.called(name) != ours.refused_by]
        return ours.chance.choice(others) if others else ""

    def body(self, ours: Ours, act: Act, seen: Body) -> Body:
        given = dict(act.given)
        if act.verb == "dispatch":
            given["unit"] = self.unit_for(ours, given["unit"], seen)
        if act.verb == "accept":
            given["title"] = title(self.land, seen["area"], leaves()[ours.told.text.leaf]["name_zh"])
        body: Body = {"verb": act.verb, "version": seen["version"], "given": given}
        if act.kind:
            body["kind"] = act.kind
        if act.verb == "decide":
            body = {**body, "given": {}, "grant": act.grant, "words": act.words}
        return body

    def unit_for(self, ours: Ours, first: str, seen: Body) -> str:
        """The unit of the route, now and then its contractor; a wrong one when the way goes through an objection."""
        routed: str = (seen["route"] or {}).get("unit") or FALLBACK
        if first and first != routed:
            return first
        if routed in HAND_OVER and not seen["restricted"] and ours.chance.random() < SHARE_HAND_OVER:
            routed = HAND_OVER[routed]
        return routed if self.people.can_handle(routed) else FALLBACK

    def took(self, ours: Ours, act: Act, answer: Answer) -> bool:
        label = f"{act.verb} {act.kind}".strip() if act.verb != "decide" else f"{act.leaves} {act.kind}"
        if not answer.good:
            fields = " ".join(answer.body.get("fields", {}))
            return self.leave(ours, f"{label}: {answer.said} {fields}")
        ours.state = answer.body["state"]
        self.tally.done[label if act.verb == "request" or act.leaves == "deny" else act.leaves] += 1
        return True

    def keep(self, ours: Ours, act: Act, name: str, body: Body) -> None:
        ours.last = name
        if act.verb == "dispatch":
            ours.handler = body["given"]["unit"]

    def leave(self, ours: Ours, why: str) -> bool:
        """This life stops here; the reason is counted and shown."""
        self.tally.missed[why.strip()] += 1
        ours.acts = []
        return False
