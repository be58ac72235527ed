"""What joint work on a place has changed: figures against a count by hand, the lists behind them, sealed matters."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from onegrid.events.models import Event
from onegrid.kit import geo
from onegrid.org.roles import Actor
from onegrid.supervision import actions, queries
from onegrid.supervision.models import PlaceWork
from onegrid.supervision.rules.place_effect import Span, spans
from onegrid.supervision.tests.test_place_work import do_all, propose
from onegrid.testing import matters as told
from onegrid.testing.cast import VILLAGES, County

pytestmark = pytest.mark.django_db
Browser = Callable[[Actor], Client]
DAY = timedelta(days=1)
# The work lasts from Monday 2026-10-19 to Sunday, 1 November: fourteen days.
FIRST = datetime(2026, 10, 18, 16, tzinfo=UTC)
FINISH = FIRST + 14 * DAY
HERE, VICE = (104.605, 28.705), "楼下麻将馆天天赌博"


@pytest.fixture(autouse=True)
def matters(county: County) -> None:
    told.make_matters(county)


def report(at: datetime, words: str = told.WORDS, lon: float = HERE[0], lat: float = HERE[1]) -> Event:
    with told.at(at):
        return told.reported(words, lon=lon, lat=lat).event


def work_in(county: County, **given: Any) -> PlaceWork:
    """Approved long before it begins."""
    with told.at(FIRST - 5 * DAY):
        term: dict[str, Any] = {"since": "2026-10-19", "until": "2026-11-01"}
        work = propose(county, **{**term, "measures": [("清理", "city", "2026-10-30")], **given})
        return actions.approve_place_work(actor=county.leader, work_id=work.pk)


def run(work: PlaceWork) -> PlaceWork:
    with told.at(FIRST + timedelta(minutes=1)):
        actions.sweep_place_works()
    return PlaceWork.objects.get(pk=work.pk)


def by_hand(work: PlaceWork, since: datetime, until: datetime) -> int:
    """Every matter of the table looked at one by one, without the database's own arithmetic."""
    count = 0
    for event in Event.objects.all():
        if event.restricted or not since <= event.reported_at < until:
            continue
        if work.radius is None:
            inside = event.area[: len(work.area)] == work.area
        else:
            assert event.lon is not None
            assert event.lat is not None
            inside = geo.distance_m(event.lon, event.lat, work.lon or 0, work.lat or 0) <= work.radius
        count += inside
    return count


def spread() -> None:
    """Reports on and around the edges of time and place."""
    moments = [
        FIRST + n * DAY + timedelta(hours=h) for n in (-15, -14, -10, -8, -7, -3, -1, 0, 2, 6, 9) for h in (0, 13)
    ]
    for n, at in enumerate(moments):
        report(at, lon=104.6001 + 0.0009 * (7 * n % 20))
    report(FIRST - timedelta(microseconds=1))


@pytest.mark.parametrize("radius", ["", "100", "300", "1000"])
def test_the_figures_are_those_of_an_independent_count(county: County, radius: str) -> None:
    where = {"area": "", "point": "104.605 28.705", "radius": radius} if radius else {"area": VILLAGES[0]}
    work = run(work_in(county, **where))
    spread()
    with told.at(FIRST + 9 * DAY + timedelta(hours=20)) as hand:
        (term,) = queries.effect(work)
        assert (term.since, term.until) == (FIRST, hand.moment)
        assert term.before_since.astimezone(UTC) == FIRST - 14 * DAY
        assert term.before_until.astimezone(UTC) == hand.moment - 14 * DAY
        assert (term.now, term.before) == (
            by_hand(work, term.since, term.until), by_hand(work, term.before_since, term.before_until),
        )  # fmt: skip
        assert term.now > 0
        for name, count in (("term", term.now), ("before-term", term.before)):
            told_ = queries.behind_place(county.leader, work, name)
            assert (told_.count, told_.seen, len(told_.rows)) == (count, count, count)


def test_only_the_chosen_kinds_count_once_somebody_has_decided_on_them(county: County) -> None:
    work = run(work_in(county, leaves=[told.LAMP]))
    report(FIRST + DAY)
    with told.at(FIRST + DAY):
        told.event_in("handling", county)
    with told.at(FIRST + 2 * DAY):
        (term,) = queries.effect(work)
        assert term.now == 1
        work.leaves = ["05"]
        assert queries.effect(work)[0].now == 1
        work.leaves = [told.GAS]
        assert queries.effect(work)[0].now == 0


def test_before_it_begins_the_last_four_weeks_say_why(county: County) -> None:
    report(FIRST - 10 * DAY)
    report(FIRST - 40 * DAY)
    work = work_in(county)
    with told.at(FIRST - 2 * DAY):
        (lately,) = queries.effect(work)
    assert (lately.name, lately.days, lately.now, lately.before) == ("lately", 28, 1, 1)


def test_after_its_term_as_long_a_time_is_looked_at_and_then_stands(county: County) -> None:
    work = run(work_in(county))
    report(FINISH + DAY)
    report(FINISH + 15 * DAY)
    with told.at(FINISH + 30 * DAY):
        term, after = queries.effect(work)
    assert (term.until, after.since, after.until) == (FINISH, FINISH, FINISH + 14 * DAY)
    assert (after.now, after.before_until.astimezone(UTC)) == (1, FIRST)


