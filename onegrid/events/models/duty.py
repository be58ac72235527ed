"""Who is called when it is grave: the on-call list of a centre, an alert, and each call that it made."""

from django.db import models

from onegrid.events.models.event import Event
from onegrid.org.scope import Scope

OUTCOMES = ("", "acknowledged", "moved", "over")


class OnCall(models.Model):
    """A posting's place in the list of its centre; nobody is called while away, and the list says no reason."""

    scope = Scope(units=("centre_id",))

    centre = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    posting = models.ForeignKey("org.Posting", on_delete=models.PROTECT, related_name="+", db_index=False)
    place = models.SmallIntegerField()
    away_from = models.DateTimeField(null=True)
    away_until = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("centre", "posting"), name="on_call_once"),
            models.CheckConstraint(
                condition=models.Q(away_from__isnull=True, away_until__isnull=True)
                | models.Q(away_until__gt=models.F("away_from")),
                name="on_call_away",
            ),
        )
        ordering = ("centre", "place", "id")


class OnDuty(models.Model):
    """Who is on duty at a centre from then until then: set by the room that keeps rosters, read by the calls."""

    scope = Scope(units=("centre_id",))

    centre = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    posting = models.ForeignKey("org.Posting", on_delete=models.PROTECT, related_name="+", db_index=False)
    place = models.SmallIntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("centre", "posting", "since"), name="on_duty_once"),
            models.CheckConstraint(condition=models.Q(until__gt=models.F("since")), name="on_duty_forward"),
        )
        ordering = ("centre", "place", "since", "id")


class Alert(models.Model):
    """A matter of level 1 or 2 calls for somebody; until one of them acknowledges, the next is called."""

    scope = Scope(through="event")

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="alerts")
    area = models.TextField(db_collation="C")
    centre = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    level = models.SmallIntegerField()
    cause = models.TextField(db_collation="C")
    raised_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    rounds = models.SmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    outcome = models.TextField(default="", blank=True)
    acknowledged_by = models.ForeignKey(
        "org.Posting", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints = (
            # A matter calls a centre once at each level: accepted at the level at which it was reported, it is quiet.
            models.UniqueConstraint(fields=("event", "centre", "level"), name="alert_once"),
            models.UniqueConstraint(
                fields=("event",), condition=models.Q(ended_at__isnull=True), name="alert_one_open"
            ),
            models.CheckConstraint(condition=models.Q(level__in=(1, 2)), name="alert_level"),
            models.CheckConstraint(condition=models.Q(outcome__in=OUTCOMES), name="alert_outcome"),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, next_at__isnull=False, outcome="")
                | (models.Q(ended_at__isnull=False, next_at__isnull=True) & ~models.Q(outcome="")),
                name="alert_open_goes_on",
            ),
        )
        indexes = (models.Index(fields=("next_at",), condition=models.Q(ended_at__isnull=True), name="alert_next"),)


class Call(models.Model):
    """One call of an alert, made once: the n-th, to whom, when; without a posting nobody was on call."""

    scope = Scope(through="alert")

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="calls")
    n = models.SmallIntegerField()
    posting = models.ForeignKey("org.Posting", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("alert", "n"), name="call_once"),)
        ordering = ("alert", "n")
