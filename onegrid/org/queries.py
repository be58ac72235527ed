"""Questions about places, offices and postings; reference data is cached per process for a few seconds."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection
from django.db.models import F, Q, QuerySet

from onegrid.kit import clock
from onegrid.kit.ready import Ready
from onegrid.kit.reference import reference
from onegrid.kit.succession import Following, Heirs, Ruled, following
from onegrid.kit.working_time import Calendar
from onegrid.org.models import (
    Area,
    CalendarDay,
    Import,
    ImportFault,
    Posting,
    SignIn,
    Token,
    Unit,
    User,
    WorkingHours,
    in_reader_language,
)
from onegrid.org.roles import ADMIN_SYSTEM, ADMINISTRATORS, DUTY_LEADER, LEADER, SYSTEM, WORKER, Actor
from onegrid.org.rules import opening
from onegrid.org.scope import inside

if TYPE_CHECKING:
    from onegrid.kit.geo import Territory

IDLE = datetime.timedelta(minutes=30)
LONGEST = datetime.timedelta(hours=12)


class Place(NamedTuple):
    """One area as reference data: cheap to hold by the thousand."""

    code: str
    kind: str
    name_zh: str
    name_en: str
    parent: str
    lon: float | None
    lat: float | None
    home: str
    zone: str

    @property
    def name(self) -> str:
        return in_reader_language(self.name_zh, self.name_en)


@reference(seconds=5)
def areas() -> dict[str, Place]:
    """All areas valid today by code, in code order; without boundaries."""
    today = day()
    rows = Area.objects.filter(valid_from__lte=today).exclude(valid_until__lte=today).order_by("code")
    return {row[0]: Place(*row) for row in rows.values_list(*Place._fields)}


def day() -> datetime.date:
    """Today by the clocks of the country: grids change at its midnight, not at that of UTC."""
    return clock.local(clock.now()).date()


@reference(seconds=60)
def past_areas() -> dict[str, Place]:
    """Areas whose code has ended; a code is never given twice, so its name stays true."""
    rows = Area.objects.filter(valid_until__lte=day()).order_by("code")
    return {row[0]: Place(*row) for row in rows.values_list(*Place._fields)}


def area_then(code: str) -> Place | None:
    """The area of this code, also when the code has ended; for reading what was written under it."""
    return areas().get(code) or past_areas().get(code)


def area(code: str) -> Place | None:
    """The area of this code, or None."""
    return areas().get(code)


def area_names(code: str) -> list[Place]:
    """The areas from the county down to this code, outermost first; ended codes keep their names."""
    known = areas()
    # Only a code that has ended, or is none, asks for the past.
    find = known.get if code in known else area_then
    found = (find(prefix) for prefix in prefixes(code))
    return [place for place in found if place is not None]


def zone(code: str) -> str:
    """The time zone in which this area's people read a clock."""
    inner = area_names(code)
    return inner[-1].zone if inner else "Asia/Shanghai"


@reference(seconds=5)
def units() -> dict[int, Unit]:
    """All units by id, closed ones too; shared between threads: never change one."""
    return {unit.pk: unit for unit in Unit.objects.order_by("code")}


def unit(code: str) -> Unit | None:
    """The unit of this code, or None."""
    return next((found for found in units().values() if found.code == code), None)


def unit_by_id(unit_id: int | None) -> Unit | None:
    return None if unit_id is None else units().get(unit_id)


def centre_for(area: str) -> int | None:
    """Id of the nearest open centre over this area (the longest code that begins it), or None."""
    return next(iter(centres_over(area)), None)


def centres_over(area: str) -> list[int]:
    """Ids of the open centres over this area, the nearest first."""
    over = [found for found in units().values() if is_centre_over(found, area)]
    return [found.pk for found in sorted(over, key=lambda found: -len(found.area))]


def is_centre_over(unit: Unit, area: str) -> bool:
    return unit.kind == Unit.CENTRE and unit.active and bool(unit.area) and area.startswith(unit.area)


