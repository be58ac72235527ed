"""One matter as a file on paper: what was said, what was done, by whom and when; a PDF that bears its reader."""

from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from onegrid.events import queries
from onegrid.events.models import Event
from onegrid.events.queries import Detail
from onegrid.events.views import event as pages
from onegrid.events.views import inbox, matter, panes
from onegrid.kit import attachment, clock
from onegrid.kit.paper import SMALL, SOFT, Sheet
from onegrid.org import actions as org
from onegrid.org.doors import Request, door
from onegrid.org.roles import Actor

MOST_PICTURES = 12


@door(*inbox.SEEING)
def paper(request: Request, number: str) -> HttpResponse:
    """The file as PDF; that it was taken out stands on the trail."""
    try:
        found = queries.detail(request.actor, pages.known(number))
    except Event.DoesNotExist as error:
        raise Http404 from error
    org.record(request.actor, "print", "event", found.event.pk, number=found.event.number)
    answer = HttpResponse(drawn(request.actor, found), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{found.event.number}.pdf"'
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def drawn(actor: Actor, found: Detail) -> bytes:
    event = found.event
    sheet = Sheet(title=f"{_('Case file')} {event.number}", mark=mark_of(actor), page_words=_("%(page)s / %(pages)s"))
    address = settings.PUBLIC_URL.rstrip("/") + reverse("events:event", args=[event.number])
    head = event.title or str(panes.row(event).leaf)
    sheet.heading(_("Case file"), above=panes.unit_name(event.owner_id), code=f"{event.number}  {head}", link=address)
    sheet.facts(facts_of(event))
    said(sheet, found)
    parts(sheet, found)
    if event.result:
        sheet.section(_("Result"))
        sheet.text(event.result)
    course(sheet, found)
    photos(sheet, found)
    sheet.signatures(_("Handled by, date"), _("Checked by, date"), _("Filed by, date"))
    return sheet.bytes()


def when(moment: datetime) -> str:
    """To the minute, in the county's time."""
    return clock.local(moment).strftime("%Y-%m-%d %H:%M")


def mark_of(actor: Actor) -> str:
    words = _("Printed by %(name)s, %(unit)s, %(at)s. Holds personal matters: do not pass on.")
    return words % {"name": actor.name, "unit": panes.unit_name(actor.unit_id), "at": when(clock.now())}


def facts_of(event: Event) -> list[tuple[str, str]]:
    row, filed = panes.row(event), queries.filing(event)
    sum_of = filed.facts.get("sha256", "") if filed and event.state == "archived" else ""
    return [
        (_("Category"), row.leaf),
        (_("Level"), row.level_label),
        (_("State"), row.state_label),
        (_("Place"), " ".join((panes.place_of(event.area, fine=True), event.address)).strip()),
        (_("Reported"), when(event.reported_at)),
        (_("Promised to the reporter"), when(event.promised_by) if event.promised_by else ""),
        (_("Unit"), panes.unit_name(event.handler_id)),
        (_("Ended"), when(event.closed_at) if event.closed_at else ""),
        (_("Sum of the archived file"), sum_of),
    ]


def said(sheet: Sheet, found: Detail) -> None:
    """Every voice in its own words; never who it was."""
    sheet.section(_("What was said"))
    if found.event.erased_at is not None:
        sheet.text(_("Its time of keeping is over; what was said has been erased."))
        return
    for one in found.voices:
        line = f"{one.number} · {matter.channel_name(one.channel)} · {when(one.at)}"
        sheet.room(14)
        sheet.text(line, size=SMALL, colour=SOFT)
        sheet.text(one.told())
        sheet.gap(1.5)


def parts(sheet: Sheet, found: Detail) -> None:
    """What the assisting units were asked and did."""
    rows = [one for one in found.event.assignments.order_by("id") if one.role == "assist"]
    if not rows:
        return
    sheet.section(_("Assisting units"))
    told = [(panes.unit_name(one.unit_id), one.told()) for one in rows]
    sheet.table(((unit, words["task"], words["result"]) for unit, words in told), (44, 65, 65), ruled=True, size=9.5)


def course(sheet: Sheet, found: Detail) -> None:
    """Every step, oldest first: when, what, who, and the words."""
    sheet.section(_("Course"))
    rows = []
    for one in map(matter.told, found.steps):
        who = " ".join(part for part in (one.unit, one.who) if part)
        rows.append((when(one.step.at), one.label, who, " ".join(part for part in (reason_of(one), one.words) if part)))
    sheet.table(rows, (36, 30, 42, 66), soft=(0,), ruled=True, size=9.5)


def reason_of(told: matter.Told) -> str:
    """The coded reason of a step by its name, or as it was typed where no codes are set."""
    given = str(told.step.facts.get("reason") or "")
    return next((one.name for one in queries.reasons(told.step.verb) if one.code == given), given)


def photos(sheet: Sheet, found: Detail) -> None:
    """The pictures, small; a copy for print is taken from the event itself."""
    if not found.photos:
        return
    sheet.section(_("Photos"))
    raw = []
    for one in found.photos[:MOST_PICTURES]:
        try:
            with attachment.fetch(one.sha256, small=True) as file:
                raw.append(file.read())
        except FileNotFoundError:
            continue
    sheet.pictures(raw)
