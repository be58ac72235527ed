"""What a stranger may see of matters (docs/decisions/0013): leaf, rounded place, week, state, what a person released.

Never words, photos that nobody released, an exact point or moment, a name, a number; never a restricted matter, one
about an office, one whose leaf nobody decided, or one of a leaf that is of homes or persons.
"""

import base64
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from onegrid.events.models import Attachment, Category, Event, Question, Step
from onegrid.events.models.event import box
from onegrid.events.queries.reference import categories, category_name, leaves
from onegrid.events.rules import clock_words
from onegrid.kit import clock, crypto, paging
from onegrid.kit.literal import literal
from onegrid.kit.working_time import Limit
from onegrid.org import queries as org

PAGE = 20
BY = ("reported_at", "id")
# States as strangers are told them; a state that is not here is not shown.
OPEN_STATES = {
    "under_way": ("accepted", "assigned", "handling", "checking"),
    "waiting": ("suspended",),
    "done": ("rating", "closed", "archived"),
}
ROUNDED = {12: "village", 9: "town", 6: "county"}
# What a follower is told of: a matter was taken up, it was done and checked.
NEWS = ("accept", "pass_check")


@dataclass(frozen=True)
class Seen:
    """One matter as a stranger may see it."""

    leaf: str
    place: str
    week: date
    state: str
    title: str = ""
    photos: list[Attachment] = field(default_factory=list)

    @property
    def state_label(self) -> str:
        return state_label(self.state)


@dataclass(frozen=True)
class Wanted:
    """What narrows the list: a town or village, a branch or leaf, a state; an unknown one finds nothing."""

    area: str = ""
    category: str = ""
    state: str = ""


@dataclass(frozen=True)
class News:
    """One thing that strangers may now see; `step` says where the next message goes on."""

    step: int
    area: str
    category: str
    seen: Seen


def state_label(state: str) -> str:
    return {"under_way": _("Under way"), "waiting": _("Has to wait"), "done": pgettext("stranger", "Done")}[state]


def listed() -> list[Category]:
    """The leaves of which strangers may see matters."""
    return [leaf for leaf in leaves() if leaf.listed and not leaf.restricted]


def open_rows() -> QuerySet[Event]:
    """The stranger rule as one condition: every list, look-up and message for strangers begins with it."""
    codes = [literal(leaf.code) for leaf in listed()]
    return Event.objects.filter(
        category_decided=True, restricted=False, about_office=False, about_unit_ids=[], category__in=codes,
        joined_into__isnull=True,
    )  # fmt: skip


def open_matters(wanted: Wanted, after: str | None = None) -> tuple[list[Seen], str | None]:
    """A page of matters, newest week first, and the sealed cursor of the next; raises paging.BadCursor."""
    by_week = paging.page(narrowed(wanted), BY, after=unsealed(after), size=PAGE, newest_first=True)
    seen = shown(by_week.rows)
    # Within a week the order must not tell which came first.
    seen.sort(key=lambda one: (-one.week.toordinal(), one.leaf, one.place))
    return seen, sealed(by_week.following)


def narrowed(wanted: Wanted) -> QuerySet[Event]:
    rows = open_rows()
    states = OPEN_STATES.get(wanted.state) if wanted.state else sum(OPEN_STATES.values(), ())
    rows = rows.filter(state__in=[literal(state) for state in states or ()])
    if wanted.category:
        rows = rows.filter(category__gte=wanted.category, category__lt=wanted.category + ":")
    if wanted.area:
        inside = {"area__gte": literal(wanted.area), "area__lt": literal(wanted.area + ":")}
        rows = rows.filter(**inside, **({"town": literal(wanted.area[:9])} if len(wanted.area) >= 9 else {}))
    return rows


def shown(events: list[Event]) -> list[Seen]:
    photos = released([event.pk for event in events])
    return [seen(event, photos.get(event.pk, [])) for event in events]


def seen(event: Event, photos: Iterable[Attachment] = ()) -> Seen:
    return Seen(
        leaf=category_name(event.category), place=place_of(event.area), week=week_of(event),
        state=group_of(event.state), title=event.title if event.title_released_at else "", photos=list(photos),
    )  # fmt: skip


