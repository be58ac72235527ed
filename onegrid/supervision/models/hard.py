"""The list of hard matters: what is missing, which way is next, who is in charge, when it is reviewed."""

from django.db import models

from onegrid.events.models import Event
from onegrid.org.scope import Scope
from onegrid.supervision.models.sealed import Worded
from onegrid.supervision.rules.hard_ways import OUTCOMES, STEP_LABELS, WAYS

ON_THE_LIST = models.Q(ended_at__isnull=True)


class HardCase(Worded):
    """A matter (never a person) that the usual way has not ended; its sealed words say what is missing."""

    scope = Scope(through="event")

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")
    centre = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    put_at = models.DateTimeField()
    way = models.TextField(db_collation="C")
    review_at = models.DateTimeField()
    # The leader in charge, and since when.
    lead = models.ForeignKey("org.Posting", on_delete=models.PROTECT, related_name="+", db_index=False)
    lead_since = models.DateTimeField()
    # How many of the moments of a review were told, and when the next one is.
    reminded = models.SmallIntegerField(default=0)
    remind_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.TextField(default="", blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("event",), condition=ON_THE_LIST, name="hard_case_once"),
            models.CheckConstraint(condition=models.Q(way__in=tuple(WAYS)), name="hard_case_way"),
            models.CheckConstraint(condition=models.Q(outcome__in=OUTCOMES), name="hard_case_outcome"),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, outcome="")
                | (models.Q(ended_at__isnull=False, remind_at__isnull=True) & ~models.Q(outcome="")),
                name="hard_case_ended",
            ),
        )
        indexes = (
            models.Index(fields=("review_at", "id"), condition=ON_THE_LIST, name="hard_case_review"),
            models.Index(fields=("remind_at",), condition=models.Q(remind_at__isnull=False), name="hard_case_remind"),
        )

    def seal_name(self) -> str:
        return f"hard:{self.event_id}:{self.put_at.isoformat()}"


class HardStep(Worded):
    """One row of its history: who, when, what was said, which way next; the database refuses change and removal."""

    scope = Scope(through="case")

    case = models.ForeignKey(HardCase, on_delete=models.PROTECT, related_name="steps")
    n = models.SmallIntegerField()
    verb = models.TextField(db_collation="C")
    actor = models.ForeignKey("org.Posting", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    way = models.TextField(db_collation="C")
    review_at = models.DateTimeField()
    lead = models.ForeignKey("org.Posting", on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("case", "n"), name="hard_step_order"),
            models.CheckConstraint(condition=models.Q(verb__in=tuple(STEP_LABELS)), name="hard_step_verb"),
        )
        ordering = ("case", "n")

    def seal_name(self) -> str:
        return f"hard.step:{self.case_id}:{self.n}"
