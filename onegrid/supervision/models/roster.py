"""Who is on duty when: the roster of a unit, its shifts, absences, swaps, and the times with nobody on duty."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import F, Func, Q, Value

from onegrid.org.scope import Scope
from onegrid.supervision.rules.roster import KINDS, LONGEST
from onegrid.supervision.rules.swap_life import SWAP


class Roster(models.Model):
    """One per unit, made with its first shift; its row is the lock under which everything about it is changed.

    `next_at`: when time itself has something to do here next.
    """

    scope = Scope(area="area", units=("unit_id",))

    unit = models.OneToOneField("org.Unit", on_delete=models.PROTECT, related_name="+")
    area = models.TextField(db_collation="C")
    next_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=("next_at",), name="roster_next"),)


def of(name: str) -> Func:
    """A number as a range of itself: an exclusion constraint then needs no extension of the database."""
    return Func(F(name), F(name), Value("[]"), function="int8range")


SPAN = Func(F("begins"), F("ends"), function="tstzrange", output_field=DateTimeRangeField())


def nobody_else(kind: str) -> ExclusionConstraint:
    """One person at each place of the call-out order at a time."""
    return ExclusionConstraint(
        name=f"shift_one_place_{kind}",
        expressions=((of("roster"), "&&"), (of("place"), "&&"), (SPAN, "&&")),
        condition=Q(kind=kind, withdrawn_at__isnull=True),
    )


class Shift(models.Model):
    """A posting on duty from `begins` until `ends`, at a place in the call-out order: 1 main, 2 deputy, …

    `told_at`: when whoever holds it was told that it begins, once.
    """

    scope = Scope(through="roster")

    roster = models.ForeignKey(Roster, on_delete=models.PROTECT, related_name="shifts", db_index=False)
    posting = models.ForeignKey("org.Posting", on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.TextField(db_collation="C")
    place = models.SmallIntegerField(default=1)
    begins = models.DateTimeField()
    ends = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            ExclusionConstraint(
                name="shift_nobody_twice",
                expressions=((of("posting"), "&&"), (SPAN, "&&")),
                condition=Q(withdrawn_at__isnull=True),
            ),
            *(nobody_else(kind) for kind in KINDS),
            models.CheckConstraint(condition=Q(kind__in=tuple(KINDS)), name="shift_kind"),
            models.CheckConstraint(condition=Q(place__range=(1, 9)), name="shift_place"),
            models.CheckConstraint(condition=Q(ends__gt=F("begins")), name="shift_forward"),
            models.CheckConstraint(condition=Q(ends__lte=F("begins") + Value(LONGEST)), name="shift_length"),
        )
        indexes = (models.Index(fields=("roster", "begins"), name="shift_roster"),)
        ordering = ("begins", "kind", "place", "id")


class Absence(models.Model):
    """A posting is not there from then until then; no reason is asked and none is kept."""

    scope = Scope(through="roster")

    roster = models.ForeignKey(Roster, on_delete=models.PROTECT, related_name="absences", db_index=False)
    posting = models.ForeignKey("org.Posting", on_delete=models.PROTECT, related_name="+", db_index=False)
    begins = models.DateTimeField()
    ends = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(ends__gt=F("begins")), name="absence_forward"),)
        indexes = (models.Index(fields=("roster", "ends"), name="absence_roster"),)
        ordering = ("begins", "id")


class Gap(models.Model):
    """Nobody leads from `begins` on: its keepers were warned before, called when it had begun, each once."""

    scope = Scope(through="roster")

    roster = models.ForeignKey(Roster, on_delete=models.PROTECT, related_name="gaps", db_index=False)
    begins = models.DateTimeField()
    warned_at = models.DateTimeField(null=True)
    called_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("roster", "begins"), condition=Q(closed_at__isnull=True), name="gap_once"),
        )


class Swap(models.Model):
    """One asks a colleague to take a shift; what came of it, and when, stays."""

    scope = Scope(through="shift")

    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="swaps")
    asked_by = models.ForeignKey("org.Posting", on_delete=models.PROTECT, related_name="+", db_index=False)
    offered_to = models.ForeignKey("org.Posting", on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.TextField(db_collation="C", default="asked")
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("shift",), condition=Q(state="asked"), name="swap_one_open"),
            models.CheckConstraint(condition=Q(state__in=SWAP.states()), name="swap_state"),
            models.CheckConstraint(
                condition=Q(state="asked", ended_at__isnull=True) | (~Q(state="asked") & Q(ended_at__isnull=False)),
                name="swap_ends",
            ),
            models.CheckConstraint(condition=~Q(asked_by=F("offered_to")), name="swap_with_another"),
        )
        indexes = (models.Index(fields=("offered_to",), condition=Q(state="asked"), name="swap_open"),)
