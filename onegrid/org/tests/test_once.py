"""A repeated write gets its first answer (R21)."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from onegrid.kit import clock
from onegrid.org import actions
from onegrid.org.actions import InFlight, KeyReused
from onegrid.org.models import AnsweredRequest, TrailEntry
from onegrid.org.roles import Actor

BODY = actions.fingerprint("POST", "/x", "body")


def write(status: int = 201) -> tuple[int, dict[str, Any]]:
    actions.record(Actor.system(), "trial")
    return status, {"number": "2026", "words": "水管破裂"}


def ask(
    key: str = "k", fingerprint: bytes = BODY, actor: str = "a", status: int = 201
) -> tuple[int, dict[str, Any], bool]:
    return actions.answer_once(actor_key=actor, key=key, fingerprint=fingerprint, produce=lambda: write(status))


@pytest.mark.django_db
def test_the_second_time_answers_the_same_and_does_nothing() -> None:
    first, second = ask(), ask()
    assert first[:2] == second[:2]
    assert (first[2], second[2]) == (False, True)
    assert TrailEntry.objects.count() == 1


@pytest.mark.django_db
def test_another_body_under_the_same_key_is_refused() -> None:
    ask()
    with pytest.raises(KeyReused):
        ask(fingerprint=actions.fingerprint("other"))


@pytest.mark.django_db
def test_another_actor_may_use_the_same_key() -> None:
    ask()
    assert ask(actor="b")[2] is False


@pytest.mark.django_db
def test_a_refusal_is_not_kept() -> None:
    assert ask(status=422)[2] is False
    assert ask(status=201)[2] is False
    assert ask()[2] is True


@pytest.mark.django_db
def test_it_costs_two_statements(django_assert_num_queries: Any) -> None:
    ask(key="warm")
    # SAVEPOINT and RELEASE stand for BEGIN and COMMIT inside a test; one more is the trail entry itself.
    with django_assert_num_queries(5):
        ask()


@pytest.mark.django_db
def test_answers_older_than_thirty_days_are_forgotten() -> None:
    ask()
    AnsweredRequest.objects.update(at=clock.now() - timedelta(days=31))
    ask(key="young")
    assert actions.forget_answers() == 1
    assert AnsweredRequest.objects.get().key == "young"


@pytest.mark.django_db(transaction=True)
def test_equal_requests_in_parallel_write_once() -> None:
    together = threading.Barrier(8)

    def one(_number: int) -> str:
        try:
            together.wait()
            return "replayed" if ask()[2] else "written"
        except InFlight:
            return "in flight"
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(one, range(8)))
    assert answers.count("written") == 1
    assert TrailEntry.objects.count() == AnsweredRequest.objects.count() == 1
