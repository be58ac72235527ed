"""What goes in and what comes out, apart from each other; every field is named."""

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from onegrid.kit.answers import Given


class GivenContact(Given):
    """Sealed at once; answered to nobody by this API."""

    name: str = Field(default="", max_length=40)
    phone: str = Field(default="", max_length=40)
    email: str = Field(default="", max_length=120, description="Told there when there is no phone")


Answers = Annotated[dict[str, str | bool | int | float | list[str]], Field(max_length=40)]


class GivenEvent(Given):
    """What somebody said to the centre or to a grid worker."""

    words: str = Field(min_length=1, max_length=4000)
    longitude: float | None = Field(default=None, ge=-180, le=180, description="WGS-84")
    latitude: float | None = Field(default=None, ge=-90, le=90, description="WGS-84")
    address: str = Field(default="", max_length=200)
    area: str = Field(default="", pattern=r"^([0-9A-Za-z]{6,17})?$", description="Without a point")
    category: str = Field(default="", pattern=r"^([0-9]{6})?$")
    about_unit: str = Field(default="", max_length=80, description="Code of the office that the matter is about")
    protect: bool = Field(default=False, description="Only two persons of the centre together open the contact")
    contact: GivenContact | None = None
    answers: Answers | None = Field(default=None, description="To the further questions of the category, by key")
    channel: Literal["phone", "visit", "letter", "station", "worker", "api"] | None = Field(
        default=None, description="The way it came in; without it the usual one of this post"
    )


class GivenWith(Given):
    """What a step needs; which fields, the step's `needs` says."""

    words: str | None = Field(default=None, max_length=4000)
    category: str | None = Field(default=None, max_length=6)
    level: int | None = Field(default=None, ge=1, le=4)
    title: str | None = Field(default=None, max_length=60)
    unit: str | None = Field(default=None, max_length=80)
    reason: str | None = Field(default=None, max_length=200)
    days: int | None = Field(default=None, ge=1, le=60)
    review_on: str | None = Field(default=None, max_length=10, description="A date like 2026-11-30")
    result: str | None = Field(default=None, max_length=4000)
    solved: bool | None = None
    satisfied: str | None = Field(default=None, max_length=20)
    assisting: list[str] | None = Field(default=None, max_length=20, description="Codes of the units that assist")
    into: str | None = Field(default=None, max_length=40, description="With merge: the number of the other event")
    article: str | None = Field(default=None, max_length=80, description="The article that an answer rests on")
    longitude: float | None = Field(default=None, ge=-180, le=180, description="With place: the new point, WGS-84")
    latitude: float | None = Field(default=None, ge=-90, le=90, description="With place: the new point, WGS-84")
    address: str | None = Field(default=None, max_length=200, description="With place: the new address in words")
    area: str | None = Field(
        default=None, max_length=17, description="With place and without a point: the code of the area; its point goes"
    )
    hand_over: bool | None = Field(
        default=None, description="With place: the centre of the new place owns the matter from now on"
    )


class GivenStep(Given):
    """One step: a verb of the table, `undo`, or `request` and `decide` with the `kind` they are about."""

    verb: str = Field(min_length=1, max_length=20)
    version: int | None = Field(default=None, ge=1, description="The version that was read; another one answers 409")
    given: GivenWith = GivenWith()
    kind: str | None = Field(
        default=None, max_length=20, description="object, extend, suspend, transfer, whistle or void; of a part excuse"
    )
    grant: bool | None = None
    words: str = Field(default="", max_length=4000, description="With decide: why it is not granted")


class GivenPurpose(Given):
    purpose: str = Field(min_length=1, max_length=400, description="The reporter will read it")


class Proposed(Schema):
    category: str
    unit: str | None


class Row(Schema):
    """One line of a list."""

    number: str
    state: str
    state_label: str
    category: str
    category_name: str
    level: int
    address: str
    area: str
    reported_at: datetime
    due_at: datetime | None
    promised_by: datetime | None
    holder: str
    voices: int
    version: int
    words: str
    restricted: bool
    proposed: Proposed


