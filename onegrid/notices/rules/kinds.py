"""The groups in which a person chooses what to hear by which way; every kind of message to staff is in one."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

GROUPS: dict[str, str | Promise] = {
    "urgent": _("Urgent matters: at once, also in quiet hours"),
    "work": _("New work for my unit"),
    "decide": _("Something waits for my decision"),
    "remind": _("Reminders before and after a limit"),
}
DECIDED = frozenset({
    "to_decide", "to_rule", "climbed", "reviewed", "task_reported", "task_climbed", "hard_climbed", "order_replied",
    "rule_proposes", "swap_asked", "place_to_approve", "place_to_close", "place_climbed", "place_undecided",
    "redivision_to_approve",
})  # fmt: skip
# Of an event and of a part alike; `_ahead` of a shift.
REMINDERS = ("_day_before", "_most_used", "_expired", "_day_after", "_unread", "_ahead")


# Where a message leads that does not lead to its matter: the beginning of its kind, the name of an address, and which
# of its arguments that address takes. Names only: the rooms above are known here by address and not by import.
PAGES = (
    ("roster", "supervision:roster", ""), ("shift_", "supervision:roster", ""), ("swap_", "supervision:roster", ""),
    ("gap_", "supervision:roster", ""), ("task_", "supervision:tasks", ""), ("meeting_", "supervision:meetings", ""),
    ("circular", "supervision:circulars", ""), ("place_", "supervision:place_work", "work"),
    ("redivision_", "territory:redivision", "redivision"), ("grid_", "org:me", ""),
    ("view_granted", "events:views", ""), ("view_to_decide", "lead:lead", ""),
)  # fmt: skip
# About a matter, but not leading to its page: for one reader it is not there, the other decides elsewhere.
ELSEWHERE = frozenset({"view_granted", "view_to_decide"})


def page_of(kind: str) -> tuple[str, str]:
    """The name of the address to which a message of this kind leads, and the argument; empty where there is none."""
    return next(((page, argument) for beginning, page, argument in PAGES if kind.startswith(beginning)), ("", ""))


def group_of(kind: str, *, urgent: bool) -> str:
    """What is urgent is that and nothing else."""
    if urgent:
        return "urgent"
    if kind.endswith(REMINDERS):
        return "remind"
    return "decide" if kind in DECIDED else "work"
