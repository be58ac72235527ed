"""The life of a swap: asked, then agreed, declined, taken back, or overtaken by time; one table."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from onegrid.kit.workflow import Refusal, Step, Workflow, having
from onegrid.org.roles import SYSTEM, UNIT


def offered(swap: Any, actor: Any) -> Refusal | None:
    if actor.posting_id == swap.offered_to_id:
        return None
    return Refusal("role", _("Only the colleague who is asked answers."))


def asked(swap: Any, actor: Any) -> Refusal | None:
    if actor.posting_id == swap.asked_by_id:
        return None
    return Refusal("role", _("Only who asked takes it back."))


ANYBODY, HOUSE = (having(*UNIT),), (having(SYSTEM),)
SWAP = Workflow(
    name="swap",
    start="asked",
    final=("agreed", "declined", "taken_back", "lapsed"),
    steps=(
        Step("agree", ("asked",), "agreed", ANYBODY, guards=(offered,)),
        Step("decline", ("asked",), "declined", ANYBODY, guards=(offered,)),
        Step("take_back", ("asked",), "taken_back", ANYBODY, guards=(asked,)),
        # The shift has begun, or the keeper withdrew it.
        Step("lapse", ("asked",), "lapsed", HOUSE),
    ),
    labels={
        "asked": _("asked, no answer yet"), "agreed": _("agreed, the shift has moved"), "declined": _("declined"),
        "taken_back": _("taken back"), "lapsed": _("overtaken: the shift began or was withdrawn"),
    },
)  # fmt: skip
