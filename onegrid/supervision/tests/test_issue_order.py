"""A centre asks a unit for a reply on a matter: by rank, only upwards, by a day."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from onegrid.events import actions as events
from onegrid.events.models import Event
from onegrid.org.models import TrailEntry
from onegrid.org.roles import Actor
from onegrid.supervision import actions, queries
from onegrid.supervision.models import Order, OrderStep
from onegrid.testing import cast
from onegrid.testing import matters as told
from onegrid.testing.cast import County, client_of

pytestmark = pytest.mark.django_db
KINDS = ("urge", "ordinary", "yellow", "red", "listed")
# From a Wednesday morning: the close of the first, second, second, first, fifth working day after it.
DEFAULTS = {"urge": 15, "ordinary": 16, "yellow": 16, "red": 15, "listed": 21}


@pytest.fixture
def handling(county: County) -> Event:
    told.make_matters(county)
    return told.event_in("handling", county)


def issue(actor: Actor, event: Event, kind: str = "ordinary", unit: str = "city", **more: Any) -> Order:
    given = {"words": "请三日内说明路灯何时修好", **more}
    return actions.issue_order(actor=actor, number=event.number, unit=unit, kind=kind, **given)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_asks_for_a_reply_by_its_usual_time(county: County, kind: str) -> None:
    with told.at():
        told.make_matters(county)
        order = issue(county.leader, told.event_in("handling", county), kind)
    assert order.reply_by == datetime(2026, 10, DEFAULTS[kind], 9, 30, tzinfo=UTC)
    assert (order.state, order.told()) == ("open", "请三日内说明路灯何时修好")
    assert list(OrderStep.objects.values_list("n", "verb", "actor")) == [(1, "issue_order", county.leader.posting_id)]
    assert TrailEntry.objects.filter(verb="issue_order", subject_id=order.event_id).count() == 1


def test_another_day_is_chosen_and_ends_at_its_close(county: County) -> None:
    with told.at():
        told.make_matters(county)
        order = issue(county.leader, told.event_in("handling", county), reply_by="2026-10-20")
    assert order.reply_by == datetime(2026, 10, 20, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize("day", ["2026-10-13", "tomorrow", "2027-10-20", "9999-12-31"])
def test_a_day_that_cannot_be_is_refused_with_its_field(county: County, day: str) -> None:
    with told.at():
        told.make_matters(county)
        event = told.event_in("handling", county)
        with pytest.raises(actions.NotGiven) as missing:
            issue(county.leader, event, reply_by=day)
    assert list(missing.value.fields) == ["reply_by"]


# Who may issue what, by hand: the dispatcher urges and orders, the duty leader up to yellow, the leader all.
MAY = {
    "dispatcher": ("urge", "ordinary"),
    "duty_leader": ("urge", "ordinary", "yellow"),
    "leader": KINDS,
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", [*MAY, "receiver", "checker", "handler", "unit_leader"])
def test_by_rank(handling: Event, county: County, name: str, kind: str) -> None:
    if kind in MAY.get(name, ()):
        assert issue(county.people[name], handling, kind).issued_by_id == county.people[name].posting_id
        return
    with pytest.raises(actions.NotAllowed):
        issue(county.people[name], handling, kind)
    assert not Order.objects.exists()


def test_neighbour_gets_404(handling: Event, county: County) -> None:
    with pytest.raises(Event.DoesNotExist):
        issue(county.neighbour, handling)


def test_a_leader_of_a_lower_centre_that_sees_it_does_not_drive_it(county: County) -> None:
    told.make_matters(county)
    event = told.event_in("handling", county)
    lower = cast.post(county, "lower_leader", "centre-002", cast.COUNTY, ("leader",))
    with pytest.raises(actions.NotAllowed) as refused:
        issue(lower, event)
    assert refused.value.refusal.code == "unit"


@pytest.mark.parametrize("state", ["reported", "accepted", "checking", "rating", "closed"])
def test_wrong_state_nobody_else_owes_anything(county: County, state: str) -> None:
    told.make_matters(county)
    event = told.event_in(state, county)
    with pytest.raises(actions.NotAllowed) as refused:
        issue(county.leader, event)
    assert refused.value.refusal.code == "guard"


def test_who_has_to_sign_is_urged_too(county: County) -> None:
    told.make_matters(county)
    assert issue(county.dispatcher, told.event_in("assigned", county), "urge").unit_id == county.units["city"].pk


def test_an_assisting_unit_is_asked_for_itself(handling: Event, county: County) -> None:
    given = {"unit": "fire", "words": "请到场"}
    events.take(actor=county.dispatcher, number=handling.number, verb="assist", given=given)
    issue(county.dispatcher, handling, "urge")
    order = issue(county.dispatcher, handling, "urge", "fire")
    assert queries.order(county.other_handler, order.pk) == order
    with pytest.raises(Order.DoesNotExist):
        queries.order(county.handler, order.pk)


@pytest.mark.parametrize("unit", ["housing", "centre"])
def test_a_unit_without_a_share_is_not_asked(handling: Event, county: County, unit: str) -> None:
    with pytest.raises(actions.NotAllowed):
        issue(county.leader, handling, unit=unit)


def test_an_unknown_unit_or_kind_is_refused(handling: Event, county: County) -> None:
    for given in ({"unit": "nobody"}, {"kind": "black"}):
        with pytest.raises(actions.NotGiven):
            issue(county.leader, handling, **given)


def test_only_upwards(handling: Event, county: County) -> None:
    for kind in ("ordinary", "red"):
        issue(county.leader, handling, kind)
    for kind in ("urge", "ordinary", "yellow", "red"):
        with pytest.raises(actions.NotAllowed) as refused:
            issue(county.leader, handling, kind)
        assert refused.value.refusal.code == "guard"
    issue(county.leader, handling, "listed")


def test_a_higher_order_takes_the_place_of_one_that_still_waits(handling: Event, county: County) -> None:
    first = issue(county.dispatcher, handling, "urge")
    issue(county.dispatcher, handling, "ordinary")
    first.refresh_from_db()
    assert (first.state, first.ending) == ("over", "raised")
    assert list(first.steps.values_list("verb", flat=True)) == ["issue_order", "end_order"]
    assert Order.objects.get(state="open").kind == "ordinary"


def test_a_settled_order_still_counts_and_a_cancelled_one_does_not(handling: Event, county: County) -> None:
    first = issue(county.dispatcher, handling, "ordinary")
    actions.reply_to_order(actor=county.handler, order_id=first.pk, words="明天修好")
    actions.accept_reply(actor=county.dispatcher, order_id=first.pk)
    with pytest.raises(actions.NotAllowed):
        issue(county.dispatcher, handling, "ordinary")
    card = issue(county.leader, handling, "red")
    actions.cancel_order(actor=county.leader, order_id=card.pk, words="发错了")
    assert issue(county.leader, handling, "yellow").state == "open"


def test_words_are_needed(handling: Event, county: County) -> None:
    with pytest.raises(actions.NotGiven) as missing:
        issue(county.leader, handling, words="  ")
    assert list(missing.value.fields) == ["words"]


def test_the_unit_that_it_is_about_is_refused_with_the_reason_and_sees_nothing(county: County) -> None:
    told.make_matters(county)
    event = told.event_in("handling", county, about_office=True)
    Event.objects.filter(pk=event.pk).update(about_unit_ids=[county.units["city"].pk])
    with pytest.raises(actions.NotAllowed) as refused:
        issue(county.leader, event)
    assert "涉及该单位" in str(refused.value.refusal.reason)
    assert client_of(county.handler).get(f"/supervise/events/{event.number}/").status_code == 404


def test_an_order_of_a_matter_that_turns_out_to_be_about_the_unit_is_not_seen_there(
    handling: Event, county: County
) -> None:
    order = issue(county.leader, handling)
    Event.objects.filter(pk=handling.pk).update(about_unit_ids=[county.units["city"].pk])
    assert client_of(county.handler).get(f"/supervise/orders/{order.pk}/").status_code == 404
    assert queries.listed_orders(county.handler).rows == []
    assert queries.owed(county.handler) == []


def test_the_house_issues_only_the_two_mildest(handling: Event, county: County) -> None:
    order = issue(Actor.system(), handling, "urge", words="")
    assert order.issued_by_id is None
    for kind in ("yellow", "red", "listed"):
        with pytest.raises(actions.NotAllowed):
            issue(Actor.system(), handling, kind, words="")
        with pytest.raises(IntegrityError), transaction.atomic():
            Order.objects.filter(pk=order.pk).update(kind=kind)


def test_the_form_beside_the_matter_says_why_a_kind_is_off(handling: Event, county: County) -> None:
    issue(county.dispatcher, handling, "urge")
    (to,) = queries.prospects(county.dispatcher, handling)
    assert [(one.kind, one.may) for one in to.choices] == [
        ("urge", False), ("ordinary", True), ("yellow", False), ("red", False), ("listed", False),
    ]  # fmt: skip
    page = client_of(county.dispatcher).get(f"/supervise/events/{handling.number}/")
    assert "该等级已经督办过" in page.content.decode()
    assert queries.prospects(county.handler, handling) == []


def test_it_is_issued_by_its_form_and_what_was_typed_comes_back(handling: Event, county: County) -> None:
    client, where = client_of(county.leader), f"/supervise/events/{handling.number}/order/"
    given = {"step": "city:yellow", "words": "请说明", "reply_by": "2020-01-01"}
    answer = client.post(where, {**given, "idempotency_key": "K1"})
    assert answer.status_code == 422
    assert "请说明" in answer.content.decode()
    answer = client.post(where, {**given, "reply_by": "", "idempotency_key": "K2"})
    assert answer.status_code == 302
    assert client.get(answer.headers["Location"]).status_code == 200
    assert client.post(where, {**given, "reply_by": "", "idempotency_key": "K3"}).status_code == 409
    assert Order.objects.get().kind == "yellow"


def test_the_history_refuses_change_and_removal(handling: Event, county: County) -> None:
    issue(county.leader, handling)
    step = OrderStep.objects.get()
    for change in (lambda: OrderStep.objects.update(verb="climb"), lambda: OrderStep.objects.all().delete(),
                   lambda: OrderStep.objects.update(words="anders")):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    assert OrderStep.objects.get() == step
