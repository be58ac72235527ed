"""The hand-written table of who may do what, tried cell by cell; an address that is missing in it fails."""

import itertools
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Q
from django.test import Client

from onegrid.api import api
from onegrid.events import actions
from onegrid.events.models import Event
from onegrid.org import actions as org
from onegrid.org.roles import Actor
from onegrid.testing import matters as told
from onegrid.testing.cast import County
from tests.house import matrix

pytestmark = pytest.mark.django_db
ANSWERS = {401: "login", 403: "forbidden", 404: "hidden", 409: "not_now", 422: "not_given"}
keys = itertools.count(1)


class Undone(Exception):
    """Takes back what a cell did, so that the next one finds the same event."""


def cells(line: str) -> dict[str, str]:
    """Letter -> answer, of one line of the table; each of the cast stands in it exactly once."""
    pairs = [(letter, answer) for part in line.split() for answer, who in [part.split("=")] for letter in who]
    assert sorted(letter for letter, _ in pairs) == sorted(matrix.PEOPLE), line
    return dict(pairs)


class House:
    """One event per relation, and a token for each of the cast."""

    def __init__(self, county: County) -> None:
        self.county = county
        people = [name for name in matrix.PEOPLE.values() if name != "stranger"]
        self.tokens = {name: org.make_token(getattr(county, name), name="matrix")[0] for name in people}

    def ask(self, letter: str, method: str, path: str, body: object = None) -> int:
        name = matrix.PEOPLE[letter]
        headers = {"Idempotency-Key": f"matrix-{next(keys)}"}
        if name != "stranger":
            headers["Authorization"] = f"Bearer {self.tokens[name]}"
        answer = Client().generic(
            method, path, json.dumps(body) if body is not None else "", "application/json", headers=headers
        )
        return int(answer.status_code)

    def event(self, relation: str, state: str) -> Event:
        """An event in this relation and state, carried there by those whose steps they are."""
        county = self.county
        if relation == "other":
            return self.in_the_neighbour_town(state)
        if relation == "restricted":
            return told.event_in(state, county, words="楼下麻将馆天天赌博", contact=told_contact())
        if relation == "about":
            return told.event_in(state, county, about_office=True, about_unit="city", contact=told_contact())
        return told.event_in(state, county, contact=told_contact())

    def in_the_neighbour_town(self, state: str) -> Event:
        said = told.reported(lon=104.635, lat=28.705, contact=told_contact())
        assert said.event.area.startswith("511502002")
        if state in ("accepted", "assigned"):
            actions.take(
                actor=self.county.neighbour_receiver, number=said.number, verb="accept", given={"category": told.LAMP}
            )
        if state == "assigned":
            actions.take(actor=self.county.neighbour, number=said.number, verb="dispatch", given={"unit": "city"})
        return Event.objects.get(number=said.number)


def told_contact() -> dict[str, str]:
    return {"name": "张某", "phone": "13800000001"}


@pytest.fixture
def house(county: County) -> House:
    told.make_matters(county)
    return House(county)


def tried(house: House, line: str, method: str, path: str, body: object = None) -> list[str]:
    """The cells whose answer is not the written one."""
    wrong = []
    for letter, expected in cells(line).items():
        try:
            with transaction.atomic():
                status = house.ask(letter, method, path, body)
                raise Undone
        except Undone:
            pass
        answer = "ok" if 200 <= status < 300 else ANSWERS.get(status, str(status))
        if answer != expected:
            wrong.append(f"{method} {path} as {matrix.PEOPLE[letter]}: {answer}, written: {expected}")
    return wrong


def reads() -> Iterator[tuple[str, str, str]]:
    for door, relations in matrix.READS.items():
        for relation, line in relations.items():
            yield door, relation, line


@pytest.mark.parametrize(("door", "relation", "line"), list(reads()))
def test_who_reads(house: House, door: str, relation: str, line: str) -> None:
    method, path = door.split()
    state = "handling" if relation == "own" else "reported"
    number = house.event(relation, state).number if relation != "none" else ""
    path = path.replace("{number}", number) + ("?q=路灯" if path.endswith("search") else "")
    assert tried(house, line, method, path) == []


FROM = {
    "accept": "reported", "ask": "reported", "refuse": "reported", "dispatch": "accepted", "claim": "assigned",
    "resolve": "handling", "pass_check": "checking", "redo": "checking", "resume": "suspended", "reopen": "closed",
    "archive": "closed",
    "tell": "handling", "note": "handling", "withdraw": "reported", "answer": "waiting_reporter", "review": "refused",
    "rate": "rating", "close": "rating", "object": "assigned", "extend": "handling", "suspend": "handling",
    "void": "accepted", "transfer": "handling", "whistle": "handling", "assist": "handling", "take_over": "assigned",
    "escalate": "accepted", "merge": "handling", "split": "handling", "finish_on_the_spot": "reported",
    "place": "reported",
}  # fmt: skip


