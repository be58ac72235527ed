"""To see who reported is a write: with a reason, on the trail, and shown to the reporter."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from onegrid.events.actions import life, unsealing
from onegrid.events.actions.given import NotGiven
from onegrid.events.models import Contact, Report
from onegrid.events.rules.protection import ASKERS, SHORTEST_PURPOSE
from onegrid.kit import text
from onegrid.kit.workflow import NotAllowed, Refusal
from onegrid.org import actions as org
from onegrid.org.roles import Actor


@dataclass(frozen=True)
class Revealed:
    name: str
    phone: str
    email: str = ""


@transaction.atomic
def reveal(*, actor: Actor, number: str, voice: str, purpose: str) -> Revealed:
    """Open the contact of one voice for the centre that holds the event; never for the handling unit.

    Of a protected voice only by a grant that a second person gave (`unsealing`), whose purpose then counts.
    """
    event = life.lock(actor, number)
    if not actor.has(*ASKERS) or actor.unit_id != event.owner_id:
        raise NotAllowed(Refusal("role", _("Only the centre that holds the event may; send a message instead.")))
    row = Report.objects.get(event=event, number=voice)
    contact = Contact.objects.select_related("report").get(report=row, erased_at__isnull=True)
    purpose = unsealing.open_once(actor, row) if row.protected else text.tidy(purpose)
    if len(purpose) < SHORTEST_PURPOSE:
        raise NotGiven({"purpose": _("Say what you need it for; the reporter will read it.")})
    org.record(actor, "reveal", "report", row.pk, purpose=purpose, number=event.number)
    plain = contact.plain()
    return Revealed(plain.get("name", ""), plain.get("phone", ""), plain.get("email", ""))
