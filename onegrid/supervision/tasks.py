"""Jobs of supervision: what follows a step of a matter, what time itself does, and who is told."""

from collections.abc import Callable
from contextlib import ExitStack

from onegrid.kit import later
from onegrid.org.roles import Actor
from onegrid.supervision import actions


@later.task
def succeed_grids(heirs: dict[str, list[str]]) -> None:
    actions.succeed_grids(actor=Actor.system(), heirs=heirs)


@later.task
def tell_of_task(task_id: int, n: int) -> None:
    actions.tell_of_task(task_id=task_id, n=n)


@later.task
def tell_of_task_reminder(task_id: int, kind: str, at: str) -> None:
    actions.tell_of_task_reminder(task_id=task_id, kind=kind, at=at)


@later.task
def tell_of_published(circular_id: int) -> None:
    actions.tell_of_circular(circular_id=circular_id, verb="publish")


@later.task
def tell_of_withdrawn(circular_id: int) -> None:
    actions.tell_of_circular(circular_id=circular_id, verb="withdraw")


@later.task
def tell_of_unread(receipt_id: int) -> None:
    actions.tell_of_unread(receipt_id=receipt_id)


@later.task
def follow_objection(event_id: int, n: int) -> None:
    actions.follow_objection(event_id=event_id, n=n)


@later.task
def tell_of_meeting(meeting_id: int, kind: str) -> None:
    actions.tell_of_meeting(meeting_id=meeting_id, kind=kind)


@later.task
def tell_of_place(work_id: int, n: int) -> None:
    actions.tell_of_place(work_id=work_id, n=n)


@later.task
def tell_of_place_moment(work_id: int, kind: str, state: str, at: str) -> None:
    actions.tell_of_place_moment(work_id=work_id, kind=kind, state=state, at=at)


@later.task
def tell_of_hard(case_id: int, n: int) -> None:
    actions.tell_of_hard(case_id=case_id, n=n)


@later.task
def tell_of_hard_reminder(case_id: int, kind: str, at: str) -> None:
    actions.tell_of_hard_reminder(case_id=case_id, kind=kind, at=at)


@later.every("50 18 * * *")
def forget_words() -> None:
    """After what was kept long enough has gone (02:50 in China)."""
    actions.forget_words()


# What time itself does, each part of the room by a line of its own.
PARTS: tuple[Callable[[], object], ...] = (
    actions.remind_of_tasks,
    actions.remind_unread,
    actions.sweep_rosters,
    actions.settle_rulings,
    actions.sweep_orders,
    actions.sweep_hard_cases,
    actions.sweep_rules,
    actions.sweep_place_works,
)


@later.every("* * * * *")
def sweep() -> None:
    """Every part has its turn, whatever another one ran into; the job fails with what failed."""
    with ExitStack() as turns:
        for part in reversed(PARTS):
            turns.callback(part)


@later.every("*/10 * * * *")
def seal_orders() -> None:
    actions.seal_words()


@later.task
def tell_of_order(order_id: int, n: int) -> None:
    actions.tell_of_order(order_id=order_id, n=n)


@later.task
def tell_of_silence(order_id: int, n: int) -> None:
    actions.tell_of_silence(order_id=order_id, n=n)


@later.task
def tell_of_rule(hit_id: int) -> None:
    actions.tell_of_rule(hit_id=hit_id)
