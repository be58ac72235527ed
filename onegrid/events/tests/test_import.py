"""Tables of reports: encodings, bad rows by line and column, each row once."""

import csv
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from onegrid.events.actions import imports
from onegrid.events.adapters import sheets
from onegrid.events.models import Contact, Event, Report
from onegrid.org.roles import Actor
from onegrid.testing import matters as told
from onegrid.testing.cast import COUNTY, County

HEADER = "编号,内容,地点,时间,电话"
ROWS = (
    '1,"路灯不亮，\n晚上看不见",东门巷,2026-10-01 08:30,13800001234',
    "2,,西门巷,2026-10-02 09:00,",
    "3,消防通道被堵,南街,昨天,12",
    "4,邻居吵架,北街,2026-10-03T10:00:00+08:00,",
)
MAP = {"words": "内容", "address": "地点", "at": "时间", "phone": "电话"}


@pytest.fixture
def matters(county: County) -> County:
    told.make_matters(county)
    return county


def table(folder: Path, encoding: str = "utf-8", name: str = "in.csv") -> Path:
    path = folder / name
    path.write_bytes("\r\n".join((HEADER, *ROWS)).encode(encoding))
    return path


def run(path: Path, mapping: dict[str, Any] = MAP, **more: Any) -> str:
    chart = path.with_suffix(".map")
    chart.write_text(json.dumps(mapping), encoding="utf-8")
    out = StringIO()
    with translation.override("en"):
        call_command("import", "reports", str(path), map=chart, stdout=out, **more)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings_are_recognised(tmp_path: Path, encoding: str) -> None:
    sheet = sheets.read(table(tmp_path, encoding))
    assert sheet.columns == HEADER.split(",")
    assert [row.line for row in sheet.rows] == [2, 4, 5, 6]
    assert sheet.rows[3].cells["内容"] == "邻居吵架"


def test_what_is_no_table_is_refused(tmp_path: Path) -> None:
    for name, raw in (("a.csv", b""), ("b.xlsx", b"no excel"), ("c.csv", b"\x00\x01\x02\xff" * 9)):
        (tmp_path / name).write_bytes(raw)
        with pytest.raises(sheets.Unreadable):
            sheets.read(tmp_path / name)


@pytest.mark.django_db
def test_good_rows_come_in_and_bad_ones_are_named_without_their_values(matters: County, tmp_path: Path) -> None:
    said = run(table(tmp_path))
    assert "4 rows (utf-8-sig): 2 received, 0 here before, 2 refused" in said
    first = Event.objects.order_by("id")[0]
    assert first.area == COUNTY
    assert first.happened_at is not None
    assert first.happened_at.isoformat() == "2026-10-01T00:30:00+00:00"
    assert first.reports.get().channel == "import"
    assert Contact.objects.get().masked == "138****1234"
    errors = (tmp_path / "in.csv.errors.csv").read_text(encoding="utf-8-sig")
    named = {(row["line"], row["column"]) for row in csv.DictReader(StringIO(errors))}
    assert named == {("4", "内容"), ("5", "时间")}
    assert "昨天" not in errors


@pytest.mark.django_db
def test_a_file_is_received_once_and_can_be_resumed(matters: County, tmp_path: Path) -> None:
    path = table(tmp_path)
    run(path)
    with pytest.raises(CommandError, match="--resume"):
        run(path)
    Report.objects.filter(client_id__endswith=":6").update(client_id="")  # as if it had been cut off there
    assert "1 received, 1 here before, 2 refused" in run(path, resume=True)


@pytest.mark.django_db
def test_rows_are_spread_by_a_seed_and_say_so(matters: County, tmp_path: Path) -> None:
    run(table(tmp_path), spread=7, errors=tmp_path / "bad.csv")
    events = Event.objects.order_by("id")
    assert all(len(event.area) == 15 for event in events)
    assert all(report.note for report in Report.objects.all())
    row = sheets.Row(2, {})
    assert imports.grid_of(["a", "b", "c"], 7, row) == imports.grid_of(["a", "b", "c"], 7, row)
    assert (tmp_path / "bad.csv").exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("mapping", "why"),
    [
        ({"address": "地点"}, "words"),
        ({"words": "内容", "colour": "地点"}, "colour"),
        ({"words": "没有"}, "没有"),
        ({"words": "内容", "defaults": 3}, "defaults"),
    ],
)
def test_a_wrong_map_stops_before_anything_is_written(tmp_path: Path, mapping: dict[str, Any], why: str) -> None:
    with pytest.raises(CommandError, match=why):
        run(table(tmp_path), mapping)
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_a_row_with_too_many_cells_is_refused(matters: County) -> None:
    sheet = sheets.sheet(iter([(1, ["words"]), (2, ["路灯不亮", "x"]), (3, ["路灯不亮"])]), "utf-8", "0" * 64)
    mapping = imports.Mapping.of({"words": "words"}, sheet.columns)
    *_, done = imports.import_reports(actor=Actor.system(), sheet=sheet, mapping=mapping)
    assert (done.received, done.refused) == (1, 1)
    assert done.faults[0].line == 2
