"""On the day: codes, outlines, workers and matters; the new town sees its matters, the old one no longer."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction

from onegrid.events import actions as events
from onegrid.events import queries as matters
from onegrid.events.models import Event, Report, Step
from onegrid.notices.models import Message
from onegrid.org import queries as places
from onegrid.org.actions import Refused
from onegrid.org.models import Area, Posting, SignIn
from onegrid.org.roles import Actor
from onegrid.territory import actions, queries
from onegrid.territory.actions import applying
from onegrid.territory.models import Redivision
from onegrid.territory.tests.made import TOMORROW, add, applied, approved, begin, middle_line, split_first, step
from onegrid.testing import matters as told
from onegrid.testing.cast import COUNTY, GRIDS, SOUTH, STEP, TOWNS, VILLAGES, WEST, County, square

pytestmark = pytest.mark.django_db
WORDS = "路灯不亮"


@pytest.fixture(autouse=True)
def hand(county: County) -> Iterator[told.Hand]:
    told.make_matters(county)
    with told.at() as hand:
        yield hand


def reported(place: float, **given: Any) -> Event:
    """A matter so many squares from the west."""
    done = events.report(
        actor=Actor.stranger(), words=WORDS, lon=WEST + STEP * place, lat=SOUTH + STEP / 2, category=told.LAMP, **given
    )
    return done.event


def sees(actor: Actor, event: Event) -> bool:
    return matters.seen_by(actor, Event.objects.filter(pk=event.pk)).exists()


def user(actor: Actor) -> int:
    assert actor.user_id is not None
    return actor.user_id


def new_codes() -> list[str]:
    """Every code that is not of the cast's county."""
    return sorted(set(places.areas()) - {COUNTY, *TOWNS, *VILLAGES, *GRIDS})


def test_a_split_grid_ends_and_its_pieces_get_fresh_codes(county: County, hand: told.Hand) -> None:
    one = applied(county, split_first(county, begin(county)), hand)
    assert one.state == "effective"
    assert new_codes() == ["511502001001003", "511502001001004"]
    ended = Area.objects.get(code=GRIDS[0])
    assert str(ended.valid_until) == TOMORROW
    assert GRIDS[0] not in places.areas()
    # The name of a code of the past can still be read.
    past = places.area_then(GRIDS[0])
    assert past is not None
    assert past.name_zh == "第1网格"
    assert [place.code for place in places.area_names(GRIDS[0])][-1] == GRIDS[0]


def test_a_code_that_ended_is_never_given_again(county: County, hand: told.Hand) -> None:
    applied(county, split_first(county, begin(county)), hand)
    again = begin(county, "2026-10-16")
    again = add(county, again, "merge", keys=["511502001001003", "511502001001004"])
    applied(county, again, hand, "2026-10-16")
    assert new_codes() == ["511502001001005"]


def test_it_happens_at_midnight_in_china(county: County, hand: told.Hand) -> None:
    one = approved(county, split_first(county, begin(county)))
    hand.to(datetime(2026, 10, 14, 15, 59, tzinfo=UTC))
    assert actions.sweep_redivisions() == 0
    hand.to(datetime(2026, 10, 14, 16, 0, tzinfo=UTC))
    places.forget_reference()
    assert actions.sweep_redivisions() == 1
    one.refresh_from_db()
    assert one.state == "effective"
    assert actions.sweep_redivisions() == 0
    # From the first minute on, a report is placed in the new grid.
    assert reported(0.2).area == "511502001001003"


def test_matters_move_by_their_point_as_one_step_and_nobody_is_told(county: County, hand: told.Hand) -> None:
    west, east, elsewhere = reported(0.2), reported(0.8), reported(1.5)
    nowhere = events.report(actor=Actor.stranger(), words=WORDS, area=GRIDS[0], category=told.LAMP).event
    before = {event.pk: event.steps.count() for event in (west, east, elsewhere, nowhere)}
    messages = Message.objects.count()
    one = applied(county, split_first(county, begin(county)), hand)
    for event in (west, east, elsewhere, nowhere):
        event.refresh_from_db()
    assert (west.area, east.area) == ("511502001001003", "511502001001004")
    assert west.reported_area == east.reported_area == nowhere.reported_area == GRIDS[0]
    assert nowhere.area in ("511502001001003", "511502001001004")
    assert (elsewhere.area, elsewhere.steps.count()) == (GRIDS[1], before[elsewhere.pk])
    last = west.steps.order_by("-n")[0]
    assert (last.verb, last.actor_kind, last.from_state, last.to_state) == ("rezone", "house", "reported", "reported")
    assert last.facts == {"redivision": one.pk, "limits": {}, "from": GRIDS[0], "to": west.area}
    assert west.steps.count() == before[west.pk] + 1
    assert one.moved == 3
    assert Report.objects.get(event=west).area == west.area
    assert Message.objects.count() == messages


