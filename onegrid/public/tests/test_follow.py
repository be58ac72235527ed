"""Following by e-mail: the owner of the address begins it, one link ends it; it tells what the list shows, no more."""

import re
from typing import Any

import pytest
from django.test import Client

from onegrid.events import actions as events
from onegrid.events.models import Event
from onegrid.notices import queries
from onegrid.notices.actions import carrying
from onegrid.notices.models import Message
from onegrid.org.actions import MOST
from onegrid.public import actions
from onegrid.public.actions import following as verbs
from onegrid.public.models import Follower
from onegrid.testing import matters as told
from onegrid.testing.cast import COUNTY, TOWNS, VILLAGES, County

pytestmark = pytest.mark.django_db
MAIL = "li.hua@example.com"
CODE = re.compile(r"/open/mine/#([0-9A-Z-]+)")


@pytest.fixture
def matters(county: County, settings: Any) -> County:
    settings.NOTICES_CHANNELS = ["in_app", "mail"]
    told.make_matters(county)
    return county


@pytest.fixture
def page() -> Client:
    client = Client()
    client.cookies["language"] = "en"
    return client


def asked(client: Client, key: str = "k1", **more: str) -> Any:
    given = {"mail": MAIL, "area": TOWNS[0], "category": "", "pace": "weekly", "idempotency_key": key}
    return client.post("/open/follow/", given | more)


def sent() -> list[str]:
    rows = Message.objects.filter(to_other__startswith="follow:").order_by("id")
    return [carrying.envelope(row).text for row in rows]


def code() -> str:
    found = CODE.search(sent()[-1])
    assert found
    return found[1]


def following(client: Client, **more: str) -> str:
    asked(client, **more)
    client.post("/open/mine/", {"code": code(), "do": "begin"})
    return code()


def accepted(county: County, category: str = told.LAMP, **given: Any) -> Event:
    said = told.reported(**given)
    return events.take(actor=county.receiver, number=said.number, verb="accept", given={"category": category})


def test_nothing_is_followed_before_the_owner_of_the_address_says_so(matters: County, page: Client) -> None:
    with told.at() as hand:
        assert "Look into your mail" in asked(page).content.decode()
        accepted(matters)
        hand.on(hours=1)
        assert actions.tell_followers(pace="weekly") == 0
    assert len(sent()) == 1
    assert Follower.objects.get().confirmed_at is None


def test_the_first_mail_comes_at_once_and_news_by_day(matters: County, page: Client) -> None:
    """Somebody who asks at eleven at night waits for it; nobody is woken by what happened on a street."""
    late = told.MORNING.replace(hour=15)
    with told.at(late):
        asked(page)
        assert Message.objects.get().due_at == late
        Follower.objects.update(confirmed_at=late)
        verbs.send(Follower.objects.get(), "follow_news", "night", what="", lines="", page="")
        assert Message.objects.get(kind="follow_news").due_at > late


def test_the_link_begins_it_and_one_link_ends_it(matters: County, page: Client) -> None:
    with told.at() as hand:
        hand.on(hours=1)
        asked(page)
        shown = page.post("/open/mine/", {"code": code()}).content.decode()
        assert "Do you want to follow this?" in shown
        assert "Chengguan · All kinds" in shown
        assert Follower.objects.get().confirmed_at is None
        page.post("/open/mine/", {"code": code(), "do": "begin"})
        assert Follower.objects.get().confirmed_at is not None
        accepted(matters)
        hand.on(hours=1)
        assert actions.tell_followers(pace="weekly") == 1
        assert "Street lamps, poles, cables · Chengguan · Dongmen · week of 2026-10-12 · Under way" in sent()[-1]
        assert "It has ended" in page.post("/open/mine/", {"code": code(), "do": "end"}).content.decode()
    assert Follower.objects.count() == 0


def test_opening_a_link_changes_nothing_by_itself(matters: County, page: Client) -> None:
    asked(page)
    page.get("/open/mine/")
    page.post("/open/mine/", {"code": code()})
    assert Follower.objects.get().confirmed_at is None


def test_an_unknown_link_says_the_same_as_an_ended_one(matters: County, page: Client) -> None:
    ended = following(page)
    page.post("/open/mine/", {"code": ended, "do": "end"})
    for wrong in (ended, "nonsense", ""):
        answer = page.post("/open/mine/", {"code": wrong})
        assert answer.status_code == 404
        assert "Nothing is followed by this link" in answer.content.decode()
    assert page.post("/open/mine/", {"code": ended, "do": "end"}).status_code == 200


def test_the_address_lies_nowhere_in_the_clear(matters: County, page: Client) -> None:
    following(page)
    row = Follower.objects.get()
    held = [bytes(getattr(row, name)) for name in ("sealed", "address_index", "token_hash")]
    assert not any(b"example.com" in one or b"li.hua" in one for one in held)
    for message in Message.objects.all():
        assert "example.com" not in str(message.args) + message.dedupe + message.to_other + message.detail
        assert b"example.com" not in bytes(message.address_sealed or b"")


def test_the_code_lies_in_no_row_and_on_no_page_of_the_house(matters: County, page: Client) -> None:
    begun = following(page)
    message = Message.objects.get()
    assert begun in carrying.envelope(message).text
    assert begun not in str(message.args) + message.dedupe + queries.words_of(message, "en")
    assert carrying.envelope(message).address == MAIL


