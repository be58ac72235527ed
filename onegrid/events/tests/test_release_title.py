"""Strangers read a title only while a person of the centre stands for it."""

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from onegrid.events import actions
from onegrid.events.models import Event, Release
from onegrid.testing.cast import County
from onegrid.testing.matters import LAMP, VICE, event_in, make_matters, reported

pytestmark = pytest.mark.django_db


@pytest.fixture
def matters(county: County) -> County:
    make_matters(county)
    return county


def released(matters: County, state: str = "accepted", title: str = "路灯不亮") -> Event:
    event = event_in(state, matters)
    return actions.release_title(actor=matters.receiver, number=event.number, release=True, title=title)


def test_the_centre_releases_a_title_and_takes_it_back(matters: County) -> None:
    event = released(matters)
    event.refresh_from_db()
    assert (event.title, event.title_released_by_id) == ("路灯不亮", matters.receiver.posting_id)
    assert event.title_released_at is not None
    actions.release_title(actor=matters.checker, number=event.number, release=False)
    event = Event.objects.get(pk=event.pk)
    assert event.title == "路灯不亮"
    assert event.title_released_at is None
    deeds = list(Release.objects.filter(event=event).order_by("id").values_list("deed", "words", "actor_id"))
    assert deeds == [
        ("release", "路灯不亮", matters.receiver.posting_id),
        ("withdraw", "路灯不亮", matters.checker.posting_id),
    ]


@pytest.mark.parametrize("name", ["handler", "leader", "worker"])
def test_another_role_releases_nothing(matters: County, name: str) -> None:
    event = event_in("handling", matters)
    with pytest.raises((actions.NotAllowed, Event.DoesNotExist)):
        actions.release_title(actor=matters.people[name], number=event.number, release=True, title="路灯")


def test_the_neighbour_finds_nothing(matters: County) -> None:
    event = event_in("accepted", matters)
    with pytest.raises(Event.DoesNotExist):
        actions.release_title(actor=matters.neighbour, number=event.number, release=True, title="路灯")


def test_a_sealed_matter_has_no_title_for_the_public(matters: County) -> None:
    said = reported("楼下麻将馆天天赌博")
    with pytest.raises(actions.NotAllowed):
        actions.release_title(actor=matters.receiver, number=said.number, release=True, title="麻将馆")


def test_what_was_not_released_cannot_be_taken_back(matters: County) -> None:
    event = event_in("accepted", matters)
    with pytest.raises(actions.NotAllowed):
        actions.release_title(actor=matters.receiver, number=event.number, release=False)


@pytest.mark.parametrize("title", ["", " ", "找王某 138 0000 1234", "字" * 61])
def test_a_title_that_names_somebody_or_nothing_is_refused(matters: County, title: str) -> None:
    event = event_in("accepted", matters)
    with pytest.raises(actions.NotGiven):
        actions.release_title(actor=matters.receiver, number=event.number, release=True, title=title)


def test_a_stale_page_releases_nothing(matters: County) -> None:
    event = event_in("accepted", matters)
    with pytest.raises(actions.Stale):
        actions.release_title(actor=matters.receiver, number=event.number, release=True, version=event.version - 1)


def test_another_title_is_not_released_with_the_old_one(matters: County) -> None:
    event = released(matters, "reported")
    given = {"category": LAMP, "title": "张三家门口的灯"}
    actions.take(actor=matters.receiver, number=event.number, verb="accept", given=given)
    event.refresh_from_db()
    assert (event.title, event.title_released_at, event.title_released_by_id) == ("张三家门口的灯", None, None)


def test_the_database_forgets_the_release_of_a_title_that_anybody_changed(matters: County) -> None:
    event = released(matters)
    Event.objects.filter(pk=event.pk).update(title="另一个标题")
    event.refresh_from_db()
    assert event.title_released_at is None


def test_a_matter_that_is_sealed_later_takes_its_title_along(matters: County) -> None:
    event = released(matters, "reported")
    actions.take(actor=matters.receiver, number=event.number, verb="accept", given={"category": VICE})
    event.refresh_from_db()
    assert (event.restricted, event.title, event.title_released_at) == (True, "", None)


def test_no_title_is_released_without_one(matters: County) -> None:
    event = event_in("accepted", matters)
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(title_released_at=event.reported_at)


@pytest.mark.parametrize("statement", ["UPDATE events_release SET words = ''", "DELETE FROM events_release"])
def test_the_history_of_releases_cannot_change(matters: County, statement: str) -> None:
    released(matters)
    with pytest.raises((IntegrityError, InternalError)), connection.cursor() as cursor, transaction.atomic():
        cursor.execute(statement)
