"""On the day: codes end and begin, outlines change, workers are posted anew, matters move; all of it or nothing."""

from contextlib import ExitStack
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from onegrid.events import actions as events
from onegrid.events import queries as matters
from onegrid.gazetteer import actions as gazetteer
from onegrid.kit import clock, later
from onegrid.kit.transactions import patiently
from onegrid.kit.workflow import allowed
from onegrid.org import actions as org
from onegrid.org import queries as places
from onegrid.org.models import Area, Posting
from onegrid.org.roles import GRID_HEAD, WORKER, Actor
from onegrid.territory import queries
from onegrid.territory.actions.redividing import take
from onegrid.territory.models import Redivision
from onegrid.territory.rules import outcome as rules
from onegrid.territory.rules.outcome import Matter, Outcome
from onegrid.territory.rules.redivision_life import REDIVISION

# Other processes know the new land within a minute; what they put into an ended grid until then is fetched.
STRAGGLING = timedelta(hours=1)
IN_GRIDS = (WORKER, GRID_HEAD)


def sweep_redivisions() -> int:
    """What has come into its day, each by itself and whatever another one ran into; then what was put into an ended
    grid since. Returns how many took effect and how many matters were fetched."""
    done: list[int] = []
    with ExitStack() as turns:
        turns.callback(lambda: done.append(follow_stragglers()))
        for pk in reversed(queries.due()):
            turns.callback(lambda one: done.append(apply_redivision(redivision_id=one)), pk)
    return sum(done)


@transaction.atomic
def apply_redivision(*, redivision_id: int) -> bool:
    """Put one into effect, if under its lock it still waits and its day has come."""
    patiently()
    one = Redivision.objects.select_for_update(of=("self",)).select_related("made_by").get(pk=redivision_id)
    house = Actor.system()
    if one.state != "approved" or one.effective_on > places.day():
        return False
    changed = queries.conflicts(one) or full_villages(one)
    if changed:
        # Whoever approved it approved other land: it does not happen, and its history says why.
        take(one, house, allowed(REDIVISION.may("lapse", one, house)),
             _("The grids were changed by another way: %(codes)s.") % {"codes": ", ".join(changed[:5])})  # fmt: skip
        return False
    one.codes, _full = queries.codes_of(queries.outcome_of(one), one.area)
    found = queries.in_effect(one)
    place_grids(house, one, found)
    place_villages(house, one, found)
    post_workers(house, one, found)
    one.moved = move_matters(house, one, found)
    succeed(house, found)
    one.applied_at = clock.now()
    take(one, house, allowed(REDIVISION.may("apply", one, house)), "")
    return True


def full_villages(one: Redivision) -> list[str]:
    full = queries.codes_of(queries.outcome_of(one), one.area)[1]
    return [full] if full else []


def place_grids(house: Actor, one: Redivision, found: Outcome) -> None:
    for code in found.ended:
        org.place_area(house, code=code, valid_until=one.effective_on)
    for code in (*sorted(set(found.will) - set(found.was)), *found.kept):
        new = {} if code in found.was else {"valid_from": one.effective_on, "kind": found.will[code]["kind"]}
        org.place_area(house, code=code, **new, **values_of(found.will[code]))


def values_of(row: dict[str, Any]) -> dict[str, Any]:
    """The columns of an area; a special grid gives its rights to the village in which it lies."""
    point = rules.land(row).representative_point() if row["outline"] else None
    values = {name: row[name] for name in ("parent", "name_zh", "name_en", "phone", "supervision_phone", "households")}
    return values | {
        "boundary": row["outline"], "home": row["parent"] if row["kind"] == Area.SPECIAL else "",
        "lon": round(point.x, 6) if point else None, "lat": round(point.y, 6) if point else None,
    }  # fmt: skip


