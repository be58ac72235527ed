"""How promises were kept, counted from the steps themselves, month by month; `public` keeps the figures overnight.

A promise belongs to the month in which it fell due, so that nothing looks better by staying open. A step that was taken
back within its ten seconds is not counted, nor is a spot check of what was finished at once.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection

# No limit of a category and its extension is longer; a step that early may still belong to a promise of the month.
LONGEST_LIMIT = timedelta(days=120)
# Reading a year of a city's steps takes longer than any page may.
PATIENCE_MS = 120_000


@dataclass(frozen=True)
class Figure:
    """So many of this measure, in this month, town and leaf, for this reason."""

    month: date
    measure: str
    town: str
    category: str
    restricted: bool
    reason: str
    amount: int


# One scan of the steps by their moments; of each the event's town and, once a person decided it, its leaf.
COUNT = """
WITH undone AS MATERIALIZED (
    SELECT u.event_id, (u.facts ->> 'undoes')::integer AS n FROM events_step u
    WHERE u.at >= %(early)s AND u.at < %(now)s AND u.verb = 'undo'
), taken AS MATERIALIZED (
    SELECT s.event_id, s.n, s.verb, s.from_state, s.at, s.promised_by, coalesce(s.facts ->> 'reason', '') AS reason
    FROM events_step s
    WHERE s.at >= %(early)s AND s.at <= %(now)s
      AND (s.verb IN ('refuse', 'suspend', 'extend', 'reopen', 'void', 'finish_on_the_spot')
           OR (s.verb = 'accept' AND s.from_state = 'reported')
           OR (s.verb = 'pass_check' AND s.from_state = 'checking'))
      AND NOT EXISTS (SELECT FROM undone u WHERE u.event_id = s.event_id AND u.n = s.n)
), figures AS (
    SELECT t.event_id, t.promised_by AS moment, 'due' AS measure, '' AS reason
    FROM taken t WHERE t.verb = 'pass_check' AND t.promised_by IS NOT NULL
    UNION ALL
    SELECT t.event_id, t.promised_by, 'kept', ''
    FROM taken t WHERE t.verb = 'pass_check' AND t.at <= t.promised_by
    UNION ALL
    SELECT t.event_id, told.promised_by, unnest(CASE WHEN t.at <= told.promised_by
                                                THEN '{answer_due,answer_kept}' ELSE '{answer_due}' END::text[]), ''
    FROM taken t CROSS JOIN LATERAL (SELECT p.promised_by FROM events_step p
                                     WHERE p.event_id = t.event_id AND p.n < t.n ORDER BY p.n DESC LIMIT 1) told
    WHERE t.verb IN ('accept', 'refuse') AND told.promised_by IS NOT NULL
    UNION ALL
    SELECT e.id, e.promised_by, CASE WHEN e.state = 'reported' THEN 'answer_due' ELSE 'due' END, ''
    FROM events_event e
    WHERE e.closed_at IS NULL AND e.joined_into_id IS NULL AND e.promised_by >= %(early)s AND e.promised_by < %(now)s
      AND e.state IN ('reported', 'accepted', 'assigned', 'handling', 'checking')
    UNION ALL
    SELECT t.event_id, t.at, CASE t.verb WHEN 'refuse' THEN 'refused' WHEN 'suspend' THEN 'suspended'
           WHEN 'extend' THEN 'extended' WHEN 'reopen' THEN 'reopened' WHEN 'void' THEN 'ended' ELSE 'spot' END,
           t.reason
    FROM taken t WHERE t.verb NOT IN ('accept', 'pass_check')
)
SELECT date_trunc('month', f.moment AT TIME ZONE %(zone)s)::date AS month, f.measure,
       CASE WHEN e.restricted THEN '' ELSE e.town END AS place,
       CASE WHEN e.restricted OR NOT e.category_decided THEN '' ELSE e.category END AS leaf,
       e.restricted, CASE WHEN e.restricted THEN '' ELSE f.reason END AS why, count(*)
FROM figures f JOIN events_event e ON e.id = f.event_id
WHERE f.moment >= %(since)s AND f.moment <= %(now)s
GROUP BY 1, 2, 3, 4, 5, 6
"""
# Looks at a reporter's name and phone, whatever the matter: they have no leaf, so a restricted one is not told apart.
LOOKS = """
SELECT date_trunc('month', t.at AT TIME ZONE %(zone)s)::date, 'looks', e.town, '', false, '', count(*)
FROM org_trailentry t JOIN events_report r ON r.id = t.subject_id JOIN events_event e ON e.id = r.event_id
WHERE t.at >= %(since)s AND t.at < %(now)s AND t.verb = 'reveal' AND t.subject = 'report'
GROUP BY 1, 3
"""


def promises_kept(since: datetime, now: datetime, zone: str = "Asia/Shanghai") -> list[Figure]:
    """Every figure from `since`, the beginning of a month, until now; inside the caller's transaction."""
    given: dict[str, datetime | str] = {"since": since, "early": since - LONGEST_LIMIT, "now": now, "zone": zone}
    found: list[Figure] = []
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = {PATIENCE_MS:d}")
        for question in (COUNT, LOOKS):
            cursor.execute(question, given)
            found += [Figure(*row) for row in cursor.fetchall()]
    return found
