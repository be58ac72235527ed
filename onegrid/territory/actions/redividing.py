"""The way of a re-division: begun, submitted, approved by another person, or taken back while its day has not come."""

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from onegrid.events.actions import NotAllowed, NotGiven
from onegrid.kit import clock, later, text
from onegrid.kit.workflow import Refusal, Step, allowed
from onegrid.org import actions as org
from onegrid.org import queries as places
from onegrid.org.models import Unit
from onegrid.org.roles import ADMIN_SYSTEM, Actor
from onegrid.territory import queries
from onegrid.territory.models import Redivision, RedivisionStep
from onegrid.territory.rules import words as spoken
from onegrid.territory.rules.redivision_life import REDIVISION

MAX_TITLE, MAX_WORDS = 120, 2000
LONGEST = timedelta(days=730)


@transaction.atomic
def begin_redivision(*, actor: Actor, title: str, reason: str, effective_on: str) -> Redivision:
    """A draft of the own centre. Raises NotAllowed, NotGiven."""
    unit = places.unit_by_id(actor.unit_id)
    if unit is None or unit.kind != Unit.CENTRE or not actor.has(ADMIN_SYSTEM) or actor.posting_id is None:
        raise NotAllowed(Refusal("role", _("The system administrator of a centre divides its grids anew.")))
    made = Redivision.objects.create(
        unit_id=unit.pk, area=unit.area, made_by_id=actor.posting_id, made_at=clock.now(),
        **head_of(title, reason, effective_on),
    )  # fmt: skip
    remember(made, actor, "begin", "", "")
    return made


def head_of(title: str, reason: str, effective_on: str) -> dict[str, object]:
    """Title, reason and day, checked; every fault at once."""
    title, reason, faults = text.tidy(title), text.tidy(reason), dict[str, str]()
    if not title or len(title) > MAX_TITLE:
        faults["title"] = _("A title of at most 120 characters.")
    if not reason or len(reason) > MAX_WORDS:
        faults["reason"] = _("Say why, in at most 2,000 characters.")
    try:
        day = date.fromisoformat(effective_on)
        if not places.day() < day <= places.day() + LONGEST:
            faults["effective_on"] = too_early()
    except ValueError:
        faults["effective_on"] = _("A date like 2026-11-30.")
    if faults:
        raise NotGiven(faults)
    return {"title": title, "reason": reason, "effective_on": day}


def too_early() -> str:
    return _("It takes effect tomorrow at the earliest, and within two years.")


@transaction.atomic
def edit_redivision(
    *, actor: Actor, redivision_id: int, version: int, title: str, reason: str, effective_on: str
) -> Redivision:  # fmt: skip
    """Title, reason and day of a draft. Raises Redivision.DoesNotExist, NotAllowed, NotGiven."""
    one = locked(actor, redivision_id, version)
    row = allowed(REDIVISION.may("edit", one, actor))
    for name, value in head_of(title, reason, effective_on).items():
        setattr(one, name, value)
    take(one, actor, row, "")
    return one


@transaction.atomic
def move_redivision(*, actor: Actor, redivision_id: int, verb: str, version: int, words: str = "") -> Redivision:
    """Any step of a person but editing. Raises Redivision.DoesNotExist, NotAllowed, NotGiven."""
    one = locked(actor, redivision_id, version)
    row = allowed(REDIVISION.may(verb, one, actor))
    words = text.tidy(words)
    if "words" in row.needs and not words:
        raise NotGiven({"words": _("Say why.")})
    if len(words) > MAX_WORDS:
        raise NotGiven({"words": _("At most %(most)s characters.") % {"most": MAX_WORDS}})
    if verb in ("submit", "approve"):
        may_come(one)
    if verb == "approve":
        one.touches = touched(one)
    take(one, actor, row, words)
    return one


def may_come(one: Redivision) -> None:
    """Refuse what could not take effect: its day is over, the land has changed since, another one is ahead of it."""
    if one.effective_on <= places.day():
        raise NotAllowed(Refusal("guard", _("Its date has come; choose a later one in the draft.")))
    if changed := queries.conflicts(one):
        raise NotAllowed(Refusal("guard", _("Changed since the draft was made: %(codes)s. Draw these changes anew.")
                                 % {"codes": ", ".join(changed[:5])}))  # fmt: skip
    for fault in queries.faults_of_draft(one):
        if fault.kind in queries.GRAVE:
            said = _("This draft would make a fault: %(fault)s, %(size)s, at %(place)s. Take that change back.")
            raise NotAllowed(Refusal("guard", said % spoken.where(fault)))
    if queries.codes_of(queries.outcome_of(one), one.area)[1]:
        raise NotAllowed(Refusal("guard", _("A village has no number left for another grid.")))
    # Locked in order, so that of two that are approved at once one sees the other.
    others = Redivision.objects.select_for_update().filter(area=one.area, state="approved").exclude(pk=one.pk)
    mine = set(touched(one))
    for other in others.order_by("pk"):
        if both := sorted(mine & set(other.touches)):
            raise NotAllowed(Refusal("guard", _("“%(title)s” is approved and changes %(codes)s too.")
                                     % {"title": other.title, "codes": ", ".join(both[:5])}))  # fmt: skip


def touched(one: Redivision) -> list[str]:
    return sorted(queries.outcome_of(one).was)


def locked(actor: Actor, redivision_id: int, version: int) -> Redivision:
    """The row under its lock, behind that of its centre: two approvals at once come one after the other."""
    seen = queries.redivision(actor, redivision_id)
    Unit.objects.select_for_update().get(pk=seen.unit_id)
    one = Redivision.objects.select_for_update(of=("self",)).select_related("made_by").get(pk=seen.pk)
    if one.version != version:
        raise NotAllowed(Refusal("version", _("It was changed meanwhile; look at it again.")))
    return one


def take(one: Redivision, actor: Actor, row: Step, words: str) -> None:
    before = one.state
    one.state = row.lands(before)
    one.version += 1
    one.save()
    remember(one, actor, row.verb, before, words)


def remember(one: Redivision, actor: Actor, verb: str, before: str, words: str) -> None:
    """Its own history, the trail of the house, and the job that tells whoever has to know."""
    taken = {"from_state": before, "to_state": one.state, "words": words, "at": clock.now()}
    n = one.steps.count() + 1
    RedivisionStep.objects.create(redivision=one, n=n, verb=verb, actor_id=actor.posting_id, **taken)
    org.record(actor, f"redivision_{verb}", "redivision", one.pk)
    if verb not in ("begin", "edit"):
        later.react("territory.redivision", redivision_id=one.pk, n=n)
