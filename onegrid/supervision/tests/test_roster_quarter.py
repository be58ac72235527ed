"""A quarter of a roster with a fast clock: every notice and every alarm once, over killed sweeps and two workers."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connections
from django.test import Client

from onegrid.events.models import OnDuty
from onegrid.notices.models import Message
from onegrid.org import queries as org
from onegrid.org.models import CalendarDay
from onegrid.org.roles import Actor
from onegrid.supervision import actions, queries
from onegrid.supervision.actions import rounds
from onegrid.supervision.models import Gap, Roster, Shift
from onegrid.supervision.rules.roster import LEADS, OFFICER, Slot
from onegrid.testing import cast
from onegrid.testing.cast import County
from onegrid.testing.matters import at

Browser = Callable[[Actor], Client]
# Monday 2026-09-21, 08:00 in the county; all shifts change at 08:00 and 20:00, so half days are steps enough.
START = datetime(2026, 9, 21, 0, 0, tzinfo=UTC)
HALF, DAY = timedelta(hours=12), timedelta(days=1)
DAYS = 90
# Half days, counted from the start, that nobody was put on: one night, a night and a day in a row, one day.
HOLES = (7, 40, 41, 100)


def of(who: Actor) -> int:
    assert who.posting_id is not None
    return who.posting_id


def put(county: County, halves: range | tuple[int, ...], kind: str = LEADS) -> list[Shift]:
    """The leader by day, the duty leader by night."""
    people = (county.leader, county.duty_leader)
    slots = [Slot(of(people[n % 2]), START + n * HALF, START + (n + 1) * HALF) for n in halves]
    return actions.roster(actor=county.dispatcher, kind=kind, place=1, slots=slots)


def whole(county: County) -> list[Shift]:
    return put(county, tuple(n for n in range(2 * DAYS) if n not in HOLES))


def told(kind: str) -> Counter[tuple[str, int | None]]:
    """Every message of a kind as somebody reads it: its moment and its person; bundles say nothing new."""
    rows = Message.objects.filter(kind=kind, gathers=False)
    return Counter((row.args["due"], row.to_posting_id) for row in rows)


def spoken(n: int) -> str:
    """The beginning of a half day as a message says it, in the county's time, eight hours ahead."""
    return f"{START + n * HALF + timedelta(hours=8):%m-%d %H:%M}"


class Killed(Exception):
    """The worker died in the middle of its round."""


