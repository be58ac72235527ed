"""No byte of what a stranger must not see: everything forbidden is planted, then every public answer is searched."""

import base64
import binascii
import html
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver

from onegrid.events import actions as events
from onegrid.events.models import Attachment, Category, Contact, Event, Report
from onegrid.notices.actions import carrying
from onegrid.notices.models import Message
from onegrid.public import actions, api, forms
from onegrid.public.rules import collected
from onegrid.public.views.follow import FIELDS
from onegrid.testing import matters as told
from onegrid.testing.cast import COUNTY, GRIDS, TOWNS, County

pytestmark = pytest.mark.django_db
# What is planted, by what it is; each is found nowhere else in the house.
WORDS, SEALED_WORDS = "三盏路灯不亮甲子乙丑", "麻将馆赌博丙寅丁卯"
NAME, PHONE, ADDRESS = "欧阳戊辰", "13987654321", "己巳巷九十九号"
RESULT, REASON, NOTE, TITLE = "庚午换了灯泡", "辛未等材料", "壬申内部的话", "癸酉的标题"
LON, LAT = 104.604321, 28.704321
MAIL = "li.hua@example.com"
FORBIDDEN = (WORDS, SEALED_WORDS, NAME, PHONE, "139****4321", ADDRESS, RESULT, REASON, NOTE, TITLE, MAIL, "li.hua")
POINTS = ("104.6043", "28.7043")
GET = ("/", "/open/", "/open/follow/", "/open/mine/", "/promises/", "/promises/tasks/", "/promises/data.json",
       "/report/", "/track/", "/my-grid/", "/places/", "/robots.txt", "/healthz", "/readyz")  # fmt: skip


@pytest.fixture
def planted(county: County, settings: Any) -> Iterator[County]:
    """Matters of every kind, each full of what must not come out; the clock stands in the week after."""
    settings.NOTICES_CHANNELS = ["in_app", "mail"]
    told.make_matters(county)
    with told.at() as hand:
        public = Client()
        public.post("/open/follow/", {"mail": MAIL, "area": COUNTY, "pace": "weekly", "category": "",
                                      "idempotency_key": "k"})  # fmt: skip
        public.post("/open/mine/", {"code": code(), "do": "begin"})
        for state in ("reported", "accepted", "handling", "suspended", "checking", "closed", "refused", "void"):
            plant(county, state)
        for leaf in (told.NEIGHBOURS, told.GAS, told.VICE):
            hidden(county, leaf)
        hidden(county, told.LANE, about_office=True, about_unit="fire")
        hand.on(days=8)
        yield county


def plant(county: County, state: str) -> Event:
    contact = {"name": NAME, "phone": PHONE}
    said = told.reported(WORDS, lon=LON, lat=LAT, address=ADDRESS, contact=contact, pictures=[picture()])
    event = told.carry(said, state, county)
    Event.objects.filter(pk=event.pk).update(result=RESULT, title=TITLE)
    events.take(actor=county.receiver, number=said.number, verb="note", given={"words": NOTE})
    return event


def hidden(county: County, leaf: str, **given: Any) -> None:
    """A matter that no list shows at all: its leaf must not come out either."""
    words = SEALED_WORDS if leaf == told.VICE else WORDS
    said = told.reported(words, lon=LON, lat=LAT, address=ADDRESS, **given)
    events.take(actor=county.receiver, number=said.number, verb="accept", given={"category": leaf})
    events.take(actor=county.dispatcher, number=said.number, verb="dispatch", given={"unit": "housing"})


def picture() -> Any:
    from tests.e2e.stage import photo

    return photo()


def code() -> str:
    return mails()[-1].split("/open/mine/#")[1].split()[0]


def mails() -> list[str]:
    rows = Message.objects.filter(to_other__startswith="follow:").order_by("id")
    return [carrying.envelope(row).text for row in rows]


def answers() -> Iterator[tuple[str, str]]:
    """Every public address that is read, in both languages and sizes, with every filter and all further pages."""
    kinds = (told.LAMP, told.NEIGHBOURS, told.VICE, "01")
    filters = [f"?area={TOWNS[0]}", *(f"?category={kind}" for kind in kinds)]
    filters += [f"?state={state}" for state in ("under_way", "waiting", "done")]
    for language in ("zh-hans", "en"):
        for size in ("", "elder"):
            client = Client()
            client.cookies["language"], client.cookies["size"] = language, size
            for path in (*GET, *(f"/open/{one}" for one in filters)):
                yield from read(client, path)
        given = {"page": "where", "words": WORDS, "category": told.LAMP, "area": TOWNS[0], "go": "on"}
        yield "twins", client.post("/report/", given).content.decode().replace(WORDS, "")
    for mail in mails():
        yield "mail", mail


