"""What is to happen for a kind of matter: a plan with its lines, and the plan as it was applied to one matter."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from onegrid.events.models import Event
from onegrid.org.scope import Scope

KINDS = ("assist", "tell", "step")
OUTCOMES = ("done", "refused", "open")
# An assisting unit has a task, a step has words, and somebody is told in a role.
WHOLE = (
    (models.Q(kind="assist", unit__isnull=False) & ~models.Q(words=""))
    | (models.Q(kind="tell") & ~models.Q(role=""))
    | (models.Q(kind="step") & ~models.Q(words=""))
)  # fmt: skip


class Plan(models.Model):
    """By kind of matter, level and place; about matters, never about persons. The finest that fits is offered."""

    scope = Scope(place="area")

    centre = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    area = models.TextField(db_collation="C")
    category = models.TextField(db_collation="C", default="", blank=True)
    levels = ArrayField(models.SmallIntegerField())
    name = models.TextField()
    active = models.BooleanField(default=True)
    version = models.IntegerField(default=1)
    kept_by = models.ForeignKey("org.Posting", on_delete=models.PROTECT, related_name="+", db_index=False)
    kept_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~models.Q(name=""), name="plan_name"),
            models.CheckConstraint(condition=models.Q(levels__contained_by=[1, 2, 3, 4]), name="plan_levels_known"),
            models.CheckConstraint(condition=~models.Q(levels=[]), name="plan_levels_some"),
        )
        indexes = (models.Index(fields=("area", "category"), condition=models.Q(active=True), name="plan_fit"),)

    def __str__(self) -> str:
        return self.name


class Line(models.Model):
    """What a line of a plan says, and the same where it was applied."""

    n = models.SmallIntegerField()
    kind = models.TextField(db_collation="C")
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    role = models.TextField(db_collation="C", default="", blank=True)
    words = models.TextField(default="", blank=True)
    days = models.SmallIntegerField(null=True)

    class Meta:
        abstract = True


class PlanLine(Line):
    """A unit that assists with a task, somebody who is told, or a first step; without a unit, the matter's centre."""

    scope = Scope(through="plan")

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="lines", db_index=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("plan", "n"), name="plan_line_once"),
            models.CheckConstraint(condition=WHOLE, name="plan_line_whole"),
        )
        ordering = ("plan", "n")


class AppliedPlan(models.Model):
    """A plan as it was when it was applied to a matter, once."""

    scope = Scope(through="event")

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="plans", db_index=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+", db_index=False)
    plan_version = models.IntegerField()
    name = models.TextField()
    applied_by = models.ForeignKey("org.Posting", on_delete=models.PROTECT, related_name="+", db_index=False)
    applied_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("event", "plan"), name="applied_plan_once"),)


class AppliedLine(Line):
    """What became of a line: done, refused and why, or a step that is still open. A tick can be taken back."""

    scope = Scope(through="applied")

    applied = models.ForeignKey(AppliedPlan, on_delete=models.PROTECT, related_name="lines", db_index=False)
    outcome = models.TextField(db_collation="C")
    # The refusal as the sentence that is translated for each reader.
    why = models.TextField(default="", blank=True)
    done_by = models.ForeignKey("org.Posting", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    done_at = models.DateTimeField(null=True)
    # Who took a tick back, and when: the last time that it happened.
    undone_by = models.ForeignKey("org.Posting", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("applied", "n"), name="applied_line_once"),
            models.CheckConstraint(condition=WHOLE, name="applied_line_whole"),
            models.CheckConstraint(
                condition=models.Q(outcome="refused", kind__in=("assist", "tell"), done_at__isnull=True)
                & ~models.Q(why="")
                | models.Q(outcome="done", why="", done_at__isnull=False, done_by__isnull=False)
                | models.Q(outcome="open", why="", kind="step", done_at__isnull=True, done_by__isnull=True),
                name="applied_line_outcome",
            ),
        )
        ordering = ("applied", "n")
