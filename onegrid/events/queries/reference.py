"""Reference data, read once in five seconds: categories, reasons, routes, the word list."""

from onegrid.events.models import Category, Event, Reason, Route
from onegrid.events.rules import routing as routing_rules
from onegrid.kit.reference import reference
from onegrid.triage import keywords

EMERGENCY = "emergency"


@reference(seconds=5)
def categories() -> dict[str, Category]:
    """Every node of the tree by code, in order of code."""
    return {category.code: category for category in Category.objects.order_by("code")}


def leaves() -> list[Category]:
    return [category for category in categories().values() if category.is_leaf and category.active]


def category_name(code: str) -> str:
    found = categories().get(code)
    return found.name if found else ""


@reference(seconds=5)
def all_reasons() -> tuple[Reason, ...]:
    return tuple(Reason.objects.filter(active=True).order_by("verb", "id"))


def reasons(verb: str) -> list[Reason]:
    return [reason for reason in all_reasons() if reason.verb == verb]


@reference(seconds=5)
def routes() -> dict[tuple[str, str], routing_rules.Rule]:
    rows = Route.objects.filter(unit__active=True).values_list("area", "category", "unit_id")
    return routing_rules.table(routing_rules.Rule(*row) for row in rows)


def route_for(area: str, category: str, avoid: tuple[int, ...] = ()) -> routing_rules.Hit | None:
    return routing_rules.route(routes(), area, category, avoid)


def routing(event: Event) -> routing_rules.Hit | None:
    """Which unit the rules give for this event, never one that it is about."""
    return route_for(event.area, event.category, tuple(event.about_unit_ids))


@reference(seconds=5)
def word_list() -> keywords.WordList:
    """The keywords of the leaves, as data; a word list, not a model that was trained."""
    rows = [(category.code, category.keywords, category.restricted) for category in leaves()]
    return keywords.WordList.of(rows)


@reference(seconds=5)
def emergency_words() -> dict[str, str]:
    """Word -> number to call first (110, 119, 120)."""
    return {reason.name_zh: reason.code.split(":")[0] for reason in all_reasons() if reason.verb == EMERGENCY}


def forget_reference() -> None:
    """Drop what this process holds; tests and loaders call it after a change."""
    for cached in (categories, all_reasons, routes, word_list, emergency_words):
        cached.clear()
