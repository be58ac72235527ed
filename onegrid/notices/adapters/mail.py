"""Mail by SMTP, step by step, because it matters where it breaks: before the text was given, or while it was taken."""

import hashlib
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, parseaddr

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from onegrid.kit import clock
from onegrid.notices.adapters import Final, Refused, Unknown
from onegrid.notices.rules.words import Envelope

LASTING = range(500, 600)


def deliver(envelope: Envelope) -> str:
    """Return the server's answer; raises Refused or Final before it took the text, Unknown when nobody can tell."""
    if settings.MAIL_HOST not in settings.NOTICES_HOSTS:
        raise Refused("this host is not allowed")
    text = written(envelope)
    server = greeted()
    try:
        named(server, envelope.address)
        return given(server, text)
    finally:
        server.close()


def greeted() -> smtplib.SMTP:
    """A connection as secure as the settings say, signed in; whatever fails here, nothing went out."""
    try:
        server = connected()
        if settings.MAIL_SECURITY == "starttls":
            server.starttls(context=ssl.create_default_context())
        if settings.MAIL_USER:
            server.login(settings.MAIL_USER, settings.MAIL_PASSWORD)
    except (OSError, smtplib.SMTPException) as error:
        raise Refused(f"no connection: {type(error).__name__}") from error
    return server


def connected() -> smtplib.SMTP:
    host, port, seconds = settings.MAIL_HOST, settings.MAIL_PORT, settings.NOTICES_SECONDS
    if settings.MAIL_SECURITY == "ssl":
        return smtplib.SMTP_SSL(host, port, timeout=seconds, context=ssl.create_default_context())
    return smtplib.SMTP(host, port, timeout=seconds)


def named(server: smtplib.SMTP, address: str) -> None:
    """Sender and receiver. A refused sender is the house's own matter and may be mended; a receiver's may last."""
    try:
        server.ehlo_or_helo_if_needed()
        code, _said = server.mail(parseaddr(settings.MAIL_FROM)[1])
        if code != 250:
            raise Refused(f"sender: answer {code}")
        answered(server.rcpt(address)[0])
    except (OSError, smtplib.SMTPException) as error:
        raise Refused(f"not taken: {type(error).__name__}") from error


def given(server: smtplib.SMTP, text: bytes) -> str:
    """The text itself: from its first byte on, only an answer tells whether it was taken."""
    try:
        code, _said = server.data(text)
    except smtplib.SMTPDataError as error:
        code = error.smtp_code
    except (OSError, smtplib.SMTPException) as error:
        raise Unknown(f"no answer: {type(error).__name__}") from error
    return answered(code)


def answered(code: int) -> str:
    """A yes, as text; 4xx may be tried again, 5xx lasts. Only the code: what a server says may hold the address."""
    if 200 <= code < 300:
        return f"answer {code}"
    raise Final(f"answer {code}") if code in LASTING else Refused(f"answer {code}")


def written(envelope: Envelope) -> bytes:
    """The mail: one sentence, where it comes from, and an identity that is the same at every attempt."""
    mail = EmailMessage()
    name, sender = parseaddr(settings.MAIL_FROM)
    mail["From"] = formataddr((name, sender))
    mail["To"] = envelope.address
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = f"<{identity(envelope.reference)}@{sender.rpartition('@')[2]}>"
    # No machine answers this, and this house answers no machine.
    mail["Auto-Submitted"] = "auto-generated"
    with translation.override(envelope.language):
        mail["Subject"] = subject(envelope.number)
        foot = _("Sent by OneGrid: %(url)s. This address reads no answers.") % {"url": settings.PUBLIC_URL}
    mail.set_content(f"{envelope.text}\n\n-- \n{foot}\n", cte="base64")
    return mail.as_bytes()


def subject(number: str) -> str:
    return _("OneGrid: about %(number)s") % {"number": number} if number else _("A message from OneGrid")


def identity(reference: str) -> str:
    return hashlib.sha256(reference.encode()).hexdigest()[:32]
