"""A resident, an operator or another system reports: placed, read, numbered, clocked and written in one transaction."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from onegrid.events import queries
from onegrid.events.actions import life, photos, placing, search
from onegrid.events.actions.given import MAX_ADDRESS, MAX_WORDS, NotGiven
from onegrid.events.models import Contact, Event, Report, Suggestion
from onegrid.events.models.event import box
from onegrid.events.rules import protection, questions
from onegrid.events.rules.reading import Reading
from onegrid.kit import clock, codes, text
from onegrid.kit.images import Picture
from onegrid.org import queries as org
from onegrid.org.roles import Actor

TRIES = 3
NUMBERS = ("event_number", "report_number", "report_receipt")
MAX_NAME = 40
# By these ways nobody is there who could be asked or told.
UNREACHABLE = ("import", "alarm")
PHONE_DIGITS = range(5, 21)


Given = ParamSpec("Given")


class NoCentre(RuntimeError):
    """The county has no governance centre: nothing can be received before there is one."""


@dataclass(frozen=True)
class Reported:
    """What the reporter gets: the number to say aloud, the receipt that opens it, the promise."""

    event: Event
    report: Report
    number: str
    receipt: str
    promised_by: datetime | None


@dataclass(frozen=True)
class Voice:
    """Tidied input of one report."""

    words: str
    lon: float | None
    lat: float | None
    address: str
    contact: dict[str, str]
    answers: list[dict[str, Any]] = field(default_factory=list)
    protected: bool = False


def renumbered(function: Callable[Given, Reported]) -> Callable[Given, Reported]:
    """One transaction, taken again with a fresh number when chance gave one that exists (about 1 in 10,000)."""

    @wraps(function)
    def written(*args: Given.args, **given: Given.kwargs) -> Reported:
        for _attempt in range(TRIES - 1):
            try:
                with transaction.atomic():
                    return function(*args, **given)
            except IntegrityError as error:
                if constraint_of(error) not in NUMBERS:
                    raise
        with transaction.atomic():
            return function(*args, **given)

    return written


def constraint_of(error: IntegrityError) -> str:
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""


@renumbered
def report(
    *,
    actor: Actor,
    words: str,
    lon: float | None = None,
    lat: float | None = None,
    address: str = "",
    category: str = "",
    area: str = "",
    contact: dict[str, str] | None = None,
    pictures: Iterable[Picture] = (),
    channel: str = "web",
    language: str = "zh-hans",
    about_office: bool = False,
    about_unit: str = "",
    happened_at: datetime | None = None,
    client_id: str = "",
    note: str = "",
    answers: dict[str, Any] | None = None,
    protect: bool = False,
) -> Reported:
    """Receive a report once; raises NotGiven with every fault at once, and then nothing was written.

    `area` places it without a point; `answers` are None where none were asked; `protect`: as the reporter wishes.
    """
    plain = tidied(words, lon, lat, address, contact)
    reading = read(plain.words, category)
    event = place(Event(happened_at=happened_at, about_office=about_office), plain, area)
    event.about_unit_ids = office_family(about_unit)
    classify(event, reading, plain.words)
    voice = replace(plain, answers=answered(reading.category, answers), protected=protects(event, protect))
    event.reporter_id = None if voice.protected else actor.posting_id
    give_owner(event)
    begin(event, Actor.stranger() if voice.protected else actor)
    said = {"channel": channel, "language": language, "client_id": client_id, "note": note}
    written = speak(event, voice, actor=actor, first=True, **said)
    search.index(event, voice.words)
    propose(event, reading)
    photos.keep(event=event, report_id=written.report.pk, pictures=pictures)
    return written


@renumbered
def join(
    *,
    actor: Actor,
    number: str,
    words: str,
    lon: float | None = None,
    lat: float | None = None,
    address: str = "",
    contact: dict[str, str] | None = None,
    pictures: Iterable[Picture] = (),
    channel: str = "web",
    language: str = "zh-hans",
    client_id: str = "",
    note: str = "",
    protect: bool = False,
) -> Reported:
    """Add a voice to an open event: one matter, each reporter answered; `voices.part` takes it apart again."""
    voice = tidied(words, lon, lat, address, contact)
    event = Event.objects.select_for_update().get(number=number, closed_at__isnull=True)
    voice = replace(voice, protected=protects(event, protect))
    written = speak(event, voice, actor=actor, channel=channel, language=language, client_id=client_id, note=note)
    event.voices += 1
    history = life.moves(event)
    facts = {"voice": written.report.number}
    who = Actor.stranger() if voice.protected else actor
    taken = life.remember(event, "join", event.state, who, "", facts, history)
    photos.keep(event=event, report_id=written.report.pk, pictures=pictures)
    life.follow(event, taken)
    return written


def speak(
    event: Event,
    voice: Voice,
    *,
    actor: Actor,
    channel: str,
    language: str,
    client_id: str,
    note: str,
    first: bool = False,
) -> Reported:
    """Write one voice and its sealed contact, and make its receipt; the first carries the event's number."""
    number = event.number if first else new_number()
    receipt = codes.receipt(number, 0, key=settings.SECRET_KEY.encode())
    row = Report(
        event=event, area=event.area, number=number, receipt_hash=codes.receipt_hash(receipt), channel=channel,
        language=language, reporter_id=actor.posting_id, client_id=client_id, address=voice.address, lon=voice.lon,
        lat=voice.lat, at=clock.now(), note=note, reachable=channel not in UNREACHABLE, protected=voice.protected,
    )  # fmt: skip
    row.keep_words(voice.words, restricted=event.restricted)
    row.keep_answers(voice.answers, restricted=event.restricted)
    row.save(force_insert=True)
    if voice.contact:
        seal_contact(row, voice.contact)
    return Reported(event, row, number, receipt, event.promised_by)


