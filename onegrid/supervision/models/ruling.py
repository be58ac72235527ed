"""Whose a matter is when units do not agree: a ruling, and the precedent that others learn from it."""

from django.db import models

from onegrid.events.models import Event, Request
from onegrid.org.scope import Scope
from onegrid.supervision.rules.ruling_life import RULING, STATES

RULED = models.Q(unit__isnull=False, ruled_by__isnull=False, ruled_at__isnull=False, step_n__isnull=False)
UNRULED = models.Q(unit__isnull=True, ruled_by__isnull=True, ruled_at__isnull=True, step_n__isnull=True)


class Ruling(models.Model):
    """A second objection that the leader decides; its words stand in a step of the matter and nowhere here."""

    scope = Scope(through="event")

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="rulings")
    request = models.OneToOneField(Request, on_delete=models.PROTECT, related_name="ruling")
    state = models.TextField(db_collation="C", default=RULING.start)
    opened_at = models.DateTimeField()
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    ruled_by = models.ForeignKey("org.Posting", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    ruled_at = models.DateTimeField(null=True)
    # The step in which the leader's reason stands: sealed, kept and erased with the matter.
    step_n = models.IntegerField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=STATES), name="ruling_state"),
            models.CheckConstraint(
                condition=(models.Q(state="ruled") & RULED) | (~models.Q(state="ruled") & UNRULED),
                name="ruling_ruled_by_somebody",
            ),
        )
        indexes = (models.Index(fields=("opened_at",), condition=models.Q(state="waiting"), name="ruling_waiting"),)

    @property
    def owner_id(self) -> int:
        """The centre whose leader rules: whoever holds the matter now."""
        return self.event.owner_id

    @property
    def label(self) -> str:
        return str(RULING.labels[self.state])


class Precedent(models.Model):
    """In this place matters of this leaf are this unit's, and why; written for all, it says nothing of the matter."""

    scope = Scope(place="area")

    ruling = models.OneToOneField(Ruling, on_delete=models.PROTECT, related_name="precedent")
    area = models.TextField(db_collation="C")
    category = models.TextField(db_collation="C")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    centre = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    reason = models.TextField()
    basis = models.TextField(default="", blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("org.Posting", on_delete=models.PROTECT, related_name="+", db_index=False)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        "org.Posting", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    withdrawn_why = models.TextField(default="", blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~models.Q(reason=""), name="precedent_has_reason"),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_why="")
                | (models.Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~models.Q(withdrawn_why="")),
                name="precedent_withdrawn_with_reason",
            ),
        )
        indexes = (models.Index(fields=("category", "area"), name="precedent_leaf_place"),)
