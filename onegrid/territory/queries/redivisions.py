"""Re-divisions and their grids: as they are, as a draft has them, and whether both still fit."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from onegrid.org import queries as org
from onegrid.org.models import Area, Posting
from onegrid.org.roles import ADMIN_SYSTEM, GRID_HEAD, LEADER, WORKER, Actor
from onegrid.org.scope import visible_to
from onegrid.territory.models import Redivision, RedivisionStep
from onegrid.territory.rules import drafting
from onegrid.territory.rules.drafting import Rows
from onegrid.territory.rules.outcome import Outcome, outcome

# Who sees the editor: who drafts, and who approves.
READERS = (ADMIN_SYSTEM, LEADER)
COLUMNS = ("code", "kind", "parent", "name_zh", "name_en", "phone", "supervision_phone", "households")


def seen_by(actor: Actor, rows: QuerySet[Redivision]) -> QuerySet[Redivision]:
    """By scope; the system administrator, who sees no matters, sees what the own centre changes of the land."""
    if actor.has(ADMIN_SYSTEM):
        return rows.filter(unit_id=actor.unit_id or 0)
    return visible_to(actor, rows) if actor.has(*READERS) else rows.none()


def redivisions(actor: Actor, most: int = 100) -> list[Redivision]:
    """The newest first."""
    return list(seen_by(actor, Redivision.objects.select_related("made_by__user")).order_by("-id")[:most])


def redivision(actor: Actor, redivision_id: int) -> Redivision:
    """Raises Redivision.DoesNotExist outside of the scope."""
    return seen_by(actor, Redivision.objects.select_related("made_by__user")).get(pk=redivision_id)


def history(one: Redivision) -> list[RedivisionStep]:
    return list(one.steps.select_related("actor__user").order_by("n"))


def due() -> list[int]:
    """What is approved and whose day has come, in the order in which it takes effect."""
    rows = Redivision.objects.filter(state="approved", effective_on__lte=org.day())
    return list(rows.order_by("effective_on", "pk").values_list("pk", flat=True))


def current_rows(area: str) -> Rows:
    """The grids and special grids of today inside an area, as rows by code."""
    today = org.day()
    rows = Area.objects.filter(kind__in=(Area.GRID, Area.SPECIAL), code__gte=area, code__lt=area + ":")
    rows = rows.filter(valid_from__lte=today).exclude(valid_until__lte=today)
    found = {row["code"]: row for row in rows.order_by("code").values(*COLUMNS)}
    drawn = outlines(org.outlines_version(today), area)
    workers = workers_by_area(org.posted_for(list(found)))
    return {code: as_row(row, drawn.get(code), workers.get(code, [])) for code, row in found.items()}


# One only: a county's outlines take some 15 MB; who draws asks for them at every deed.
@lru_cache(maxsize=1)
def outlines(version: tuple[date, str], area: str) -> dict[str, drafting.Row]:
    """GeoJSON by code, kept until an outline changes and shared between requests: never change one."""
    today, _written = version
    rows = Area.objects.filter(kind__in=(Area.GRID, Area.SPECIAL), code__gte=area, code__lt=area + ":")
    rows = rows.filter(valid_from__lte=today, boundary__isnull=False).exclude(valid_until__lte=today)
    return {code: boundary for code, boundary in rows.values_list("code", "boundary") if boundary}


def as_row(row: dict[str, Any], outline: drafting.Row | None, workers: list[int]) -> drafting.Row:
    plain = {name: row[name] for name in COLUMNS if name != "code"}
    return {**plain, "outline": outline, "workers": workers}


def workers_by_area(postings: Iterable[Posting]) -> dict[str, list[int]]:
    """The users who work as grid workers or grid heads for exactly this area."""
    found: dict[str, set[int]] = {}
    for one in postings:
        if {WORKER, GRID_HEAD} & set(one.roles):
            found.setdefault(one.area, set()).add(one.user_id)
    return {area: sorted(users) for area, users in found.items()}


def draft_rows(one: Redivision, current: Rows | None = None) -> Rows:
    """The grids after every change of this re-division."""
    rows = current_rows(one.area) if current is None else current
    return drafting.replayed(rows, [change.made for change in one.changes.order_by("n")])


def outcome_of(one: Redivision) -> Outcome:
    return outcome([change.made for change in one.changes.order_by("n")])


def in_effect(one: Redivision) -> Outcome:
    """The outcome with every new grid under the code that it got on the day."""
    found = outcome_of(one)
    return Outcome(found.was, {one.codes.get(key, key): row for key, row in found.will.items()})


def conflicts(one: Redivision, current: Rows | None = None) -> list[str]:
    """Codes of grids that are no longer as the draft found them; who works in them does not matter."""
    rows = current_rows(one.area) if current is None else current
    was = outcome_of(one).was
    return [code for code, row in was.items() if without_workers(rows.get(code)) != without_workers(row)]


def without_workers(row: drafting.Row | None) -> drafting.Row | None:
    return None if row is None else {name: value for name, value in row.items() if name != "workers"}


def known_codes(area: str) -> list[str]:
    """Every code that was ever given inside an area, ended ones too."""
    return list(Area.objects.filter(code__gte=area, code__lt=area + ":").values_list("code", flat=True))


def villages(area: str) -> list[org.Place]:
    """The villages and communities of today inside an area."""
    return [one for one in org.areas().values() if one.kind == Area.VILLAGE and one.code.startswith(area)]


def workers_to_choose(area: str) -> dict[int, str]:
    """User id → name of everybody who works as a grid worker or grid head in the area."""
    found = org.postings_inside(area, WORKER, GRID_HEAD)
    return dict(sorted(((one.user_id, one.user.name) for one in found), key=lambda one: one[1]))
