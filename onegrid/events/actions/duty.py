"""A grave matter calls for a leader until one acknowledges it: each call once, over restarts and by any worker."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from onegrid.events import queries
from onegrid.events.models import Alert, Call, Event
from onegrid.events.rules.duty import next_in_line
from onegrid.events.workflow import SENIOR_LEVEL
from onegrid.kit import clock, later
from onegrid.kit.workflow import NotAllowed, Refusal
from onegrid.org import actions as org
from onegrid.org.roles import Actor


@transaction.atomic
def raise_alert(*, event_id: int, cause: str) -> Alert | None:
    """Call the centre that holds a grave matter, once at each level; None when it was called or is grave no more.

    1. The event's lock keeps two workers apart. 2. What called another centre, or less urgently, ends.
    3. The first is called in the same transaction, so an alert never stands without a call.
    4. A centre that hands it on and gets it back is called again, where nobody of it had acknowledged.
    """
    event = Event.objects.select_for_update(of=("self",)).get(pk=event_id)
    if not grave(event) or (cause in ("report", "place") and from_a_table(event)):
        return None
    own = Q(centre=event.owner_id, level__lte=event.level)
    for former in event.alerts.select_for_update().filter(~own, ended_at__isnull=True):
        end(former, "moved")
    if event.alerts.filter(own).exclude(outcome="moved").exists():
        return None
    now = clock.now()
    alert, _new = event.alerts.update_or_create(
        centre_id=event.owner_id, level=event.level,
        defaults={
            "area": event.area, "cause": cause, "raised_at": now, "next_at": now, "ended_at": None, "outcome": "",
        },
    )  # fmt: skip
    call(alert)
    return alert


def from_a_table(event: Event) -> bool:
    """What comes from an older system happened long ago: until it is accepted nobody is called out of bed for it."""
    return not event.category_decided and event.reports.filter(channel="import").exists()


def grave(event: Event) -> bool:
    return event.level <= SENIOR_LEVEL and event.is_open


@transaction.atomic
def call_next(*, alert_id: int) -> bool:
    """Nobody acknowledged in time: the next is called, if under the lock the moment is still due."""
    alert = Alert.objects.select_for_update(of=("self",)).select_related("event").get(pk=alert_id)
    if alert.ended_at is not None or alert.next_at is None or alert.next_at > clock.now():
        return False
    if not grave(alert.event):
        end(alert, "over")
        return False
    call(alert)
    return True


def call(alert: Alert) -> None:
    """The n-th call, to whoever is next; when the list begins again, the centre is told with it."""
    now = clock.now()
    called = list(alert.calls.order_by("n").values_list("posting_id", flat=True))
    posting_id, again = next_in_line(queries.line(alert.centre_id), called)
    made = Call.objects.create(alert=alert, n=len(called) + 1, posting_id=posting_id, at=now)
    alert.rounds += again
    alert.next_at = now + timedelta(minutes=settings.ALERT_MINUTES)
    alert.save(update_fields=("rounds", "next_at"))
    later.react("events.alert_call", call_id=made.pk, again=again)


@transaction.atomic
def acknowledge(*, actor: Actor, number: str) -> Alert:
    """A leader of the called centre has it in hand: nobody further is called. Raises Event.DoesNotExist, NotAllowed."""
    event = queries.seen_by(actor, Event.objects.all()).get(number=number)
    alert = event.alerts.select_for_update().filter(ended_at__isnull=True).first()
    if alert is None:
        raise NotAllowed(Refusal("state", _("Nobody is called any more: it was acknowledged, or the matter is over.")))
    if not queries.may_acknowledge(alert, actor):
        raise NotAllowed(Refusal("role", _("A leader of the centre that is called acknowledges.")))
    alert.acknowledged_by_id = actor.posting_id
    end(alert, "acknowledged")
    org.record(actor, "acknowledge", "event", event.pk, number=event.number, alert=alert.pk)
    return alert


def end(alert: Alert, outcome: str) -> None:
    alert.ended_at, alert.next_at, alert.outcome = clock.now(), None, outcome
    alert.save(update_fields=("ended_at", "next_at", "outcome", "acknowledged_by"))
