"""What outside clients may call: report, track by receipt, act as the reporter. Others rely on it: only add."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal, cast

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from ninja.params.functions import Header, Path
from pydantic import Field

from onegrid.events import actions as events
from onegrid.events import queries
from onegrid.events.models import Question, Report
from onegrid.events.queries import Tracked
from onegrid.events.workflow import EVENT
from onegrid.kit import codes
from onegrid.kit.answers import Given, Problem, faults
from onegrid.org import actions as org
from onegrid.org import doors
from onegrid.org.roles import Actor

router = Router(tags=["public"])
Key = Annotated[str, Header(alias="Idempotency-Key", min_length=1, max_length=org.LONGEST_KEY, pattern=r"^[ -~]+$")]
Receipt = Annotated[str, Header(alias="X-Receipt")]


Said = str | bool | int | float
Answers = Annotated[dict[str, Said | list[str]], Field(max_length=40)]


class ReporterContact(Given):
    """Kept sealed; who handles the matter does not see it."""

    name: str = Field(default="", max_length=40)
    phone: str = Field(default="", max_length=40)
    email: str = Field(default="", max_length=120, description="Told there when there is no phone")


class GivenReport(Given):
    """A report, in the reporter's own words."""

    words: str = Field(min_length=1, max_length=4000)
    longitude: float | None = Field(default=None, ge=-180, le=180, description="WGS-84")
    latitude: float | None = Field(default=None, ge=-90, le=90, description="WGS-84")
    address: str = Field(default="", max_length=200)
    category: str = Field("", pattern=r"^([0-9]{6})?$", description="A leaf; it proposes, it does not decide")
    contact: ReporterContact | None = None
    protect: bool = Field(default=False, description="Only two persons of the centre together open the contact")
    answers: Answers | None = Field(default=None, description="To the further questions of the category, by key")


class Choice(Schema):
    code: str
    name: str


class Condition(Schema):
    """Ask it only after one of these answers to that question."""

    key: str
    among: list[str]


class FurtherQuestion(Schema):
    """One more thing worth knowing about matters of a category."""

    key: str
    kind: Literal["choice", "many", "text", "number", "yes_no", "date"]
    name: str
    hint: str
    required: bool = Field(description="Needed once answers are given at all")
    choices: list[Choice]
    depends: Condition | None


class GivenAnswer(Given):
    """What a reporter's step says."""

    words: str | None = Field(default=None, max_length=4000)
    solved: bool | None = None
    satisfied: Literal["satisfied", "fair", "dissatisfied"] | None = None


class ReporterStep(Given):
    """A step of the reporter."""

    verb: Literal["answer", "rate", "reopen", "withdraw", "review"]
    given: GivenAnswer = GivenAnswer()


class Received(Schema):
    """What the reporter keeps: the number to say aloud, the receipt that opens it, the promise."""

    number: str
    receipt: str
    promised_by: datetime | None
    track_url: str


class Standstill(Schema):
    """The clock stood still from then until then; `until` is null while it still does."""

    since: datetime = Field(serialization_alias="from")
    until: datetime | None
    reason: str


class Track(Schema):
    """The honest answer to "where is it?"."""

    number: str
    state: str
    state_label: str
    category: str
    holder: str
    reported_at: datetime
    promised_by: datetime | None
    about: bool = Field(description="True while the calendar of the promised day is provisional")
    pauses: list[Standstill]
    question: str
    result: str
    verbs: list[str]


class Taken(Schema):
    """Where the matter stands after the step."""

    number: str
    state: str
    state_label: str
    promised_by: datetime | None


@router.post("/reports", response={201: Received, **faults(409, 429)}, by_alias=True)
def report(request: HttpRequest, given: GivenReport, key: Key) -> Any:
    """Receive a report once: the same key gives the same answer for 30 days."""
    request = guest(request)
    return Status(201, received(once(request, key, given, lambda: new_report(request, given))))


@router.get("/questions/{category}", response={200: list[FurtherQuestion], **faults()})
def questions(request: HttpRequest, category: Annotated[str, Path(pattern=r"^[0-9]{6}$")]) -> Any:
    """What is asked beside the words about matters of this category, in order."""
    return [further(one) for one in queries.questions(category)]


