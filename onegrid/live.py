"""The live process: raw ASGI, one LISTEN connection, one bounded queue per screen; it imports no Django.

1. A page gets a ticket from `/desk/ticket/`, good once and for 30 seconds, and opens `/stream?ticket=…`.
2. The database tells of each committed step (ids and codes only); every screen whose scope has the row gets
   a line; the page then asks for the row itself, through its own door.
3. A screen that was away says the last id it saw (`Last-Event-ID` or `last=`) and gets what it missed within
   ten minutes, now and then a line twice; beyond that it is told to load anew.
4. What a page says of itself (`POST /stream`, see presence.py) is told to the screens that may see the event.
5. A screen that does not keep up is closed; so is one whose posting, session or wall link ended (asked each minute).
6. A wall (`wall`: its link) hears that something happened, never what, and takes no part in presence.
"""

import asyncio
import json
import logging
import os
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg

from onegrid import presence
from onegrid.kit import clock, crypto
from onegrid.org.rules.sight import Sight
from onegrid.recent import REMEMBERED, Line, Memory, Row

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

CHANNEL = "onegrid"
WAITING_LINES = 200
HEARTBEAT = 15.0
RECHECK = 60.0
LONGEST_PAUSE = 5.0
NEWEST_STEPS = 20_000
BEAT = b":\n\n"
RELOAD = b"event: reload\ndata: {}\n\n"
log = logging.getLogger("onegrid.live")

NEWEST = "SELECT coalesce(max(id), 0) FROM events_step"
MISSED = """
SELECT s.id, s.at, json_build_object('s', s.id, 'n', e.number, 'a', e.area, 'h', e.holder_id, 'o', e.owner_id,
    'u', e.unit_ids, 'x', e.about_unit_ids, 'r', e.restricted, 'v', s.verb, 't', s.to_state, 'p', e.reporter_id,
    'b', CASE WHEN s.verb IN ('place', 'rezone') THEN s.facts->>'from' END)
FROM events_step s JOIN events_event e ON e.id = s.event_id
WHERE s.id > (SELECT coalesce(max(id), 0) - %s FROM events_step) AND s.at >= %s ORDER BY s.id
"""
CODES = """
SELECT json_build_object('n', e.number, 'a', e.area, 'h', e.holder_id, 'o', e.owner_id, 'u', e.unit_ids,
    'x', e.about_unit_ids, 'r', e.restricted, 'p', e.reporter_id) FROM events_event e WHERE e.number = %s
"""
GRANTS = """
SELECT i.id, p.id, p.unit_id, p.area, p.roles FROM org_signin i JOIN org_posting p ON p.id = i.posting_id
JOIN org_user u ON u.id = p.user_id JOIN org_unit n ON n.id = p.unit_id
WHERE i.id = ANY(%s) AND i.ended_at IS NULL AND i.epoch = u.session_epoch AND i.started_at > now() - interval '12 hours'
    AND u.is_active AND n.active AND p.since <= now() AND (p.until IS NULL OR p.until > now())
"""
WALLS = "SELECT id, area FROM insight_walllink WHERE id = ANY(%s) AND ended_at IS NULL AND expires_at > now()"


@dataclass(eq=False)
class Screen:
    """One open page: what it may see, and the lines that it has not taken yet; None ends it."""

    sight: Sight
    sign_in: int
    roles: tuple[str, ...]
    area: str
    who: Row = field(default_factory=dict)
    wall: int = 0
    # `key` is the page's secret, `mark` its name for others; both live as long as the stream.
    key: str = field(default_factory=lambda: secrets.token_hex(16))
    mark: str = field(default_factory=lambda: secrets.token_hex(6))
    lines: asyncio.Queue[bytes | None] = field(default_factory=lambda: asyncio.Queue(WAITING_LINES))
    ended: bool = False
    task: asyncio.Task[Any] | None = None

    @property
    def grant(self) -> tuple[object, ...]:
        """What must still be so a minute later."""
        if self.wall:
            return (self.wall, self.area)
        return (self.sign_in, self.sight.posting, self.sight.unit, self.area, self.roles)

    def offer(self, text: bytes) -> None:
        try:
            self.lines.put_nowait(text)
        except asyncio.QueueFull:
            # It resumes by its last id: better a gap that closes than memory that grows.
            self.end()
            if self.task is not None:
                self.task.cancel()  # it hangs in a send that its reader does not take

    def end(self) -> None:
        self.ended = True
        while not self.lines.empty():
            self.lines.get_nowait()
        self.lines.put_nowait(None)


