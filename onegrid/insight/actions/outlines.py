"""The sheets of outlines, drawn anew when an area changed; until then everybody is given those of before."""

import gzip
import hashlib

from django.db import connection, transaction

from onegrid.insight import queries
from onegrid.insight.models import OutlineSheet
from onegrid.insight.rules.sheets import Sheet, sheets
from onegrid.org import queries as org


def draw_outlines() -> int:
    """Draw anew if an area changed since; return how many sheets were written: only those that look otherwise now.

    A city takes seconds, so that no transaction stands open meanwhile.
    """
    today = org.day()
    before, version = queries.drawn_version(), queries.areas_version(today)
    if before == version:
        return 0
    known = queries.sheet_marks()
    kept, rows = set(), []
    for sheet in sheets(queries.areas_drawn(today)):
        pk, etag = known.get((sheet.level, sheet.home), (0, ""))
        if etag == mark(sheet):
            kept.add(pk)
        else:
            rows.append(row(sheet, version))
    return write(rows, kept, version, before)


@transaction.atomic
def write(rows: list[OutlineSheet], kept: set[int], version: str, before: str | None) -> int:
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE insight_outlinesheet IN SHARE ROW EXCLUSIVE MODE")
    if queries.drawn_version() != before:
        # Another drawing was faster; should it be older, the next minute finds out.
        return 0
    OutlineSheet.objects.exclude(pk__in=kept).delete()
    OutlineSheet.objects.update(version=version)
    OutlineSheet.objects.bulk_create(rows, batch_size=100)
    return len(rows)


def row(sheet: Sheet, version: str) -> OutlineSheet:
    west, south, east, north = sheet.box or (None, None, None, None)
    return OutlineSheet(
        level=sheet.level, home=sheet.home, packed=gzip.compress(sheet.body, 9, mtime=0), etag=mark(sheet),
        version=version, west=west, south=south, east=east, north=north,
    )  # fmt: skip


def mark(sheet: Sheet) -> str:
    return f'"{hashlib.sha256(sheet.body).hexdigest()[:32]}"'