def read(client: Client, path: str) -> Iterator[tuple[str, str]]:
    answer = client.get(path)
    assert answer.status_code == 200, path
    text = html.unescape(b"".join(answer).decode())
    yield path, text + str(answer.headers)
    following = re.search(r'href="(/open/\?[^"]*after=[^"]+)"', text)
    if following:
        yield from read(client, following[1])


def opened(text: str) -> str:
    """The text, and whatever of it reads like something packed."""
    found = [text]
    for word in set(re.findall(r"[A-Za-z0-9_-]{24,}={0,2}", text)):
        for candidate in (word, *word.split(".")):
            try:
                found.append(
                    base64.urlsafe_b64decode(candidate + "=" * (-len(candidate) % 4)).decode("utf-8", "ignore")
                )
            except (binascii.Error, ValueError):
                continue
    return "\n".join(found)


def forbidden() -> dict[str, str]:
    """Every planted word with the name of what it is."""
    found = dict.fromkeys((*FORBIDDEN, *POINTS), "planted")
    found |= {number: "number" for number in Event.objects.values_list("number", flat=True)}
    found |= {number: "number of a voice" for number in Report.objects.values_list("number", flat=True)}
    found |= (
        dict.fromkeys(GRIDS, "grid")
        | {f"第{n}网格": "grid" for n in range(1, 7)}
        | {f"Grid {n}": "grid" for n in range(1, 7)}
    )
    found |= {row.sha256: "photo" for row in Attachment.objects.all()}
    return found


def test_no_byte_of_what_a_stranger_must_not_see(planted: County) -> None:
    assert Contact.objects.exists()
    actions.count_promises(months=2)
    assert actions.tell_followers(pace="weekly") == 1
    words = forbidden()
    wrong = [
        f"{path}: {kind} {word!r}"
        for path, text in ((path, opened(text)) for path, text in answers())
        for word, kind in words.items()
        if word in text
    ]
    assert wrong == []


def test_the_search_finds_what_is_planted(planted: County) -> None:
    """The planted fault: the words of a released title do come out, so the search really reads the pages."""
    number = Event.objects.filter(state="handling").values_list("number", flat=True)[0]
    events.release_title(actor=planted.receiver, number=number, release=True)
    assert any(TITLE in opened(text) for _path, text in answers())
    packed = base64.urlsafe_b64encode(json.dumps({"words": WORDS}).encode()).decode()
    assert "words" in opened(packed)


def test_no_exact_time_comes_out(planted: County) -> None:
    """Of an open matter a stranger learns the week; no day of it and no hour stand on a page of matters."""
    shown = Client().get("/open/").content.decode()
    stamp = told.MORNING.strftime("%Y-%m-%d")
    assert stamp not in shown
    assert not re.search(r"\b\d{1,2}:\d{2}\b", re.sub(r"<head>.*?</head>", "", shown, flags=re.S))


def test_what_is_never_listed_is_in_no_row(planted: County) -> None:
    for language in ("zh-hans", "en"):
        client = Client()
        client.cookies["language"] = language
        shown = client.get("/open/").content.decode()
        found = re.search(r'<ul class="matters card">(.*?)\n    </ul>', shown, re.S)
        assert found
        for leaf in Category.objects.exclude(code=told.LAMP):
            assert leaf.name_zh not in found[1]
            assert leaf.name_en not in found[1]
        assert found[1].count("<li>") == 5


def test_every_public_address_is_searched() -> None:
    """An address that is added must be read by the search, or be one that only answers to what was sent to it."""
    sent_only = {"report/send/", "track/act/", "track/receipt/", "track/photos/<str:ticket>/", "language/", "size/",
                 # opened by a code for one unit, never by a stranger: test_answer.py
                 "answer/", "answer/act/", "answer/photos/<str:ticket>/"}  # fmt: skip
    known = {path.lstrip("/") for path in GET} | sent_only
    rooms = [part for part in get_resolver().url_patterns if getattr(part, "app_name", "") == "public"]
    addresses = [one for part in rooms for one in getattr(part, "url_patterns", [])]
    found = {str(one.pattern) for one in addresses if one.callback.door.open}
    assert found - known == set(), "add the address to GET above, or say here why it is only sent to"


def test_every_field_that_is_asked_stands_on_the_page_of_tasks(planted: County) -> None:
    asked = {name for name, _value in forms.Draft().items()} | {"photos"} | set(FIELDS)
    asked |= set(api.GivenReport.model_fields) | set(api.ReporterContact.model_fields)
    assert asked - collected.named() - collected.CARRIED == set()


def test_every_leaf_and_question_stands_on_the_page_of_tasks(planted: County) -> None:
    from onegrid.events.models import Question

    Question.objects.create(
        category=told.LAMP, key="pole", kind="text", name_zh="灯杆编号", name_en="Number of the pole"
    )
    page = Client().get("/promises/tasks/").content.decode()
    for leaf in Category.objects.all():
        assert leaf.name_zh in page
        assert leaf.code in page
    assert "灯杆编号" in page
