"""Papers of an office as a document to work on: the form of Chinese official papers, as far as a document can carry it.

A4 with the margins of GB/T 9704, title centred, body in letters of size three on a pitch of 28 points, indented by two
characters, page numbers between dashes. Fonts lie on the reader's computer, not in the file: each names what stands in
for it. The same content gives the same bytes.
"""

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.document import Document

# The fonts that the standard asks for, and what every computer has instead of each.
TITLE_FONT, BODY_FONT, HEADING_FONT = (
    "\u65b9\u6b63\u5c0f\u6807\u5b8b\u7b80\u4f53",  # Fangzheng Xiaobiaosong
    "\u4eff\u5b8b_GB2312",  # Fangsong
    "\u9ed1\u4f53",  # Heiti
)
STAND_INS = {TITLE_FONT: "\u5b8b\u4f53", BODY_FONT: "\u4eff\u5b8b", HEADING_FONT: "\u9ed1\u4f53"}
LATIN_FONT = "Times New Roman"
TITLE_SIZE, BODY_SIZE, TABLE_SIZE, PITCH = 22, 16, 12, 28
RED = (0xC8, 0x10, 0x2E)
TEXT_WIDTH, NUMBERS = 156, 28  # millimetres
ZIPPED_AT = (1980, 1, 1, 0, 0, 0)


class Official:
    """Written from top to bottom."""

    def __init__(self, *, title: str, at: datetime) -> None:
        self.doc = blank(title, at)

    def head(self, office: str, number: str) -> None:
        """The red head: whose it is, its number, a red line below."""
        self.line(office, TITLE_FONT, 30, align="centre", colour=RED, pitch=40)
        self.line(number, BODY_FONT, BODY_SIZE, align="centre", rule=True)

    def title(self, text: str) -> None:
        self.line("", BODY_FONT, BODY_SIZE)
        self.line(text, TITLE_FONT, TITLE_SIZE, align="centre", pitch=36)
        self.line("", BODY_FONT, BODY_SIZE)

    def heading(self, text: str) -> None:
        self.line(text, HEADING_FONT, BODY_SIZE, indent=True, together=True)

    def text(self, text: str) -> None:
        """Each line of it a paragraph."""
        for paragraph in text.splitlines():
            self.line(paragraph, BODY_FONT, BODY_SIZE, indent=True)

    def plain(self, text: str) -> None:
        """Without an indent, such as whom it goes to."""
        self.line(text, BODY_FONT, BODY_SIZE)

    def note(self, text: str) -> None:
        self.line(text, BODY_FONT, TABLE_SIZE, pitch=20, together=True)

    def signature(self, office: str, day: str) -> None:
        """At the right, below each other and never parted."""
        self.line("", BODY_FONT, BODY_SIZE, together=True)
        self.line(office, BODY_FONT, BODY_SIZE, align="right", together=True)
        self.line(day, BODY_FONT, BODY_SIZE, align="right")

    def new_page(self) -> None:
        from docx.enum.text import WD_BREAK

        self.doc.add_paragraph().add_run().add_break(WD_BREAK.PAGE)

    def line(
        self, text: str, font: str, size: float, *, align: str = "", indent: bool = False, together: bool = False,
        colour: tuple[int, int, int] | None = None, pitch: float = PITCH, rule: bool = False,
    ) -> None:  # fmt: skip
        paragraph = self.doc.add_paragraph()
        form(paragraph, align, pitch)
        paragraph.paragraph_format.keep_with_next = together
        if indent:
            paragraph.paragraph_format.first_line_indent = points(2 * size)
        if rule:
            ruled(paragraph)
        write(paragraph, text, font, size, colour)

    def table(self, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """The first column to the left, numbers to the right; the head comes again on every page."""
        table = self.doc.add_table(rows=1, cols=len(heads), style="Table Grid")
        repeat_head(table.rows[0])
        fill(table.rows[0].cells, heads, HEADING_FONT, together=True)
        for row in rows:
            fill(table.add_row().cells, row, BODY_FONT)
        widened(table, len(heads) - 1)

    def bytes(self) -> bytes:
        raw = io.BytesIO()
        self.doc.save(raw)
        return timeless(raw.getvalue())


def blank(title: str, at: datetime) -> "Document":
    # Imported here because only who writes one needs it.
    from docx import Document
    from docx.shared import Mm

    doc = Document()
    page = doc.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
    page.footer_distance = Mm(28)
    about = doc.core_properties
    about.title, about.author, about.comments, about.last_modified_by = title, "", "", ""
    about.created = about.modified = at.replace(tzinfo=None)
    named_fonts(doc)
    page_numbers(page.footer.paragraphs[0])
    return doc


def points(amount: float) -> Any:
    from docx.shared import Pt

    return Pt(amount)


def form(paragraph: Any, align: str, pitch: float) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING

    shape = paragraph.paragraph_format
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, points(pitch)
    shape.space_before = shape.space_after = points(0)
    sides = {"centre": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT}
    paragraph.alignment = sides.get(align, WD_ALIGN_PARAGRAPH.JUSTIFY if not align else WD_ALIGN_PARAGRAPH.LEFT)


def write(
    paragraph: Any, text: str, font: str, size: float, colour: tuple[int, int, int] | None = None
) -> Any:  # fmt: skip
    from docx.oxml.ns import qn
    from docx.shared import RGBColor

    run = paragraph.add_run(text)
    run.font.name, run.font.size = LATIN_FONT, points(size)
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)
    if colour is not None:
        run.font.color.rgb = RGBColor(*colour)
    return run


