"""Which rows exist for whom: a table of rows like those of an event, and what each of the cast sees of it."""

from typing import ClassVar

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.test.utils import isolate_apps

from onegrid.org import scope
from onegrid.org.models import Area, TrailEntry, Unit, User
from onegrid.org.roles import Actor
from onegrid.org.scope import NoScope, Scope, visible_to
from onegrid.testing import cast
from onegrid.testing.cast import County

pytestmark = pytest.mark.django_db


# Apart from the real models, so that no other test finds them.
with isolate_apps("onegrid.org"):

    class Matter(models.Model):
        scope: ClassVar[Scope] = Scope(
            area="area",
            town="town",
            units=("holder_id",),
            unit_lists=("unit_ids",),
            reporter="reporter_id",
            owner="owner_id",
            restricted="restricted",
            about="about_unit_ids",
        )

        name = models.TextField()
        area = models.TextField(db_collation="C")
        town = models.TextField(db_collation="C")
        holder_id = models.BigIntegerField(null=True)
        owner_id = models.BigIntegerField(null=True)
        unit_ids = ArrayField(models.BigIntegerField(), default=list)
        about_unit_ids = ArrayField(models.BigIntegerField(), default=list)
        reporter_id = models.BigIntegerField(null=True)
        restricted = models.BooleanField(default=False)

        class Meta:
            app_label = "org"
            db_table = "trial_matter"

    class Note(models.Model):
        scope: ClassVar[Scope] = Scope(through="matter")

        matter = models.ForeignKey(Matter, on_delete=models.CASCADE)

        class Meta:
            app_label = "org"
            db_table = "trial_note"

    class Bare(models.Model):
        class Meta:
            app_label = "org"
            managed = False


def rows(model: type[scope.Row]) -> models.QuerySet[scope.Row]:
    return models.QuerySet(model)


@pytest.fixture
def matters(county: County) -> None:
    with connection.schema_editor() as editor:
        editor.create_model(Matter)
        editor.create_model(Note)
    unit = {code: found.pk for code, found in county.units.items()}
    place(county, "plain", cast.GRIDS[0], holder_id=unit["city"], unit_ids=[unit["city"]])
    place(county, "own", cast.GRIDS[1], reporter_id=county.worker.posting_id)
    place(county, "star", cast.GRIDS[0], holder_id=unit["fire"], unit_ids=[unit["fire"]], restricted=True)
    place(county, "about", cast.GRIDS[0], holder_id=unit["centre"], about_unit_ids=[unit["city"]])
    place(county, "south", cast.GRIDS[3], owner="centre-002")
    place(county, "south star", cast.GRIDS[3], owner="centre-002", restricted=True)


def place(county: County, name: str, area: str, owner: str = "centre", **values: object) -> None:
    matter = rows(Matter).create(name=name, area=area, town=area[:9], owner_id=county.units[owner].pk, **values)
    rows(Note).create(matter=matter)


ALL = "plain, own, star, about, south, south star"
# Written by hand, not computed from the code under test.
SEEN = {
    "receiver": ALL,
    "dispatcher": ALL,
    "duty_leader": ALL,
    "leader": ALL,
    "checker": "plain, own, star, about, south",
    "analyst": "plain, own, about, south",
    "auditor": "plain, own, about, south",
    "handler": "plain",
    "other_handler": "star",
    "unit_leader": "plain",
    "officer": "",
    "worker": "plain, own, about",
    "other_worker": "south",
    "grid_head": "plain, own, about",
    "neighbour": "south, south star",
    "neighbour_checker": "south, south star",
    "admin_system": "",
    "admin_security": "",
    "admin_audit": "",
}


@pytest.mark.parametrize("name", SEEN)
def test_each_of_the_cast_sees_exactly_this(matters: None, county: County, name: str) -> None:
    seen = visible_to(county.people[name], rows(Matter).order_by("pk"))
    assert ", ".join(matter.name for matter in seen) == SEEN[name]


@pytest.mark.parametrize("name", SEEN)
def test_a_child_is_seen_by_whoever_sees_its_parent(matters: None, county: County, name: str) -> None:
    seen = visible_to(county.people[name], rows(Note).order_by("pk").select_related("matter"))
    assert ", ".join(note.matter.name for note in seen) == SEEN[name]


def test_strangers_and_reporters_see_no_list_and_the_system_sees_all(matters: None) -> None:
    assert not visible_to(Actor.stranger(), rows(Matter)).exists()
    assert not visible_to(Actor.reporter(1), rows(Matter)).exists()
    assert visible_to(Actor.system(), rows(Matter)).count() == 6


def test_a_posting_without_an_area_sees_nothing_by_area(matters: None, county: County) -> None:
    nowhere = cast.post(county, "nowhere", "housing", "", ["auditor"])
    assert not visible_to(nowhere, rows(Matter)).exists()


def test_of_a_restricted_row_the_unit_s_handlers_see_it_not_its_leader(matters: None, county: County) -> None:
    fire_leader = cast.post(county, "fire_leader", "fire", cast.COUNTY, ["leader"])
    assert not visible_to(fire_leader, rows(Matter)).exists()
    rows(Matter).filter(name="star").update(restricted=False)
    assert visible_to(fire_leader, rows(Matter)).get().name == "star"


def test_a_contractor_of_the_office_complained_about_never_sees_it(matters: None, county: County) -> None:
    rows(Matter).filter(name="about").update(holder_id=county.units["city"].pk)
    assert "about" not in {row.name for row in visible_to(county.handler, rows(Matter))}
    assert "about" not in {row.name for row in visible_to(county.unit_leader, rows(Matter))}


def test_the_condition_names_columns_of_one_table_only(matters: None, county: County) -> None:
    statement = str(visible_to(county.neighbour, rows(Matter)).query)
    assert "JOIN" not in statement
    assert "EXISTS" not in statement
    assert "\"town\" = '511502002'" in statement


def test_a_model_without_a_scope_raises(county: County) -> None:
    with pytest.raises(NoScope):
        visible_to(county.leader, rows(Bare))


def test_names_of_places_and_offices_are_public_and_the_rest_is_sealed(county: County) -> None:
    assert visible_to(Actor.stranger(), Area.objects.all()).count() == 15
    assert visible_to(Actor.stranger(), Unit.objects.all()).exists()
    assert not visible_to(county.leader, User.objects.all()).exists()
    assert not visible_to(county.leader, TrailEntry.objects.all()).exists()


def test_the_public_list_holds_no_person() -> None:
    public = {"org.Area", "org.Unit", "org.CalendarDay", "org.WorkingHours", "gazetteer.Named", "insight.OutlineSheet"}
    assert public == scope.PUBLIC_MODELS
