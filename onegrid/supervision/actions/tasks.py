"""What a unit must do by a date: given, reported, accepted or sent back, cancelled."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from onegrid.events.models import Event
from onegrid.kit import clock, later
from onegrid.kit.workflow import Step, allowed
from onegrid.org import actions as org
from onegrid.org import queries as places
from onegrid.org.models import Unit
from onegrid.org.roles import Actor
from onegrid.supervision import queries
from onegrid.supervision.actions.given import close_of, words_of
from onegrid.supervision.models import Task, TaskStep
from onegrid.supervision.rules import task_clock
from onegrid.supervision.rules.task_life import TASK


@dataclass(frozen=True)
class Wanted:
    """What is to be done: the words, by whom, until when, on which matter."""

    words: str
    unit: Unit
    due_at: datetime
    event: Event | None = None
    posting_id: int | None = None


def give(actor: Actor, wanted: Wanted, source: str, **of: Any) -> Task:
    """Write a task and its first step within the caller's transaction; `of` names what it came from."""
    issuer = places.unit_by_id(actor.unit_id)
    assert issuer is not None
    assert actor.posting_id is not None
    task = Task(
        source=source, event=wanted.event, area=issuer.area, issuer=issuer, issued_by_id=actor.posting_id,
        unit=wanted.unit, posting_id=wanted.posting_id, made_at=clock.now(), due_at=wanted.due_at, **of,
    )  # fmt: skip
    task.keep_words(wanted.words)
    wind(task)
    task.save(force_insert=True)
    remember(task, actor, "give_task", "")
    return task


@transaction.atomic
def report_task(*, actor: Actor, task_id: int, words: str) -> Task:
    """The unit says what was done. Raises Task.DoesNotExist, NotAllowed or NotGiven."""
    task, row = taken(actor, task_id, "report_task")
    said = words_of(words)
    now = clock.now()
    task.reported_by_id = actor.posting_id
    task.answer_by = task_clock.after(now, task_clock.ANSWER, places.calendar(task.area))
    return move(task, row, actor, said)


@transaction.atomic
def accept_task(*, actor: Actor, task_id: int, words: str = "") -> Task:
    """Whoever gave it, or the leader of that centre, takes it as done."""
    task, row = taken(actor, task_id, "accept_task")
    return move(task, row, actor, words_of(words) if words.strip() else "")


@transaction.atomic
def send_task_back(*, actor: Actor, task_id: int, words: str, due: str) -> Task:
    """Not enough: to be done again by a new day, with the reason."""
    task, row = taken(actor, task_id, "send_task_back")
    said = words_of(words)
    task.due_at = close_of(due, task.area)
    task.returns += 1
    return move(task, row, actor, said)


@transaction.atomic
def cancel_task(*, actor: Actor, task_id: int, words: str) -> Task:
    """Nothing is to be done any more, with the reason."""
    task, row = taken(actor, task_id, "cancel_task")
    return move(task, row, actor, words_of(words))


def taken(actor: Actor, task_id: int, verb: str) -> tuple[Task, Step]:
    """The task, locked, and the row of the table; in sight first, so that nobody learns of another one's task."""
    queries.tasks_in_sight(actor).values_list("pk", flat=True).get(pk=task_id)
    task = Task.objects.select_for_update(of=("self",)).get(pk=task_id)
    row = allowed(TASK.may(verb, task, actor))
    return task, row


def move(task: Task, row: Step, actor: Actor, words: str) -> Task:
    """Into its new state, with what that state carries, and one more row of history."""
    task.state = row.lands(task.state)
    if task.state != "reported":
        task.answer_by = None
    task.ended_at = clock.now() if task.state in TASK.final else None
    wind(task)
    task.save()
    remember(task, actor, row.verb, words)
    org.record(actor, row.verb, "task", task.pk)
    return task


def wind(task: Task) -> None:
    """An open task reminds from its beginning; what is not open is silent."""
    task.reminded, task.remind_at = 0, None
    if task.state != "open":
        return
    now, ahead = clock.now(), task_clock.moments(task.due_at, places.calendar(task.area))
    # Given with less than a day: nobody is reminded of the day before.
    task.reminded = sum(moment <= now for _kind, moment in ahead)
    task.remind_at = ahead[task.reminded][1] if task.reminded < len(ahead) else None


def remember(task: Task, actor: Actor, verb: str, words: str) -> None:
    step = TaskStep(
        task=task, n=TaskStep.objects.filter(task=task).count() + 1, verb=verb, to_state=task.state,
        actor_id=actor.posting_id, unit_id=actor.unit_id, at=clock.now(), due_at=task.due_at,
    )  # fmt: skip
    step.keep_words(words)
    step.save(force_insert=True)
    later.react("supervision.task", task_id=task.pk, n=step.n)


def take_task(*, actor: Actor, task_id: int, verb: str, words: str = "", due: str = "") -> Task:
    """The verb of a form; one that does not exist finds nothing."""
    if verb == "send_task_back":
        return send_task_back(actor=actor, task_id=task_id, words=words, due=due)
    if verb not in SAID:
        raise Task.DoesNotExist
    return SAID[verb](actor=actor, task_id=task_id, words=words)


SAID = {"report_task": report_task, "accept_task": accept_task, "cancel_task": cancel_task}
