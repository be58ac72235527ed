"""A county from files: its areas, offices and people; may be loaded again and again."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from onegrid.org import queries
from onegrid.org.actions.people import end_posting, place_user, post_person
from onegrid.org.actions.places import place_area, place_unit
from onegrid.org.models import Posting, Unit, User
from onegrid.org.roles import Actor

Row = dict[str, Any]


@transaction.atomic
def load_county(
    actor: Actor,
    *,
    areas: Iterable[Row],
    units: Iterable[Row],
    people: Iterable[Row],
    demo_password: str = "",
) -> None:
    """Place everything that the rows say; with a password the people become demo accounts that share it."""
    for row in areas:
        load_area(actor, row)
    placed: dict[str, Unit] = {}
    for row in sorted(units, key=lambda row: bool(row.get("employer"))):
        placed[row["code"]] = load_unit(actor, row, placed)
    password_hash = shared_hash(demo_password) if demo_password else ""
    for row in people:
        load_person(actor, row, placed, password_hash)


def load_area(actor: Actor, row: Row) -> None:
    values = {name: row.get(name) for name in ("kind", "name_zh", "lon", "lat", "boundary", "households")}
    for name in ("name_en", "parent", "home", "phone", "supervision_phone"):
        values[name] = row.get(name) or ""
    place_area(actor, code=row["code"], **values)


def load_unit(actor: Actor, row: Row, placed: dict[str, Unit]) -> Unit:
    return place_unit(
        actor,
        code=row["code"],
        name_zh=row["name_zh"],
        name_en=row.get("name_en") or "",
        kind=row["kind"],
        area=row["area"],
        employer_id=placed[row["employer"]].pk if row.get("employer") else None,
        phone=row.get("phone") or "",
        lon=row.get("lon"),
        lat=row.get("lat"),
    )


def shared_hash(password: str) -> str:
    """Reuse the hash that the accounts have, if it fits, so that unchanged accounts stay untouched."""
    kept = queries.demo_hash()
    return kept if kept and check_password(password, kept) else make_password(password)


def load_person(actor: Actor, row: Row, placed: dict[str, Unit], password_hash: str) -> None:
    user = place_user(
        actor,
        username=row["username"],
        name_zh=row["name_zh"],
        name_en=row.get("name_en") or "",
        password_hash=password_hash,
        demo=bool(password_hash),
    )
    for wanted in row["postings"]:
        load_posting(actor, user, placed[wanted["unit"]], wanted["area"], sorted(wanted["roles"]))


def load_posting(actor: Actor, user: User, unit: Unit, area: str, roles: list[str]) -> None:
    """A posting with other roles is ended and a new one given: what was, stays in the record."""
    for posting in Posting.objects.filter(user=user, unit=unit, area=area, until=None):
        if sorted(posting.roles) == roles:
            return
        end_posting(actor, posting=posting)
    post_person(actor, user=user, unit=unit, area=area, roles=roles)
