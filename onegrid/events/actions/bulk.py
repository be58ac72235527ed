"""One verb on many events: through the same actions, one by one, each a transaction of its own, each done once."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from onegrid.events import queries
from onegrid.events.actions import life
from onegrid.events.actions.given import NotGiven
from onegrid.events.actions.requests import ask_for
from onegrid.events.models import Event
from onegrid.kit.workflow import NotAllowed, Refusal
from onegrid.org import actions as org
from onegrid.org.roles import Actor


@dataclass(frozen=True)
class Chosen:
    """One row of the selection as it was previewed: the version that was read, and the unit that the rule gave."""

    number: str
    version: int
    unit: str = ""


@dataclass(frozen=True)
class Outcome:
    """Done, or why not; `again`: it had been done before under the same key."""

    number: str
    done: bool
    why: str = ""
    again: bool = False


def take_each(*, actor: Actor, verb: str, chosen: list[Chosen], given: dict[str, Any], key: str) -> list[Outcome]:
    """Every row gets its own outcome; a second call with the same key does nothing twice."""
    return [take_one(actor, verb, one, given, key) for one in chosen[: queries.BULK_MOST]]


def take_one(actor: Actor, verb: str, one: Chosen, given: dict[str, Any], key: str) -> Outcome:
    said = {**given, "unit": one.unit} if verb == "dispatch" else given
    try:
        _status, _body, again = org.answer_once(
            actor_key=actor.key, key=f"{key}:{one.number}",
            fingerprint=org.fingerprint("bulk", verb, one.number, one.version, said),
            produce=lambda: deed(actor, verb, one, said),
        )  # fmt: skip
    except Event.DoesNotExist:
        return Outcome(one.number, False, _("It is not there for you."))
    except life.Stale as stale:
        return Outcome(one.number, False, str(stale))
    except NotAllowed as refused:
        return Outcome(one.number, False, str(refused.refusal.reason))
    except NotGiven as missing:
        return Outcome(one.number, False, " ".join(missing.fields.values()))
    except (org.InFlight, org.KeyReused):
        return Outcome(one.number, False, _("It is being done right now; look at the event."))
    return Outcome(one.number, True, again=again)


def deed(actor: Actor, verb: str, one: Chosen, given: dict[str, Any]) -> org.Answer:
    (prospect,) = queries.prospects(actor, verb, [one.number])
    if prospect.event is not None and prospect.event.restricted:
        raise NotAllowed(Refusal("guard", prospect.why))
    if verb == "void":
        ask_for(actor=actor, number=one.number, kind="void", version=one.version, given=given)
    else:
        life.take(actor=actor, number=one.number, verb=verb, version=one.version, given=given)
    return 200, {"number": one.number}
