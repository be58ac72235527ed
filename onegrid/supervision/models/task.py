"""What a unit must do by a date, whoever asked for it, and the words of a leader on a matter."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from onegrid.events.models import Event
from onegrid.org.scope import Scope
from onegrid.supervision.models.meeting import Meeting
from onegrid.supervision.models.place import PlaceMeasure
from onegrid.supervision.models.sealed import Worded
from onegrid.supervision.rules.task_life import TASK

IS_OPEN = models.Q(ended_at__isnull=True)


class Instruction(Worded):
    """Words of a centre's leader on a matter, to one or more units; each of them has a task of it."""

    scope = Scope(area="area", units=("issuer_id",), unit_lists=("unit_ids",), about="event__about_unit_ids")

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")
    area = models.TextField(db_collation="C")
    issuer = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    given_by = models.ForeignKey("org.Posting", on_delete=models.PROTECT, related_name="+", db_index=False)
    unit_ids = ArrayField(models.BigIntegerField())
    given_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(unit_ids__len__gte=1), name="instruction_to_somebody"),
        )

    def seal_name(self) -> str:
        return f"instruction:{self.event_id}:{self.given_by_id}:{self.given_at.isoformat()}"


class Task(Worded):
    """Something a unit, or one person of the giving unit, must do by a date; `area` is that of the centre that gave it.

    What hangs on a restricted matter is further narrowed by `queries.tasks_in_sight`.
    """

    scope = Scope(area="area", units=("unit_id", "issuer_id"), about="event__about_unit_ids")

    source = models.TextField(db_collation="C")
    instruction = models.ForeignKey(
        Instruction, null=True, on_delete=models.PROTECT, related_name="tasks", db_index=False
    )
    meeting = models.ForeignKey(Meeting, null=True, on_delete=models.PROTECT, related_name="tasks", db_index=False)
    measure = models.OneToOneField(PlaceMeasure, null=True, on_delete=models.PROTECT, related_name="task")
    event = models.ForeignKey(Event, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    area = models.TextField(db_collation="C")
    issuer = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    issued_by = models.ForeignKey("org.Posting", on_delete=models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    posting = models.ForeignKey("org.Posting", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.TextField(db_collation="C", default=TASK.start)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    reported_by = models.ForeignKey(
        "org.Posting", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # By when whoever gave it looks at what was reported.
    answer_by = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    returns = models.SmallIntegerField(default=0)
    # How many of its moments were told, and when the next one is.
    reminded = models.SmallIntegerField(default=0)
    remind_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=TASK.states()), name="task_state_known"),
            models.CheckConstraint(
                condition=models.Q(
                    source="instruction",
                    instruction__isnull=False,
                    event__isnull=False,
                    meeting__isnull=True,
                    measure__isnull=True,
                )
                | models.Q(source="meeting", meeting__isnull=False, instruction__isnull=True, measure__isnull=True)
                | models.Q(
                    source="place",
                    measure__isnull=False,
                    instruction__isnull=True,
                    meeting__isnull=True,
                    event__isnull=True,
                ),
                name="task_source",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=TASK.final, ended_at__isnull=False)
                | (~models.Q(state__in=TASK.final) & IS_OPEN),
                name="task_final_is_ended",
            ),
            models.CheckConstraint(
                condition=models.Q(state="open") | models.Q(remind_at__isnull=True), name="task_open_reminds"
            ),
            models.CheckConstraint(
                condition=models.Q(state="reported", answer_by__isnull=False, reported_by__isnull=False)
                | (~models.Q(state="reported") & models.Q(answer_by__isnull=True)),
                name="task_reported_waits",
            ),
            models.CheckConstraint(
                condition=models.Q(posting__isnull=True) | models.Q(unit=models.F("issuer")), name="task_own_person"
            ),
        )
        indexes = (
            models.Index(fields=("unit", "due_at", "id"), name="task_unit_due"),
            models.Index(fields=("issuer", "due_at", "id"), name="task_issuer_due"),
            models.Index(fields=("event",), condition=models.Q(event__isnull=False), name="task_event"),
            models.Index(
                fields=("instruction",), condition=models.Q(instruction__isnull=False), name="task_instruction"
            ),
            models.Index(fields=("meeting",), condition=models.Q(meeting__isnull=False), name="task_meeting"),
            models.Index(fields=("remind_at",), condition=models.Q(remind_at__isnull=False), name="task_remind"),
        )

    def seal_name(self) -> str:
        return f"task:{self.unit_id}:{self.issued_by_id}:{self.made_at.isoformat()}"

    @property
    def is_open(self) -> bool:
        return self.ended_at is None


class TaskStep(Worded):
    """One row of a task's history; the database refuses change and removal, only its words may be erased."""

    scope = Scope(through="task")

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="steps")
    n = models.SmallIntegerField()
    verb = models.TextField(db_collation="C")
    to_state = models.TextField(db_collation="C")
    actor = models.ForeignKey("org.Posting", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    due_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("task", "n"), name="task_step_order"),)
        ordering = ("task", "n")

    def seal_name(self) -> str:
        return f"task.step:{self.task_id}:{self.n}"
