"""Accounts and postings; three separate administrators keep each other in check (R15)."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from onegrid.kit import clock
from onegrid.org import roles
from onegrid.org.actions.refusals import Refused
from onegrid.org.actions.trail import record
from onegrid.org.models import Posting, SignIn, Unit, User
from onegrid.org.roles import Actor


@transaction.atomic
def place_user(
    actor: Actor,
    *,
    username: str,
    name_zh: str,
    name_en: str = "",
    password_hash: str = "",
    demo: bool = False,
) -> User:
    """Create or rename an account; without a hash it keeps its password, or gets one that never fits."""
    must_be(actor, roles.ADMIN_SYSTEM)
    username = username.strip().lower()
    values: dict[str, Any] = {"name_zh": name_zh, "name_en": name_en, "demo": demo}
    values |= {"password": password_hash} if password_hash else {}
    known = User.objects.filter(username=username).first()
    if known and all(getattr(known, name) == value for name, value in values.items()):
        return known
    first = {"password": make_password(None), **values}
    user, made = User.objects.update_or_create(username=username, defaults=values, create_defaults=first)
    record(actor, "place_user", "user", user.pk, made=made, password_set=bool(password_hash))
    return user


@transaction.atomic
def set_password(actor: Actor, *, user: User, password: str) -> None:
    """Give an account a new password and end all its sessions; ValidationError if it is too weak."""
    must_be(actor, roles.ADMIN_SYSTEM)
    validate_password(password, user)
    User.objects.filter(pk=user.pk).update(password=make_password(password), session_epoch=F("session_epoch") + 1)
    record(actor, "set_password", "user", user.pk)


@transaction.atomic
def disable_user(actor: Actor, *, user: User) -> None:
    """Close an account; all its sessions and tokens are dead with the next request."""
    must_be(actor, roles.ADMIN_SYSTEM, roles.ADMIN_SECURITY)
    User.objects.filter(pk=user.pk).update(is_active=False, session_epoch=F("session_epoch") + 1)
    record(actor, "disable_user", "user", user.pk)


@transaction.atomic
def post_person(actor: Actor, *, user: User, unit: Unit, area: str, roles: Sequence[str], note: str = "") -> Posting:
    """Give a person roles in a unit for an area; only the security administrator may, never to himself."""
    may_post(actor, user, unit, roles)
    posting = Posting.objects.create(user=user, unit=unit, area=area, roles=sorted(set(roles)), note=note)
    record(actor, "post_person", "posting", posting.pk, user=user.pk, unit=unit.pk, roles=posting.roles)
    return posting


def may_post(actor: Actor, user: User, unit: Unit, wanted: Sequence[str]) -> None:
    must_be(actor, roles.ADMIN_SECURITY)
    if actor.user_id == user.pk:
        raise Refused("self_grant", _("Nobody may grant a role to himself."))
    if not wanted or not set(wanted) <= set(roles.POSTABLE):
        raise Refused("unknown_role", _("This role does not exist."))
    if not unit.active:
        raise Refused("closed_unit", _("This unit is closed."))
    administers = set(wanted) & set(roles.ADMINISTRATORS)
    if administers and len(set(wanted)) > 1:
        raise Refused("administrator_alone", _("An administrator holds no other role."))
    if administers and administers_already(user):
        raise Refused("second_administrator", _("Nobody may hold two administrator roles."))


def administers_already(user: User) -> bool:
    """Lock the person's row first, so that two grants at once cannot both find nothing."""
    User.objects.select_for_update().get(pk=user.pk)
    return user.postings.filter(roles__overlap=list(roles.ADMINISTRATORS), until=None).exists()


def must_be(actor: Actor, *wanted: str) -> None:
    if not actor.has(roles.SYSTEM, *wanted):
        raise Refused("wrong_role", _("Your role may not do this."))


@transaction.atomic
def end_posting(actor: Actor, *, posting: Posting) -> None:
    """End a posting now; the person's next request no longer has its roles."""
    must_be(actor, roles.ADMIN_SECURITY)
    if actor.user_id == posting.user_id:
        raise Refused("self_grant", _("Nobody may change his own posting."))
    Posting.objects.filter(pk=posting.pk, until=None).update(until=clock.now())
    record(actor, "end_posting", "posting", posting.pk, user=posting.user_id)


@transaction.atomic
def post_anew(actor: Actor, *, posting: Posting, areas: Sequence[str], note: str = "") -> list[Posting]:
    """The same person, unit and roles for other areas, because the grids were divided anew: only the house does this.

    Nobody gains a role by it. Whoever is signed in goes on under the first of the new postings.
    """
    if not actor.has(roles.SYSTEM):
        raise Refused("wrong_role", _("Your role may not do this."))
    given = [
        Posting.objects.create(user_id=posting.user_id, unit_id=posting.unit_id, area=area, roles=posting.roles,
                               note=note)
        for area in areas
    ]  # fmt: skip
    for made in given:
        record(actor, "post_person", "posting", made.pk, user=made.user_id, unit=made.unit_id, roles=made.roles)
    end_posting(actor, posting=posting)
    if given:
        SignIn.objects.filter(posting=posting, ended_at=None).update(posting=given[0])
    return given


@transaction.atomic
def post_also(actor: Actor, *, posting: Posting, area: str, held: Sequence[str], note: str = "") -> Posting:
    """One more posting in the same unit for another grid, with some of the roles that are held there already."""
    if not actor.has(roles.SYSTEM) or not set(held) <= set(posting.roles):
        raise Refused("wrong_role", _("Your role may not do this."))
    given = {"user_id": posting.user_id, "unit_id": posting.unit_id, "area": area, "roles": sorted(set(held))}
    made = Posting.objects.create(**given, note=note)
    record(actor, "post_person", "posting", made.pk, user=made.user_id, unit=made.unit_id, roles=made.roles)
    return made


@transaction.atomic
def choose_language(actor: Actor, *, language: str) -> None:
    """Remember the language in which this person is written to."""
    User.objects.filter(pk=actor.user_id or 0).update(language=language)