def protects(event: Event, wished: bool) -> bool:
    leaf = event.leaf
    return protection.protects(
        wished=wished, about_office=event.about_office, about_unit_ids=event.about_unit_ids,
        leaf_protects=leaf is not None and leaf.protects,
    )  # fmt: skip


def begin(event: Event, actor: Actor) -> None:
    life.settle(event)
    life.begin(event, actor)


def new_number() -> str:
    return codes.number(clock.local(clock.now()).year, settings.COUNTY)


def tidied(words: str, lon: float | None, lat: float | None, address: str, contact: dict[str, str] | None) -> Voice:
    """Tidy and check what was said; all faults at once."""
    faults: dict[str, str] = {}
    words = text.tidy(words or "")
    if not words:
        faults["words"] = _("Please say what it is about.")
    elif len(words) > MAX_WORDS:
        faults["words"] = _("At most 4,000 characters.")
    faults |= point_faults(lon, lat)
    contact, contact_faults = tidy_contact(contact or {})
    faults |= contact_faults
    if faults:
        raise NotGiven(faults)
    return Voice(words, lon, lat, text.tidy(address or "")[:MAX_ADDRESS], contact)


def point_faults(lon: float | None, lat: float | None) -> dict[str, str]:
    if (lon is None) != (lat is None):
        return {"longitude": _("A place needs both longitude and latitude.")}
    if lon is not None and lat is not None and not (-180 <= lon <= 180 and -90 <= lat <= 90):
        return {"longitude": _("This is no place on Earth.")}
    return {}


def tidy_contact(contact: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    name, phone = text.tidy(contact.get("name") or "")[:MAX_NAME], text.tidy(contact.get("phone") or "")
    email = text.tidy(contact.get("email") or "")
    digits = "".join(one for one in phone if one.isdigit())
    faults: dict[str, str] = {}
    if phone and len(digits) not in PHONE_DIGITS:
        faults["phone"] = _("This does not look like a phone number.")
    if email and not text.is_mail(email):
        faults["email"] = _("This does not look like a mail address.")
    given = {"name": name, "phone": phone, "email": email}
    return {} if faults else {key: value for key, value in given.items() if value}, faults


def seal_contact(row: Report, contact: dict[str, str]) -> None:
    phone, email = contact.get("phone", ""), contact.get("email", "")
    # Of a protected voice nothing is kept that tells of the contact without opening it.
    phone, email = ("", "") if row.protected else (phone, email)
    index = box().blind(phone, "contact.phone") if phone else None
    Contact.objects.create(
        report=row, area=row.area, sealed=box().seal(json.dumps(contact), context=f"contact:{row.number}"),
        phone_index=index, masked=text.mask_phone(phone) if phone else text.mask_mail(email) if email else "",
    )  # fmt: skip


def read(words: str, category: str) -> Reading:
    """What the word list says of the text; a category that the reporter chose goes first, but decides nothing."""
    leaf = queries.categories().get(category)
    if category and (leaf is None or not leaf.is_leaf):
        raise NotGiven({"category": _("Choose a category from the list.")})
    return Reading.of(words, chosen=category, words=queries.word_list())


def answered(category: str, given: dict[str, Any] | None) -> list[dict[str, Any]]:
    """What was said to the further questions of this leaf; raises NotGiven, each fault under its question."""
    if given is None:
        return []
    rows, faults = questions.answered(queries.questions(category), given)
    if faults:
        raise NotGiven(faults)
    return rows


def answer_faults(asked: Sequence[questions.Question], given: dict[str, Any]) -> dict[str, str]:
    """What is wrong with these answers, before they are sent; each under its question."""
    return questions.answered(asked, given)[1]


def classify(event: Event, reading: Reading, words: str) -> None:
    """Proposed leaf, level and seal; a text that reads restricted is restricted until a person decides."""
    category = queries.categories().get(reading.category)
    event.category = reading.category
    event.level = category.level if category else 4
    event.restricted = reading.restricted or bool(category and category.restricted)
    event.number = new_number()
    event.keep_words(words)


def propose(event: Event, reading: Reading) -> None:
    """Keep what the word list proposed; the words of a restricted matter are not repeated in the clear."""
    now = clock.now()
    Suggestion.objects.bulk_create(
        Suggestion(
            event=event, area=event.area, rank=rank, category=one.code, score=one.score,
            because=[] if event.restricted else list(one.because), made_at=now,
        )
        for rank, one in enumerate(reading.suggestions, start=1)
    )  # fmt: skip


def place(event: Event, voice: Voice, area: str) -> Event:
    """Put it in its grid: inside, on an edge or near one by rule; without a place it is the county's, never lost."""
    known = area if area and org.area(area) is not None else ""
    found = queries.found_at(voice.lon, voice.lat)
    code, rule = found if found else (known, "chosen" if area else "none")
    event.reported_area = code or known or settings.COUNTY
    return placing.put(event, event.reported_area, rule, voice.address, voice.lon, voice.lat)


def give_owner(event: Event) -> None:
    """The nearest centre above the place; one that the matter is about gives way to the one above it."""
    owner = queries.centre_of(event.area, event.about_unit_ids)
    if owner is None:
        raise NoCentre("no unit of kind centre stands over the county")
    event.owner_id = owner
    event.unit_ids = [owner]
    event.about_unit_ids = [one for one in event.about_unit_ids if one != owner]


def office_family(about_unit: str) -> list[int]:
    """The office it is about, with its employer and contractors: none of them will ever see it."""
    if not about_unit:
        return []
    unit: Any = org.unit(about_unit)
    if unit is None:
        raise NotGiven({"about_unit": _("Choose an office from the list.")})
    return sorted(org.unit_family(unit.pk))
