"""What happens when the time of keeping is over: contacts first, later the words; a tombstone stays.

Erasing takes the same lock as every step, so that a hold that is set at the same moment comes before or after.
"""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, transaction

from onegrid.events import queries
from onegrid.events.actions import photos, search
from onegrid.events.models import Contact, Event, Tombstone
from onegrid.events.rules.keeping import ERASED, GONE, WAYS
from onegrid.kit import clock, later
from onegrid.notices import actions as notices
from onegrid.org import actions as org

MOST = 20_000
TOWN_DIGITS = 9


@dataclass(frozen=True)
class Retained:
    """How much one run erased."""

    contacts: int
    events: int


def retain() -> Retained:
    """Erase everything whose time is over; each thing in a transaction of its own, safe to run at any time."""
    contacts = list(queries.contacts_to_erase().values_list("pk", "report__event")[:MOST])
    erased = sum(erase_contact(pk, event_id) for pk, event_id in contacts)
    events = list(queries.events_to_erase().values_list("pk", flat=True)[:MOST])
    return Retained(erased, sum(erase_event(pk) for pk in events))


@transaction.atomic
def erase_contact(pk: int, event_id: int) -> bool:
    """Forget who one voice was, if its time is still over under the lock."""
    event = Event.objects.select_for_update(of=("self",)).get(pk=event_id)
    contact = queries.contacts_to_erase().filter(pk=pk, report__event=event).first()
    rule = queries.rule_for(event.category, queries.rules("contact"))
    if contact is None or rule is None:
        return False
    Contact.objects.filter(pk=pk).update(**ERASED["Contact"], erased_at=clock.now())
    notices.forget_addresses(reports=[contact.report_id])
    bury(event, contact.report.number, "contact", rule.code)
    return True


@transaction.atomic
def erase_event(pk: int) -> bool:
    """Erase the words of a matter everywhere, if its time is still over under the lock."""
    event = Event.objects.select_for_update(of=("self",)).get(pk=pk)
    rule = queries.rule_for(event.category, queries.rules("event"))
    if rule is None or not queries.events_to_erase().filter(pk=pk).exists():
        return False
    erase_now(event, rule.code)
    return True


def erase_now(event: Event, rule: str) -> None:
    """Erase under the lock that the caller holds; the caller has made sure that nobody holds the matter."""
    voices = dict(event.reports.values_list("pk", "number"))
    with_contact = Contact.objects.filter(report__event=event, erased_at__isnull=True)
    for number in list(with_contact.values_list("report__number", flat=True)):
        bury(event, number, "contact", rule)
    with_contact.update(erased_at=clock.now())
    files = files_of(event)
    mark(event)
    erase_rows(event)
    search.forget(event)
    notices.forget_words(numbers=[event.number, *voices.values()], reports=list(voices))
    org.forget_purposes("report", list(voices))
    org.forget_purposes("event", [event.pk])
    bury(event, event.number, "event", rule)
    if files:
        later.enqueue("events.tasks.drop_files", names=files)


def mark(event: Event) -> None:
    """Empty the row and say so, in one statement: the database lets no half of it stand."""
    reason = event.reason if event.reason in {one.code for verb in ("refuse", "void") for one in
                                              queries.reasons(verb)} else ""  # fmt: skip
    Event.objects.filter(pk=event.pk).update(
        **{**ERASED["Event"], "reason": reason}, title_released_at=None, title_released_by=None, erased_at=clock.now()
    )


def erase_rows(event: Event) -> None:
    """Every other table of the list, the history by the database's own function; pictures last, which it points to."""
    for name, blanks in ERASED.items():
        if name != "Event":
            rows_of(name, event).update(**blanks)
    with connection.cursor() as cursor:
        cursor.execute("SELECT events_erase_history(%s)", (event.pk,))
    for name in GONE:
        rows_of(name, event).delete()


def rows_of(name: str, event: Event) -> Any:
    return apps.get_model("events", name)._default_manager.filter(**{WAYS[name]: event.pk})


def files_of(event: Event) -> list[str]:
    """The hashes of every picture of the event and of every copy that was ever made of one."""
    names = {name for pair in event.attachments.values_list("sha256", "public_sha256") for name in pair}
    names |= set(event.releases.values_list("public_sha256", flat=True))
    return sorted(names - {""})


def drop_files(names: list[str]) -> int:
    """Delete files that no row names any more; a picture that came twice stays with the other matter."""
    return sum(photos.drop(name) for name in names)


def bury(event: Event, number: str, kind: str, rule: str) -> None:
    Tombstone.objects.get_or_create(
        number=number, kind=kind,
        defaults={"rule": rule, "area": event.area[:TOWN_DIGITS], "restricted": event.restricted,
                  "erased_at": clock.now()},
    )  # fmt: skip
