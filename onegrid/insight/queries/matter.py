"""One matter for the side card, and matters as rows of the list."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from onegrid.events import queries as events
from onegrid.events.models import Event, Step
from onegrid.insight.rules.signs import CLOCK_LABELS, GROUP_LABELS, clock_of, group_of
from onegrid.kit import clock
from onegrid.org import queries as org
from onegrid.org.roles import Actor
from onegrid.org.scope import visible_to

WORDS_IN_LISTS = 60


@dataclass(frozen=True)
class Row:
    """One matter as the map shows it."""

    event: Event
    title: str
    leaf: str
    place: str
    group: str
    group_label: str
    clock: str
    clock_label: str
    due_at: datetime | None
    unit: str


def row_of(event: Event) -> Row:
    now = clock.now()
    due = event.due_at if event.is_open else None
    told = clock_of(due, now, events.end_of_today(now))
    unit = org.unit_by_id(event.handler_id)
    group = group_of(event.state)
    return Row(
        event=event, title=title_of(event), leaf=events.category_name(event.category) or _("No category yet"),
        place=place_of(event.area), group=group, group_label=str(GROUP_LABELS[group]), clock=told,
        clock_label=str(CLOCK_LABELS.get(told, "")), due_at=due, unit=unit.name if unit else "",
    )  # fmt: skip


def title_of(event: Event) -> str:
    words = event.title or event.words
    return words if len(words) <= WORDS_IN_LISTS else words[:WORDS_IN_LISTS] + "…"


def place_of(area: str) -> str:
    """Town and village; the county where nothing finer is known."""
    names = [place.name for place in org.area_names(area) if len(place.code) in (9, 12)]
    if names:
        return " · ".join(names)
    county = org.area(area[:6])
    return county.name if county else ""


def on_map(actor: Actor, number: str) -> Event:
    """A matter that the actor may see and that may stand on a map; raises Event.DoesNotExist."""
    return visible_to(actor, Event.objects.filter(restricted=False)).get(number=number)


def stands(actor: Actor, number: str) -> bool:
    """Whether this matter may stand on the map of this actor."""
    return visible_to(actor, Event.objects.filter(restricted=False, number=number)).exists()


def why_sent(event: Event) -> dict[str, object] | None:
    """What spoke for the unit when it was chosen on the map, from the step; None when it was not chosen there."""
    step = Step.objects.filter(event=event, verb="dispatch").order_by("-n").first()
    weighed = step.facts.get("weighed") if step is not None else None
    return {**weighed, "unit": org.unit_by_id(step.facts.get("unit"))} if step is not None and weighed else None
