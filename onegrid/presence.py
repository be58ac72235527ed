"""Who is looking at an event or editing it right now: a hint between open pages; no row, no log, gone with the page.

1. A page that opens its stream is given a key; with it the page says which event it shows, and whether somebody
   writes there (`POST /stream`), anew every ten seconds while it is on the screen.
2. Every other page that may see that event is told who: name and unit. Who may not see it learns nothing.
3. A page that leaves, or is not heard of for twenty seconds, is taken back. The version decides, not the hint.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Collection, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from onegrid.kit import clock
from onegrid.org.rules.sight import Sight

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Row = Mapping[str, Any]

LASTS = timedelta(seconds=20)
LOOKS = 5.0
LONGEST_BODY = 400
# What decides about who sees an event: number, area, holder, owner, units, about, restricted, reporter.
CODES = "nahouxrp"
HOW = ("looking", "editing", "")


class Screen(Protocol):
    """What a page's stream must have to take part; `mark` names it to others and opens nothing."""

    sight: Sight
    mark: str
    key: str
    who: dict[str, Any]
    wall: int
    ended: bool

    def offer(self, text: bytes) -> None: ...


@dataclass
class Here:
    """One page on one event."""

    number: str
    how: str
    row: Row
    until: datetime


class Presence:
    """Where each page is; `screens` is the house's own collection of open pages."""

    def __init__(self, screens: Collection[Any]) -> None:
        self.screens = screens
        self.places: dict[Any, Here] = {}

    def known(self, number: str) -> Row | None:
        """The codes of an event on which somebody is; steps keep them true."""
        return next((here.row for here in self.places.values() if here.number == number), None)

    def say(self, screen: Screen, number: str, how: str, row: Row) -> None:
        """A page is on this event; for who may not see it nothing happens. Others are told when something changed."""
        if not screen.sight.sees(row):
            self.gone(screen)
            return
        before = self.places.get(screen)
        if before is not None and before.number != number:
            self.gone(screen)
            before = None
        here = Here(number, how, row, clock.now() + LASTS)
        self.places[screen] = here
        if before is None or (before.how, before.row) != (how, row):
            self.tell(screen, here, before.row if before else None)

    def tell(self, screen: Screen, here: Here, before: Row | None) -> None:
        """Those who see the event get the hint; those who saw it and see it no longer have it taken back."""
        for other in self.others(screen):
            if other.sight.sees(here.row):
                other.offer(line(screen, here.number, here.how))
            elif before is not None and other.sight.sees(before):
                other.offer(line(screen, here.number, ""))

    def gone(self, screen: Screen) -> None:
        here = self.places.pop(screen, None)
        if here is None:
            return
        for other in self.others(screen):
            if other.sight.sees(here.row):
                other.offer(line(screen, here.number, ""))

    def arrive(self, screen: Screen) -> None:
        """A page that has just come learns its own key and who is where."""
        there = [
            line(other, here.number, here.how)
            for other, here in self.places.items()
            if other.sight.posting != screen.sight.posting and screen.sight.sees(here.row)
        ]
        # In one piece: a full house must not fill the queue of whoever comes in.
        screen.offer(event("you", {"key": screen.key}) + b"".join(there))

    def moved(self, row: Row) -> None:
        """A step was taken: who may see the event may be others now."""
        codes = {name: row[name] for name in CODES}
        for screen, here in tuple(self.places.items()):
            if here.number == row["n"]:
                self.say(screen, here.number, here.how, codes)

    def expire(self) -> None:
        """Pages that went without a word."""
        for screen, here in tuple(self.places.items()):
            if here.until < clock.now():
                self.gone(screen)

    def others(self, screen: Screen) -> list[Any]:
        """Open pages of other people; one's own second window is no news, and a wall is nobody."""
        open_ones = [one for one in tuple(self.screens) if not one.ended and not one.wall]
        return [one for one in open_ones if one.sight.posting != screen.sight.posting]


def line(screen: Screen, number: str, how: str) -> bytes:
    """Who left is not named again."""
    said = {"k": screen.mark, "n": number, "how": how}
    return event("here", {**said, "who": screen.who} if how else said)


def event(name: str, data: Mapping[str, Any]) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n".encode()


async def expire(presence: Presence) -> None:
    while True:
        await asyncio.sleep(LOOKS)
        presence.expire()


class House(Protocol):
    """What the live process has: its address, the open pages, and the codes of an event."""

    origin: str
    presence: Presence

    async def codes(self, number: str) -> dict[str, Any] | None: ...


async def hear(house: House, scope: Message, receive: Receive, send: Send) -> None:
    """A page says what it shows; the answer is the same whatever it may see."""
    origin = dict(scope["headers"]).get(b"origin", b"").decode("latin-1")
    said = await heard(receive) if origin in ("", house.origin) else None
    if said is not None:
        await take(house, *said)
    headers = [(b"cache-control", b"no-store")]
    if origin == house.origin:
        headers += [(b"access-control-allow-origin", origin.encode("latin-1")), (b"vary", b"Origin")]
    await send({"type": "http.response.start", "status": 403 if said is None else 204, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def take(house: House, key: str, number: str, how: str) -> None:
    screen = next((one for one in house.presence.screens if one.key == key and not one.ended), None)
    row = await house.codes(number) if screen is not None and how else None
    if screen is not None and row is not None and not screen.ended:
        house.presence.say(screen, number, how, row)
    elif screen is not None:
        house.presence.gone(screen)


async def heard(receive: Receive) -> tuple[str, str, str] | None:
    """Key, number and how, as a page said it; None for what no page says."""
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if message["type"] != "http.request" or len(body) > LONGEST_BODY:
            return None
        if not message.get("more_body"):
            break
    try:
        said = json.loads(body)
        key, number, how = str(said["key"]), str(said["n"]), str(said["how"])
    except (ValueError, KeyError, TypeError):
        return None
    return (key, number, how) if how in HOW and key else None
