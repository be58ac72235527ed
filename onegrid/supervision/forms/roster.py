"""Days, times and people as the forms of the roster give them; what cannot be read is said by its field."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.translation import gettext as _

from onegrid.org import queries as org
from onegrid.org.roles import Actor
from onegrid.supervision.actions import NotGiven
from onegrid.supervision.rules import roster as rules
from onegrid.supervision.rules.roster import Series, Slot

LONGEST_SERIES = 92
IN_ORDER = range(1, 8)
FIELDS = ("kind", "place", "person", "begins", "ends", "since", "until", "colleague")


@dataclass(frozen=True)
class Wish:
    """What is to be put on the roster."""

    kind: str
    place: int
    slots: list[Slot]


def one(actor: Actor, given: QueryDict) -> Wish:
    """One shift: whose, from when until when. Raises NotGiven."""
    slot = Slot(
        number(given, "person"),
        moment(actor, given, "begins", _("Say when it begins.")), moment(actor, given, "ends", _("Say when it ends.")),
    )  # fmt: skip
    return Wish(kind(given), number(given, "place"), [slot])


def absence(actor: Actor, given: QueryDict) -> tuple[datetime, datetime]:
    """From when until when somebody is not there. Raises NotGiven."""
    return (
        moment(actor, given, "since", _("Say from when.")), moment(actor, given, "until", _("Say until when."))
    )  # fmt: skip


def series(actor: Actor, given: QueryDict) -> Wish:
    """People in order over days. Raises NotGiven."""
    people = [found for place in IN_ORDER if (found := number(given, f"person{place}"))]
    faults = {} if people else {"people": _("Choose at least one person.")}
    days = number(given, "days")
    if not 1 <= days <= LONGEST_SERIES:
        faults["days"] = _("Give 1 to 92 days.")
    if faults:
        raise NotGiven(faults)
    on = given.get("on", rules.EVERY)
    dealt = Series(
        people, day(given), days, clock_time(given, "from"), clock_time(given, "to"),
        on if on in rules.ON else rules.EVERY,
    )  # fmt: skip
    return Wish(kind(given), number(given, "place"), rules.slots(dealt, org.calendar(actor.area)))


def kind(given: QueryDict) -> str:
    found = given.get("kind", "")
    if found not in rules.KINDS:
        raise NotGiven({"kind": _("Choose the kind of duty and the place in the order of the calls.")})
    return found


def number(given: QueryDict, name: str) -> int:
    text = given.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def moment(actor: Actor, given: QueryDict, name: str, sentence: str) -> datetime:
    """A moment as a clock in the county shows it."""
    try:
        return datetime.fromisoformat(given.get(name, "")).replace(tzinfo=ZoneInfo(org.zone(actor.area)))
    except ValueError as error:
        raise NotGiven({name: sentence}) from error


def day(given: QueryDict) -> date:
    try:
        return date.fromisoformat(given.get("first", ""))
    except ValueError as error:
        raise NotGiven({"first": _("Say on which day it begins.")}) from error


def clock_time(given: QueryDict, name: str) -> time:
    try:
        return time.fromisoformat(given.get(name, "")).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError as error:
        raise NotGiven({name: _("Give a time such as 08:00.")}) from error
