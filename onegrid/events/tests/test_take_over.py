"""A tip on crime passes through: handed sealed to the competent body, its text erased here after the receipt."""

from typing import Any

import pytest
from django.db import connection

from onegrid.events import actions
from onegrid.events.models import Category, Event, Report, Tombstone
from onegrid.events.queries import forget_reference
from onegrid.testing import matters as told
from onegrid.testing.cast import County

pytestmark = pytest.mark.django_db
TIP = "楼下麻将馆天天赌博，老板姓孙"
RECEIPT = {"words": "已受理，编号 川云公〔2026〕118号"}


@pytest.fixture
def matters(county: County) -> Any:
    told.make_matters(county)
    Category.objects.filter(code=told.VICE).update(passes_through=True)
    forget_reference()
    with told.at():
        yield county


def handed(county: County) -> Event:
    said = told.reported(TIP, address="东门巷")
    actions.take(actor=county.receiver, number=said.number, verb="accept", given={"category": told.VICE})
    return actions.take(actor=county.dispatcher, number=said.number, verb="dispatch", given={"unit": "station-001"})


def test_the_receipt_ends_it_here_and_erases_the_text(matters: County) -> None:
    event = handed(matters)
    assert event.told() == TIP
    event = actions.take(actor=matters.officer, number=event.number, verb="take_over", given=RECEIPT)
    assert (event.state, event.solved, event.satisfied, event.told(), event.address) == ("closed", None, "", "", "")
    assert [voice.told() for voice in Report.objects.filter(event=event)] == [""]
    assert not event.suggestions.exists()
    assert event.steps.get(verb="take_over").told() == RECEIPT["words"]
    assert Tombstone.objects.get(number=event.number).rule == "handed_over"


def test_what_is_held_is_not_erased(matters: County) -> None:
    event = handed(matters)
    actions.hold(actor=matters.leader, number=event.number, reason="法院要求保全", until="2027-01-10")
    with pytest.raises(actions.NotAllowed):
        actions.take(actor=matters.officer, number=event.number, verb="take_over", given=RECEIPT)
    assert Event.objects.get(pk=event.pk).told() == TIP


def test_no_table_holds_a_byte_of_it_any_more(matters: County) -> None:
    event = handed(matters)
    actions.take(actor=matters.officer, number=event.number, verb="take_over", given=RECEIPT)
    rooms = [name for name in connection.introspection.table_names() if name.startswith(("events_", "notices_"))]
    tables = [name for name in rooms if name != "events_category"]  # the word list itself
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", ["%麻将%"])
            assert cursor.fetchone() == (0,), table


def test_it_is_not_handled_here(matters: County) -> None:
    event = handed(matters)
    with pytest.raises(actions.NotAllowed):
        actions.take(actor=matters.officer, number=event.number, verb="claim")


def test_an_ordinary_matter_is_not_taken_over(matters: County) -> None:
    event = told.event_in("assigned", matters)
    with pytest.raises(actions.NotAllowed):
        actions.take(actor=matters.handler, number=event.number, verb="take_over", given=RECEIPT)


def test_only_the_body_it_was_handed_to_takes_it_over(matters: County) -> None:
    event = handed(matters)
    with pytest.raises(actions.NotAllowed):
        actions.take(actor=matters.dispatcher, number=event.number, verb="take_over", given=RECEIPT)
    for actor in (matters.handler, matters.other_officer, matters.neighbour):
        with pytest.raises(Event.DoesNotExist):
            actions.take(actor=actor, number=event.number, verb="take_over", given=RECEIPT)


def test_its_own_reference_is_needed(matters: County) -> None:
    event = handed(matters)
    with pytest.raises(actions.NotGiven, match="words"):
        actions.take(actor=matters.officer, number=event.number, verb="take_over")
