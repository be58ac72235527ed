"""Drafting a circular: what is counted, that it stands fast, what is never told, and what lies behind a figure."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from onegrid.events import actions as events
from onegrid.events.models import Event
from onegrid.org.roles import ANALYST, LEADER, Actor
from onegrid.supervision import actions, queries
from onegrid.supervision.models import Circular
from onegrid.supervision.rules.period import Period, preset
from onegrid.testing import cast
from onegrid.testing import matters as told
from onegrid.testing.cast import COUNTY, TOWNS, County, client_of

pytestmark = pytest.mark.django_db
# Tuesday and Sunday of the week before told.MORNING, and the Tuesday before that.
TUESDAY = datetime(2026, 10, 6, 2, 0, tzinfo=UTC)
SUNDAY = datetime(2026, 10, 11, 2, 0, tzinfo=UTC)
EARLIER = datetime(2026, 9, 29, 2, 0, tzinfo=UTC)
NEXT_TOWN: dict[str, Any] = {"lon": 104.635, "lat": 28.705}
TIP = "楼下麻将馆天天赌博"


@pytest.fixture
def hand(county: County) -> Iterator[told.Hand]:
    told.make_matters(county)
    with told.at(TUESDAY) as hand:
        yield hand


@pytest.fixture
def week(county: County, hand: told.Hand) -> told.Hand:
    """Last week: two ended in time, one refused, one handed in late, one still handled and late, two next door;
    one of the week before. It is Wednesday now."""
    hand.to(EARLIER)
    told.event_in("closed", county)
    hand.to(TUESDAY)
    for _twice in range(2):
        told.event_in("closed", county)
    told.event_in("refused", county)
    slow = told.event_in("handling", county)
    told.event_in("handling", county)
    for _twice in range(2):
        told.reported(**NEXT_TOWN)
    hand.to(SUNDAY)
    events.take(actor=county.handler, number=slow.number, verb="resolve", given={"result": "修好了"})
    events.take(actor=county.checker, number=slow.number, verb="pass_check", given={})
    hand.to(told.MORNING)
    return hand


def drafted(actor: Actor, **given: Any) -> Circular:
    return actions.draft_circular(actor=actor, **{"place": COUNTY, "span": "week", **given})


def counts(circular: Circular) -> dict[str, int]:
    return {name: one["count"] for name, one in circular.figures["totals"].items()}


def test_it_counts_the_last_week(county: County, week: told.Hand) -> None:
    made = drafted(county.dispatcher)
    assert (made.since, made.until) == (date(2026, 10, 5), date(2026, 10, 11))
    assert counts(made) == {
        "received": 7, "accepted": 4, "refused": 1, "ended": 2, "kept": 2, "missed": 1, "open": 4, "late": 3,
        "rated": 2, "solved": 2, "unsolved": 0, "satisfied": 2, "fair": 0, "dissatisfied": 0,
    }  # fmt: skip
    assert made.figures["doors"] == [{"key": "web", "received": 7}]
    groups = {row["key"]: row["received"] for row in made.figures["groups"]}
    assert groups == {"0502": 4, "": 3}


def test_it_counts_by_unit_in_the_order_of_names_and_by_town(county: County, week: told.Hand) -> None:
    made = drafted(county.dispatcher)
    units = [(row["zh"], row["received"], row["ended"], row["late"]) for row in made.figures["units"]]
    # The town's centre has not accepted two in time and still stands last; the city office is late with one.
    assert units == sorted(units)
    assert set(units) == {("综合行政执法局", 4, 2, 1), ("青溪镇综治中心", 0, 0, 2)}
    towns = {row["key"]: (row["received"], row["ended"], row["open"], row["late"]) for row in made.figures["towns"]}
    assert towns == {TOWNS[0]: (5, 2, 2, 1), TOWNS[1]: (2, 0, 2, 2)}


def test_it_compares_with_the_week_before_and_gives_no_percentage_of_little(county: County, week: told.Hand) -> None:
    received = drafted(county.dispatcher).total("received")
    assert (received["before"], received["difference"], received["percent"]) == (1, 6, None)


def test_a_percentage_needs_a_base_of_twenty(county: County, hand: told.Hand) -> None:
    hand.to(EARLIER)
    for _each in range(20):
        told.reported()
    hand.to(TUESDAY)
    for _each in range(25):
        told.reported()
    hand.to(told.MORNING)
    received = drafted(county.dispatcher).total("received")
    assert (received["before"], received["difference"], received["percent"]) == (20, 5, 25.0)


def test_a_town_counts_its_own_only(county: County, week: told.Hand) -> None:
    made = drafted(county.dispatcher, place=TOWNS[1])
    assert (counts(made)["received"], counts(made)["ended"], made.figures["towns"]) == (2, 0, [])


def test_a_step_that_was_taken_back_is_not_counted(county: County, hand: told.Hand) -> None:
    number = told.reported().number
    given = {"reason": "court", "words": "请起诉。"}
    events.take(actor=county.receiver, number=number, verb="refuse", given=given)
    events.undo(actor=county.receiver, number=number)
    hand.to(told.MORNING)
    made = drafted(county.dispatcher)
    assert counts(made)["refused"] == 0
    assert queries.behind(county.dispatcher, made, "refused").seen == 0


def test_frozen_figures_do_not_change_when_matters_do(county: County, week: told.Hand) -> None:
    made = drafted(county.dispatcher)
    before = made.figures
    told.reported()
    events.take(actor=county.leader, number=Event.objects.filter(state="closed").latest("id").number, verb="archive")
    made.refresh_from_db()
    assert made.figures == before
    assert made.counted_at == told.MORNING
    with pytest.raises(IntegrityError, match="stand fast"), transaction.atomic():
        Circular.objects.filter(pk=made.pk).update(figures={})
    with pytest.raises(IntegrityError, match="kept"), transaction.atomic():
        Circular.objects.filter(pk=made.pk)._raw_delete("default")


def test_fewer_than_five_sealed_matters_are_counted_nowhere(county: County, hand: told.Hand) -> None:
    told.reported()
    for _each in range(4):
        told.reported(TIP)
    hand.to(told.MORNING)
    made = drafted(county.dispatcher)
    assert made.total("received") == {"count": 1, "sealed": None, "before": 0, "difference": 1, "percent": None}
    assert (counts(made)["open"], counts(made)["late"]) == (1, 1)
    assert "4" not in str(made.figures["doors"] + made.figures["towns"] + made.figures["groups"])
    # Not even a duty officer, who sees them at the desk, is led from the number to them.
    assert queries.behind(county.leader, made, "received").seen == 1
    page = client_of(county.leader).get(f"/supervise/circulars/{made.pk}/").content.decode()
    assert "少于5件" in page


def test_five_sealed_matters_count_in_the_totals_and_never_by_town_or_unit(county: County, hand: told.Hand) -> None:
    told.reported()
    for _each in range(5):
        told.reported(TIP)
    hand.to(told.MORNING)
    made = drafted(county.dispatcher)
    assert (made.total("received")["count"], made.total("received")["sealed"]) == (6, 5)
    assert [row["received"] for row in made.figures["towns"]] == [1]
    assert sum(row["late"] for row in made.figures["units"]) == 1
    assert made.figures["doors"] == [{"key": "web", "received": 1}]
    assert queries.behind(county.dispatcher, made, f"received-town-{TOWNS[0]}").seen == 1


def test_behind_a_figure_stands_only_what_the_reader_may_see(county: County, week: told.Hand) -> None:
    for _each in range(5):
        told.reported(TIP)
    week.on(days=7)
    made = drafted(county.dispatcher, span="own", since="2026-10-05", until="2026-10-18")
    assert made.total("received")["count"] == 12
    readers = ("leader", "analyst", "handler")
    behind = {name: queries.behind(county.people[name], made, "received").seen for name in readers}
    # All twelve; without the five sealed ones; what the city office has a part in.
    assert behind == {"leader": 12, "analyst": 7, "handler": 4}


def test_every_figure_counts_what_lies_behind_it(county: County, week: told.Hand) -> None:
    made = drafted(county.dispatcher)
    names = [*made.figures["totals"], "before-received", "before-ended", "received-door-web", "received-group-0502",
             "received-group-", f"late-town-{TOWNS[1]}", f"ended-unit-{county.units['city'].pk}",
             f"late-unit-{county.units['centre-002'].pk}"]  # fmt: skip
    seen = {name: queries.behind(county.leader, made, name) for name in names}
    assert {name: one.seen for name, one in seen.items()} == {name: one.figure.count for name, one in seen.items()}


@pytest.mark.parametrize("name", ["nothing", "before-late", "received-unit-999", "received-shape-1", "open-door-web"])
def test_a_figure_that_is_not_told_is_not_there(county: County, week: told.Hand, name: str) -> None:
    made = drafted(county.dispatcher)
    assert client_of(county.leader).get(f"/supervise/circulars/{made.pk}/figure/{name}/").status_code == 404


def test_of_a_sealed_matter_the_list_shows_its_number_and_nothing_else(county: County, hand: told.Hand) -> None:
    for _each in range(5):
        told.reported(TIP, address="三号楼")
    hand.to(told.MORNING)
    made = drafted(county.dispatcher)
    page = client_of(county.leader).get(f"/supervise/circulars/{made.pk}/figure/received/")
    rows = page.context["rows"]
    assert len(rows) == 5
    assert {(row["place"], row["state"]) for row in rows} == {("", "")}
    assert "赌" not in page.content.decode()
    assert "东门社区" not in page.content.decode()


def test_the_list_behind_a_figure_ends_at_two_hundred_and_says_so(
    county: County, week: told.Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = drafted(county.dispatcher)
    monkeypatch.setattr("onegrid.supervision.queries.behind_figures.MOST", 2)
    page = client_of(county.leader).get(f"/supervise/circulars/{made.pk}/figure/received/")
    assert (page.context["seen"], len(page.context["rows"])) == (7, 2)


def test_the_words_are_written_from_the_figures_in_the_language_of_the_circular(
    county: County, week: told.Hand
) -> None:
    chinese, english = drafted(county.dispatcher), drafted(county.dispatcher, language="en")
    assert "云麓县" in chinese.title
    assert "收到事项7件" in chinese.overview
    assert "按期2件" in chinese.handling
    assert "Yunlu County" in english.title
    assert "Received in Yunlu County" in english.overview
    assert "in time 2, late 1" in english.handling
    assert "City Management Office 1" in english.problems


@pytest.mark.parametrize("name", ["receiver", "checker", "duty_leader", "handler", "unit_leader", "auditor", "worker"])
def test_wrong_role(county: County, hand: told.Hand, name: str) -> None:
    with pytest.raises(actions.NotAllowed):
        drafted(county.people[name])
    assert not Circular.objects.exists()


@pytest.mark.parametrize("name", ["dispatcher", "leader", "analyst", "neighbour"])
def test_who_writes_at_a_centre(county: County, hand: told.Hand, name: str) -> None:
    place = TOWNS[1] if name == "neighbour" else COUNTY
    assert drafted(county.people[name], place=place).state == "draft"


def test_the_neighbour_counts_no_other_town(county: County, hand: told.Hand) -> None:
    for place in (COUNTY, TOWNS[0], "", "5"):
        with pytest.raises(actions.NotGiven):
            drafted(county.neighbour, place=place)


def test_an_analyst_of_a_department_writes_none(county: County, hand: told.Hand) -> None:
    with pytest.raises(actions.NotAllowed):
        drafted(cast.post(county, "reader", "city", COUNTY, (ANALYST, LEADER)))


@pytest.mark.parametrize(
    ("since", "until", "field"),
    [
        ("", "", "since"),
        ("2026-10-09", "2026-10-08", "until"),
        ("2026-10-01", "2026-10-14", "until"),
        ("2024-01-01", "2026-01-01", "until"),
    ],
)
def test_a_period_that_cannot_be_is_refused_with_its_field(
    county: County, hand: told.Hand, since: str, until: str, field: str
) -> None:
    hand.to(told.MORNING)
    with pytest.raises(actions.NotGiven) as missing:
        drafted(county.dispatcher, span="own", since=since, until=until)
    assert list(missing.value.fields) == [field]


@pytest.mark.parametrize(
    ("name", "today", "since", "until"),
    [
        ("week", "2026-10-14", "2026-10-05", "2026-10-11"),
        ("week", "2026-10-12", "2026-10-05", "2026-10-11"),
        ("month", "2026-03-31", "2026-02-01", "2026-02-28"),
        ("month", "2026-01-01", "2025-12-01", "2025-12-31"),
        ("quarter", "2026-10-14", "2026-07-01", "2026-09-30"),
        ("quarter", "2026-02-28", "2025-10-01", "2025-12-31"),
    ],
)
def test_the_presets_are_whole_periods_that_are_over(name: str, today: str, since: str, until: str) -> None:
    found = preset(name, date.fromisoformat(today))
    assert found == Period(date.fromisoformat(since), date.fromisoformat(until))


def test_the_period_before_is_as_long() -> None:
    assert Period(date(2026, 10, 5), date(2026, 10, 11)).before == Period(date(2026, 9, 28), date(2026, 10, 4))


def test_counting_takes_two_statements(county: County, week: told.Hand) -> None:
    queries.count(Period(date(2026, 10, 5), date(2026, 10, 11)), COUNTY)
    with CaptureQueriesContext(connection) as asked:
        queries.count(Period(date(2026, 10, 5), date(2026, 10, 11)), COUNTY)
    assert len(asked) == 2
