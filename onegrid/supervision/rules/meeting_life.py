"""The life of a meeting: called, held with its minutes, signed off by its chair; or cancelled with a reason."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from onegrid.kit import clock
from onegrid.kit.workflow import SAME, Refusal, Step, Workflow, at
from onegrid.org.roles import DISPATCHER, DUTY_LEADER, LEADER

KINDS = {
    "analysis": _("Joint analysis"),
    "regular": _("Regular work meeting"),
    "other": _("Other meeting"),
}


def has_begun(meeting: Any, actor: Any) -> Refusal | None:
    if meeting.starts_at <= clock.now():
        return None
    return Refusal("guard", _("Minutes are written once the meeting has begun."))


def chair(meeting: Any, actor: Any) -> Refusal | None:
    """The chair; where the chair has left the post, a leader of the centre."""
    if actor.posting_id == meeting.chair_id or (not meeting.chair.active and LEADER in actor.roles):
        return None
    return Refusal("guard", _("The chair of the meeting signs the minutes."))


CENTRE = at("centre", LEADER, DUTY_LEADER, DISPATCHER)
CHAIRS = at("centre", LEADER, DUTY_LEADER)
MEETING = Workflow(
    name="meeting",
    start="called",
    final=("signed", "cancelled"),
    steps=(
        Step("hold_meeting", ("called",), "held", (CENTRE,), needs=("words",), guards=(has_begun,)),
        Step("write_minutes", ("held",), SAME, (CENTRE,), needs=("words",)),
        Step("conclude", ("held",), SAME, (CENTRE,), needs=("words", "owner", "due")),
        Step("sign_minutes", ("held",), "signed", (CHAIRS,), guards=(chair,)),
        Step("cancel_meeting", ("called",), "cancelled", (CENTRE,), needs=("words",)),
    ),
    labels={
        "called": _("called"),
        "held": _("held, minutes to be signed"),
        "signed": _("minutes signed"),
        "cancelled": _("cancelled"),
    },
)  # fmt: skip
VERB_LABELS = {
    "hold_meeting": _("Write the minutes"),
    "write_minutes": _("Correct the minutes"),
    "conclude": _("Add a conclusion"),
    "sign_minutes": _("Sign the minutes"),
    "cancel_meeting": _("Cancel the meeting"),
}
