"""The life of joint work on a place: proposed, approved by a leader, running, summed up, closed; or dropped."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from onegrid.kit.workflow import SAME, Refusal, Step, Workflow, at, having
from onegrid.org.roles import DISPATCHER, DUTY_LEADER, HANDLER, LEADER, SYSTEM

# Metres around a named point: less is one house, more is no place.
RADII = (100, 200, 300, 500, 800, 1000)


def not_the_proposer(work: Any, actor: Any) -> Refusal | None:
    if work.proposed_by.user_id == actor.user_id:
        return Refusal("guard", _("Who proposed it does not approve it."))
    return None


def in_charge(work: Any, actor: Any) -> Refusal | None:
    """The leader in charge, or a leader of the centre that proposed it."""
    if actor.posting_id == work.charge_id or actor.unit_id == work.centre_id:
        return None
    return Refusal("guard", _("The leader of the work does this, or a leader of the centre."))


def nothing_open(work: Any, actor: Any) -> Refusal | None:
    if work.has_open_measures():
        return Refusal("guard", _("A measure is still to be done: report it, or cancel its task with the reason."))
    return None


CENTRE = at("centre", LEADER, DUTY_LEADER, DISPATCHER)
LEADERS = at("centre", LEADER)
CHARGE = at("charge_unit", LEADER)
LEAD = at("lead", HANDLER, LEADER)
PLACE_WORK = Workflow(
    name="place_work",
    start="proposed",
    final=("closed", "dropped"),
    steps=(
        Step("change_place", ("proposed",), SAME, (CENTRE,)),
        Step("approve_place", ("proposed",), "approved", (LEADERS,), guards=(not_the_proposer,)),
        Step("begin_place", ("approved",), "running", (having(SYSTEM),)),
        Step("add_measure", ("approved", "running"), SAME, (CENTRE,), needs=("words", "owner", "due")),
        Step("extend_place", ("running",), SAME, (LEADERS, CHARGE), needs=("words", "until"), guards=(in_charge,)),
        Step("sum_up_place", ("running",), "summed", (LEAD, CENTRE), needs=("words",), guards=(nothing_open,)),
        Step("send_place_back", ("summed",), "running", (LEADERS, CHARGE), needs=("words",), guards=(in_charge,)),
        Step("close_place", ("summed",), "closed", (LEADERS, CHARGE), guards=(in_charge,)),
        Step("drop_place", ("proposed",), "dropped", (CENTRE,), needs=("words",)),
        Step("drop_place", ("approved", "running"), "dropped", (LEADERS, CHARGE), ("words",), guards=(in_charge,)),
    ),
    labels={
        "proposed": _("proposed, to be approved"),
        "approved": _("approved, not begun"),
        "running": _("under way"),
        "summed": _("summed up, to be closed"),
        "closed": _("work closed"),
        "dropped": _("dropped"),
    },
)  # fmt: skip
# While it is one of these, it stands beside the matters that lie in its place.
LIVE = ("approved", "running", "summed")
VERB_LABELS = {
    "change_place": _("Change the proposal"),
    "approve_place": _("Approve the work"),
    "add_measure": _("Add a measure"),
    "extend_place": _("Extend the term"),
    "sum_up_place": _("Sum it up"),
    "send_place_back": _("Not enough: go on"),
    "close_place": _("Close the work"),
    "drop_place": _("Drop the work"),
}
# What history says was done, beside what a button asks for.
DONE_LABELS = {
    "propose_place": _("Work proposed"),
    "change_place": _("Proposal changed"),
    "approve_place": _("Work approved"),
    "begin_place": _("Work begun"),
    "add_measure": _("Measure added"),
    "extend_place": _("Term extended"),
    "sum_up_place": _("Summed up"),
    "send_place_back": _("Sent back to go on"),
    "close_place": _("Work ended"),
    "drop_place": _("Work dropped"),
}
