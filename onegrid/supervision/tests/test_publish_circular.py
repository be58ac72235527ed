"""The life of a circular: written, submitted, approved by another person, numbered without gaps, withdrawn."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from onegrid.notices.models import Message
from onegrid.org.models import Posting, TrailEntry
from onegrid.org.roles import DISPATCHER, LEADER, Actor
from onegrid.supervision import actions, queries
from onegrid.supervision.models import SECTIONS, Circular, CircularStep
from onegrid.supervision.rules.circular_life import CIRCULAR, DO_LABELS, VERB_LABELS
from onegrid.testing import cast
from onegrid.testing import matters as told
from onegrid.testing.cast import COUNTY, TOWNS, County, client_of

pytestmark = pytest.mark.django_db
Browser = Callable[[Actor], Client]
WORDS = dict.fromkeys(SECTIONS, "请各单位抓紧办理。")


@pytest.fixture(autouse=True)
def hand(county: County) -> Iterator[told.Hand]:
    told.make_matters(county)
    actions.set_prefix(actor=county.leader, prefix="云综治通")
    with told.at() as hand:
        yield hand


def draft(county: County, by: str = "dispatcher") -> Circular:
    place = TOWNS[1] if by == "neighbour" else COUNTY
    return actions.draft_circular(actor=county.people[by], place=place, span="week")


def taken(circular: Circular, verb: str, actor: Actor, words: str = "") -> Circular:
    circular.refresh_from_db()
    return actions.move_circular(
        actor=actor, circular_id=circular.pk, verb=verb, version=circular.version, words=words
    )  # fmt: skip


def carried(county: County, state: str, by: str = "dispatcher") -> Circular:
    """Drafted and taken as far as that."""
    circular = draft(county, by)
    for verb, actor in (("submit", county.dispatcher), ("approve", county.leader), ("publish", county.dispatcher)):
        if circular.state != state:
            circular = taken(circular, verb, actor)
    return circular


def test_it_is_published_under_the_first_number_of_the_year(county: County) -> None:
    circular = carried(county, "published")
    assert circular.number == "云综治通〔2026〕1号"
    assert (circular.year, circular.n, circular.published_at) == (2026, 1, told.MORNING)
    assert sorted(circular.sent_to) == sorted(
        county.units[code].pk for code in ("centre-002", "fire", "housing", "city", "station-001", "station-002")
    )
    history = [(row.verb, row.from_state, row.to_state) for row in queries.history(circular)]
    assert history == [
        ("draft", "", "draft"), ("submit", "draft", "submitted"), ("approve", "submitted", "approved"),
        ("publish", "approved", "published"),
    ]  # fmt: skip
    assert TrailEntry.objects.filter(verb="circular_publish", subject_id=circular.pk).count() == 1


def test_numbers_run_by_centre_and_year_and_what_was_given_up_leaves_no_gap(county: County, hand: told.Hand) -> None:
    county.people["town_leader"] = cast.post(county, "town_leader", "centre-002", TOWNS[1], (LEADER,))
    actions.set_prefix(actor=county.neighbour, prefix="青综治通")
    assert carried(county, "published").n == 1
    taken(draft(county), "discard", county.dispatcher)
    withdrawn = taken(carried(county, "published"), "withdraw", county.leader, "数据有误")
    assert (withdrawn.n, withdrawn.number) == (2, "云综治通〔2026〕2号")
    theirs = draft(county, "neighbour")
    theirs = taken(taken(theirs, "submit", county.neighbour), "approve", county.town_leader)
    assert taken(theirs, "publish", county.neighbour).number == "青综治通〔2026〕1号"
    assert carried(county, "published").n == 3
    # Half past midnight on New Year's day in the county, still the old year in London.
    hand.to(datetime(2026, 12, 31, 16, 30, tzinfo=UTC))
    assert carried(county, "published").number == "云综治通〔2027〕1号"


def test_a_new_prefix_leaves_the_given_numbers(county: County) -> None:
    first = carried(county, "published")
    actions.set_prefix(actor=county.dispatcher, prefix="云综治督")
    first.refresh_from_db()
    assert first.number == "云综治通〔2026〕1号"
    assert carried(county, "published").number == "云综治督〔2026〕2号"


def test_who_wrote_it_does_not_approve_it(county: County) -> None:
    circular = taken(draft(county, "leader"), "submit", county.leader)
    with pytest.raises(actions.NotAllowed) as refused:
        taken(circular, "approve", county.leader)
    assert refused.value.refusal.code == "guard"
    other = cast.post(county, "second_leader", "centre", COUNTY, (LEADER,))
    assert taken(circular, "approve", other).state == "approved"


def test_the_same_person_in_another_post_does_not_approve_it_either(county: County) -> None:
    circular = taken(draft(county), "submit", county.dispatcher)
    twice = Posting.objects.create(
        user_id=county.dispatcher.user_id or 0, unit=county.units["centre"], area=COUNTY, roles=[LEADER]
    )
    with pytest.raises(actions.NotAllowed):
        taken(circular, "approve", Actor.of(twice))


def test_sent_back_with_a_reason_it_is_a_draft_again(county: County) -> None:
    circular = carried(county, "approved")
    with pytest.raises(actions.NotGiven):
        taken(circular, "send_back", county.leader, "  ")
    circular = taken(circular, "send_back", county.leader, "请补充下步要求")
    assert circular.state == "draft"
    assert queries.history(circular)[-1].words == "请补充下步要求"


def test_the_words_are_changed_and_the_figures_are_not(county: County) -> None:
    circular = draft(county)
    before = circular.figures
    given: dict[str, Any] = {
        "title": "十月第一周情况通报",
        "written": WORDS,
        "unit_ids": [county.units["city"].pk, 999],
    }
    changed = actions.edit_circular(actor=county.leader, circular_id=circular.pk, version=circular.version, **given)
    assert (changed.title, changed.problems, changed.unit_ids) == (
        "十月第一周情况通报", WORDS["problems"], [county.units["city"].pk],
    )  # fmt: skip
    assert Circular.objects.get(pk=circular.pk).figures == before
    with pytest.raises(actions.NotAllowed) as refused:
        actions.edit_circular(actor=county.leader, circular_id=circular.pk, version=circular.version - 1, **given)
    assert refused.value.refusal.code == "version"


def test_words_that_are_missing_are_named(county: County) -> None:
    circular = draft(county)
    with pytest.raises(actions.NotGiven) as missing:
        actions.edit_circular(
            actor=county.dispatcher, circular_id=circular.pk, version=1, title=" ", written={**WORDS, "demands": ""},
            unit_ids=[],
        )  # fmt: skip
    assert sorted(missing.value.fields) == ["demands", "title"]


def test_it_must_go_somewhere(county: County) -> None:
    circular = draft(county)
    actions.edit_circular(
        actor=county.dispatcher, circular_id=circular.pk, version=1, title="通报", written=WORDS, unit_ids=[]
    )
    with pytest.raises(actions.NotAllowed):
        taken(circular, "submit", county.dispatcher)


def test_without_a_prefix_nothing_is_published(county: County) -> None:
    queries.series(county.units["centre"].pk).delete()  # type: ignore[union-attr]
    with pytest.raises(actions.NotAllowed):
        carried(county, "published")
    assert not Circular.objects.exclude(number="").exists()


def test_a_published_circular_stands_fast(county: County) -> None:
    circular = carried(county, "published")
    changes: tuple[dict[str, Any], ...] = ({"title": "别的"}, {"overview": "别的"}, {"number": "别的"}, {"sent_to": []})
    for change in changes:
        with pytest.raises(IntegrityError, match="stands fast"), transaction.atomic():
            Circular.objects.filter(pk=circular.pk).update(**change)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        CircularStep.objects.filter(circular=circular).update(words="别的")
    with pytest.raises(actions.NotAllowed):
        actions.edit_circular(
            actor=county.leader, circular_id=circular.pk, version=circular.version, title="别的", written=WORDS,
            unit_ids=[],
        )  # fmt: skip


def test_withdrawn_it_is_kept_and_marked_with_its_reason(county: County, browser_of: Browser) -> None:
    circular = carried(county, "published")
    with pytest.raises(actions.NotGiven):
        taken(circular, "withdraw", county.leader)
    circular = taken(circular, "withdraw", county.leader, "数据有误")
    assert (circular.state, circular.reason, circular.n) == ("withdrawn", "数据有误", 1)
    page = browser_of(county.handler).get(f"/supervise/circulars/{circular.pk}/")
    assert "数据有误" in page.content.decode()


# state -> verb -> who of these may: written by reading the requirement.
ASKED = ("dispatcher", "leader", "analyst")
TABLE = {
    "draft": {"submit": ASKED, "discard": ASKED, "approve": (), "publish": (), "withdraw": (), "send_back": ()},
    "submitted": {"approve": ("leader",), "send_back": ("leader",), "submit": (), "publish": (), "discard": ()},
    "approved": {"publish": ("dispatcher", "leader"), "send_back": ("leader",), "approve": (), "submit": ()},
    "published": {"withdraw": ("leader",), "publish": (), "send_back": (), "discard": ()},
}


@pytest.mark.parametrize("state", list(TABLE))
def test_who_may_take_which_step(county: County, state: str) -> None:
    circular = carried(county, state)
    for verb, who in TABLE[state].items():
        for name in ("dispatcher", "leader", "analyst", "receiver", "duty_leader", "auditor"):
            assert bool(CIRCULAR.may(verb, circular, county.people[name])) == (name in who), (verb, name)


@pytest.mark.parametrize("state", ["draft", "submitted", "approved"])
def test_before_it_is_out_nobody_but_its_centre_finds_it(county: County, browser_of: Browser, state: str) -> None:
    circular = carried(county, state)
    address = f"/supervise/circulars/{circular.pk}/"
    asked = ("dispatcher", "receiver", "auditor", "neighbour", "handler", "unit_leader", "worker")
    found = {name: browser_of(county.people[name]).get(address).status_code for name in asked}
    assert found == {
        "dispatcher": 200, "receiver": 200, "auditor": 200, "neighbour": 404, "handler": 404, "unit_leader": 404,
        "worker": 404,
    }  # fmt: skip


def test_the_neighbour_finds_only_what_was_sent_there(county: County) -> None:
    circular = draft(county)
    actions.edit_circular(
        actor=county.dispatcher, circular_id=circular.pk, version=1, title="通报", written=WORDS,
        unit_ids=[county.units["city"].pk],
    )  # fmt: skip
    for verb, actor in (("submit", county.dispatcher), ("approve", county.leader), ("publish", county.leader)):
        taken(circular, verb, actor)
    found = {name: client_of(county.people[name]).get(f"/supervise/circulars/{circular.pk}/").status_code
             for name in ("handler", "unit_leader", "neighbour", "other_handler")}  # fmt: skip
    assert found == {"handler": 200, "unit_leader": 200, "neighbour": 404, "other_handler": 404}
    with pytest.raises(Circular.DoesNotExist):
        taken(circular, "withdraw", county.neighbour, "不是我的")


def test_a_leader_of_a_town_does_not_approve_the_countys(county: County) -> None:
    theirs = cast.post(county, "town_leader", "centre-002", TOWNS[1], (LEADER, DISPATCHER))
    circular = carried(county, "submitted")
    with pytest.raises(Circular.DoesNotExist):
        taken(circular, "approve", theirs)
    own = taken(actions.draft_circular(actor=theirs, place=TOWNS[1], span="week"), "submit", theirs)
    with pytest.raises(actions.NotAllowed) as refused:
        taken(own, "approve", county.leader)
    assert refused.value.refusal.code == "unit"


def test_the_units_are_told_that_it_is_there(county: County) -> None:
    circular = carried(county, "published")
    assert actions.tell_of_circular(circular_id=circular.pk, verb="publish") == 7
    assert actions.tell_of_circular(circular_id=circular.pk, verb="publish") == 0
    messages = Message.objects.filter(kind="circular")
    told_to = set(messages.values_list("to_posting__user__username", flat=True))
    assert told_to == {
        "handler", "unit_leader", "other_handler", "officer", "other_officer", "neighbour", "neighbour_receiver",
    }  # fmt: skip
    assert {(one.number, one.args["what"]) for one in messages} == {("", circular.number)}


def test_the_page_shows_what_may_be_done_and_why_not(county: County, browser_of: Browser) -> None:
    circular = taken(draft(county, "leader"), "submit", county.leader)
    verbs = browser_of(county.leader).get(f"/supervise/circulars/{circular.pk}/").context["verbs"]
    assert {one["verb"]: one["why_not"] for one in verbs} == {
        "approve": "起草人不能批准自己起草的通报。", "send_back": "",
    }  # fmt: skip
    assert browser_of(county.auditor).get(f"/supervise/circulars/{circular.pk}/").context["verbs"] == []


def test_the_forms_lead_from_draft_to_publication(county: County, browser_of: Browser) -> None:
    client, keys = browser_of(county.dispatcher), iter("ABCDEFGH")
    post: Callable[..., Any] = lambda path, **given: client.post(path, {"idempotency_key": next(keys), **given})  # noqa: E731
    answer = post("/supervise/circulars/new/", place=COUNTY, span="month", language="zh-hans")
    circular = Circular.objects.get()
    assert answer.headers["Location"] == f"/supervise/circulars/{circular.pk}/edit/"
    given = {**WORDS, "title": "九月通报", "unit": [county.units["city"].pk], "version": circular.version}
    assert post(f"/supervise/circulars/{circular.pk}/edit/", **given).status_code == 303
    circular.refresh_from_db()
    assert (circular.title, circular.since.isoformat()) == ("九月通报", "2026-09-01")
    assert post(f"/supervise/circulars/{circular.pk}/do/submit/", version=circular.version).status_code == 303
    stale = post(f"/supervise/circulars/{circular.pk}/do/approve/", version=circular.version + 1)
    assert stale.status_code == 409
    assert post("/supervise/circulars/new/", place="x", span="week").status_code == 422
    assert post(f"/supervise/circulars/{circular.pk}/do/edit/").status_code == 404


def test_a_list_and_a_page_need_few_statements(county: County, browser_of: Browser) -> None:
    for _each in range(3):
        circular = carried(county, "published")
    client = browser_of(county.dispatcher)
    for address, most in (("/supervise/circulars/", 5), (f"/supervise/circulars/{circular.pk}/", 6)):
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        assert len(asked) <= most, [one["sql"][:120] for one in asked.captured_queries]


def test_every_step_and_state_has_a_name(county: County) -> None:
    assert set(CIRCULAR.states()) == set(CIRCULAR.labels)
    assert {"draft", *CIRCULAR.verbs()} == set(VERB_LABELS)
    assert set(CIRCULAR.verbs()) == set(DO_LABELS)


@pytest.mark.django_db(transaction=True)
def test_two_publishings_at_once_give_two_numbers_without_a_gap(county: County) -> None:
    ready = [carried(county, "approved") for _each in range(4)]

    def publish(circular: Circular) -> str:
        with told.at():
            try:
                return taken(circular, "publish", county.dispatcher).number
            finally:
                connection.close()

    with ThreadPoolExecutor(4) as pool:
        given = sorted(pool.map(publish, ready))
    assert given == [f"云综治通〔2026〕{n}号" for n in (1, 2, 3, 4)]
