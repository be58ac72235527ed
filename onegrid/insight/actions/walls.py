"""Links of wall screens: made for one area, shown once, revoked; each opening leaves its minute."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from onegrid.events.actions import NotGiven
from onegrid.insight import queries
from onegrid.insight.models import LONGEST, WallLink
from onegrid.kit import clock, codes, text
from onegrid.kit.workflow import NotAllowed, Refusal
from onegrid.org import actions as org
from onegrid.org.roles import Actor

MOST_NAME = 40
SEEN_EVERY = timedelta(minutes=1)


@transaction.atomic
def make_wall_link(*, actor: Actor, area: str, name: str, days: str) -> tuple[WallLink, str]:
    """The row and its code, which is shown once and kept as a hash. Raises NotAllowed, NotGiven."""
    may_keep(actor)
    name, faults = text.tidy(name), dict[str, str]()
    if area not in {one.code for one in queries.wall_areas(actor)}:
        faults["area"] = _("Choose an area of your own.")
    if not name or len(name) > MOST_NAME:
        faults["name"] = _("Say where the screen hangs, in at most 40 characters.")
    if not (days.isascii() and days.isdecimal() and len(days) < 5 and 1 <= int(days) <= LONGEST.days):
        faults["days"] = _("A whole number of days between 1 and 90.")
    if faults:
        raise NotGiven(faults)
    assert actor.posting_id is not None
    now, code = clock.now(), codes.drawn()
    link = WallLink.objects.create(
        area=area, name=name, code_hash=codes.receipt_hash(code), made_by_id=actor.posting_id, made_at=now,
        expires_at=now + timedelta(days=int(days)),
    )  # fmt: skip
    org.record(actor, "make_wall_link", "walllink", link.pk, area=area, days=int(days))
    return link, code


@transaction.atomic
def revoke_wall_link(*, actor: Actor, link_id: int) -> None:
    """From now on it shows nothing; revoking again is no fault. Raises NotAllowed, WallLink.DoesNotExist."""
    may_keep(actor)
    link = queries.wall_links(actor).select_for_update(of=("self",)).get(pk=link_id)
    if link.ended_at is None:
        WallLink.objects.filter(pk=link.pk).update(ended_at=clock.now(), ended_by=actor.posting_id)
        org.record(actor, "revoke_wall_link", "walllink", link.pk, area=link.area)


def may_keep(actor: Actor) -> None:
    if not queries.keeps_walls(actor):
        raise NotAllowed(Refusal("role", _("The leader of a centre or the system administrator keeps wall screens.")))


def open_wall(*, code: str) -> WallLink | None:
    """The link that this code opens now; None whatever the reason. That its screen asked is kept to the minute."""
    link = queries.wall_of(code)
    if link is not None and (link.seen_at is None or link.seen_at < clock.now() - SEEN_EVERY):
        WallLink.objects.filter(pk=link.pk).update(seen_at=clock.now())
    return link
