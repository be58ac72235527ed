"""What a rule of supervision can say: when it speaks, and what it does then."""

from django.utils.translation import gettext_lazy as _

from onegrid.kit.workflow import Words

# percent: so much of the running clock is used; after_due: so many minutes past its end; unanswered: an order was not
# answered by its day.
TRIGGERS: dict[str, Words] = {
    "percent": _("percent of the clock used"),
    "after_due": _("minutes after the limit"),
    "unanswered": _("an order was not answered in time"),
}
ACTIONS: dict[str, Words] = {
    "light": _("the light turns yellow"),
    "warn_handler": _("remind the unit's handlers"),
    "warn_unit_leader": _("remind the unit's leader"),
    "warn_dispatcher": _("remind the centre's dispatchers"),
    "warn_leader": _("remind the centre's leader"),
    "issue_urge": _("urge the unit"),
    "issue_ordinary": _("issue an ordinary order"),
    "propose_yellow": _("propose a yellow card"),
    "propose_red": _("propose a red card"),
    "next": _("take or propose the next step"),
}
WARNINGS = tuple(name for name in ACTIONS if name.startswith("warn_"))
FOR_A_CLOCK = (*WARNINGS, "issue_urge", "issue_ordinary", "propose_yellow", "propose_red")
FITTING: dict[str, tuple[str, ...]] = {
    "percent": ("light", *FOR_A_CLOCK),
    "after_due": FOR_A_CLOCK,
    "unanswered": (*WARNINGS, "next"),
}
MOST_MINUTES = 60 * 24 * 31


def amount_fits(trigger: str, amount: int) -> bool:
    """Percent from 1 to 100, minutes up to a month, nothing for an order."""
    return {"percent": 1 <= amount <= 100, "after_due": 0 <= amount <= MOST_MINUTES, "unanswered": amount == 0}[trigger]
