"""Times as a person says them, with the exact moment for who wants it; durations; the bar of a clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from onegrid.kit import clock

register = template.Library()
MINUTE, HOUR, DAY = 60, 3600, 86_400


@register.filter
def by_when(moment: datetime | None) -> str:
    """ "by 15:00 today"; midnight is said as 24:00 of the day that ends."""
    if moment is None:
        return ""
    day, hour = split(moment)
    today = clock.local(clock.now()).date()
    values = {"hour": hour, "day": day_words(day)}
    if day.date() == today:
        return _("by %(hour)s today") % values
    if day.date() == today + timedelta(days=1):
        return _("by %(hour)s tomorrow") % values
    return _("by %(hour)s on %(day)s") % values


@register.filter
def at_when(moment: datetime | None) -> str:
    """ "today 15:00", or the day and the hour."""
    if moment is None:
        return ""
    local = clock.local(moment)
    values = {"hour": local.strftime("%H:%M"), "day": day_words(local)}
    if local.date() == clock.local(clock.now()).date():
        return _("today %(hour)s") % values
    return _("%(day)s %(hour)s") % values


@register.filter
def exact(moment: datetime | None) -> str:
    """The moment to the second, with its zone, for the title of an element."""
    return clock.local(moment).strftime("%Y-%m-%d %H:%M:%S UTC%z") if moment else ""


@register.filter
def machine(moment: datetime | None) -> str:
    """For the attribute `datetime`."""
    return moment.isoformat() if moment else ""


@register.filter
def left(moment: datetime | None) -> str:
    """ "24 min left", "2 h 10 min left", "3 days left"; past it, "2 h overdue"."""
    if moment is None:
        return ""
    seconds = int((moment - clock.now()).total_seconds())
    words = _("%(time)s left") if seconds >= 0 else _("%(time)s overdue")
    return words % {"time": span(abs(seconds))}


@register.filter
def is_late(moment: datetime | None) -> bool:
    return moment is not None and moment < clock.now()


@register.filter
def is_today(moment: datetime | None) -> bool:
    return moment is not None and split(moment)[0].date() <= clock.local(clock.now()).date()


def span(seconds: int) -> str:
    if seconds >= 2 * DAY:
        return ngettext("%(n)d day", "%(n)d days", seconds // DAY) % {"n": seconds // DAY}
    if seconds >= HOUR:
        hours, minutes = seconds // HOUR, seconds % HOUR // MINUTE
        if not minutes or hours >= 24:
            return _("%(hours)d h") % {"hours": hours}
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}
    return _("%(minutes)d min") % {"minutes": max(seconds // MINUTE, 1)}


def split(moment: datetime) -> tuple[datetime, str]:
    """The day a limit ends on and its hour; 00:00 belongs to the day before, as 24:00."""
    local = clock.local(moment)
    if (local.hour, local.minute) == (0, 0):
        return local - timedelta(days=1), "24:00"
    return local, local.strftime("%H:%M")


def day_words(day: datetime) -> str:
    """ "15 October (Thu)", with the year when it is another one."""
    year = "" if day.year == clock.local(clock.now()).year else date_format(day, _("Y"))
    values = {"year": year, "date": date_format(day, _("j F")), "week": date_format(day, "D")}
    return (_("%(date)s (%(week)s) %(year)s") % values).strip()


@dataclass(frozen=True)
class Piece:
    """A part of the bar: from and width in per cent, and its class."""

    x: float
    width: float
    kind: str


@register.inclusion_tag("components/clock_bar.html")
def clock_bar(clock_of: object, ended: datetime | None = None) -> dict[str, object]:
    """The bar of one clock: what ran, where it stood still, what is left, what went over."""
    started: datetime = clock_of.started_at  # type: ignore[attr-defined]
    due: datetime | None = clock_of.due_at  # type: ignore[attr-defined]
    until = ended or clock_of.ended_at or clock.now()  # type: ignore[attr-defined]
    pauses = [(pause.start, pause.end or until) for pause in clock_of.pauses]  # type: ignore[attr-defined]
    far = max(due or until, until)
    whole = max((far - started).total_seconds(), 1.0)

    def place(moment: datetime) -> float:
        return round(100 * max(0.0, (min(moment, far) - started).total_seconds()) / whole, 2)

    done = bool(clock_of.ended_at or ended)  # type: ignore[attr-defined]
    run_until = min(until, due) if due else until
    pieces = [Piece(0, place(run_until), "done" if done else "run")]
    pieces += [Piece(place(start), place(end) - place(start), "stop") for start, end in pauses]
    if due and until > due:
        pieces.append(Piece(place(due), place(until) - place(due), "over"))
    return {"pieces": pieces, "flag": place(due) if due else None}
