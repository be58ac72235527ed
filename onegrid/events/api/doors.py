"""The addresses under /events; each: door, input, one call down, answer."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, cast

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import Router, Status
from ninja.params.functions import Header, Path, Query

from onegrid.events import actions, queries
from onegrid.events.api import rows, shapes
from onegrid.events.models import Event
from onegrid.events.workflow import ASKED, EVENT, FINAL, JOINED, PART
from onegrid.kit import codes
from onegrid.kit.answers import Given, Problem, faults
from onegrid.org import actions as org
from onegrid.org import doors
from onegrid.org.roles import (
    ANALYST,
    AUDITOR,
    CHECKER,
    CLIENT,
    DISPATCHER,
    DUTY_LEADER,
    GRID_HEAD,
    HANDLER,
    LEADER,
    MEDIATOR,
    RECEIVER,
    WORKER,
)

READERS = (
    WORKER, GRID_HEAD, RECEIVER, DISPATCHER, CHECKER, HANDLER, MEDIATOR, DUTY_LEADER, LEADER, ANALYST, AUDITOR,
)  # fmt: skip
# Whoever is asked first takes it in; another system says what it knows.
ASKED_FIRST = (RECEIVER, DISPATCHER, WORKER, GRID_HEAD, HANDLER, CLIENT)
STEPPERS = (RECEIVER, DISPATCHER, CHECKER, HANDLER, DUTY_LEADER, LEADER)
AREA = r"^[0-9A-Za-z]{0,17}$"
router = Router(tags=["events"], auth=doors.staff(*READERS))
Key = Annotated[str, Header(alias="Idempotency-Key", min_length=1, max_length=org.LONGEST_KEY, pattern=r"^[ -~]+$")]
Number = Annotated[str, Path(max_length=40)]
SEEN = faults(401, 403)
ONE = faults(401, 403, 404)
WRITES = faults(401, 403, 404, 409)


@router.get("", response={200: shapes.Rows, **SEEN})
def inbox(
    request: HttpRequest,
    queue: Annotated[str | None, Query(max_length=20)] = None,
    category: Annotated[str, Query(pattern=r"^[0-9]{0,6}$")] = "",
    area: Annotated[str, Query(pattern=AREA)] = "",
    level: Annotated[int | None, Query(ge=1, le=4)] = None,
    state: shapes.StateName | None = None,
    after: Annotated[str | None, Query(max_length=1000)] = None,
    counters: bool = False,
) -> Any:
    """One page of a queue, due first; `next` of the answer is `after` of the page that follows."""
    queue = queue or ("done" if state in (*FINAL, JOINED) else "open")
    if queue not in queries.QUEUES:
        raise wrong("queue", _("This queue does not exist."))
    filters = queries.Filters(category, area, level, state or "")
    page = queries.inbox(actor_of(request), queue, filters, after)
    found = queries.counters(actor_of(request)) if counters else []
    counts = {counter.name: counter.count for counter in found} if counters else None
    return said({"items": [rows.row(event) for event in page.rows], "next": page.next, "counters": counts})


@router.get("/counts", response={200: dict[str, int], **SEEN})
def counts(request: HttpRequest) -> Any:
    """How many events stand in each state, within the reader's scope."""
    return queries.counts(actor_of(request))


@router.get("/search", response={200: shapes.Found, **SEEN})
def search(
    request: HttpRequest, q: Annotated[str, Query(min_length=1, max_length=200)], state: shapes.StateName | None = None
) -> Any:
    """By number, or by words that stand together in the text, newest first."""
    found = queries.search(actor_of(request), q, state=state or "")
    return said({"items": [rows.row(event) for event in found.rows], "among": found.among})


@router.post("", response={201: shapes.Written, **WRITES}, auth=doors.staff(*ASKED_FIRST))
def write(request: HttpRequest, given: shapes.GivenEvent, key: Key) -> Any:
    """Type in what somebody said, on the phone or at the door."""
    return Status(201, rows.written(once(request, key, given, lambda: typed(request, given))))


@router.get("/{number}", response={200: shapes.Whole, **ONE})
def one(request: HttpRequest, number: Number) -> Any:
    """One event with its history, its voices and every verb with its reason."""
    return said(rows.whole(queries.detail(actor_of(request), known(number))))


@router.get("/{number}/explain", response={200: shapes.Account, **ONE})
def explain(request: HttpRequest, number: Number) -> Any:
    """Each clock with its start, pauses, calendar days and sum; each routing rule; each look at the contact."""
    return said(rows.account(queries.explanation(actor_of(request), known(number))))


@router.post("/{number}/steps", response={200: shapes.Standing, **WRITES}, auth=doors.staff(*STEPPERS))
def take_step(request: HttpRequest, given: shapes.GivenStep, number: Number, key: Key) -> Any:
    """Take a step, ask for one, decide one, or take back one's own within ten seconds."""
    do = step_of(request, known(number), given)
    return rows.standing(once(request, key, given, lambda: (200, rows.stand(do()))))


@router.post(
    "/{number}/parts/{unit}/steps",
    response={200: shapes.Standing, **WRITES},
    auth=doors.staff(DISPATCHER, LEADER, HANDLER),
)
def take_part_step(
    request: HttpRequest,
    given: shapes.GivenStep,
    number: Number,
    unit: Annotated[str, Path(max_length=80)],
    key: Key,
) -> Any:
    """Take a step of the part of an assisting unit: claim_part, resolve_part, redo_part, release_part."""
    do = part_step_of(request, known(number), unit, given)
    return rows.standing(once(request, key, given, lambda: (200, rows.stand(do()))))


