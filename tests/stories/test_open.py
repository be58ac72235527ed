"""What a stranger sees of one matter from its first day to its end, and what a follower and the figures say of it."""

import re
from typing import Any

import pytest
from django.test import Client

from onegrid.events import actions
from onegrid.notices.actions import carrying
from onegrid.notices.models import Message
from onegrid.org.roles import Actor
from onegrid.public import actions as public
from onegrid.public.queries import months, sums_of
from onegrid.testing.cast import TOWNS, County
from onegrid.testing.matters import LAMP, at, carry, make_matters, reported

pytestmark = pytest.mark.django_db


@pytest.fixture
def matters(county: County, settings: Any) -> County:
    settings.NOTICES_CHANNELS = ["in_app", "mail"]
    make_matters(county)
    return county


@pytest.fixture
def stranger() -> Client:
    client = Client()
    client.cookies["language"] = "en"
    return client


def row(client: Client) -> str:
    shown = client.get("/open/").content.decode()
    found = re.search(r'<ul class="matters card">(.*?)\n    </ul>', shown, re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split()) if found else ""


def last_mail() -> str:
    return carrying.envelope(Message.objects.filter(to_other__startswith="follow:").latest("id")).text


def test_a_matter_becomes_public_step_by_step_and_its_follower_hears_of_it(matters: County, stranger: Client) -> None:
    with at() as hand:
        hand.on(minutes=10)
        stranger.post("/open/follow/", {"mail": "li@example.com", "area": TOWNS[0], "category": LAMP, "pace": "at_once",
                                        "idempotency_key": "k"})  # fmt: skip
        code = last_mail().split("/open/mine/#")[1].split()[0]
        stranger.post("/open/mine/", {"code": code, "do": "begin"})
        said = reported(lon=104.605, lat=28.705)
        assert row(stranger) == ""
        event = carry(said, "handling", matters)
        assert row(stranger) == "Street lamps, poles, cables Under way Chengguan · Dongmen · week of 12 October 2026"
        actions.release_title(actor=matters.receiver, number=said.number, release=True, title="东门巷路灯")
        assert row(stranger).startswith("东门巷路灯 Under way Street lamps")
        hand.on(minutes=30)
        assert public.tell_followers(pace="at_once") == 1
        assert "东门巷路灯 · Chengguan · Dongmen · week of 2026-10-12 · Under way" in last_mail()
        actions.take(actor=matters.handler, number=event.number, verb="resolve", given={"result": "换了灯泡"})
        actions.take(actor=matters.checker, number=event.number, verb="pass_check")
        assert row(stranger).startswith("东门巷路灯 Done")
        reporter = Actor.reporter(said.report.pk)
        actions.take(actor=reporter, number=event.number, verb="rate", given={"solved": True, "satisfied": "fair"})
        hand.on(minutes=30)
        assert public.tell_followers(pace="at_once") == 1
        assert "Done" in last_mail()
        stranger.post("/open/mine/", {"code": code, "do": "end"})
        hand.on(days=9)
        public.count_promises(months=1)
        months.clear()
        sums_of.clear()
        shown = stranger.get("/promises/?month=2026-10").content.decode()
        assert "few" in shown
        assert "100&nbsp;%" not in shown


def test_what_becomes_sealed_disappears_from_the_list(matters: County, stranger: Client) -> None:
    said = reported()
    carry(said, "accepted", matters)
    assert row(stranger) != ""
    actions.undo(actor=matters.receiver, number=said.number)
    assert row(stranger) == ""
    actions.take(actor=matters.receiver, number=said.number, verb="accept", given={"category": "020103"})
    assert row(stranger) == ""


def test_a_joined_matter_is_spoken_for_by_the_other(matters: County, stranger: Client) -> None:
    first, second = reported(), reported("东门巷路灯又不亮了")
    for said in (first, second):
        carry(said, "accepted", matters)
    assert row(stranger).count("Street lamps") == 2
    actions.take(actor=matters.dispatcher, number=second.number, verb="merge", given={"into": first.number})
    assert row(stranger).count("Street lamps") == 1
