"""A circular: what a centre says of a period, with figures that stand fast; its numbers, its history, who read it."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from onegrid.org.scope import Scope
from onegrid.supervision.rules.circular_life import CIRCULAR, VERBS

UNNUMBERED = ("draft", "submitted", "approved", "discarded")
# The four parts that a person writes, in the order of the paper.
SECTIONS = ("overview", "handling", "problems", "demands")


class CircularSeries(models.Model):
    """The numbers of one centre: their prefix, and the row that is locked while one of them is given."""

    scope = Scope(area="area", units=("unit_id",))

    unit = models.OneToOneField("org.Unit", on_delete=models.PROTECT, related_name="+")
    area = models.TextField(db_collation="C")
    prefix = models.TextField()

    class Meta:
        constraints = (models.CheckConstraint(condition=~models.Q(prefix=""), name="circular_series_prefix"),)

    def __str__(self) -> str:
        return self.prefix


class Circular(models.Model):
    """A bulletin over a period and a place. Its figures are counted once; a trigger keeps them as they were.

    `unit_ids` are the units it shall go to; `sent_to` those to which it went, empty until it is published.
    """

    scope = Scope(area="area", units=("unit_id",), unit_lists=("sent_to",))

    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    area = models.TextField(db_collation="C")
    place = models.TextField(db_collation="C")
    since = models.DateField()
    until = models.DateField()
    language = models.TextField(default="zh-hans")
    state = models.TextField(db_collation="C", default=CIRCULAR.start)
    made_by = models.ForeignKey("org.Posting", on_delete=models.PROTECT, related_name="+", db_index=False)
    counted_at = models.DateTimeField()
    figures = models.JSONField()
    title = models.TextField()
    overview = models.TextField(default="", blank=True)
    handling = models.TextField(default="", blank=True)
    problems = models.TextField(default="", blank=True)
    demands = models.TextField(default="", blank=True)
    unit_ids = ArrayField(models.BigIntegerField(), default=list)
    sent_to = ArrayField(models.BigIntegerField(), default=list)
    year = models.SmallIntegerField(null=True)
    n = models.IntegerField(null=True)
    number = models.TextField(default="", blank=True)
    published_at = models.DateTimeField(null=True)
    # Why it was withdrawn after it had gone out.
    reason = models.TextField(default="", blank=True)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=CIRCULAR.states()), name="circular_state_known"),
            models.CheckConstraint(condition=models.Q(since__lte=models.F("until")), name="circular_period"),
            models.UniqueConstraint(fields=("unit", "year", "n"), name="circular_number_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=UNNUMBERED, number="", n__isnull=True, published_at__isnull=True)
                | (
                    ~models.Q(state__in=UNNUMBERED)
                    & ~models.Q(number="")
                    & models.Q(n__gte=1, year__isnull=False, published_at__isnull=False)
                ),
                name="circular_published_has_number",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="withdrawn") | ~models.Q(reason=""), name="circular_withdrawn_says_why"
            ),
        )
        indexes = (
            models.Index(fields=("area", "-id"), name="circular_area"),
            GinIndex(fields=("sent_to",), name="circular_sent_to"),
        )

    def __str__(self) -> str:
        return self.number or f"{self.pk} {self.state}"

    @property
    def written(self) -> dict[str, str]:
        """The four parts by name."""
        return {name: getattr(self, name) for name in SECTIONS}

    def total(self, measure: str) -> dict[str, Any]:
        found: dict[str, Any] = self.figures["totals"][measure]
        return found


class CircularStep(models.Model):
    """One row of its history; the database refuses to change or remove it."""

    scope = Scope(through="circular")

    circular = models.ForeignKey(Circular, on_delete=models.PROTECT, related_name="steps", db_index=False)
    n = models.IntegerField()
    verb = models.TextField(db_collation="C")
    from_state = models.TextField(db_collation="C", default="", blank=True)
    to_state = models.TextField(db_collation="C")
    actor = models.ForeignKey("org.Posting", on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    words = models.TextField(default="", blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("circular", "n"), name="circular_step_order"),
            models.CheckConstraint(condition=models.Q(verb__in=("draft", *VERBS)), name="circular_step_verb"),
        )
        ordering = ("circular_id", "n")

    def __str__(self) -> str:
        return f"{self.circular_id} {self.n} {self.verb}"


class CircularReceipt(models.Model):
    """A unit to which it went, and when somebody there said that it was read."""

    scope = Scope(through="circular")

    circular = models.ForeignKey(Circular, on_delete=models.PROTECT, related_name="receipts", db_index=False)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    read_at = models.DateTimeField(null=True)
    read_by = models.ForeignKey("org.Posting", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    # When it is asked for once more, and when that was done.
    remind_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("circular", "unit"), name="circular_receipt_once"),
            models.CheckConstraint(
                condition=models.Q(read_at__isnull=True) | models.Q(read_by__isnull=False),
                name="circular_receipt_read_by",
            ),
        )
        indexes = (
            models.Index(fields=("unit",), condition=models.Q(read_at__isnull=True), name="circular_receipt_unread"),
            models.Index(
                fields=("remind_at",),
                condition=models.Q(read_at__isnull=True, reminded_at__isnull=True),
                name="circular_receipt_remind",
            ),
        )

    def __str__(self) -> str:
        return f"{self.circular_id} {self.unit_id}"
