"""The matters behind a figure of a circular, as far as the reader may see them: the list is read now."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, F, IntegerField, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from onegrid.events import queries as events
from onegrid.events.models import Event, Report, Step
from onegrid.org.roles import Actor
from onegrid.supervision.models import Circular
from onegrid.supervision.queries.counting import bounds
from onegrid.supervision.rules.figures import AT_THE_MOMENT, MEASURES, REST
from onegrid.supervision.rules.period import Period

MOST = 200
BEFORE = "before"
# Where the rows of each dimension stand in the figures.
LISTS = {"door": "doors", "group": "groups", "unit": "units", "town": "towns"}
ENDED = Q(state__in=("closed", "archived"), joined_into__isnull=True)
Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Figure:
    """One number of a circular by its name, such as `received`, `before-ended`, `late-unit-12`."""

    measure: str
    by: str = ""
    key: str = ""
    before: bool = False
    count: int = 0
    sealed: bool = False


@dataclass(frozen=True)
class Behind:
    """A figure and its matters: as many as the reader sees of them, the first of them as rows."""

    figure: Figure
    seen: int
    rows: list[Event]


class NoFigure(LookupError):
    """The circular tells no figure of this name."""


def behind(actor: Actor, circular: Circular, name: str) -> Behind:
    """Raises NoFigure for a name that stands nowhere in it."""
    figure = figure_of(circular, name)
    rows = events.seen_by(actor, matching(circular, figure))
    if not figure.sealed:
        rows = rows.filter(restricted=False)
    return Behind(figure, rows.count(), list(rows.order_by("-reported_at", "-id")[:MOST]))


def figure_of(circular: Circular, name: str) -> Figure:
    first, *rest = name.split("-", 1)
    if first == BEFORE:
        return figure_before(circular, rest[0] if rest else "")
    if first not in MEASURES:
        raise NoFigure(name)
    if not rest:
        told = circular.total(first)
        return Figure(first, count=told["count"], sealed=told["sealed"] is not None)
    by, _dash, key = rest[0].partition("-")
    for row in circular.figures.get(LISTS.get(by, ""), ()):
        if row["key"] == key and first in row:
            return Figure(first, by, key, count=row[first])
    raise NoFigure(name)


def figure_before(circular: Circular, measure: str) -> Figure:
    if measure not in MEASURES or measure in AT_THE_MOMENT:
        raise NoFigure(measure)
    return Figure(measure, before=True, count=circular.total(measure)["before"])


def matching(circular: Circular, figure: Figure) -> QuerySet[Event]:
    place = circular.place
    rows = Event.objects.filter(area__gte=place, area__lt=place + ":", reported_at__lt=circular.counted_at)
    rows = rows.filter(ASKED[figure.measure](span_of(circular, figure.before), circular.counted_at))
    return rows.filter(NARROWED[figure.by](circular, figure)) if figure.by else rows


def span_of(circular: Circular, before: bool) -> Span:
    days = [date.fromisoformat(day) for day in circular.figures["before"]]
    return bounds(Period(*days) if before else Period(circular.since, circular.until), circular.place)


def taken(span: Span, *verbs: str) -> QuerySet[Step]:
    """The event's steps in the time that were not taken back."""
    undone = Step.objects.filter(event=OuterRef("event"), verb="undo").annotate(
        taken_back=Cast(KeyTextTransform("undoes", "facts"), IntegerField())
    )
    rows = Step.objects.filter(event=OuterRef("pk"), verb__in=verbs, at__gte=span[0], at__lt=span[1])
    return rows.filter(~Exists(undone.filter(taken_back=OuterRef("n"))))


def checked(span: Span) -> QuerySet[Step]:
    return taken(span, "pass_check").filter(from_state="checking", promised_by__isnull=False)


def missed(span: Span) -> QuerySet[Step]:
    return checked(span).filter(at__gt=F("promised_by"))


def was_open(span: Span, now: datetime) -> Q:
    return Q(closed_at__isnull=True) | Q(closed_at__gte=now)


ASKED: dict[str, Callable[[Span, datetime], Q]] = {
    "received": lambda span, now: Q(reported_at__gte=span[0], reported_at__lt=span[1]),
    "accepted": lambda span, now: Q(Exists(taken(span, "accept"))),
    "refused": lambda span, now: Q(Exists(taken(span, "refuse"))),
    "ended": lambda span, now: ENDED & Q(closed_at__gte=span[0], closed_at__lt=span[1]),
    "kept": lambda span, now: Q(Exists(checked(span))) & ~Q(Exists(missed(span))),
    "missed": lambda span, now: Q(Exists(missed(span))),
    "open": was_open,
    # What has been late since then: whatever moved on is not late any more.
    "late": lambda span, now: Q(closed_at__isnull=True, due_at__lt=now),
    "rated": lambda span, now: Q(Exists(taken(span, "rate"))),
    "solved": lambda span, now: Q(Exists(taken(span, "rate")), solved=True),
    "unsolved": lambda span, now: Q(Exists(taken(span, "rate")), solved=False),
    "satisfied": lambda span, now: Q(Exists(taken(span, "rate")), satisfied="satisfied"),
    "fair": lambda span, now: Q(Exists(taken(span, "rate")), satisfied="fair"),
    "dissatisfied": lambda span, now: Q(Exists(taken(span, "rate")), satisfied="dissatisfied"),
}


def of_door(circular: Circular, figure: Figure) -> Q:
    named = named_rows(circular, "doors")
    first = Report.objects.filter(number=OuterRef("number"))
    if figure.key == REST:
        return Q(Exists(first.exclude(channel__in=named)))
    return Q(Exists(first.filter(channel=figure.key)))


def of_group(circular: Circular, figure: Figure) -> Q:
    if figure.key != REST:
        return in_group(figure.key)
    others = Q()
    for key in named_rows(circular, "groups"):
        others &= ~in_group(key)
    return others


def in_group(key: str) -> Q:
    """What nobody has decided yet is a group without a key."""
    return Q(category_decided=True, category__gte=key, category__lt=key + ":") if key else Q(category_decided=False)


def of_unit(circular: Circular, figure: Figure) -> Q:
    """Late is whose turn it is; the rest is what the unit handles."""
    return Q(holder_id=int(figure.key)) if figure.measure == "late" else Q(handler_id=int(figure.key))


def named_rows(circular: Circular, name: str) -> list[str]:
    return [row["key"] for row in circular.figures[name] if row["key"] != REST]


NARROWED: dict[str, Callable[[Circular, Figure], Q]] = {
    "door": of_door,
    "group": of_group,
    "unit": of_unit,
    "town": lambda circular, figure: Q(town=figure.key),
}
