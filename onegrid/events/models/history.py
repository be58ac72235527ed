"""What happened and what was asked: steps (append-only), requests, suggestions, photos."""

import json

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from onegrid.events.models.event import Event, box
from onegrid.events.models.report import Report
from onegrid.kit import attachment
from onegrid.org.scope import Scope


class Step(models.Model):
    """One row of the history: who, when, from, to, words, clock values. The database refuses change and removal."""

    scope = Scope(through="event")

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="steps")
    area = models.TextField(db_collation="C")
    n = models.IntegerField()
    verb = models.TextField(db_collation="C")
    from_state = models.TextField(db_collation="C", default="", blank=True)
    to_state = models.TextField(db_collation="C")
    actor = models.ForeignKey("org.Posting", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    actor_kind = models.TextField(default="staff")
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    promised_by = models.DateTimeField(null=True)
    words = models.TextField(default="", blank=True)
    words_sealed = models.BinaryField(null=True)
    public = models.BooleanField(default=False)
    facts = models.JSONField(default=dict)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("event", "n"), name="step_order"),
            models.CheckConstraint(
                condition=models.Q(actor_kind__in=("staff", "reporter", "guest", "house")), name="step_actor_kind"
            ),
        )
        # Steps are only ever added, so their moments lie in the order of the pages: a few bytes find a month.
        indexes = (BrinIndex(fields=("at",), autosummarize=True, pages_per_range=32, name="step_at"),)
        ordering = ("event_id", "n")

    def told(self) -> str:
        if self.words_sealed is None:
            return self.words
        return box().open(bytes(self.words_sealed), context=f"step.words:{self.event_id}:{self.n}")

    def keep_words(self, words: str, *, restricted: bool) -> None:
        self.words = "" if restricted else words
        sealed = restricted and bool(words)
        self.words_sealed = box().seal(words, context=f"step.words:{self.event_id}:{self.n}") if sealed else None


class Request(models.Model):
    """Something asked before it is done; while it is open the state stays and the asking unit stays accountable."""

    scope = Scope(through="event")

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="requests")
    area = models.TextField(db_collation="C")
    kind = models.TextField(db_collation="C")
    # Nobody's posting when a unit asked by its link, without an account.
    asked_by = models.ForeignKey("org.Posting", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    reason = models.TextField(default="", blank=True)
    words = models.TextField(default="", blank=True)
    facts = models.JSONField(default=dict)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    climbed = models.SmallIntegerField(default=0)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("org.Posting", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    decision = models.TextField(default="", blank=True)
    decision_words = models.TextField(default="", blank=True)
    # Both words of a restricted matter; the columns above are empty then.
    words_sealed = models.BinaryField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("event", "kind", "unit"),
                condition=models.Q(decided_at__isnull=True),
                name="request_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(decision__in=("", "granted", "denied", "lapsed", "withdrawn")),
                name="request_decision",
            ),
        )
        indexes = (models.Index(fields=("due_at",), condition=models.Q(decided_at__isnull=True), name="request_due"),)

    def told(self) -> tuple[str, str]:
        """What was asked and what was decided, opened from the seal where the matter is restricted."""
        if self.words_sealed is None:
            return self.words, self.decision_words
        asked, decided = json.loads(
            box().open(bytes(self.words_sealed), context=f"request:{self.event_id}:{self.kind}")
        )
        return str(asked), str(decided)

    def keep_words(self, *, restricted: bool, words: str | None = None, decision: str | None = None) -> None:
        """Change one or both: plain, or sealed when the matter is restricted."""
        asked, decided = self.told()
        both = (asked if words is None else words, decided if decision is None else decision)
        self.words, self.decision_words = ("", "") if restricted else both
        context = f"request:{self.event_id}:{self.kind}"
        self.words_sealed = box().seal(json.dumps(both), context=context) if restricted and any(both) else None


class Suggestion(models.Model):
    """What the word list proposed, with its words, and what a person decided."""

    scope = Scope(through="event")

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="suggestions")
    area = models.TextField(db_collation="C")
    rank = models.SmallIntegerField(default=1)
    category = models.TextField(db_collation="C")
    score = models.FloatField()
    because = ArrayField(models.TextField(), default=list)
    made_at = models.DateTimeField()


class Attachment(attachment.Attachment):
    """A photo on an event: of a voice, or of a step (the result).

    The public sees `public_sha256` and nothing else: the picture itself, or a copy in which faces and plates are
    covered; empty until a person released it. `sha256` is for who may see the event.
    """

    scope = Scope(through="event")

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="attachments")
    report = models.ForeignKey(Report, null=True, on_delete=models.PROTECT, related_name="attachments")
    area = models.TextField(db_collation="C")
    step_n = models.IntegerField(null=True)
    public_sha256 = models.CharField(max_length=64, default="", blank=True)
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(
        "org.Posting", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(released_at__isnull=True, public_sha256="")
                | (models.Q(released_at__isnull=False) & ~models.Q(public_sha256="")),
                name="attachment_public_copy",
            ),
        )
