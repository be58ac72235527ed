"""What residents write, matched with score and reasons; and an outside geocoder with all that may go wrong there."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from onegrid.gazetteer import actions, queries
from onegrid.gazetteer.actions import NameRow
from onegrid.gazetteer.adapters import geocoder
from onegrid.gazetteer.rules import matching
from onegrid.gazetteer.rules.matching import POSSIBLE, STRONG, WEAK, Said, fits, grade, worth_asking
from onegrid.kit import geo
from onegrid.org.roles import Actor
from onegrid.testing import cast
from onegrid.testing.cast import County

SYSTEM = Actor.system()


@pytest.fixture
def places(county: County) -> None:
    rows = [
        NameRow("1", "street", "人民路", *cast.middle(0)), NameRow("2", "street", "人民路", *cast.middle(3)),
        NameRow("3", "poi", "东门农贸市场", *cast.middle(1), aliases=("东门市场",)),
        NameRow("4", "street", "滨河路", *cast.middle(2)),
    ]  # fmt: skip
    actions.keep_names(SYSTEM, source="test", rows=rows)


@pytest.mark.django_db
def test_a_name_in_the_text_is_proposed_with_score_and_reason(places: None) -> None:
    found = queries.candidates("东门农贸市场后门的垃圾桶满了")
    assert [one.place.ref for one in found] == ["3"]
    assert found[0].score >= 0.7
    assert "东门农贸市场" in found[0].reasons[0]


@pytest.mark.django_db
def test_of_several_with_one_name_each_is_proposed_and_the_given_area_comes_first(places: None) -> None:
    found = queries.candidates("人民路12号门口", area=cast.TOWNS[1])
    assert [one.place.ref for one in found] == ["2", "1"]
    assert found[0].score > found[1].score
    assert queries.candidates("青溪镇人民路")[0].place.ref == "2"


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", "我家门口", "路", "没有名字的地方", "'; --", "&|!()*:", "长" * 5000])
def test_where_nothing_is_named_nothing_is_proposed(places: None, text: str) -> None:
    assert queries.candidates(text) == []


@pytest.mark.django_db
def test_an_alias_counts_and_a_house_number_speaks_for_a_street(places: None) -> None:
    assert queries.candidates("东门市场里面")[0].place.ref == "3"
    with_number, without = queries.candidates("滨河路8号")[0], queries.candidates("滨河路上")[0]
    assert with_number.score > without.score


class Answers(BaseHTTPRequestHandler):
    """Answers as the test says; keeps what it was asked."""

    def do_GET(self) -> None:
        server: Any = self.server
        server.asked.append(self.path)
        status, body = server.said
        self.send_response(status)
        self.end_headers()
        server.gate.wait(server.slow)
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def service(settings: Any) -> Iterator[Any]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.asked, server.said, server.gate, server.slow = [], (200, b"{}"), threading.Event(), 0
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.GEOCODER_URL = f"http://127.0.0.1:{server.server_address[1]}/geo?output=json"
    settings.GEOCODER_KEY, settings.GEOCODER_SYSTEM = "k", "gcj02"
    yield server
    server.gate.set()
    server.shutdown()
    server.server_close()


def test_its_points_are_turned_into_wgs84(service: Any) -> None:
    lon, lat = geo.gcj_from_wgs(104.605, 28.705)
    said = {"status": "1", "geocodes": [{"formatted_address": "某县人民路", "location": f"{lon},{lat}"}]}
    service.said = (200, json.dumps(said).encode())
    found = geocoder.ask("人民路12号")
    assert (found[0].lon, found[0].lat) == pytest.approx((104.605, 28.705), abs=1e-6)
    assert found[0].name == "某县人民路"


def test_nothing_but_the_address_is_sent_and_no_phone_in_it(service: Any) -> None:
    geocoder.ask("人民路12号，找我打13812345678")
    asked = parse_qs(urlsplit(service.asked[0]).query)
    assert set(asked) == {"address", "key", "output"}
    assert "13812345678" not in service.asked[0]
    assert asked["address"] == ["人民路12号，找我打138****5678"]


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, b""), (404, b"{}"), (200, b"not json"), (200, b"[]"), (200, b'{"geocodes": 5}'), (200, b"null"),
     (200, b'{"geocodes": [{"location": "x,y"}]}'), (200, b'{"geocodes": [{}]}'), (302, b"{}"),
     (200, b'{"location": {"lon": "999", "lat": 5}}'), (200, b"\xff\xfe"),
     (200, b'{"location": {"lon": "NaN", "lat": 1}}')],
)  # fmt: skip
def test_whatever_goes_wrong_outside_is_no_answer(service: Any, status: int, body: bytes) -> None:
    service.said = (status, body)
    assert geocoder.ask("人民路") == []


def test_a_service_that_does_not_answer_is_not_waited_for(service: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geocoder, "TIMEOUT_SECONDS", 0.2)
    service.slow = 5
    assert geocoder.ask("人民路") == []
    assert len(service.asked) == 1


def test_without_a_setting_nothing_is_asked(service: Any, settings: Any) -> None:
    settings.GEOCODER_URL = ""
    assert geocoder.ask("人民路") == []
    assert service.asked == []
    settings.GEOCODER_URL = "http://127.0.0.1:1/"
    assert geocoder.ask("人民路") == []


@pytest.mark.django_db
def test_the_entry_form_asks_do_you_mean_and_marks_what_came_from_outside(
    places: None, receiver: Actor, service: Any, browser_of: Any
) -> None:
    browser, said = browser_of(receiver), {"words": "路灯不亮了", "address": "人民路12号"}
    page = browser.post("/desk/new/alike/", said).content.decode()
    assert page.count("data-spot=") == 2
    assert service.asked == []
    service.said = (200, b'{"location": {"lon": 104.6, "lat": 28.7, "keyWord": "elsewhere"}}')
    page = browser.post("/desk/new/alike/", {**said, "address": "某处"}).content.decode()
    assert page.count("data-spot=") == 1
    assert "pill" in page
    taken = {**said, "longitude": "104.605"}
    assert "data-spot=" not in browser.post("/desk/new/alike/", taken).content.decode()


@dataclass(frozen=True)
class Spot:
    """A place as the rule asks of it."""

    name_zh: str
    area: str = "511502001001"
    kind: str = "street"
    aliases: list[str] = field(default_factory=list)
    metres: float | None = None


HERE, THERE = "511502001001001", "511502002001001"


def graded(said: Said, *places: Spot) -> list[tuple[str, str]]:
    """Area (or name) and grade of what fits, best first."""
    return [(places[one.index].area, grade(one.score)) for one in fits(said, places, most=5)]


def test_a_house_number_speaks_for_a_street_and_a_long_name_for_itself() -> None:
    number, bare = fits(Said("人民路3号"), [Spot("人民路")]), fits(Said("人民路"), [Spot("人民路")])
    assert number[0].score > bare[0].score
    assert graded(Said("东门农贸市场后门"), Spot("东门农贸市场", kind="poi")) == [("511502001001", STRONG)]


def test_the_same_road_in_another_town_is_not_proposed_where_the_town_is_named() -> None:
    roads = Spot("人民路", HERE), Spot("人民路", THERE)
    assert graded(Said("青溪镇人民路12号", named=("511502002",)), *roads) == [(THERE, STRONG)]
    assert graded(Said("人民路12号", area="511502002001"), *roads)[0] == (THERE, STRONG)


def test_of_two_that_nothing_tells_apart_none_is_very_likely() -> None:
    roads = Spot("人民路", HERE), Spot("人民路", THERE)
    assert graded(Said("人民路12号"), *roads) == [(HERE, POSSIBLE), (THERE, POSSIBLE)]
    assert graded(Said("", "人民路上"), *roads) == [(HERE, WEAK), (THERE, WEAK)]


@pytest.mark.parametrize(
    ("text", "name"),
    [("去人民医院看病", "第一人民医院"), ("新华南路", "新华北路"), ("中心小学门口", "溪口中心小学"),
     ("人民公园", "人民广场"), ("南门", "东门"), ("阳光", "阳光花园小区"), ("桥头", "石桥头市场")],
)  # fmt: skip
def test_a_look_alike_is_not_proposed(text: str, name: str) -> None:
    assert graded(Said(text), Spot(name, kind="poi")) == []


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [("阳光花园3栋楼下", "阳光花园小区", WEAK), ("县第一人民医院门口", "云麓县第一人民医院", STRONG),
     ("在第一人民医院后面", "云麓县第一人民医院", STRONG)],
)  # fmt: skip
def test_a_name_is_found_without_what_people_leave_out(text: str, name: str, expected: str) -> None:
    said = Said(text, around=frozenset({"云麓县", "云麓"}))
    assert graded(said, Spot(name, kind="poi")) == [("511502001001", expected)]


def test_a_name_inside_a_longer_one_stands_back() -> None:
    found = graded(Said("东门农贸市场"), Spot("东门", "a", "poi"), Spot("东门农贸市场", "b", "poi"))
    assert found == [("b", STRONG)]
    apart = graded(Said("东门农贸市场，从东门进"), Spot("东门", "a", "poi"), Spot("东门农贸市场", "b", "poi"))
    assert apart[0] == ("b", STRONG)


def test_the_address_goes_before_the_words_and_more_places_lower_nothing_else() -> None:
    found = fits(Said("滨河路", "人民路"), [Spot("人民路"), Spot("滨河路")])
    assert [one.index for one in found] == [1, 0]
    assert all(0 <= one.score <= 0.99 for one in found)


@pytest.mark.parametrize(
    ("metres", "kind", "asked"), [(None, "poi", True), (300, "poi", False), (900, "poi", True), (900, "street", False)]
)
def test_a_pin_is_doubted_only_when_it_lies_far_from_all_that_fits_well(
    metres: float | None, kind: str, asked: bool
) -> None:
    place = Spot("东门农贸市场", kind=kind, metres=metres)
    assert worth_asking([(0.8, place)]) is asked
    assert worth_asking([(0.8, place), (0.8, Spot("x", metres=10))]) is False


def test_a_weak_one_never_doubts_a_pin_and_nothing_asks_for_nothing() -> None:
    assert not worth_asking([(0.45, Spot("路", kind="poi", metres=5000))])
    assert not worth_asking([])


def test_of_long_words_only_what_ends_like_a_place_is_read() -> None:
    text = "我家住在滨河路旁边，" + "每天晚上都很吵" * 400
    assert len(matching.pieces_in_words(matching.texts(Said("", text))[1])) < 100
    assert "滨河路" in matching.pieces_in_words("我家住在滨河路旁边")
    assert fits(Said("", text), [Spot("滨河路")])[0].score >= 0.5
