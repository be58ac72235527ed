"""Who lost a posting by a re-division, and who has no grid any more."""

from datetime import timedelta

from onegrid.org import queries as org
from onegrid.org.models import Posting
from onegrid.org.roles import GRID_HEAD, WORKER
from onegrid.territory.models import Redivision
from onegrid.territory.rules.outcome import Outcome

IN_GRIDS = (WORKER, GRID_HEAD)
# It all happens in one transaction, which may last so long.
LONGEST = timedelta(minutes=5)


def ended_with(one: Redivision, found: Outcome) -> list[Posting]:
    """The postings in its grids that ended with it."""
    if one.applied_at is None:
        return []
    rows = Posting.objects.filter(area__in=[*found.ended, *found.kept], stands_for__isnull=True)
    rows = rows.filter(until__gt=one.applied_at - LONGEST, until__lte=one.applied_at)
    return list(rows.select_related("user", "unit").order_by("area", "pk"))


def who_lost(one: Redivision, found: Outcome) -> dict[int, list[Posting]]:
    """By person the grids in which somebody worked before it, who works in none of its grids now."""
    there = {posting.user_id for posting in org.posted_for(list(found.will)) if set(IN_GRIDS) & set(posting.roles)}
    lost: dict[int, list[Posting]] = {}
    for posting in ended_with(one, found):
        if set(IN_GRIDS) & set(posting.roles) and posting.user_id not in there and posting.user.is_active:
            lost.setdefault(posting.user_id, []).append(posting)
    return lost


def without_grid(one: Redivision, found: Outcome) -> list[Posting]:
    """One ended posting of each person who works in no grid at all now."""
    working = {posting.user_id for posting in org.postings_inside(one.area, *IN_GRIDS)}
    return [own[0] for user_id, own in who_lost(one, found).items() if user_id not in working]
