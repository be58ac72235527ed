"""The live process: same scope as the database, nothing missed, tickets good once; run as in service."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test import RequestFactory

from onegrid import live, recent
from onegrid.events import actions
from onegrid.events.models import Event
from onegrid.events.views import ticket as ticket_view
from onegrid.insight import actions as insight
from onegrid.insight.models import WallLink
from onegrid.insight.views import wall as wall_view
from onegrid.kit import clock, crypto
from onegrid.org import doors, roles
from onegrid.org.models import SignIn
from onegrid.org.roles import Actor
from onegrid.org.rules.sight import Sight
from onegrid.org.scope import visible_to
from onegrid.testing import cast
from onegrid.testing import matters as told
from onegrid.testing.cast import County, client_of

ORIGIN = "http://127.0.0.1:8000"
OFFICES = (
    ("centre", cast.COUNTY),
    ("centre-002", cast.TOWNS[1]),
    ("city", cast.COUNTY),
    ("station-001", cast.TOWNS[0]),
)


def row_of(event: Event) -> dict[str, Any]:
    return {
        "s": event.pk, "n": event.number, "a": event.area, "h": event.holder_id, "o": event.owner_id,
        "u": event.unit_ids, "x": event.about_unit_ids, "r": event.restricted, "v": "note", "t": event.state,
        "p": event.reporter_id,
    }  # fmt: skip


@pytest.fixture
def matters(county: County) -> County:
    told.make_matters(county)
    return county


def various_events(county: County) -> list[Event]:
    """Each combination of place, restriction, holder, helpers, object of complaint and reporter that matters."""
    made = []
    city, station, fire = (county.units[code].pk for code in ("city", "station-001", "fire"))
    areas = (cast.COUNTY, cast.TOWNS[0], cast.VILLAGES[2], cast.GRIDS[0], cast.GRIDS[3], cast.GRIDS[5])
    for at, area in enumerate(areas):
        for restricted in (False, True):
            event = told.reported("有人在麻将馆赌博" if restricted else told.WORDS, area=area).event
            event.holder_id = (event.owner_id, city, station)[at % 3]
            event.unit_ids = [event.owner_id, *((fire,) if at % 2 else ())]
            event.about_unit_ids = [city] if at == 4 else []
            event.reporter_id = county.worker.posting_id if at == 3 else None
            event.save()
            made.append(event)
    return made


@pytest.mark.django_db
def test_a_screen_sees_what_the_database_shows(matters: County) -> None:
    """Every person of the cast, and every role in a centre, a department and a station, over every kind of row."""
    events = various_events(matters)
    assert {event.restricted for event in events} == {True, False}
    for unit, area in OFFICES:
        for role in roles.POSTABLE:
            cast.post(matters, f"{role}@{unit}", unit, area, (role,))
        cast.post(matters, f"both@{unit}", unit, area, (roles.WORKER, roles.HANDLER))
    for name, actor in matters.people.items():
        shown = set(visible_to(actor, Event.objects.all()).values_list("pk", flat=True))
        if actor.has(*roles.ADMINISTRATORS):
            assert shown == set()
            with pytest.raises(ValueError, match="sees no event"):
                Sight.of(actor)
            continue
        sight = Sight.carried(json.loads(json.dumps(Sight.of(actor).payload())))
        assert {event.pk for event in events if sight.sees(row_of(event))} == shown, name


def signed(actor: Actor, sign_in: int = 0, nonce: str = "n") -> str:
    carried = {
        "nonce": nonce, "sign_in": sign_in, "roles": sorted(actor.roles), "area": actor.area,
        "sight": Sight.of(actor).payload(),
    }  # fmt: skip
    return crypto.sign(carried, 30, key=settings.SECRET_KEY.encode())


@pytest.mark.django_db
def test_whoever_loses_a_matter_from_sight_hears_of_the_step_that_took_it(matters: County) -> None:
    """The row carries the area before the step: the old town's worker hears, a third town's does not."""
    event = told.reported().event
    row = {**row_of(event), "a": cast.GRIDS[3], "b": cast.GRIDS[0]}
    hears = {name for name in ("worker", "other_worker", "receiver") if Sight.of(matters.people[name]).sees(row)}
    assert hears == {"worker", "other_worker", "receiver"}
    assert not Sight.of(cast.post(matters, "third", "centre", cast.TOWNS[2], ("grid_head",))).sees(row)
    assert not Sight.of(matters.worker).sees({**row, "r": True})


@pytest.mark.django_db
def test_what_was_missed_says_where_a_matter_lay_before_it_was_put_right(matters: County) -> None:
    """Read again after a connection that broke, the row carries the old area: who lost the matter hears of it still."""
    event = told.reported().event
    given = {"longitude": 104.635, "latitude": 28.705}
    actions.take(actor=matters.receiver, number=event.number, verb="place", given=given)
    with connection.cursor() as cursor:
        cursor.execute(live.MISSED, (live.NEWEST_STEPS, clock.now() - live.REMEMBERED))
        rows = [row for _step, _at, row in cursor.fetchall()]
    assert [(row["v"], row["a"], row["b"]) for row in rows] == [
        ("report", cast.GRIDS[3], None),
        ("place", cast.GRIDS[3], cast.GRIDS[0]),
    ]
    assert [Sight.of(matters.worker).sees(row) for row in rows] == [False, True]


@pytest.mark.django_db
def test_a_ticket_is_good_once_and_for_its_key_only(matters: County) -> None:
    async def tries() -> None:
        house = live.House("", settings.SECRET_KEY.encode(), ORIGIN)
        good = signed(matters.receiver)
        assert house.admit(good) is not None
        assert house.admit(good) is None
        assert house.admit(good[:-2]) is None
        assert house.admit("") is None
        assert live.House("", b"other", ORIGIN).admit(signed(matters.receiver, nonce="m")) is None

    in_a_loop_of_its_own(tries())


@pytest.mark.django_db
def test_staff_get_a_ticket_and_others_do_not(matters: County) -> None:
    request = RequestFactory().post("/desk/ticket/")
    browser = client_of(matters.receiver)
    request.COOKIES = {name: morsel.value for name, morsel in browser.cookies.items()}
    request.session = browser.session
    body = json.loads(ticket_view.ticket(request).content)
    carried = crypto.unsign(body["ticket"], key=settings.SECRET_KEY.encode())
    assert carried["sight"]["area"] == cast.COUNTY
    assert carried["sign_in"] == SignIn.objects.get().pk
    assert ticket_view.ticket.door == doors.Door(ticket_view.SEEING, ("POST",))  # type: ignore[attr-defined]


def test_a_slow_screen_is_closed() -> None:
    async def tries() -> None:
        screen = live.Screen(Sight(1, 1, "", "none", True, "own"), 1, (), "")
        for _ in range(live.WAITING_LINES + 1):
            screen.offer(b"x")
        assert screen.ended
        assert await screen.lines.get() is None

    in_a_loop_of_its_own(tries())


def test_memory_replays_with_an_overlap_and_forgets() -> None:
    memory = recent.Memory()
    now = clock.now()
    for step, age in ((3, 700), (5, 60), (4, 50), (6, 5)):
        memory.add(recent.Line.of({"s": step, "n": "n", "v": "v", "t": "t"}, now - age * timedelta(seconds=1)))
    assert memory.after(2) is None
    assert [line.step for line in memory.after(3) or []] == [5, 4, 6]
    assert [line.step for line in memory.after(4) or []] == [5, 6]
    assert [line.step for line in memory.after(6) or []] == []
    assert not memory.add(recent.Line.of({"s": 6, "n": "n", "v": "v", "t": "t"}, now))


def test_a_page_opened_in_a_quiet_hour_has_missed_nothing() -> None:
    """The newest step is older than what is remembered: no reload, or a quiet desk would load itself for ever."""
    memory = recent.Memory()
    memory.forgotten = 7
    assert memory.after(7) == []
    assert memory.after(9) is None  # a number of another database
    assert memory.after(6) is None
    memory.add(recent.Line.of({"s": 8, "n": "n", "v": "v", "t": "t"}, clock.now()))
    assert [line.step for line in memory.after(7) or []] == [8]


def in_a_loop_of_its_own(work: Coroutine[Any, Any, Any]) -> Any:
    """A browser of other tests may keep a loop running in this thread."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


