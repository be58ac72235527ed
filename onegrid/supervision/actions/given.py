"""What is given with a form of this room, checked: words, a day, units."""

from collections.abc import Callable, Container, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from onegrid.events.actions import NotGiven
from onegrid.kit import clock, text
from onegrid.org import queries as org
from onegrid.org.models import Unit

MOST_WORDS = 2000
LONGEST = timedelta(days=366)


def words_of(value: str, field: str = "words", most: int = MOST_WORDS) -> str:
    tidied = text.tidy(value)
    if not tidied:
        raise NotGiven({field: _("Please say something.")})
    if len(tidied) > most:
        raise NotGiven({field: _("At most %(most)s characters.") % {"most": most}})
    return tidied


def close_of(value: str, area: str, field: str = "due") -> datetime:
    """The end of the working hours of a day that lies ahead, in this area."""
    try:
        day = date.fromisoformat(value)
    except ValueError as error:
        raise NotGiven({field: _("A date like 2026-11-30.")}) from error
    moment, now = org.calendar(area).close_of(day), clock.now()
    if not now < moment <= now + LONGEST:
        raise NotGiven({field: _("The day lies ahead, at most a year.")})
    return moment


def units_among(codes: Sequence[str], allowed: Sequence[Unit], field: str = "unit") -> list[Unit]:
    """The units of these codes, each once; at least one, and only such as may be chosen."""
    known = {unit.code: unit for unit in allowed}
    chosen = list(dict.fromkeys(codes))
    if not chosen:
        raise NotGiven({field: _("Choose at least one unit.")})
    if any(code not in known for code in chosen):
        raise NotGiven({field: _("Choose units from the list.")})
    return [known[code] for code in chosen]


def chosen_of(value: str, known: Container[str], field: str) -> str:
    if value not in known:
        raise NotGiven({field: _("Choose one of the list.")})
    return value


def all_of(checks: Mapping[str, Callable[[], Any]]) -> dict[str, Any]:
    """Every value, or every fault at once."""
    clean, faults = dict[str, Any](), dict[str, str]()
    for name, check in checks.items():
        try:
            clean[name] = check()
        except NotGiven as missing:
            faults |= missing.fields
    if faults:
        raise NotGiven(faults)
    return clean
