"""Sheets of paper as PDF: A4, Chinese letters embedded as far as they are used, no font of the system needed.

Lines break as Chinese print breaks them: between any two characters, never before a closing mark, words stay whole.
"""

import io
import logging
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import segno

from onegrid.kit import clock

if TYPE_CHECKING:
    from fpdf import FPDF

# Noto Sans SC (SIL Open Font License 1.1), put here by the build of the front end.
FONTS = Path(__file__).resolve().parent.parent / "fonts"
MARGIN, TOP, BOTTOM = 18.0, 20.0, 22.0
WIDTH = 210 - 2 * MARGIN
LETTERS = "letters"
BODY, SMALL, LARGE = 10.5, 8.5, 17.0
LINE = 1.62  # of the letter's height, in millimetres of a point
POINT = 25.4 / 72
INK, SOFT, RULE = (24, 34, 39), (95, 106, 112), (207, 203, 193)
# One Chinese character with the marks that must not begin a line, a word, or a space.
OPENING = "(\\[\uff08\u300a\u201c\u300c\u3010"
CLOSING = "\uff0c\u3002\u3001\uff1b\uff1a\uff1f\uff01\uff09\u300b\u201d\u300d\u3011\u2026\u2014"
WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
PIECE = re.compile(rf"[{OPENING}]?(?:[{WIDE}]|[^\s{WIDE}]+)[{CLOSING}]*|\s")


def broken(text: str, width: float, measure: Callable[[str], float]) -> Iterator[str]:
    """The lines of a text, none wider than `width`; a word that is wider is cut where it must be."""
    for paragraph in text.splitlines() or [""]:
        line = ""
        for piece in pieces(paragraph, width, measure):
            if line and measure(line + piece.rstrip()) > width:
                yield line.rstrip()
                line = piece.lstrip()
            else:
                line += piece
        yield line.rstrip()


def pieces(paragraph: str, width: float, measure: Callable[[str], float]) -> Iterator[str]:
    for found in PIECE.findall(paragraph):
        piece = found
        while measure(piece) > width and len(piece) > 1:
            cut = next(at for at in range(len(piece) - 1, 0, -1) if at == 1 or measure(piece[:at]) <= width)
            yield piece[:cut]
            piece = piece[cut:]
        yield piece


