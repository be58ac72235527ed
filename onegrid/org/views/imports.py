"""One uploaded file: how far the job has come, what it would change, every bad row; apply it or throw it away."""

import csv
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from onegrid.kit import text
from onegrid.org import actions, queries
from onegrid.org.doors import Request, door, frame, once
from onegrid.org.models import Import
from onegrid.org.roles import ADMIN_SYSTEM

# So many bad rows on the page; all of them in the file.
MOST_FAULTS = 200
STAGES = {
    "": gettext_lazy("waiting for its turn"),
    "read": gettext_lazy("reading the file"),
    "rows": gettext_lazy("looking at each row"),
    "outlines": gettext_lazy("looking at each outline"),
    "compare": gettext_lazy("comparing with what is here"),
    "check": gettext_lazy("checking the edges with the neighbours"),
    "write": gettext_lazy("writing"),
}
LARGEST_NUMBER = 9


@door(ADMIN_SYSTEM, methods=("GET", "POST"))
@once
def page(request: Request, import_id: int) -> HttpResponse:
    """The file as it stands now; a press writes what is shown, or throws it away."""
    one = found(request, import_id)
    if request.method != "POST":
        return shown(request, one)
    deed, version = request.POST.get("deed", ""), version_of(request.POST.get("version", ""))
    try:
        if deed == "apply":
            actions.apply_import(request.actor, import_id=one.pk, version=version)
        elif deed == "drop":
            actions.drop_import(request.actor, import_id=one.pk, version=version)
            messages.success(request, _("Thrown away; nothing was written."))
        else:
            raise Http404
    except actions.OtherVersion:
        refusal = _("It was moved on meanwhile, by a job or by somebody else: this is how it stands now.")
        return shown(request, found(request, import_id), status=409, refusal=refusal)
    except actions.Refused as refused:
        return shown(request, found(request, import_id), status=409, refusal=refused.message)
    return redirect("org:import", one.pk)


@door(ADMIN_SYSTEM)
def now(request: Request, import_id: int) -> HttpResponse:
    """How far it has come, for the page that waits; when it has come somewhere the page is loaded anew."""
    one = found(request, import_id)
    answer = render(request, "org/_import_now.html", {"one": one, **progress(one)})
    if not one.under_way:
        answer.headers["HX-Refresh"] = "true"
    return answer


@door(ADMIN_SYSTEM)
def faults(request: Request, import_id: int) -> StreamingHttpResponse:
    """Every bad row as CSV: line, code, what became of it, why."""
    one = found(request, import_id)
    rows = queries.import_faults(request.actor, one).values_list("line", "code", "taken", "reason")
    head = (_("Line"), _("Code in the file"), _("What became of it"), _("Reason"))
    words = {False: _("not taken"), True: _("taken after mending")}
    lines = ((line, text.cell(code), words[taken], text.cell(reason)) for line, code, taken, reason in rows.iterator())
    answer = StreamingHttpResponse(written(head, lines), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="import-{one.pk}-bad-rows.csv"'
    return answer


def written(head: tuple[str, ...], lines: Iterator[tuple[object, ...]]) -> Iterator[str]:
    """Line by line; the mark at the beginning tells spreadsheets that it is UTF-8."""
    writer = csv.writer(Echo())
    yield "\ufeff" + str(writer.writerow(head))
    for line in lines:
        yield str(writer.writerow(line))


class Echo:
    """What is written comes back as the answer of `writerow`."""

    def write(self, value: str) -> str:
        return value


def found(request: Request, import_id: int) -> Import:
    """The import of this address; raises Http404."""
    try:
        return queries.imports(request.actor).get(pk=import_id)
    except Import.DoesNotExist as error:
        raise Http404 from error


def version_of(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= LARGEST_NUMBER else 0


def progress(one: Import) -> dict[str, Any]:
    return {"stage": STAGES.get(one.stage, one.stage), "percent": 100 * one.done // one.total if one.total else 0}


def shown(request: Request, one: Import, *, status: int = 200, **more: Any) -> HttpResponse:
    actor = request.actor
    rows = list(queries.import_faults(actor, one)[: MOST_FAULTS + 1])
    given = {
        **frame(request), "one": one,
        "faults": rows[:MOST_FAULTS], "more": len(rows) > MOST_FAULTS, "report": one.report, **progress(one), **more,
    }  # fmt: skip
    answer = render(request, "org/import.html", given, status=status)
    answer.headers["Cache-Control"] = "no-store"
    return answer
