"""Jobs of this room."""

from onegrid.kit import later
from onegrid.public import actions
from onegrid.public.models import Follower


@later.every("29 * * * *")
def forget_unconfirmed() -> None:
    actions.forget_unconfirmed()


# By day only (08:00 to 20:00 in the county): a message tells no hour of what happened at night.
@later.every("7 0-12 * * *")
def tell_at_once() -> None:
    actions.tell_followers(pace=Follower.AT_ONCE)


# Monday, 08:13 in the county.
@later.every("13 0 * * 1")
def tell_weekly() -> None:
    actions.tell_followers(pace=Follower.WEEKLY)


@later.every("*/15 * * * *")
def count_this_month() -> None:
    actions.count_promises(months=2)


# 03:11 in the county: a matter that ended late changes the month in which it fell due.
@later.every("11 19 * * *")
def count_months() -> None:
    actions.count_promises()
