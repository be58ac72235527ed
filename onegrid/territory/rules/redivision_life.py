"""The life of a re-division: drafted, submitted, approved by a leader who did not draft it, in effect from its date."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from onegrid.kit.workflow import SAME, Refusal, Step, Workflow, at, having
from onegrid.org.roles import ADMIN_SYSTEM, LEADER, SYSTEM


def not_the_drafter(redivision: Any, actor: Any) -> Refusal | None:
    if redivision.made_by.user_id == actor.user_id:
        return Refusal("guard", _("Who drafted it does not approve it."))
    return None


def changes_something(redivision: Any, actor: Any) -> Refusal | None:
    if not redivision.changes.exists():
        return Refusal("guard", _("Nothing is changed yet."))
    return None


DRAFT = at("unit", ADMIN_SYSTEM)
LEAD = at("unit", LEADER)
REDIVISION = Workflow(
    name="redivision",
    start="draft",
    final=("effective", "withdrawn", "undone"),
    steps=(
        Step("edit", ("draft",), SAME, (DRAFT,)),
        Step("submit", ("draft",), "submitted", (DRAFT,), guards=(changes_something,)),
        Step("send_back", ("submitted",), "draft", (LEAD,), ("words",)),
        Step("approve", ("submitted",), "approved", (LEAD,), guards=(not_the_drafter,)),
        Step("withdraw", ("draft", "submitted"), "withdrawn", (DRAFT,)),
        # Until its date nothing has changed; afterwards only a new re-division undoes it.
        Step("undo", ("approved",), "undone", (DRAFT, LEAD), ("words",)),
        Step("lapse", ("approved",), "undone", (having(SYSTEM),)),
        Step("apply", ("approved",), "effective", (having(SYSTEM),)),
    ),
    labels={
        "draft": _("Draft"),
        "submitted": _("To approve"),
        "approved": _("Approved, not in effect yet"),
        "effective": _("In effect"),
        "withdrawn": _("Withdrawn"),
        "undone": _("Undone before its date"),
    },
)
VERBS = REDIVISION.verbs()
VERB_LABELS: dict[str, str | Promise] = {
    "begin": _("Draft begun"),
    "edit": _("Draft changed"),
    "submit": _("Submitted"),
    "send_back": _("Sent back"),
    "approve": _("Approved"),
    "withdraw": _("Withdrawn"),
    "undo": _("Undone before its date"),
    "lapse": _("Undone by the system"),
    "apply": _("Came into effect"),
}
# What the buttons say.
DO_LABELS: dict[str, str | Promise] = {
    "submit": _("Submit for approval"),
    "send_back": _("Send back"),
    "approve": _("Approve"),
    "withdraw": _("Withdraw"),
    "undo": _("Undo before its date"),
}
