"""The figures of the promises, counted from the steps and kept by month: a page must not read a year of history."""

from datetime import date, datetime

from django.db import connection, transaction

from onegrid.events import queries as events
from onegrid.kit import clock
from onegrid.public.models import Tally

# A matter that ends late changes the month in which it fell due.
MONTHS = 13
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended('public.count_promises', 0))"


@transaction.atomic
def count_promises(*, months: int = MONTHS) -> int:
    """Count the last months anew, this one with them; returns how many figures there are."""
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
    since = beginning(clock.local(now), months - 1)
    rows = [Tally(counted_at=now, **vars(one)) for one in events.promises_kept(since, now)]
    Tally.objects.filter(month__gte=since.date()).delete()
    Tally.objects.bulk_create(rows, batch_size=2000)
    return len(rows)


def beginning(moment: datetime, months: int) -> datetime:
    """Midnight of the first day of the month so many months before this one."""
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    first = date(year, month + 1, 1)
    return moment.replace(year=first.year, month=first.month, day=1, hour=0, minute=0, second=0, microsecond=0)