@router.post(
    "/{number}/acknowledge", response={200: shapes.Acknowledged, **WRITES}, auth=doors.staff(DUTY_LEADER, LEADER)
)
def acknowledge(request: HttpRequest, number: Number, key: Key) -> Any:
    """A leader of the centre that is called for a matter of level 1 or 2 has it in hand: nobody further is called."""
    do = partial(actions.acknowledge, actor=actor_of(request), number=known(number))
    return once(request, key, None, lambda: (200, rows.acknowledged(do())))


@router.post(
    "/{number}/voices/{voice}/part", response={200: shapes.Standing, **WRITES}, auth=doors.staff(RECEIVER, DISPATCHER)
)
def part(request: HttpRequest, number: Number, voice: Number, key: Key) -> Any:
    """Take a voice off this event; it becomes an event of its own again."""
    do = partial(actions.part, actor=actor_of(request), number=known(number), voice=known(voice))
    return rows.standing(once(request, key, None, lambda: (200, rows.stand(do()))))


@router.post(
    "/{number}/voices/{voice}/reveal",
    response={200: shapes.Contact, **WRITES},
    auth=doors.staff(RECEIVER, DISPATCHER, DUTY_LEADER),
)
def reveal(
    request: HttpRequest,
    given: shapes.GivenPurpose,
    number: Number,
    voice: Number,
) -> Any:
    """Open a contact: every call is a look of its own, stands on the trail, and the reporter reads why."""
    seen = actions.reveal(actor=actor_of(request), number=known(number), voice=known(voice), purpose=given.purpose)
    return {"name": seen.name, "phone": seen.phone, "email": seen.email}


def typed(request: HttpRequest, given: shapes.GivenEvent) -> org.Answer:
    actor = actor_of(request)
    made = actions.report(
        actor=actor,
        words=given.words,
        lon=given.longitude,
        lat=given.latitude,
        address=given.address,
        area=given.area,
        category=given.category,
        about_unit=given.about_unit,
        protect=given.protect,
        contact=given.contact.model_dump() if given.contact else None,
        answers=given.answers,
        channel=given.channel or usual_way(actor),
        language=get_language() or settings.LANGUAGE_CODE,
    )
    return 201, {**rows.stand(made.event), "number": made.number, "counter": made.report.receipt_counter}


def usual_way(actor: Any) -> str:
    if actor.has(RECEIVER, DISPATCHER):
        return "phone"
    return "worker" if actor.has(WORKER, GRID_HEAD) else "visit" if actor.has(HANDLER) else "api"


def step_of(request: HttpRequest, number: str, given: shapes.GivenStep) -> Callable[[], Event]:
    """The call that this body asks for; raises Problem for a body that asks for nothing known."""
    actor, said = actor_of(request), given.given.model_dump(exclude_none=True)
    if given.verb in ("request", "decide"):
        return asked(request, number, given)
    if given.verb == "undo":
        return lambda: actions.undo(actor=actor, number=number)
    if given.verb not in EVENT.verbs():
        raise wrong("verb", _("This step does not exist."))
    return lambda: actions.take(actor=actor, number=number, verb=given.verb, version=given.version, given=said)


def asked(request: HttpRequest, number: str, given: shapes.GivenStep) -> Callable[[], Event]:
    actor, kind, grant = actor_of(request), given.kind or "", given.grant
    if kind not in ASKED:
        raise wrong("kind", _("This is not asked for; take the step itself."))
    if given.verb == "request":
        said = given.given.model_dump(exclude_none=True)
        return lambda: actions.ask_for(actor=actor, number=number, kind=kind, version=given.version, given=said).event
    if grant is None:
        raise wrong("grant", _("Yes or no."))
    return lambda: actions.decide(
        actor=actor, number=number, kind=kind, grant=grant, version=given.version, words=given.words,
        given=given.given.model_dump(exclude_none=True),
    )  # fmt: skip


def part_step_of(request: HttpRequest, number: str, unit: str, given: shapes.GivenStep) -> Callable[[], Event]:
    """The same for a part: its verbs, or `request` and `decide` of being let go."""
    said = given.given.model_dump(exclude_none=True)
    about: dict[str, Any] = {
        "actor": actor_of(request), "number": number, "unit": unit, "version": given.version,
    }  # fmt: skip
    if given.verb in ("request", "decide"):
        if given.kind != "excuse":
            raise wrong("kind", _("This is not asked for; take the step itself."))
        if given.verb == "request":
            return lambda: actions.ask_for_part(kind="excuse", given=said, **about).event
        if given.grant is None:
            raise wrong("grant", _("Yes or no."))
        return partial(actions.decide_part, kind="excuse", grant=given.grant, words=given.words, **about)
    if given.verb not in PART.verbs():
        raise wrong("verb", _("This step does not exist."))
    return partial(actions.take_part, verb=given.verb, given=said, **about)


def once(request: HttpRequest, key: str, given: Given | None, produce: Callable[[], org.Answer]) -> dict[str, Any]:
    """What is kept of the answer, from this time or the first (R21)."""
    _status, kept, _replayed = org.answer_once(
        actor_key=actor_of(request).key,
        key=key,
        fingerprint=org.fingerprint(request.method, request.path, given.model_dump() if given else None),
        produce=produce,
    )
    return kept


def actor_of(request: HttpRequest) -> Any:
    return cast(doors.Request, request).actor


def said(body: dict[str, Any]) -> JsonResponse:
    """Long answers go out as they were built: checking each against its schema again costs a third of the time."""
    answer = JsonResponse(body)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def known(number: str) -> str:
    """The number in its one form; what is none is answered like one that does not exist."""
    tidied = codes.tidy_number(number)
    if tidied is None:
        raise Event.DoesNotExist
    return tidied


def wrong(field: str, sentence: str) -> Problem:
    return Problem(422, "not_valid", _("Something given is missing or wrong."), {field: sentence})
