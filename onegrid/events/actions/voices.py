"""Undo of a join: the voice becomes an event of its own again, with its own number and its own clock."""

from django.db import transaction
from django.utils.translation import gettext as _

from onegrid.events.actions import life, reporting, search
from onegrid.events.models import Event, Report
from onegrid.kit.workflow import NotAllowed, Refusal
from onegrid.org.roles import DISPATCHER, RECEIVER, Actor


@transaction.atomic
def part(*, actor: Actor, number: str, voice: str) -> Event:
    """Take the voice with this number off the event; it is reported anew under the number it always had."""
    event = life.lock(actor, number)
    if not actor.has(RECEIVER, DISPATCHER) or actor.unit_id != event.owner_id:
        raise NotAllowed(Refusal("role", _("The centre that holds the event takes voices apart.")))
    if not event.is_open:
        raise NotAllowed(Refusal("state", _("It has ended; who reported it together was answered together.")))
    row = Report.objects.select_for_update().get(event=event, number=voice)
    if row.number == event.number:
        raise NotAllowed(Refusal("guard", _("The first voice carries the event.")))
    own = reported_anew(event, row)
    event.voices -= 1
    taken = life.remember(event, "part", event.state, actor, "", {"voice": voice}, life.moves(event))
    life.follow(event, taken)
    return own


def reported_anew(event: Event, row: Report) -> Event:
    """An event of the voice's own: same words and place; the promise counts from now, and says so."""
    words = row.told()
    own = Event(
        number=row.number, area=row.area, reported_area=row.area, located=event.located, address=row.address,
        lon=row.lon, lat=row.lat, about_unit_ids=event.about_unit_ids,
        reporter_id=None if row.protected else row.reporter_id,
        about_office=event.about_office, owner_id=event.owner_id, unit_ids=[event.owner_id],
    )  # fmt: skip
    reading = reporting.read(words, "")
    reporting.classify(own, reading, words)
    own.number = row.number
    own.keep_words(words)
    life.settle(own)
    life.begin(own, Actor.reporter(row.pk))
    row.joined_from, row.event = event, own
    row.keep_words(words, restricted=own.restricted)
    row.keep_answers(row.answered(), restricted=own.restricted)
    row.save()
    row.attachments.update(event=own)
    search.index(own, words)
    return own
