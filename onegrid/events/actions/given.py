"""What is given with a step, checked: nothing unknown, nothing missing, every field named in the refusal."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from onegrid.events import queries
from onegrid.kit import clock, codes, text
from onegrid.org import queries as org

MAX_WORDS = 4000
MAX_TITLE = 60
MAX_ADDRESS = 200
REVIEW_DAYS = 30
SATISFIED = ("satisfied", "fair", "dissatisfied")


class NotGiven(Exception):
    """Something given with a step is missing or wrong; `fields` names each with its sentence. Doors answer 422."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {why}" for name, why in fields.items()))
        self.fields = fields


KNOWN = (
    "words", "category", "level", "title", "unit", "reason", "days", "review_on", "result", "solved", "satisfied",
    "assisting", "into", "article", "longitude", "latitude", "address", "area", "hand_over",
)  # fmt: skip

# Given empty, these are emptied; every other field that is empty was not given.
EMPTIED = ("address",)


def checked(given: dict[str, Any], needs: Iterable[str], *, verb: str) -> dict[str, Any]:
    """Tidied values of the known fields; raises `NotGiven` with every fault at once."""
    faults = {name: _("This field is not known.") for name in given if name not in KNOWN}
    clean: dict[str, Any] = {}
    for name in KNOWN:
        value = given.get(name)
        if value is None or (value == "" and name not in EMPTIED):
            if name in needs:
                faults[name] = _("This is needed.")
            continue
        try:
            clean[name] = CHECKS[name](value, verb)
        except ValueError as error:
            faults[name] = str(error)
    if faults:
        raise NotGiven(faults)
    return clean


def article_of(value: object, verb: str) -> str:
    found = queries.articles_by_code().get(str(value))
    if found is None:
        raise ValueError(_("Choose an article from the list."))
    return found.code


def words_of(value: object, verb: str) -> str:
    tidied = text.tidy(str(value))
    if not tidied:
        raise ValueError(_("Please say something."))
    if len(tidied) > MAX_WORDS:
        raise ValueError(_("At most 4,000 characters."))
    return tidied


def title_of(value: object, verb: str) -> str:
    return words_of(value, verb)[:MAX_TITLE]


def leaf_of(value: object, verb: str) -> str:
    category = queries.categories().get(str(value))
    if category is None or not category.is_leaf or not category.active:
        raise ValueError(_("Choose a category from the list."))
    return category.code


def level_of(value: object, verb: str) -> int:
    if str(value) not in ("1", "2", "3", "4"):
        raise ValueError(_("The level is 1, 2, 3 or 4."))
    return int(str(value))


def unit_of(value: object, verb: str) -> int:
    found = org.unit(str(value))
    if found is None or not found.active:
        raise ValueError(_("Choose a unit from the list."))
    return int(found.pk)


def units_of(value: object, verb: str) -> list[int]:
    """Codes of units, as a list or with commas between them; each once."""
    given = value if isinstance(value, list) else str(value).split(",")
    return list(dict.fromkeys(unit_of(one.strip(), verb) for one in map(str, given) if one.strip()))


def number_of(value: object, verb: str) -> str:
    tidied = codes.tidy_number(str(value))
    if tidied is None:
        raise ValueError(_("This is no number of an event."))
    return tidied


def reason_of(value: object, verb: str) -> str:
    known = {reason.code for reason in queries.reasons(verb)}
    if known and str(value) not in known:
        raise ValueError(_("Choose a reason from the list."))
    return words_of(value, verb)


def days_of(value: object, verb: str) -> int:
    if not str(value).isdigit() or not 1 <= int(str(value)) <= REVIEW_DAYS * 2:
        raise ValueError(_("A whole number of days between 1 and 60."))
    return int(str(value))


def review_day_of(value: object, verb: str) -> str:
    try:
        day = date.fromisoformat(str(value))
    except ValueError as error:
        raise ValueError(_("A date like 2026-11-30.")) from error
    today = clock.local(clock.now()).date()
    if not today < day <= today + timedelta(days=REVIEW_DAYS):
        raise ValueError(_("The review is after today and within 30 days."))
    return day.isoformat()


def yes_of(value: object, verb: str) -> bool:
    if value not in (True, False, "yes", "no", "true", "false"):
        raise ValueError(_("Yes or no."))
    return value in (True, "yes", "true")


def wish_of(value: object, verb: str) -> bool | int:
    """Yes or no; or the code of the centre that was offered, of which the unit's id comes back."""
    return yes_of(value, verb) if value in (True, False, "yes", "no", "true", "false") else unit_of(value, verb)


def satisfied_of(value: object, verb: str) -> str:
    if value not in SATISFIED:
        raise ValueError(_("Choose one of the three."))
    return str(value)


def degrees_of(most: int) -> Callable[[object, str], float]:
    """Degrees of WGS-84, at most so many either way."""

    def degrees(value: object, verb: str) -> float:
        try:
            found = float(str(value))
        except ValueError as error:
            raise ValueError(_("This is no number.")) from error
        if not -most <= found <= most:
            raise ValueError(_("This is no place on Earth."))
        return found

    return degrees


def address_of(value: object, verb: str) -> str:
    return text.tidy(str(value))[:MAX_ADDRESS]


def area_of(value: object, verb: str) -> str:
    found = org.area(str(value))
    if found is None or not found.code.startswith(settings.COUNTY):
        raise ValueError(_("Choose a place of this county from the list."))
    return found.code


CHECKS = {
    "words": words_of,
    "category": leaf_of,
    "level": level_of,
    "title": title_of,
    "unit": unit_of,
    "reason": reason_of,
    "days": days_of,
    "review_on": review_day_of,
    "result": words_of,
    "solved": yes_of,
    "satisfied": satisfied_of,
    "assisting": units_of,
    "into": number_of,
    "article": article_of,
    "longitude": degrees_of(180),
    "latitude": degrees_of(90),
    "address": address_of,
    "area": area_of,
    "hand_over": wish_of,
}
