"""Hard matters as far as the reader sees the matter itself, and what waits for a leader in charge."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from onegrid.events.models import Event
from onegrid.kit import clock
from onegrid.org import queries as org
from onegrid.org.models import Posting, Unit
from onegrid.org.roles import LEADER, Actor
from onegrid.org.scope import visible_to
from onegrid.supervision.models import HardCase, HardStep
from onegrid.supervision.queries.hands import holding
from onegrid.supervision.queries.owing import Owed, numbered
from onegrid.supervision.rules.hard_ways import STEP_LABELS, WAYS

SHOWN = 100
SOON = timedelta(days=1)


@dataclass(frozen=True)
class HardRow:
    """One matter of the list: of a sealed one only its number, its dates and who is in charge."""

    case: HardCase
    words: str

    @property
    def sealed(self) -> bool:
        return self.case.event.restricted

    @property
    def way_label(self) -> str:
        return str(WAYS[self.case.way])

    @property
    def centre(self) -> Unit | None:
        return org.unit_by_id(self.case.centre_id)


@dataclass(frozen=True)
class HardTold:
    """One of them with its history, and whether this reader keeps it."""

    row: HardRow
    steps: list[tuple[HardStep, str, str]]
    keeps: bool


def hard_cases(actor: Actor, *, ended: bool = False, mine: bool = False) -> list[HardRow]:
    """On the list, the next review first; or those that left it, the latest first; one statement."""
    rows = visible_to(actor, HardCase.objects.filter(ended_at__isnull=not ended)).select_related("event", "lead__user")
    if mine:
        rows = rows.filter(lead_id=actor.posting_id)
    order = ("-ended_at", "-id") if ended else ("review_at", "id")
    return [HardRow(one, "" if one.event.restricted else one.told()) for one in rows.order_by(*order)[:SHOWN]]


def hard_case(actor: Actor, case_id: int) -> HardTold:
    """One of them; raises HardCase.DoesNotExist outside the scope of its matter."""
    found = visible_to(actor, HardCase.objects.select_related("event", "lead__user")).get(pk=case_id)
    steps = found.steps.select_related("actor__user", "lead__user").order_by("n")
    told = [(step, str(STEP_LABELS[step.verb]), str(WAYS[step.way])) for step in steps]
    return HardTold(HardRow(found, found.told()), told, found.ended_at is None and keeps_hard(actor, found))


def hard_case_of(actor: Actor, event: Event) -> HardRow | None:
    """The matter's place on the list, if it has one."""
    rows = visible_to(actor, HardCase.objects.filter(event=event, ended_at__isnull=True))
    found = rows.select_related("event", "lead__user").first()
    return HardRow(found, found.told()) if found else None


def keeps_hard(actor: Actor, case: HardCase) -> bool:
    """The leader in charge, and the leaders of the centre that put it on the list."""
    if actor.posting_id == case.lead_id:
        return actor.has(LEADER)
    return actor.has(LEADER) and actor.at_centre and actor.unit_id == case.centre_id


def keepers(event: Event) -> list[int]:
    """The centre that owns a matter, and the centres above it."""
    owner = org.unit_by_id(event.owner_id)
    above = org.centres_over(owner.area) if owner else []
    return list(dict.fromkeys((event.owner_id, *above)))


def leads(event: Event) -> list[Posting]:
    """Who may be in charge: a leader of the owning centre or of one above it."""
    return [one for unit in keepers(event) for one in holding(unit, LEADER)]


def owed_reviews_of_hard(actor: Actor) -> list[Owed]:
    """To the leader in charge, from a day before; where that post is vacant, to the leaders of its centre."""
    if not actor.has(LEADER) or not actor.at_centre:
        return []
    rows = visible_to(actor, HardCase.objects.filter(ended_at__isnull=True, review_at__lte=clock.now() + SOON))
    near = rows.select_related("event", "lead").order_by(F("review_at"), "id")[:SHOWN]
    return [owed_of(one) for one in near if waits_for(actor, one)]


def waits_for(actor: Actor, case: HardCase) -> bool:
    return case.lead_id == actor.posting_id or (not case.lead.active and case.centre_id == actor.unit_id)


def owed_of(case: HardCase) -> Owed:
    address = reverse("supervision:hard_case", args=[case.pk])
    return Owed(_("Hard matter to be reviewed"), numbered(case.event), address, case.review_at)
