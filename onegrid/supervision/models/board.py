"""What a centre puts up for everybody who works in its area, from day to day."""

from django.db import models

from onegrid.org.scope import Scope


class BoardNotice(models.Model):
    """One paper on the notice board; nobody answers on it."""

    scope = Scope(place="area")

    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    area = models.TextField(db_collation="C")
    title = models.TextField()
    words = models.TextField()
    since = models.DateField()
    until = models.DateField()
    pinned = models.BooleanField(default=False)
    circular = models.ForeignKey(
        "supervision.Circular", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    made_by = models.ForeignKey("org.Posting", on_delete=models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    taken_down_at = models.DateTimeField(null=True)
    taken_down_by = models.ForeignKey(
        "org.Posting", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(since__lte=models.F("until")), name="board_notice_days"),
            models.CheckConstraint(
                condition=models.Q(taken_down_at__isnull=True, taken_down_by__isnull=True)
                | models.Q(taken_down_at__isnull=False, taken_down_by__isnull=False),
                name="board_notice_taken_down",
            ),
        )
        indexes = (
            models.Index(
                fields=("area", "until"), condition=models.Q(taken_down_at__isnull=True), name="board_notice_up"
            ),
        )

    def __str__(self) -> str:
        return self.title