def unit_family(unit_id: int) -> list[int]:
    """Ids of the unit, its employer and all contractors of either: none may see what is about one."""
    own = unit_by_id(unit_id)
    heads = {unit_id, own.employer_id} if own and own.employer_id else {unit_id}
    contractors = {found.pk for found in units().values() if found.employer_id in heads}
    return sorted({head for head in heads if head is not None} | contractors)


@reference(seconds=60)
def territory() -> Territory:
    """The grids and special grids of today, ready to locate points in memory; drawn anew only when one changed."""
    return drawn(outlines_version(day()))


def outlines_version(
    today: datetime.date, kinds: Sequence[str] = (Area.GRID, Area.SPECIAL)
) -> tuple[datetime.date, str]:
    """What changes with every outline of these kinds: their codes and the transactions that wrote them."""
    drawn = "kind = ANY(%s) AND boundary IS NOT NULL AND valid_from <= %s AND (valid_until IS NULL OR valid_until > %s)"
    return today, written(drawn, list(kinds), today, today)


def areas_state() -> str:
    """What changes with every write to any area."""
    return written("TRUE")


def written(which: str, *given: Any) -> str:
    state = "SELECT coalesce(md5(string_agg(code || ' ' || xmin::text, ',' ORDER BY code)), '') FROM org_area WHERE "
    with connection.cursor() as cursor:
        cursor.execute(state + which, given)
        return str(cursor.fetchone()[0])


# One only: a county's outlines take some 20 MB.
@lru_cache(maxsize=1)
def drawn(version: tuple[datetime.date, str]) -> Territory:
    from onegrid.kit.geo import Territory

    today, _written = version
    rows = Area.objects.filter(kind__in=(Area.GRID, Area.SPECIAL), boundary__isnull=False)
    rows = rows.filter(valid_from__lte=today).exclude(valid_until__lte=today)
    ready = rows.filter(outline__isnull=False).values_list("code", "kind", "outline")
    slow = rows.filter(outline__isnull=True).values_list("code", "kind", "boundary")
    return Territory([*((code, kind, bytes(outline)) for code, kind, outline in ready if outline), *slow])


def calendar(area: str) -> Calendar:
    """Working days and hours that hold in this area: its own rows win over those of the areas above it."""
    special = calendar_areas()
    return calendar_over(tuple(code for code in prefixes(area) if code in special), zone(area))


@reference(seconds=5)
def calendar_areas() -> frozenset[str]:
    """The areas that have days or hours of their own."""
    return frozenset(row.area for rows in calendar_rows() for row in rows)


@reference(seconds=5)
def calendar_rows() -> tuple[list[CalendarDay], list[WorkingHours]]:
    hours = WorkingHours.objects.order_by("area", "starts")
    return list(CalendarDay.objects.order_by("area", "date")), list(hours)


@reference(seconds=5)
def calendar_over(codes: tuple[str, ...], zone: str) -> Calendar:
    days, hours = calendar_rows()
    return opening.calendar(
        [row for row in days if row.area in codes], [row for row in hours if row.area in codes], zone
    )


def prefixes(area: str) -> list[str]:
    """Codes of the areas that contain this one, everywhere ("") first."""
    return ["", *(area[:length] for length in range(2, len(area) + 1))]


def postings_with(role: str, unit_id: int) -> list[Posting]:
    """Active postings that carry this role in this unit, with their users."""
    rows = active(Posting.objects.filter(unit_id=unit_id, roles__contains=[role]))
    return list(rows.filter(user__is_active=True).select_related("user", "unit").order_by("pk"))


@reference(seconds=5)
def led_units() -> frozenset[int]:
    """Ids of the units in which a leader or duty leader is posted now, deputies among them."""
    rows = active(Posting.objects.filter(roles__overlap=[LEADER, DUTY_LEADER], user__is_active=True))
    return frozenset(rows.values_list("unit_id", flat=True))


def active(rows: QuerySet[Posting]) -> QuerySet[Posting]:
    now = clock.now()
    return rows.filter(Q(until__isnull=True) | Q(until__gt=now), since__lte=now)


