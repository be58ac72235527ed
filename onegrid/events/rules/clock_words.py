"""The account of a clock in sentences that people can check with a calendar on the wall."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from onegrid.events.rules.deadlines import Clock
from onegrid.kit.working_time import Limit, Line

Words = str | Promise
NAMES: dict[str, Words] = {
    "accept": gettext_lazy("Until it is accepted"),
    "answer": gettext_lazy("For the reporter's answer"),
    "dispatch": gettext_lazy("Until it is dispatched"),
    "claim": gettext_lazy("Until a unit signs for it"),
    "handle": gettext_lazy("Until it is done"),
    "review": gettext_lazy("Until the suspension is looked at again"),
    "check": gettext_lazy("Until the result is checked"),
    "rating": gettext_lazy("For the reporter's rating"),
}
AMOUNTS: dict[str, Words] = {
    "minutes": gettext_lazy("%(amount)s minutes"),
    "hours": gettext_lazy("%(amount)s hours, day and night"),
    "working_hours": gettext_lazy("%(amount)s working hours"),
    "days": gettext_lazy("%(amount)s days"),
    "working_days": gettext_lazy("%(amount)s working days"),
}
WHY: dict[str, Words] = {
    "first_day": gettext_lazy("the first day does not count"),
    "day": gettext_lazy("a day"),
    "paused": gettext_lazy("the clock stood still"),
    "working_day": gettext_lazy("working day"),
    "make_up_day": gettext_lazy("worked in exchange for a holiday"),
    "weekend": gettext_lazy("weekend, does not count"),
    "holiday": gettext_lazy("holiday, does not count"),
    "running": gettext_lazy("the clock runs"),
}


def label(name: str) -> str:
    """What the clock measures, such as "Until it is done"."""
    return str(NAMES[name])


def amount(limit: Limit) -> str:
    """The length of a limit, such as "7 working days"."""
    return str(AMOUNTS[limit.unit]) % {"amount": limit.amount}


def sentences(clock: Clock, zone: str, reasons: Mapping[str, str] | None = None) -> list[str]:
    """One sentence per start, stretch, calendar day, pause and sum, in the reader's language and the area's zone.

    `reasons` names the coded reasons of pauses; a code that it does not hold is shown as it is.
    """
    named = [replace(line, why=(reasons or {}).get(line.why, line.why)) for line in clock.lines]
    told = [SENTENCES[line.kind](line, clock, ZoneInfo(zone)) for line in named]
    if clock.about:
        told.append(_("The calendar of that time is not published yet: the end is about right, not fixed."))
    return told


def started(line: Line, clock: Clock, zone: ZoneInfo) -> str:
    limit = clock.extension if clock.extension and line.from_ != clock.started_at else clock.limit
    return _("Starts %(at)s; the limit is %(limit)s.") % {
        "at": moment(line.from_, zone),
        "limit": amount(limit),
    }


def ran(line: Line, clock: Clock, zone: ZoneInfo) -> str:
    until = moment(line.until, zone) if line.until else _("now")
    return _("%(start)s to %(end)s: %(length)s (%(why)s).") % {
        "start": moment(line.from_, zone),
        "end": until,
        "length": length(line.counted),
        "why": why(line),
    }


def day(line: Line, clock: Clock, zone: ZoneInfo) -> str:
    return _("%(day)s: %(why)s.") % {"day": date(line.from_, zone), "why": why(line)}


def moved(line: Line, clock: Clock, zone: ZoneInfo) -> str:
    words = _("%(day)s: the last day was a rest day, so the end moves on (%(why)s).")
    return words % {"day": date(line.from_, zone), "why": why(line)}


def paused(line: Line, clock: Clock, zone: ZoneInfo) -> str:
    until = moment(line.until, zone) if line.until else _("now")
    given = {"start": moment(line.from_, zone), "end": until, "reason": line.why}
    if not line.why:
        return _("Stands still from %(start)s to %(end)s.") % given
    return _("Stands still from %(start)s to %(end)s: %(reason)s.") % given


def summed(line: Line, clock: Clock, zone: ZoneInfo) -> str:
    if line.until is None:
        return _("Sum so far: %(length)s; the clock stands still.") % {"length": total(line)}
    if line.why == "review_on":
        return _("Looked at again by the end of the day named: %(at)s.") % {"at": end(line.until, zone)}
    return _("Sum: %(length)s; ends %(at)s.") % {"length": total(line), "at": end(line.until, zone)}


SENTENCES = {"start": started, "run": ran, "day": day, "moved": moved, "pause": paused, "sum": summed}


def why(line: Line) -> str:
    """Why it counted or not, with the festival's name; "computed" marks a year that is not published."""
    english = (get_language() or "zh").startswith("en")
    name = line.name_en if english else line.name_zh
    words = str(WHY[line.why])
    words = _("%(name)s: %(words)s") % {"name": name, "words": words} if name else words
    return _("%(words)s; computed, not yet published") % {"words": words} if line.provisional else words


def total(line: Line) -> str:
    return _("%(days)s days") % {"days": line.counted.days} if line.why.endswith("days") else length(line.counted)


def length(counted: timedelta) -> str:
    minutes = round(counted.total_seconds() / 60)
    return _("%(hours)s h %(minutes)s min") % {"hours": minutes // 60, "minutes": minutes % 60}


def moment(at: datetime, zone: ZoneInfo) -> str:
    # A format of Django's `date` filter: translate its order, not its words.
    return formats.date_format(at.astimezone(zone), _("D j M Y H:i"))


def end(at: datetime, zone: ZoneInfo) -> str:
    """An end at midnight is said as 24:00 of the day that ends."""
    if at.astimezone(zone).time() != time():
        return moment(at, zone)
    return _("%(day)s 24:00") % {"day": date(at - timedelta(minutes=1), zone)}


def date(at: datetime, zone: ZoneInfo) -> str:
    return formats.date_format(at.astimezone(zone), _("D j M Y"))
