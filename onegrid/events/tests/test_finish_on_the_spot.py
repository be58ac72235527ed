"""Finish on the spot: a worker where it lies, a receiver in the same call; checked by chance, rated by nobody."""

import io
from typing import Any

import pytest
from PIL import Image

from onegrid.events import actions, queries
from onegrid.events.actions import NotAllowed, NotGiven, Reported
from onegrid.events.models import Article, Category, Event
from onegrid.kit import chance, images
from onegrid.notices.models import Message
from onegrid.org.roles import Actor
from onegrid.testing.cast import GRIDS, County
from onegrid.testing.matters import ADVICE, LAMP, RUBBISH, at, event_in, make_matters, reported

pytestmark = pytest.mark.django_db
HEAP = "路口有一堆垃圾，已经扫干净"


@pytest.fixture
def matters(county: County, settings: Any, tmp_path: Any) -> County:
    files = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "default": files}
    make_matters(county)
    return county


def cleared(actor: Actor, **given: Any) -> Reported:
    said: dict[str, Any] = {
        "words": HEAP,
        "category": RUBBISH,
        "area": GRIDS[0],
        "result": "已清扫",
        "channel": "worker",
    }
    return actions.report_finished(actor=actor, **{**said, **given})


def photo() -> images.Picture:
    drawn = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(drawn, "JPEG")
    return images.rebuild(drawn.getvalue())


def test_worker_reports_and_finishes_in_one_go(matters: County) -> None:
    made = cleared(matters.worker, pictures=[photo()], after=[photo()])
    event = Event.objects.get(number=made.number)
    assert (event.state, event.spot, event.sampled, event.result) == ("closed", True, True, "已清扫")
    assert [step.verb for step in event.steps.all()] == ["report", "finish_on_the_spot"]
    before, after = event.attachments.order_by("id")
    assert (before.report_id is not None, after.step_n) == (True, 2)


def test_it_counts_as_neither_solved_nor_satisfied(matters: County) -> None:
    event = Event.objects.get(number=cleared(matters.worker).number)
    assert (event.solved, event.satisfied) == (None, "")


def test_grid_head_may_too(matters: County) -> None:
    assert cleared(matters.grid_head).event.state == "closed"


@pytest.mark.parametrize("who", ["receiver", "dispatcher", "handler", "checker", "leader", "auditor"])
def test_wrong_role(matters: County, who: str) -> None:
    with pytest.raises(NotAllowed):
        cleared(getattr(matters, who))
    assert not Event.objects.exists()


def test_neighbour_gets_nothing_of_it(matters: County) -> None:
    made = actions.report(actor=matters.worker, words=HEAP, category=RUBBISH, area=GRIDS[0])
    with pytest.raises(Event.DoesNotExist):
        actions.take(
            actor=matters.other_worker, number=made.number, verb="finish_on_the_spot", given={"result": "已清扫"}
        )


def test_what_somebody_else_reported_goes_the_ordinary_way(matters: County) -> None:
    made = reported(HEAP)
    with pytest.raises(NotAllowed, match=r"本人上报|oneself"):
        actions.take(actor=matters.worker, number=made.number, verb="finish_on_the_spot", given={"result": "已清扫"})


def test_wrong_state(matters: County) -> None:
    made = cleared(matters.worker)
    with pytest.raises(NotAllowed):
        actions.take(actor=matters.worker, number=made.number, verb="finish_on_the_spot", given={"result": "又扫"})


@pytest.mark.parametrize(
    ("given"),
    [
        {"category": LAMP},
        {"words": "楼下麻将馆天天赌博"},
        {"about_unit": "city", "about_office": True},
    ],
)
def test_only_small_open_matters_of_a_leaf_that_allows_it(matters: County, given: dict[str, Any]) -> None:
    with pytest.raises(NotAllowed):
        cleared(matters.worker, **given)


def test_a_graver_level_is_never_finished_on_the_spot(matters: County) -> None:
    Category.objects.filter(code=RUBBISH).update(level=3)
    queries.forget_reference()
    with pytest.raises(NotAllowed):
        cleared(matters.worker)


def test_what_was_done_is_needed(matters: County) -> None:
    with pytest.raises(NotGiven):
        cleared(matters.worker, result=" ")


def test_receiver_answers_a_question_in_the_same_call_with_its_article(matters: County) -> None:
    article(matters, "where")
    made = cleared(
        matters.receiver,
        words="咨询怎么办理居住证",
        category=ADVICE,
        result="到便民中心办理",
        article="where",
        channel="phone",
    )
    step = Event.objects.get(number=made.number).steps.get(verb="finish_on_the_spot")
    assert (step.facts["article"], step.public) == ("where", True)