def test_the_answer_does_not_tell_who_follows_already(matters: County, page: Client) -> None:
    def plain(answer: Any) -> str:
        return re.sub(r'value="[^"]{20,}"|nonce="[^"]+"', "", answer.content.decode())

    first = asked(page, "k1")
    page.post("/open/mine/", {"code": code(), "do": "begin"})
    again = asked(page, "k2")
    assert plain(first) == plain(again)
    assert Message.objects.count() == 1


def test_nobody_is_flooded_through_us(matters: County, page: Client) -> None:
    for number, village in enumerate(VILLAGES):
        asked(page, f"k{number}", area=village)
    assert Message.objects.count() == actions.following.MOST_ASKS


def test_the_same_sending_twice_is_one_question(matters: County, page: Client) -> None:
    asked(page)
    asked(page)
    assert Message.objects.count() == Follower.objects.count() == 1


def test_who_asks_too_often_waits(matters: County, page: Client) -> None:
    with told.at():
        for number in range(MOST["follow"]):
            asked(page, f"k{number}", mail=f"a{number}@example.com")
        assert asked(page, "last").status_code == 429


@pytest.mark.parametrize(
    ("field", "wrong", "said"),
    [("mail", "nobody", "Please write an e-mail address"), ("area", "511502001001001", "Choose a place from the list"),
     ("area", "", "Choose a place"), ("category", told.NEIGHBOURS, "Choose a kind from the list"),
     ("pace", "each minute", "Choose how often"),
     ("mail", "a@example.com\nBcc: b@example.com", "Please write an e-mail address")],
)  # fmt: skip
def test_what_is_wrong_is_named_and_nothing_typed_is_lost(
    matters: County, page: Client, field: str, wrong: str, said: str
) -> None:
    answer = asked(page, **{field: wrong})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert Follower.objects.count() == 0
    if field != "mail":
        assert MAIL in answer.content.decode()


def test_switching_the_size_sends_nothing(matters: County, page: Client) -> None:
    answer = asked(page, size="elder")
    assert MAIL in answer.content.decode()
    assert Follower.objects.count() == 0


def test_a_house_without_mail_offers_nothing(matters: County, page: Client, settings: Any) -> None:
    settings.NOTICES_CHANNELS = ["in_app"]
    assert "Follow this by e-mail" not in page.get("/open/").content.decode()
    assert "does not send e-mail" in page.get("/open/follow/").content.decode()
    assert asked(page).status_code == 422
    assert Follower.objects.count() == 0


def test_only_the_place_and_kind_that_are_followed(matters: County, page: Client) -> None:
    with told.at() as hand:
        hand.on(hours=1)
        following(page, area=TOWNS[1], category="03")
        accepted(matters)
        hand.on(hours=1)
        assert actions.tell_followers(pace="weekly") == 0
        said = told.reported(lon=104.635, lat=28.705)
        events.take(actor=matters.neighbour_receiver, number=said.number, verb="accept",
                    given={"category": told.LANE})  # fmt: skip
        hand.on(hours=1)
        assert actions.tell_followers(pace="weekly") == 1
    assert "Blocked fire lane · Qingxi · Xikou" in sent()[-1]


def test_what_strangers_do_not_see_is_not_told(matters: County, page: Client) -> None:
    with told.at() as hand:
        hand.on(hours=1)
        following(page, area=COUNTY)
        accepted(matters, told.NEIGHBOURS)
        accepted(matters, told.VICE)
        accepted(matters, told.LAMP, about_office=True, about_unit="fire")
        hand.on(hours=1)
        assert actions.tell_followers(pace="weekly") == 0


def test_each_pace_has_its_own_time_and_nothing_is_told_twice(matters: County, page: Client) -> None:
    with told.at() as hand:
        hand.on(hours=1)
        following(page, pace="at_once")
        accepted(matters)
        hand.on(hours=1)
        assert actions.tell_followers(pace="weekly") == 0
        assert actions.tell_followers(pace="at_once") == 1
        assert actions.tell_followers(pace="at_once") == 0


def test_what_happened_before_is_not_told(matters: County, page: Client) -> None:
    with told.at() as hand:
        accepted(matters)
        hand.on(hours=1)
        following(page)
        hand.on(hours=1)
        assert actions.tell_followers(pace="weekly") == 0


def test_a_done_matter_is_told_as_done(matters: County, page: Client) -> None:
    with told.at() as hand:
        event = told.event_in("checking", matters)
        hand.on(hours=1)
        following(page)
        events.take(actor=matters.checker, number=event.number, verb="pass_check")
        hand.on(hours=1)
        actions.tell_followers(pace="weekly")
    assert "week of 2026-10-12 · Done" in sent()[-1]


def test_many_at_once_are_said_in_one_message(matters: County, page: Client) -> None:
    with told.at() as hand:
        hand.on(hours=1)
        following(page)
        for _number in range(actions.following.MOST_TOLD + 4):
            accepted(matters)
        hand.on(hours=1)
        assert actions.tell_followers(pace="weekly") == 1
    assert "… and 4 more on the page." in sent()[-1]


def test_who_does_not_answer_is_forgotten(matters: County, page: Client) -> None:
    with told.at() as hand:
        asked(page)
        hand.on(days=2)
        assert actions.forget_unconfirmed() == 0
        hand.on(days=2)
        assert actions.forget_unconfirmed() == 1
    assert Follower.objects.count() == 0


def test_messages_come_in_the_language_in_which_it_was_asked(matters: County, page: Client) -> None:
    page.cookies["language"] = "zh-hans"
    with told.at() as hand:
        hand.on(hours=1)
        following(page)
        accepted(matters)
        hand.on(hours=1)
        actions.tell_followers(pace="weekly")
    assert "路灯、电杆、线缆 · 城关街道 · 东门社区" in sent()[-1]
