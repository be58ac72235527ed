"""The life of a ruling: opened by a second objection, ruled by the leader of the centre that holds the matter."""

from django.utils.translation import gettext_lazy as _

from onegrid.kit.workflow import Step, Workflow, at, having
from onegrid.org.roles import LEADER, SYSTEM

LEAD = at("owner", LEADER)
HOUSE = having(SYSTEM)
RULING = Workflow(
    name="ruling",
    start="waiting",
    final=("ruled", "lapsed"),
    steps=(
        Step("rule", ("waiting",), "ruled", (LEAD,), ("unit", "reason")),
        # decided where every request is decided: the reason can still be given, and then others learn from it
        Step("settle", ("waiting",), "decided", (HOUSE,)),
        Step("explain", ("decided",), "ruled", (LEAD,), ("unit", "reason")),
        # the matter went another way: claimed after all, void, passed up
        Step("lapse", ("waiting",), "lapsed", (HOUSE,)),
    ),
    labels={
        "waiting": _("Waits for the leader"),
        "ruled": _("Ruled"),
        "decided": _("Decided without a reason for others"),
        "lapsed": _("No longer needed"),
    },
)
STATES = RULING.states()
