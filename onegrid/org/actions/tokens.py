"""Bearer tokens of the API: shown once, kept as a hash."""

import base64
import hashlib
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from onegrid.kit import chance, clock
from onegrid.org.actions.refusals import Refused
from onegrid.org.actions.trail import record
from onegrid.org.models import Token
from onegrid.org.roles import Actor

PREFIX = "og_"
LASTS = timedelta(days=90)


@transaction.atomic
def make_token(actor: Actor, *, name: str, lasts: timedelta = LASTS) -> tuple[str, Token]:
    """Return the token's text, which nobody can read again, and its row; it acts as the actor's posting."""
    if actor.posting_id is None:
        raise Refused("no_posting", _("A token needs a posting."))
    text = PREFIX + base64.urlsafe_b64encode(chance.token_bytes(32)).decode().rstrip("=")
    row = Token.objects.create(
        posting_id=actor.posting_id,
        hash=token_hash(text),
        name=name.strip()[:80] or _("unnamed"),
        expires_at=clock.now() + lasts,
    )
    record(actor, "make_token", "token", row.pk)
    return text, row


def token_hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


@transaction.atomic
def revoke_token(actor: Actor, *, token_id: int) -> None:
    """End one of this person's own tokens, of whichever posting."""
    mine = Token.objects.filter(pk=token_id, posting__user_id=actor.user_id or 0, revoked_at=None)
    if not mine.update(revoked_at=clock.now()):
        raise Refused("no_token", _("There is no such token, or it is revoked already."))
    record(actor, "revoke_token", "token", token_id)


def touch_token(token: Token) -> None:
    """Note the use of a token, at most once an hour."""
    now = clock.now()
    if token.last_used_at is None or now - token.last_used_at >= timedelta(hours=1):
        Token.objects.filter(pk=token.pk).update(last_used_at=now)
