"""Rules before they speak: the share a light takes from them, what last month would have been, and their pages."""

from datetime import timedelta

import pytest

from onegrid.events import actions as events
from onegrid.supervision import actions, queries
from onegrid.supervision.models import ClockMark, RuleHit, SupervisionRule
from onegrid.supervision.tests.test_rules import due, issue, keep, proposal, swept
from onegrid.testing import matters as told
from onegrid.testing.cast import COUNTY, TOWNS, County, client_of

pytestmark = pytest.mark.django_db


def test_the_percent_of_the_light_is_that_of_the_nearest_rule(county: County) -> None:
    with told.at():
        told.make_matters(county)
        event = told.event_in("handling", county)
        assert queries.percent_for(event) == 80
        keep(county.leader, amount="50", action="light")
        keep(county.leader, amount="30", action="light", area=TOWNS[0])
        keep(county.leader, amount="10", action="light", area=TOWNS[1])
        assert queries.percent_for(event) == 30


def test_it_is_tried_against_last_month_and_nothing_is_written(county: County) -> None:
    with told.at() as hand:
        told.make_matters(county)
        late, kept = told.event_in("handling", county), told.event_in("handling", county)
        hand.on(minutes=30)
        events.take(actor=county.handler, number=kept.number, verb="resolve", given={"result": "换好了"})
        hand.to(due(late) + timedelta(hours=2))
        client = client_of(county.leader)
        before = (SupervisionRule.objects.count(), RuleHit.objects.count(), ClockMark.objects.count())
        given = {"deed": "try", "trigger": "after_due", "amount": "60", "action": "warn_leader", "area": COUNTY}
        answer = client.post("/supervise/rules/", {**given, "idempotency_key": "K1"})
        assert answer.status_code == 200
        found = answer.context["foreseen"]
        # `kept` waits for its check: that clock of one working day has run out as well.
        assert (found.times, sorted(found.numbers)) == (2, sorted([late.number, kept.number]))
        answer = client.post("/supervise/rules/", {**given, "amount": "200", "idempotency_key": "K2"})
        assert answer.context["foreseen"].numbers == [kept.number]
        assert (SupervisionRule.objects.count(), RuleHit.objects.count(), ClockMark.objects.count()) == before
        hand.on(days=40)
        assert client_of(county.leader).post(
            "/supervise/rules/", {**given, "idempotency_key": "K3"}
        ).context["foreseen"].times == 0  # fmt: skip


def test_what_is_foreseen_is_what_is_then_done(county: County) -> None:
    """The rule is kept before the month and tried after it: the same matters, counted by two ways."""
    with told.at() as hand:
        told.make_matters(county)
        rule = keep(county.leader, trigger="percent", amount="70", action="warn_handler")
        spoken = 0
        for step in range(12):
            event = told.event_in(("handling", "assigned", "checking")[step % 3], county)
            hand.on(hours=7)
            spoken += swept()
            if step % 3 == 0:
                events.take(actor=county.handler, number=event.number, verb="resolve", given={"result": "好了"})
        for _hour in range(24 * 9):
            hand.on(hours=1)
            spoken += swept()
        foreseen = queries.foresee(county.leader, rule)
        # Four wait for their check after they were handed in, four to be signed for, four to be checked.
        assert spoken == RuleHit.objects.count() == foreseen.times == 12
        assert len(foreseen.shown) <= 20


def test_a_silence_is_foreseen_from_the_history_of_orders(county: County) -> None:
    with told.at() as hand:
        told.make_matters(county)
        event = told.event_in("handling", county)
        urge = issue(county.dispatcher, event, "urge")
        hand.to(urge.reply_by)
        actions.sweep_orders()
        wish = actions.Wish(trigger="unanswered", action="next")
        foreseen = queries.foresee(county.leader, actions.drawn(county.leader, wish))
        assert (foreseen.times, foreseen.numbers) == (1, [event.number])


# --- pages


def test_the_pages_of_the_rules(county: County) -> None:
    told.make_matters(county)
    client = client_of(county.leader)
    given = {"trigger": "after_due", "amount": "30", "action": "warn_leader", "area": COUNTY, "deed": "keep"}
    assert client.post("/supervise/rules/", {**given, "idempotency_key": "K1"}).status_code == 302
    rule = SupervisionRule.objects.get()
    where = f"/supervise/rules/{rule.pk}/"
    assert client.get(where).status_code == client.get("/supervise/rules/").status_code == 200
    bad = {**given, "amount": "-1", "version": "1", "idempotency_key": "K2"}
    assert client.post(where, bad).status_code == 422
    assert client.post(where, {**given, "version": "9", "idempotency_key": "K3"}).status_code == 409
    assert client.post(where, {"deed": "off", "idempotency_key": "K4"}).status_code == 302
    rule.refresh_from_db()
    assert not rule.active
    assert client.post(where, {"deed": "nothing", "idempotency_key": "K5"}).status_code == 404
    assert client_of(county.unit_leader).get("/supervise/rules/").status_code == 404
    assert "/supervise/rules/" not in client_of(county.unit_leader).get("/supervise/").content.decode()


def test_a_proposal_stands_beside_the_matter(county: County) -> None:
    with told.at() as hand:
        hit = proposal(county, hand)
        where = f"/supervise/events/{hit.event.number}/"
        left = f"/supervise/rules/proposals/{hit.pk}/leave/"
        assert left in client_of(county.leader).get(where).content.decode()
        for name in ("dispatcher", "handler"):
            assert left not in client_of(county.people[name]).get(where).content.decode()
        assert client_of(county.dispatcher).post(left, {"idempotency_key": "K1"}).status_code == 404
        assert client_of(county.leader).post(left, {"idempotency_key": "K2"}).status_code == 302
