"""The figures of a period and a place, counted from live data in two statements; a circular freezes what they say.

A step that was taken back within its ten seconds is not counted. What is joined into another matter ended there.
"""

from datetime import datetime
from typing import Any

from django.db import connection

from onegrid.events import queries as events
from onegrid.kit import clock
from onegrid.org import queries as org
from onegrid.supervision.rules import figures
from onegrid.supervision.rules.figures import Counted
from onegrid.supervision.rules.period import ONE_DAY, Period

TOWN = 9  # digits
# One pass over the matters, counted by several things at once: door, group of leaves, unit, whose turn it is, town.
MATTERS = """
WITH m AS MATERIALIZED (
    SELECT e.number, e.restricted, e.handler_id, e.holder_id, e.town,
           CASE WHEN e.category_decided THEN left(e.category, 4) ELSE '' END AS branch,
           e.reported_at >= %(since)s AND e.reported_at < %(until)s AS received,
           e.reported_at >= %(early)s AND e.reported_at < %(since)s AS received_before,
           e.state IN ('closed', 'archived') AND e.joined_into_id IS NULL
               AND e.closed_at >= %(since)s AND e.closed_at < %(until)s AS ended,
           e.state IN ('closed', 'archived') AND e.joined_into_id IS NULL
               AND e.closed_at >= %(early)s AND e.closed_at < %(since)s AS ended_before,
           e.closed_at IS NULL AS still_open, e.closed_at IS NULL AND e.due_at < %(now)s AS late
    FROM events_event e
    WHERE e.area >= %(place)s AND e.area < %(place)s || ':' AND e.reported_at < %(now)s
      AND (e.closed_at IS NULL OR e.closed_at >= %(early)s OR e.reported_at >= %(early)s)
), told AS (
    SELECT m.*, r.channel FROM m LEFT JOIN events_report r ON m.received AND r.number = m.number
)
SELECT GROUPING(channel, branch, handler_id, holder_id, town) AS bits, restricted, channel, branch, handler_id,
       holder_id, town, count(*) FILTER (WHERE received), count(*) FILTER (WHERE received_before),
       count(*) FILTER (WHERE ended), count(*) FILTER (WHERE ended_before),
       count(*) FILTER (WHERE still_open), count(*) FILTER (WHERE late)
FROM told
GROUP BY GROUPING SETS ((restricted), (restricted, channel), (restricted, branch), (restricted, handler_id),
                        (restricted, holder_id), (restricted, town))
"""
# What was counted by, from the bits of GROUPING: a bit that is not set.
SETS = {0b11111: "", 0b01111: "door", 0b10111: "group", 0b11011: "handler", 0b11101: "holder", 0b11110: "town"}
COLUMNS = (("received", False), ("received", True), ("ended", False), ("ended", True), ("open", False), ("late", False))
# What the steps of the period say: each matter once in each measure.
STEPS = """
WITH undone AS MATERIALIZED (
    SELECT u.event_id, (u.facts ->> 'undoes')::integer AS n FROM events_step u
    WHERE u.at >= %(early)s AND u.verb = 'undo'
), taken AS MATERIALIZED (
    SELECT s.event_id, s.at < %(since)s AS before,
           bool_or(s.verb = 'accept') AS accepted, bool_or(s.verb = 'refuse') AS refused,
           bool_or(s.verb = 'pass_check') AS checked,
           bool_or(s.verb = 'pass_check' AND s.at > s.promised_by) AS missed, bool_or(s.verb = 'rate') AS rated
    FROM events_step s
    WHERE s.at >= %(early)s AND s.at < %(until)s
      AND (s.verb IN ('accept', 'refuse', 'rate')
           OR (s.verb = 'pass_check' AND s.from_state = 'checking' AND s.promised_by IS NOT NULL))
      AND NOT EXISTS (SELECT FROM undone u WHERE u.event_id = s.event_id AND u.n = s.n)
    GROUP BY 1, 2
)
SELECT e.restricted, t.before, count(*) FILTER (WHERE t.accepted), count(*) FILTER (WHERE t.refused),
       count(*) FILTER (WHERE t.checked AND NOT t.missed), count(*) FILTER (WHERE t.missed),
       count(*) FILTER (WHERE t.rated), count(*) FILTER (WHERE t.rated AND e.solved),
       count(*) FILTER (WHERE t.rated AND NOT e.solved), count(*) FILTER (WHERE t.rated AND e.satisfied = 'satisfied'),
       count(*) FILTER (WHERE t.rated AND e.satisfied = 'fair'),
       count(*) FILTER (WHERE t.rated AND e.satisfied = 'dissatisfied')
FROM taken t JOIN events_event e ON e.id = t.event_id
WHERE e.area >= %(place)s AND e.area < %(place)s || ':'
GROUP BY 1, 2
"""
BY_STEPS = ("accepted", "refused", "kept", "missed", "rated", "solved", "unsolved", "satisfied", "fair", "dissatisfied")


