"""A letter by e-mail becomes a report: once, with its pictures; what a machine wrote is left alone."""

import hashlib
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from onegrid.events.actions import reporting
from onegrid.events.actions.given import MAX_WORDS, NotGiven
from onegrid.events.adapters import mail
from onegrid.events.models import Report
from onegrid.kit import images, text
from onegrid.kit.images import BadPicture, Picture
from onegrid.org.roles import Actor

CHANNEL = "email"


@dataclass(frozen=True)
class Delivered:
    """What became of a letter: received, known (it came before), automatic or empty; and its number."""

    outcome: str
    number: str = ""


@transaction.atomic
def receive_letter(raw: bytes) -> Delivered:
    """Take in one message; raises mail.NoLetter for bytes that are none. Nobody is answered from here."""
    letter = mail.read(raw, own=(settings.MAIL_FROM.lower(),) if settings.MAIL_FROM else ())
    if letter.automatic:
        return Delivered("automatic")
    client_id = f"mail:{letter.key}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s::bigint)", [lock_number(client_id)])
    known = Report.objects.filter(channel=CHANNEL, client_id=client_id, reporter=None).first()
    if known is not None:
        return Delivered("known", known.number)
    return written(letter, client_id)


def written(letter: mail.Letter, client_id: str) -> Delivered:
    words = text.tidy(letter.words)
    pictures, broken = rebuilt(letter.pictures)
    notes = [
        _("The letter was longer and has been cut.") if len(words) > MAX_WORDS else "",
        _("%(n)s pictures could not be kept.") % {"n": broken} if broken else "",
    ]
    try:
        made = reporting.report(
            actor=Actor.stranger(), words=words[:MAX_WORDS], contact=contact_of(letter), pictures=pictures,
            channel=CHANNEL, client_id=client_id, language=settings.LANGUAGE_CODE,
            note=" ".join(note for note in notes if note),
        )  # fmt: skip
    except NotGiven:
        return Delivered("empty")
    return Delivered("received", made.number)


def contact_of(letter: mail.Letter) -> dict[str, str]:
    """Sealed like any contact; an address that is none is left out rather than the letter."""
    contact = {"name": letter.name, "email": letter.sender if text.is_mail(letter.sender) else ""}
    return {name: value for name, value in contact.items() if value}


def rebuilt(raw: list[bytes]) -> tuple[list[Picture], int]:
    """The pictures from their pixels, and how many were none."""
    found: list[Picture] = []
    for one in raw:
        try:
            found.append(images.rebuild(one))
        except BadPicture:
            continue
    return found, len(raw) - len(found)


def lock_number(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
