"""Articles: kept by the county's centre with source and date, offered until they run out."""

from datetime import date
from typing import Any

import pytest

from onegrid.events import actions, queries
from onegrid.events.models import Article
from onegrid.org.models import TrailEntry
from onegrid.testing.cast import County
from onegrid.testing.matters import ADVICE, ARTICLE, LAMP, article, at, make_matters

pytestmark = pytest.mark.django_db


@pytest.fixture
def matters(county: County) -> County:
    make_matters(county)
    return county


def test_dispatcher_writes_one_and_leader_changes_it(matters: County) -> None:
    row = actions.keep_article(actor=matters.dispatcher, given=ARTICLE)
    row = actions.keep_article(
        actor=matters.leader, given={**ARTICLE, "valid_until": "2026-12-31"}, code=row.code, version=1
    )
    assert (row.version, row.valid_until, row.changed_by_id) == (2, date(2026, 12, 31), matters.leader.posting_id)
    assert TrailEntry.objects.filter(verb="article_kept").count() == 2


@pytest.mark.parametrize("who", ["receiver", "checker", "handler", "worker", "auditor"])
def test_wrong_role(matters: County, who: str) -> None:
    with pytest.raises(actions.NotAllowed):
        actions.keep_article(actor=getattr(matters, who), given=ARTICLE)


@pytest.mark.parametrize("who", ["neighbour", "unit_leader"])
def test_only_the_countys_centre_answers_for_it(matters: County, who: str) -> None:
    with pytest.raises(actions.NotAllowed):
        actions.keep_article(actor=getattr(matters, who), given=ARTICLE)


def test_somebody_was_faster(matters: County) -> None:
    row = actions.keep_article(actor=matters.dispatcher, given=ARTICLE)
    with pytest.raises(actions.NotAllowed) as refused:
        actions.keep_article(actor=matters.leader, given=ARTICLE, code=row.code, version=0)
    assert refused.value.refusal.code == "version"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"source_zh": ""}, "source_zh"),
        ({"dated": ""}, "dated"),
        ({"dated": "spring"}, "dated"),
        ({"category": "999999"}, "category"),
        ({"words_zh": "请登记重点人员"}, "words_zh"),
        ({"title_en": "List of key persons"}, "title_en"),
    ],
)
def test_each_fault_is_named(matters: County, given: dict[str, Any], field: str) -> None:
    with pytest.raises(actions.NotGiven) as wrong:
        actions.keep_article(actor=matters.dispatcher, given={**ARTICLE, **given})
    assert list(wrong.value.fields) == [field]
    assert not Article.objects.exists()


def test_offered_beside_its_leaf_until_it_runs_out(matters: County) -> None:
    article(valid_until="2026-10-14")
    with at() as hand:
        assert [one.code for one in queries.articles(ADVICE)] == ["known"]
        assert queries.articles(LAMP) == []
        hand.on(days=1)
        assert queries.articles(ADVICE) == []
        assert [one.code for one in queries.find_articles("居住证")] == ["known"]


def test_found_by_words_and_by_branch(matters: County) -> None:
    article(category="07")
    article("other", category=LAMP, title_zh="路灯归谁管")
    assert [one.code for one in queries.find_articles("路灯")] == ["other"]
    assert [one.code for one in queries.find_articles(category=ADVICE)] == ["known"]


def test_loading_again_leaves_what_the_centre_has_changed(matters: County) -> None:
    row = {**ARTICLE, "code": "known"}
    actions.load_articles([row])
    actions.keep_article(actor=matters.dispatcher, given={**ARTICLE, "title_zh": "改过的标题"}, code="known", version=1)
    actions.load_articles([row])
    assert Article.objects.get(code="known").title_zh == "改过的标题"
