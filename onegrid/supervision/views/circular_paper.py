"""A circular on paper: PDF to read and print, a document to work on; both drawn anew from what stands fast.

Neither is kept: the words and figures of a published circular cannot change, so the same bytes come out each time.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from onegrid.kit import clock
from onegrid.kit.official import BODY_SIZE, PITCH, RED, TABLE_SIZE, TITLE_SIZE, Official
from onegrid.kit.paper import WIDTH, Sheet
from onegrid.org import queries as org
from onegrid.org.doors import Request, door
from onegrid.supervision.models import Circular
from onegrid.supervision.rules.circular_life import CIRCULAR
from onegrid.supervision.rules.circular_tables import Table, tables
from onegrid.supervision.rules.circular_text import NUMBERED, day, in_language
from onegrid.supervision.views import circulars
from onegrid.supervision.views.frame import SEEING

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FEW_ROWS = 46.0  # millimetres: a heading, its note and the first rows stay together
INDENT = "\u3000\u3000"  # two wide spaces


@dataclass(frozen=True)
class Content:
    """What stands on it, in the language of the circular."""

    office: str
    number: str
    title: str
    to: str
    parts: list[tuple[str, str]]
    day: str
    counted: str
    tables: list[Table]
    mark: str


@door(*SEEING)
def pdf(request: Request, circular_id: int) -> HttpResponse:
    return file(circulars.seen(request, circular_id), drawn_pdf, PDF, "pdf")


@door(*SEEING)
def docx(request: Request, circular_id: int) -> HttpResponse:
    return file(circulars.seen(request, circular_id), drawn_docx, DOCX, "docx")


def file(circular: Circular, drawn: Callable[[Circular], bytes], kind: str, ending: str) -> HttpResponse:
    answer = HttpResponse(drawn(circular), content_type=kind)
    name = f"{circular.number or circular.title}.{ending}"
    answer.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def content(circular: Circular) -> Content:
    zone = org.zone(circular.area)
    issued = clock.local(circular.published_at or circular.counted_at, zone)
    counted = clock.local(circular.counted_at, zone).strftime("%Y-%m-%d %H:%M")
    return Content(
        office=in_language(circular.figures["sender"]), number=circular.number or _("Draft, without a number"),
        title=circular.title, to=_("To the units concerned:"),
        parts=[(str(NUMBERED[name]), words) for name, words in circular.written.items()],
        day=day(issued.date()) if circular.published_at else "", counted=_("Counted at %(at)s.") % {"at": counted},
        tables=tables(circular.figures), mark=mark(circular),
    )  # fmt: skip


def mark(circular: Circular) -> str:
    """What must be said of it on every page: that it is none yet, or none any more."""
    if circular.state == "published":
        return ""
    told = str(CIRCULAR.labels[circular.state])
    return f"{told}: {circular.reason}" if circular.state == "withdrawn" else told


def drawn_pdf(circular: Circular) -> bytes:
    with translation.override(circular.language):
        told = content(circular)
        sheet = Sheet(title=told.title, mark=told.mark, page_words=_("%(page)s / %(pages)s"))
    # Not the moment of printing: the same circular gives the same file.
    sheet.pdf.set_creation_date(circular.published_at or circular.counted_at)
    head(sheet, told)
    for name, words in told.parts:
        sheet.room(2 * PITCH * 0.36)
        sheet.text(INDENT + name, size=BODY_SIZE, bold=True, pitch=PITCH)
        sheet.text("\n".join(INDENT + line for line in words.splitlines()), size=BODY_SIZE, pitch=PITCH)
    sheet.room(3 * PITCH * 0.36)
    sheet.gap(8)
    for line in (told.office, told.day):
        sheet.text(line, size=BODY_SIZE, align="R", pitch=PITCH)
    sheet.pdf.add_page()
    figures(sheet, told, circular.language)
    return sheet.bytes()


def head(sheet: Sheet, told: Content) -> None:
    if told.mark:
        sheet.text(told.mark, size=TABLE_SIZE, colour=RED)
    sheet.text(told.office, size=28, bold=True, colour=RED, align="C", pitch=44)
    sheet.text(told.number, size=BODY_SIZE, align="C", pitch=PITCH)
    sheet.rule(below=10, colour=RED, width=0.7)
    sheet.text(told.title, size=TITLE_SIZE, bold=True, align="C", pitch=36)
    sheet.gap(6)
    sheet.text(told.to, size=BODY_SIZE, pitch=PITCH)


def figures(sheet: Sheet, told: Content, language: str) -> None:
    with translation.override(language):
        sheet.text(_("Annex: figures"), size=BODY_SIZE, bold=True, pitch=PITCH)
    sheet.text(told.counted, size=TABLE_SIZE)
    for table in told.tables:
        sheet.room(FEW_ROWS)
        sheet.section(table.title)
        if table.note:
            sheet.text(table.note, size=9)
            sheet.gap(1)
        columns = len(table.heads)
        widths = (WIDTH - 32.0 * columns, *(32.0 for _head in table.heads))
        sheet.table(rows_of(table), widths, size=TABLE_SIZE - 1.5, ruled=True,
                    right=tuple(range(1, columns + 1)))  # fmt: skip


def rows_of(table: Table) -> Iterator[tuple[str, ...]]:
    yield ("", *table.heads)
    for name, cells in table.rows:
        yield (name, *(cell.text for cell in cells))


def drawn_docx(circular: Circular) -> bytes:
    with translation.override(circular.language):
        told, annex = content(circular), _("Annex: figures")
    paper = Official(title=told.title, at=circular.published_at or circular.counted_at)
    if told.mark:
        paper.note(told.mark)
    paper.head(told.office, told.number)
    paper.title(told.title)
    paper.plain(told.to)
    for name, words in told.parts:
        paper.heading(name)
        paper.text(words)
    paper.signature(told.office, told.day)
    paper.new_page()
    paper.plain(annex)
    paper.note(told.counted)
    for table in told.tables:
        paper.heading(table.title)
        if table.note:
            paper.note(table.note)
        first, *rest = rows_of(table)
        paper.table(first, rest)
    return paper.bytes()
