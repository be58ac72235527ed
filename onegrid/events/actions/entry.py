"""What staff take in for somebody: a further voice on what they may see, or a matter that is finished at once."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from onegrid.events.actions import life, reporting, taking
from onegrid.events.actions.reporting import Reported
from onegrid.events.workflow import EVENT
from onegrid.kit.images import Picture
from onegrid.kit.workflow import NotAllowed, Refusal, allowed
from onegrid.org.roles import Actor


@transaction.atomic
def add_voice(*, actor: Actor, number: str, **said: Any) -> Reported:
    """The same matter, told once more: a voice of its own with its own receipt; raises Event.DoesNotExist unseen."""
    event = life.lock(actor, number)
    if not event.is_open:
        raise NotAllowed(Refusal("state", _("It has ended; take it in as a new matter.")))
    return reporting.join(actor=actor, number=number, **said)


@transaction.atomic
def report_finished(
    *, actor: Actor, result: str, article: str = "", after: Iterable[Picture] = (), **said: Any
) -> Reported:
    """Reported and finished in one go: done where it was met, or answered in the same call.

    `pictures` show it before, `after` afterwards. Raises NotGiven or NotAllowed: then nothing was written.
    """
    made = reporting.report(actor=actor, **said)
    # Before it is looked up again: what reads like a sealed matter is not even seen by the worker.
    allowed(EVENT.may("finish_on_the_spot", made.event, actor))
    given = {"result": result, **({"article": article} if article else {})}
    event = taking.take(actor=actor, number=made.number, verb="finish_on_the_spot", given=given, photos=after)
    return replace(made, event=event, promised_by=None)
