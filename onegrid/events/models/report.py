"""A report is a voice on an event; its contact lies sealed in a table of its own; an assignment is a unit's part."""

import json
from typing import Any

from django.db import models

from onegrid.events.models.event import Event, box
from onegrid.org.scope import SEALED, Scope

# The ways by which a voice comes in; `api` is another system, `station` a village or community work station.
CHANNELS = ("web", "phone", "visit", "letter", "station", "worker", "email", "alarm", "api", "import")


class Report(models.Model):
    """One voice: who said it, by which way, in which words; it has a number for life."""

    scope = Scope(through="event")

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="reports")
    area = models.TextField(db_collation="C")
    number = models.TextField(db_collation="C")
    receipt_hash = models.BinaryField(max_length=32)
    receipt_counter = models.SmallIntegerField(default=0)
    channel = models.TextField()
    language = models.TextField(default="zh-hans")
    reporter = models.ForeignKey("org.Posting", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    client_id = models.TextField(default="", blank=True)
    reachable = models.BooleanField(default=True)
    words = models.TextField(default="", blank=True)
    words_sealed = models.BinaryField(null=True)
    # Nobody but the centre learns by which way it came or whether it left a contact; two persons open that.
    protected = models.BooleanField(default=False)
    # What was asked beside the words and answered: rows of key, question and answer in both languages.
    answers = models.JSONField(default=list)
    answers_sealed = models.BinaryField(null=True)
    address = models.TextField(default="", blank=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    at = models.DateTimeField()
    note = models.TextField(default="", blank=True)
    joined_from = models.ForeignKey(Event, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    # What this voice was promised before its event joined another one: a promise never moves later.
    promised_by = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("number",), name="report_number"),
            models.UniqueConstraint(fields=("receipt_hash",), name="report_receipt"),
            models.UniqueConstraint(
                fields=("reporter", "client_id"),
                condition=~models.Q(client_id=""),
                name="report_client_id",
            ),
            models.CheckConstraint(condition=models.Q(channel__in=CHANNELS), name="report_channel"),
            models.CheckConstraint(
                condition=models.Q(answers_sealed__isnull=True) | models.Q(answers=[]), name="report_answers_sealed"
            ),
        )

    def told(self) -> str:
        if self.words_sealed is None:
            return self.words
        return box().open(bytes(self.words_sealed), context=f"report.words:{self.number}")

    def keep_words(self, words: str, *, restricted: bool) -> None:
        self.words = "" if restricted else words
        self.words_sealed = box().seal(words, context=f"report.words:{self.number}") if restricted else None

    def answered(self) -> list[dict[str, Any]]:
        """The answers to further questions, opened from their seal where the matter is restricted."""
        if self.answers_sealed is None:
            return list(self.answers)
        opened = box().open(bytes(self.answers_sealed), context=f"report.answers:{self.number}")
        return list(json.loads(opened))

    def keep_answers(self, answers: list[dict[str, Any]], *, restricted: bool) -> None:
        """Plain, or sealed like the words."""
        sealed = restricted and bool(answers)
        self.answers = [] if sealed else answers
        said = json.dumps(answers, ensure_ascii=False)
        self.answers_sealed = box().seal(said, context=f"report.answers:{self.number}") if sealed else None


class Contact(models.Model):
    """Name, phone and mail address of a voice, sealed.

    Opened for people only by `actions.reveal`, which the reporter can see; the house opens it to tell the reporter.
    """

    scope = SEALED

    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="contact")
    area = models.TextField(db_collation="C")
    sealed = models.BinaryField()
    phone_index = models.BinaryField(null=True)
    masked = models.TextField(default="", blank=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=("phone_index",), name="contact_phone"),)

    def plain(self) -> dict[str, str]:
        """Opened, by the number of its report: `name`, `phone`, `email`, each only if it was given."""
        given: dict[str, str] = json.loads(box().open(bytes(self.sealed), context=f"contact:{self.report.number}"))
        return given