class House:
    """Every open screen, the memory, and the connection that listens."""

    def __init__(self, database: str, key: bytes, origin: str) -> None:
        self.database, self.key, self.origin = database, key, origin
        self.screens: set[Screen] = set()
        self.memory = Memory()
        self.presence = presence.Presence(self.screens)
        self.asking = asyncio.Semaphore(4)
        self.used: dict[str, datetime] = {}
        self.listening = asyncio.Event()
        self.tasks: list[asyncio.Task[None]] = []

    def open(self) -> None:
        self.tasks = [asyncio.create_task(work) for work in (
            self.listen(), self.recheck(), self.beat(), presence.expire(self.presence),
        )]  # fmt: skip

    def close(self) -> None:
        for task in self.tasks:
            task.cancel()
        for screen in self.screens:
            screen.end()

    async def listen(self) -> None:
        """Hear every committed step; when the database goes away, come back and catch up."""
        pause = 0.1
        while True:
            try:
                async with await self.connect() as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    # In this order: what is committed between the two is heard twice, never lost.
                    await self.catch_up(connection)
                    self.listening.set()
                    pause = 0.1
                    async for notice in connection.notifies():
                        self.hear(json.loads(notice.payload))
            except (psycopg.Error, OSError) as error:
                log.warning("the database is away: %s", type(error).__name__)
            self.listening.clear()
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    def hear(self, said: Row) -> None:
        """One committed step; or that so many were taken at once that every page is to load anew."""
        if "reload" not in said:
            self.tell(Line.of(said, clock.now()))
            return
        self.memory.forget(said["reload"])
        for screen in tuple(self.screens):
            if not screen.ended:
                screen.offer(RELOAD)

    async def connect(self) -> psycopg.AsyncConnection[tuple[Any, ...]]:
        return await psycopg.AsyncConnection.connect(
            self.database, autocommit=True, connect_timeout=5, keepalives_idle=10, application_name="onegrid live"
        )

    async def catch_up(self, connection: psycopg.AsyncConnection[tuple[Any, ...]]) -> None:
        found = await connection.execute(MISSED, (NEWEST_STEPS, clock.now() - REMEMBERED))
        rows = await found.fetchall()
        newest = await (await connection.execute(NEWEST)).fetchone()
        assert newest is not None
        self.memory.forgotten = max(self.memory.forgotten, rows[0][0] - 1 if rows else newest[0])
        for _step, at, row in rows:
            self.tell(Line.of(row, at))

    def tell(self, line: Line) -> None:
        """Offer a line to every screen that may see it."""
        if not self.memory.add(line):
            return
        for screen in tuple(self.screens):
            if not screen.ended and screen.sight.sees(line.row):
                screen.offer(line.told(wall=screen.wall > 0))
        self.presence.moved(line.row)

    async def recheck(self) -> None:
        """End the screens whose posting or session is over, once a minute."""
        while True:
            await asyncio.sleep(RECHECK)
            try:
                await self.end_lapsed()
            except (psycopg.Error, OSError) as error:
                log.warning("grants could not be read: %s", type(error).__name__)

    async def beat(self) -> None:
        """Something every 15 s keeps proxies and browsers from giving up, and finds those who left."""
        while True:
            await asyncio.sleep(HEARTBEAT)
            for screen in tuple(self.screens):
                if screen.lines.empty() and not screen.ended:
                    screen.offer(BEAT)

    async def end_lapsed(self) -> None:
        asked = tuple(self.screens)
        if not asked:
            return
        async with await self.connect() as connection:
            found = await connection.execute(GRANTS, ([screen.sign_in for screen in asked],))
            good: set[tuple[object, ...]] = {(*row[:4], tuple(sorted(row[4]))) for row in await found.fetchall()}
            walls = await connection.execute(WALLS, ([screen.wall for screen in asked],))
            good |= set(await walls.fetchall())
        for screen in asked:
            if screen.grant not in good:
                screen.end()

    async def codes(self, number: str) -> Row | None:
        """What decides about who sees an event; nothing of its words."""
        if (row := self.presence.known(number)) is not None:
            return dict(row)
        async with self.asking, await self.connect() as connection:
            found = await (await connection.execute(CODES, (number,))).fetchone()
        return found[0] if found else None

    def admit(self, ticket: str) -> Screen | None:
        """The screen of a good ticket that was not used before."""
        try:
            carried = crypto.unsign(ticket, key=self.key)
            sight = Sight.carried(carried["sight"])
            screen = Screen(sight, carried["sign_in"], tuple(carried["roles"]), carried["area"], carried.get("who", {}))
            screen.wall = int(carried.get("wall", 0))
            nonce = str(carried["nonce"])
        except (crypto.Tampered, KeyError, TypeError, ValueError):
            return None
        now = clock.now()
        self.used = {one: until for one, until in self.used.items() if until > now}
        if nonce in self.used:
            return None
        self.used[nonce] = now + timedelta(minutes=1)
        return screen


