"""A closed matter is filed with its sum; whatever is changed afterwards is found; only the leader reopens it."""

import io
import json
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from PIL import Image

from onegrid.events import actions, queries
from onegrid.events.models import Event, RetentionRule
from onegrid.kit import images
from onegrid.kit.workflow import NotAllowed
from onegrid.org.roles import Actor
from onegrid.testing.cast import County
from onegrid.testing.matters import LAMP, at, carry, event_in, make_matters, reported

pytestmark = pytest.mark.django_db


@pytest.fixture
def matters(county: County, settings: Any, tmp_path: Any) -> County:
    kept = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "default": kept}
    make_matters(county)
    rule(60)
    return county


def rule(days: int, category: str = "") -> None:
    RetentionRule.objects.create(kind="archive", category=category, days=days, name_zh="归档", name_en="Archive")


def picture() -> images.Picture:
    drawn = io.BytesIO()
    Image.effect_noise((32, 32), 40).convert("RGB").save(drawn, "JPEG")
    return images.rebuild(drawn.getvalue())


def test_the_leader_archives_a_closed_matter(matters: County) -> None:
    event = event_in("archived", matters)
    step = event.steps.get(verb="archive")
    assert (event.state, step.from_state, step.facts["through"]) == ("archived", "closed", step.n - 1)
    assert step.facts["sha256"] == queries.sum_of(queries.file_of(event))
    assert event.closed_at is not None
    assert event.holder_id is None


def test_another_role_archives_nothing(matters: County) -> None:
    event = event_in("closed", matters)
    for actor in (matters.receiver, matters.dispatcher, matters.checker, matters.handler, matters.duty_leader):
        with pytest.raises(NotAllowed):
            actions.take(actor=actor, number=event.number, verb="archive")


def test_the_neighbour_finds_nothing_to_archive(matters: County) -> None:
    event = event_in("closed", matters)
    with pytest.raises(Event.DoesNotExist):
        actions.take(actor=matters.neighbour, number=event.number, verb="archive")


@pytest.mark.parametrize("state", ["handling", "rating", "refused", "void", "archived"])
def test_only_what_is_closed_is_archived(matters: County, state: str) -> None:
    event = event_in(state, matters)
    with pytest.raises(NotAllowed):
        actions.take(actor=matters.leader, number=event.number, verb="archive")


def test_the_house_archives_when_the_days_are_over_and_not_before(matters: County) -> None:
    with at() as hand:
        number = event_in("closed", matters).number
        hand.on(days=59, hours=23)
        assert actions.sweep().archive == 0
        hand.on(hours=2)
        assert actions.sweep().archive == 1
        assert actions.sweep().archive == 0
    event = Event.objects.get(number=number)
    assert (event.state, event.steps.get(verb="archive").actor_kind) == ("archived", "house")


def test_the_finest_category_has_the_say(matters: County) -> None:
    rule(100, LAMP[:4])
    with at() as hand:
        event_in("closed", matters)
        hand.on(days=99)
        assert actions.sweep().archive == 0
        hand.on(days=2)
        assert actions.sweep().archive == 1


def test_nothing_is_archived_without_a_rule(matters: County) -> None:
    RetentionRule.objects.all().delete()
    with at() as hand:
        event_in("closed", matters)
        hand.on(days=4000)
        assert actions.sweep().archive == 0


def test_the_reporter_reopens_no_archived_matter_but_the_leader_does(matters: County) -> None:
    said = reported()
    event = carry(said, "archived", matters)
    with pytest.raises(NotAllowed):
        actions.take(
            actor=Actor.reporter(said.report.pk), number=event.number, verb="reopen", given={"words": "还没好"}
        )
    with pytest.raises(NotAllowed):
        actions.take(actor=matters.receiver, number=event.number, verb="reopen", given={"words": "查"})
    actions.take(actor=matters.leader, number=event.number, verb="reopen", given={"words": "复查发现没有修好"})
    event.refresh_from_db()
    assert (event.state, event.closed_at) == ("handling", None)


