"""When a matter was erased, the words that this room kept on it go as well; who did what when stays."""

from django.db import transaction

from onegrid.supervision.models import HardCase, HardStep, Instruction, Task, TaskStep
from onegrid.supervision.models.sealed import Worded

# How each table leads to its matter.
WAYS: tuple[tuple[type[Worded], str], ...] = (
    (Instruction, "event"),
    (Task, "event"),
    (TaskStep, "task__event"),
    (HardCase, "event"),
    (HardStep, "case__event"),
)


@transaction.atomic
def forget_words() -> int:
    """Safe to run at any time; how many rows lost their words."""
    return sum(
        model._default_manager.filter(
            pk__in=model._default_manager.filter(**{f"{way}__erased_at__isnull": False}).values("pk"),
            words_sealed__isnull=False,
        ).update(words_sealed=None)
        for model, way in WAYS
    )