def given_for(verb: str, about_city: bool) -> dict[str, Any]:
    review = told.clock.local(told.clock.now() + told.timedelta(days=5)).date().isoformat()
    return {
        "accept": {"category": told.LAMP}, "ask": {"words": "哪里？"}, "refuse": {"reason": "court", "words": "起诉"},
        "dispatch": {"unit": "fire" if about_city else "city"}, "resolve": {"result": "好了"},
        "redo": {"reason": "没好"}, "reopen": {"words": "没好"}, "tell": {"words": "在办"}, "note": {"words": "内部"},
        "answer": {"words": "这里"}, "review": {"words": "不服"}, "rate": {"solved": True},
        "object": {"reason": "not_ours", "words": "不归我"}, "extend": {"reason": "weather", "days": 1},
        "suspend": {"reason": "parts", "review_on": review}, "void": {"reason": "mistake"},
        "transfer": {"reason": "不归我", "unit": "housing"}, "whistle": {"unit": "housing", "words": "请到场"},
        "assist": {"unit": "housing", "words": "请到场"}, "take_over": {"words": "已受理"},
        "escalate": {"reason": "本级没有执法权"},
        "finish_on_the_spot": {"result": "好了"}, "place": {"longitude": 104.615, "latitude": 28.705},
    }.get(verb, {})  # fmt: skip


# Who asks for what the handler does not ask for.
ASKERS = {"void": "receiver", "pass_check": "checker"}


def steps() -> Iterator[tuple[str, str, str]]:
    for verb, relations in matrix.STEPS.items():
        for relation, line in relations.items():
            yield verb, relation, line


@pytest.mark.parametrize(("verb", "relation", "line"), list(steps()))
def test_who_takes_a_step(house: House, verb: str, relation: str, line: str) -> None:
    how, _, kind = verb.partition(":")
    plain = kind or verb
    event = prepared(house, relation, plain)
    made_grave(event, kind)
    body: dict[str, Any] = {"verb": how, "given": given_for(plain, relation == "about") | twin(house, plain)}
    if how == "request":
        body["kind"] = kind
    if how == "decide":
        asker = getattr(house.county, ASKERS.get(kind, "handler"))
        actions.ask_for(actor=asker, number=event.number, kind=kind, given=given_for(kind, False))
        body = {"verb": "decide", "kind": kind, "grant": True}
    assert tried(house, line, "POST", f"/api/v1/events/{event.number}/steps", body) == []


def made_grave(event: Event, kind: str) -> None:
    """Only the end of a grave matter is asked for."""
    if kind == "pass_check":
        Event.objects.filter(pk=event.pk).update(level=2)


def prepared(house: House, relation: str, verb: str) -> Event:
    """The event from which the verb goes; some need more than a state."""
    event = house.event(relation, FROM[verb])
    if verb == "take_over":
        Event.objects.filter(pk=event.pk).update(passes_through=True)
    if verb == "split":
        into = twin(house, "merge")["into"]
        gone = actions.take(actor=house.county.receiver, number=into, verb="merge", given={"into": event.number})
        event = Event.objects.get(pk=gone.pk)
    return event


def twin(house: House, verb: str) -> dict[str, str]:
    """With a merge: the number of a second event, which is less advanced."""
    return {"into": house.event("own", "accepted").number} if verb == "merge" else {}


@pytest.mark.parametrize("verb", list(matrix.PARTS))
def test_who_takes_a_step_of_a_part(house: House, verb: str) -> None:
    how, _, kind = verb.partition(":")
    event = part_in(house, kind or verb, decided=how == "decide")
    body: dict[str, Any] = {"verb": how, "given": {"words": "不用了"}}
    if verb == "resolve_part":
        body["given"] = {"result": "好了"}
    if kind:
        body |= {"kind": kind, "grant": True}
    assert tried(house, matrix.PARTS[verb], "POST", f"/api/v1/events/{event.number}/parts/fire/steps", body) == []


def part_in(house: House, verb: str, *, decided: bool = False) -> Event:
    """An event on which the fire brigade assists, in the state from which the verb of its part goes."""
    county, event = house.county, house.event("own", "handling")
    given = {"unit": "fire", "words": "请到场"}
    actions.take(actor=county.dispatcher, number=event.number, verb="assist", given=given)
    part: dict[str, Any] = {"actor": county.other_handler, "number": event.number, "unit": "fire"}
    if verb in ("resolve_part", "redo_part"):
        actions.take_part(verb="claim_part", **part)
    if verb == "redo_part":
        actions.take_part(verb="resolve_part", given={"result": "好了"}, **part)
    if decided:
        actions.ask_for_part(kind="excuse", given={"words": "没有资质"}, **part)
    return Event.objects.get(pk=event.pk)