def posted_for(areas: Sequence[str]) -> list[Posting]:
    """Active postings for exactly these areas, deputies apart, with user and unit."""
    rows = active(Posting.objects.filter(area__in=list(areas), stands_for__isnull=True))
    return list(rows.select_related("user", "unit").order_by("since", "pk"))


def postings_inside(area: str, *held: str) -> list[Posting]:
    """Active postings with one of these roles for this area or one in it, deputies apart."""
    rows = active(Posting.objects.filter(area__gte=area, area__lt=area + ":", roles__overlap=list(held)))
    rows = rows.filter(stands_for__isnull=True, user__is_active=True)
    return list(rows.select_related("user", "unit").order_by("area", "pk"))


def postings_of(actor: Actor) -> list[Posting]:
    """The actor's own active postings, with their units."""
    rows = active(Posting.objects.filter(user_id=actor.user_id or 0))
    return list(rows.select_related("unit", "user").order_by("since", "pk"))


def postings_with_area_names(actor: Actor) -> list[tuple[Posting, str]]:
    """The actor's own active postings, each with the name of its area."""
    named = [(posting, area(posting.area)) for posting in postings_of(actor)]
    return [(posting, place.name if place else posting.area) for posting, place in named]


def may_stand_in(actor: Actor) -> list[Posting]:
    """Other people of the actor's unit, one posting each, who may decide in the actor's place; no administrators."""
    rows = active(Posting.objects.filter(unit_id=actor.unit_id or 0, user__is_active=True, stands_for__isnull=True))
    rows = rows.exclude(user_id=actor.user_id or 0).exclude(roles__overlap=list(ADMINISTRATORS))
    found: dict[int, Posting] = {}
    for one in rows.select_related("user").order_by("pk"):
        found.setdefault(one.user_id, one)
    return list(found.values())


def delegations(actor: Actor) -> list[Posting]:
    """Who stands in for the actor's posting now or later, earliest first."""
    rows = Posting.objects.filter(stands_for=actor.posting_id or 0, until__gt=clock.now())
    return list(rows.select_related("user").order_by("since"))


def days_following(heirs: Heirs) -> Following:
    """Calendar days of ended areas: of one date an area works or rests."""
    rows = CalendarDay.objects.filter(area__in=heirs).values_list("pk", "area", "date", "kind")
    return following([Ruled(*row) for row in rows], heirs)


def hours_following(heirs: Heirs) -> Following:
    """Working hours of ended areas: all spans of one go together, or none of them."""
    by_area: dict[str, list[WorkingHours]] = {}
    for span in WorkingHours.objects.filter(area__in=heirs).order_by("area", "starts"):
        by_area.setdefault(span.area, []).append(span)
    spans = {whole[0].pk: whole for whole in by_area.values()}
    told = {pk: tuple((one.starts, one.ends) for one in whole) for pk, whole in spans.items()}
    found = following([Ruled(pk, whole[0].area, (), told[pk]) for pk, whole in spans.items()], heirs)
    goes = {one.pk: to for pk, to in found.goes.items() for one in spans[pk]}
    doubled, unclear = ([one.pk for pk in pks for one in spans[pk]] for pks in (found.doubled, found.unclear))
    return Following(goes, doubled, unclear)


def posting_of_user(username: str) -> Posting | None:
    """The posting under which this person starts a session, the oldest active one, with user and unit."""
    rows = active(Posting.objects.filter(user__username=username, user__is_active=True))
    return rows.select_related("user", "unit").order_by("since", "pk").first()


def user(username: str) -> User | None:
    """The account of this name, or None."""
    return User.objects.filter(username=username.strip().lower()).first()


def demo_hash() -> str:
    """The password hash that demo accounts share, or an empty text."""
    return User.objects.filter(demo=True).values_list("password", flat=True).first() or ""


def posting(posting_id: int) -> Posting | None:
    """One active posting with user and unit, for jobs that act for a person."""
    return active(Posting.objects.filter(pk=posting_id)).select_related("user", "unit").first()