async def stream(house: House, scope: Message, receive: Receive, send: Send) -> None:
    """Answer one screen until it leaves."""
    asked = parse_qs(scope["query_string"].decode("latin-1"))
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    origin = headers.get("origin", "")
    screen = house.admit(asked.get("ticket", [""])[0]) if origin in ("", house.origin) else None
    if screen is None:
        await answer(send, 403, b"no ticket")
        return
    last = headers.get("last-event-id") or asked.get("last", [""])[0]
    house.screens.add(screen)
    if not screen.wall:
        house.presence.arrive(screen)
    screen.task = asyncio.current_task()
    leaving = asyncio.create_task(leave(screen, receive))
    try:
        await begin(send, origin)
        await resume(house, screen, last, send)
        await follow(screen, send)
    except asyncio.CancelledError:
        if not screen.ended:
            raise
    finally:
        house.screens.discard(screen)
        house.presence.gone(screen)
        leaving.cancel()


async def begin(send: Send, origin: str) -> None:
    headers = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store"), (b"x-accel-buffering", b"no")]
    if origin:
        headers += [(b"access-control-allow-origin", origin.encode("latin-1")), (b"vary", b"Origin")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send(part(b"retry: 2000\n\n"))


async def resume(house: House, screen: Screen, last: str, send: Send) -> None:
    """What was missed first; new lines wait in the queue meanwhile."""
    if not last:
        return
    missed = house.memory.after(int(last)) if last.isascii() and last.isdigit() else None
    if missed is None:
        await send(part(RELOAD))
        return
    await send(
        part(b"".join(line.told(wall=screen.wall > 0) for line in missed if screen.sight.sees(line.row)) or BEAT)
    )


async def follow(screen: Screen, send: Send) -> None:
    """Pass on line after line until the end."""
    while (text := await screen.lines.get()) is not None:
        await send(part(text))
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def leave(screen: Screen, receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    screen.end()


async def answer(send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"text/plain"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def part(text: bytes) -> Message:
    return {"type": "http.response.body", "body": text, "more_body": True}


def house_of_environment() -> House:
    """The same names as in the settings of the pages; read without Django."""
    public = urlsplit(os.environ.get("PUBLIC_URL") or "http://127.0.0.1:8000")
    return House(
        database=os.environ["DATABASE_URL"],
        key=os.environ["SECRET_KEY"].encode(),
        origin=f"{public.scheme}://{public.netloc}",
    )


class Application:
    """What uvicorn runs: `/stream` for screens, `/healthz` for the supervisor."""

    house: House | None = None

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.live(receive, send)
        elif scope["type"] == "http" and self.house is not None:
            await self.serve(self.house, scope, receive, send)

    async def live(self, receive: Receive, send: Send) -> None:
        await receive()
        self.house = house_of_environment()
        self.house.open()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self.house.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def serve(self, house: House, scope: Message, receive: Receive, send: Send) -> None:
        if scope["method"] == "POST" and scope["path"] == "/stream":
            await presence.hear(house, scope, receive, send)
        elif scope["method"] != "GET":
            await answer(send, 405, b"GET only")
        elif scope["path"] == "/stream":
            await stream(house, scope, receive, send)
        elif scope["path"] == "/healthz":
            listens = house.listening.is_set()
            await answer(send, 200 if listens else 503, b"listening" if listens else b"the database is away")
        else:
            await answer(send, 404, b"nothing here")


application = Application()
