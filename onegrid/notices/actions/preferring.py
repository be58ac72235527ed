"""A person says by which ways to be told of what; phone and mail address are sealed at once."""

from dataclasses import dataclass, field
from datetime import time

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from onegrid.kit import clock, text
from onegrid.notices.actions.sending import send
from onegrid.notices.models import OUTSIDE, Preference, sealed
from onegrid.notices.rules.kinds import GROUPS
from onegrid.org import actions as org
from onegrid.org import queries as people
from onegrid.org.roles import Actor

PHONE_DIGITS = range(5, 21)


class NotGiven(ValueError):
    """What was given is missing or wrong, by field; nothing was written."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__("; ".join(fields.values()))
        self.fields = fields


class Stale(Exception):
    """It was changed in another window since this form was read."""


@dataclass(frozen=True)
class Wish:
    """What a person wants; an address that is not named stays as it is, `remove` names those that go."""

    addresses: dict[str, str] = field(default_factory=dict)
    remove: frozenset[str] = frozenset()
    ways: dict[str, list[str]] = field(default_factory=dict)
    quiet_from: time | None = None
    quiet_until: time | None = None


@transaction.atomic
def prefer(*, actor: Actor, wish: Wish, version: int) -> Preference:
    """Keep the wish, and say so to each new address; raises NotGiven with every fault at once, or Stale."""
    assert actor.user_id is not None
    row, _made = Preference.objects.select_for_update().get_or_create(user_id=actor.user_id, defaults={"version": 0})
    if row.version != version:
        raise Stale
    addresses = {way: text.tidy(address) for way, address in wish.addresses.items() if text.tidy(address)}
    faults = faults_of(row, wish, addresses)
    if faults:
        raise NotGiven(faults)
    keep(row, wish, addresses)
    org.record(actor, "prefer", "user", actor.user_id, ways=row.ways)
    greet(actor, row, addresses)
    return row


def faults_of(row: Preference, wish: Wish, addresses: dict[str, str]) -> dict[str, str]:
    faults: dict[str, str] = {}
    digits = "".join(one for one in addresses.get("sms", "") if one.isdigit())
    if "sms" in addresses and len(digits) not in PHONE_DIGITS:
        faults["sms"] = _("This does not look like a phone number.")
    if "mail" in addresses and not text.is_mail(addresses["mail"]):
        faults["mail"] = _("This does not look like a mail address.")
    chosen = {way for ways in wish.ways.values() for way in ways}
    for way, sentence in {"sms": _("Text messages need a phone number."), "mail": _("Mail needs an address.")}.items():
        has = way in addresses or (bool(row.address(way)) and way not in wish.remove)
        if way in chosen and not has:
            faults[way] = sentence
    if (wish.quiet_from is None) != (wish.quiet_until is None):
        faults["quiet"] = _("Quiet hours need a beginning and an end.")
    return faults


def keep(row: Preference, wish: Wish, addresses: dict[str, str]) -> None:
    if "sms" in addresses or "sms" in wish.remove:
        phone = addresses.get("sms", "")
        row.phone_sealed, row.phone_masked = sealed(phone, of=f"sms:{row.user_id}"), text.mask_phone(phone)
    if "mail" in addresses or "mail" in wish.remove:
        mail = addresses.get("mail", "")
        row.mail_sealed, row.mail_masked = sealed(mail, of=f"mail:{row.user_id}"), text.mask_mail(mail) if mail else ""
    row.ways = {group: [way for way in OUTSIDE if way in wish.ways.get(group, ())] for group in GROUPS}
    row.quiet_from, row.quiet_until = wish.quiet_from, wish.quiet_until
    row.version, row.changed_at = row.version + 1, clock.now()
    row.save()


def greet(actor: Actor, row: Preference, addresses: dict[str, str]) -> None:
    """One message to each new address: who mistyped it sees that nothing comes, a stranger learns whom to tell."""
    if actor.posting_id is None:
        return
    person = people.posting(actor.posting_id)
    for way, address in addresses.items():
        if way in settings.NOTICES_CHANNELS:
            send(
                kind="address_kept", dedupe=f"address:{row.pk}:{row.version}:{way}", number="", args={},
                language=person.user.language if person else settings.LANGUAGE_CODE, to_posting=actor.posting_id,
                channel=way, address=address,
            )  # fmt: skip
