"""Marked people use the house, their time passes, and no byte of them is left: not in a table, not in a file.

The search looks for each mark as it is, in UTF-16, in base64 at every offset, in hexadecimal, percent-encoded and as
JSON escapes, in a binary dump of every table and in every file of the store. Before the time is over it must find them.
"""

import base64
import io
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from PIL import Image

from onegrid.events import actions
from onegrid.events.models import Attachment, Contact, Event, RetentionRule
from onegrid.kit import images
from onegrid.org import actions as org
from onegrid.org.roles import Actor
from onegrid.testing.cast import COUNTY, County, client_of
from onegrid.testing.matters import LAMP, at, carry, make_matters, reported

pytestmark = pytest.mark.django_db
PEOPLE = 12


def mark(number: int) -> dict[str, str]:
    """A person whom nobody else is called like."""
    return {
        "name": f"金丝雀{number:03}号", "phone": f"1398{number:03}5432", "email": f"canary{number:03}@mark.invalid",
        "house": f"鸟笼巷{number:03}之七",
    }  # fmt: skip


MARKS = [value for number in range(PEOPLE) for value in mark(number).values()]


def shapes(value: str) -> list[bytes]:
    """Every form in which a text may lie about."""
    plain = value.encode()
    found = [plain, value.encode("utf-16-le"), value.encode("utf-16-be"), plain.hex().encode(),
             plain.hex().upper().encode(), quote(value).encode(), json.dumps(value)[1:-1].encode()]  # fmt: skip
    for offset in range(3):
        whole = base64.b64encode(b"\0" * offset + plain)
        # Only what does not depend on the neighbours: the first and last characters do.
        found.append(whole[4 if offset else 0 : len(whole) // 4 * 4 - 4])
    return [one for one in found if len(one) > 5]


def tables() -> dict[str, bytes]:
    """Every table of the database in PostgreSQL's binary form."""
    dumped = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')"
        )
        for (name,) in cursor.fetchall():
            with cursor.copy(f"COPY {name} TO STDOUT (FORMAT binary)") as rows:
                dumped[name] = b"".join(bytes(block) for block in rows)
    return dumped


def hits(folder: Path) -> dict[str, list[str]]:
    """Where which marks lie: in tables and in files, by name."""
    places = tables() | {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    forms = {value: shapes(value) for value in MARKS}
    found = {
        name: [value for value, ways in forms.items() if any(way in raw for way in ways)]
        for name, raw in places.items()
    }
    return {name: values for name, values in found.items() if values}


@pytest.fixture
def matters(county: County, settings: Any, tmp_path: Any) -> County:
    kept = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "default": kept}
    make_matters(county)
    for kind, days in (("archive", 60), ("contact", 100), ("event", 1000)):
        RetentionRule.objects.create(kind=kind, days=days, name_zh="期限", name_en="Time")
    return county


def picture(number: int) -> images.Picture:
    drawn = io.BytesIO()
    Image.effect_noise((48, 48), 40 + number).convert("RGB").save(drawn, "JPEG")
    return images.rebuild(drawn.getvalue())


WAYS = ("closed", "archived", "refused", "void", "rating")


def live(number: int, matters: County) -> None:
    """One marked person reports, is spoken of wherever words can be typed, and the matter comes to an end."""
    who, end = mark(number), WAYS[number % len(WAYS)]
    said = reported(
        f"{who['name']}说{who['house']}路灯不亮，电话{who['phone']}", address=who["house"], pictures=[picture(number)],
        contact={name: who[name] for name in ("name", "phone", "email")}, note=f"{who['name']}来电",
    )  # fmt: skip
    named = f"{who['name']}，{who['house']}"
    actions.join(actor=Actor.stranger(), number=said.number, words=f"我是邻居，{named}", address=who["house"])
    actions.reveal(actor=matters.receiver, number=said.number, voice=said.number, purpose=f"约{named}")
    actions.take(actor=matters.receiver, number=said.number, verb="tell", given={"words": f"告诉{named}"})
    actions.take(actor=matters.receiver, number=said.number, verb="note", given={"words": f"内部：{named}"})
    actions.release_title(actor=matters.receiver, number=said.number, release=True, title=f"{who['house']}的灯")
    sha256 = Attachment.objects.filter(event=said.event).values_list("sha256", flat=True)[0]
    boxes = [("10", "10", "30", "30")]
    actions.cover_photo(actor=matters.receiver, number=said.number, sha256=sha256, boxes=boxes)
    if end in ("closed", "archived", "rating"):
        through(said.number, named, matters)
        reporter = Actor.reporter(said.report.pk)
        if end != "rating":
            actions.take(actor=reporter, number=said.number, verb="rate", given={"solved": True})
    else:
        carry(said, end, matters)
    for step in said.event.steps.all():
        actions.tell_people(event_id=said.event.pk, n=step.n)


def through(number: str, named: str, matters: County) -> None:
    """To the check, with the name in the title, the result, a reason that is no code, and a denied request."""
    given = {"category": LAMP, "title": named[:30]}
    actions.take(actor=matters.receiver, number=number, verb="accept", given=given)
    actions.take(actor=matters.dispatcher, number=number, verb="dispatch", given={"unit": "city"})
    actions.take(actor=matters.handler, number=number, verb="claim")
    asked = {"reason": "weather", "days": 1, "words": f"{named}不在家"}
    actions.ask_for(actor=matters.handler, number=number, kind="extend", given=asked)
    actions.decide(actor=matters.dispatcher, number=number, kind="extend", grant=False, words=f"{named}在家")
    actions.take(actor=matters.handler, number=number, verb="resolve", given={"result": f"给{named}换了灯"})
    actions.take(actor=matters.checker, number=number, verb="redo", given={"reason": f"{named}说没亮"})
    actions.take(actor=matters.handler, number=number, verb="resolve", given={"result": f"又给{named}换了灯"})
    actions.take(actor=matters.checker, number=number, verb="pass_check", given={"words": named})


def typed_at_the_desk(number: int, matters: County) -> None:
    """The same by the pages: what a form sends lies in more places than an action's arguments."""
    who, client = mark(number), client_of(matters.receiver)
    given = {"idempotency_key": f"E{number}", "words": f"{who['name']}报路灯不亮", "name": who["name"],
             "phone": who["phone"], "address": who["house"], "area": COUNTY + "001"}  # fmt: skip
    assert client.post("/desk/new/", given).status_code in (200, 303)
    made = Event.objects.order_by("-id").values_list("number", "version")[0]
    refused = {"idempotency_key": f"R{number}", "version": made[1], "reason": "court", "words": f"{who['name']}请起诉"}
    assert client.post(f"/desk/events/{made[0]}/refuse/", refused).status_code == 303
    assert client.get("/desk/search/", {"q": who["name"]}).status_code == 200


def files_of_the_queue() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT args -> 'names' FROM procrastinate_jobs WHERE task_name = 'events.tasks.drop_files'")
        return [name for (row,) in cursor.fetchall() for name in json.loads(row)]


def test_nobody_is_left_when_the_time_is_over(
    matters: County, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with at() as hand:
        for number in range(PEOPLE - 2):
            live(number, matters)
        for number in range(PEOPLE - 2, PEOPLE):
            typed_at_the_desk(number, matters)
        before, files = hits(tmp_path), list(tmp_path.rglob("*.jpg"))
        hand.on(days=8)
        actions.sweep()
        hand.on(days=62)
        actions.sweep()
        hand.on(days=1001)
        done = actions.retain()
        actions.drop_files(files_of_the_queue())
        org.forget_answers()
        org.forget_sign_ins()
        after = hits(tmp_path)
    with capsys.disabled():
        print(f"\nmarks found before: {sum(map(len, before.values()))} in {len(before)} places; after: {after or 0}")
    assert {"public.events_event", "public.events_step", "public.events_report", "public.org_trailentry",
            "public.events_request", "public.events_release"} <= set(before)  # fmt: skip
    assert done.events == PEOPLE
    assert after == {}
    assert len(files) == (PEOPLE - 2) * 4
    assert list(tmp_path.rglob("*.jpg")) == []
    sealed = Contact.objects.exclude(sealed=b"").count() + Event.objects.filter(words_sealed__isnull=False).count()
    assert sealed == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM events_search")
        assert cursor.fetchone() == (0,)


def test_the_search_finds_a_mark_in_every_shape(tmp_path: Path) -> None:
    """Planted faults: one mark left over in a file, each time in another shape."""
    value = mark(3)["name"]
    for number, raw in enumerate(shapes(value)):
        (tmp_path / "left").write_bytes(b"xx" + raw + b"yy")
        assert [values for name, values in hits(tmp_path).items() if name.endswith("left")] == [[value]], number
    (tmp_path / "left").write_bytes(base64.b64encode(b"{'who': '" + value.encode() + b"'}"))
    assert hits(tmp_path)


def test_a_picture_that_came_twice_stays_with_the_younger_matter(matters: County, tmp_path: Path) -> None:
    with at() as hand:
        same = picture(1)
        old = reported(pictures=[same])
        carry(old, "void", matters)
        hand.on(days=900)
        young = reported(pictures=[same])
        hand.on(days=101)
        assert actions.retain().events == 1
        assert actions.drop_files(files_of_the_queue()) == 0
    assert len(list(tmp_path.rglob("*.jpg"))) == 2
    assert young.event.attachments.count() == 1