def test_open_and_ended_matters_keep_their_clocks(county: County, hand: told.Hand) -> None:
    event = reported(0.2)
    promised, due = event.promised_by, event.due_at
    applied(county, split_first(county, begin(county)), hand)
    event.refresh_from_db()
    assert (event.promised_by, event.due_at) == (promised, due)
    assert events.take(actor=county.receiver, number=event.number, verb="accept",
                       given={"category": told.LAMP}).state == "accepted"  # fmt: skip


def test_moved_to_another_town_the_new_one_sees_it_and_the_old_one_no_longer(county: County, hand: told.Hand) -> None:
    event, closed = reported(3.5), reported(3.6)
    events.take(actor=county.neighbour_receiver, number=closed.number, verb="refuse",
                given={"reason": "court", "words": "请向法院起诉"})  # fmt: skip
    assert event.owner_id == county.units["centre-002"].pk
    assert sees(county.neighbour, event)
    one = add(county, begin(county), "move", key=GRIDS[3], parent=VILLAGES[1])
    applied(county, one, hand)
    for each in (event, closed):
        each.refresh_from_db()
        assert each.area == "511502001002002"
        assert each.town == TOWNS[0]
        assert each.owner_id == county.units["centre"].pk
        assert not sees(county.neighbour, each)
        assert sees(county.dispatcher, each)
    assert event.holder_id == event.owner_id
    assert closed.holder_id is None


def test_moved_into_a_town_with_a_centre_of_its_own_that_centre_drives_it(county: County, hand: told.Hand) -> None:
    event, about = reported(2.5), reported(2.4, about_office=True, about_unit="centre-002")
    one = add(county, begin(county), "move", key=GRIDS[2], parent=VILLAGES[2])
    applied(county, one, hand)
    event.refresh_from_db()
    about.refresh_from_db()
    assert event.owner_id == county.units["centre-002"].pk
    assert sees(county.neighbour, event)
    # One that is about that office stays above it and is not seen there.
    assert about.owner_id == county.units["centre"].pk
    assert not sees(county.neighbour, about)


def test_one_that_was_sent_up_stays_with_the_centre_above(county: County, hand: told.Hand) -> None:
    event = reported(3.5)
    events.take(actor=county.neighbour_receiver, number=event.number, verb="accept", given={"category": told.LAMP})
    events.take(actor=county.neighbour, number=event.number, verb="escalate",
                given={"reason": "本级没有执法权"})  # fmt: skip
    event.refresh_from_db()
    assert event.owner_id == county.units["centre"].pk
    one = add(county, begin(county), "move", key=GRIDS[3], parent=VILLAGES[3])
    applied(county, one, hand)
    event.refresh_from_db()
    assert (event.area, event.owner_id) == ("511502002002002", county.units["centre"].pk)


def test_a_moved_edge_takes_only_what_lay_in_the_strip(county: County, hand: told.Hand) -> None:
    inside, strip, beyond = reported(0.5), reported(0.95), reported(1.5)
    one = begin(county)
    for north in (0, 1):
        at = [round(WEST + STEP, 6), round(SOUTH + STEP * north, 6)]
        with pytest.raises(actions.NotGiven):  # the border of the county is not moved
            add(county, one, "redraw", at=at, to=[at[0] - 0.001, at[1]])
    at = [WEST + STEP, SOUTH + STEP / 2]
    one = add(county, one, "redraw", at=at, to=[at[0] - STEP / 5, at[1]], new=True)
    applied(county, one, hand)
    for event in (inside, strip, beyond):
        event.refresh_from_db()
    assert (inside.area, strip.area, beyond.area) == (GRIDS[0], GRIDS[1], GRIDS[1])
    # The code stays, and the former outline stands in the change.
    change = one.changes.get()
    assert change.before[GRIDS[0]]["outline"]["coordinates"][0][0] == [WEST, SOUTH]
    assert Area.objects.get(code=GRIDS[0]).boundary == change.after[GRIDS[0]]["outline"]


