"""Who is looking and who is editing: told to whoever may see the event, to nobody else, and gone with the page."""

import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps

from onegrid import live, presence
from onegrid.events.models import Event
from onegrid.org.models import SignIn, TrailEntry
from onegrid.org.roles import Actor
from onegrid.org.rules.sight import Sight
from onegrid.testing import matters as told
from onegrid.testing.cast import County
from tests.test_live import ORIGIN, Listener, in_a_loop_of_its_own, row_of, running, signed, until

__all__ = ["running"]


@pytest.fixture
def matters(county: County) -> County:
    told.make_matters(county)
    return county


class Room:
    """Open pages of the cast, without any network."""

    def __init__(self, county: County, *names: str) -> None:
        self.screens = {name: screen(county.people[name]) for name in names}
        self.presence = presence.Presence(self.screens.values())

    def heard(self, name: str) -> list[tuple[str, str]]:
        """Event and how, of each hint that this page was offered since it was last asked."""
        found, lines = [], self.screens[name].lines
        while not lines.empty():
            text = (lines.get_nowait() or b"").decode()
            found += [(said["n"], said["how"]) for said in map(json.loads, re.findall("event: here\ndata: (.*)", text))]
        return found


def screen(actor: Actor) -> live.Screen:
    who = {"zh": [actor.name, "单位"], "en": [actor.name, "unit"]}
    return live.Screen(Sight.of(actor), 1, tuple(actor.roles), actor.area, who)


def codes(event: Event) -> dict[str, Any]:
    row = row_of(event)
    return {name: row[name] for name in presence.CODES}


@pytest.fixture
def hand() -> Iterator[told.Hand]:
    with told.at() as hand:
        yield hand


@pytest.mark.django_db
def test_who_may_see_the_event_learns_it_and_the_neighbour_does_not(matters: County) -> None:
    event = told.event_in("handling", matters)
    room = Room(matters, "dispatcher", "receiver", "handler", "neighbour", "other_handler", "worker")
    room.presence.say(room.screens["dispatcher"], event.number, "looking", codes(event))
    room.presence.say(room.screens["dispatcher"], event.number, "editing", codes(event))
    for name in ("receiver", "handler", "worker"):
        assert room.heard(name) == [(event.number, "looking"), (event.number, "editing")], name
    for name in ("neighbour", "other_handler", "dispatcher"):
        assert room.heard(name) == [], name