class Unsealing(models.Model):
    """Asked for by one person, decided by another: the contact of a protected voice may be opened once."""

    scope = SEALED

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="unsealings")
    area = models.TextField(db_collation="C")
    purpose = models.TextField()
    asked_by = models.ForeignKey("org.Posting", on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey("org.Posting", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)
    granted = models.BooleanField(null=True)
    words = models.TextField(default="", blank=True)
    opened_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("report",), condition=models.Q(decided_at__isnull=True), name="unsealing_one_open"
            ),
            models.CheckConstraint(
                condition=models.Q(decided_at__isnull=True, decided_by__isnull=True, granted__isnull=True)
                | models.Q(decided_at__isnull=False, decided_by__isnull=False, granted__isnull=False),
                name="unsealing_decided_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("asked_by")),
                name="unsealing_two_persons",
            ),
            models.CheckConstraint(
                condition=models.Q(opened_at__isnull=True) | models.Q(granted=True), name="unsealing_opened_granted"
            ),
        )


class Assignment(models.Model):
    """A unit's part in an event: lead, or (with joint handling) assisting."""

    scope = Scope(through="event")

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="assignments")
    area = models.TextField(db_collation="C")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    role = models.TextField(default="lead")
    state = models.TextField(default="offered")
    open = models.BooleanField(default=True)
    due_at = models.DateTimeField(null=True)
    assigned_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    because = models.JSONField(default=dict)
    # Of a part: what is asked of the unit, what it did, its own limit [kind, amount, unit], its next reminder.
    task = models.TextField(default="", blank=True)
    result = models.TextField(default="", blank=True)
    sealed = models.BinaryField(null=True)
    limit = models.JSONField(null=True)
    remind_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("event",), condition=models.Q(open=True, role="lead"), name="assignment_one_lead"
            ),
            models.UniqueConstraint(
                fields=("event", "unit"),
                condition=models.Q(role="assist") & ~models.Q(state__in=("ended", "undone")),
                name="assignment_one_part",
            ),
            models.CheckConstraint(condition=models.Q(role__in=("lead", "assist")), name="assignment_role"),
            models.CheckConstraint(
                condition=models.Q(state__in=("offered", "claimed", "done", "returned", "undone", "ended", "passed")),
                name="assignment_state",
            ),
        )
        indexes = (
            # Leads are found by `Event.holder`; without it a department's counters read all its open leads (1.5 ms).
            models.Index(
                fields=("unit", "event"), condition=models.Q(open=True, role="assist"), name="assignment_parts"
            ),
            models.Index(fields=("remind_at",), condition=models.Q(remind_at__isnull=False), name="assignment_remind"),
        )

    # What the table PART asks of a part: whose the whole is.
    @property
    def owner_id(self) -> int:
        return self.event.owner_id

    @property
    def handler_id(self) -> int | None:
        return self.event.handler_id

    def told(self) -> dict[str, str]:
        """What is asked of the unit and what it did, opened from the seal where the matter is restricted."""
        if self.sealed is None:
            return {"task": self.task, "result": self.result}
        opened = box().open(bytes(self.sealed), context=f"assignment:{self.event_id}:{self.unit_id}")
        return dict(json.loads(opened))

    def keep(self, *, restricted: bool, **words: str) -> None:
        """Change the task or the result: plain, or sealed when the matter is restricted."""
        said = self.told() | words
        plain = {"task": "", "result": ""} if restricted else said
        self.task, self.result = plain["task"], plain["result"]
        context = f"assignment:{self.event_id}:{self.unit_id}"
        self.sealed = box().seal(json.dumps(said), context=context) if restricted else None


class Alarm(models.Model):
    """How often one cause at one source has sounded on an event; many thousand alarms stay one matter."""

    scope = Scope(through="event")

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="alarms")
    area = models.TextField(db_collation="C")
    client = models.ForeignKey("org.Posting", on_delete=models.PROTECT, related_name="+", db_index=False)
    source = models.TextField(db_collation="C")
    cause = models.TextField(db_collation="C")
    count = models.BigIntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("client", "source", "cause", "event"), name="alarm_once"),)
