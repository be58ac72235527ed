"""A leader who is away lets another person of the unit decide in the leader's place, from one day to another."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from onegrid.kit import clock
from onegrid.org import queries
from onegrid.org.actions.refusals import Refused
from onegrid.org.actions.trail import record
from onegrid.org.models import Posting
from onegrid.org.roles import DUTY_LEADER, LEADER, Actor

DELEGATED = (LEADER, DUTY_LEADER)
LONGEST = timedelta(days=92)


@transaction.atomic
def delegate(actor: Actor, *, deputy_id: int, since: datetime, until: datetime) -> Posting:
    """Give one's own leading roles to a posting of the same unit for a time; raises Refused.

    The deputy gets a posting of its own that names for whom it stands: every step under it tells both. It ends by
    itself; it cannot be passed on, and only one stands at a time. The leader's own rights stay.
    """
    own = Posting.objects.select_for_update(of=("self",)).get(pk=actor.posting_id or 0)
    held = [role for role in own.roles if role in DELEGATED]
    if not held or not own.active:
        raise Refused("wrong_role", _("Only a leader has a deputy."))
    if own.stands_for_id is not None:
        raise Refused("passed_on", _("Whoever stands in for somebody does not pass it on."))
    in_time(own, since, until)
    deputy = next((one for one in queries.may_stand_in(actor) if one.pk == deputy_id), None)
    if deputy is None:
        raise Refused("deputy", _("Choose another person of your own unit."))
    made = Posting.objects.create(
        user_id=deputy.user_id, unit_id=own.unit_id, area=own.area, roles=held, since=since, until=until, stands_for=own
    )
    record(actor, "delegate", "posting", made.pk, user=deputy.user_id, until=until.isoformat())
    return made


def in_time(own: Posting, since: datetime, until: datetime) -> None:
    if until <= since or until <= clock.now():
        raise Refused("time", _("The end comes after the beginning and lies ahead."))
    if until - since > LONGEST:
        raise Refused("time", _("At most three months."))
    if Posting.objects.filter(stands_for=own, since__lt=until, until__gt=since).exists():
        raise Refused("twice", _("Somebody stands in for you in that time already."))


@transaction.atomic
def end_delegation(actor: Actor, *, delegation_id: int) -> None:
    """Back earlier: it ends now, or never begins; raises Posting.DoesNotExist for another one's or one that is over."""
    now = clock.now()
    rows = Posting.objects.select_for_update(of=("self",)).filter(stands_for=actor.posting_id, until__gt=now)
    made = rows.get(pk=delegation_id)
    made.since, made.until = min(made.since, now), now
    made.save(update_fields=("since", "until"))
    record(actor, "end_delegation", "posting", made.pk, user=made.user_id)
