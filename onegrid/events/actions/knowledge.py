"""Articles and further questions are data: loaded from files, and articles kept by the county's centre."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from onegrid.events import queries
from onegrid.events.actions.given import MAX_WORDS, NotGiven
from onegrid.events.actions.loading import BadData
from onegrid.events.models import Article, Question
from onegrid.events.rules import questions as rules
from onegrid.kit import chance, clock, text
from onegrid.kit.workflow import NotAllowed, Refusal
from onegrid.org import actions as org
from onegrid.org.roles import DISPATCHER, LEADER, Actor
from onegrid.org.rules import closed_list

MAX_LINE = 120
COUNTY_DIGITS = 6
TEXTS = {
    "title_zh": MAX_LINE, "title_en": MAX_LINE, "words_zh": MAX_WORDS, "words_en": MAX_WORDS,
    "source_zh": MAX_LINE, "source_en": MAX_LINE,
}  # fmt: skip


def may_keep_articles(actor: Actor) -> Refusal | None:
    """They hold for the whole county, so its centre answers for them."""
    if not actor.at_centre or not actor.has(DISPATCHER, LEADER):
        return Refusal("role", _("The centre's dispatcher or leader keeps the articles."))
    if len(actor.area) > COUNTY_DIGITS:
        return Refusal("unit", _("Articles hold for the whole county; its centre keeps them."))
    return None


@transaction.atomic
def keep_article(*, actor: Actor, given: dict[str, Any], code: str = "", version: int | None = None) -> Article:
    """Write an article, new or changed; raises NotAllowed, NotGiven, Article.DoesNotExist."""
    refusal = may_keep_articles(actor)
    if refusal is not None:
        raise NotAllowed(refusal)
    row = Article.objects.select_for_update().get(code=code) if code else Article(code="", version=0)
    if code and version != row.version:
        raise NotAllowed(Refusal("version", _("Somebody else has changed this article; read it again.")))
    for name, value in checked(given).items():
        setattr(row, name, value)
    row.code, row.version = row.code or chance.base32(10).lower(), row.version + 1
    row.changed_at, row.changed_by_id = clock.now(), actor.posting_id
    row.save()
    org.record(actor, "article_kept", "article", row.pk, code=row.code, version=row.version)
    queries.forget_reference()
    return row


def checked(given: dict[str, Any]) -> dict[str, Any]:
    """Every field tidied; raises NotGiven with all that is wrong at once."""
    faults: dict[str, str] = {}
    clean: dict[str, Any] = {"active": bool(given.get("active", True)), "category": str(given.get("category", ""))}
    for name, longest in TEXTS.items():
        clean[name] = text.tidy(str(given.get(name) or ""))
        if fault := text_fault(clean[name], longest):
            faults[name] = fault
    if clean["category"] not in queries.categories():
        faults["category"] = _("Choose a category from the list.")
    for name, needed in (("dated", True), ("valid_until", False)):
        try:
            clean[name] = day(given.get(name), needed=needed)
        except ValueError as error:
            faults[name] = str(error)
    if faults:
        raise NotGiven(faults)
    return clean


def text_fault(value: str, longest: int) -> str:
    if not value:
        return _("This is needed.")
    if len(value) > longest:
        return _("At most %(n)s characters.") % {"n": longest}
    return closed_list.refuse(value) or ""


def day(value: object, *, needed: bool) -> date | None:
    if not value:
        if needed:
            raise ValueError(_("This is needed."))
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise ValueError(_("A date like 2026-11-30.")) from None


@transaction.atomic
def load_articles(rows: list[dict[str, Any]]) -> int:
    """Write every row of the file under its code; what the centre has changed since stays as it is."""
    for at, row in enumerate(rows, start=1):
        try:
            clean = checked(row)
        except NotGiven as wrong:
            raise BadData(f"articles.json row {at}: {wrong}") from wrong
        kept = Article.objects.filter(code=row["code"], changed_at__isnull=False)
        if not kept.exists():
            Article.objects.update_or_create(code=row["code"], defaults=clean)
    queries.forget_reference()
    return len(rows)


@transaction.atomic
def load_questions(rows: list[dict[str, Any]]) -> int:
    """Write every question under its category and key; what the closed list forbids is refused with its row."""
    earlier: dict[str, list[Question]] = {}
    for at, row in enumerate(rows, start=1):
        one = question(at, row)
        before = earlier.setdefault(one.category, [])
        if wrong := rules.faults_of(one, before):
            raise BadData(f"questions.json row {at}: {'; '.join(wrong)}")
        before.append(one)
        kept = {name: getattr(one, name) for name in KEPT}
        Question.objects.update_or_create(category=one.category, key=one.key, defaults={**kept, "order": at})
    queries.forget_reference()
    return len(rows)


KEPT = ("kind", "name_zh", "name_en", "hint_zh", "hint_en", "required", "options", "depends")


def question(at: int, row: dict[str, Any]) -> Question:
    """The row as a question; raises BadData for a category that is not there or a name that may not be asked."""
    one = Question(**{"hint_zh": "", "hint_en": "", "required": False, "options": [], "depends": {}, **row})
    if one.category not in queries.categories():
        raise BadData(f"questions.json row {at}: no category {one.category}")
    names = [one.name_zh, one.name_en, one.hint_zh, one.hint_en]
    names += [option[name] for option in one.options for name in ("name_zh", "name_en")]
    reason = next((found for found in map(closed_list.refuse_name, names) if found), None)
    if reason:
        raise BadData(f"questions.json row {at}: {reason}")
    if one.kind not in rules.KINDS:
        raise BadData(f"questions.json row {at}: kind {one.kind} is none of {', '.join(rules.KINDS)}")
    return one
