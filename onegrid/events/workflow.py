"""The life of an event, as one table (domain rules: law, city-management practice, objection and review rights).

Requests (`asked_by`) are asked before they are done: until decided the state stays, and the asking unit stays
accountable. A step that is not here does not exist: no button, no address.
"""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from onegrid.events.rules import spot
from onegrid.events.rules.guards import (
    another_person,
    at_most,
    before_expiry,
    in_own_area,
    is_passed_through,
    not_the_handler,
    parts_handed_in,
    passed_on,
    sent_by_the_centre,
    stays_here,
    still_there,
    within,
)
from onegrid.kit.workflow import SAME, Refusal, Step, Workflow, among, at, having
from onegrid.org.roles import (
    CHECKER,
    DISPATCHER,
    DUTY_LEADER,
    GRID_HEAD,
    GUEST,
    HANDLER,
    LEADER,
    RECEIVER,
    RESIDENT,
    SYSTEM,
    WORKER,
)

if TYPE_CHECKING:
    from onegrid.events.models import Assignment, Event
    from onegrid.org.roles import Actor

# Not a state but a relation: joined into another event, which speaks for it (domain rules: joining).
JOINED = "joined"
OPEN = ("reported", "waiting_reporter", "accepted", "assigned", "handling", "suspended", "checking", "rating")
FINAL = ("refused", "closed", "archived", "void")
STATES = OPEN + FINAL
STANDINGS = (*STATES, JOINED)
# What a merge may take: before the result has been told to anybody.
MERGING = ("reported", "waiting_reporter", "accepted", "assigned", "handling", "suspended", "checking")
# While these last, assisting units have something to do.
JOINT = ("accepted", "assigned", "handling", "suspended")
CENTRE = at("owner", RECEIVER, DISPATCHER)
DISPATCH = at("owner", DISPATCHER)
LEAD = at("owner", LEADER)
# A leader of the owning centre; without one there, or without an answer, of the next centre above.
APPROVE = among("approver_ids", LEADER, DUTY_LEADER)
CHECK = at("owner", CHECKER)
HANDLE = at("handler", HANDLER)
BY_LINK = at("handler", GUEST)  # the same unit without an account: four verbs, no more
MEMBER = at("unit", HANDLER)
ANSWER = at("owner", RECEIVER)
IN_THE_GRID = having(WORKER, GRID_HEAD)
REPORTER = having(RESIDENT)
HOUSE = having(SYSTEM)
SENIOR_LEVEL = 2  # levels 1 and 2 need the leader for a suspension and for the end


NOT_THE_REFUSER = another_person("refused_by_id", _("You refused it before; another person decides the review."))


def senior_matter(event: "Event", actor: "Actor") -> Refusal | None:
    if event.level <= SENIOR_LEVEL and LEADER not in actor.roles:
        return Refusal("guard", _("At level 1 or 2 the leader decides this."))
    return None


def grave(event: "Event") -> Refusal | None:
    if event.level > SENIOR_LEVEL:
        return Refusal("guard", _("At level 3 or 4 the checker decides this alone."))
    return None


def not_grave(event: "Event") -> Refusal | None:
    if event.level <= SENIOR_LEVEL:
        return Refusal("guard", _("At level 1 or 2 the leader decides this."))
    return None


def first_objection(event: "Event", actor: "Actor") -> Refusal | None:
    if event.objections > 1 and LEADER not in actor.roles:
        return Refusal("guard", _("The second objection is decided by the leader."))
    return None


def joint_work_goes_on(part: "Assignment", actor: "Actor") -> Refusal | None:
    if part.event.joined_into_id is not None or part.event.state not in JOINT:
        return Refusal("guard", _("The whole matter is not being handled now."))
    return None


def result_not_told(event: "Event", actor: "Actor") -> Refusal | None:
    """Once the reporters were told the result, the voices stay together."""
    if event.joined_into is not None and event.joined_into.state not in MERGING:
        return Refusal("guard", _("The result has been told to everybody who reported it."))
    return None


