"""Jobs of the heart: tell people what happened, let time act, keep the search ahead."""

from onegrid.events import actions
from onegrid.kit import later


@later.task
def tell_people(event_id: int, n: int) -> None:
    actions.tell_people(event_id=event_id, n=n)


@later.task
def tell_of_reminder(event_id: int, at: str, kind: str) -> None:
    actions.tell_of_reminder(event_id=event_id, at=at, kind=kind)


@later.task
def tell_of_part(assignment_id: int, at: str, kind: str) -> None:
    actions.tell_of_part(assignment_id=assignment_id, at=at, kind=kind)


@later.task
def tell_of_climb(event_id: int, request_id: int, climbed: int) -> None:
    actions.tell_of_climb(event_id=event_id, request_id=request_id, climbed=climbed)


@later.task
def raise_alert(event_id: int, cause: str) -> None:
    actions.raise_alert(event_id=event_id, cause=cause)


@later.task
def tell_of_question(event_id: int, n: int) -> None:
    actions.tell_of_question(event_id=event_id, n=n)


@later.task
def tell_of_call(call_id: int, again: bool) -> None:
    actions.tell_of_call(call_id=call_id, again=again)


@later.task
def tell_of_viewing(viewing_id: int) -> None:
    actions.tell_of_viewing(viewing_id=viewing_id)


@later.task
def recompute_clocks(year: int = 0) -> None:
    actions.recompute_clocks()


@later.task
def send_mass(notice_id: int) -> None:
    if actions.send_some(notice_id=notice_id):
        later.enqueue("events.tasks.send_mass", notice_id=notice_id)


@later.every("* * * * *")
def sweep() -> None:
    actions.sweep()
    later.revive_stalled()


@later.every("17 * * * *")
def partition_ahead() -> None:
    actions.partition_ahead()


@later.task
def drop_files(names: list[str]) -> None:
    actions.drop_files(names)


@later.every("35 18 * * *")
def retain() -> None:
    """What was kept long enough goes (02:35 in China), and with it what the job queue still tells of it."""
    actions.retain()
    later.forget_finished()
