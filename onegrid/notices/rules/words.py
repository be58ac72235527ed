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
    "plan": _("On %(number)s a response plan was applied. Please look at the matter."),
    "to_rule": _("On %(number)s a second objection waits for your ruling: whose matter is it?"),
    "climbed": _("On %(number)s a request was not decided in time and has come to you."),
    "denied": _("What you asked for on %(number)s was not granted."),
    "view_to_decide": _("Somebody asks to be shown the sealed matter %(number)s for a while. Decide by %(due)s."),
    "view_granted": _("You may read %(number)s until %(due)s. Each look is kept."),
    "escalated": _("%(number)s was sent up to your centre. It is yours from now on."),
    "placed": _("The place of %(number)s was put right. Please look where it is now."),
    "handed_over": _("%(number)s lies in your area and was handed to your centre. It is yours from now on."),
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
    # to staff, about tasks
    "task_to_do": _("A task for you or your unit, to be done by %(due)s. It stands under Supervision. %(number)s"),
    "task_sent_back": _("A task was sent back and is to be done by %(due)s. It stands under Supervision. %(number)s"),
    "task_cancelled": _("A task was cancelled. It stands under Supervision. %(number)s"),
    "task_reported": _("A task that you gave was reported as done and waits for you. %(number)s"),
    "task_day_before": _("A task is due tomorrow: %(due)s. %(number)s"),
    "task_expired": _("A task is due now. %(number)s"),
    "task_climbed": _("A task was not done in time and has come to you as leader. %(number)s"),
    "circular": _("The circular %(what)s was sent to your unit. Please confirm that it was read."),
    "circular_withdrawn": _("The circular %(what)s was withdrawn. The reason stands on its page."),
    "circular_unread": _("Nobody of your unit has confirmed yet that the circular %(what)s was read."),
    # to staff, about the duty roster of their unit
    "rostered": _("You were put on the duty roster of your unit. Your first new shift begins on %(due)s."),
    "shift_withdrawn": _("Your shift on the duty roster that begins on %(due)s was withdrawn."),
    "swap_asked": _("A colleague asks you to take the shift on the duty roster that begins on %(due)s."),
    "swap_agreed": _("The swap is agreed: the shift that begins on %(due)s has changed hands."),
    "swap_declined": _("Your colleague does not take the shift that begins on %(due)s; it stays yours."),
    "shift_uncovered": _("Somebody will be away: from %(due)s a shift on the duty roster is uncovered."),
    "gap_ahead": _("From %(due)s no duty leader is on the roster of your centre. Please fill it."),
    "gap_now": _(
        "Since %(due)s no duty leader is on duty at your centre by the roster. Please put somebody on it now; "
        "until then what is grave calls the standing list."
    ),
    "shift_ahead": _("You are on duty from %(due)s. If you cannot be, say so on the roster."),
    "order_issued": _("An order of supervision on %(number)s: please reply by %(due)s."),
    "order_back": _("Your reply to the order on %(number)s was sent back. Please reply again by %(due)s."),
    "order_replied": _("A reply to an order on %(number)s came and waits for your judgement."),
    "rule_warns": _("%(number)s needs attention: due %(due)s."),
    "rule_proposes": _("On %(number)s a rule proposes a higher order; please decide."),
    "order_unanswered": _("An order on %(number)s was not answered by %(due)s."),
    # to staff, about hard matters
    "hard_in_charge": _(
        "%(number)s stands on the list of hard matters. You are in charge; look at it again by %(due)s."
    ),
    "hard_review_expired": _("%(number)s, on the list of hard matters, is to be reviewed now."),
    "hard_climbed": _("%(number)s, on the list of hard matters, was not reviewed in time."),
    # to staff, about joint work on a place
    "place_to_approve": _("The joint work “%(what)s” waits for your approval until %(due)s."),
    "place_called": _("Your unit takes part in the joint work “%(what)s”, which lasts until %(due)s."),
    "place_extended": _("The joint work “%(what)s” was extended and lasts until %(due)s."),
    "place_to_close": _("The joint work “%(what)s” was summed up and waits for you until %(due)s."),
    "place_back": _("The joint work “%(what)s” goes on. What is missing stands on its page."),
    "place_ended": _("The joint work “%(what)s” has ended. How stands on its page."),
    "place_ahead": _("The joint work “%(what)s” ends on %(due)s. Sum it up by then, or ask for more time."),
    "place_expired": _("The term of the joint work “%(what)s” is over. Please sum it up, or ask for more time."),
    "place_climbed": _("The joint work “%(what)s” is over its term and was not summed up."),
    "place_undecided": _("The joint work “%(what)s” has waited for a leader's decision since %(due)s."),
    # to staff, about grids divided anew
    "redivision_to_approve": _("The re-division “%(what)s” waits for your approval. It is to take effect on %(due)s."),
    "redivision_approved": _("The re-division “%(what)s” was approved. It takes effect on %(due)s."),
    "redivision_back": _("The re-division “%(what)s” was sent back. The reason stands on its page."),
    "redivision_withdrawn": _("The re-division “%(what)s” was withdrawn."),
    "redivision_undone": _("The re-division “%(what)s” was undone before its date. The reason stands on its page."),
    "redivision_effective": _("The re-division “%(what)s” took effect on %(due)s."),
    "redivision_lapsed": _("The re-division “%(what)s” did not take effect. The reason stands on its page."),
    "grid_now": _("The grids were divided anew. From now on you work in: %(what)s."),
    "grid_lost": _("The grids were divided anew. You no longer work in: %(what)s."),
    "redivision_idle": _("After the re-division “%(what)s” somebody has no grid any more; who, stands on its page."),
    "redivision_left": _("After the re-division “%(what)s” something still names an ended grid; see its page."),
    # to staff, about meetings
    "meeting_called": _("Your unit is called to a meeting: %(due)s. Place and agenda stand under Supervision."),
    "meeting_cancelled": _("The meeting of %(due)s does not take place. The reason stands under Supervision."),
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
