"""A sealed matter shown to one posting for a while: asked for with a purpose, decided by a leader."""

from django.db import models

from onegrid.events.models.event import Event
from onegrid.org.scope import SEALED


class Viewing(models.Model):
    """Asked for by number; without an event nothing may be shown under it, and whoever asked does not learn that.

    A grant ends by the clock when it is read (`until`), or earlier by a person (`ended_at`).
    """

    scope = SEALED

    event = models.ForeignKey(Event, null=True, on_delete=models.PROTECT, related_name="viewings")
    number = models.TextField(db_collation="C")
    asked_by = models.ForeignKey("org.Posting", on_delete=models.PROTECT, related_name="+", db_index=False)
    purpose = models.TextField(default="", blank=True)
    hours = models.SmallIntegerField()
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    decided_by = models.ForeignKey("org.Posting", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)
    granted = models.BooleanField(null=True)
    words = models.TextField(default="", blank=True)
    until = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("org.Posting", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    ended_at = models.DateTimeField(null=True)
    looks = models.IntegerField(default=0)
    looked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(hours__gte=1, hours__lte=168), name="viewing_seven_days"),
            models.CheckConstraint(
                condition=models.Q(decided_at__isnull=True, decided_by__isnull=True, granted__isnull=True)
                | models.Q(decided_at__isnull=False, decided_by__isnull=False, granted__isnull=False),
                name="viewing_decided_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(granted=True, until__isnull=False, event__isnull=False)
                | (~models.Q(granted=True) & models.Q(until__isnull=True, ended_at__isnull=True, looks=0))
                | models.Q(granted__isnull=True, until__isnull=True, ended_at__isnull=True, looks=0),
                name="viewing_until_granted",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("asked_by")),
                name="viewing_two_persons",
            ),
        )
        indexes = (
            models.Index(fields=("asked_by", "-asked_at"), name="viewing_own"),
            models.Index(fields=("due_at",), condition=models.Q(decided_at__isnull=True), name="viewing_waits"),
        )
