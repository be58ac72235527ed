"""What time itself does with tasks, and who is told: each moment once, over restarts and by any worker."""

from django.db import transaction

from onegrid.events.models import Event
from onegrid.kit import clock, later
from onegrid.notices import actions as notices
from onegrid.org import queries as org
from onegrid.org.models import Posting
from onegrid.org.roles import LEADER
from onegrid.supervision.models import Task, TaskStep
from onegrid.supervision.queries import hands, holding, units_of
from onegrid.supervision.rules import task_clock

BATCH = 500
# verb -> what the unit that does it is told
OWNER_HEARS = {"give_task": "task_to_do", "send_task_back": "task_sent_back", "cancel_task": "task_cancelled"}


def remind_of_tasks() -> int:
    """Every moment that is due, each in a transaction of its own; how many were."""
    due = Task.objects.filter(remind_at__lte=clock.now()).order_by("remind_at", "id")
    return sum(remind(pk) for pk in list(due.values_list("pk", flat=True)[:BATCH]))


@transaction.atomic
def remind(task_id: int) -> int:
    """1. The lock keeps two workers apart. 2. What was told meanwhile is not due. 3. Told and counted together."""
    task = Task.objects.select_for_update(of=("self",)).get(pk=task_id)
    now = clock.now()
    if task.remind_at is None or task.remind_at > now:
        return 0
    calendar = org.calendar(task.area)
    kinds, next_at = task_clock.told_now(task.due_at, calendar, task.reminded, now)
    for kind in kinds:
        later.react("supervision.task_reminder", task_id=task.pk, kind=kind, at=task.due_at.isoformat())
    task.reminded = sum(moment <= now for _kind, moment in task_clock.moments(task.due_at, calendar))
    task.remind_at = next_at
    task.save(update_fields=("reminded", "remind_at"))
    return len(kinds)


def tell_of_task(*, task_id: int, n: int) -> int:
    """Messages of one step: to the unit that does it, or to whoever gave it."""
    task = Task.objects.select_related("event", "issued_by__user").get(pk=task_id)
    verb = TaskStep.objects.get(task=task, n=n).verb
    if verb == "report_task":
        return tell(task, [task.issued_by], "task_reported", f"step:{n}")
    kind = OWNER_HEARS.get(verb)
    return tell(task, doers(task), kind, f"step:{n}") if kind else 0


def tell_of_task_reminder(*, task_id: int, kind: str, at: str) -> int:
    """A reminder to the unit; when nobody did it, to the leader of the unit and to the leader of the centre."""
    task = Task.objects.select_related("event", "issued_by__user").get(pk=task_id)
    if task.state != "open" or task.due_at.isoformat() != at:
        return 0
    receivers = doers(task)
    if kind == task_clock.CLIMBED:
        own = [] if barred(task.event, task.unit_id) else holding(task.unit_id, LEADER)
        receivers = [*own, *(holding(task.issuer_id, LEADER) or [task.issued_by])]
    return tell(task, receivers, f"task_{kind}", f"remind:{at}")


def doers(task: Task) -> list[Posting]:
    """Who has it in hand: the named person, or whoever acts for the unit."""
    if barred(task.event, task.unit_id):
        return []
    if task.posting_id is None:
        return hands(task.unit_id)
    named = org.posting(task.posting_id)
    return [named] if named else holding(task.unit_id, LEADER)


def barred(event: Event | None, unit_id: int) -> bool:
    """Whether the matter turned out to be about this unit: it hears nothing more of it."""
    return event is not None and unit_id in event.about_unit_ids


def tell(task: Task, people: list[Posting], kind: str, name: str) -> int:
    return sum(
        notices.send(
            kind=kind, dedupe=f"task:{task.pk}:{name}:{kind}:posting:{one.pk}", number=number_for(task, one.unit_id),
            args={"due": clock.local(task.due_at).strftime("%m-%d %H:%M")}, language=one.user.language,
            to_posting=one.pk, unit=task.issuer_id,
        )
        for one in {one.pk: one for one in people}.values()
    )  # fmt: skip


def number_for(task: Task, unit_id: int) -> str:
    """The number of the matter, for those units that have it or gave the task."""
    if task.event is None or unit_id not in {*units_of(task.event), task.issuer_id}:
        return ""
    return task.event.number
