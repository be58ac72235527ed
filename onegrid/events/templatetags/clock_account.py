"""Words of steps and pauses for the pages of residents and staff."""

from django import template
from django.utils.translation import gettext as _

from onegrid.events import queries
from onegrid.events.models import Step
from onegrid.events.workflow import VERB_LABELS

register = template.Library()


@register.filter
def pause_reason(code: str) -> str:
    """Why a clock stood still: the coded reason in the reader's language, or the question to the reporter."""
    known = {reason.code: reason.name for reason in queries.reasons("suspend")}
    return known.get(code, code) or _("Waiting for your answer.")


@register.filter
def state_words(state: str) -> str:
    """Where it stands, as its reporter says it."""
    return {
        "reported": _("Received, not yet accepted"),
        "waiting_reporter": _("Waiting for your answer"),
        "refused": _("Not taken up"),
        "accepted": _("Accepted, being sent on"),
        "assigned": _("With the office, not yet signed for"),
        "handling": _("Being handled"),
        "suspended": _("Has to wait"),
        "checking": _("Done, being checked"),
        "rating": _("Done, waiting for your word"),
        "closed": _("Closed"),
        "archived": _("Closed and archived"),
        "void": _("Ended"),
    }[state]


@register.filter
def step_words(step: Step) -> str:
    """What happened, as the reporter says it."""
    words = {
        "report": _("You reported it"),
        "join": _("Somebody else reported it too"),
        "accept": _("Accepted"),
        "ask": _("A question to you"),
        "answer": _("You answered") if step.actor_kind == "reporter" else _("No answer came; it goes on as it is"),
        "refuse": _("Not taken up"),
        "review": _("You asked for a review"),
        "dispatch": _("Sent to the office that has to act"),
        "claim": _("Signed for"),
        "object": _("Came back to the centre: not theirs"),
        "extend": _("More time was granted"),
        "suspend": _("Has to wait"),
        "resume": _("Work goes on"),
        "resolve": _("Done, waiting for the check"),
        "pass_check": _("Checked by somebody else"),
        "redo": _("Sent back by the check"),
        "rate": _("You rated it"),
        "close": _("Closed without a rating"),
        "reopen": _("Being handled again"),
        "void": _("Ended"),
        "withdraw": _("You took it back"),
        "tell": _("Message to you"),
        "place": _("The place was put right"),
    }
    return words.get(step.verb, str(VERB_LABELS.get(step.verb, step.verb)))


@register.filter
def reason_name(code: str, verb: str) -> str:
    """A coded reason in the reader's language."""
    return next((reason.name for reason in queries.reasons(verb) if reason.code == code), code)
