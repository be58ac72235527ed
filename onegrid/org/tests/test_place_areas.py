"""Many areas at once: as by one, with one line on the trail, and the outline as WKB never stale."""

from typing import Any

import pytest

from onegrid.org import actions, queries
from onegrid.org.models import Area, TrailEntry
from onegrid.org.roles import Actor
from onegrid.testing import cast
from onegrid.testing.cast import County

pytestmark = pytest.mark.django_db
NEW = "511502001001009"


def rows(east: int = 7) -> list[dict[str, Any]]:
    common = {"kind": "grid", "parent": NEW[:12], "name_zh": "新网格"}
    return [{"code": NEW, **common, "boundary": cast.square(east, 1)}]


def test_new_and_changed_areas_are_placed_and_what_is_right_stays(county: County, admin_system: Actor) -> None:
    assert actions.place_areas(admin_system, rows=rows(), file="abc") == (1, 0, 0)
    assert actions.place_areas(admin_system, rows=rows()) == (0, 0, 1)
    assert actions.place_areas(admin_system, rows=rows(8)) == (0, 1, 0)
    lines = TrailEntry.objects.filter(verb="place_areas").order_by("pk")
    assert [line.facts for line in lines] == [{"made": 1, "changed": 0, "file": "abc"}, {"made": 0, "changed": 1}]


def test_fields_that_are_not_given_stay(county: County, admin_system: Actor) -> None:
    Area.objects.filter(code=cast.GRIDS[0]).update(phone="0831-12", households=320)
    actions.place_areas(admin_system, rows=[{"code": cast.GRIDS[0], "boundary": cast.square(9, 1)}])
    area = Area.objects.get(code=cast.GRIDS[0])
    assert (area.phone, area.households, area.name_zh) == ("0831-12", 320, "第1网格")
    assert area.boundary == cast.square(9, 1)


def test_a_point_is_found_in_what_was_placed(county: County, admin_system: Actor) -> None:
    actions.place_areas(admin_system, rows=rows())
    assert Area.objects.get(code=NEW).outline is not None
    assert queries.territory().locate(*cast.middle(7)).code == NEW


def test_a_boundary_written_alone_is_not_hidden_by_the_old_outline(county: County, admin_system: Actor) -> None:
    actions.place_areas(admin_system, rows=rows())
    Area.objects.filter(code=NEW).update(boundary=cast.square(8, 1))
    assert Area.objects.get(code=NEW).outline is None
    queries.forget_reference()
    assert queries.territory().locate(*cast.middle(8)).code == NEW


def test_only_the_system_administrator_places_areas(county: County, dispatcher: Actor) -> None:
    with pytest.raises(actions.Refused):
        actions.place_areas(dispatcher, rows=rows())
    assert not Area.objects.filter(code=NEW).exists()
