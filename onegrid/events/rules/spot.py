"""When a matter may be finished on the spot: small, open, of a leaf that the county names, by who met it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from onegrid.kit.workflow import Guard, Refusal, Words

ORDINARY_LEVEL = 4
Case = Any
Who = Any


def own_report(event: Case, actor: Who) -> Refusal | None:
    """What somebody else reported goes the ordinary way."""
    if event.reporter_id is None or event.reporter_id != actor.posting_id:
        return Refusal("guard", _("On the spot one finishes only what one reported oneself."))
    return None


def small_and_open(event: Case, actor: Who) -> Refusal | None:
    """Never a grave matter, a sealed one, or one about an office."""
    if event.level < ORDINARY_LEVEL or event.restricted or event.about_unit_ids:
        return Refusal("guard", _("Only an ordinary matter of level 4 is finished on the spot."))
    return None


def leaf_allows(column: str, reason: Words) -> Guard:
    """The county says in its data for which leaves."""

    def guard(event: Case, actor: Who) -> Refusal | None:
        return None if event.leaf is not None and getattr(event.leaf, column) else Refusal("guard", reason)

    return guard


def was(event: Case, actor: Who) -> Refusal | None:
    return None if event.spot else Refusal("state", _("It was not finished on the spot."))


def was_not(event: Case, actor: Who) -> Refusal | None:
    return Refusal("state", _("No unit has handled it.")) if event.spot else None


def drawn(event: Case, actor: Who) -> Refusal | None:
    return None if event.sampled else Refusal("state", _("It was not drawn for a spot check."))


def no_check_waits(event: Case, actor: Who) -> Refusal | None:
    return Refusal("guard", _("A spot check still waits.")) if event.sampled else None


SPOT_LEAF = leaf_allows("on_the_spot", _("This kind of matter is not finished on the spot."))
CONSULTING_LEAF = leaf_allows("consulting", _("Only a question for advice is answered in the same call."))
# A worker where they met it; a receiver in the same call.
HERE = (own_report, small_and_open, SPOT_LEAF)
CALL = (small_and_open, CONSULTING_LEAF)