@pytest.mark.parametrize("days", [0.1, 1, 6.9, 7, 7.1, 10, 13, 14, 20, 21, 28])
def test_both_spans_are_as_long_on_the_same_days_of_the_week_and_the_first_is_over(days: float) -> None:
    now = FIRST + days * DAY
    for span in spans(FIRST, FINISH, now, "Asia/Shanghai"):
        earlier = [moment.astimezone(UTC) for moment in span.before]
        assert earlier[1] - earlier[0] == span.until - span.since
        assert [one.weekday() for one in earlier] == [span.since.weekday(), span.until.weekday()]
        assert earlier[1] <= FIRST
        assert FIRST - earlier[1] < timedelta(weeks=1)


def test_where_clocks_change_the_hour_on_the_wall_stays() -> None:
    first, now = datetime(2026, 10, 19, tzinfo=UTC), datetime(2026, 10, 27, 12, tzinfo=UTC)
    (span,) = spans(first, now + 30 * DAY, now, "Europe/Berlin")
    assert isinstance(span, Span)
    assert span.before[1].astimezone(UTC) == datetime(2026, 10, 13, 11, tzinfo=UTC)


def test_fewer_than_five_sealed_matters_are_counted_nowhere(county: County, browser_of: Browser) -> None:
    work = run(work_in(county))
    client = browser_of(county.other_handler)
    address = f"/supervise/places/{work.pk}/"
    for n in range(4):
        report(FIRST + DAY + timedelta(hours=n), VICE)
    report(FIRST + DAY)
    with told.at(FIRST + 2 * DAY):
        (term,) = queries.effect(work)
        assert (term.now, term.sealed) == (1, None)
        assert "受限" not in client.get(address).content.decode().split('id="effect"')[1].split("</table>")[0]
        assert client.get(f"{address}figure/term-sealed/").status_code == 404
    report(FIRST + DAY + timedelta(hours=5), VICE)
    with told.at(FIRST + 2 * DAY):
        (term,) = queries.effect(work)
        assert (term.now, term.sealed, term.sealed_before) == (1, 5, None)
        assert client.get(f"{address}figure/before-term-sealed/").status_code == 404


def test_no_byte_of_a_sealed_matter_reaches_who_may_not_see_it(county: County, browser_of: Browser) -> None:
    work = run(work_in(county))
    sealed = [report(FIRST + DAY + timedelta(hours=n), VICE) for n in range(6)]
    with told.at(FIRST + 2 * DAY):
        for name in ("handler", "other_handler", "unit_leader", "auditor", "analyst"):
            client = browser_of(county.people[name])
            for figure in ("term", "term-sealed"):
                page = client.get(f"/supervise/places/{work.pk}/figure/{figure}/")
                assert page.status_code == 200
                for event in sealed:
                    assert event.number not in page.content.decode(), (name, figure)
        seen = browser_of(county.leader).get(f"/supervise/places/{work.pk}/figure/term-sealed/").content.decode()
        assert all(event.number in seen for event in sealed)
        assert "麻将" not in seen


def test_a_list_holds_only_what_its_reader_may_see(county: County) -> None:
    work = run(work_in(county))
    report(FIRST + DAY)
    with told.at(FIRST + 2 * DAY):
        for name, seen in (("leader", 1), ("handler", 0), ("other_handler", 0)):
            found = queries.behind_place(county.people[name], work, "term")
            assert (found.count, found.seen, len(found.rows)) == (1, seen, seen), name
        for name in ("after", "before-", "term-sealed", "nothing", "lately", "term-sealed-sealed"):
            with pytest.raises(queries.NoPlaceFigure):
                queries.behind_place(county.leader, work, name)


def test_a_place_near_the_border_counts_nothing_of_the_neighbours(county: County) -> None:
    """Town 002 begins at 104.63: a point just inside it reaches over, the count does not."""
    with told.at(FIRST - 5 * DAY):
        given = {"lead": "station-002", "units": [], "measures": [("巡查", "station-002", "2026-10-30")],
                 "since": "2026-10-19", "until": "2026-11-01"}  # fmt: skip
        charge = str(county.leader.posting_id)
        work = propose(
            county, by=county.neighbour, area="", point="104.6305 28.705", radius="300", charge=charge, **given
        )
    report(FIRST - 6 * DAY, lon=104.6306)
    report(FIRST - 6 * DAY, lon=104.6296)
    with told.at(FIRST - 5 * DAY):
        assert queries.effect(work)[0].now == 1


def test_closed_its_figures_stand_fast(county: County) -> None:
    work = run(work_in(county))
    for n in range(3):
        report(FIRST + DAY + timedelta(hours=n))
    with told.at(FIRST + 8 * DAY) as hand:
        do_all(county, work)
        actions.sum_up_place_work(actor=county.handler, work_id=work.pk, words="清理完毕")
        work = actions.close_place_work(actor=county.leader, work_id=work.pk)
        Event.objects.update(category=told.GAS, area=VILLAGES[2] + "001")
        hand.on(days=1)
        term, after = queries.effect(work)
    assert (term.now, term.until, after.since) == (3, FIRST + 8 * DAY, FIRST + 8 * DAY)
    assert after.now == 0


def test_what_was_dropped_before_it_began_is_measured_by_nothing(county: County) -> None:
    work = work_in(county)
    with told.at(FIRST - 4 * DAY):
        work = actions.drop_place_work(actor=county.leader, work_id=work.pk, words="市场搬迁")
    with told.at(FIRST + 4 * DAY):
        assert queries.effect(work) == []
