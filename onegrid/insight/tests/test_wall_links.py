"""Wall links: who makes and revokes them, what they open, and that they end."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from onegrid.insight import actions, queries
from onegrid.insight.models import WallLink
from onegrid.kit import codes, crypto
from onegrid.org.models import TrailEntry
from onegrid.org.rules.sight import Sight
from onegrid.testing import cast
from onegrid.testing import matters as told
from onegrid.testing.cast import County, client_of

pytestmark = pytest.mark.django_db
GIVEN = {"area": cast.COUNTY, "name": "大厅", "days": "90"}


def data(code: str) -> Any:
    return Client().get("/wall/data/", headers={"Wall-Code": code})


def post(actor: Any, path: str = "/wall/links/", **given: str) -> Any:
    return client_of(actor).post(path, {"idempotency_key": f"wall-{path}-{given}", **given})


def test_a_leader_makes_a_link_that_is_shown_once(county: County) -> None:
    answer = post(county.leader, **GIVEN)
    assert answer.status_code == 200
    link = WallLink.objects.get()
    code = answer.content.decode().split("/wall/#")[1][:34]
    assert bytes(link.code_hash) == codes.receipt_hash(code)
    assert data(code).status_code == 200
    assert code not in client_of(county.leader).get("/wall/links/").content.decode()
    assert TrailEntry.objects.filter(verb="make_wall_link", subject_id=link.pk).exists()
    assert code not in str(list(TrailEntry.objects.values()))


def test_the_system_administrator_makes_one_too(county: County) -> None:
    assert post(county.admin_system, **GIVEN).status_code == 200
    assert [one.name for one in queries.listed_walls(county.admin_system)] == ["大厅"]


@pytest.mark.parametrize("who", ["receiver", "handler", "auditor", "admin_security", "worker"])
def test_others_make_none(county: County, who: str) -> None:
    assert post(county.people[who], **GIVEN).status_code == 403
    with pytest.raises(actions.NotAllowed):
        actions.make_wall_link(actor=county.people[who], **GIVEN)


def test_the_leader_of_a_department_makes_none(county: County) -> None:
    assert post(county.unit_leader, **GIVEN).status_code == 409
    assert not WallLink.objects.exists()


def test_nobody_makes_one_for_an_area_of_others(county: County) -> None:
    boss = cast.post(county, "town_leader", "centre-002", cast.TOWNS[1], ("leader",))
    for area in (cast.COUNTY, cast.TOWNS[0], "999999", ""):
        assert post(boss, **{**GIVEN, "area": area}).status_code == 422
    assert post(boss, **{**GIVEN, "area": cast.TOWNS[1]}).status_code == 200


@pytest.mark.parametrize("wrong", [{"days": "91"}, {"days": "0"}, {"days": "-1"}, {"days": "二"}, {"days": "9" * 40},
                                   {"name": " "}, {"name": "长" * 41}])  # fmt: skip
def test_a_fault_is_said_and_nothing_is_lost(county: County, wrong: dict[str, str]) -> None:
    answer = post(county.leader, **{**GIVEN, "name": "二楼会议室", **wrong})
    assert answer.status_code == 422
    assert "field-err" in answer.content.decode()
    assert ("二楼会议室" in answer.content.decode()) or "name" in wrong
    assert not WallLink.objects.exists()


def test_a_link_ends_when_it_is_revoked_and_when_its_days_are_over(county: County) -> None:
    with told.at() as hand:
        link, code = actions.make_wall_link(actor=county.leader, **GIVEN)
        other = actions.make_wall_link(actor=county.leader, **GIVEN)[1]
        assert data(code).status_code == 200
        assert post(county.leader, f"/wall/links/{link.pk}/revoke/").status_code == 302
        closed = data(code)
        assert (closed.status_code, closed.json()["code"]) == (404, "closed")
        assert Client().get("/wall/ticket/", headers={"Wall-Code": code}).status_code == 404
        hand.on(days=89)
        assert data(other).status_code == 200
        hand.on(days=2)
        assert data(other).content == closed.content == data("nonsense").content == data("").content
        # A second revocation changes nothing.
        actions.revoke_wall_link(actor=county.leader, link_id=link.pk)
    assert WallLink.objects.get(pk=link.pk).ended_at == told.MORNING


def test_a_neighbour_and_a_department_revoke_nothing(county: County) -> None:
    link, code = actions.make_wall_link(actor=county.leader, **GIVEN)
    boss = cast.post(county, "town_leader", "centre-002", cast.TOWNS[1], ("leader",))
    assert post(boss, f"/wall/links/{link.pk}/revoke/").status_code == 404
    assert post(county.unit_leader, f"/wall/links/{link.pk}/revoke/").status_code == 409
    assert queries.listed_walls(boss) == []
    assert queries.listed_walls(county.unit_leader) == []
    assert data(code).status_code == 200
    assert post(county.admin_system, f"/wall/links/{link.pk}/revoke/").status_code == 302
    assert data(code).status_code == 404


def test_a_code_opens_the_wall_and_nothing_else(county: County) -> None:
    code = actions.make_wall_link(actor=county.leader, **GIVEN)[1]
    screen = Client(headers={"Wall-Code": code, "Authorization": f"Bearer {code}"})
    for path in ("/desk/", "/map/", "/wall/links/", "/supervise/", "/me/"):
        assert screen.get(path).headers["Location"].startswith("/login/")
    assert screen.get("/api/v1/events").status_code == 401
    assert screen.post("/wall/data/").status_code == 405
    assert "session" not in screen.get("/wall/data/").cookies


def test_the_ticket_of_a_wall_sees_its_area_and_nothing_restricted(county: County, settings: Any) -> None:
    link, code = actions.make_wall_link(actor=county.leader, **{**GIVEN, "area": cast.TOWNS[0]})
    body = Client().get("/wall/ticket/", headers={"Wall-Code": code}).json()
    carried = crypto.unsign(body["ticket"], key=settings.SECRET_KEY.encode())
    sight = Sight.carried(carried["sight"])
    row = {"a": cast.GRIDS[0], "h": 1, "o": 1, "u": [1], "x": [], "r": False, "p": None}
    assert (carried["wall"], carried["area"]) == (link.pk, cast.TOWNS[0])
    assert sight.sees(row)
    assert not sight.sees({**row, "r": True})
    assert not sight.sees({**row, "a": cast.GRIDS[3]})


def test_the_database_refuses_a_longer_link(county: County) -> None:
    link = actions.make_wall_link(actor=county.leader, **GIVEN)[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        WallLink.objects.filter(pk=link.pk).update(expires_at=link.made_at + timedelta(days=91))


def test_when_a_screen_was_seen_is_kept_to_the_minute(county: County) -> None:
    with told.at() as hand:
        link, code = actions.make_wall_link(actor=county.leader, **GIVEN)
        for seconds, seen in ((0, 0), (30, 0), (40, 70)):
            hand.on(seconds=seconds)
            data(code)
            link.refresh_from_db()
            assert link.seen_at == told.MORNING + timedelta(seconds=seen)


def test_who_keeps_screens_finds_them_from_the_own_page(county: County) -> None:
    found = {name: "/wall/links/" in client_of(county.people[name]).get("/me/").content.decode()
             for name in ("leader", "admin_system", "unit_leader", "receiver")}  # fmt: skip
    assert found == {"leader": True, "admin_system": True, "unit_leader": False, "receiver": False}


@pytest.mark.parametrize("days", ["00901", "0090" + "0" * 20, "9" * 5000, "0", "91", "٣٠٠٠٠"])
def test_a_length_that_is_none_is_said_and_never_a_fault(county: County, days: str) -> None:
    with pytest.raises(actions.NotGiven) as missing:
        actions.make_wall_link(actor=county.leader, **{**GIVEN, "days": days})
    assert set(missing.value.fields) == {"days"}
