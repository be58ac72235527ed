"""The hand-written table of who may open which page, tried cell by cell; an address that is missing in it fails."""

import io
import itertools
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver
from PIL import Image

from onegrid.events import actions, queries
from onegrid.events.models import Attachment, Event, ReplyTemplate
from onegrid.kit import crypto, images
from onegrid.notices.models import Message
from onegrid.org import actions as org
from onegrid.supervision import actions as supervision
from onegrid.supervision.models import Order
from onegrid.testing import cast
from onegrid.testing import matters as told
from onegrid.testing.cast import County, client_of
from tests.house import matrix, pages_matrix
from tests.house import page_forms as forms
from tests.house.test_matrix import ASKERS, Undone, cells, given_for, made_grave, part_in, prepared, told_contact, twin

pytestmark = pytest.mark.django_db
ROOMS = ("public", "org", "notices", "gazetteer", "events", "lead", "supervision", "territory", "insight", "wall")
# Size 8, around the first grid.
HEXAGON = "8840e5d487fffff"
SQUARE = {"tag": "none", "z": 11, "x": 1619, "y": 853, "theme": "light"}
ANSWERS = {204: "hidden", 403: "forbidden", 404: "hidden", 409: "not_now", 422: "refused"}
PLACES = {"own": {}, "other": {"lon": 104.635, "lat": 28.705}, "restricted": {"words": "楼下麻将馆天天赌博"},
          "about": {"about_office": True, "about_unit": "city"}}  # fmt: skip
Given = dict[str, Any]
keys = itertools.count(1)


class House:
    """A session for each of the cast, and what is theirs: a token and a posting."""

    def __init__(self, county: County) -> None:
        self.county, self.sessions, self.tokens = county, dict[str, str](), dict[str, int]()
        for letter, name in matrix.PEOPLE.items():
            if name != "stranger":
                client = client_of(county.people[name])
                self.sessions[letter] = client.cookies[settings.SESSION_COOKIE_NAME].value
                self.tokens[letter] = org.make_token(county.people[name], name="matrix")[1].pk

    def ask(self, letter: str, method: str, path: str, given: Given) -> Any:
        """A fresh browser each time: what a cell did to the last one's cookies is forgotten."""
        client = Client()
        if letter in self.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[letter]
        if method == "GET":
            return client.get(path)
        return client.post(path, {"idempotency_key": f"pages-{next(keys)}", **given})

    def event(self, relation: str, state: str = "reported") -> Event:
        where: Given = {"contact": told_contact(), "pictures": [photo()], **PLACES[relation]}
        if state == "reported":
            return told.reported(**where).event
        return told.event_in(state, self.county, **where)


def photo() -> images.Picture:
    drawn = io.BytesIO()
    Image.effect_noise((32, 32), 40).convert("RGB").save(drawn, "JPEG")
    return images.rebuild(drawn.getvalue())


