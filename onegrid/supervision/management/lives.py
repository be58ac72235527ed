"""What `load_supervision` sets going besides what is kept: a meeting, joint work on a place, a circular, a hard matter.

All by the room's own actions and by the people that the files name; what is there already stays as it is.
"""

from datetime import date, timedelta
from typing import Any

from onegrid.events import queries as events
from onegrid.events.models import Event
from onegrid.kit import clock
from onegrid.org import queries as org
from onegrid.org.roles import Actor
from onegrid.supervision import actions, queries

Rows = list[dict[str, Any]]
# A meeting may be entered a week later at most.
LATEST = 6


def acting(username: str) -> Actor:
    """Raises NotGiven for whoever has no posting here."""
    posting = org.posting_of_user(username)
    if posting is None:
        raise actions.NotGiven({"by": username})
    return Actor.of(posting)


def today(actor: Actor) -> date:
    return org.calendar(actor.area).date_of(clock.now())


def working_day(actor: Actor, days: int) -> str:
    """So many days ahead, or the next working day after that."""
    calendar, day = org.calendar(actor.area), today(actor) + timedelta(days=days)
    while not calendar.is_working(day):
        day += timedelta(days=1)
    return day.isoformat()


def last_working_day(actor: Actor) -> str:
    """The latest before today; in a long holiday yesterday."""
    calendar, now = org.calendar(actor.area), today(actor)
    days = [now - timedelta(days=n) for n in range(1, LATEST + 1)]
    return next((day for day in days if calendar.is_working(day)), days[0]).isoformat()


def meetings(actor: Actor, given: Rows) -> int:
    """Held on the last working day, with minutes, conclusions and the chair's signature."""
    known = {row.meeting.title for row in queries.meetings(actor)}
    fresh = [row for row in given if row["title"] not in known]
    for row in fresh:
        caller = acting(row["called_by"])
        called = actions.Called(
            title=row["title"], kind=row["kind"], room=row["room"], series=row["series"], units=row["units"],
            rest="move",
            starts=f"{last_working_day(actor)}T{row['at']}", chair=str(actor.posting_id),
            agenda="\n".join(row["agenda"]),
        )  # fmt: skip
        made = actions.call_meeting(actor=caller, called=called)
        actions.hold_meeting(actor=caller, meeting_id=made.pk, words="\n".join(row["minutes"]))
        for one in row["conclusions"]:
            actions.conclude(actor=caller, meeting_id=made.pk, words=one["words"], owner=f"unit:{one['unit']}",
                             due=working_day(actor, one["in_days"]))  # fmt: skip
        actions.sign_minutes(actor=actor, meeting_id=made.pk)
    return len(fresh)


def place_works(actor: Actor, given: Rows) -> int:
    """Proposed by somebody of the centre and approved by its leader: it begins today."""
    known = {row.work.title for ended in (False, True) for row in queries.place_works(actor, ended=ended)}
    fresh = [row for row in given if row["title"] not in known]
    for row in fresh:
        last = (today(actor) + timedelta(days=row["days"])).isoformat()
        wish = actions.PlaceWish(
            title=row["title"], problem=row["problem"], plan=row["plan"], lead=row["lead"], units=row["units"],
            area=row["area"], leaves=row["leaves"], charge=str(actor.posting_id), until=last,
            since=today(actor).isoformat(),
            measures=[(one["words"], one["unit"], working_day(actor, one["in_days"])) for one in row["measures"]],
        )  # fmt: skip
        made = actions.propose_place_work(actor=acting(row["proposed_by"]), wish=wish)
        actions.approve_place_work(actor=actor, work_id=made.pk)
    return len(fresh)


def circulars(actor: Actor, given: Rows) -> int:
    """Over the last whole week: drafted by one, approved and published by the leader, sent to every unit."""
    known = {row.circular.title for row in queries.circulars(actor)}
    fresh = [row for row in given if row["title"] not in known]
    for row in fresh:
        author = acting(row["drafted_by"])
        if queries.series(actor.unit_id) is None:
            actions.set_prefix(actor=actor, prefix=row["prefix"])
        made = actions.draft_circular(actor=author, place=actor.area, span="week")
        made = actions.edit_circular(
            actor=author, circular_id=made.pk, version=made.version, title=row["title"], unit_ids=made.unit_ids,
            written={name: "\n".join(row[name]) for name in made.written},
        )  # fmt: skip
        for who, verb in ((author, "submit"), (actor, "approve"), (actor, "publish")):
            made = actions.move_circular(actor=who, circular_id=made.pk, verb=verb, version=made.version)
    return len(fresh)


def hard_cases(actor: Actor, given: Rows) -> int:
    """Each on the oldest open matter of the centre that fits; none where nothing fits, or the list is begun."""
    if any(queries.hard_cases(actor, ended=ended) for ended in (False, True)):
        return 0
    done = 0
    for row in given:
        rows = Event.objects.filter(owner_id=actor.unit_id, closed_at=None, restricted=False, category_decided=True)
        fitting = events.seen_by(actor, rows).filter(category__in=row["categories"]).order_by("reported_at", "id")
        if event := fitting.first():
            looked = actions.Looked(row["words"], row["way"], working_day(actor, row["in_days"]))
            lead = str(actor.posting_id)
            actions.put_on_hard_list(actor=actor, number=event.number, looked=looked, lead=lead)
            done += 1
    return done
