"""Joint work on a place: what is wrong there, who does what about it, from when until when."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from onegrid.org.scope import Scope
from onegrid.supervision.rules.place_life import DONE_LABELS, LIVE, PLACE_WORK

MOST_METRES = 1000
ENDED = models.Q(ended_at__isnull=False)


class PlaceWork(models.Model):
    """Work of several units on an area or around a named point, never on persons; `area` is where it lies.

    Its words are read by every unit of the work: no matter is told in them. `unit_ids` holds the leading unit too.
    """

    scope = Scope(area="area", units=("centre_id",), unit_lists=("unit_ids",))

    title = models.TextField()
    problem = models.TextField()
    plan = models.TextField()
    area = models.TextField(db_collation="C")
    # A point with so many metres around it; without them the place is the whole area.
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    radius = models.SmallIntegerField(null=True)
    # By which kinds of matter its effect is measured; none: by all.
    leaves = ArrayField(models.TextField(db_collation="C"), default=list)
    centre = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    proposed_by = models.ForeignKey("org.Posting", on_delete=models.PROTECT, related_name="+", db_index=False)
    # The leader in charge.
    charge = models.ForeignKey("org.Posting", on_delete=models.PROTECT, related_name="+", db_index=False)
    lead = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    unit_ids = ArrayField(models.BigIntegerField())
    since = models.DateField()
    until = models.DateField()
    state = models.TextField(db_collation="C", default=PLACE_WORK.start)
    made_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True)
    # By when a leader approves the proposal, then by when the summary is accepted.
    answer_by = models.DateTimeField(null=True)
    summary = models.TextField(default="", blank=True)
    ended_at = models.DateTimeField(null=True)
    why = models.TextField(default="", blank=True)
    # What was counted when it was closed; a place may lose its matters to the end of their keeping.
    figures = models.JSONField(null=True)
    # How many moments of its state were told, and when the next one is.
    told = models.SmallIntegerField(default=0)
    act_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=PLACE_WORK.states()), name="place_work_state_known"),
            models.CheckConstraint(condition=models.Q(since__lt=models.F("until")), name="place_work_term"),
            models.CheckConstraint(
                condition=models.Q(lon__isnull=True, lat__isnull=True, radius__isnull=True)
                | models.Q(lon__isnull=False, lat__isnull=False, radius__gte=1, radius__lte=MOST_METRES),
                name="place_work_point",
            ),
            models.CheckConstraint(condition=models.Q(unit_ids__len__gte=1), name="place_work_units"),
            models.CheckConstraint(
                condition=models.Q(state__in=PLACE_WORK.final, act_at__isnull=True) & ENDED
                | ~models.Q(state__in=PLACE_WORK.final) & ~ENDED,
                name="place_work_final_is_ended",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=("proposed", "summed"), answer_by__isnull=False)
                | ~models.Q(state__in=("proposed", "summed")) & models.Q(answer_by__isnull=True),
                name="place_work_waits_for_a_leader",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=(*LIVE, "closed")) | models.Q(approved_at__isnull=False),
                name="place_work_live_is_approved",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=("summed", "closed")) | ~models.Q(summary=""),
                name="place_work_summed_up",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="closed") | models.Q(figures__isnull=False), name="place_work_closed_counted"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="dropped") | ~models.Q(why=""), name="place_work_dropped_says_why"
            ),
        )
        indexes = (
            models.Index(fields=("area", "-id"), name="place_work_area"),
            models.Index(fields=("centre", "-id"), name="place_work_centre"),
            GinIndex(fields=("unit_ids",), name="place_work_units_gin"),
            models.Index(fields=("act_at",), condition=models.Q(act_at__isnull=False), name="place_work_act"),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def charge_unit_id(self) -> int:
        """The centre of the leader in charge; read with `charge` joined."""
        return self.charge.unit_id

    def has_open_measures(self) -> bool:
        return self.measures.filter(task__state="open").exists()

    def counted(self, name: str) -> dict[str, Any] | None:
        """What stands fast of this span, once it was closed."""
        found: dict[str, Any] | None = (self.figures or {}).get(name)
        return found


class PlaceMeasure(models.Model):
    """One thing to be done there: by whom, until when. Once the work is approved it is a task of that unit."""

    scope = Scope(through="work")

    work = models.ForeignKey(PlaceWork, on_delete=models.PROTECT, related_name="measures", db_index=False)
    n = models.SmallIntegerField()
    words = models.TextField()
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    due = models.DateField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("work", "n"), name="place_measure_order"),
            models.CheckConstraint(condition=~models.Q(words=""), name="place_measure_says_what"),
        )
        ordering = ("work_id", "n")

    def __str__(self) -> str:
        return self.words


class PlaceStep(models.Model):
    """One row of its history; the database refuses change and removal."""

    scope = Scope(through="work")

    work = models.ForeignKey(PlaceWork, on_delete=models.PROTECT, related_name="steps", db_index=False)
    n = models.SmallIntegerField()
    verb = models.TextField(db_collation="C")
    to_state = models.TextField(db_collation="C")
    actor = models.ForeignKey("org.Posting", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    words = models.TextField(default="", blank=True)
    until = models.DateField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("work", "n"), name="place_step_order"),
            models.CheckConstraint(condition=models.Q(verb__in=tuple(DONE_LABELS)), name="place_step_verb"),
        )
        ordering = ("work_id", "n")

    def __str__(self) -> str:
        return f"{self.work_id} {self.n} {self.verb}"