def session(sign_in_id: int) -> SignIn | None:
    """The living session with user, posting and unit in one statement; None when it is over (R08)."""
    now = clock.now()
    return LIVING_SESSION.first(sign_in_id, now - IDLE, now - LONGEST)


def living_session(sign_in_id: int, seen: datetime.datetime, started: datetime.datetime) -> QuerySet[SignIn]:
    rows = SignIn.objects.filter(pk=sign_in_id, ended_at=None, epoch=F("user__session_epoch"), user__is_active=True)
    return rows.filter(seen_at__gt=seen, started_at__gt=started).select_related("user", "posting__unit")


LIVING_SESSION = Ready(living_session, int, datetime.datetime, datetime.datetime)


def sessions_of(actor: Actor) -> list[SignIn]:
    """The actor's own living sessions, newest first."""
    now = clock.now()
    rows = SignIn.objects.filter(user_id=actor.user_id or 0, ended_at=None, epoch=F("user__session_epoch"))
    return list(rows.filter(seen_at__gt=now - IDLE, started_at__gt=now - LONGEST).order_by("-pk"))


def token(hash: bytes) -> Token | None:
    """The usable token of this hash with posting, user and unit in one statement, or None."""
    return USABLE_TOKEN.first(hash, clock.now())


def usable_token(hash: bytes, now: datetime.datetime) -> QuerySet[Token]:
    rows = Token.objects.filter(hash=hash, revoked_at=None, expires_at__gt=now, posting__user__is_active=True)
    return rows.select_related("posting__user", "posting__unit").order_by("pk")


USABLE_TOKEN = Ready(usable_token, bytes, datetime.datetime)


def tokens_of(actor: Actor) -> list[Token]:
    """The actor's own tokens that still work, of all postings."""
    rows = Token.objects.filter(posting__user_id=actor.user_id or 0, revoked_at=None, expires_at__gt=clock.now())
    return list(rows.select_related("posting__unit").order_by("pk"))


def imports(actor: Actor) -> QuerySet[Import]:
    """The files that were uploaded for the actor's area: for the system administrator, who sees no matter by them."""
    rows = Import.objects.select_related("made_by__user", "applied_by__user")
    if actor.has(SYSTEM):
        return rows
    return rows.filter(inside(actor.area, Import.scope)) if actor.has(ADMIN_SYSTEM) else rows.none()


def last_imports(actor: Actor, home: str, most: int = 10) -> list[Import]:
    """The newest files of one page."""
    return list(imports(actor).filter(home=home).order_by("-id")[:most])


def import_faults(actor: Actor, one: Import) -> QuerySet[ImportFault]:
    """Its bad rows in the order of the file."""
    return ImportFault.objects.filter(whole__in=imports(actor).filter(pk=one.pk)).order_by("n")


def forget_reference() -> None:
    """Empty the caches of this process after reference data changed; others follow within seconds."""
    for question in (areas, past_areas, units, led_units, territory, calendar_rows, calendar_areas, calendar_over):
        question.clear()


def grid_workers(code: str) -> list[Posting]:
    """The active grid workers whose area is exactly this one, with their users."""
    rows = active(Posting.objects.filter(area=code, roles__contains=[WORKER], user__is_active=True))
    return list(rows.select_related("user").order_by("since", "pk"))


def phones(code: str) -> tuple[str, str]:
    """What to dial for this area, and who watches over the service: each the nearest that is set going up the tree."""
    rows = Area.objects.filter(code__in=prefixes(code)).order_by("-code").values_list("phone", "supervision_phone")
    found = list(rows)
    return next((one for one, _own in found if one), ""), next((own for _one, own in found if own), "")


def outlines(codes: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The boundaries of these areas, GeoJSON in WGS-84; those without one are left out."""
    rows = Area.objects.filter(code__in=list(codes), boundary__isnull=False)
    return {code: boundary for code, boundary in rows.values_list("code", "boundary") if boundary}


def territory_reaches() -> bool:
    """Whether any grid is drawn, so that a point can lie in none."""
    return territory().reaches