ASKED_TWICE = at_most("asks", 2, _("The reporter has been asked twice already."))
REVIEWED = at_most("reviews", 1, _("A review can be asked for once."))
REVIEW_IN_TIME = within(15, _("A review is asked for within 15 days of the refusal."))
REOPEN_IN_TIME = within(30, _("Thirty days are over; the centre's leader can still reopen it."))
EXTENDED = at_most("extensions", 1, _("It has been extended once already."))
OBJECTED_TWICE = at_most("objections", 2, _("Two objections have been raised; there is no third."))
REOPENED = at_most("reopened", 1, _("It has been reopened once already."))
NOT_SOLVED = (REOPENED, REOPEN_IN_TIME)

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
        # Done where it was met, or answered in the same call; a chance draw sends some of it to the checker.
        Step(
            "finish_on_the_spot", ("reported",), "closed", (IN_THE_GRID,), ("result",), guards=spot.HERE, undoable=True
        ),
        Step("finish_on_the_spot", ("reported",), "closed", (ANSWER,), ("result",), guards=spot.CALL, undoable=True),
        Step("dispatch", ("accepted",), "assigned", (DISPATCH,), ("unit",), undoable=True),
        Step("claim", ("assigned",), "handling", (HANDLE, BY_LINK), guards=(stays_here,), undoable=True),
        Step("take_over", ("assigned",), "closed", (HANDLE,), ("words",), guards=(is_passed_through,)),
        Step(
            "object",
            ("assigned",),
            "accepted",
            (DISPATCH, LEAD),
            ("reason",),
            asked_by=(HANDLE, BY_LINK),
            guards=(sent_by_the_centre, first_objection),
            ask_guards=(sent_by_the_centre, OBJECTED_TWICE),
        ),
        # what was passed on goes back to whoever passed it
        Step(
            "object",
            ("assigned",),
            "handling",
            (DISPATCH, LEAD),
            ("reason",),
            asked_by=(HANDLE, BY_LINK),
            guards=(passed_on, first_objection),
            ask_guards=(passed_on, OBJECTED_TWICE),
        ),
        Step("transfer", ("handling",), "assigned", (DISPATCH, LEAD), ("reason",), asked_by=(HANDLE,)),
        # joint handling: the dispatcher adds a unit, or the lead unit whistles for it
        Step("assist", JOINT, SAME, (DISPATCH,), ("unit", "words")),
        Step("whistle", ("handling",), SAME, (DISPATCH, LEAD), ("unit", "words"), asked_by=(HANDLE,)),
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
        Step(
            "resolve",
            ("handling",),
            "checking",
            (HANDLE, BY_LINK),
            ("result",),
            guards=(parts_handed_in,),
            undoable=True,
        ),
        Step("pass_check", ("checking",), "rating", (CHECK,), guards=(not_the_handler,), undoable=True, when=not_grave),
        # The end of a grave matter is asked for by its checker and decided by a leader.
        Step(
            "pass_check",
            ("checking",),
            "rating",
            (APPROVE,),
            asked_by=(CHECK,),
            guards=(not_the_handler,),
            ask_guards=(not_the_handler,),
            when=grave,
        ),
        Step("pass_check", ("closed",), "closed", (CHECK,), guards=(spot.drawn, not_the_handler), undoable=True),
        Step("redo", ("checking",), "handling", (CHECK,), ("reason",), guards=(not_the_handler,), undoable=True),
        Step(
            "redo", ("closed",), "accepted", (CHECK,), ("reason",), guards=(spot.drawn, not_the_handler), undoable=True
        ),
        Step("rate", ("rating",), "closed", (REPORTER,), ("solved",)),
        Step("close", ("rating",), "closed", (HOUSE,)),
        # What no unit has handled goes to the dispatcher.
        Step("reopen", ("closed",), "accepted", (REPORTER,), ("words",), guards=(spot.was, *NOT_SOLVED)),
        Step("reopen", ("closed", "archived"), "accepted", (LEAD,), ("words",), guards=(spot.was, still_there)),
        Step("reopen", ("rating", "closed"), "handling", (REPORTER,), ("words",), guards=(spot.was_not, *NOT_SOLVED)),
        Step("reopen", ("closed", "archived"), "handling", (LEAD,), ("words",), guards=(spot.was_not, still_there)),
        Step("archive", ("closed",), "archived", (HOUSE, LEAD), guards=(spot.no_check_waits,)),
        Step("void", OPEN, "void", (LEAD,), ("reason",), asked_by=(CENTRE,)),
        # one level up: the upper centre owns it from now on, the lower one reads on
        Step(
            "escalate",
            tuple(state for state in MERGING if state != "waiting_reporter"),
            SAME,
            (DISPATCH, LEAD),
            ("reason",),
        ),
        Step("merge", MERGING, SAME, (CENTRE,), ("into",)),
        Step("split", (JOINED,), SAME, (CENTRE,), guards=(result_not_told,)),
        # Where it lies: by the centre, or in their own area by whoever goes round there.
        Step("place", OPEN, SAME, (CENTRE,)),
        Step("place", OPEN, SAME, (IN_THE_GRID,), guards=(in_own_area,)),
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
        JOINED: _("Joined into another one"),
    },
    standing=lambda event: JOINED if event.joined_into_id is not None else event.state,
)

