"""The life of a re-division: drafted by the administrator, approved by a leader, undone until its date."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from django.http import QueryDict

from onegrid.org.models import Area, Posting, TrailEntry
from onegrid.org.roles import ADMIN_SYSTEM, LEADER, Actor
from onegrid.territory import actions, queries
from onegrid.territory.forms.drawing import asked_of
from onegrid.territory.models import Change, Redivision, RedivisionStep
from onegrid.territory.rules.redivision_life import DO_LABELS, REDIVISION, VERB_LABELS
from onegrid.territory.tests.made import TOMORROW, add, approved, begin, split_first, step
from onegrid.testing import cast
from onegrid.testing import matters as told
from onegrid.testing.cast import COUNTY, GRIDS, TOWNS, VILLAGES, County

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def hand(county: County) -> Iterator[told.Hand]:
    told.make_matters(county)
    with told.at() as hand:
        yield hand


def test_it_is_drafted_submitted_and_approved_and_nothing_has_changed_yet(county: County) -> None:
    before = list(Area.objects.order_by("code").values())
    one = approved(county, split_first(county, begin(county)))
    assert (one.state, one.touches) == ("approved", [GRIDS[0]])
    assert list(Area.objects.order_by("code").values()) == before
    assert [(row.verb, row.to_state) for row in queries.history(one)] == [
        ("begin", "draft"), ("edit", "draft"), ("submit", "submitted"), ("approve", "approved"),
    ]  # fmt: skip
    assert TrailEntry.objects.filter(verb="redivision_approve", subject_id=one.pk).count() == 1


@pytest.mark.parametrize("who", ["leader", "dispatcher", "admin_security", "worker", "handler"])
def test_only_the_system_administrator_drafts(county: County, who: str) -> None:
    with pytest.raises(actions.NotAllowed) as refused:
        actions.begin_redivision(actor=county.people[who], title="t", reason="r", effective_on=TOMORROW)
    assert refused.value.refusal.code == "role"


@pytest.mark.parametrize("who", ["admin_system", "dispatcher", "unit_leader"])
def test_only_a_leader_of_the_centre_approves(county: County, who: str) -> None:
    one = step(split_first(county, begin(county)), "submit", county.admin_system)
    with pytest.raises((actions.NotAllowed, Redivision.DoesNotExist)):
        step(one, "approve", county.people[who])
    one.refresh_from_db()
    assert one.state == "submitted"


def test_a_leader_or_an_administrator_of_another_centre_does_not_find_it(county: County) -> None:
    one = split_first(county, begin(county))
    for name, role in (("other_leader", LEADER), ("other_admin", ADMIN_SYSTEM)):
        other = cast.post(county, name, "centre-002", TOWNS[1], (role,))
        assert queries.redivisions(other) == []
        with pytest.raises(Redivision.DoesNotExist):
            step(one, "submit", other)


def test_who_drafted_it_does_not_approve_it_in_another_post_either(county: County) -> None:
    one = step(split_first(county, begin(county)), "submit", county.admin_system)
    twice = Posting.objects.create(
        user_id=county.admin_system.user_id or 0, unit=county.units["centre"], area=COUNTY, roles=[LEADER]
    )
    with pytest.raises(actions.NotAllowed) as refused:
        step(one, "approve", Actor.of(twice))
    assert refused.value.refusal.code == "guard"


@pytest.mark.parametrize(
    ("state", "verb", "who"),
    [
        ("draft", "approve", "leader"), ("draft", "undo", "leader"), ("draft", "send_back", "leader"),
        ("submitted", "submit", "admin_system"), ("submitted", "undo", "leader"),
        ("approved", "submit", "admin_system"), ("approved", "approve", "leader"),
        ("approved", "withdraw", "admin_system"), ("approved", "send_back", "leader"),
    ],
)  # fmt: skip
def test_a_step_in_the_wrong_state_is_refused(county: County, state: str, verb: str, who: str) -> None:
    one = split_first(county, begin(county))
    if state != "draft":
        one = step(one, "submit", county.admin_system)
    if state == "approved":
        one = step(one, "approve", county.leader)
    with pytest.raises(actions.NotAllowed) as refused:
        step(one, verb, county.people[who], "理由")
    assert refused.value.refusal.code == "state"


def test_nobody_may_apply_it_by_hand(county: County) -> None:
    one = approved(county, split_first(county, begin(county)))
    for who in (county.admin_system, county.leader):
        with pytest.raises(actions.NotAllowed):
            step(one, "apply", who)


def test_it_is_sent_back_with_a_reason_and_withdrawn(county: County) -> None:
    one = step(split_first(county, begin(county)), "submit", county.admin_system)
    with pytest.raises(actions.NotGiven):
        step(one, "send_back", county.leader)
    one = step(one, "send_back", county.leader, "请先征求社区意见")
    assert queries.history(one)[-1].words == "请先征求社区意见"
    assert step(one, "withdraw", county.admin_system).state == "withdrawn"


@pytest.mark.parametrize("who", ["leader", "admin_system"])
def test_it_is_undone_until_its_date(county: County, hand: told.Hand, who: str) -> None:
    one = approved(county, split_first(county, begin(county)))
    assert step(one, "undo", county.people[who], "上级另有安排").state == "undone"
    hand.to(datetime(2026, 10, 16, 2, tzinfo=UTC))
    assert actions.sweep_redivisions() == 0
    assert not Area.objects.filter(valid_until__isnull=False).exists()


def test_a_draft_without_a_change_is_not_submitted(county: County) -> None:
    with pytest.raises(actions.NotAllowed) as refused:
        step(begin(county), "submit", county.admin_system)
    assert refused.value.refusal.code == "guard"


@pytest.mark.parametrize("day", ["2026-10-14", "2026-10-01", "2029-01-01", "tomorrow", ""])
def test_a_date_that_has_come_or_is_none_is_refused(county: County, day: str) -> None:
    with pytest.raises(actions.NotGiven) as missing:
        begin(county, day)
    assert set(missing.value.fields) == {"effective_on"}


def test_tomorrow_is_tomorrow_in_china(county: County, hand: told.Hand) -> None:
    # Half past midnight on the 15th there, still the 14th in London.
    hand.to(datetime(2026, 10, 14, 16, 30, tzinfo=UTC))
    with pytest.raises(actions.NotGiven):
        begin(county, "2026-10-15")
    assert begin(county, "2026-10-16").state == "draft"


def test_approved_too_late_it_needs_another_date(county: County, hand: told.Hand) -> None:
    one = step(split_first(county, begin(county)), "submit", county.admin_system)
    hand.to(datetime(2026, 10, 15, 2, tzinfo=UTC))
    with pytest.raises(actions.NotAllowed) as refused:
        step(one, "approve", county.leader)
    assert refused.value.refusal.code == "guard"


def test_two_that_change_the_same_grid_are_not_both_approved(county: County) -> None:
    first, second = (split_first(county, begin(county, title=title)) for title in ("甲", "乙"))
    third = add(county, begin(county, title="丙"), "change", key=GRIDS[5], name_zh="石桥一格")
    approved(county, first)
    with pytest.raises(actions.NotAllowed, match=GRIDS[0]):
        approved(county, second)
    assert approved(county, third).state == "approved"


def test_a_draft_whose_land_has_changed_since_is_not_approved(county: County) -> None:
    one = step(split_first(county, begin(county)), "submit", county.admin_system)
    Area.objects.filter(code=GRIDS[0]).update(name_zh="别名")
    with pytest.raises(actions.NotAllowed, match=GRIDS[0]):
        step(one, "approve", county.leader)


def test_a_stale_page_does_not_overwrite(county: County) -> None:
    one = begin(county)
    add(county, one, "change", key=GRIDS[0], name_zh="一格")
    with pytest.raises(actions.NotAllowed) as refused:
        actions.edit_redivision(
            actor=county.admin_system, redivision_id=one.pk, version=1, title="t", reason="r", effective_on=TOMORROW
        )
    assert refused.value.refusal.code == "version"


def test_its_history_and_what_was_decided_are_kept_by_the_database(county: County) -> None:
    one = approved(county, split_first(county, begin(county)))
    for deed in (
        lambda: RedivisionStep.objects.filter(redivision=one).update(words="x"),
        lambda: RedivisionStep.objects.filter(redivision=one).delete(),
        lambda: Change.objects.filter(redivision=one).update(after={}),
        lambda: Change.objects.filter(redivision=one).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            deed()


def test_every_verb_and_state_has_a_name() -> None:
    assert set(VERB_LABELS) == {"begin", *REDIVISION.verbs()}
    assert set(DO_LABELS) == set(REDIVISION.verbs()) - {"edit", "lapse", "apply"}
    assert set(REDIVISION.labels) == set(REDIVISION.states())
    assert VILLAGES[0] in {place.code for place in queries.villages(COUNTY)}


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("redraw", "at=1,2;3,4&to=1,2"),
        ("redraw", "at=104.61,28.7,nan&to=104.611,28.7"),
        ("redraw", "at=104.61,28.7&to=1,2;3,4"),
        ("split", f"key={GRIDS[0]}&line=104.605,28.69,nan;104.605,28.72"),
        ("change", f"key={GRIDS[0]}&name_zh=x&households={'0' * 9}99999999"),
        ("change", f"key={GRIDS[0]}&name_zh=x&households={'9' * 5000}"),
    ],
)
def test_what_a_form_sends_wrong_is_said_and_never_a_fault(county: County, kind: str, given: str) -> None:
    with pytest.raises(actions.NotGiven):
        add(county, begin(county), kind, **asked_of(kind, QueryDict(given)))


def test_letters_that_no_text_may_hold_are_left_out_of_a_draft(county: County) -> None:
    one = add(county, begin(county), "change", key=GRIDS[0], name_zh="东\0门", phone="1\0", workers=["\0", "9" * 5000])
    (change,) = one.changes.all()
    assert (change.asked["name_zh"], change.after[GRIDS[0]]["name_zh"]) == ("东门", "东门")
