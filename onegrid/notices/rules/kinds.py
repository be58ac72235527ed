"""The groups in which a person chooses what to hear by which way; every kind of message to staff is in one."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

GROUPS: dict[str, str | Promise] = {
    "urgent": _("Urgent matters: at once, also in quiet hours"),
    "work": _("New work for my unit"),
    "decide": _("Something waits for my decision"),
    "remind": _("Reminders before and after a limit"),
}
DECIDED = frozenset({"to_decide", "climbed", "reviewed"})
# Of an event and of a part alike.
REMINDERS = ("_day_before", "_most_used", "_expired", "_day_after")


def group_of(kind: str, *, urgent: bool) -> str:
    """What is urgent is that and nothing else."""
    if urgent:
        return "urgent"
    if kind.endswith(REMINDERS):
        return "remind"
    return "decide" if kind in DECIDED else "work"
