"""What this room keeps: who follows what by e-mail, the figures of the promises."""

from typing import ClassVar

from django.db import models

from onegrid.org.scope import SEALED, Scope


class Follower(models.Model):
    """An e-mail address that follows an area or a leaf; sealed, found by a blind index, erased when it ends."""

    WEEKLY, AT_ONCE = "weekly", "at_once"

    scope: ClassVar[Scope] = SEALED

    # The address and the token, in one seal: each message carries the link that ends it.
    sealed = models.BinaryField()
    address_index = models.BinaryField(max_length=16)
    token_hash = models.BinaryField(max_length=32)
    area = models.TextField(db_collation="C")
    category = models.TextField(db_collation="C", default="", blank=True)
    pace = models.TextField(default=WEEKLY)
    language = models.TextField(default="zh-hans")
    asked_at = models.DateTimeField()
    # How often the question "is it you?" was sent, and when last: nobody is flooded through us.
    asks = models.SmallIntegerField(default=0)
    confirmed_at = models.DateTimeField(null=True)
    # The last step of all that a message has told of.
    told_step = models.BigIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("token_hash",), name="follower_token"),
            models.UniqueConstraint(fields=("address_index", "area", "category"), name="follower_once"),
            models.CheckConstraint(condition=models.Q(pace__in=("weekly", "at_once")), name="follower_pace"),
        )
        indexes = (
            models.Index(
                fields=("pace", "id"), condition=models.Q(confirmed_at__isnull=False), name="follower_confirmed"
            ),
            models.Index(
                fields=("asked_at",), condition=models.Q(confirmed_at__isnull=True), name="follower_unconfirmed"
            ),
        )

    def __str__(self) -> str:
        return f"{self.area} {self.category} {self.pace}"


class Tally(models.Model):
    """One counted figure of a month: what (measure, reason), of which leaf, in which town; counted anew each night."""

    month = models.DateField()
    measure = models.TextField(db_collation="C")
    town = models.TextField(db_collation="C", default="", blank=True)
    category = models.TextField(db_collation="C", default="", blank=True)
    # Matters that strangers never see are counted in one line without leaf or town.
    restricted = models.BooleanField(default=False)
    reason = models.TextField(db_collation="C", default="", blank=True)
    amount = models.IntegerField()
    counted_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("month", "measure", "town", "category", "restricted", "reason"), name="tally_once"
            ),
            models.CheckConstraint(condition=models.Q(amount__gte=1), name="tally_amount"),
            models.CheckConstraint(
                condition=models.Q(restricted=False) | models.Q(town="", category="", reason=""),
                name="tally_restricted_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.measure} {self.amount}"