def widened(table: Any, numbers: int) -> None:
    """Narrow columns for the numbers, the rest for the names."""
    from docx.shared import Mm

    table.autofit = False
    widths = [Mm(TEXT_WIDTH - NUMBERS * numbers), *[Mm(NUMBERS)] * numbers]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
        for cell in column.cells:
            cell.width = width


def fill(cells: Sequence[Any], texts: Sequence[str], font: str, *, together: bool = False) -> None:
    for place, (cell, text) in enumerate(zip(cells, texts, strict=True)):
        paragraph = cell.paragraphs[0]
        form(paragraph, "left" if place == 0 else "right", 20)
        paragraph.paragraph_format.keep_with_next = together
        write(paragraph, text, font, TABLE_SIZE)


def element(name: str, **values: str) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement(name)
    for key, value in values.items():
        made.set(qn(f"w:{key}"), value)
    return made


def ruled(paragraph: Any) -> None:
    """A red line below."""
    borders = element("w:pBdr")
    borders.append(element("w:bottom", val="single", sz="12", space="6", color=f"{RED[0]:02X}{RED[1]:02X}{RED[2]:02X}"))
    paragraph._p.get_or_add_pPr().insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")


def repeat_head(row: Any) -> None:
    row._tr.get_or_add_trPr().append(element("w:tblHeader", val="true"))


def page_numbers(paragraph: Any) -> None:
    """A number between dashes; the program that shows the pages counts them."""
    form(paragraph, "centre", 20)
    write(paragraph, "\u2014 ", BODY_FONT, 14)
    run = write(paragraph, "", BODY_FONT, 14)
    instruction = element("w:instrText")
    instruction.text = "PAGE"
    shown = element("w:t")
    shown.text = "1"
    parts = (element("w:fldChar", fldCharType="begin"), instruction, element("w:fldChar", fldCharType="separate"),
             shown, element("w:fldChar", fldCharType="end"))  # fmt: skip
    for part in parts:
        run._r.append(part)
    write(paragraph, " \u2014", BODY_FONT, 14)


def named_fonts(doc: "Document") -> None:
    """Tell the reader's program what to take where a font is missing."""
    from docx.opc.constants import RELATIONSHIP_TYPE as KIND

    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/><w:family w:val="auto"/></w:font>'
        for name, other in STAND_INS.items()
        if name != other
    )
    part: Any = doc.part.part_related_by(KIND.FONT_TABLE)
    part._blob = part.blob.replace(b"</w:fonts>", fonts.encode() + b"</w:fonts>")


def timeless(raw: bytes) -> bytes:
    """The same archive without the moments at which its parts were written."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, ZIPPED_AT), old.read(name), zipfile.ZIP_DEFLATED)
    return made.getvalue()
