"""Reference data, read once in five seconds: categories, reasons, routes, the word list."""

from dataclasses import dataclass

from onegrid.events.models import Category, Event, Reason, ReplyTemplate, Route
from onegrid.events.models.category import categories as categories
from onegrid.events.queries import knowledge
from onegrid.events.rules import routing as routing_rules
from onegrid.kit.reference import reference
from onegrid.triage import keywords

EMERGENCY = "emergency"


@dataclass(frozen=True)
class Proposal:
    """A leaf proposed by the word list."""

    category: str
    name: str
    because: list[str]


# Leaves that call first: whom.
FIRST_CALL = {"040101": "119", "040102": "119", "040103": "120", "040104": "119", "040106": "110"}


def leaves() -> list[Category]:
    return [category for category in categories().values() if category.is_leaf and category.active]


def category_name(code: str) -> str:
    found = categories().get(code)
    return found.name if found else ""


@reference(seconds=5)
def all_reasons() -> dict[str, list[Reason]]:
    """The reasons in use, by the verb they belong to."""
    found: dict[str, list[Reason]] = {}
    for reason in Reason.objects.filter(active=True).order_by("verb", "id"):
        found.setdefault(reason.verb, []).append(reason)
    return found


def reasons(verb: str) -> list[Reason]:
    return all_reasons().get(verb, [])


@reference(seconds=5)
def reply_templates() -> tuple[ReplyTemplate, ...]:
    """Every template, also those that are out of use, in the order of the page."""
    return tuple(ReplyTemplate.objects.order_by("area", "category", "id"))


@reference(seconds=5)
def routes() -> dict[tuple[str, str], routing_rules.Rule]:
    rows = Route.objects.filter(unit__active=True).values_list("area", "category", "unit_id")
    return routing_rules.table(routing_rules.Rule(*row) for row in rows)


def route_for(area: str, category: str, avoid: tuple[int, ...] = ()) -> routing_rules.Hit | None:
    return routing_rules.route(routes(), area, category, avoid)


def routes_for(area: str, category: str) -> set[int]:
    """Every unit that a rule names for this kind of matter in this place, the finest and the coarsest rules alike."""
    return {rule.unit_id for rule in routing_rules.candidates(routes(), area, category)}


def routing(event: Event) -> routing_rules.Hit | None:
    """Which unit the rules give for this event, never one that it is about."""
    return route_for(event.area, event.category, tuple(event.about_unit_ids))


def centres_above(event: Event) -> list[int]:
    """The centres over the present owner, the next one up first; none that the matter is about."""
    return event.centres_above()


@reference(seconds=5)
def word_list() -> keywords.WordList:
    """The keywords of the leaves, as data; a word list, not a model that was trained."""
    rows = [(category.code, dict(category.keywords)) for category in leaves()]
    restricted = [category.code for category in leaves() if category.restricted]
    return keywords.WordList.of(rows, restricted=restricted, emergencies=emergency_words())


def reading(words: str) -> list[Proposal]:
    """What the word list proposes for a text, likeliest first, with the words that speak for it."""
    return [
        Proposal(one.code, category_name(one.code), list(one.because)) for one in keywords.suggest(words, word_list())
    ]


def emergency_words() -> dict[str, list[str]]:
    """Number to call first (110, 119, 120) -> the words that say so."""
    found: dict[str, list[str]] = {}
    for reason in reasons(EMERGENCY):
        found.setdefault(reason.code.split(":")[0], []).append(reason.name_zh)
    return found


def emergency(words: str, category: str = "") -> keywords.Emergency | None:
    """Whom to call before anything is written: by the words, or because the chosen category calls first."""
    found = keywords.emergency(words, word_list())
    leaf = categories().get(category)
    if found is None and leaf is not None and leaf.calls_first:
        return keywords.Emergency(FIRST_CALL.get(category, "110"), ())
    return found


def forget_reference() -> None:
    """Drop what this process holds; tests and loaders call it after a change."""
    cached = (categories, all_reasons, reply_templates, routes, word_list)
    for one in (*cached, knowledge.all_questions, knowledge.all_articles):
        one.clear()
