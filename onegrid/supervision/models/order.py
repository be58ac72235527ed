"""An order of supervision: on one event, to one unit, with a day for the reply; and its history."""

from django.conf import settings
from django.db import models

from onegrid.events.models import Event
from onegrid.kit import clock, crypto
from onegrid.org.scope import Scope
from onegrid.supervision.rules.order_life import BY_THE_HOUSE, CENTRE_RANKS, ENDED, ENDINGS, KINDS, LIVE, STATES

IS_LIVE = models.Q(state__in=LIVE)


class Order(models.Model):
    """What a centre asks of a unit about one matter; seen by whoever sees the matter, never by its reporter."""

    scope = Scope(through="event")

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="orders", db_index=False)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.TextField(db_collation="C")
    state = models.TextField(db_collation="C", default="open")
    words = models.TextField(default="", blank=True)
    words_sealed = models.BinaryField(null=True)
    # Nobody's posting: the house issued it by a rule.
    issued_by = models.ForeignKey("org.Posting", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    issued_at = models.DateTimeField()
    reply_by = models.DateTimeField()
    # When the day that is asked for now had passed without a reply: told once, until another day is set.
    unanswered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ending = models.TextField(db_collation="C", default="", blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("event", "unit"), condition=IS_LIVE, name="order_one_live"),
            models.CheckConstraint(condition=models.Q(kind__in=KINDS), name="order_kind"),
            models.CheckConstraint(condition=models.Q(state__in=STATES), name="order_state"),
            models.CheckConstraint(condition=models.Q(ending__in=ENDINGS), name="order_ending"),
            models.CheckConstraint(
                condition=(IS_LIVE & models.Q(ended_at__isnull=True))
                | models.Q(state__in=ENDED, ended_at__isnull=False),
                name="order_ended_has_end",
            ),
            models.CheckConstraint(
                condition=models.Q(state="over") & ~models.Q(ending="") | ~models.Q(state="over") & models.Q(ending=""),
                name="order_over_says_why",
            ),
            models.CheckConstraint(
                condition=models.Q(issued_by__isnull=False) | models.Q(kind__in=BY_THE_HOUSE), name="order_by_the_house"
            ),
            models.CheckConstraint(
                condition=models.Q(words="") | models.Q(words_sealed__isnull=True), name="order_words_once"
            ),
        )
        indexes = (
            models.Index(fields=("event", "unit"), name="order_event_unit"),
            models.Index(fields=("unit", "reply_by"), condition=IS_LIVE, name="order_unit_live"),
            models.Index(fields=("reply_by", "id"), condition=IS_LIVE, name="order_live"),
            models.Index(fields=("-ended_at", "-id"), condition=~IS_LIVE, name="order_ended"),
        )

    @property
    def owner_id(self) -> int:
        """The centre that drives the matter now: it judges the reply, also when another one issued the order."""
        return self.event.owner_id

    @property
    def live(self) -> bool:
        return self.state in LIVE

    @property
    def late(self) -> bool:
        return self.state == "open" and self.reply_by < clock.now()

    @property
    def issuer_gone(self) -> bool:
        """Whether nobody can act for it any more as its issuer: it was the house, or the posting has ended."""
        post = self.issued_by
        if post is None or not (post.active and post.user.is_active):
            return True
        return post.unit_id != self.event.owner_id or not set(CENTRE_RANKS) & set(post.roles)

    def told(self) -> str:
        """What is asked, opened from its seal where the matter is restricted."""
        if self.words_sealed is None:
            return self.words
        return box().open(bytes(self.words_sealed), context=f"order.words:{self.event_id}:{self.unit_id}:{self.kind}")

    def keep_words(self, words: str, *, restricted: bool) -> None:
        """Plain, or sealed when the matter is restricted."""
        context = f"order.words:{self.event_id}:{self.unit_id}:{self.kind}"
        self.words = "" if restricted else words
        self.words_sealed = box().seal(words, context=context) if restricted and words else None


class OrderStep(models.Model):
    """One row of an order's history; the database refuses every change but sealing or erasing its words."""

    scope = Scope(through="order")

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="steps", db_index=False)
    n = models.SmallIntegerField()
    verb = models.TextField(db_collation="C")
    to_state = models.TextField(db_collation="C")
    # Nobody's posting: the house.
    actor = models.ForeignKey("org.Posting", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    reply_by = models.DateTimeField(null=True)
    words = models.TextField(default="", blank=True)
    words_sealed = models.BinaryField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("order", "n"), name="order_step_order"),
            models.CheckConstraint(condition=models.Q(to_state__in=STATES), name="order_step_state"),
            models.CheckConstraint(
                condition=models.Q(words="") | models.Q(words_sealed__isnull=True), name="order_step_words_once"
            ),
        )
        ordering = ("order_id", "n")

    def told(self) -> str:
        if self.words_sealed is None:
            return self.words
        return box().open(bytes(self.words_sealed), context=f"order.step:{self.order_id}:{self.n}")

    def keep_words(self, words: str, *, restricted: bool) -> None:
        self.words = "" if restricted else words
        sealed = restricted and bool(words)
        self.words_sealed = box().seal(words, context=f"order.step:{self.order_id}:{self.n}") if sealed else None


def box() -> crypto.Box:
    return crypto.Box(settings.FIELD_KEYS)
