"""The one table of this room: how much an address has asked for in this window; kept for a day at most (R42)."""

from typing import ClassVar

from django.db import models

from onegrid.org.scope import SEALED, Scope


class Throttle(models.Model):
    """A keyed hash of an address, what it asked for, in which window of ten minutes, how often."""

    scope: ClassVar[Scope] = SEALED

    address_hash = models.BinaryField(max_length=32)
    kind = models.TextField(db_collation="C")
    window = models.DateTimeField()
    spent = models.IntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("address_hash", "kind", "window"), name="throttle_window"),
            models.CheckConstraint(condition=models.Q(spent__gte=1), name="throttle_spent"),
        )
        indexes = (models.Index(fields=("window",), name="throttle_old"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.window:%F %T} {self.spent}"