def bounds(period: Period, place: str) -> tuple[datetime, datetime]:
    """The first moment of the period, and the first after it, as the county's clocks show them."""
    calendar = org.calendar(place)
    return calendar.moment(period.since), calendar.moment(period.until + ONE_DAY)


def count(period: Period, place: str) -> dict[str, Any]:
    """Everything that a circular says in numbers, as of now; few sealed matters are counted nowhere.

    With the names as they are now: what is printed years later is what was counted.
    """
    since, until = bounds(period, place)
    early, _since = bounds(period.before, place)
    given = {"since": since, "until": until, "early": early, "place": place, "now": clock.now()}
    rows = [*matters(given), *steps(given)]
    return {
        "before": [period.before.since.isoformat(), period.before.until.isoformat()],
        "totals": {measure: figures.total(rows, measure) for measure in figures.MEASURES},
        "doors": [{"key": key, "received": n} for key, n in figures.largest(figures.by(rows, "door", ("received",)),
                                                                            "received")],
        "groups": groups(rows),
        "units": units(rows),
        "towns": towns(rows) if len(place) < TOWN else [],
    }  # fmt: skip


def matters(given: dict[str, Any]) -> list[Counted]:
    found = []
    for bits, restricted, *keys_and_counts in fetched(MATTERS, given):
        name, keys, counts = SETS[bits], keys_and_counts[:5], keys_and_counts[5:]
        key = next((str(one) for one in keys if one is not None), "")
        for (measure, before), amount in zip(COLUMNS, counts, strict=True):
            if amount and (by := meant(name, key, measure)) is not None:
                found.append(Counted(measure, by, key, restricted, before, amount))
    return found


def meant(name: str, key: str, measure: str) -> str | None:
    """By what a measure is told: of a unit what it handled, but late is whose turn it is; None where it is not told."""
    if name in ("handler", "holder"):
        return "unit" if key and (measure == "late") == (name == "holder") else None
    return name


def steps(given: dict[str, Any]) -> list[Counted]:
    return [
        Counted(measure, "", "", restricted, before, amount)
        for restricted, before, *counts in fetched(STEPS, given)
        for measure, amount in zip(BY_STEPS, counts, strict=True)
        if amount
    ]


def fetched(question: str, given: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question, given)
        return list(cursor.fetchall())


def groups(rows: list[Counted]) -> list[dict[str, Any]]:
    """The largest groups of leaves, then the rest; what nobody has decided yet is a group without a name."""
    known, found = events.categories(), []
    for key, amount in figures.largest(figures.by(rows, "group", ("received",)), "received"):
        node = known.get(key) or known.get(key[:2])
        names = {"zh": node.name_zh, "en": node.name_en} if node else {"zh": "", "en": ""}
        found.append({"key": key, **names, "received": amount})
    return found


def units(rows: list[Counted]) -> list[dict[str, Any]]:
    """By name, never by a number: it is no ranking."""
    known = org.units()
    cells = figures.by(rows, "unit", figures.BY_UNIT)
    named = [(known[int(key)], one) for key, one in cells.items() if int(key) in known]
    named.sort(key=lambda row: row[0].name_zh)
    return [{"key": str(unit.pk), "zh": unit.name_zh, "en": unit.name_en, **one} for unit, one in named]


def towns(rows: list[Counted]) -> list[dict[str, Any]]:
    """In the order of their codes; what has no town yet stands under the county's own name."""
    found = []
    for key, one in sorted(figures.by(rows, "town", figures.BY_TOWN).items()):
        place = org.area(key)
        names = {"zh": place.name_zh, "en": place.name_en} if place else {"zh": key, "en": key}
        found.append({"key": key, **names, **one})
    return found
