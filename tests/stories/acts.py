"""What those who live at random say and give, and who they are in the second town."""

import random
from collections import Counter
from datetime import timedelta
from typing import Any, ClassVar

from onegrid.events.models import Step
from onegrid.events.rules import deadlines
from onegrid.org import queries as org
from onegrid.testing.cast import County
from onegrid.testing.matters import GAS, LAMP, LANE, VICE

WORDS = ("路灯不亮", "消防通道堵了", "楼下天天赌博", "闻到煤气味", "什么都没有的话", "咨询怎么办理居住证")
# A second town, whose centre has the county's above it.
PLACES = ({"lon": 104.605, "lat": 28.705}, {"lon": 104.635, "lat": 28.705})
# Six grids from west to east, the second town in the middle.
SPOTS = tuple({"longitude": 104.605 + 0.01 * grid, "latitude": 28.705} for grid in range(6))
# How often each transition was taken.
taken: Counter[str] = Counter()


class TownPeople:
    """Those who do in the second town what the county's centre does elsewhere."""

    names: ClassVar[dict[str, str]] = {
        "receiver": "neighbour_receiver", "dispatcher": "neighbour", "checker": "neighbour_checker",
    }  # fmt: skip

    def __init__(self, county: County) -> None:
        self.county = county

    def __getattr__(self, name: str) -> Any:
        return getattr(self.county, self.names.get(name, name))


def clock_columns(steps: list[Step]) -> tuple[Any, Any]:
    """Due and promise, computed anew from the whole history."""
    moves = [deadlines.Move.of(s.n, s.verb, s.from_state, s.to_state, s.at, s.facts) for s in steps]
    clocks = deadlines.clocks(moves, org.calendar("511502"))
    return clocks.due_at, clocks.promised_by


def counted(how: str, verb: str, state: str) -> str:
    """The name under which a step of this kind is counted."""
    return {"ask": f"ask:{verb}", "deny": f"deny:{verb}"}.get(how, f"{verb}:{state}")


def elsewhere(dice: random.Random) -> dict[str, Any]:
    """A point of any grid, or a village alone."""
    return dice.choice((*SPOTS, {"area": "511502001002"}))


def given_for(verb: str, dice: random.Random, now: Any) -> dict[str, Any]:
    return {
        "accept": {"category": dice.choice((LAMP, LANE, GAS, VICE)), "title": "路灯"},
        "ask": {"words": "哪一根？"},
        "answer": {"words": "第二根"},
        "refuse": {"reason": "court", "words": "请起诉"},
        "review": {"words": "不服"},
        "dispatch": {"unit": dice.choice(("city", "fire"))},
        "object": {"reason": "not_ours", "words": "不归我们"},
        "extend": {"reason": "weather", "days": "1"},
        "suspend": {
            "reason": "parts",
            "review_on": (now + timedelta(days=dice.randint(1, 20))).date().isoformat(),
        },
        "resolve": {"result": "办好了"},
        "redo": {"reason": "没办好"},
        "rate": {"solved": dice.choice((True, False)), "satisfied": "fair"},
        "reopen": {"words": "还是没有解决"},
        "void": {"reason": "mistake"},
        "tell": {"words": "正在办"},
        "note": {"words": "内部"},
        "transfer": {"reason": "不归我们", "unit": dice.choice(("city", "fire", "housing"))},
        "assist": {"unit": dice.choice(("city", "fire", "housing")), "words": "请到场"},
        "whistle": {"unit": dice.choice(("fire", "housing")), "words": "请到场", "days": 2},
        "escalate": {"reason": "本级没有执法权"},
        "take_over": {"words": "已受理"},
        "finish_on_the_spot": {"result": "当场办好了"},
        "place": {**elsewhere(dice), "address": f"东门巷{dice.randint(1, 400)}号"},
    }.get(verb, {})
