"""What a re-division would do is counted before it is approved, and nothing that names a code is forgotten."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from onegrid.events import actions as events
from onegrid.events.actions.placing import DEPENDANTS, OF_VOICES
from onegrid.events.models import Event, Route
from onegrid.org.models import Area, Unit
from onegrid.org.roles import Actor
from onegrid.org.scope import Scope
from onegrid.territory import actions, queries
from onegrid.territory.queries.carrying import CARRIERS, HANGING, LEFT_AS_THEY_ARE
from onegrid.territory.tests.made import add, begin, split_first, step
from onegrid.testing import matters as told
from onegrid.testing.cast import GRIDS, SOUTH, STEP, VILLAGES, WEST, County

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def hand(county: County) -> Iterator[told.Hand]:
    told.make_matters(county)
    with told.at() as hand:
        yield hand


def reported(place: float, words: str = told.WORDS) -> Event:
    return events.report(
        actor=Actor.stranger(), words=words, lon=WEST + STEP * place, lat=SOUTH + STEP / 2, category=""
    ).event


def test_matters_people_and_rows_are_counted_and_restricted_ones_are_not(county: County) -> None:
    reported(0.2)
    events.take(actor=county.receiver, number=reported(0.8).number, verb="refuse",
                given={"reason": "court", "words": "请起诉"})  # fmt: skip
    reported(0.8, "楼下麻将馆天天赌博")
    Route.objects.create(area=GRIDS[0], category="05", unit=county.units["city"])
    seen = queries.preview(split_first(county, begin(county)))
    assert [(one.was, one.to, one.open, one.ended) for one in seen.matters] == [
        (GRIDS[0], "n1", 1, 0), (GRIDS[0], "n2", 0, 1),
    ]  # fmt: skip
    assert seen.codes == {"n1": "511502001001003", "n2": "511502001001004"}
    assert [one.user_id for one in seen.people] == [county.worker.user_id]
    assert [(one.goes, one.look, one.address) for one in seen.carrying] == [(1, 0, "supervision:duties")]
    assert seen.conflicts == []
    assert seen.idle == []


def test_a_grid_without_a_worker_is_said(county: County) -> None:
    one = add(county, split_first(county, begin(county)), "change", key="n2", name_zh="二格", workers=[])
    assert queries.preview(one).idle == ["n2"]


def test_a_neighbour_that_only_got_a_vertex_is_not_said_to_change(county: County) -> None:
    one = split_first(county, begin(county))
    across = [[WEST + STEP * 0.4, SOUTH + STEP / 2], [WEST + STEP * 1.2, SOUTH + STEP / 2]]
    one = add(county, one, "split", key="n2", line=across)
    found = queries.outcome_of(one)
    assert (found.made, found.ended) == (["n1", "n3", "n4"], [GRIDS[0]])
    assert found.kept == [GRIDS[1]]
    assert found.altered == []


def test_no_table_that_names_a_place_is_forgotten() -> None:
    """Whoever adds a column `area` says what a re-division means for its rows."""
    unknown = []
    for model in apps.get_models():
        scope = getattr(model, "scope", None)
        label = model._meta.label
        if not model.__module__.startswith("onegrid.") or (isinstance(scope, Scope) and scope.through):
            continue
        names = {field.name for field in model._meta.get_fields()}
        if "area" in names and label not in {*CARRIERS, *LEFT_AS_THEY_ARE}:
            unknown.append(label)
    assert unknown == []
    for label, table in (CARRIERS | HANGING).items():
        for name in (table.column, *table.live):
            assert apps.get_model(label)._meta.get_field(name)
        assert not table.address or reverse(table.address)


def test_every_row_that_hangs_on_a_matter_moves_with_it() -> None:
    """What is append-only says where something happened, not where the matter lies."""
    hanging = {
        model._meta.db_table.removeprefix("events_")
        for model in apps.get_app_config("events").get_models()
        if {"area"} < {field.name for field in model._meta.get_fields()} & {"area", "event", "report"}
    }
    assert hanging - {*DEPENDANTS, *OF_VOICES} == {"step", "release"}


def test_the_preview_asks_as_often_for_many_matters_as_for_one(county: County) -> None:
    one = split_first(county, begin(county))
    asked = []
    for _round in range(2):
        reported(0.2)
        with CaptureQueriesContext(connection) as seen:
            queries.preview(one)
        asked.append(len(seen))
    assert asked[0] == asked[1]


def test_a_village_without_a_number_left_is_said(county: County) -> None:
    Area.objects.create(code=VILLAGES[0] + "899", kind="grid", name_zh="末格", parent=VILLAGES[0])
    one = split_first(county, begin(county))
    seen = queries.preview(one)
    assert (seen.full, seen.codes) == (VILLAGES[0], {})
    with pytest.raises(actions.NotAllowed) as refused:
        step(one, "submit", county.admin_system)
    assert refused.value.refusal.code == "guard"


def test_units_of_an_ended_grid_are_named(county: County) -> None:
    Unit.objects.create(code="post", name_zh="便民服务点", kind="station", area=GRIDS[0])
    seen = queries.preview(add(county, begin(county), "move", key=GRIDS[0], parent=VILLAGES[1]))
    assert [one.label for one in seen.carrying] == ["单位"]
