"""The life of an order of supervision, as one table, and the ladder of its kinds: only upwards, by rank."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from onegrid.kit.workflow import Refusal, Step, Words, Workflow, at, having
from onegrid.kit.working_time import Limit
from onegrid.org.roles import DISPATCHER, DUTY_LEADER, HANDLER, LEADER, SYSTEM

if TYPE_CHECKING:
    from onegrid.org.roles import Actor
    from onegrid.supervision.models import Order

# Ascending: urge, ordinary order, yellow card, red card, listed supervision.
KINDS = ("urge", "ordinary", "yellow", "red", "listed")
LIVE = ("open", "replied")
ENDED = ("settled", "cancelled", "over")
STATES = LIVE + ENDED
# Why an order ended by itself.
ENDINGS = ("", "raised", "event_ended", "left_unit")
CENTRE_RANKS = (DISPATCHER, DUTY_LEADER, LEADER)
# Who of the centre may issue what, and judge the reply to it; the house itself only the two mildest.
ISSUERS: dict[str, tuple[str, ...]] = {
    "urge": (*CENTRE_RANKS, SYSTEM),
    "ordinary": (*CENTRE_RANKS, SYSTEM),
    "yellow": (DUTY_LEADER, LEADER),
    "red": (LEADER,),
    "listed": (LEADER,),
}
BY_THE_HOUSE = tuple(kind for kind in KINDS if SYSTEM in ISSUERS[kind])
# By when a reply is asked for, unless the issuer names another day.
REPLY_LIMITS = {
    "urge": Limit("clock", 1, "working_days"),
    "ordinary": Limit("clock", 2, "working_days"),
    "yellow": Limit("clock", 2, "working_days"),
    "red": Limit("clock", 1, "working_days"),
    "listed": Limit("clock", 5, "working_days"),
}
KIND_LABELS: dict[str, Words] = {
    "urge": _("Urge"),
    "ordinary": _("Ordinary order"),
    "yellow": _("Yellow card"),
    "red": _("Red card"),
    "listed": _("Listed supervision"),
}
ENDING_LABELS: dict[str, Words] = {
    "raised": _("a higher order took its place"),
    "event_ended": _("the matter ended"),
    "left_unit": _("the matter left the unit"),
}
OUT_OF_RANK: dict[str, Words] = {
    "urge": _("The centre that drives the matter issues this."),
    "ordinary": _("The centre that drives the matter issues this."),
    "yellow": _("A yellow card is a matter of the duty leader or the leader of the centre."),
    "red": _("A red card is a matter of the leader of the centre."),
    "listed": _("Listed supervision is a matter of the leader of the centre."),
}


@dataclass
class Draft:
    """An order that is not there yet: on what, to whom, and what stands there already."""

    kind: str
    owner_id: int
    unit_id: int
    about: bool = False
    concerned: bool = True
    highest: str = ""
    state: str = "draft"


def higher(kind: str, than: str) -> bool:
    return not than or KINDS.index(kind) > KINDS.index(than)


def next_kind(kind: str) -> str:
    """The next step of the ladder; after the last, none."""
    return (*KINDS, "")[KINDS.index(kind) + 1]


def of_rank(order: "Draft | Order", actor: "Actor") -> Refusal | None:
    return None if actor.has(*ISSUERS[order.kind]) else Refusal("guard", OUT_OF_RANK[order.kind])


def never_to_whom_it_is_about(draft: Draft, actor: "Actor") -> Refusal | None:
    if draft.about:
        return Refusal("guard", _("The matter is about this unit, which must not learn of it; another one handles it."))
    return None


def to_who_owes_it(draft: Draft, actor: "Actor") -> Refusal | None:
    if not draft.concerned:
        return Refusal("guard", _("This unit has nothing to do here now."))
    return None


def only_upwards(draft: Draft, actor: "Actor") -> Refusal | None:
    if draft.highest == draft.kind:
        return Refusal("guard", _("This step has been taken already; the next one is higher."))
    if not higher(draft.kind, draft.highest):
        return Refusal("guard", _("A higher order has been issued; only a still higher one can follow."))
    return None


def by_its_issuer(order: "Order", actor: "Actor") -> Refusal | None:
    """Whoever issued it takes it back; when that person is not there any more, the leader of the centre."""
    if order.issuer_gone:
        return None if actor.has(LEADER) else Refusal("guard", _("Its issuer is gone: the leader cancels it."))
    if order.issued_by_id != actor.posting_id:
        return Refusal("guard", _("Whoever issued it cancels it."))
    return None


CENTRE = at("owner", *CENTRE_RANKS)
ADDRESSED = at("unit", HANDLER, LEADER)
HOUSE = having(SYSTEM)

ORDER = Workflow(
    name="order",
    start="draft",
    final=ENDED,
    steps=(
        Step("issue_order", ("draft",), "open", (CENTRE, HOUSE), ("words",),
             guards=(of_rank, never_to_whom_it_is_about, to_who_owes_it, only_upwards)),
        Step("reply_to_order", ("open",), "replied", (ADDRESSED,), ("words",)),
        Step("accept_reply", ("replied",), "settled", (CENTRE,), guards=(of_rank,)),
        Step("send_reply_back", ("replied",), "open", (CENTRE,), ("words", "reply_by"), guards=(of_rank,)),
        Step("cancel_order", LIVE, "cancelled", (CENTRE,), ("words",), guards=(by_its_issuer,)),
        # the matter ended or left the unit, or a higher order took its place
        Step("end_order", LIVE, "over", (HOUSE,)),
    ),
    labels={
        "draft": _("Not issued yet"),
        "open": _("Waits for a reply"),
        "replied": _("Reply to judge"),
        "settled": _("Settled"),
        "cancelled": _("Cancelled"),
        "over": _("Ended by itself"),
    },
)  # fmt: skip

VERB_LABELS: dict[str, Words] = {
    "issue_order": _("Issue"),
    "reply_to_order": _("Reply"),
    "accept_reply": _("Accept the reply"),
    "send_reply_back": _("Send the reply back"),
    "cancel_order": _("Cancel the order"),
    "end_order": _("Ended by itself"),
    "climb": _("Not answered in time"),
}
