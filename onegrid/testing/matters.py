"""What the cast talks about: a few leaves, their words, reasons and routes, and one event in any state."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from onegrid.events import actions, queries
from onegrid.events.actions import Reported
from onegrid.events.models import Article, Category, Event, Question, Reason, Route
from onegrid.kit import clock
from onegrid.org.roles import Actor
from onegrid.testing.cast import COUNTY, County

LAMP, LANE, GAS, VICE, NEIGHBOURS = "050202", "030102", "030202", "020103", "010102"
# A worker finishes the first where it lies; a receiver answers the second in the same call.
RUBBISH, ADVICE = "050101", "070101"
# A Wednesday morning without a holiday near.
MORNING = datetime(2026, 10, 14, 2, 0, tzinfo=UTC)
LIMITS = {
    LAMP: (
        (2, "working_hours"),
        (3, "working_days"),
        4,
        False,
        "路灯、电杆、线缆",
        "Street lamps, poles, cables",
    ),
    LANE: ((1, "hours"), (1, "working_days"), 3, False, "消防通道堵塞", "Blocked fire lane"),
    GAS: ((10, "minutes"), (4, "hours"), 2, False, "燃气隐患、泄漏", "Gas hazard or leak"),
    VICE: ((1, "hours"), (5, "working_days"), 3, True, "黄赌毒线索", "Tip on vice"),
    RUBBISH: ((2, "working_hours"), (1, "working_days"), 4, False, "暴露垃圾、道路不洁", "Rubbish, dirty road"),
    ADVICE: ((1, "hours"), (1, "working_days"), 4, False, "政策咨询", "Policy advice"),
    NEIGHBOURS: ((4, "working_hours"), (30, "days"), 4, False, "邻里纠纷", "Dispute between neighbours"),
}
KEYWORDS = {
    LAMP: [["路灯", 3], ["不亮", 2], ["street lamp", 3]],
    LANE: [["消防通道", 4], ["堵", 1], ["fire lane", 3]],
    GAS: [["燃气", 3], ["煤气", 3], ["漏气", 3]],
    VICE: [["赌博", 4], ["麻将馆", 1]],
    NEIGHBOURS: [["邻居", 3], ["吵", 2]],
    RUBBISH: [["垃圾", 4]],
    ADVICE: [["咨询", 4], ["怎么办理", 3]],
}
REASONS = (("refuse", "court"), ("refuse", "elsewhere"), ("suspend", "parts"), ("void", "mistake"),
           ("object", "not_ours"),
           ("extend", "weather"))  # fmt: skip
# Whose matters strangers may see; the others are of homes or persons.
LISTED = (LAMP, LANE)
WORDS = "东门巷三盏路灯不亮，晚上看不见路"


def make_matters(county: County) -> None:
    """Categories, reasons and routes of the tests."""
    Category.objects.bulk_create(leaf(code) for code in LIMITS)
    Reason.objects.bulk_create(Reason(verb=v, code=c, name_zh=f"理由{c}", name_en=f"Reason {c}") for v, c in REASONS)
    city, fire = county.units["city"], county.units["fire"]
    Route.objects.bulk_create(
        [Route(area=COUNTY, category="05", unit=city), Route(area=COUNTY, category="03", unit=fire),
         Route(area=COUNTY, category="", unit=city)]
    )  # fmt: skip
    queries.forget_reference()


def leaf(code: str) -> Category:
    accept, handle, level, restricted, zh, en = LIMITS[code]
    return Category(
        code=code, name_zh=zh, name_en=en, level=level, restricted=restricted, listed=code in LISTED,
        keywords=KEYWORDS[code], on_the_spot=code == RUBBISH, consulting=code == ADVICE, sample_every=1,
        accept={"kind": "clock", "amount": accept[0], "unit": accept[1]},
        handle={"kind": "clock", "amount": handle[0], "unit": handle[1]},
    )  # fmt: skip


ARTICLE = {
    **{f"{name}_zh": "居住证怎么办" for name in ("title", "words", "source")},
    **{f"{name}_en": "How to get a residence permit" for name in ("title", "words", "source")},
    "category": ADVICE, "dated": "2026-03-01",
}  # fmt: skip


def article(code: str = "known", **given: Any) -> Article:
    """What is known about a question for advice."""
    row = Article.objects.create(code=code, **{**ARTICLE, **given})
    queries.forget_reference()
    return row


QUESTIONS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("what", "choice", {"required": True, "options": [
        {"code": "lamp", "name_zh": "路灯", "name_en": "street lamp"},
        {"code": "cable", "name_zh": "线缆", "name_en": "cable"},
    ]}),
    ("how_many", "number", {"depends": {"key": "what", "is": ["lamp"]}}),
    ("hanging", "yes_no", {"depends": {"key": "what", "is": ["cable"]}}),
    ("since", "date", {}),
    ("pole", "text", {}),
)  # fmt: skip


def ask_further(category: str = LAMP) -> None:
    """Five further questions about lamps: one needed, two that depend on it."""
    for order, (key, kind, more) in enumerate(QUESTIONS):
        row = {"name_zh": f"问题{key}", "name_en": f"Question {key}", "order": order, **more}
        Question.objects.create(category=category, key=key, kind=kind, **row)
    queries.forget_reference()


@contextmanager
def at(moment: datetime = MORNING) -> Iterator["Hand"]:
    """Let the house's clock stand at a moment; the hand moves it."""
    hand = Hand(moment)
    with clock.use(lambda: hand.moment):
        yield hand


