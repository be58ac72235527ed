"""The life of a mass notice: frozen, released by a person (a second one when it is large), sent by the house."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from onegrid.kit.workflow import Refusal, Step, Workflow, at, having
from onegrid.org.roles import DISPATCHER, DUTY_LEADER, LEADER, SYSTEM

LARGE = 500  # above so many receivers a second person releases it


def second_person(notice: Any, actor: Any) -> Refusal | None:
    if notice.receivers > LARGE and notice.made_by.user_id == actor.user_id:
        return Refusal("guard", _("Above 500 receivers another person releases it."))
    return None


CENTRE = at("unit", DISPATCHER, LEADER, DUTY_LEADER)
MASS = Workflow(
    name="mass notice",
    start="frozen",
    final=("sent", "withdrawn"),
    steps=(
        Step("release", ("frozen",), "sending", (CENTRE,), guards=(second_person,)),
        Step("withdraw", ("frozen", "sending"), "withdrawn", (CENTRE,)),
        Step("finish", ("sending",), "sent", (having(SYSTEM),)),
    ),
    labels={
        "frozen": _("Frozen, nobody told yet"),
        "sending": _("Being sent"),
        "sent": _("Sent"),
        "withdrawn": _("Withdrawn"),
    },
)
