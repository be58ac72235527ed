"""No door shows who reported: walked by everybody of the complained-about office, and of the one that handles it.

Every address that answers to a GET is asked, with the words of the report searched for; what comes back, and every
message that was written to these people, is looked through for each mark that could tell of the reporter.
"""

import json
import re
import shutil
import subprocess
import sys
from typing import Any

import pytest
from django.db import connection

from onegrid.events import actions
from onegrid.events.models import Event, Step
from onegrid.notices.models import Message
from onegrid.org import actions as org
from onegrid.org.models import User
from onegrid.org.roles import Actor
from onegrid.testing import matters as told
from onegrid.testing.cast import COUNTY, County, client_of, post
from tests.house import matrix, pages_matrix

pytestmark = pytest.mark.django_db
NAME, PHONE, MAIL, HOME = "欧阳守密", "13800007788", "ouyang.secret@example.com", "月亮湾八号"
LAST = re.compile(r"(?<![0-9A-Za-z])7788(?![0-9A-Za-z])")  # by itself: a random token may hold these digits too
WHO = (NAME, PHONE, "138****7788", MAIL, "o***@example.com", HOME)
WORKER = "敲更人"
WORDS = "城管局的人收了摊位费不开票"
ASKED = ("?q=" + WORDS[:6], "?q=" + PHONE, "?q=" + NAME, "?q=" + MAIL, "")
MESSAGE_ROWS = "SELECT to_jsonb(m)::text FROM notices_message m WHERE to_posting_id = ANY(%s)"


@pytest.fixture
def matter(county: County, settings: Any) -> Event:
    """About the city management office, typed by a grid worker, handled by the fire brigade up to its end."""
    told.make_matters(county)
    User.objects.filter(pk=county.worker.user_id).update(name_zh=WORKER, name_en=WORKER)
    made = actions.report(
        actor=county.worker, words=WORDS, lon=104.605, lat=28.705, channel="worker", about_unit="city",
        about_office=True, contact={"name": NAME, "phone": PHONE, "email": MAIL},
    )  # fmt: skip
    actions.join(
        number=made.number, actor=county.worker, words="我也交过", address=HOME, channel="visit", protect=True,
        contact={"name": NAME, "phone": PHONE},
    )  # fmt: skip
    for actor, verb, given in (
        (county.receiver, "accept", {"category": told.LAMP}),
        (county.dispatcher, "dispatch", {"unit": "fire"}),
        (county.other_handler, "claim", {}),
        (county.other_handler, "tell", {"words": "正在核实"}),
        (county.other_handler, "resolve", {"result": "已核实并退还。"}),
    ):
        actions.take(actor=actor, number=made.number, verb=verb, given=given)
    actions.ask_unsealing(actor=county.receiver, number=made.number, voice=made.number, purpose="约谈核实")
    actions.decide_unsealing(actor=county.leader, number=made.number, voice=made.number, grant=True)
    actions.reveal(actor=county.receiver, number=made.number, voice=made.number, purpose="约谈核实")
    for n in Step.objects.filter(event=made.event).values_list("n", flat=True):
        actions.tell_people(event_id=made.event.pk, n=n)
    return Event.objects.get(pk=made.event.pk)


def addresses(number: str) -> list[str]:
    """Every address of the two tables that answers to a GET, for this matter."""
    doors = [*pages_matrix.DOORS, *pages_matrix.READS, *matrix.READS]
    paths = [door.split()[1] for door in doors if door.startswith("GET ")]
    filled = [path.replace("{number}", number).replace("{voice}", number) for path in paths]
    queues = [filled_with(path, "queue", ("open", "done", "in_hand", "to_check")) for path in filled]
    flat = [re.sub(r"{\w*id}", "1", path) for group in queues for path in group]
    return [path.replace("{sha256}", "0" * 64) for path in flat if "{ticket}" not in path]


def filled_with(path: str, name: str, values: tuple[str, ...]) -> list[str]:
    return [path.replace("{" + name + "}", value) for value in values] if "{" + name + "}" in path else [path]


