"""A re-division: grids divided anew from a day on; its changes with the land before and after; its history."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from onegrid.org.scope import Scope
from onegrid.territory.rules.drafting import Made
from onegrid.territory.rules.redivision_life import REDIVISION, VERBS

KINDS = ("split", "merge", "draw", "redraw", "move", "change", "special", "end")
# Nothing is decided yet, or it never comes into effect.
BEFORE = ("draft", "submitted")


class Redivision(models.Model):
    """What a county changes of its grids at once; until its day the grids are as they were."""

    scope = Scope(area="area", units=("unit_id",))

    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    area = models.TextField(db_collation="C")
    title = models.TextField()
    reason = models.TextField()
    effective_on = models.DateField()
    state = models.TextField(db_collation="C", default=REDIVISION.start)
    made_by = models.ForeignKey("org.Posting", on_delete=models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    # The grids whose code ends or whose land changes, known from approval on: two approved ones never share one.
    touches = ArrayField(models.TextField(db_collation="C"), default=list)
    # New keys of the draft ("n1") and the codes that they got on the day.
    codes = models.JSONField(default=dict)
    applied_at = models.DateTimeField(null=True)
    moved = models.IntegerField(default=0)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=REDIVISION.states()), name="redivision_state_known"),
            models.CheckConstraint(
                condition=models.Q(state="effective", applied_at__isnull=False)
                | (~models.Q(state="effective") & models.Q(applied_at__isnull=True)),
                name="redivision_effective_applied",
            ),
        )
        indexes = (
            models.Index(fields=("effective_on",), condition=models.Q(state="approved"), name="redivision_to_apply"),
            models.Index(
                fields=("applied_at",), condition=models.Q(applied_at__isnull=False), name="redivision_applied"
            ),
            models.Index(fields=("area", "-id"), name="redivision_area"),
        )

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"


class Change(models.Model):
    """One deed of a draft: what was asked, and the grids before and after it, outlines and all."""

    scope = Scope(through="redivision")

    redivision = models.ForeignKey(Redivision, on_delete=models.PROTECT, related_name="changes", db_index=False)
    n = models.IntegerField()
    kind = models.TextField(db_collation="C")
    asked = models.JSONField()
    before = models.JSONField()
    after = models.JSONField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("redivision", "n"), name="redivision_change_order"),
            models.CheckConstraint(condition=models.Q(kind__in=KINDS), name="redivision_change_kind"),
        )
        ordering = ("redivision_id", "n")

    def __str__(self) -> str:
        return f"{self.redivision_id} {self.n} {self.kind}"

    @property
    def made(self) -> Made:
        return Made(self.before, self.after)


class RedivisionStep(models.Model):
    """One row of its history; the database refuses to change or remove it. Without an actor the house did it."""

    scope = Scope(through="redivision")

    redivision = models.ForeignKey(Redivision, on_delete=models.PROTECT, related_name="steps", db_index=False)
    n = models.IntegerField()
    verb = models.TextField(db_collation="C")
    from_state = models.TextField(db_collation="C", default="", blank=True)
    to_state = models.TextField(db_collation="C")
    actor = models.ForeignKey("org.Posting", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    words = models.TextField(default="", blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("redivision", "n"), name="redivision_step_order"),
            models.CheckConstraint(condition=models.Q(verb__in=("begin", *VERBS)), name="redivision_step_verb"),
        )
        ordering = ("redivision_id", "n")

    def __str__(self) -> str:
        return f"{self.redivision_id} {self.n} {self.verb}"
