"""What a county asks and knows about a kind of matter: further questions, and articles that are still valid."""

from collections.abc import Iterable
from typing import Any

from onegrid.events.models import Article, Question
from onegrid.events.rules import questions as rules
from onegrid.kit import clock
from onegrid.kit.reference import reference


@reference(seconds=5)
def all_questions() -> tuple[Question, ...]:
    return tuple(Question.objects.filter(active=True).order_by("order", "id"))


def questions(category: str) -> list[Question]:
    """What is asked about a leaf: its own questions and those of its branch."""
    return [one for one in all_questions() if category and category.startswith(one.category)]


def question_fields(asked: list[Question], given: dict[str, Any], faults: dict[str, str]) -> list[rules.Field]:
    """The questions as a form shows them."""
    return rules.fields(asked, given, faults)


@reference(seconds=5)
def all_articles() -> tuple[Article, ...]:
    return tuple(Article.objects.order_by("category", "code"))


def articles_by_code() -> dict[str, Article]:
    """The articles that may be used today."""
    return {one.code: one for one in valid(all_articles())}


def known_article(code: str) -> Article | None:
    """An article by its code, also one that has run out since: what was answered rested on it."""
    return next((one for one in all_articles() if one.code == code), None)


def articles(category: str) -> list[Article]:
    """What is known about a leaf, the closest branch first."""
    found = [one for one in valid(all_articles()) if category and category.startswith(one.category)]
    return sorted(found, key=lambda one: (-len(one.category), one.code))


def valid(rows: Iterable[Article]) -> list[Article]:
    today = clock.local(clock.now()).date()
    return [one for one in rows if one.active and (one.valid_until is None or today <= one.valid_until)]


def find_articles(words: str = "", category: str = "") -> list[Article]:
    """Every article, also one that has run out, by leaf and by words of title and text."""
    wanted = words.casefold().split()
    return [
        one
        for one in all_articles()
        if (not category or category.startswith(one.category) or one.category.startswith(category))
        and all(word in text_of(one) for word in wanted)
    ]


def text_of(article: Article) -> str:
    parts = (article.title_zh, article.title_en, article.words_zh, article.words_en, article.source_zh)
    return " ".join(parts).casefold()


def article(code: str) -> Article:
    """One article as it stands; raises Article.DoesNotExist."""
    return Article.objects.select_related("changed_by__user").get(code=code)


def runs_out(article: Article) -> bool:
    """Whether it may no longer be used, by its own date."""
    return article.valid_until is not None and article.valid_until < clock.local(clock.now()).date()