class Listener(threading.Thread):
    """A page that reads its stream, line by line."""

    def __init__(self, base: str, ticket: str, last: str = "", origin: str = ORIGIN) -> None:
        super().__init__(daemon=True)
        query = f"ticket={ticket}" + (f"&last={last}" if last else "")
        request = urllib.request.Request(f"{base}/stream?{query}", headers={"Origin": origin})
        self.answer = urllib.request.urlopen(request, timeout=30)
        self.lines: list[str] = []
        self.over = False
        self.start()

    def run(self) -> None:
        try:
            for line in self.answer:
                self.lines.append(line.decode().rstrip())
        except (OSError, AttributeError):  # the test itself hung up
            pass
        self.over = True

    def wait_for(self, text: str, seconds: float = 10) -> float:
        began = time.monotonic()
        until(lambda: any(text in line for line in self.lines), seconds)
        return time.monotonic() - began

    def ids(self) -> list[str]:
        return [line[4:] for line in self.lines if line.startswith("id: ")]


def until(happens: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < end, "did not happen in time"
        time.sleep(0.02)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def database_url() -> str:
    one = connection.settings_dict
    place = f"{one['HOST'] or '127.0.0.1'}:{one['PORT'] or 5432}"
    return f"postgresql://{one['USER']}:{one['PASSWORD']}@{place}/{one['NAME']}"


def healthy(base: str) -> bool:
    try:
        return bool(urllib.request.urlopen(f"{base}/healthz", timeout=5).status == 200)
    except OSError:
        return False


@pytest.fixture
def running(transactional_db: None) -> Iterator[str]:
    """The process itself, beside the test's database."""
    port = free_port()
    environment = {
        **os.environ, "DATABASE_URL": database_url(), "SECRET_KEY": settings.SECRET_KEY, "PUBLIC_URL": ORIGIN,
    }  # fmt: skip
    command = (
        sys.executable, "-m", "uvicorn", "onegrid.live:application", "--port", str(port), "--no-access-log",
        "--timeout-graceful-shutdown", "3",
    )  # fmt: skip
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE)
    base = f"http://127.0.0.1:{port}"
    try:
        until(lambda: healthy(base), 20)
        yield base
        began = time.monotonic()
        process.terminate()
        process.wait(10)
        assert time.monotonic() - began < 5
        assert process.stderr is not None
        assert b"ticket=" not in process.stderr.read()
    finally:
        process.kill()
        process.wait()


