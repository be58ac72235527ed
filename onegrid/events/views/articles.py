"""What is known about a kind of matter: a list for everybody at the desk, a form for the county's centre."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from onegrid.events import actions, queries
from onegrid.events.models import Article
from onegrid.events.views import inbox, panes
from onegrid.org.doors import Request, door, once
from onegrid.org.roles import DISPATCHER, LEADER

FIELDS = (
    "title_zh", "title_en", "words_zh", "words_en", "source_zh", "source_en", "category", "dated", "valid_until",
)  # fmt: skip


@door(*inbox.SEEING)
def articles(request: Request) -> HttpResponse:
    """All articles, narrowed by leaf and words."""
    words, category = request.GET.get("q", "")[:100], request.GET.get("category", "")
    category = category if category in queries.categories() else ""
    rows = [shown(row) for row in queries.find_articles(words, category)]
    may = actions.may_keep_articles(request.actor) is None
    more = {"rows": rows, "may": may, "asked": words, "category": category, "groups": queries.categories().values()}
    return render(request, "events/articles.html", {**panes.frame(request), **more})


def shown(row: Article) -> dict[str, Any]:
    return {"row": row, "leaf": queries.category_name(row.category), "over": queries.runs_out(row)}


@door(DISPATCHER, LEADER, methods=("GET", "POST"))
@once
def new_article(request: Request) -> HttpResponse:
    """An empty form; a POST writes the article."""
    return kept(request, None) if request.method == "POST" else form(request, None)


@door(DISPATCHER, LEADER, methods=("GET", "POST"))
@once
def article(request: Request, code: str) -> HttpResponse:
    """One article as a form; a POST changes it."""
    try:
        row = queries.article(code)
    except Article.DoesNotExist as error:
        raise Http404 from error
    return kept(request, row) if request.method == "POST" else form(request, row)


def kept(request: Request, row: Article | None) -> HttpResponse:
    version = request.POST.get("version", "")
    try:
        actions.keep_article(
            actor=request.actor, given=typed(request), code=row.code if row else "",
            version=int(version) if version.isdecimal() else None,
        )  # fmt: skip
    except actions.NotGiven as missing:
        return form(request, row, faults=missing.fields, status=422)
    except actions.NotAllowed as refused:
        return form(request, row, refusal=str(refused.refusal.reason), status=409)
    return HttpResponseRedirect(reverse("events:articles"), status=303)


def typed(request: Request) -> dict[str, Any]:
    given: dict[str, Any] = {name: request.POST.get(name, "") for name in FIELDS}
    return {**given, "active": request.POST.get("active") == "yes"}


def form(request: Request, row: Article | None, *, status: int = 200, **more: Any) -> HttpResponse:
    """The form with what stands in the row, or with what was typed when it did not go through."""
    refusal = actions.may_keep_articles(request.actor)
    filled = typed(request) if request.method == "POST" else (values(row) if row else {"active": True})
    shown = {
        **panes.frame(request), "row": row, "typed": filled, "key": panes.fresh_key(),
        "groups": queries.categories().values(), "why_not": str(refusal.reason) if refusal is not None else "", **more,
    }  # fmt: skip
    return render(request, "events/article.html", shown, status=status)


def values(row: Article) -> dict[str, Any]:
    found: dict[str, Any] = {name: getattr(row, name) for name in (*FIELDS, "active")}
    days = {name: found[name].isoformat() if found[name] else "" for name in ("dated", "valid_until")}
    return {**found, **days}