@pytest.mark.django_db
def test_a_leak_to_the_neighbour_is_caught(matters: County, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: the hint forgets to ask who may see the event."""
    event = told.event_in("handling", matters)
    room = Room(matters, "dispatcher", "neighbour")
    monkeypatch.setattr(Sight, "sees", lambda self, row: True)
    room.presence.say(room.screens["dispatcher"], event.number, "looking", codes(event))
    assert room.heard("neighbour") != []


@pytest.mark.django_db
def test_who_may_not_see_an_event_cannot_be_on_it(matters: County) -> None:
    """Nor can anybody find out by trying whether it exists: nothing happens at all."""
    event = told.event_in("handling", matters)
    room = Room(matters, "neighbour", "dispatcher")
    room.presence.say(room.screens["neighbour"], event.number, "looking", codes(event))
    assert room.heard("dispatcher") == []
    assert room.presence.places == {}


@pytest.mark.django_db
def test_it_ends_with_the_page_and_within_thirty_seconds_of_its_last_word(matters: County, hand: told.Hand) -> None:
    event = told.event_in("handling", matters)
    room = Room(matters, "dispatcher", "receiver")
    room.presence.say(room.screens["dispatcher"], event.number, "looking", codes(event))
    room.presence.gone(room.screens["dispatcher"])
    assert room.heard("receiver") == [(event.number, "looking"), (event.number, "")]
    room.presence.say(room.screens["dispatcher"], event.number, "looking", codes(event))
    hand.on(seconds=15)
    room.presence.say(room.screens["dispatcher"], event.number, "looking", codes(event))
    hand.on(seconds=15)
    room.presence.expire()
    assert room.heard("receiver") == [(event.number, "looking")]
    hand.on(seconds=10)
    room.presence.expire()
    assert room.heard("receiver") == [(event.number, "")]
    assert presence.LASTS + timedelta(seconds=presence.LOOKS) <= timedelta(seconds=30)


@pytest.mark.django_db
def test_a_step_that_seals_the_event_takes_the_hint_back(matters: County) -> None:
    event = told.reported().event
    room = Room(matters, "receiver", "dispatcher", "worker")
    room.presence.say(room.screens["receiver"], event.number, "looking", codes(event))
    event.restricted = True
    room.presence.moved(row_of(event))
    assert room.heard("worker") == [(event.number, "looking"), (event.number, "")]
    assert room.heard("dispatcher")[-1] == (event.number, "looking")


@pytest.mark.django_db
def test_whoever_comes_later_learns_who_is_there_already(matters: County) -> None:
    event = told.event_in("handling", matters)
    room = Room(matters, "dispatcher", "receiver", "neighbour")
    room.presence.say(room.screens["dispatcher"], event.number, "editing", codes(event))
    for name, expected in (("receiver", [(event.number, "editing")]), ("neighbour", []), ("dispatcher", [])):
        room.heard(name)
        room.presence.arrive(room.screens[name])
        assert room.heard(name) == expected, name


@pytest.mark.django_db
def test_one_is_on_one_event_at_a_time(matters: County) -> None:
    first, second = told.event_in("handling", matters), told.event_in("handling", matters)
    room = Room(matters, "dispatcher", "receiver")
    room.presence.say(room.screens["dispatcher"], first.number, "looking", codes(first))
    room.presence.say(room.screens["dispatcher"], second.number, "looking", codes(second))
    assert room.heard("receiver")[1:] == [(first.number, ""), (second.number, "looking")]


def test_what_no_page_says_is_no_word() -> None:
    async def said(body: bytes) -> object:
        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body}

        return await presence.heard(receive)

    for body in (b"", b"{}", b"[1]", b'{"key":"k","n":"1","how":"owning"}', b'{"key":"","n":"1","how":""}', b"x" * 500):
        assert in_a_loop_of_its_own(said(body)) is None, body
    assert in_a_loop_of_its_own(said(b'{"key":"k","n":"1","how":"looking"}')) == ("k", "1", "looking")


def say(base: str, key: str, number: str, how: str, origin: str = ORIGIN) -> int:
    body = json.dumps({"key": key, "n": number, "how": how}).encode()
    request = urllib.request.Request(f"{base}/stream", data=body, headers={"Origin": origin}, method="POST")
    try:
        return int(urllib.request.urlopen(request, timeout=10).status)
    except urllib.error.HTTPError as refused:
        return refused.code


def key_of(page: Listener) -> str:
    until(lambda: any('"key"' in one for one in page.lines))
    return str(json.loads(next(one for one in page.lines if '"key"' in one)[6:])["key"])


def test_the_process_tells_those_who_see_it_and_keeps_nothing(running: str, county: County) -> None:
    told.make_matters(county)
    event = told.reported().event
    names = ("receiver", "dispatcher", "neighbour")
    ins = {
        name: SignIn.objects.create(
            user_id=county.people[name].user_id, posting_id=county.people[name].posting_id, epoch=0
        ).pk
        for name in names
    }
    pages = {name: Listener(running, signed(county.people[name], ins[name], name)) for name in names}
    before = counts()
    key = key_of(pages["receiver"])
    assert say(running, key, event.number, "looking") == 204
    pages["dispatcher"].wait_for('"how":"looking"')
    assert say(running, "wrong" + key, event.number, "editing") == 204
    assert say(running, key, event.number, "editing", origin="https://elsewhere.example") == 403
    assert say(running, key_of(pages["neighbour"]), event.number, "editing") == 204
    pages["receiver"].answer.close()
    pages["dispatcher"].wait_for('"how":""', 20)
    assert not any("editing" in line for line in pages["dispatcher"].lines)
    assert not any(event.number in line for line in pages["neighbour"].lines)
    assert counts() == before


def counts() -> dict[str, int]:
    """The rows of every table of the house: a hint leaves none, nor a line on the trail."""
    found = {model._meta.label: model._default_manager.count() for model in apps.get_models()}
    assert TrailEntry._meta.label in found
    return found