@router.get("/reports/track", response={200: Track, **faults(404, 429)}, by_alias=True)
def track(request: HttpRequest, receipt: Receipt = "") -> Any:
    """Say where it stands, to whoever holds the receipt."""
    org.spend(address=doors.address(guest(request)), kind="track")
    found = queries.track(receipt)
    if found is None:
        raise unknown_receipt()
    return tracked(found)


@router.post("/reports/steps", response={200: Taken, **faults(404, 409, 429)}, by_alias=True)
def take_step(request: HttpRequest, given: ReporterStep, key: Key, receipt: Receipt = "") -> Any:
    """Answer, rate, reopen, withdraw or ask for a review."""
    request = guest(request)
    org.spend(address=doors.address(request), kind="step")
    row = queries.report_of(receipt)
    if row is None:
        raise unknown_receipt()
    request.actor = Actor.reporter(row.pk)
    return taken(once(request, key, given, lambda: step_of(request.actor, row, given)))


def guest(request: HttpRequest) -> doors.Request:
    request = cast(doors.Request, request)
    request.actor = Actor.stranger()
    return request


def once(request: doors.Request, key: str, given: Given, produce: Callable[[], org.Answer]) -> dict[str, Any]:
    """What is kept of the answer: never the receipt, never words."""
    _status, kept, _replayed = org.answer_once(
        actor_key=request.actor.key,
        key=key,
        fingerprint=org.fingerprint(request.method, request.path, given.model_dump()),
        produce=produce,
    )
    return kept


def new_report(request: doors.Request, given: GivenReport) -> org.Answer:
    org.spend(address=doors.address(request), kind="report")
    made = events.report(
        actor=request.actor,
        words=given.words,
        lon=given.longitude,
        lat=given.latitude,
        address=given.address,
        category=given.category,
        contact=given.contact.model_dump() if given.contact else None,
        answers=given.answers,
        protect=given.protect,
        channel="api",
        language=get_language() or settings.LANGUAGE_CODE,
    )
    return 201, {"number": made.number, "counter": made.report.receipt_counter, "promised_by": moment(made.promised_by)}


def received(kept: dict[str, Any]) -> dict[str, Any]:
    """The whole answer: the receipt is computed anew, so that it lies nowhere in the clear."""
    receipt = codes.receipt(kept["number"], kept["counter"], key=settings.SECRET_KEY.encode())
    return {
        "number": kept["number"],
        "receipt": receipt,
        "promised_by": kept["promised_by"],
        "track_url": f"{settings.PUBLIC_URL}/track/#{receipt}",
    }


def further(one: Question) -> dict[str, Any]:
    return {
        "key": one.key,
        "kind": one.kind,
        "name": one.name,
        "hint": one.hint,
        "required": one.required,
        "choices": [{"code": code, "name": name} for code, name in one.choices],
        "depends": {"key": one.depends["key"], "among": one.depends["is"]} if one.depends else None,
    }


def tracked(found: Tracked) -> dict[str, Any]:
    return {
        "number": found.number,
        "state": found.state,
        "state_label": found.state_label,
        "category": found.leaf,
        "holder": found.holder,
        "reported_at": found.event.reported_at,
        "promised_by": found.promised_by,
        "about": found.about,
        "pauses": [
            {"since": pause.start, "until": pause.end, "reason": pause_reason(pause.reason)}
            for pause in found.clocks.pauses
        ],
        "question": found.question,
        "result": found.result,
        "verbs": found.can,
    }


def pause_reason(code: str) -> str:
    known = {reason.code: reason.name for reason in queries.reasons("suspend")}
    return known.get(code, code) or _("Waiting for your answer.")


def step_of(actor: Actor, row: Report, given: ReporterStep) -> org.Answer:
    said = given.given.model_dump(exclude_none=True)
    event = events.take(actor=actor, number=row.event.number, verb=given.verb, given=said)
    return 200, {"number": row.number, "state": event.state, "promised_by": moment(event.promised_by)}


def taken(kept: dict[str, Any]) -> dict[str, Any]:
    return {**kept, "state_label": str(EVENT.labels[kept["state"]])}


def moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def unknown_receipt() -> Problem:
    """One answer for mistyped, unknown and revoked: it tells nothing."""
    return Problem(404, "not_found", _("No report is known under this receipt."))
