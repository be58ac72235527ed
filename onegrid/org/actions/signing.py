"""Signing in and out; five wrong passwords lock one account for one address (R05, R08)."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import connection, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from onegrid.kit import clock
from onegrid.org import queries
from onegrid.org.actions.once import lock_number
from onegrid.org.actions.refusals import Refused
from onegrid.org.actions.trail import record
from onegrid.org.models import LoginFailure, SignIn, User
from onegrid.org.roles import Actor

FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)
KEPT = timedelta(days=30)


def sign_in(*, username: str, password: str, address: str, agent: str = "") -> SignIn | None:
    """Return the new session, or None: wrong name, wrong password and locked look and last the same.

    1. The lock of this account and address lets guesses through one by one.
    2. The hasher always runs, also for names that do not exist and while locked.
    """
    username = username.strip().lower()
    account, place = keyed_hash("account", username), keyed_hash("address", address)
    with transaction.atomic():
        take_turn(account, place)
        locked = recent_failures(account, place) >= FAILURES
        user = User.objects.filter(username=username).first()
        right = password_is_right(user, password)
        if user is None or not right or locked or not may_enter(user):
            refuse(user, account, place, locked)
            return None
        LoginFailure.objects.filter(account_hash=account, address_hash=place).delete()
        return enter(user, place, agent)


def keyed_hash(kind: str, value: str) -> bytes:
    """Hash an account name or an address so that the table names neither; 16 bytes."""
    return salted_hmac(f"org.{kind}", value, algorithm="sha256").digest()[:16]


def take_turn(account: bytes, place: bytes) -> None:
    with connection.cursor() as cursor:
        number = lock_number("sign_in", account.hex(), place.hex())
        cursor.execute("SELECT pg_advisory_xact_lock(%s::bigint)", [number])


def recent_failures(account: bytes, place: bytes) -> int:
    since = clock.now() - LOCKED_FOR
    return LoginFailure.objects.filter(account_hash=account, address_hash=place, at__gt=since).count()


def password_is_right(user: User | None, password: str) -> bool:
    if user is None or not user.has_usable_password():
        make_password(password)
        return False
    return check_password(password, user.password)


def may_enter(user: User) -> bool:
    return user.is_active and not (user.demo and settings.MODE == "production")


def refuse(user: User | None, account: bytes, place: bytes, locked: bool) -> None:
    """Write the failure down; a locked attempt is not counted, so that the lock ends by itself."""
    if not locked:
        LoginFailure.objects.create(account_hash=account, address_hash=place)
    record(
        Actor.stranger(),
        "sign_in",
        "user",
        user.pk if user else None,
        result="locked" if locked else "failed",
        address_hash=place,
    )


def enter(user: User, place: bytes, agent: str) -> SignIn:
    posting = queries.posting_of_user(user.username)
    entry = SignIn.objects.create(
        user=user, posting=posting, epoch=user.session_epoch, agent=agent[:120], address_hash=place
    )
    record(person(user, entry.posting_id), "sign_in", "user", user.pk, address_hash=place)
    return entry


def person(user: User, posting_id: int | None = None) -> Actor:
    """A signed-in person without any role."""
    return Actor(posting_id, user.pk, None, "", frozenset(), user.name, username=user.username)


@transaction.atomic
def sign_out(actor: Actor, *, sign_in_id: int) -> None:
    """End this session for good."""
    SignIn.objects.filter(pk=sign_in_id, user_id=actor.user_id or 0, ended_at=None).update(ended_at=clock.now())
    record(actor, "sign_out", "user", actor.user_id)


@transaction.atomic
def end_other_sessions(actor: Actor, *, sign_in_id: int) -> int:
    """End all sessions of this person but the one in hand; return how many."""
    others = SignIn.objects.filter(user_id=actor.user_id or 0, ended_at=None).exclude(pk=sign_in_id)
    ended = others.update(ended_at=clock.now())
    record(actor, "end_sessions", "user", actor.user_id, ended=ended)
    return ended


@transaction.atomic
def switch_posting(actor: Actor, *, sign_in_id: int, posting_id: int) -> None:
    """Act under another of one's own postings from the next request on."""
    if posting_id not in {posting.pk for posting in queries.postings_of(actor)}:
        raise Refused("not_yours", _("This posting is not yours or has ended."))
    SignIn.objects.filter(pk=sign_in_id, user_id=actor.user_id or 0).update(posting_id=posting_id)
    record(actor, "switch_posting", "posting", posting_id)


def touch(entry: SignIn) -> None:
    """Note that the session is in use, at most once a minute."""
    now = clock.now()
    if now - entry.seen_at >= timedelta(minutes=1):
        SignIn.objects.filter(pk=entry.pk).update(seen_at=now)


def forget_sign_ins() -> int:
    """Delete sessions and failures older than 30 days; return how many rows."""
    before = clock.now() - KEPT
    gone = SignIn.objects.filter(started_at__lt=before).delete()[0]
    return gone + LoginFailure.objects.filter(at__lt=before).delete()[0]