def test_an_article_that_is_unknown_or_has_run_out_is_named(matters: County) -> None:
    article(matters, "old", valid_until="2026-01-01")
    for code in ("nothing", "old"):
        with at(), pytest.raises(NotGiven) as refused:
            cleared(matters.receiver, category=ADVICE, article=code)
        assert list(refused.value.fields) == ["article"]


def article(county: County, code: str, **given: Any) -> Article:
    texts = {f"{name}_{language}": "居住证" for name in ("title", "words", "source") for language in ("zh", "en")}
    row = Article.objects.create(code=code, category="0701", dated="2026-03-01", **{**texts, **given})
    queries.forget_reference()
    return row


def test_receiver_answers_what_came_by_the_web_page_too(matters: County) -> None:
    made = reported("咨询怎么办理居住证")
    event = actions.take(
        actor=matters.receiver, number=made.number, verb="finish_on_the_spot", given={"result": "到便民中心"}
    )
    assert event.state == "closed"
    with pytest.raises(Event.DoesNotExist):
        actions.take(
            actor=matters.neighbour_receiver, number=made.number, verb="finish_on_the_spot", given={"result": "x"}
        )


def test_whoever_reported_is_told_once_and_not_asked_to_rate(matters: County) -> None:
    event = Event.objects.get(number=cleared(matters.worker).number)
    actions.take(actor=matters.checker, number=event.number, verb="pass_check")
    for step in event.steps.all():
        actions.tell_people(event_id=event.pk, n=step.n)
    assert list(Message.objects.filter(to_report__isnull=False).values_list("kind", flat=True)) == ["done_at_once"]


def test_chance_draws_about_one_in_so_many(matters: County) -> None:
    Category.objects.filter(code=RUBBISH).update(sample_every=5)
    queries.forget_reference()
    with chance.seeded(7):
        drawn = [cleared(matters.worker).event.sampled for _ in range(60)]
    assert 5 <= sum(drawn) <= 20


def test_the_drawn_ones_wait_in_the_checkers_queue(matters: County) -> None:
    event = cleared(matters.worker).event
    assert [row.pk for row in queries.inbox(matters.checker, "spot_checks").rows] == [event.pk]
    assert queries.inbox(matters.neighbour_checker, "spot_checks").rows == []
    actions.take(actor=matters.checker, number=event.number, verb="pass_check")
    assert queries.inbox(matters.checker, "spot_checks").rows == []
    assert Event.objects.get(pk=event.pk).state == "closed"


def test_sent_back_it_goes_the_ordinary_way(matters: County) -> None:
    event = cleared(matters.worker).event
    event = actions.take(actor=matters.checker, number=event.number, verb="redo", given={"reason": "还有一半没有扫"})
    assert (event.state, event.spot, event.sampled, event.result, event.reworks) == ("accepted", False, False, "", 1)
    assert event.due_at is not None
    event = actions.take(actor=matters.dispatcher, number=event.number, verb="dispatch", given={"unit": "city"})
    assert event.state == "assigned"


@pytest.mark.parametrize("verb", ["pass_check", "redo"])
def test_what_was_not_drawn_is_not_checked(matters: County, verb: str) -> None:
    event = event_in("closed", matters)
    with pytest.raises(NotAllowed):
        actions.take(actor=matters.checker, number=event.number, verb=verb, given={"reason": "没办好"})


def test_nobody_checks_what_they_finished_themselves(matters: County) -> None:
    from onegrid.org.roles import CHECKER, WORKER
    from onegrid.testing.cast import post

    both = post(matters, "both", "centre", GRIDS[0][:6], (WORKER, CHECKER))
    event = cleared(both).event
    with pytest.raises(NotAllowed):
        actions.take(actor=both, number=event.number, verb="pass_check")


def test_reporter_who_is_not_helped_has_it_reopened_for_the_dispatcher(matters: County) -> None:
    made = cleared(matters.worker)
    event = actions.take(
        actor=Actor.reporter(made.report.pk), number=made.number, verb="reopen", given={"words": "又堆起来了"}
    )
    assert (event.state, event.holder_id) == ("accepted", event.owner_id)


def test_ten_seconds_to_take_it_back(matters: County) -> None:
    made = cleared(matters.worker)
    event = actions.undo(actor=matters.worker, number=made.number)
    assert (event.state, event.spot, event.sampled, event.closed_at) == ("reported", False, False, None)
