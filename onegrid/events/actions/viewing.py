"""A sealed matter is shown to one posting for a while: asked by number, decided by a leader, each look on the trail.

Asking is answered alike whether the number exists, is sealed, or may be shown to the asker at all.
"""

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from onegrid.events import queries
from onegrid.events.actions.given import NotGiven
from onegrid.events.actions.telling import spoken
from onegrid.events.models import Event, Viewing
from onegrid.events.queries.viewing import Looked, number_open_to, open_viewing
from onegrid.events.rules import deadlines
from onegrid.events.rules.protection import SHORTEST_PURPOSE
from onegrid.events.rules.viewing import ASKERS, DECIDERS, MOST_WAITING, SPANS, until
from onegrid.kit import clock, later, text
from onegrid.kit.workflow import NotAllowed, Refusal
from onegrid.notices import actions as notices
from onegrid.org import actions as org
from onegrid.org import queries as places
from onegrid.org.models import Posting
from onegrid.org.roles import Actor


@transaction.atomic
def ask_viewing(*, actor: Actor, number: str, purpose: str, hours: int) -> Viewing:
    """Ask to see one matter by its number; raises NotGiven or NotAllowed, neither by what is under the number."""
    if actor.posting_id is None or not actor.has(*ASKERS):
        raise NotAllowed(Refusal("role", _("Your post does not take this step.")))
    purpose = text.tidy(purpose)
    given(purpose, hours)
    if number_open_to(actor, number):
        raise NotAllowed(Refusal("state", _("You see this matter already: open it.")))
    not_too_many(actor, number)
    event = Event.objects.filter(number=number).first()
    shown = event if event is not None and queries.shown_to(actor, event) else None
    now = clock.now()
    due_at = deadlines.decision_due("decision", now, places.calendar(actor.area)).at
    assert due_at is not None
    made = Viewing.objects.create(
        event=shown, number=number, asked_by_id=actor.posting_id, purpose=purpose if shown else "", hours=hours,
        asked_at=now, due_at=due_at,
    )  # fmt: skip
    org.record(actor, "ask_viewing", "event", shown.pk if shown else None, purpose=made.purpose, number=number)
    later.react("events.viewing", viewing_id=made.pk)
    return made


def given(purpose: str, hours: int) -> None:
    faults = {
        "purpose": "" if len(purpose) >= SHORTEST_PURPOSE else _("Say what you need it for; the leader decides by it."),
        "hours": "" if hours in SPANS else _("Choose for how long."),
    }
    if any(faults.values()):
        raise NotGiven({name: said for name, said in faults.items() if said})


def not_too_many(actor: Actor, number: str) -> None:
    """One request for a number at a time, and few at once."""
    waiting = [one.viewing.number for one in queries.own_viewings(actor) if one.standing == "waits"]
    if number in waiting:
        raise NotAllowed(Refusal("state", _("This has been asked for and waits for a decision.")))
    if len(waiting) >= MOST_WAITING:
        raise NotAllowed(Refusal("guard", _("Several of your requests wait already; first those are decided.")))


@transaction.atomic
def decide_viewing(*, actor: Actor, viewing_id: int, grant: bool, words: str = "") -> Viewing:
    """Grant or deny; a no is kept with its reason for the centre and is not told. Raises Viewing.DoesNotExist."""
    found = Viewing.objects.select_for_update(of=("self",)).select_related("event", "asked_by").get(pk=viewing_id)
    event, now = found.event, clock.now()
    if event is None or not queries.sees(actor, event):
        raise Viewing.DoesNotExist
    may_decide(actor, found, event)
    words = text.tidy(words)
    if not grant and not words:
        raise NotGiven({"words": _("Say why it is not granted.")})
    if grant and not still_shown(found, event):
        raise NotAllowed(Refusal("guard", _("It may not be shown to whoever asked any more.")))
    found.decided_at, found.decided_by_id, found.granted, found.words = now, actor.posting_id, grant, words
    found.until = until(now, found.hours) if grant else None
    found.save()
    org.record(actor, "decide_viewing", "event", event.pk, purpose=found.purpose, number=found.number, granted=grant)
    later.react("events.viewing", viewing_id=found.pk)
    return found


def may_decide(actor: Actor, found: Viewing, event: Event) -> None:
    if not queries.decides_viewing(actor, event):
        raise NotAllowed(Refusal("role", _("A leader of the centre that holds it decides this.")))
    if found.asked_by.user_id == actor.user_id:
        raise NotAllowed(Refusal("guard", _("You asked for it; another person decides.")))
    if found.decided_at is not None or found.due_at <= clock.now():
        raise NotAllowed(Refusal("state", _("Nothing is asked for here.")))


def still_shown(found: Viewing, event: Event) -> bool:
    """Whether whoever asked still works there and may be shown it."""
    asks = Posting.objects.select_related("user", "unit").get(pk=found.asked_by_id)
    return asks.active and queries.shown_to(Actor.of(asks), event)


@transaction.atomic
def end_viewing(*, actor: Actor, viewing_id: int) -> Viewing:
    """End it before its time: whoever asked, or a leader who might have decided it. Raises Viewing.DoesNotExist."""
    found = Viewing.objects.select_for_update(of=("self",)).select_related("event").get(pk=viewing_id)
    if not queries.may_end(actor, found):
        raise Viewing.DoesNotExist
    if not found.granted or found.ended_at is not None:
        raise NotAllowed(Refusal("state", _("It is not open.")))
    found.ended_at, found.ended_by_id = clock.now(), actor.posting_id
    found.save(update_fields=("ended_at", "ended_by"))
    org.record(actor, "end_viewing", "event", found.event_id, number=found.number)
    return found


@transaction.atomic
def look(*, actor: Actor, number: str) -> Looked:
    """The matter, while the grant is open; every look is counted and on the trail. Raises Viewing.DoesNotExist."""
    found = open_viewing(actor, number)
    assert found.event is not None
    Viewing.objects.filter(pk=found.pk).update(looks=F("looks") + 1, looked_at=clock.now())
    org.record(actor, "look", "event", found.event_id, purpose=found.purpose, number=number, viewing=found.pk)
    return queries.looked(found, found.event)


def tell_of_viewing(*, viewing_id: int) -> int:
    """Leaders when it was asked for, whoever asked when it was granted; of a no nobody is told."""
    found = Viewing.objects.select_related("event").get(pk=viewing_id)
    if found.event is None or found.granted is False:
        return 0
    if found.granted:
        return tell(found, "view_granted", [Posting.objects.select_related("user").get(pk=found.asked_by_id)])
    leaders = [
        one for unit in found.event.led_ids()[:1] for role in DECIDERS for one in places.postings_with(role, unit)
    ]
    return tell(found, "view_to_decide", list({one.pk: one for one in leaders}.values()))


def tell(found: Viewing, kind: str, postings: list[Posting]) -> int:
    assert found.event is not None
    return sum(
        notices.send(
            kind=kind, dedupe=f"viewing:{found.pk}:{kind}:posting:{one.pk}", number=found.number,
            args={"due": spoken(found.until or found.due_at)}, language=one.user.language, to_posting=one.pk,
            unit=found.event.owner_id,
        )
        for one in postings
    )  # fmt: skip
