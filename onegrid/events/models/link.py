"""A link by which a unit without an account answers one matter; only the hash of its code is kept."""

from django.db import models

from onegrid.events.models.event import Event
from onegrid.org.scope import Scope

ENDINGS = ("", "result", "revoked", "replaced", "left")


class Link(models.Model):
    """One matter, one unit, some days; it ends with the result, when it is revoked, or when the matter leaves."""

    scope = Scope(through="event")

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="links")
    area = models.TextField(db_collation="C")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    code_hash = models.BinaryField(max_length=32)
    made_by = models.ForeignKey("org.Posting", on_delete=models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("org.Posting", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    ending = models.TextField(default="", blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("code_hash",), name="link_code"),
            models.UniqueConstraint(fields=("event",), condition=models.Q(ended_at__isnull=True), name="link_one_open"),
            models.CheckConstraint(condition=models.Q(expires_at__gt=models.F("made_at")), name="link_expires"),
            models.CheckConstraint(condition=models.Q(ending__in=ENDINGS), name="link_ending"),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, ending="")
                | (models.Q(ended_at__isnull=False) & ~models.Q(ending="")),
                name="link_ended",
            ),
        )
