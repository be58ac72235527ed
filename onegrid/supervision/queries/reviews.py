"""What waits for a leader's review: requests that were asked, and seals of protected reporters."""

from django.urls import reverse
from django.utils.translation import gettext as _

from onegrid.events import queries as events
from onegrid.events.workflow import VERB_LABELS
from onegrid.org.roles import DUTY_LEADER, LEADER, Actor
from onegrid.supervision.queries.owing import Owed, numbered


def owed_reviews(actor: Actor) -> list[Owed]:
    """Each request with its date, decided in two taps on the leader's page; each seal on the page of its matter."""
    if not actor.has(LEADER, DUTY_LEADER):
        return []
    address = reverse("lead:lead") + "#deciding"
    found = [
        Owed(
            _("Decide: %(kind)s") % {"kind": VERB_LABELS[one.request.kind]},
            numbered(one.event),
            address,
            one.request.due_at,
        )
        for one in events.asked(actor).mine
    ]
    for one in events.waiting_unsealings(actor):
        event = one.report.event
        address = reverse("events:event", args=[event.number])
        found.append(Owed(_("Decide: open who reported it"), numbered(event), address))
    return found