class Rows(Schema):
    items: list[Row]
    next: str | None
    counters: dict[str, int] | None = Field(default=None, description="How many stand in each queue, counted up to 100")


class Found(Schema):
    items: list[Row]
    among: int | None = Field(description="Set when only the newest so many matches were looked through")


class StepRow(Schema):
    n: int
    verb: str
    label: str
    from_state: str
    to_state: str
    at: datetime
    by: str
    unit: str
    words: str
    public: bool
    due_at: datetime | None
    promised_by: datetime | None


class ReasonRow(Schema):
    code: str
    name: str


class VerbRow(Schema):
    verb: str
    label: str
    may: bool
    asks: bool
    decides: bool
    why: str
    needs: list[str]
    reasons: list[ReasonRow] = Field(description="The codes that its reason may have; without any it is free text")


class SuggestionRow(Schema):
    rank: int
    category: str
    name: str
    score: float
    because: list[str]


class RequestRow(Schema):
    kind: str
    label: str
    by: str
    unit: str
    reason: str
    words: str
    facts: dict[str, Any]
    asked_at: datetime
    due_at: datetime
    decision: str
    decided_at: datetime | None
    decision_words: str


class AnswerRow(Schema):
    key: str
    question: str
    said: str


class VoiceRow(Schema):
    number: str
    channel: str
    at: datetime
    words: str
    answers: list[AnswerRow]
    address: str
    reachable: bool


class HandRow(Schema):
    """One unit's share in the event: who leads, who assists, what each was asked and did, and when."""

    unit: str
    unit_name: str
    role: str
    state: str
    state_label: str
    task: str
    result: str
    due_at: datetime | None
    assigned_at: datetime
    claimed_at: datetime | None
    done_at: datetime | None
    verbs: list[VerbRow]


class PhotoRow(Schema):
    sha256: str
    url: str
    width: int
    height: int
    step: int | None
    released: bool


class RouteRow(Schema):
    unit: str
    unit_name: str
    rule_area: str
    rule_category: str


class Whole(Row):
    """One event with everything that its reader may know; never a contact."""

    title: str
    longitude: float | None
    latitude: float | None
    located: str
    reported_area: str
    reported_at: datetime
    closed_at: datetime | None
    about: bool
    owner: str
    handler: str
    result: str
    reason: str
    solved: bool | None
    satisfied: str
    steps: list[StepRow]
    verbs: list[VerbRow]
    suggestions: list[SuggestionRow]
    requests: list[RequestRow]
    reported: list[VoiceRow]
    photos: list[PhotoRow]
    hands: list[HandRow] = Field(description="Empty while one unit works alone")
    joined_into: str = Field(description="The number of the event that speaks for this one")
    joined: list[str] = Field(description="The numbers of the events that this one speaks for")
    route: RouteRow | None


class Standing(Schema):
    """Where the event stands after a step."""

    number: str
    state: str
    state_label: str
    version: int
    holder: str
    due_at: datetime | None
    promised_by: datetime | None


class Written(Standing):
    """A typed entry: the receipt is read out or printed for whoever reported it."""

    receipt: str


class Acknowledged(Schema):
    """An alert that a leader has in hand."""

    level: int
    raised_at: datetime
    ended_at: datetime


class Contact(Schema):
    name: str
    phone: str
    email: str


class ClockRow(Schema):
    name: str
    label: str
    started_at: datetime
    due_at: datetime | None
    about: bool
    ended_at: datetime | None
    sentences: list[str]


class RuleRow(Schema):
    area: str
    category: str
    unit: str
    hit: bool


class LookRow(Schema):
    at: datetime
    by: str
    unit: str
    purpose: str


class Account(Schema):
    """Why this limit, why this unit, who saw the contact."""

    number: str
    clocks: list[ClockRow]
    rules: list[RuleRow]
    looks: list[LookRow]


StateName = Literal[
    "reported", "waiting_reporter", "refused", "accepted", "assigned", "handling", "suspended", "checking", "rating",
    "closed", "archived", "void", "joined",
]  # fmt: skip
