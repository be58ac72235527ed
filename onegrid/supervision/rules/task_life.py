"""The life of a task: given, reported, accepted or sent back; taken away by whoever gave it, with a reason."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from onegrid.kit.workflow import Refusal, Step, Workflow, at
from onegrid.org.roles import DISPATCHER, DUTY_LEADER, HANDLER, LEADER, RECEIVER


def named_person(task: Any, actor: Any) -> Refusal | None:
    """What was given to one person of a unit is reported by that person, or by the unit's leader."""
    if task.posting_id is None or task.posting_id == actor.posting_id or LEADER in actor.roles:
        return None
    return Refusal("guard", _("The task was given to another person of your unit."))


def giver_or_leader(task: Any, actor: Any) -> Refusal | None:
    if actor.posting_id == task.issued_by_id or LEADER in actor.roles:
        return None
    return Refusal("guard", _("Whoever gave the task decides on it, or the leader of that centre."))


def second_person(task: Any, actor: Any) -> Refusal | None:
    if actor.posting_id == task.reported_by_id:
        return Refusal("guard", _("You reported it yourself; another person accepts it."))
    return None


OWNER = at("unit", HANDLER, LEADER, DUTY_LEADER, RECEIVER, DISPATCHER)
ISSUER = at("issuer", LEADER, DUTY_LEADER, DISPATCHER)
TASK = Workflow(
    name="task",
    start="open",
    final=("done", "cancelled"),
    steps=(
        Step("report_task", ("open",), "reported", (OWNER,), needs=("words",), guards=(named_person,)),
        Step("accept_task", ("reported",), "done", (ISSUER,), guards=(giver_or_leader, second_person)),
        Step(
            "send_task_back", ("reported",), "open", (ISSUER,), needs=("words", "due"),
            guards=(giver_or_leader, second_person),
        ),
        Step("cancel_task", ("open", "reported"), "cancelled", (ISSUER,), needs=("words",), guards=(giver_or_leader,)),
    ),
    labels={
        "open": _("to be done"),
        "reported": _("reported, to be accepted"),
        "done": _("done and accepted"),
        "cancelled": _("cancelled"),
    },
)  # fmt: skip
VERB_LABELS = {
    "give_task": _("Task given"),
    "report_task": _("Report it as done"),
    "accept_task": _("Accept it"),
    "send_task_back": _("Send it back"),
    "cancel_task": _("Cancel it"),
}
# What history says was done, beside what a button asks for.
DONE_LABELS = {
    "give_task": _("Task given"),
    "report_task": _("Reported as done"),
    "accept_task": _("Accepted as done"),
    "send_task_back": _("Sent back"),
    "cancel_task": _("Task cancelled"),
}
SOURCES = {
    "instruction": _("Instruction of a leader"),
    "meeting": _("Conclusion of a meeting"),
    "place": _("Measure of joint work on a place"),
}