def writes() -> Iterator[tuple[str, str, str]]:
    for door, relations in matrix.WRITES.items():
        for relation, line in relations.items():
            yield door, relation, line


@pytest.mark.parametrize(("door", "relation", "line"), list(writes()))
def test_who_writes(house: House, door: str, relation: str, line: str) -> None:
    method, path = door.split()
    body: object = {"words": "楼道灯坏了"}
    if relation != "none":
        event = house.event(relation, "reported")
        voice = event.number
        if path.endswith("acknowledge"):
            Event.objects.filter(pk=event.pk).update(level=2)
            actions.raise_alert(event_id=event.pk, cause="report")
        if path.endswith("part"):
            voice = actions.join(actor=Actor.stranger(), number=event.number, words="我家也看不见").number
        body = {"purpose": "约时间上门"} if path.endswith("reveal") else None
        path = path.replace("{number}", event.number).replace("{voice}", voice)
    assert tried(house, line, method, path, body) == []


def test_every_verb_of_the_table_stands_in_the_matrix() -> None:
    from onegrid.events.workflow import ASKED, EVENT, PART

    wanted = {step.verb for step in EVENT.steps if not step.asked_by}
    wanted |= {f"{how}:{verb}" for verb in ASKED for how in ("request", "decide")}
    assert wanted == set(matrix.STEPS)
    parts = {step.verb for step in PART.steps if not step.asked_by}
    parts |= {f"{how}:{step.verb}" for step in PART.steps if step.asked_by for how in ("request", "decide")}
    assert parts == set(matrix.PARTS)


def test_every_address_of_the_api_stands_in_the_matrix() -> None:
    written = {*matrix.READS, *matrix.WRITES, *matrix.OPEN, matrix.STEP_DOOR, matrix.PART_DOOR}
    served = {"GET /api/v1/openapi.json"}
    for path, item in api.get_openapi_schema(path_prefix="/api/v1/")["paths"].items():
        served |= {f"{method.upper()} {path}" for method in item}
    assert served == written


def test_the_matrix_counts_its_cells(capsys: pytest.CaptureFixture[str]) -> None:
    lines = [
        line
        for table in (matrix.READS, matrix.STEPS, matrix.WRITES)
        for rows in table.values()
        for line in rows.values()
    ] + list(matrix.PARTS.values())
    count = sum(len(cells(line)) for line in lines)
    with capsys.disabled():
        print(f"\nmatrix: {count} cells of {len(lines)} lines, {len(matrix.PEOPLE)} people")
    assert count == len(lines) * len(matrix.PEOPLE)


def test_a_missing_scope_is_caught(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: rows are no longer kept to the actor's area and unit."""
    number = house.event("own", "handling").number
    monkeypatch.setattr("onegrid.org.scope.arms", lambda actor, scope, prefix: Q(pk__isnull=False))
    wrong = tried(house, matrix.SEEN["own"], "GET", f"/api/v1/events/{number}")
    assert {line.split(" as ")[1].split(":")[0] for line in wrong} == {
        "other_handler", "neighbour", "neighbour_receiver", "other_worker",
    }  # fmt: skip


def test_a_step_that_forgets_the_unit_is_caught(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: with the role alone another centre's receiver could accept what is not theirs."""
    number = house.event("other", "reported").number
    monkeypatch.setattr("onegrid.kit.workflow.By.admits", lambda self, case, actor: bool(self.roles & actor.roles))
    body = {"verb": "accept", "given": {"category": told.LAMP}}
    wrong = tried(house, matrix.STEPS["accept"]["other"], "POST", f"/api/v1/events/{number}/steps", body)
    assert any("as receiver: ok" in line for line in wrong)


def test_a_seal_that_leaks_is_caught(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: the office complained about is no longer kept out."""
    number = house.event("about", "accepted").number
    Event.objects.filter(number=number).update(about_unit_ids=[], handler=house.county.units["city"])
    Event.objects.filter(number=number).update(unit_ids=[house.county.units["city"].pk])
    wrong = tried(house, matrix.SEEN["about"], "GET", f"/api/v1/events/{number}")
    assert any("as handler: ok" in line for line in wrong)


def test_a_door_that_forgets_its_roles_is_caught(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: every posting passes every door."""
    number = house.event("own", "handling").number
    monkeypatch.setattr(
        "onegrid.org.doors.let_in", lambda request, actor, rule: setattr(request, "actor", actor) or actor
    )
    wrong = tried(house, matrix.SEEN["own"], "GET", f"/api/v1/events/{number}")
    assert any("as admin_system" in line for line in wrong)
