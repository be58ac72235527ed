"""Two neighbours, one matter, three offices: told through the pages that each of them opens."""

import itertools
from typing import Any

import pytest
from django.test import Client

from onegrid.events import actions
from onegrid.events.models import Event
from onegrid.notices.models import Message
from onegrid.testing.cast import COUNTY, County, client_of, post
from onegrid.testing.matters import LAMP, at, make_matters

pytestmark = pytest.mark.django_db
keys = itertools.count(1)


class Office:
    """Somebody at the desk, who reads a version and sends it back with each form."""

    def __init__(self, county: County, name: str) -> None:
        self.client = client_of(getattr(county, name))

    def sends(self, number: str, way: str, **given: Any) -> None:
        form = {"version": Event.objects.get(number=number).version, "idempotency_key": f"story-{next(keys)}", **given}
        answer = self.client.post(f"/desk/events/{number}/{way}/", form)
        assert answer.status_code == 303, answer.content.decode()

    def reads(self, number: str) -> str:
        answer = self.client.get(f"/desk/events/{number}/")
        assert answer.status_code == 200
        return str(answer.content.decode())


class Neighbour:
    """A resident with nothing but a browser and a receipt."""

    def __init__(self, words: str) -> None:
        self.client = Client()
        form = {"words": words, "longitude": "104.605", "latitude": "28.705", "idempotency_key": f"story-{next(keys)}"}
        answer = self.client.post("/report/send/", form)
        assert answer.status_code == 201
        self.receipt, self.number = str(answer.context["receipt"]), str(answer.context["number"])

    def tracks(self) -> str:
        return str(self.client.post("/track/", {"receipt": self.receipt}).content.decode())

    def rates(self) -> int:
        form = {"receipt": self.receipt, "verb": "rate", "solved": "yes", "satisfied": "satisfied",
                "idempotency_key": f"story-{next(keys)}"}  # fmt: skip
        return int(self.client.post("/track/act/", form).status_code)


@pytest.fixture
def matters(county: County) -> Any:
    make_matters(county)
    with at():
        yield county


def told() -> None:
    """The jobs of every step, as the worker does them."""
    for event in Event.objects.all():
        for step in event.steps.order_by("n"):
            actions.tell_people(event_id=event.pk, n=step.n)


def test_two_voices_become_one_matter_that_three_offices_solve_together(matters: County) -> None:
    wang, li = Neighbour("东门巷三盏路灯不亮，晚上看不见路"), Neighbour("东门巷路灯坏了，孩子不敢走")
    receiver, dispatcher, leader = (Office(matters, name) for name in ("receiver", "dispatcher", "leader"))
    city, fire, checker = (Office(matters, name) for name in ("handler", "other_handler", "checker"))
    number = wang.number

    receiver.sends(number, "accept", category=LAMP, title="东门巷路灯")
    receiver.sends(li.number, "merge", into=number)
    assert "2人反映同一件事" in li.tracks()

    dispatcher.sends(number, "dispatch", unit="city", assisting=["fire"], words="消防断电封控，城管更换灯具")
    city.sends(number, "claim")
    assert "消防断电封控" in fire.reads(number)
    fire.sends(number, "parts/fire/claim_part")

    # not all of it is city management's: it is passed on, comes back, and another unit is whistled for
    city.sends(number, "ask/transfer", reason="灯杆属于住建", unit="housing")
    dispatcher.sends(number, "decide/transfer", grant="yes", unit="housing")
    assert Event.objects.get(number=number).accountable_id == matters.units["city"].pk
    actions.ask_for(actor=housing(matters), number=number, kind="object", given={"reason": "not_ours"})
    dispatcher.sends(number, "decide/object", grant="yes")
    assert Event.objects.get(number=number).handler_id == matters.units["city"].pk
    city.sends(number, "ask/whistle", unit="housing", words="请确认灯杆权属")
    leader.sends(number, "decide/whistle", grant="yes")

    # housing asks to be let go, fire hands in, and only then the lead can
    actions.ask_for_part(
        actor=matters.people["housing_officer"], number=number, unit="housing", kind="excuse", given={"words": "已查清"}
    )
    dispatcher.sends(number, "parts/housing/decide/excuse", grant="yes", words="权属已书面确认")
    fire.sends(number, "parts/fire/resolve_part", result="已断电封控")
    city.sends(number, "resolve", result="三盏灯都换了，今晚亮。")
    checker.sends(number, "pass_check")

    for neighbour in (wang, li):
        assert "三盏灯都换了" in neighbour.tracks()
        assert "已断电封控" not in neighbour.tracks()
    assert li.rates() == 200
    both_were_told(Event.objects.get(number=number), {wang.number, li.number})


def both_were_told(event: Event, numbers: set[str]) -> None:
    """It ended solved, each voice was told the result once, and of the merge the one that moved."""
    assert (event.state, event.solved, event.voices, event.parts_open) == ("closed", True, 2, 0)
    told()
    results = Message.objects.filter(kind="pass_check", channel="in_app").values_list("number", flat=True)
    assert sorted(results) == sorted(numbers)
    assert Message.objects.filter(kind="merge").count() == 1


def housing(county: County) -> Any:
    return post(county, "housing_officer", "housing", COUNTY, ("handler",))