@pytest.mark.django_db
def test_a_quarter_tells_each_thing_once_though_every_third_sweep_is_killed(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A killed round has done everything but has not committed; what it did is undone, and the next one does it."""
    real, count = rounds.next_moment, 0

    def dying(row: Roster, now: datetime) -> datetime | None:
        nonlocal count
        count += 1
        if count % 3 == 0:
            raise Killed
        return real(row, now)

    killed = 0
    with at(START - 2 * HALF) as hand:
        shifts = whole(county)
        monkeypatch.setattr(rounds, "next_moment", dying)
        while hand.moment < START + 2 * DAYS * HALF + 2 * DAY:
            hand.on(hours=12)
            for _worker in range(2):
                try:
                    actions.sweep_rosters()
                except Killed:
                    killed += 1
    assert killed > 60
    assert told("shift_ahead") == Counter((spoken_of(one), one.posting_id) for one in shifts)
    keepers = (of(county.leader), of(county.dispatcher))
    # The two half days in a row are one gap; the last begins where the roster ends.
    begins = (7, 40, 100, 2 * DAYS)
    once = Counter((spoken(n), keeper) for n in begins for keeper in keepers)
    assert told("gap_ahead") == once
    assert told("gap_now") == once
    assert all(row.urgent for row in Message.objects.filter(kind="gap_now"))
    gaps = list(Gap.objects.order_by("begins").values_list("begins", "closed_at"))
    assert [begun for begun, _closed in gaps] == [START + n * HALF for n in begins]
    assert [closed for _begun, closed in gaps] == [START + n * HALF for n in (8, 42, 101)] + [None]


def spoken_of(shift: Shift) -> str:
    return f"{shift.begins + timedelta(hours=8):%m-%d %H:%M}"


@pytest.mark.django_db
def test_the_evening_before_is_at_eighteen_hours(county: County) -> None:
    with at(START) as hand:
        put(county, (2,))  # Tuesday 08:00
        hand.to(START + timedelta(hours=9, minutes=59))
        actions.sweep_rosters()
        assert told("shift_ahead") == Counter()
        hand.on(minutes=1)
        actions.sweep_rosters()
        assert told("shift_ahead") == Counter([(spoken(2), of(county.leader))])


@pytest.mark.django_db
def test_a_gap_warns_a_day_before_and_calls_when_it_begins(county: County) -> None:
    with at(START) as hand:
        put(county, (0, 1, 2, 4))
        gap = START + 3 * HALF
        hand.to(gap - DAY - timedelta(minutes=1))
        actions.sweep_rosters()
        assert told("gap_ahead") == Counter()
        hand.on(minutes=1)
        actions.sweep_rosters()
        assert sum(told("gap_ahead").values()) == 2
        hand.to(gap - timedelta(minutes=1))
        actions.sweep_rosters()
        assert told("gap_now") == Counter()
        hand.on(minutes=1)
        actions.sweep_rosters()
        assert sum(told("gap_now").values()) == 2


@pytest.mark.django_db
def test_a_gap_that_is_filled_is_quiet_and_one_that_opens_again_is_another(county: County) -> None:
    with at(START) as hand:
        put(county, (0, 1, 3))
        gap = START + 2 * HALF
        hand.to(gap - timedelta(hours=2))
        actions.sweep_rosters()
        (filled,) = put(county, (2,))
        hand.to(gap)
        actions.sweep_rosters()
        assert told("gap_now") == Counter()
        hand.on(hours=1)
        actions.withdraw_shift(actor=county.leader, shift_id=filled.pk)
        assert sum(told("gap_now").values()) == 2


@pytest.mark.django_db
def test_an_absence_makes_a_gap_too(county: County) -> None:
    with at(START):
        put(county, range(8))
        actions.be_absent(actor=county.duty_leader, since=START + HALF, until=START + 2 * HALF)
        assert set(told("gap_ahead")) == {(spoken(1), of(county.leader)), (spoken(1), of(county.dispatcher))}


@pytest.mark.django_db
def test_a_deputy_on_duty_leaves_no_gap(county: County) -> None:
    with at(START):
        put(county, range(8))
        slots = [Slot(of(county.leader), START + HALF, START + 2 * HALF)]
        actions.roster(actor=county.leader, kind=LEADS, place=2, slots=slots)
        actions.be_absent(actor=county.duty_leader, since=START + HALF, until=START + 2 * HALF)
        assert told("gap_ahead") == Counter()


@pytest.mark.django_db
def test_after_a_standstill_only_what_still_holds_is_said(county: County) -> None:
    with at(START) as hand:
        put(county, (0, 1, 3, 4, 20))
        known = [told("gap_ahead"), told("shift_ahead")]
        hand.to(START + 6 * HALF)
        for _worker in range(3):
            actions.sweep_rosters()
        keepers = (of(county.leader), of(county.dispatcher))
        assert told("gap_now") == Counter((spoken(5), keeper) for keeper in keepers)
        assert [told("gap_ahead"), told("shift_ahead")] == known


@pytest.mark.django_db
def test_a_department_is_not_alarmed_and_a_roster_that_ran_out_long_ago_is_forgotten(county: County) -> None:
    with at(START) as hand:
        slots = [Slot(of(county.handler), START, START + HALF)]
        actions.roster(actor=county.unit_leader, kind=OFFICER, place=1, slots=slots)
        for _day in range(40):
            hand.on(days=1)
            actions.sweep_rosters()
        assert not Gap.objects.exists()
        assert Roster.objects.get().next_at is None
        assert not OnDuty.objects.exists()


@pytest.mark.django_db
def test_every_day_of_the_quarter_is_marked_as_the_calendar_has_it(county: County, browser_of: Browser) -> None:
    """National Day 2026, as planted here: 1 to 7 October off, Sunday 27 September and Saturday 10 October worked."""
    rest = [date(2026, 10, day) for day in range(1, 8)]
    worked = [date(2026, 9, 27), date(2026, 10, 10)]
    CalendarDay.objects.bulk_create(
        [CalendarDay(date=on, kind="rest", name="国庆节", name_en="National Day") for on in rest]
        + [CalendarDay(date=on, kind="work", name="国庆节调休", name_en="make-up day") for on in worked]
    )
    org.forget_reference()
    client, seen = browser_of(county.receiver), dict[date, str]()
    with at(START):
        for number in range(7):
            page = client.get(f"/supervise/roster/?from={START.date() + timedelta(days=14 * number)}")
            seen |= {day.on: day.why for day in page.context["days"]}
    assert len(seen) == 98
    for on, why in seen.items():
        wanted = "make_up_day" if on in worked else "holiday" if on in rest else "working_day"
        if wanted == "working_day" and on.isoweekday() in (6, 7):
            wanted = "weekend"
        assert why == wanted, on


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_the_same_moment_say_each_thing_once() -> None:
    """Each meets the other in the middle of its round; the row of the roster keeps them apart."""
    county = cast.make_county()
    failed: list[Exception] = []
    with at(START - timedelta(hours=2)) as hand:
        shifts = put(county, (0, 1, 3, 4))
        both = threading.Barrier(2)

        def sweep() -> None:
            try:
                both.wait(timeout=10)
                actions.sweep_rosters()
            except Exception as error:
                failed.append(error)
            finally:
                connections.close_all()

        for _step in range(14):
            workers = [threading.Thread(target=sweep) for _worker in range(2)]
            for one in workers:
                one.start()
            for one in workers:
                one.join()
            hand.on(hours=6)
    assert failed == []
    assert told("shift_ahead") == Counter((spoken_of(one), one.posting_id) for one in shifts)
    keepers = (of(county.leader), of(county.dispatcher))
    assert told("gap_now") == Counter((spoken(n), keeper) for n in (2, 5) for keeper in keepers)
    assert queries.on_duty(county.units["centre"].pk, START)
    assert Gap.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_second_worker_waits_for_the_first_and_finds_nothing_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    county = cast.make_county()
    inside, release, done = threading.Event(), threading.Event(), dict[str, bool]()
    real = rounds.tell_ahead

    def slowly(row: Roster, now: datetime) -> None:
        if not inside.is_set():
            inside.set()
            release.wait(timeout=20)
        real(row, now)

    def sweep(worker: str) -> None:
        try:
            done[worker] = actions.round_of(roster_id=Roster.objects.get().pk)
        finally:
            connections.close_all()

    with at(START) as hand:
        put(county, (0, 1))
        hand.on(hours=12)
        monkeypatch.setattr(rounds, "tell_ahead", slowly)
        first, second = (threading.Thread(target=sweep, args=[worker]) for worker in ("first", "second"))
        first.start()
        assert inside.wait(timeout=20)
        second.start()
        second.join(timeout=1)
        assert second.is_alive()
        release.set()
        first.join()
        second.join()
    assert done == {"first": True, "second": False}