def test_workers_are_posted_anew_as_the_draft_says(county: County, hand: told.Hand) -> None:
    one = split_first(county, begin(county))
    other = user(county.other_worker)
    one = add(county, one, "change", key="n2", name_zh="东门第二网格", workers=[other])
    session = SignIn.objects.create(user_id=user(county.worker), posting_id=county.worker.posting_id, epoch=0)
    west, east = reported(0.2), reported(0.8)
    former = Posting.objects.get(pk=county.worker.posting_id or 0)
    applied(county, one, hand)
    former.refresh_from_db()
    assert former.until is not None
    (mine,) = Posting.objects.filter(user_id=user(county.worker), until=None)
    assert (mine.area, mine.roles, mine.unit_id) == ("511502001001003", former.roles, former.unit_id)
    assert Posting.objects.filter(user_id=other, area="511502001001004", until=None).exists()
    assert Posting.objects.filter(user_id=other, area=GRIDS[3], until=None).exists()
    session.refresh_from_db()
    assert session.posting_id == mine.pk
    assert (sees(Actor.of(mine), west), sees(Actor.of(mine), east)) == (True, False)


def test_nobody_gains_a_role_by_it(county: County) -> None:
    with pytest.raises(actions.NotGiven) as missing:
        add(county, begin(county), "change", key=GRIDS[0], name_zh="一格", workers=[county.leader.user_id])
    assert set(missing.value.fields) == {"workers"}


def test_statistics_by_the_old_and_by_the_new_territory(county: County, hand: told.Hand) -> None:
    reported(3.5)
    span = {"since": datetime(2026, 10, 1, tzinfo=UTC), "until": datetime(2026, 11, 1, tzinfo=UTC)}
    applied(county, add(county, begin(county), "move", key=GRIDS[3], parent=VILLAGES[1]), hand)
    count = {
        by: queries.counted(county.leader, within=COUNTY, digits=9, by=by, **span) for by in (queries.OLD, queries.NEW)
    }
    assert count == {queries.OLD: [(TOWNS[1], 1)], queries.NEW: [(TOWNS[0], 1)]}