def place_villages(house: Actor, one: Redivision, found: Outcome) -> None:
    """Villages and towns that are drawn follow their grids, where these came, went or changed their land."""
    differing = [row for code, row in (*found.was.items(), *found.will.items())
                 if row["kind"] == Area.GRID and found.was.get(code) != found.will.get(code)]  # fmt: skip
    parents = {row["parent"] for row in differing}
    rows = queries.current_rows(one.area)
    for code in sorted(parents | {parent[:9] for parent in parents}):
        inside = [key for key, row in rows.items()
                  if row["kind"] == Area.GRID and row["outline"] and key.startswith(code)]  # fmt: skip
        known = Area.objects.filter(code=code, boundary__isnull=False).first()
        if known is None or not inside:
            continue
        whole = rules.union(rows, inside)
        if rules.land_differs({"outline": known.boundary}, {"outline": rules.as_geojson(whole)}):
            org.place_area(house, code=code, boundary=rules.as_geojson(whole))


def post_workers(house: Actor, one: Redivision, found: Outcome) -> None:
    """Who worked in an ended grid works in the new ones as the draft says; others chosen there are posted too."""
    note = _("Re-division: %(title)s") % {"title": one.title}
    ended = places.posted_for(found.ended)
    chosen = {code: set(row["workers"]) for code, row in found.will.items()}
    new = sorted(set(found.will) - set(found.was))
    known = {posting.user_id: posting for posting in places.postings_inside(one.area, *IN_GRIDS)}
    for posting in ended:
        wanted = [code for code in new if posting.user_id in chosen[code]]
        if not set(IN_GRIDS) & set(posting.roles):
            wanted = [code for code in new if code in rules.heirs(found, posting.area)]
        org.post_anew(house, posting=posting, areas=wanted, note=note)
    for posting in places.posted_for(found.kept):
        if set(posting.roles) <= set(IN_GRIDS) and posting.user_id not in chosen[posting.area]:
            org.end_posting(house, posting=posting)
    there = {(posting.area, posting.user_id) for posting in places.posted_for(list(found.will))}
    for code in (*new, *found.kept):
        for user_id in sorted(chosen[code]):
            if (code, user_id) not in there and user_id in known:
                post_in(house, known[user_id], code, note)


def post_in(house: Actor, posting: Posting, code: str, note: str) -> None:
    held = [role for role in posting.roles if role in IN_GRIDS]
    org.post_also(house, posting=posting, area=code, held=held, note=note)


def succeed(house: Actor, found: Outcome) -> None:
    """What names an ended code goes along where it is clear to which grid; rooms beside this one do it by a job."""
    heirs = queries.heirs_of(found)
    org.succeed_areas(house, units=queries.units(found), heirs=heirs)
    events.succeed_places(actor=house, heirs=heirs)
    follow_names(house, found)
    if heirs:
        later.react("territory.succeeded", heirs=heirs)


def follow_names(house: Actor, found: Outcome) -> None:
    """Names and things lie where their point lies; done again it moves only what is still there."""
    names, things = ({pk: to for pk, _was, to in rows} for rows in (queries.names(found), queries.things(found)))
    if names or things:
        gazetteer.rezone(house, names=names, things=things)


def move_matters(house: Actor, one: Redivision, found: Outcome) -> int:
    """By point, or by the middle of the former grid; done again it moves only what is still there."""
    rows = [Matter(row.id, row.area, row.lon, row.lat) for row in matters.lying_in(found.places)]
    moves = [events.Move(*move) for move in rules.moves(found, rows)]
    return events.rezone(actor=house, moves=moves, facts={"redivision": one.pk}) if moves else 0


def follow_stragglers() -> int:
    """Matters, names and things that were put into an ended grid after it had ended, by a process that did not know
    yet. Returns how many matters."""
    late = Redivision.objects.filter(applied_at__gt=clock.now() - STRAGGLING).order_by("applied_at")
    return sum(straggle(one) for one in list(late))


@transaction.atomic
def straggle(one: Redivision) -> int:
    house, found = Actor.system(), queries.in_effect(one)
    follow_names(house, found)
    return move_matters(house, one, found)
