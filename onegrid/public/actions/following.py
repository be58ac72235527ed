"""Following by e-mail: asked for, begun by a link that was sent there, ended by one link; nothing is left of it."""

import json
from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from onegrid.events import actions as events
from onegrid.events import queries
from onegrid.events.queries import News
from onegrid.kit import chance, clock, codes, crypto
from onegrid.kit.transactions import joined
from onegrid.notices import actions as notices
from onegrid.org import queries as places
from onegrid.public.models import Follower

LONGEST_MAIL = 254
# Nobody can be flooded through us: so many questions to one address, however many areas are named.
MOST_ASKS, MOST_FOLLOWED = 3, 20
UNCONFIRMED = timedelta(days=3)
MOST_TOLD = 20
FOLLOWED_KINDS = ("county", "town", "village")


def can_follow() -> bool:
    """Whether this house sends mail at all: what cannot work is not offered."""
    return "mail" in settings.NOTICES_CHANNELS


@joined()
def ask_to_follow(*, mail: str, area: str, category: str, pace: str, language: str) -> None:
    """Send the question "is it you?" to an address; raises NotGiven. Whether it follows already is not told."""
    mail = tidy(mail)
    faults = {name: why for name, why in faulty(mail, area, category, pace) if why}
    if faults:
        raise events.NotGiven(faults)
    index = box().blind(mail, "public.follower")
    known = Follower.objects.filter(address_index=index)
    row = known.filter(area=area, category=category).first()
    if row is None and known.count() >= MOST_FOLLOWED:
        return
    row = row or begun(mail, index, area, category)
    asked_lately = sum(one.asks for one in known.filter(confirmed_at__isnull=True))
    if row.confirmed_at is not None or asked_lately >= MOST_ASKS:
        return
    row.pace, row.language, row.asks = pace, language, row.asks + 1
    row.save(update_fields=("pace", "language", "asks"))
    with translation.override(language):
        send(row, "follow_confirm", f"ask:{row.asks}", what=what_of(row))


def tidy(mail: str) -> str:
    """The domain's letters are the same in both cases; the part before it is the owner's own."""
    name, at, domain = mail.strip().rpartition("@")
    return f"{name}{at}{domain.lower()}"


def faulty(mail: str, area: str, category: str, pace: str) -> list[tuple[str, str]]:
    place = places.area(area)
    codes_of = {leaf.code for leaf in queries.listed()}
    return [
        ("mail", "" if is_mail(mail) else _("Please write an e-mail address, such as name@example.com.")),
        ("area", "" if place and place.kind in FOLLOWED_KINDS else _("Choose a place from the list.")),
        ("category", "" if not category or any(code.startswith(category) for code in codes_of)
         else _("Choose a kind from the list.")),
        ("pace", "" if pace in (Follower.WEEKLY, Follower.AT_ONCE) else _("Choose how often.")),
    ]  # fmt: skip


def is_mail(mail: str) -> bool:
    try:
        validate_email(mail)
    except ValidationError:
        return False
    return len(mail) <= LONGEST_MAIL


def begun(mail: str, index: bytes, area: str, category: str) -> Follower:
    token = codes.receipt(chance.base32(26), 0, key=settings.SECRET_KEY.encode())
    token_hash = codes.receipt_hash(token)
    sealed = box().seal(json.dumps([mail, token]), context=context(token_hash))
    return Follower.objects.create(
        sealed=sealed, address_index=index, token_hash=token_hash, area=area, category=category,
        asked_at=clock.now(),
    )  # fmt: skip


@transaction.atomic
def confirm(*, token: str) -> Follower | None:
    """Begin to follow; None for an unknown link. A second time changes nothing."""
    row = locked(token)
    if row is not None and row.confirmed_at is None:
        row.confirmed_at, row.told_step = clock.now(), queries.newest_news()
        row.save(update_fields=("confirmed_at", "told_step"))
    return row


