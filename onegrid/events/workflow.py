"""The life of an event, as one table (domain rules: law, city-management practice, objection and review rights).

Requests (`asked_by`) are asked before they are done: until decided the state stays, and the asking unit stays
accountable. A step that is not here does not exist: no button, no address.
"""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from onegrid.kit import clock
from onegrid.kit.workflow import SAME, Guard, Refusal, Step, Words, Workflow, at, having
from onegrid.org.roles import CHECKER, DISPATCHER, GUEST, HANDLER, LEADER, RECEIVER, RESIDENT, SYSTEM

if TYPE_CHECKING:
    from onegrid.events.models import Event
    from onegrid.org.roles import Actor

OPEN = ("reported", "waiting_reporter", "accepted", "assigned", "handling", "suspended", "checking", "rating")
FINAL = ("refused", "closed", "archived", "void")
STATES = OPEN + FINAL
CENTRE = at("owner", RECEIVER, DISPATCHER)
DISPATCH = at("owner", DISPATCHER)
LEAD = at("owner", LEADER)
CHECK = at("owner", CHECKER)
HANDLE = at("handler", HANDLER)
BY_LINK = at("handler", GUEST)  # the same unit without an account: four verbs, no more
REPORTER = having(RESIDENT)
HOUSE = having(SYSTEM)
SENIOR_LEVEL = 2  # levels 1 and 2 need the leader for a suspension


def another_person(column: str, reason: Words) -> Guard:
    def guard(event: "Event", actor: "Actor") -> Refusal | None:
        same = actor.user_id is not None and getattr(event, column) == actor.user_id
        return Refusal("guard", reason) if same else None

    return guard


def at_most(column: str, times: int, reason: Words) -> Guard:
    def guard(event: "Event", actor: "Actor") -> Refusal | None:
        return Refusal("guard", reason) if getattr(event, column) >= times else None

    return guard


NOT_THE_REFUSER = another_person("refused_by_id", _("You refused it before; another person decides the review."))


def within(days: int, reason: Words) -> Guard:
    """Only so many days after the end; afterwards the way is another one."""

    def guard(event: "Event", actor: "Actor") -> Refusal | None:
        over = event.closed_at is not None and clock.now() > event.closed_at + timedelta(days=days)
        return Refusal("guard", reason) if over else None

    return guard


def not_the_handler(event: "Event", actor: "Actor") -> Refusal | None:
    """Nobody checks their own work."""
    same_unit = event.handler_id is not None and event.handler_id == actor.unit_id
    if same_unit or (actor.user_id is not None and event.resolved_by_id == actor.user_id):
        return Refusal("guard", _("Who did the work does not check it."))
    return None


def senior_matter(event: "Event", actor: "Actor") -> Refusal | None:
    if event.level <= SENIOR_LEVEL and LEADER not in actor.roles:
        return Refusal("guard", _("At level 1 or 2 the leader decides this."))
    return None


def first_objection(event: "Event", actor: "Actor") -> Refusal | None:
    if event.objections > 1 and LEADER not in actor.roles:
        return Refusal("guard", _("The second objection is decided by the leader."))
    return None


def before_expiry(event: "Event", actor: "Actor") -> Refusal | None:
    if event.due_at is not None and clock.now() > event.due_at:
        return Refusal("guard", _("Time has run out; an extension is asked for before that."))
    return None


def still_there(event: "Event", actor: "Actor") -> Refusal | None:
    if event.erased_at is not None:
        return Refusal("guard", _("Its time of keeping is over; what was said has been erased."))
    return None


ASKED_TWICE = at_most("asks", 2, _("The reporter has been asked twice already."))
REVIEWED = at_most("reviews", 1, _("A review can be asked for once."))
REVIEW_IN_TIME = within(15, _("A review is asked for within 15 days of the refusal."))
REOPEN_IN_TIME = within(30, _("Thirty days are over; the centre's leader can still reopen it."))
EXTENDED = at_most("extensions", 1, _("It has been extended once already."))
OBJECTED_TWICE = at_most("objections", 2, _("Two objections have been raised; there is no third."))
REOPENED = at_most("reopened", 1, _("It has been reopened once already."))