class Hand:
    """The hand of a clock that stands until it is moved."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def on(self, **by: float) -> None:
        self.moment += timedelta(**by)

    def to(self, moment: datetime) -> None:
        self.moment = moment


def reported(words: str = WORDS, **given: Any) -> Reported:
    """A stranger reports from the first grid."""
    place: dict[str, Any] = {"lon": 104.605, "lat": 28.705} if "area" not in given and "lon" not in given else {}
    return actions.report(actor=Actor.stranger(), words=words, **place, **given)


def event_in(state: str, county: County, **given: Any) -> Event:
    """An event that really went the way to this state."""
    said = reported(**given)
    return carry(said, state, county)


def carry(said: Reported, state: str, county: County) -> Event:
    """Take a fresh report to a state by the steps of the table."""
    reporter = Actor.reporter(said.report.pk)
    for verb, actor, more in WAYS[state](county, reporter):
        if verb.startswith("ask:"):
            actions.ask_for(actor=actor, number=said.number, kind=verb[4:], given=more)
        elif verb.startswith("grant:"):
            actions.decide(actor=actor, number=said.number, kind=verb[6:], grant=True)
        else:
            actions.take(actor=actor, number=said.number, verb=verb, given=more)
    return Event.objects.get(number=said.number)


Way = list[tuple[str, Actor, dict[str, Any]]]


def to_accepted(county: County, reporter: Actor) -> Way:
    return [("accept", county.receiver, {"category": LAMP})]


def to_assigned(county: County, reporter: Actor) -> Way:
    return [*to_accepted(county, reporter), ("dispatch", county.dispatcher, {"unit": "city"})]


def to_handling(county: County, reporter: Actor) -> Way:
    return [*to_assigned(county, reporter), ("claim", county.handler, {})]


def to_checking(county: County, reporter: Actor) -> Way:
    return [*to_handling(county, reporter), ("resolve", county.handler, {"result": "换了三个灯泡，都亮了。"})]


def to_rating(county: County, reporter: Actor) -> Way:
    return [*to_checking(county, reporter), ("pass_check", county.checker, {})]


def to_suspended(county: County, reporter: Actor) -> Way:
    review = clock.local(clock.now() + timedelta(days=7)).date().isoformat()
    given = {"reason": "parts", "review_on": review, "words": "等电缆到货"}
    return [
        *to_handling(county, reporter),
        ("ask:suspend", county.handler, given),
        ("grant:suspend", county.dispatcher, {}),
    ]


WAYS: dict[str, Any] = {
    "reported": lambda county, reporter: [],
    "waiting_reporter": lambda county, reporter: [("ask", county.receiver, {"words": "请问是哪一根灯杆？"})],
    "refused": lambda county, reporter: [("refuse", county.receiver, {"reason": "court", "words": "请向法院起诉。"})],
    "accepted": to_accepted,
    "assigned": to_assigned,
    "handling": to_handling,
    "suspended": to_suspended,
    "checking": to_checking,
    "rating": to_rating,
    "closed": lambda county, reporter: [
        *to_rating(county, reporter),
        ("rate", reporter, {"solved": True, "satisfied": "satisfied"}),
    ],
    "archived": lambda county, reporter: [*WAYS["closed"](county, reporter), ("archive", county.leader, {})],
    "void": lambda county, reporter: [("withdraw", reporter, {})],
}
