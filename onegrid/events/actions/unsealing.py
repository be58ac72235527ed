"""The contact of a protected reporter is opened by two persons: one asks with a reason, another decides.

The reporter reads who asked, what for and how it was decided; a grant opens it once, within the hour, to who asked.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from onegrid.events.actions import life
from onegrid.events.actions.given import NotGiven
from onegrid.events.models import Contact, Event, Report, Unsealing
from onegrid.events.rules.protection import ASKERS, DECIDERS, OPEN_FOR, SHORTEST_PURPOSE
from onegrid.kit import clock, text
from onegrid.kit.workflow import NotAllowed, Refusal
from onegrid.org import actions as org
from onegrid.org.roles import Actor


@transaction.atomic
def ask_unsealing(*, actor: Actor, number: str, voice: str, purpose: str) -> Unsealing:
    """Ask to open the contact of one protected voice; raises Event, Report or Contact.DoesNotExist."""
    purpose = text.tidy(purpose)
    if len(purpose) < SHORTEST_PURPOSE:
        raise NotGiven({"purpose": _("Say what you need it for; the reporter will read it.")})
    event = life.lock(actor, number)
    of_the_centre(actor, event, ASKERS)
    row = Report.objects.get(event=event, number=voice)
    Contact.objects.get(report=row, erased_at__isnull=True)
    if not row.protected:
        raise NotAllowed(Refusal("state", _("This reporter is not protected: one person opens the contact.")))
    if row.unsealings.filter(decided_at__isnull=True).exists():
        raise NotAllowed(Refusal("state", _("It has been asked for already and waits for a second person.")))
    assert actor.posting_id is not None
    made: Unsealing = row.unsealings.create(
        area=row.area, purpose=purpose, asked_by_id=actor.posting_id, asked_at=clock.now()
    )
    org.record(actor, "ask_unsealing", "report", row.pk, purpose=purpose, number=event.number)
    return made


@transaction.atomic
def decide_unsealing(*, actor: Actor, number: str, voice: str, grant: bool, words: str = "") -> Unsealing:
    """Grant or deny, as a second person of the same centre; a no is said with its reason."""
    event = life.lock(actor, number)
    of_the_centre(actor, event, DECIDERS)
    row = Report.objects.get(event=event, number=voice)
    asked = row.unsealings.select_related("asked_by").filter(decided_at__isnull=True).first()
    if asked is None:
        raise NotAllowed(Refusal("state", _("Nothing is asked for here.")))
    if asked.asked_by.user_id == actor.user_id:
        raise NotAllowed(Refusal("guard", _("You asked for it; another person decides.")))
    words = text.tidy(words)
    if not grant and not words:
        raise NotGiven({"words": _("Say why it is not granted.")})
    asked.decided_at, asked.decided_by_id, asked.granted, asked.words = clock.now(), actor.posting_id, grant, words
    asked.save(update_fields=("decided_at", "decided_by", "granted", "words"))
    org.record(actor, "decide_unsealing", "report", row.pk, purpose=asked.purpose, number=event.number, granted=grant)
    return asked


def open_once(actor: Actor, row: Report) -> str:
    """Use up the grant of this actor; its purpose. The event is locked."""
    since = clock.now() - OPEN_FOR
    found = row.unsealings.filter(
        asked_by_id=actor.posting_id, granted=True, opened_at__isnull=True, decided_at__gt=since
    ).first()
    if found is None:
        raise NotAllowed(Refusal("guard", _("A protected reporter: ask first, a second person decides.")))
    found.opened_at = clock.now()
    found.save(update_fields=("opened_at",))
    return str(found.purpose)


def of_the_centre(actor: Actor, event: Event, roles: tuple[str, ...]) -> None:
    if actor.unit_id != event.owner_id:
        raise NotAllowed(Refusal("unit", _("Only the centre that holds the event may; send a message instead.")))
    if not actor.has(*roles):
        raise NotAllowed(Refusal("role", _("Your post does not take this step.")))
