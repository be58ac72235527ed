"""What the holder of a receipt sees: the honest clock, who holds it, every pause, the result, who looked."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from onegrid.events.models import Attachment, Event, Report, Step, Unsealing
from onegrid.events.queries.detail import seen_by
from onegrid.events.queries.explain import clocks_of, looks_at
from onegrid.events.queries.reference import category_name
from onegrid.events.rules.deadlines import Clocks
from onegrid.events.workflow import EVENT
from onegrid.kit import codes
from onegrid.org.models import TrailEntry
from onegrid.org.roles import Actor

REPORTER_VERBS = ("answer", "rate", "reopen", "withdraw", "review")


@dataclass(frozen=True)
class Tracked:
    """One event as its reporter sees it; words of staff only where they are meant for the reporter."""

    event: Event
    report: Report
    number: str
    state: str
    state_label: str
    leaf: str
    holder: str
    promised_by: datetime | None
    about: bool
    clocks: Clocks
    result: str
    question: str
    photos: list[Attachment]
    steps: list[Step]
    looks: list[TrailEntry]
    unsealings: list[Unsealing]
    can: list[str]
    # Whether the messages to the reporter may be shown: by which way they went tells of a contact.
    told: bool = True


def report_of(receipt: str) -> Report | None:
    """The voice that this receipt opens; None for a mistyped or unknown one, without telling which."""
    tidied = codes.tidy_receipt(receipt)
    if tidied is None:
        return None
    return Report.objects.filter(receipt_hash=codes.receipt_hash(tidied)).select_related("event").first()


def track(receipt: str) -> Tracked | None:
    """The reporter's view by receipt."""
    report = report_of(receipt)
    if report is None:
        return None
    event = Event.objects.select_related("owner", "handler", "holder").get(pk=report.event_id)
    return tracked(event, report, public_steps(event), clocks_of(event))


def public_steps(event: Event) -> list[Step]:
    """What the reporter reads of the course; steps that were taken back are left out."""
    undone = {step.facts["undoes"] for step in event.steps.filter(verb="undo")}
    return [
        step for step in event.steps.filter(public=True).select_related("unit").order_by("n") if step.n not in undone
    ]


def tracked(event: Event, report: Report, steps: list[Step], clocks: Clocks) -> Tracked:
    """The view of one voice on the event as it stands here; a preview hands in one that is not written."""
    return Tracked(
        event=event,
        report=report,
        number=report.number,
        state=event.state,
        state_label=_("Checked; a leader has still to approve it")
        if event.waits_for_approval
        else str(EVENT.labels[event.state]),
        leaf=category_name(event.category) if event.category_decided else "",
        holder=event.holder.name if event.holder else "",
        promised_by=promised(event, report),
        about=event.about,
        clocks=clocks,
        result=event.result if event.state in ("rating", "closed", "archived") else "",
        question=question(event, steps),
        photos=list(event.attachments.filter(released_at__isnull=False).order_by("id")),
        steps=steps,
        looks=looks_at([report.pk]),
        unsealings=asked_to_open(report) if report.protected else [],
        can=can(event, report),
    )


def asked_to_open(report: Report) -> list[Unsealing]:
    """Who asked to open the seal of a protected voice, what for, and how a second person decided; newest first."""
    return list(report.unsealings.select_related("asked_by__unit").order_by("-id"))


def promised(event: Event, report: Report) -> datetime | None:
    """What this voice may count on: its own promise, if it was given an earlier one before its event was merged."""
    given = [one for one in (event.promised_by, report.promised_by) if one is not None]
    return min(given) if event.promised_by is not None else None


def question(event: Event, steps: list[Step]) -> str:
    asked = [step for step in steps if step.verb == "ask"]
    return asked[-1].told() if event.state == "waiting_reporter" and asked else ""


def may(actor: Actor, number: str, verb: str) -> bool:
    """Whether this reporter may take the verb now."""
    event = seen_by(actor, Event.objects.all()).get(number=number)
    return bool(EVENT.may(verb, event, actor))


def can(event: Event, report: Report) -> list[str]:
    """The verbs that this voice may take now."""
    reporter = Actor.reporter(report.pk)
    return [verb for verb in REPORTER_VERBS if EVENT.may(verb, event, reporter)]
