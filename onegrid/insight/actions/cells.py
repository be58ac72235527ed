"""The counts of the map, made anew from the matters themselves: whatever was missed heals within a minute."""

from typing import Any

from django.db import connection, transaction

from onegrid.events.queries import end_of_today
from onegrid.insight.rules.signs import FINEST, GROUPS, SIZES, parent_mask
from onegrid.kit import clock

# One pass over the open matters in the finest cells, these summed to the wider ones; then only what differs is written.
COUNT = """
WITH fine AS (
    SELECT c8, left(area, 9) AS area, about_unit_ids, g.name AS grp,
        CASE WHEN due_at < %(now)s THEN 'late' WHEN due_at < %(today)s THEN 'soon' ELSE 'run' END AS clock,
        count(*) AS n, sum(lon) AS lon, sum(lat) AS lat
    FROM events_event JOIN unnest(%(groups)s::text[], %(states)s::text[]) AS g(name, state) USING (state)
    WHERE closed_at IS NULL AND NOT restricted AND c8 IS NOT NULL AND lon IS NOT NULL AND lat IS NOT NULL
    GROUP BY 1, 2, 3, 4, 5
), fresh AS (
    SELECT size, (c8 & keep) | put AS cell, area, about_unit_ids, grp AS "group", clock, sum(n)::int AS n,
        sum(lon) / sum(n) AS lon, sum(lat) / sum(n) AS lat
    FROM fine CROSS JOIN unnest(%(sizes)s::smallint[], %(keeps)s::bigint[], %(puts)s::bigint[]) AS s(size, keep, put)
    GROUP BY 1, 2, 3, 4, 5, 6
), gone AS (
    DELETE FROM insight_cell c WHERE NOT EXISTS (
        SELECT FROM fresh f WHERE (f.size, f.cell, f.area, f.about_unit_ids, f."group", f.clock)
            = (c.size, c.cell, c.area, c.about_unit_ids, c."group", c.clock))
)
INSERT INTO insight_cell (size, cell, area, about_unit_ids, "group", clock, n, lon, lat)
SELECT size, cell, area, about_unit_ids, "group", clock, n, lon, lat FROM fresh
ON CONFLICT (size, cell, area, about_unit_ids, "group", clock)
DO UPDATE SET n = excluded.n, lon = excluded.lon, lat = excluded.lat
WHERE (insight_cell.n, insight_cell.lon, insight_cell.lat) IS DISTINCT FROM (excluded.n, excluded.lon, excluded.lat)
"""


@transaction.atomic
def count_cells() -> int:
    """Count every cell of every size; return how many rows were written."""
    sizes = [*(size for _below, size in SIZES), FINEST]
    masks = [parent_mask(size) for size in sizes]
    pairs = [(name, state) for name, states in GROUPS.items() for state in states]
    now = clock.now()
    given: dict[str, Any] = {
        "now": now, "today": end_of_today(now), "sizes": sizes,
        "groups": [name for name, _state in pairs], "states": [state for _name, state in pairs],
        "keeps": [keep for keep, _put in masks], "puts": [put for _keep, put in masks],
    }  # fmt: skip
    with connection.cursor() as cursor:
        # Two at once would find the same rows missing: the second waits.
        cursor.execute("LOCK TABLE insight_cell IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(COUNT, given)
        return int(cursor.rowcount)
