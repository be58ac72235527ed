"""What must be done by a date: the tasks of a unit, those that its centre gave, and those on one matter."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from onegrid.events import queries as events
from onegrid.events.models import Event
from onegrid.kit.workflow import Refusal
from onegrid.org import queries as org
from onegrid.org.models import Unit
from onegrid.org.roles import HANDLER, LEADER, Actor
from onegrid.org.scope import is_on_duty, visible_to
from onegrid.supervision.models import Instruction, Task, TaskStep
from onegrid.supervision.queries.owing import Owed
from onegrid.supervision.rules.task_life import DONE_LABELS, SOURCES, TASK, VERB_LABELS

SHOWN = 100
NOT_SEALED = Q(event__isnull=True) | Q(event__restricted=False)


@dataclass(frozen=True)
class TaskRow:
    """One task as a list shows it: of a restricted matter only that there is one."""

    task: Task
    words: str
    sealed: bool

    @property
    def state_label(self) -> str:
        return str(TASK.labels[self.task.state])

    @property
    def source_label(self) -> str:
        return str(SOURCES[self.task.source])

    @property
    def unit(self) -> Unit | None:
        return org.unit_by_id(self.task.unit_id)

    @property
    def issuer(self) -> Unit | None:
        return org.unit_by_id(self.task.issuer_id)


@dataclass(frozen=True)
class TaskVerb:
    """A verb of a task for this reader; `why`: why it is not theirs now."""

    name: str
    label: str
    why: str
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class TaskTold:
    """One task with its history, and what this reader may do with it."""

    row: TaskRow
    steps: list[tuple[TaskStep, str]]
    verbs: list[TaskVerb]
    sees_event: bool


@dataclass(frozen=True)
class InstructionTold:
    """Words of a leader with the tasks that came of them."""

    instruction: Instruction
    words: str
    tasks: list[TaskRow]

    @property
    def issuer(self) -> Unit | None:
        return org.unit_by_id(self.instruction.issuer_id)


def tasks_in_sight(actor: Actor) -> QuerySet[Task]:
    """By scope; what hangs on a restricted matter only for duty officers, and in a unit for its handlers."""
    rows = visible_to(actor, Task.objects.all())
    if is_on_duty(actor):
        return rows
    if actor.has(HANDLER):
        return rows.filter(NOT_SEALED | Q(unit_id=actor.unit_id) | Q(issuer_id=actor.unit_id))
    return rows.filter(NOT_SEALED)


def tasks(actor: Actor, *, given: bool = False) -> list[TaskRow]:
    """Of the actor's unit, or given by it: what is open first, by its date; one statement."""
    own = {"issuer_id": actor.unit_id} if given else {"unit_id": actor.unit_id}
    rows = tasks_in_sight(actor).filter(**own).select_related("event", "posting__user")
    return listed(rows.order_by(F("ended_at").desc(nulls_first=True), "due_at", "id")[:SHOWN])


def listed(rows: Iterable[Task]) -> list[TaskRow]:
    found = []
    for task in rows:
        sealed = task.event is not None and task.event.restricted
        found.append(TaskRow(task, "" if sealed else task.told(), sealed))
    return found


def task(actor: Actor, task_id: int) -> TaskTold:
    """One task; raises Task.DoesNotExist outside the scope."""
    rows = tasks_in_sight(actor).select_related("event", "posting__user", "issued_by__user")
    found = rows.get(pk=task_id)
    steps = found.steps.select_related("actor__user").order_by("n")
    return TaskTold(
        row=TaskRow(found, found.told(), found.event is not None and found.event.restricted),
        steps=[(step, str(DONE_LABELS[step.verb])) for step in steps],
        verbs=verbs(found, actor),
        sees_event=found.event is not None and events.sees(actor, found.event),
    )


def verbs(found: Task, actor: Actor) -> list[TaskVerb]:
    """What may be done now, and what is near but not this reader's to do, with its reason."""
    answers = [(verb, TASK.may(verb, found, actor)) for verb in TASK.verbs()]
    offered = []
    for verb, answer in answers:
        if isinstance(answer, Refusal):
            if answer.code == "guard":
                offered.append(TaskVerb(verb, str(VERB_LABELS[verb]), str(answer.reason)))
        else:
            offered.append(TaskVerb(verb, str(VERB_LABELS[verb]), "", answer.needs))
    return offered


def tasks_of(actor: Actor, event: Event) -> list[Task]:
    """The tasks on a matter that the actor sees, the earliest first."""
    rows = tasks_in_sight(actor).filter(event=event).select_related("event", "posting__user")
    return list(rows.order_by("due_at", "id")[:SHOWN])


def instructions_of(actor: Actor, event: Event) -> tuple[list[InstructionTold], list[TaskRow]]:
    """The instructions on a matter with their tasks, and the tasks that came otherwise; two statements."""
    rows = visible_to(actor, Instruction.objects.filter(event=event)).select_related("given_by__user")
    by_instruction: dict[int | None, list[TaskRow]] = {}
    for task in tasks_of(actor, event):
        by_instruction.setdefault(task.instruction_id, []).append(TaskRow(task, task.told(), event.restricted))
    told = [InstructionTold(one, one.told(), by_instruction.get(one.pk, [])) for one in rows.order_by("-id")]
    return told, by_instruction.get(None, [])


def addressees(actor: Actor, event: Event) -> list[Unit]:
    """To whom a centre may give a task on a matter: units of its own area, and whoever has the matter already.

    Never a unit that the matter is about; of a restricted matter only those who have it.
    """
    own, having = org.unit_by_id(actor.unit_id), units_of(event)
    found = []
    for unit in org.units().values():
        below = own is not None and unit.area.startswith(own.area) and not event.restricted
        if unit.active and unit.pk not in event.about_unit_ids and (below or unit.pk in having):
            found.append(unit)
    return found


def units_of(event: Event) -> set[int]:
    """The units that have a matter: who owns, handles or holds it, and who assists."""
    return {unit for unit in (event.owner_id, event.handler_id, event.holder_id, *event.unit_ids) if unit is not None}


def owed_tasks(actor: Actor) -> list[Owed]:
    """To be done by the actor's unit, and reported to whoever gave it; one statement."""
    if actor.unit_id is None or not actor.has(*DOERS):
        return []
    mine = Q(state="open", unit_id=actor.unit_id) & (Q(posting__isnull=True) | Q(posting_id=actor.posting_id))
    given = Q(state="reported", issuer_id=actor.unit_id)
    if not actor.has(LEADER):
        given &= Q(issued_by_id=actor.posting_id)
    rows = tasks_in_sight(actor).filter(mine | given).select_related("event")
    return [owed_of(one) for one in listed(rows.order_by("due_at", "id")[:SHOWN])]


def owed_of(row: TaskRow) -> Owed:
    task = row.task
    number = task.event.number if task.event else ""
    words = _("sealed matter") if row.sealed else row.words[:40]
    return Owed(
        what=_("Task to be done") if task.state == "open" else _("Reported task to be accepted"),
        about=" · ".join(one for one in (number, words) if one),
        address=reverse("supervision:task", args=[task.pk]),
        due_at=task.answer_by or task.due_at,
    )


DOERS = tuple({role for step in TASK.steps for one in step.by for role in one.roles})