# The part of an assisting unit, with a clock of its own; each step stands in the history of the event.
PART = Workflow(
    name="part",
    start="offered",
    final=("done", "ended"),
    steps=(
        Step("claim_part", ("offered",), "claimed", (MEMBER,), guards=(joint_work_goes_on,)),
        Step("resolve_part", ("claimed",), "done", (MEMBER,), ("result",), guards=(joint_work_goes_on,)),
        Step("redo_part", ("done",), "claimed", (HANDLE, DISPATCH), ("words",), guards=(joint_work_goes_on,)),
        # nobody drops out by being silent: an assisting unit asks for it, or the centre lets it go by itself
        Step("excuse", ("offered", "claimed"), "ended", (DISPATCH, LEAD), ("words",), asked_by=(MEMBER,)),
        Step("release_part", ("offered", "claimed"), "ended", (DISPATCH, LEAD), ("words",)),
    ),
    labels={
        "offered": _("To claim"),
        "claimed": _("In hand"),
        "done": _("Handed in"),
        "ended": _("Let go"),
    },
)

# How a unit's share stands, leading or assisting.
HAND_LABELS = {
    **PART.labels,
    "returned": _("Returned"),
    "passed": _("Passed on"),
    "undone": _("Undone"),
}

VERB_LABELS = {
    "report": _("Report"),
    "withdraw": _("Withdraw"),
    "accept": _("Accept"),
    "ask": _("Ask the reporter"),
    "answer": _("Answer"),
    "refuse": _("Refuse"),
    "review": _("Ask for a review"),
    "finish_on_the_spot": _("Finish on the spot"),
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
    "transfer": _("Pass on to another unit"),
    "take_over": _("Taken over by the competent body"),
    "assist": _("Add an assisting unit"),
    "whistle": _("Whistle for another unit"),
    "escalate": _("Send one level up"),
    "merge": _("Merge: the same matter"),
    "split": _("Take apart again"),
    "claim_part": _("Claim the part"),
    "resolve_part": _("Hand in the part"),
    "redo_part": _("Send the part back"),
    "release_part": _("Let the unit go"),
    "excuse": _("Be let go from the part"),
    "place": _("Put the place right"),
    "tell": _("Tell the reporter"),
    "note": _("Internal note"),
    # written by the house beside the table
    "request": _("Asked for"),
    "deny": _("Not granted"),
    "join": _("Joined as a voice"),
    "part": _("Voice taken apart"),
    "undo": _("Undone"),
    "reveal": _("Contact revealed"),
    "rezone": _("Grid divided anew"),
}
# Verbs that are asked for, some of them always, some of certain matters only (`EVENT.asks`).
ASKED = tuple(dict.fromkeys(step.verb for step in EVENT.steps if step.asked_by))
# Decided by leaders from the beginning: no dispatcher loses them by being late.
BY_LEADERS = frozenset(
    step.verb for step in EVENT.steps if step.asked_by and not any(DISPATCHER in by.roles for by in step.by)
)