def read(answer: Any) -> str:
    """The body as a person reads it: JSON without escapes, a paper file as its letters."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    kind = answer.headers.get("Content-Type", "")
    if kind.startswith("application/json"):
        return json.dumps(json.loads(body), ensure_ascii=False)
    if kind == "application/pdf" and shutil.which("pdftotext"):
        body = subprocess.run(["pdftotext", "-", "-"], input=body, capture_output=True, check=True).stdout
    return body.decode(errors="replace")


class Walk:
    """One person at every address, with the pages' session and the API's token."""

    def __init__(self, person: Actor) -> None:
        self.client, self.count = client_of(person), 0
        self.headers = {"Authorization": f"Bearer {org.make_token(person, name='walk')[0]}"}

    def ask(self, path: str) -> Any:
        return self.client.get(path, headers=self.headers if path.startswith("/api/") else {})

    def found(self, paths: list[str], marks: tuple[str, ...]) -> list[str]:
        """Where a mark stood; what one searched for oneself and the page repeats is the reader's own knowledge."""
        found = []
        for path in paths:
            for asked in ASKED:
                answer = self.ask(path + asked)
                text = read(answer) + str(answer.headers)
                text = text.replace(asked.removeprefix("?q="), "") if asked else text
                self.count += 1
                found += [f"{path}{asked}: {mark}" for mark in marks_in(text, marks)]
        return found


def marks_in(text: str, marks: tuple[str, ...]) -> list[str]:
    return [mark for mark in marks if mark in text] + (["7788"] if LAST.search(text) else [])


def messages_to(people: list[int]) -> str:
    assert Message.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute(MESSAGE_ROWS, [people])
        return "\n".join(row[0] for row in cursor.fetchall())


def test_the_last_digits_are_told_from_those_of_a_token() -> None:
    assert marks_in('尾号7788 value="xK77881Zq" 138****7788 at 10:15:33.127788', ("138****7788",)) == [
        "138****7788",
        "7788",
    ]
    assert marks_in('value="xK77881Zq" at 10:15:33.127788', WHO) == []


def test_the_office_it_is_about_finds_neither_the_matter_nor_the_reporter(county: County, matter: Event) -> None:
    people = [county.handler, county.unit_leader, post(county, "clerk", "city", COUNTY, ("handler", "receiver"))]
    marks = (*WHO, WORDS, matter.number, "已核实并退还")
    for person in people:
        walk = Walk(person)
        found = walk.found([path for path in addresses(matter.number) if matter.number not in path], marks)
        assert (walk.count > 100, found) == (True, [])
        own = [path for path in addresses(matter.number) if matter.number in path]
        assert {walk.ask(path).status_code for path in own} <= {204, 403, 404}
    said = messages_to([one.posting_id for one in people if one.posting_id])
    assert marks_in(said, marks) == []


def test_the_unit_that_handles_it_reads_the_words_and_never_who_said_them(county: County, matter: Event) -> None:
    walk = Walk(county.other_handler)
    assert WORDS in walk.ask(f"/desk/events/{matter.number}/").content.decode()
    found = walk.found(addresses(matter.number), (*WHO, WORKER, "约谈核实"))
    assert (walk.count > 100, found) == (True, [])


@pytest.mark.parametrize("asked", [PHONE, NAME, MAIL, HOME])
def test_nobody_finds_the_matter_by_the_reporter(county: County, matter: Event, asked: str) -> None:
    for person in (county.handler, county.other_handler, county.receiver):
        assert matter.number not in Walk(person).ask(f"/desk/search/?q={asked}").content.decode()


def test_the_walk_sees_a_seal_that_leaks(county: County, matter: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: the voices are handed to everybody as they are."""
    monkeypatch.setattr(sys.modules["onegrid.events.queries.detail"], "knows", lambda actor, event: True)
    found = Walk(county.other_handler).found(addresses(matter.number), WHO)
    assert {line.split(": ")[1] for line in found} >= {HOME}


def test_the_walk_sees_a_matter_that_its_office_may_read(county: County, matter: Event) -> None:
    """Planted fault: the office it is about is no longer kept out."""
    Event.objects.filter(pk=matter.pk).update(about_unit_ids=[], unit_ids=[*matter.unit_ids, county.handler.unit_id])
    paths = [path for path in addresses(matter.number) if matter.number not in path]
    assert Walk(county.handler).found(paths, (matter.number,)) != []