def group_of(state: str) -> str:
    return next((name for name, states in OPEN_STATES.items() if state in states), "under_way")


def week_of(event: Event) -> date:
    """The Monday of the week in which it was reported, where it happened."""
    day = clock.local(event.reported_at, org.zone(event.area)).date()
    return day - timedelta(days=day.weekday())


def place_of(area: str) -> str:
    """Town and village by name, whatever finer is known: never a grid."""
    names = [place.name for digits, kind in sorted(ROUNDED.items())
             if (place := org.area(area[:digits])) is not None and place.kind == kind]  # fmt: skip
    return " · ".join(names[1:] or names)


def released(event_ids: list[int]) -> dict[int, list[Attachment]]:
    """The photos of these events that a person released, by event."""
    found: dict[int, list[Attachment]] = {}
    for photo in Attachment.objects.filter(event_id__in=event_ids, released_at__isnull=False).order_by("id"):
        found.setdefault(photo.event_id, []).append(photo)
    return found


def sealed(cursor: str | None) -> str | None:
    """A cursor holds a moment and a row's id: strangers carry it without being able to read it."""
    return base64.urlsafe_b64encode(box().seal(cursor, context="open list")).decode() if cursor else None


def unsealed(cursor: str | None) -> str | None:
    if not cursor:
        return None
    try:
        return box().open(base64.urlsafe_b64decode(cursor.encode("ascii")), context="open list")
    except (crypto.Tampered, ValueError) as error:
        raise paging.BadCursor("this cursor was not given out by this list") from error


def newest_news() -> int:
    """The step from which on a new follower is told: the last one that can have no earlier one still to come."""
    settled = clock.now() - timedelta(minutes=5)
    last = Step.objects.order_by("-pk").filter(at__lt=settled).values_list("pk", flat=True).first()
    return last or 0


def news(since: int, until: int) -> list[News]:
    """What became visible to strangers by the steps after `since` up to `until`, in their order, each matter once."""
    rows = Step.objects.filter(pk__gt=since, pk__lte=until, verb__in=NEWS).order_by("pk")
    last: dict[int, int] = {row[0]: row[1] for row in rows.values_list("event_id", "pk")}
    states = [literal(state) for state in sum(OPEN_STATES.values(), ())]
    events = list(open_rows().filter(pk__in=list(last), state__in=states))
    found = [News(last[event.pk], event.area, event.category, seen(event)) for event in events]
    return sorted(found, key=lambda one: one.step)


def listed_branches() -> list[tuple[Category, list[Category]]]:
    """The groups of two digits with their listed leaves; a group without any is left out."""
    groups: dict[str, list[Category]] = {}
    for leaf in listed():
        groups.setdefault(leaf.code[:2], []).append(leaf)
    return [(branch(code), found) for code, found in groups.items()]


def branch(code: str) -> Category:
    """The node of two digits; its code is its name where a county gave it none."""
    return categories().get(code) or Category(code=code, name_zh=code, name_en=code)


@dataclass(frozen=True)
class LeafTold:
    """A leaf as everybody may read it: what is promised, who sees its matters, what else is asked."""

    leaf: Category
    accept: str
    handle: str
    questions: list[Question]


def leaves_told() -> list[tuple[Category, list[LeafTold]]]:
    """Every leaf that can be chosen here, by branch, with every further question; nothing is asked that is not here."""
    asked = list(Question.objects.filter(active=True))
    groups: dict[str, list[LeafTold]] = {}
    for leaf in leaves():
        questions = [one for one in asked if leaf.code.startswith(one.category)]
        told = LeafTold(leaf, limit_words(leaf.accept_limit), limit_words(leaf.handle_limit), questions)
        groups.setdefault(leaf.code[:2], []).append(told)
    return [(branch(code), told) for code, told in groups.items()]


def limit_words(limit: Limit | None) -> str:
    if limit is None:
        return ""
    return clock_words.amount(limit) if limit.promises else _("help is called first")