class Sheet:
    """Paper that is written from top to bottom; it turns the page by itself and numbers all of them."""

    def __init__(self, *, title: str, mark: str, page_words: str) -> None:
        """`mark` stands at the foot of every page; `page_words` is like "Page %(page)s of %(pages)s"."""
        self.pdf = blank(title, mark, page_words)
        self.pdf.add_page()

    def heading(self, text: str, *, above: str = "", code: str = "", link: str = "") -> None:
        """The head of the first page: what it is, whose it is, its number, and a code that leads back."""
        top = self.pdf.get_y()
        self.text(above, size=BODY, colour=SOFT, width=WIDTH - 36)
        self.text(text, size=LARGE, bold=True, width=WIDTH - 36)
        self.text(code, size=13, width=WIDTH - 36)
        if link:
            self.code(link, 210 - MARGIN - 30, top, 30)
            self.pdf.set_y(max(self.pdf.get_y(), top + 32))
        self.gap(2)

    def section(self, text: str) -> None:
        """A heading that is never left alone at the foot of a page."""
        self.gap(3)
        self.room(18)
        self.text(text, size=12.5, bold=True)
        self.rule()

    def text(
        self, text: str, *, size: float = BODY, bold: bool = False, colour: tuple[int, int, int] = INK,
        left: float = 0, width: float = WIDTH, align: str = "L", pitch: float = 0,
    ) -> None:  # fmt: skip
        """`align`: L, C or R; `pitch`: from line to line in points, by the size of the letters if not given."""
        height = (pitch or size * LINE) * POINT
        self.use(size, bold=bold, colour=colour)
        for line in broken(text, width, self.pdf.get_string_width):
            self.room(height)
            self.pdf.set_x(MARGIN + left)
            self.pdf.cell(width, height, line, align=align, new_x="LMARGIN", new_y="NEXT")

    def facts(self, rows: Iterable[tuple[str, str]], *, label: float = 34) -> None:
        """Names to the left, values to the right; those without a value are left out."""
        self.table((row for row in rows if row[1]), (label, WIDTH - label), soft=(0,))

    def table(
        self, rows: Iterable[tuple[str, ...]], widths: tuple[float, ...], *, soft: tuple[int, ...] = (),
        size: float = BODY, ruled: bool = False, right: tuple[int, ...] = (),
    ) -> None:  # fmt: skip
        """Rows of cells, columns of numbers to the right; a row stays whole on a page unless it is longer than one."""
        height = size * POINT * LINE
        for row in rows:
            self.use(size)
            inner = [width - 3 for width in widths]
            cells = [
                list(broken(cell, width, self.pdf.get_string_width)) for cell, width in zip(row, inner, strict=True)
            ]
            count = max(len(lines) for lines in cells)
            self.room(min(count * height + 2, 297 - TOP - BOTTOM))
            for number in range(count):
                self.room(height)
                self.line_of(cells, number, widths, soft, size, right)
            if ruled:
                self.rule(below=0.8)

    def line_of(
        self, cells: list[list[str]], number: int, widths: tuple[float, ...], soft: tuple[int, ...], size: float,
        right: tuple[int, ...] = (),
    ) -> None:  # fmt: skip
        height, x, y = size * POINT * LINE, MARGIN, self.pdf.get_y()
        for column, (lines, width) in enumerate(zip(cells, widths, strict=True)):
            if number < len(lines):
                self.use(size, colour=SOFT if column in soft else INK)
                self.pdf.set_xy(x, y)
                self.pdf.cell(width, height, lines[number], align="R" if column in right else "L")
            x += width
        self.pdf.set_xy(MARGIN, y + height)

    def pictures(self, files: Iterable[bytes], *, side: float = 42) -> None:
        """Small pictures beside each other."""
        x, y = MARGIN, self.pdf.get_y()
        for raw in files:
            if x + side > 210 - MARGIN:
                x, y = MARGIN, y + side * 0.75 + 3
            if y + side * 0.75 > 297 - BOTTOM:
                self.pdf.add_page()
                x, y = MARGIN, self.pdf.get_y()
            self.pdf.image(io.BytesIO(raw), x, y, side, side * 0.75, keep_aspect_ratio=True)
            x += side + 3
        self.pdf.set_xy(MARGIN, y + side * 0.75 + 3 if x > MARGIN else y)

    def signatures(self, *labels: str) -> None:
        """Lines to sign on, side by side."""
        self.room(26)
        self.gap(14)
        width, y = WIDTH / len(labels), self.pdf.get_y()
        self.use(SMALL, colour=SOFT)
        for number, label in enumerate(labels):
            x = MARGIN + number * width
            self.pdf.line(x, y, x + width - 8, y)
            self.pdf.set_xy(x, y + 1)
            self.pdf.cell(width - 8, 5, label)
        self.gap(8)

    def code(self, link: str, x: float, y: float, side: float) -> None:
        """A QR code as squares of ink: sharp at any size."""
        matrix = list(segno.make(link, error="m").matrix_iter(border=0))
        dot = side / len(matrix)
        self.pdf.set_fill_color(0, 0, 0)
        for down, row in enumerate(matrix):
            for across, dark in enumerate(row):
                if dark:
                    self.pdf.rect(x + across * dot, y + down * dot, dot, dot, style="F")

    def use(self, size: float, *, bold: bool = False, colour: tuple[int, int, int] = INK) -> None:
        self.pdf.set_font(LETTERS, "", size)
        self.pdf.set_text_color(*colour)
        # Bold letters are the same letters with a line around them: a second font is ten megabytes to be read.
        self.pdf.set_draw_color(*colour)
        self.pdf.set_line_width(size * 0.011 if bold else 0.2)
        self.pdf.text_mode = 2 if bold else 0

    def rule(self, *, below: float = 1.5, colour: tuple[int, int, int] = RULE, width: float = 0.2) -> None:
        self.pdf.set_draw_color(*colour)
        self.pdf.set_line_width(width)
        self.pdf.line(MARGIN, self.pdf.get_y() + 0.4, 210 - MARGIN, self.pdf.get_y() + 0.4)
        self.gap(below)

    def gap(self, height: float) -> None:
        self.pdf.set_y(self.pdf.get_y() + height)

    def room(self, height: float) -> None:
        """Turn the page when so much does not fit any more."""
        if self.pdf.get_y() + height > 297 - BOTTOM:
            self.pdf.add_page()

    def bytes(self) -> bytes:
        return bytes(self.pdf.output())


def blank(title: str, mark: str, page_words: str) -> "FPDF":
    # Imported here because only who prints needs it: it takes longer than the rest of the house.
    from fpdf import FPDF

    # It would tell the log which letters stand on the paper.
    logging.getLogger("fontTools").setLevel(logging.ERROR)

    class Paper(FPDF):
        def header(self) -> None:
            self.set_y(TOP if self.page_no() == 1 else 12)
            if self.page_no() > 1:
                self.plain()
                self.cell(WIDTH, 5, title)
                self.set_y(TOP)

        def plain(self) -> None:
            self.set_font(LETTERS, "", SMALL)
            self.set_text_color(*SOFT)
            self.text_mode = 0

        def footer(self) -> None:
            self.plain()
            lines = list(broken(mark, WIDTH - 24, self.get_string_width))[:3]
            for number, line in enumerate(lines):
                self.set_xy(MARGIN, 297 - 18 + number * 4)
                self.cell(WIDTH - 24, 4, line)
            self.set_xy(210 - MARGIN - 24, 297 - 18)
            self.cell(24, 4, page_words % {"page": self.page_no(), "pages": "{nb}"}, align="R")

    pdf = Paper(format="A4")
    pdf.set_title(title)
    pdf.set_creation_date(clock.now())
    pdf.set_margins(MARGIN, TOP, MARGIN)
    pdf.set_auto_page_break(False)
    pdf.c_margin = 0
    pdf.add_font(LETTERS, "", FONTS / "regular.ttf")
    return pdf
