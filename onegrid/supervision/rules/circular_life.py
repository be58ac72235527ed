"""The life of a circular: written, submitted, approved by a leader who did not write it, published under a number."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from onegrid.kit.workflow import SAME, Refusal, Step, Workflow, at
from onegrid.org.roles import ANALYST, DISPATCHER, HANDLER, LEADER, RECEIVER

# Who writes a circular at a centre.
WRITERS = (DISPATCHER, LEADER, ANALYST)
# Who may say for a unit that it was read.
READERS = (LEADER, HANDLER, RECEIVER, DISPATCHER)


def not_the_author(circular: Any, actor: Any) -> Refusal | None:
    if circular.made_by.user_id == actor.user_id:
        return Refusal("guard", _("Who wrote it does not approve it."))
    return None


def goes_somewhere(circular: Any, actor: Any) -> Refusal | None:
    if not circular.unit_ids:
        return Refusal("guard", _("Choose at least one unit that it goes to."))
    return None


WRITE = at("unit", *WRITERS)
LEAD = at("unit", LEADER)
CIRCULAR = Workflow(
    name="circular",
    start="draft",
    final=("withdrawn", "discarded"),
    steps=(
        Step("edit", ("draft",), SAME, (WRITE,)),
        Step("submit", ("draft",), "submitted", (WRITE,), guards=(goes_somewhere,)),
        Step("discard", ("draft",), "discarded", (WRITE,)),
        Step("approve", ("submitted",), "approved", (LEAD,), guards=(not_the_author,)),
        Step("send_back", ("submitted", "approved"), "draft", (LEAD,), ("words",)),
        Step("publish", ("approved",), "published", (at("unit", DISPATCHER, LEADER),)),
        Step("withdraw", ("published",), "withdrawn", (LEAD,), ("words",)),
    ),
    labels={
        "draft": _("Draft"),
        "submitted": _("To approve"),
        "approved": _("Approved, not published"),
        "published": _("Published"),
        "withdrawn": _("Withdrawn"),
        "discarded": _("Discarded"),
    },
)
VERBS = CIRCULAR.verbs()
VERB_LABELS: dict[str, str | Promise] = {
    "draft": _("Drafted, figures counted"),
    "edit": _("Text changed"),
    "submit": _("Submitted"),
    "discard": _("Discarded"),
    "approve": _("Approved"),
    "send_back": _("Sent back"),
    "publish": _("Published"),
    "withdraw": _("Withdrawn"),
}
# What the buttons say.
DO_LABELS: dict[str, str | Promise] = {
    "edit": _("Change the words"),
    "submit": _("Submit for approval"),
    "discard": _("Discard the draft"),
    "approve": _("Approve"),
    "send_back": _("Send back"),
    "publish": _("Publish under the next number"),
    "withdraw": _("Withdraw"),
}
