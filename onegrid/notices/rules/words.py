"""The words of every kind of message; plain, short, without names of persons and without a resident's words."""

from dataclasses import dataclass, field
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

WORDS: dict[str, str | Promise] = {
    # to the reporter
    "accept": _("Your report %(number)s was accepted. To be done by %(promised)s."),
    "ask": _("We have a question about your report %(number)s. Please open your receipt to answer."),
    "refuse": _(
        "Your report %(number)s cannot be taken up. The reason and the way open to you are on your receipt page."
    ),
    "extend": _("More time was granted for %(number)s. New promise: %(promised)s."),
    "suspend": _("%(number)s has to wait. The reason is on your receipt page."),
    "resume": _("Work on %(number)s goes on. Promise: %(promised)s."),
    "pass_check": _("%(number)s was done and checked. Is it solved? Please tell us on your receipt page."),
    "close": _("%(number)s is closed."),
    "reopen": _("%(number)s is being worked on again. Promise: %(promised)s."),
    "void": _("%(number)s was ended. The reason is on your receipt page."),
    "tell": _("There is a message for you about %(number)s on your receipt page."),
    "take_over": _("%(number)s was handed to the competent body, which works on it by its own law."),
    "merge": _("%(number)s is the same matter as another report. Both go on together; you are told what comes of it."),
    "done_at_once": _("%(number)s was dealt with at once. What was done or answered is on your receipt page."),
    "part": _("Your report has its own number %(number)s again."),
    # to staff
    "to_claim": _("%(number)s was sent to your unit. Sign for it by %(due)s."),
    "to_decide": _("On %(number)s something was asked for and waits for your decision."),
    "climbed": _("On %(number)s a request was not decided in time and has come to you."),
    "denied": _("What you asked for on %(number)s was not granted."),
    "escalated": _("%(number)s was sent up to your centre. It is yours from now on."),
    "part_to_claim": _("Your unit is asked to assist with %(number)s. Please sign for your part."),
    "part_done": _("On %(number)s an assisting unit has handed in its part."),
    "part_redo": _("Your part of %(number)s was sent back."),
    "part_ended": _("Your part of %(number)s has ended."),
    "part_day_before": _("Your part of %(number)s is due tomorrow."),
    "part_most_used": _("Your part of %(number)s: four fifths of the time are used."),
    "part_expired": _("A part of %(number)s is due now."),
    "part_day_after": _("A part of %(number)s has been overdue for a working day."),
    "returned": _("%(number)s came back: the objection was upheld."),
    "redo": _("%(number)s was sent back by the check."),
    "reopened": _("%(number)s was reopened: not solved."),
    "to_check": _("%(number)s was handed in and waits for the check."),
    "reviewed": _("On %(number)s a review of the refusal was asked for."),
    "answered": _("On %(number)s the reporter has answered."),
    "urgent": _("Level %(level)s: %(number)s was reported. Accept it by %(due)s."),
    "question": _("On %(number)s the unit asks you something by its link."),
    "alert": _("Level %(level)s: %(number)s. You are on call: please acknowledge it now."),
    "unheard": _("Level %(level)s: nobody on call has acknowledged %(number)s; the list begins again."),
    "nobody_on_call": _("Level %(level)s: nobody is on call for %(number)s. Please reach a leader yourselves."),
    "remind_day_before": _("%(number)s is due tomorrow: %(due)s."),
    "remind_most_used": _("%(number)s: four fifths of the time are used. Due %(due)s."),
    "remind_expired": _("%(number)s is due now."),
    "remind_day_after": _("%(number)s has been overdue for a working day."),
    # to who follows by mail
    "follow_confirm": _(
        "Somebody asked OneGrid to write here about: %(what)s. To begin, open %(link)s%(secret)s\n\n"
        "If it was not you, do nothing: this address is erased in three days."
    ),
    "follow_news": _(
        "New in what you follow (%(what)s):\n\n%(lines)s\n\n"
        "The whole public list: %(page)s\nTo see what you follow or to end it: %(link)s%(secret)s"
    ),
    "address_kept": _("From now on OneGrid sends notices here. If you did not ask for it, tell your administrator."),
}

WAY_LABELS: dict[str, str | Promise] = {
    "in_app": _("In OneGrid"),
    "console": _("Log of the demonstration"),
    "sms": _("Text message"),
    "mail": _("Mail"),
}
STATE_LABELS: dict[str, str | Promise] = {
    "queued": _("waits to be sent"),
    "bundled": _("said in one with others"),
    "sending": _("being sent"),
    "sent": _("handed over"),
    "delivered": _("arrived"),
    "unknown": _("unknown whether it arrived"),
    "undelivered": _("did not arrive"),
    "failed": _("not taken by the provider"),
}

# What messages to followers may name besides.
FOLLOWING = ("what", "lines", "page", "link", "secret")


@dataclass(frozen=True)
class Envelope:
    """What an adapter needs to know; `reference` is the same at every attempt."""

    kind: str
    number: str
    receiver: str
    text: str
    reference: str
    address: str = ""
    language: str = "zh-hans"
    args: dict[str, Any] = field(default_factory=dict)


def text_of(kind: str, number: str, args: dict[str, Any], language: str) -> str:
    """The sentence in the reader's language; raises KeyError for an unknown kind."""
    with translation.override(language):
        return str(WORDS[kind]) % given(number, args)


def given(number: str, args: dict[str, Any]) -> dict[str, Any]:
    """Every name that a sentence or a provider's template may use."""
    return {"number": number, "promised": "", "due": "", "level": "", **dict.fromkeys(FOLLOWING, ""), **args}


def bundle_of(count: int, since: str, first: str, language: str) -> str:
    """One sentence for many of a kind that came in a storm."""
    with translation.override(language):
        words = ngettext(
            "%(count)s more notice of this kind since %(since)s, the first: %(first)s",
            "%(count)s more notices of this kind since %(since)s, the first: %(first)s",
            count,
        )
        return words % {"count": count, "since": since, "first": first}