EVENT = Workflow(
    name="event",
    start="reported",
    final=FINAL,
    steps=(
        # verb, from, to, who, what must be given
        Step("withdraw", ("reported", "waiting_reporter"), "void", (REPORTER,)),
        Step(
            "accept",
            ("reported",),
            "accepted",
            (CENTRE,),
            ("category",),
            guards=(NOT_THE_REFUSER,),
            undoable=True,
        ),
        Step(
            "ask",
            ("reported",),
            "waiting_reporter",
            (CENTRE,),
            ("words",),
            guards=(ASKED_TWICE,),
            undoable=True,
        ),
        Step("answer", ("waiting_reporter",), "reported", (REPORTER,), ("words",)),
        Step("answer", ("waiting_reporter",), "reported", (HOUSE,)),
        Step(
            "refuse",
            ("reported",),
            "refused",
            (CENTRE,),
            ("reason", "words"),
            guards=(NOT_THE_REFUSER,),
            undoable=True,
        ),
        Step("review", ("refused",), "reported", (REPORTER,), ("words",), guards=(REVIEWED, REVIEW_IN_TIME)),
        Step("dispatch", ("accepted",), "assigned", (DISPATCH,), ("unit",), undoable=True),
        Step("claim", ("assigned",), "handling", (HANDLE, BY_LINK), undoable=True),
        Step(
            "object",
            ("assigned",),
            "accepted",
            (DISPATCH, LEAD),
            ("reason",),
            asked_by=(HANDLE, BY_LINK),
            guards=(first_objection,),
            ask_guards=(OBJECTED_TWICE,),
        ),
        Step(
            "extend",
            ("handling",),
            "handling",
            (DISPATCH, LEAD),
            ("reason", "days"),
            asked_by=(HANDLE,),
            guards=(EXTENDED,),
            ask_guards=(EXTENDED, before_expiry),
        ),
        Step(
            "suspend",
            ("handling",),
            "suspended",
            (DISPATCH, LEAD),
            ("reason", "review_on"),
            asked_by=(HANDLE,),
            guards=(senior_matter,),
        ),
        Step("resume", ("suspended",), "handling", (HANDLE, DISPATCH, HOUSE)),
        Step("resolve", ("handling",), "checking", (HANDLE, BY_LINK), ("result",), undoable=True),
        Step("pass_check", ("checking",), "rating", (CHECK,), guards=(not_the_handler,), undoable=True),
        Step("redo", ("checking",), "handling", (CHECK,), ("reason",), guards=(not_the_handler,), undoable=True),
        Step("rate", ("rating",), "closed", (REPORTER,), ("solved",)),
        Step("close", ("rating",), "closed", (HOUSE,)),
        Step("reopen", ("rating", "closed"), "handling", (REPORTER,), ("words",), guards=(REOPENED, REOPEN_IN_TIME)),
        Step("reopen", ("closed", "archived"), "handling", (LEAD,), ("words",), guards=(still_there,)),
        Step("archive", ("closed",), "archived", (HOUSE, LEAD)),
        Step("void", OPEN, "void", (LEAD,), ("reason",), asked_by=(CENTRE,)),
        # said beside the path: the state stays
        Step("tell", (*OPEN, "closed"), SAME, (CENTRE, HANDLE), ("words",), guards=(still_there,)),
        Step("note", STATES, SAME, (CENTRE, CHECK, LEAD, HANDLE, BY_LINK), ("words",), guards=(still_there,)),
    ),
    labels={
        "reported": _("To accept"),
        "waiting_reporter": _("Waiting for the reporter"),
        "refused": _("Refused"),
        "accepted": _("Accepted"),
        "assigned": _("To claim"),
        "handling": _("Being handled"),
        "suspended": _("Suspended"),
        "checking": _("To check"),
        "rating": _("To be rated"),
        "closed": _("Closed"),
        "archived": _("Archived"),
        "void": _("Void"),
    },
)

VERB_LABELS = {
    "report": _("Report"),
    "withdraw": _("Withdraw"),
    "accept": _("Accept"),
    "ask": _("Ask the reporter"),
    "answer": _("Answer"),
    "refuse": _("Refuse"),
    "review": _("Ask for a review"),
    "dispatch": _("Dispatch"),
    "claim": _("Claim"),
    "object": _("Object: not ours"),
    "extend": _("Extend"),
    "suspend": _("Suspend"),
    "resume": _("Resume"),
    "resolve": _("Hand in the result"),
    "pass_check": _("Pass the check"),
    "redo": _("Send back to redo"),
    "rate": _("Rate"),
    "close": _("Close"),
    "reopen": _("Reopen"),
    "archive": _("Put into the archive"),
    "void": _("Void"),
    "tell": _("Tell the reporter"),
    "note": _("Internal note"),
    # written by the house beside the table
    "request": _("Asked for"),
    "deny": _("Not granted"),
    "join": _("Joined as a voice"),
    "part": _("Voice taken apart"),
    "undo": _("Undone"),
    "reveal": _("Contact revealed"),
}
ASKED = tuple(step.verb for step in EVENT.steps if step.asked_by)