def test_what_fails_in_the_middle_leaves_everything_as_it_was(
    county: County, hand: told.Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = reported(0.2)
    one = approved(county, split_first(county, begin(county)))
    hand.to(datetime(2026, 10, 14, 16, 1, tzinfo=UTC))
    with monkeypatch.context() as patch:
        patch.setattr(applying, "take", broken)
        with pytest.raises(RuntimeError), transaction.atomic():
            actions.sweep_redivisions()
    event.refresh_from_db()
    one.refresh_from_db()
    places.forget_reference()
    assert (one.state, event.area, new_codes()) == ("approved", GRIDS[0], [])
    assert Posting.objects.get(pk=county.worker.posting_id or 0).until is None
    assert actions.sweep_redivisions() == 1
    event.refresh_from_db()
    assert event.area == "511502001001003"
    assert event.steps.filter(verb="rezone").count() == 1


def test_one_that_fails_does_not_hold_up_another(
    county: County, hand: told.Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = approved(county, split_first(county, begin(county)))
    second = approved(county, add(county, begin(county, title="乙"), "change", key=GRIDS[5], name_zh="石桥一格"))
    hand.to(datetime(2026, 10, 14, 16, 1, tzinfo=UTC))
    real = applying.place_villages
    monkeypatch.setattr(
        applying,
        "place_villages",
        lambda house, one, found: broken() if one.pk == first.pk else real(house, one, found),
    )
    with pytest.raises(RuntimeError):
        actions.sweep_redivisions()
    for one, state in ((first, "approved"), (second, "effective")):
        one.refresh_from_db()
        assert one.state == state


def broken(*_args: object) -> None:
    raise RuntimeError("the power went out")


def test_done_again_it_moves_nothing_twice_and_fetches_stragglers(county: County, hand: told.Hand) -> None:
    event = reported(0.2)
    applied(county, split_first(county, begin(county)), hand)
    assert actions.follow_stragglers() == 0
    # A process that still had the former land in mind put one there.
    late = reported(0.8)
    Event.objects.filter(pk=late.pk).update(area=GRIDS[0])
    assert actions.follow_stragglers() == 1
    late.refresh_from_db()
    assert late.area == "511502001001004"
    assert event.steps.filter(verb="rezone").count() == 1


def test_land_that_was_changed_by_another_way_meanwhile_stops_it(county: County, hand: told.Hand) -> None:
    one = approved(county, split_first(county, begin(county)))
    Area.objects.filter(code=GRIDS[0]).update(boundary=None)
    hand.to(datetime(2026, 10, 14, 16, 1, tzinfo=UTC))
    assert actions.sweep_redivisions() == 0
    one.refresh_from_db()
    assert one.state == "undone"
    assert GRIDS[0] in queries.history(one)[-1].words


def test_a_drawn_village_follows_its_grids(county: County, hand: told.Hand) -> None:
    first, second = VILLAGES[0], VILLAGES[1]
    for code, where in ((first, (0, 2)), (second, (2, 1))):
        Area.objects.filter(code=code).update(boundary=square(*where))
    applied(county, add(county, begin(county), "move", key=GRIDS[1], parent=second), hand)
    widths = {}
    for code in (first, second):
        boundary = Area.objects.get(code=code).boundary
        assert boundary is not None
        east = [x for x, _y in boundary["coordinates"][0]]
        widths[code] = round((max(east) - min(east)) / STEP)
    assert widths == {first: 1, second: 2}


def test_a_special_grid_lies_over_the_others_and_moves_no_matter(county: County, hand: told.Hand) -> None:
    event = reported(0.2)
    ring = [[WEST + 0.001, SOUTH + 0.004], [WEST + 0.003, SOUTH + 0.004], [WEST + 0.003, SOUTH + 0.006]]
    one = add(county, begin(county), "special", ring=ring, parent=VILLAGES[0], name_zh="购物广场专属网格")
    applied(county, one, hand)
    made = Area.objects.get(code="511502001001901")
    assert (made.kind, made.home) == ("special", VILLAGES[0])
    event.refresh_from_db()
    assert event.area == GRIDS[0]
    place = places.territory().locate(WEST + 0.0025, SOUTH + 0.0042)
    assert (place.code, place.special) == (GRIDS[0], made.code)
    gone = add(county, begin(county, "2026-10-16"), "end", key=made.code)
    applied(county, gone, hand, "2026-10-16")
    assert made.code not in places.areas()


def test_search_follows_to_the_new_town(county: County, hand: told.Hand) -> None:
    event = reported(2.5)
    applied(county, add(county, begin(county), "move", key=GRIDS[2], parent=VILLAGES[2]), hand)
    found = matters.search(county.neighbour, WORDS)
    assert [row.number for row in found.rows] == [event.number]


def test_many_at_once_are_told_by_one_line(county: County, hand: told.Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onegrid.events.actions.rezoning.TOLD_ONE_BY_ONE", 1)
    reported(0.2)
    reported(0.8)
    approved(county, split_first(county, begin(county)))
    hand.to(datetime(2026, 10, 14, 16, 1, tzinfo=UTC))
    newest = Step.objects.order_by("-pk")[0].pk
    with connection.cursor() as cursor:
        cursor.execute("LISTEN onegrid")
    actions.sweep_redivisions()
    assert Step.objects.filter(pk__gt=newest, verb="rezone").count() == 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('onegrid.in_bulk', true)")
        assert cursor.fetchone() == ("on",)


def test_only_the_house_moves_matters(county: County) -> None:
    event = reported(0.2)
    move = events.Move(event.pk, GRIDS[0], GRIDS[1])
    for who in (county.admin_system, county.leader, county.dispatcher):
        with pytest.raises(Refused):
            events.rezone(actor=who, moves=[move], facts={})


def test_an_undone_one_can_be_drafted_anew(county: County, hand: told.Hand) -> None:
    one = approved(county, split_first(county, begin(county)))
    step(one, "undo", county.leader, "另行研究")
    assert applied(county, split_first(county, begin(county)), hand).state == "effective"
    assert Redivision.objects.filter(state="effective").count() == 1


def test_a_line_is_drawn_by_hand_and_a_bad_one_is_answered_with_a_sentence(county: County) -> None:
    one = begin(county)
    for asked, field in (
        ({"key": GRIDS[0], "line": middle_line(3)}, "drawing"),
        ({"key": GRIDS[0], "line": [[1, 2]]}, "drawing"),
        ({"key": GRIDS[0], "line": [["x", 2], [3, 4]]}, "drawing"),
        ({"key": GRIDS[0], "line": [[float("nan"), 2], [3, 4]]}, "drawing"),
        ({"key": "nothing", "line": middle_line(0)}, "drawing"),
    ):
        with pytest.raises(actions.NotGiven) as missing:
            add(county, one, "split", **asked)
        assert set(missing.value.fields) == {field}
    assert one.changes.count() == 0