def test_a_matter_archived_again_is_held_against_its_last_sum(matters: County) -> None:
    event = event_in("archived", matters)
    actions.take(actor=matters.leader, number=event.number, verb="reopen", given={"words": "复查"})
    actions.take(actor=matters.handler, number=event.number, verb="resolve", given={"result": "又修了一次"})
    actions.take(actor=matters.checker, number=event.number, verb="pass_check")
    reporter = Actor.reporter(event.reports.get().pk)
    actions.take(actor=reporter, number=event.number, verb="rate", given={"solved": True})
    actions.take(actor=matters.leader, number=event.number, verb="archive")
    assert queries.faults(Event.objects.get(pk=event.pk)) == []


def test_a_note_after_the_archive_changes_nothing_in_the_file(matters: County) -> None:
    event = event_in("archived", matters)
    actions.take(actor=matters.leader, number=event.number, verb="note", given={"words": "借阅"})
    assert queries.faults(Event.objects.get(pk=event.pk)) == []


CHANGES = (
    "UPDATE events_event SET words = words || '。' WHERE id = {id}",
    "UPDATE events_event SET result = 'x' WHERE id = {id}",
    "UPDATE events_event SET level = 3 WHERE id = {id}",
    "UPDATE events_event SET lon = lon + 0.000001 WHERE id = {id}",
    "UPDATE events_event SET closed_at = closed_at + interval '1 microsecond' WHERE id = {id}",
    "UPDATE events_report SET words = '别的' WHERE event_id = {id}",
    "UPDATE events_report SET note = 'x' WHERE event_id = {id}",
    "UPDATE events_step SET words = 'x' WHERE event_id = {id} AND n = 2",
    "UPDATE events_step SET at = at + interval '1 microsecond' WHERE event_id = {id} AND n = 1",
    "UPDATE events_step SET facts = facts || '{{\"more\": 1}}' WHERE event_id = {id} AND n = 3",
    "UPDATE events_step SET actor_id = NULL WHERE event_id = {id} AND n = 2",
    "DELETE FROM events_step WHERE event_id = {id} AND n = 4",
    "UPDATE events_step SET facts = facts - 'sha256' WHERE event_id = {id} AND verb = 'archive'",
    "UPDATE events_assignment SET state = 'returned' WHERE event_id = {id}",
    "UPDATE events_attachment SET size = size + 1 WHERE event_id = {id}",
)


@pytest.mark.parametrize("statement", CHANGES)
def test_any_change_behind_the_house_is_found(matters: County, statement: str) -> None:
    """Planted faults: somebody with the database's password takes the triggers off and writes."""
    said = reported(pictures=[picture()])
    event = carry(said, "archived", matters)
    assert queries.faults(event) == []
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE events_step DISABLE TRIGGER USER")
        cursor.execute(statement.format(id=event.pk))
        assert cursor.rowcount == 1
        cursor.execute("ALTER TABLE events_step ENABLE TRIGGER USER")
    assert queries.faults(Event.objects.get(pk=event.pk)) == ["file"]


def test_a_photo_that_was_exchanged_or_is_gone_is_found(matters: County, settings: Any) -> None:
    said = reported(pictures=[picture()])
    event = carry(said, "archived", matters)
    photo = event.attachments.get()
    storage = default_storage
    with storage.open(photo.path, "rb") as file:
        whole = file.read()
    for broken in (whole[:-1], None):
        storage.delete(photo.path)
        if broken is not None:
            storage.save(photo.path, io.BytesIO(broken))
        assert queries.faults(event) == [photo.path]


def test_the_command_checks_and_writes_the_file_out(matters: County, tmp_path: Any) -> None:
    event = event_in("archived", matters)
    out = io.StringIO()
    call_command("archive", "--check", stdout=out)
    assert "1 checked, 0 changed" in out.getvalue()
    call_command("archive", event.number, "--file", str(tmp_path / "file.json"), stdout=out)
    raw = (tmp_path / "file.json").read_bytes()
    assert queries.sum_of(raw) == event.steps.get(verb="archive").facts["sha256"]
    assert json.loads(raw)["event"]["number"] == event.number
    Event.objects.filter(pk=event.pk).update(result="另一个结果")
    with pytest.raises(SystemExit):
        call_command("archive", "--check", stdout=out)
    assert event.number in out.getvalue()