@transaction.atomic
def end(*, token: str) -> None:
    """Stop and erase: address, place and kind; an unknown link has nothing left to erase."""
    row = locked(token)
    if row is not None:
        row.delete()


def followed(*, token: str) -> Follower | None:
    """What this link belongs to, without a change."""
    tidied = codes.tidy_receipt(token)
    return Follower.objects.filter(token_hash=codes.receipt_hash(tidied)).first() if tidied else None


def locked(token: str) -> Follower | None:
    row = followed(token=token)
    return Follower.objects.select_for_update().filter(pk=row.pk).first() if row else None


def forget_unconfirmed() -> int:
    """Erase whoever did not answer within three days; returns how many."""
    rows = Follower.objects.filter(confirmed_at__isnull=True, asked_at__lt=clock.now() - UNCONFIRMED)
    return rows.delete()[0]


def tell_followers(*, pace: str) -> int:
    """Tell everybody of this pace what strangers may see since the last time; returns how many messages."""
    until = queries.newest_news()
    rows = list(Follower.objects.filter(pace=pace, confirmed_at__isnull=False, told_step__lt=until).order_by("id"))
    sent = 0
    for language in sorted({row.language for row in rows}):
        mine = [row for row in rows if row.language == language]
        with translation.override(language):
            found = queries.news(min(row.told_step for row in mine), until)
            sent += sum(told(row, found, until) for row in mine)
    return sent


@transaction.atomic
def told(row: Follower, found: Sequence[News], until: int) -> bool:
    """One message in one transaction with how far it went: a job that is done twice tells nothing twice."""
    changed = Follower.objects.filter(pk=row.pk, told_step=row.told_step).update(told_step=until)
    mine = [one for one in found if one.step > row.told_step and concerns(row, one)]
    if not changed or not mine:
        return False
    more = len(mine) - MOST_TOLD
    lines = [line(one) for one in mine[:MOST_TOLD]]
    lines += [_("… and %(n)d more on the page.") % {"n": more}] if more > 0 else []
    send(row, "follow_news", f"news:{until}", what=what_of(row), lines="\n".join(lines),
         page=f"{settings.PUBLIC_URL}/open/")  # fmt: skip
    return True


def concerns(row: Follower, one: News) -> bool:
    return one.area.startswith(row.area) and one.category.startswith(row.category)


def line(one: News) -> str:
    """As the public list says it: leaf or released title, place, week, state."""
    seen = one.seen
    week = _("week of %(day)s") % {"day": seen.week.isoformat()}
    return " · ".join([seen.title or seen.leaf, seen.place, week, seen.state_label])


def what_of(row: Follower) -> str:
    """What is followed, in words: "street lamps in Dongmen"."""
    place = places.area(row.area)
    kind = queries.category_name(row.category) if row.category else _("All kinds")
    return f"{place.name if place else row.area} · {kind}"


def send(row: Follower, kind: str, name: str, **args: str) -> None:
    """With the one link, which begins and ends: its code in a fragment, which no server writes, and in the seal."""
    mail, code = opened(row)
    notices.send(
        kind=kind, dedupe=f"follow:{row.pk}:{name}", number="",
        args={**args, "link": f"{settings.PUBLIC_URL}/open/mine/#"}, language=row.language,
        to_other=f"follow:{row.pk}", channel="mail", address=mail, secret=code,
        # Whoever asks to follow is awake, and waits for this one mail now; news keep to the hours of the day.
        urgent=kind == "follow_confirm",
    )  # fmt: skip


def opened(row: Follower) -> tuple[str, str]:
    mail, token = json.loads(box().open(bytes(row.sealed), context=context(bytes(row.token_hash))))
    return mail, token


def context(token_hash: bytes) -> str:
    return f"public.follower:{token_hash.hex()}"


def box() -> crypto.Box:
    return crypto.Box(settings.FIELD_KEYS)
