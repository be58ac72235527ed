"""Whoever may open a page of the map or the land finds a way to it from the desk or the own page; nobody else does."""

import re

import pytest
from django.test import Client

from onegrid.gazetteer import actions
from onegrid.gazetteer.actions import LayerWish
from onegrid.org.roles import Actor
from onegrid.testing.cast import County, client_of

pytestmark = pytest.mark.django_db
BEGIN = ("/me/", "/desk/")
PAGES = (
    "/map/", "/map/heat/", "/wall/links/", "/settings/areas/", "/settings/areas/coverage/", "/settings/areas/balance/",
    "/settings/areas/import/", "/settings/areas/new/", "/settings/layers/", "/settings/layers/hydrants/",
    "/settings/layers/hydrants/things/", "/settings/names/",
)  # fmt: skip
# The leader of an office, who keeps no screens, reads there why not; nothing leads to it.
NO_WAY = {("unit_leader", "/wall/links/")}


def reached(browser: Client) -> set[str]:
    """Every page of the list that a row of links leads to."""
    found, ahead = set[str](), list(BEGIN)
    while ahead:
        answer = browser.get(ahead.pop(), follow=True)
        if answer.status_code != 200:
            continue
        hrefs = {href.split("?")[0] for href in re.findall(r'href="(/[^"#]*)"', answer.content.decode())}
        ahead += [href for href in hrefs if href in PAGES and href not in found]
        found |= hrefs & set(PAGES)
    return found


@pytest.mark.parametrize(
    "who",
    ["leader", "duty_leader", "dispatcher", "receiver", "checker", "handler", "unit_leader", "worker", "analyst",
     "auditor", "neighbour", "admin_system", "admin_security", "admin_audit"],
)  # fmt: skip
def test_who_may_open_a_page_finds_a_way_and_who_may_not_finds_none(county: County, who: str) -> None:
    actions.keep_layer(Actor.system(), wish=LayerWish("hydrants", "消火栓", "消防大队"))
    browser = client_of(county.people[who])
    opened = {page for page in PAGES if browser.get(page).status_code == 200}
    assert reached(browser) == {page for page in opened if (who, page) not in NO_WAY}