@pytest.fixture
def house(county: County, settings: Any, tmp_path: Any) -> House:
    backend = "django.core.files.storage.FileSystemStorage"
    kept = {"BACKEND": backend, "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "default": kept}
    settings.NOTICES_CHANNELS = [*settings.NOTICES_CHANNELS, "mail"]
    told.make_matters(county)
    return House(county)


def answer_of(response: Any) -> str:
    """The word of the table for an answer; being sent to sign in is none, unless one has just signed out."""
    if response.headers.get("Location", "").startswith("/login/") and "Clear-Site-Data" not in response.headers:
        return "login"
    return "ok" if response.status_code in (200, 201, 302, 303) else ANSWERS.get(response.status_code, "?")


def tried(house: House, line: str, door: str, places: Any, given: Any) -> list[str]:
    """The cells whose answer is not the written one; `places` and `given` are told who asks."""
    method, pattern = door.split()
    wrong = []
    for letter, expected in cells(line).items():
        path = pattern
        for name, value in places(letter).items():
            path = path.replace("{" + name + "}", str(value))
        try:
            with transaction.atomic():
                response = house.ask(letter, method, path, given(letter))
                raise Undone
        except Undone:
            pass
        if answer_of(response) != expected:
            said = f"{answer_of(response)} ({response.status_code})"
            wrong.append(f"{door} as {matrix.PEOPLE[letter]}: {said}, written: {expected}")
    return wrong


def photo_ticket(county: County, said: actions.Reported, *, by_link: bool) -> tuple[str, str, int]:
    """Ticket of the reported photo; by a link to a unit also the link's code and the version that it was made for."""
    carried: dict[str, Any]
    carried, purpose, code, version = {"f": Attachment.objects.get().sha256}, "photo", "", 0
    if by_link:
        offered(county, said.event, "own")
        link, code = actions.make_link(actor=county.dispatcher, number=said.number, days=7)
        carried, purpose, version = carried | {"l": link.pk}, "answer photo", link.event.version
    return crypto.sign(carried, 60, key=settings.SECRET_KEY.encode(), purpose=purpose), code, version


@pytest.mark.parametrize("door", list(pages_matrix.DOORS))
def test_who_passes_a_door(house: House, door: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # The door is tried here, not the drawing, which takes a second each time.
    monkeypatch.setattr("onegrid.supervision.views.circular_paper.drawn_pdf", lambda circular: b"%PDF-")
    said = told.reported(pictures=[photo()])
    ticket, code, version = photo_ticket(house.county, said, by_link=" /answer/" in door)
    outgoing = unknown_message(house.county)

    everything = queries.Filters()
    notice = actions.freeze(actor=house.county.dispatcher, words="明天停水", filters=everything).pk
    ruling = 0
    if "ruling_id" in door:
        ruling, version = forms.second_objection(house.county, withdraws="withdraw" in door)
    template = ReplyTemplate.objects.create(**{**forms.TEMPLATE, "verbs": ["tell"], "active": True, "code": "way"}).pk

    told.article()
    supervised = forms.supervision_places(house.county, said.event, door) | {"ruling_id": ruling}
    redivided = forms.redivided(house.county) if "/settings/areas/" in door else {}
    layer = forms.layered(house.county) if "/settings/layers/" in door else {}
    layer |= forms.imported(house.county) if "/settings/imports/" in door else {}
    delegation = forms.away(house.county) if "delegation" in door else 0
    viewing = forms.viewing_places(house.county, door)

    def places(letter: str) -> Given:
        own = {"token_id": house.tokens.get(letter, 1), "template_id": template, "outgoing_id": outgoing.pk}
        own |= {"notice_id": notice, "code": "known", "number": said.number, "delegation_id": delegation, **supervised}
        own |= viewing
        own |= redivided if "/settings/areas/" in door else {}
        own |= layer
        own |= {"link_id": forms.wall_screen(house.county)} if "/wall/" in door else {}
        own |= forms.outline_sheet(door) if "/outlines/" in door else {}
        return {"ticket": ticket, "queue": "open", "message_id": 1, "cell": HEXAGON, **SQUARE, **own}

    form = forms.form_of(house.county, door, said, code, version)

    def given(letter: str) -> Given:
        own = {"posting": getattr(house.county.people.get(matrix.PEOPLE[letter]), "posting_id", 0)}
        return own if door == "POST /me/posting/" else form

    assert tried(house, pages_matrix.DOORS[door], door, places, given) == []


@pytest.mark.parametrize("door", list(pages_matrix.STRANGE))
def test_what_is_another_ones_or_nothing(house: House, door: str) -> None:
    other = cast.post(house.county, "somebody_else", "fire", cast.COUNTY, ("handler",))
    token = org.make_token(other, name="theirs")[1].pk
    line = pages_matrix.STRANGE[door]
    places = {"token_id": token, "queue": "no_such_queue"}
    assert tried(house, line, door, lambda letter: places, lambda letter: {"posting": other.posting_id}) == []


def unknown_message(county: County) -> Message:
    """One that the county's centre answers for, and of which nobody knows whether it arrived."""
    given = {"unit": county.units["centre"], "kind": "accept", "channel": "in_app", "dedupe": "pages"}
    return Message.objects.create(to_report=1, state="unknown", **given)


def event_places(event: Event) -> Given:
    sha256 = Attachment.objects.filter(event=event).values_list("sha256", flat=True).first()
    return {"number": event.number, "voice": event.number, "sha256": sha256, "queue": "open", "verb": "tell"}


@pytest.mark.parametrize("relation", list(pages_matrix.SEEN))
@pytest.mark.parametrize("door", pages_matrix.READS)
def test_who_reads_a_page(house: House, door: str, relation: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # The door is tried here, not the drawing, which takes a second each time.
    monkeypatch.setattr("onegrid.events.views.paper.drawn", lambda actor, found: b"%PDF-")
    event = house.event(relation, "handling" if relation == "own" else "reported")
    places = event_places(event)
    assert tried(house, pages_matrix.SEEN[relation], door, lambda letter: places, lambda letter: {}) == []


def writes() -> Iterator[tuple[str, str, str]]:
    for door, relations in pages_matrix.WRITES.items():
        for relation, line in relations.items():
            yield door, relation, line


@pytest.mark.parametrize(("door", "relation", "line"), list(writes()))
def test_who_writes(house: House, door: str, relation: str, line: str) -> None:
    event = house.event(relation)
    places = event_places(event)
    if "undo" in door:
        holder = house.county.neighbour_receiver if relation == "other" else house.county.receiver
        actions.take(actor=holder, number=event.number, verb="accept", given={"category": told.LAMP})
    places |= staged(house.county, event, door, relation)
    if "unseal" in door:
        event.reports.update(protected=True)
    if door.endswith("/unseal/decide/"):
        asks = house.county.neighbour if relation == "other" else house.county.dispatcher
        actions.ask_unsealing(actor=asks, number=event.number, voice=event.number, purpose="约时间上门")
    if "part" in door:
        joined = actions.join(actor=told.Actor.stranger(), number=event.number, words="我家也看不见")
        places["voice"] = joined.number
    until = told.clock.local(told.clock.now() + told.timedelta(days=90)).date().isoformat()
    if "lift" in door and relation == "own":
        actions.hold(actor=house.county.leader, number=event.number, reason="诉讼需要", until=until)
    event.refresh_from_db()
    form = {"step": "city:urge", "words": "请说明何时修好"} if door.endswith("/order/") else {}
    form |= {"purpose": "约时间上门", "release": "yes", "title": "路灯不亮", "version": event.version}
    form |= {"deed": "make", "days": "7"} if door.endswith("/link/") else {}
    if door.endswith("/hard/"):
        lead = house.county.leader.posting_id
        form |= {"words": "费用没有落实", "way": "court", "review": forms.ahead(5), "lead": lead}
    form |= {"words": "请排查线路", "unit": "centre"} if door.endswith("/instruct/") else {}
    form |= {"reason": "诉讼需要", "until": until, "grant": "yes"}
    form |= {"plan": places["plan"], "plan_version": 1} if "plan" in places else {}
    form |= {"longitude": "104.606", "latitude": "28.706"} if door.endswith("/place/") else {}
    form |= {"left": "10", "top": "10", "width": "30", "height": "30"}
    assert tried(house, line, door, lambda letter: places, lambda letter: form) == []


def offered(county: County, event: Event, relation: str) -> None:
    """Accepted and dispatched to the city office by those who hold it."""
    accepts, sends = ("neighbour_receiver", "neighbour") if relation == "other" else ("receiver", "dispatcher")
    leaf = told.VICE if relation == "restricted" else told.LAMP
    actions.take(actor=county.people[accepts], number=event.number, verb="accept", given={"category": leaf})
    actions.take(actor=county.people[sends], number=event.number, verb="dispatch", given={"unit": "city"})


def staged(county: County, event: Event, door: str, relation: str) -> Given:
    """What must be there before this door is tried, and the places that it gives."""
    if "acknowledge" in door:
        Event.objects.filter(pk=event.pk).update(level=2)
        actions.raise_alert(event_id=event.pk, cause="report")
    if door.endswith(("/link/", "/order/")):
        offered(county, event, relation)
    if "/plan/" in door:
        return plan_on(county, event, relation, applied="line_id" in door)
    return {"order_id": ordered(county, event, relation).pk} if "{order_id}" in door else {}


def plan_on(county: County, event: Event, relation: str, *, applied: bool) -> Given:
    """Accepted by those who hold it, and a plan that fits, applied already where its step is to be ticked."""
    accepts, applies = ("neighbour_receiver", "neighbour") if relation == "other" else ("receiver", "dispatcher")
    leaf, plan = told.VICE if relation == "restricted" else told.LAMP, forms.planned(county)
    actions.take(actor=county.people[accepts], number=event.number, verb="accept", given={"category": leaf})
    if not applied:
        return {"plan": plan.pk}
    made = supervision.apply_plan(actor=county.people[applies], number=event.number, plan_id=plan.pk)
    return {"line_id": made.lines.get().pk}


def ordered(county: County, event: Event, relation: str) -> Order:
    """Dispatched to the city office, and urged by the centre that drives it."""
    offered(county, event, relation)
    actor = county.neighbour if relation == "other" else county.dispatcher
    return supervision.issue_order(actor=actor, number=event.number, unit="city", kind="urge", words="请说明")


def steps() -> Iterator[tuple[str, str, str]]:
    for door, verbs in pages_matrix.STEPS.items():
        for verb, line in verbs.items():
            yield door, verb, line


@pytest.mark.parametrize(("door", "verb", "line"), list(steps()))
def test_who_takes_a_step(house: House, door: str, verb: str, line: str) -> None:
    if "parts" in door:
        return parts_tried(house, door, verb, line)
    if "orders" in door:
        return orders_tried(house, door, verb, line)
    event = prepared(house, "own", verb)  # type: ignore[arg-type]
    if "ask" in door or "decide" in door:
        made_grave(event, verb)
    if "decide" in door:
        asker = getattr(house.county, ASKERS.get(verb, "handler"))
        actions.ask_for(actor=asker, number=event.number, kind=verb, given=given_for(verb, False))
        event.refresh_from_db()
    form = {"version": event.version, "grant": "yes", **(("decide" not in door and given_for(verb, False)) or {})}
    form |= twin(house, verb)  # type: ignore[arg-type]
    places = {"number": event.number, "verb": verb}
    assert tried(house, line, door, lambda letter: places, lambda letter: form) == []


def orders_tried(house: House, door: str, verb: str, line: str) -> None:
    order = ordered(house.county, house.event("own"), "own")
    if verb in ("accept_reply", "send_reply_back"):
        supervision.reply_to_order(actor=house.county.handler, order_id=order.pk, words="周五修好")
    places = {"order_id": order.pk, "verb": verb}
    assert tried(house, line, door, lambda letter: places, lambda letter: {"words": "请说明"}) == []


def parts_tried(house: House, door: str, verb: str, line: str) -> None:
    event = part_in(house, verb, decided="decide" in door)  # type: ignore[arg-type]
    form = {"version": event.version, "grant": "yes", "words": "不用了", "result": "好了"}
    form.pop("result" if verb != "resolve_part" else "words")
    places = {"number": event.number, "unit": "fire", "verb": verb}
    assert tried(house, line, door, lambda letter: places, lambda letter: form) == []


def served() -> set[str]:
    """Every method and address of the rooms with pages, as their doors say."""
    found = set()
    for part in get_resolver().url_patterns:
        for one in getattr(part, "url_patterns", []):
            if isinstance(one, URLPattern) and getattr(part, "app_name", "") in ROOMS:
                path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", f"/{part.pattern}{one.pattern}")
                found |= {f"{method} {path}" for method in one.callback.door.methods}  # type: ignore[attr-defined]
    return found


def test_every_page_stands_in_the_table() -> None:
    table = pages_matrix
    assert served() == {*table.DOORS, *table.READS, *table.WRITES, *table.STEPS}
    assert set(table.STRANGE) <= set(table.DOORS)


def test_another_method_is_refused_at_every_door(house: House) -> None:
    known = served()
    for door in known:
        method, path = door.split()
        other = "POST" if method == "GET" else "GET"
        path = re.sub(r"{\w+_id}", "1", path).replace("{sha256}", "0" * 64)
        if f"{other} {door.split()[1]}" not in known:
            answer = house.ask("R", other, re.sub(r"{(\w+)}", r"\1", path), {})
            assert answer.status_code in (404, 405), f"{other} {path}"


def test_the_table_counts_its_cells(capsys: pytest.CaptureFixture[str]) -> None:
    table = pages_matrix
    lines = [*table.DOORS.values(), *table.STRANGE.values(), *(line for _door, _name, line in (*writes(), *steps()))]
    lines += [line for line in table.SEEN.values() for _door in table.READS]
    count = sum(len(cells(line)) for line in lines)
    with capsys.disabled():
        print(f"\npages: {count} cells of {len(lines)} lines, {len(matrix.PEOPLE)} people")
    assert count == len(lines) * len(matrix.PEOPLE)


def test_an_open_door_is_caught(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: the door of a page forgets its roles."""
    monkeypatch.setattr("onegrid.org.roles.Actor.has", lambda self, *roles: True)
    wrong = tried(house, pages_matrix.ENTRY, "GET /desk/new/", lambda letter: {}, lambda letter: {})
    assert {line.split(" as ")[1].split(":")[0] for line in wrong} >= {"admin_system", "leader", "auditor"}