def test_a_step_is_on_the_screen_within_a_second_and_nothing_is_missed(running: str, county: County) -> None:
    told.make_matters(county)
    sign_ins = {
        name: SignIn.objects.create(user_id=actor.user_id, posting_id=actor.posting_id, epoch=0).pk
        for name, actor in county.people.items()
        if name in ("receiver", "neighbour")
    }
    page = Listener(running, signed(county.receiver, sign_ins["receiver"], "a"))
    other = Listener(running, signed(county.neighbour, sign_ins["neighbour"], "b"))
    assert page.answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert page.answer.headers["Set-Cookie"] is None
    first = told.reported()
    assert page.wait_for(first.number) < 1
    assert told.WORDS not in "".join(page.lines)

    # The database ends the process's connection; what happens meanwhile comes after.
    with psycopg.connect(database_url(), autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'onegrid live'")
    missed = told.reported("又有一盏灯不亮")
    page.wait_for(missed.number)

    # A page that comes back says what it saw last.
    back = Listener(running, signed(county.receiver, sign_ins["receiver"], "c"), last=page.ids()[0])
    back.wait_for(missed.number)
    # What is put right in another town is heard there, and where it lay.
    place = {"longitude": 104.635, "latitude": 28.705}
    actions.take(actor=county.receiver, number=first.number, verb="place", given=place)
    other.wait_for(first.number)
    again = {"longitude": 104.605, "latitude": 28.705}
    actions.take(actor=county.receiver, number=first.number, verb="place", given=again)
    until(lambda: sum(first.number in line for line in other.lines) == 2, 5)
    lost = Listener(running, signed(county.receiver, sign_ins["receiver"], "d"), last="999999999")
    lost.wait_for("event: reload")
    assert not any(missed.number in line for line in other.lines)


def test_strangers_and_other_sites_get_no_stream(running: str, county: County) -> None:
    for ticket, origin in (("nonsense", ORIGIN), (signed(county.receiver), "https://elsewhere.example")):
        with pytest.raises(urllib.error.HTTPError) as refused:
            Listener(running, ticket, origin=origin)
        assert refused.value.code == 403


@pytest.mark.django_db(transaction=True)
def test_a_session_that_ended_ends_its_screen(county: County) -> None:
    receiver = county.receiver
    who = {"user_id": receiver.user_id, "posting_id": receiver.posting_id, "epoch": 0}
    good = SignIn.objects.create(**who)
    ended = SignIn.objects.create(**who, ended_at=clock.now())

    async def tries() -> list[bool]:
        house = live.House(database_url(), settings.SECRET_KEY.encode(), ORIGIN)
        changed = Actor(**{**receiver.__dict__, "roles": frozenset({roles.LEADER})})
        people = ((receiver, good.pk, "a"), (receiver, ended.pk, "b"), (changed, good.pk, "c"))
        screens = [house.admit(signed(actor, sign_in, nonce)) for actor, sign_in, nonce in people]
        house.screens.update(screen for screen in screens if screen)
        await house.end_lapsed()
        return [bool(screen and screen.ended) for screen in screens]

    assert in_a_loop_of_its_own(tries()) == [False, True, True]


def test_the_process_needs_no_django() -> None:
    told_ = subprocess.run(
        [sys.executable, "-c", "import onegrid.live, sys; print(sum(m.startswith('django') for m in sys.modules))"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told_.stdout.strip() == "0"


def wall_ticket(link: WallLink, nonce: str) -> str:
    carried = {**wall_view.carried(link), "nonce": nonce}
    return crypto.sign(carried, 30, key=settings.SECRET_KEY.encode())


def test_a_wall_hears_that_something_happened_and_never_what(running: str, county: County) -> None:
    told.make_matters(county)
    here, there = (
        insight.make_wall_link(actor=county.leader, area=area, name="大厅", days="1")[0]
        for area in (cast.COUNTY, cast.TOWNS[1])
    )
    entry = SignIn.objects.create(user_id=county.receiver.user_id, posting_id=county.receiver.posting_id, epoch=0)
    page = Listener(running, signed(county.receiver, entry.pk, "p"))
    screen, other = Listener(running, wall_ticket(here, "w")), Listener(running, wall_ticket(there, "o"))
    first = told.reported()
    screen.wait_for("event: step")
    page.wait_for(first.number)
    sealed = told.reported("楼下麻将馆天天赌博")
    page.wait_for(sealed.number)
    said = "".join(screen.lines)
    assert first.number not in said
    assert "you" not in said
    assert len(screen.ids()) == 1
    assert other.ids() == []
    back = Listener(running, wall_ticket(here, "x"), last="999999999")
    back.wait_for("event: reload")


@pytest.mark.django_db(transaction=True)
def test_a_wall_link_that_ended_ends_its_screen(county: County) -> None:
    links = [insight.make_wall_link(actor=county.leader, area=cast.COUNTY, name="大厅", days="1")[0] for _ in range(3)]
    insight.revoke_wall_link(actor=county.leader, link_id=links[1].pk)
    past = clock.now() - timedelta(days=3)
    WallLink.objects.filter(pk=links[2].pk).update(made_at=past, expires_at=past + timedelta(days=2))

    async def tries() -> list[bool]:
        house = live.House(database_url(), settings.SECRET_KEY.encode(), ORIGIN)
        screens = [house.admit(wall_ticket(link, str(link.pk))) for link in links]
        house.screens.update(screen for screen in screens if screen)
        await house.end_lapsed()
        return [bool(screen and screen.ended) for screen in screens]

    assert in_a_loop_of_its_own(tries()) == [False, True, True]
