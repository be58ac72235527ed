"""Rules of supervision as data, what each did on which matter, and when the next one speaks."""

from django.db import models

from onegrid.events.models import Event
from onegrid.org.scope import Scope
from onegrid.supervision.models.order import Order
from onegrid.supervision.rules.order_life import KINDS
from onegrid.supervision.rules.rule_words import FITTING, MOST_MINUTES

FITS = models.Q()
for _trigger, _actions in FITTING.items():
    FITS |= models.Q(trigger=_trigger, action__in=_actions)


class SupervisionRule(models.Model):
    """In an area, for matters of a branch of categories and a level: when what is done."""

    scope = Scope(area="area")

    area = models.TextField(db_collation="C")
    category = models.TextField(db_collation="C", default="", blank=True)
    level = models.SmallIntegerField(null=True)
    trigger = models.TextField(db_collation="C")
    amount = models.IntegerField(default=0)
    action = models.TextField(db_collation="C")
    active = models.BooleanField(default=True)
    # What lay before this moment is not caught up with: a new rule starts no storm.
    since = models.DateTimeField()
    kept_by = models.ForeignKey("org.Posting", on_delete=models.PROTECT, related_name="+", db_index=False)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=FITS, name="supervision_rule_fits"),
            models.CheckConstraint(
                condition=models.Q(trigger="percent", amount__gte=1, amount__lte=100)
                | models.Q(trigger="after_due", amount__gte=0, amount__lte=MOST_MINUTES)
                | models.Q(trigger="unanswered", amount=0),
                name="supervision_rule_amount",
            ),
            models.CheckConstraint(
                condition=models.Q(level__isnull=True) | models.Q(level__gte=1, level__lte=4),
                name="supervision_rule_level",
            ),
        )
        ordering = ("area", "category", "trigger", "amount", "id")

    def covers(self, event: Event) -> bool:
        within = event.area.startswith(self.area) and event.category.startswith(self.category)
        return within and self.level in (None, event.level)


class RuleHit(models.Model):
    """A rule spoke on a matter: once for each round of its clock, once for each day of an order.

    With a kind it is a proposal, until somebody who may issue that kind does, or leaves it.
    """

    scope = Scope(through="event")

    rule = models.ForeignKey(SupervisionRule, on_delete=models.PROTECT, related_name="hits", db_index=False)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+", db_index=False)
    round = models.TextField(db_collation="C")
    action = models.TextField(db_collation="C")
    at = models.DateTimeField()
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    order = models.ForeignKey(Order, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.TextField(db_collation="C", default="", blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("org.Posting", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("rule", "event", "round"), name="rule_hit_once"),
            models.CheckConstraint(
                condition=models.Q(kind="") | models.Q(kind__in=KINDS, unit__isnull=False), name="rule_hit_proposes"
            ),
        )
        indexes = (
            models.Index(
                fields=("event",), condition=~models.Q(kind="") & models.Q(decided_at__isnull=True),
                name="rule_hit_proposal",
            ),
        )  # fmt: skip


class ClockMark(models.Model):
    """For one matter the next moment at which a rule speaks, and the clock that it was read from."""

    scope = Scope(through="event")

    event = models.OneToOneField(Event, primary_key=True, on_delete=models.PROTECT, related_name="clock_mark")
    clock_from = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=("next_at",), condition=models.Q(next_at__isnull=False), name="clock_mark_next"),
        )
