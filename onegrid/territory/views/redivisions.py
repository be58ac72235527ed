"""Re-divisions: the list, a new one, one with what it would do, and its steps."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from onegrid.org.doors import Request, door, once
from onegrid.org.roles import ADMIN_SYSTEM, LEADER, Actor
from onegrid.territory import actions, queries
from onegrid.territory.models import Change, Redivision
from onegrid.territory.queries import READERS, Preview
from onegrid.territory.rules.change_words import KIND_LABELS
from onegrid.territory.rules.drafting import Rows
from onegrid.territory.rules.outcome import differs
from onegrid.territory.rules.picture import picture
from onegrid.territory.rules.redivision_life import DO_LABELS, REDIVISION, VERB_LABELS
from onegrid.territory.views.around import code_shown, draft_faults, frame, place_name, row_name, version_of
from onegrid.territory.views.frame import only_centres

LOOKS = {"submitted": "live", "approved": "live", "effective": "is-done", "withdrawn": "is-out", "undone": "is-out"}
OPEN = ("draft", "submitted", "approved")


@door(*READERS)
def redivisions(request: Request) -> HttpResponse:
    only_centres(request)
    rows = [
        {"one": one, "label": label(one), "look": LOOKS.get(one.state, "")}
        for one in queries.redivisions(request.actor)
    ]
    return render(request, "territory/redivisions.html", {**frame(request), "rows": rows})


@door(ADMIN_SYSTEM, methods=("GET", "POST"))
@once
def new(request: Request) -> HttpResponse:
    """Title, reason and day of a new draft."""
    if request.method != "POST":
        return head_form(request)
    try:
        made = actions.begin_redivision(actor=request.actor, **head_given(request))
    except actions.NotAllowed as refused:
        return head_form(request, status=409, refusal=str(refused.refusal.reason))
    except actions.NotGiven as missing:
        return head_form(request, status=422, faults=missing.fields)
    return HttpResponseRedirect(reverse("territory:draw", args=[made.pk]), status=303)


@door(ADMIN_SYSTEM, methods=("GET", "POST"))
@once
def edit(request: Request, redivision_id: int) -> HttpResponse:
    """The same of a draft."""
    found = seen(request, redivision_id)
    if request.method != "POST":
        may = REDIVISION.may("edit", found, request.actor)
        return head_form(request, found) if may else page(request, found, status=409, refusal=str(may.reason))  # type: ignore[union-attr]
    try:
        actions.edit_redivision(
            actor=request.actor, redivision_id=found.pk, version=version_of(request), **head_given(request)
        )
    except actions.NotAllowed as refused:
        return page(request, found, status=409, refusal=str(refused.refusal.reason))
    except actions.NotGiven as missing:
        return head_form(request, found, status=422, faults=missing.fields)
    return HttpResponseRedirect(reverse("territory:redivision", args=[found.pk]), status=303)


def head_given(request: Request) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in ("title", "reason", "effective_on")}


def head_form(request: Request, found: Redivision | None = None, *, status: int = 200, **more: Any) -> HttpResponse:
    typed = head_given(request)
    if found is not None and request.method != "POST":
        typed = {"title": found.title, "reason": found.reason, "effective_on": found.effective_on.isoformat()}
    shown = {**frame(request), "found": found, "typed": typed, **more}
    return render(request, "territory/redivision_head.html", shown, status=status)


@door(*READERS)
def redivision(request: Request, redivision_id: int) -> HttpResponse:
    return page(request, seen(request, redivision_id))


def page(request: Request, found: Redivision, *, status: int = 200, **more: Any) -> HttpResponse:
    """One as it stands: what it changes, what changes hands, its history, and what the reader may do with it."""
    shown = {
        **frame(request), "found": found, "label": label(found), "look": LOOKS.get(found.state, ""),
        "changes": [change_shown(one, found.codes) for one in found.changes.order_by("n")],
        "history": [(row, str(VERB_LABELS[row.verb])) for row in queries.history(found)],
        "verbs": verbs(request.actor, found), "may_edit": bool(REDIVISION.may("edit", found, request.actor)), **more,
    }  # fmt: skip
    if found.state in OPEN:
        shown |= preview_shown(queries.preview(found))
        current = queries.current_rows(found.area)
        shown["draft_faults"] = draft_faults(found, current, queries.draft_rows(found, current))
    elif found.state == "effective":
        shown |= effect_shown(request.actor, found)
    return render(request, "territory/redivision.html", shown, status=status)


def preview_shown(seen: Preview) -> dict[str, Any]:
    """The preview in words: grids by name with their code, or the one that they would get."""
    found = seen.outcome

    def named(key: str) -> str:
        row = found.will.get(key) or found.was[key]
        return f"{row_name(row)} ({seen.codes.get(key, key)})"

    return {
        "preview": seen,
        "ended": [named_before(found.was, key) for key in found.ended],
        "made": [(named(key), place_name(found.will[key]["parent"])) for key in found.made],
        "kept": [named(key) for key in found.altered],
        "matters": [(named_before(found.was, one.was), named(one.to), one) for one in seen.matters],
        "people": [(one, named_before(found.was, one.area)) for one in seen.people],
        "idle": [named(key) for key in seen.idle],
        "full": place_name(seen.full),
    }


def effect_shown(actor: Actor, one: Redivision) -> dict[str, Any]:
    """What came of it: the codes that were given, and what somebody has still to see to."""
    found = queries.in_effect(one)
    left = queries.carrying(found, queries.ended_with(one, found))
    return {
        "given": [(code, place_name(code)) for code in sorted(one.codes.values())],
        "sees_matters": actor.has(LEADER),
        "carrying": [row for row in left if row.look],
        "without_grid": [(row, named_before(found.was, row.area)) for row in queries.without_grid(one, found)],
    }


def named_before(rows: Rows, key: str) -> str:
    return f"{row_name(rows[key])} ({key})"


def change_shown(one: Change, codes: dict[str, str]) -> dict[str, Any]:
    """The deed in words and two small drawings, before and after; what only got a vertex more is left in the ground."""
    same = {key for key in one.before if key in one.after and not differs(one.before[key], one.after[key])}
    before, after = ({key: row["outline"] for key, row in rows.items()} for rows in (one.before, one.after))
    return {
        "n": one.n, "label": str(KIND_LABELS[one.kind]),
        "was": [(code_shown(key), row_name(one.before[key])) for key in before if key not in same],
        "will": [(code_shown(codes.get(key, key)), row_name(one.after[key])) for key in after if key not in same],
        "before": picture(before, [key for key in before if key not in after]),
        "after": picture(after, [key for key in after if key not in before]),
    }  # fmt: skip


@door(ADMIN_SYSTEM, LEADER, methods=("POST",))
@once
def step(request: Request, redivision_id: int, verb: str) -> HttpResponse:
    """Submit, send back, approve, withdraw, undo."""
    if verb not in DO_LABELS:
        raise Http404
    found, words = seen(request, redivision_id), request.POST.get("words", "")
    try:
        actions.move_redivision(
            actor=request.actor, redivision_id=found.pk, verb=verb, version=version_of(request), words=words
        )
    except actions.NotAllowed as refused:
        return page(request, found, status=409, refusal=str(refused.refusal.reason))
    except actions.NotGiven as missing:
        return page(request, found, status=422, faults=missing.fields, wrong=verb, words=words)
    return redirect("territory:redivision", found.pk)


def seen(request: Request, redivision_id: int) -> Redivision:
    try:
        return queries.redivision(request.actor, redivision_id)
    except Redivision.DoesNotExist as error:
        raise Http404 from error


def verbs(actor: Actor, found: Redivision) -> list[dict[str, Any]]:
    """What this reader's role can do in this state, with the reason where it cannot be done now."""
    shown = []
    for verb in DO_LABELS:
        rows = [row for row in REDIVISION.rows(verb) if found.state in row.sources]
        mine = [row for row in rows if any(by.role_fits(actor) for by in row.by)]
        if mine:
            may = REDIVISION.may(verb, found, actor)
            why = "" if may else str(getattr(may, "reason", ""))
            shown.append(
                {"verb": verb, "label": str(DO_LABELS[verb]), "words": "words" in mine[0].needs, "why_not": why}
            )
    return shown


def label(one: Redivision) -> str:
    return str(REDIVISION.labels[one.state]) if one.state in REDIVISION.labels else _("not known")
