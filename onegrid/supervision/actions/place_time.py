"""What time itself does with joint work on a place, and who is told: each moment once, over restarts, by any worker."""

from django.db import transaction

from onegrid.kit import clock, later
from onegrid.notices import actions as notices
from onegrid.org import queries as org
from onegrid.org.models import Posting
from onegrid.org.roles import LEADER
from onegrid.supervision.actions.place_work import begin, calendar_of, locked
from onegrid.supervision.models import PlaceStep, PlaceWork
from onegrid.supervision.queries import hands, holding
from onegrid.supervision.rules import place_clock

BATCH = 500
# What asks somebody to do something, and is said only while that is still to be done.
ASKS = ("propose_place", "sum_up_place", "send_place_back")
# verb -> what the units of the work are told
UNITS_HEAR = {
    "approve_place": "place_called", "extend_place": "place_extended", "close_place": "place_ended",
    "drop_place": "place_ended",
}  # fmt: skip


def sweep_place_works() -> int:
    """Every moment that is due, each in a transaction of its own; how many were."""
    due = PlaceWork.objects.filter(act_at__lte=clock.now()).order_by("act_at", "id")
    return sum(act(pk) for pk in list(due.values_list("pk", flat=True)[:BATCH]))


@transaction.atomic
def act(work_id: int) -> int:
    """1. The lock keeps two workers apart. 2. What was done meanwhile is not due. 3. Done and counted together."""
    work, now = locked(work_id), clock.now()
    if work.act_at is None or work.act_at > now:
        return 0
    ahead = place_clock.moments(work, calendar_of(work))
    if ahead[0][0] == place_clock.BEGIN:
        begin(work, ahead[0][1])
        return 1
    kinds = place_clock.due_now(ahead, work.told, now)
    for kind in kinds:
        later.react("supervision.place_moment", work_id=work.pk, kind=kind, state=work.state,
                    at=work.act_at.isoformat())  # fmt: skip
    work.told = sum(moment <= now for _kind, moment in ahead)
    work.act_at = ahead[work.told][1] if work.told < len(ahead) else None
    work.save(update_fields=("told", "act_at"))
    return len(kinds)


def tell_of_place(*, work_id: int, n: int) -> int:
    """Messages of one step: to whoever decides next, unless it is decided by now, or to whoever takes part."""
    work = PlaceWork.objects.select_related("charge__user").get(pk=work_id)
    step = PlaceStep.objects.get(work=work, n=n)
    name = f"step:{n}"
    if step.verb in ASKS and work.state != step.to_state:
        return 0
    if step.verb == "propose_place":
        others = [one for one in holding(work.centre_id, LEADER) if one.pk != step.actor_id]
        return tell(work, others, "place_to_approve", name)
    if step.verb == "sum_up_place":
        return tell(work, deciders(work), "place_to_close", name)
    if step.verb == "send_place_back":
        return tell(work, doers(work.lead_id), "place_back", name)
    if step.verb == "drop_place" and work.approved_at is None:
        return 0
    if kind := UNITS_HEAR.get(step.verb):
        people = [one for unit in work.unit_ids for one in doers(unit)]
        return tell(work, [*people, *deciders(work)], kind, name, but=step.actor_id)
    return 0


def tell_of_place_moment(*, work_id: int, kind: str, state: str, at: str) -> int:
    """Nothing of a state that it has left meanwhile."""
    work = PlaceWork.objects.select_related("charge__user").get(pk=work_id)
    if work.state != state:
        return 0
    people = {
        place_clock.UNDECIDED: [*holding(work.centre_id, LEADER), *deciders(work)],
        place_clock.CLIMBED: [*holding(work.lead_id, LEADER), *deciders(work)],
    }.get(kind, doers(work.lead_id))
    return tell(work, people, kind, f"{state}:{at}")


def doers(unit_id: int) -> list[Posting]:
    return [*hands(unit_id), *holding(unit_id, LEADER)]


def deciders(work: PlaceWork) -> list[Posting]:
    """The leader in charge; where that post is vacant, the leaders of the centre."""
    charge = org.posting(work.charge_id)
    return [charge] if charge else holding(work.centre_id, LEADER)


def tell(work: PlaceWork, people: list[Posting], kind: str, name: str, but: int | None = None) -> int:
    last = (work.answer_by and calendar_of(work).date_of(work.answer_by)) or work.until
    return sum(
        notices.send(
            kind=kind, dedupe=f"place:{work.pk}:{name}:{kind}:posting:{one.pk}", number="",
            args={"what": work.title, "due": last.isoformat(), "work": work.pk}, language=one.user.language,
            to_posting=one.pk, unit=work.centre_id,
        )
        for one in {one.pk: one for one in people if one.pk != but}.values()
    )  # fmt: skip
