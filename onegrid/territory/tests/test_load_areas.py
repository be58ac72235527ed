"""Tables of area codes: padded or short, every bad row with its line and reason, nothing written without a word."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from onegrid.org.models import Area, TrailEntry
from onegrid.territory.rules import codes

pytestmark = pytest.mark.django_db
PADDED = """code,name,level,parent
420000000000,云省,province,
421000000000,云市,city,420000000000
421002000000,云麓县,county,421000000000
421002001000,城关街道,township,421002000000
421002001001,东门社区,village,421002001000
"""


def load(folder: Path, text: str, *, write: bool = True, encoding: str = "utf-8") -> str:
    file, out = folder / "areas.csv", io.StringIO()
    file.write_bytes(text.encode(encoding))
    call_command("load_areas", file, write=write, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("given", "tidied"),
    [
        ("420000000000", "42"), ("421000000000", "4210"), ("421002000000", "421002"), ("421002001000", "421002001"),
        ("421002001001", "421002001001"), ("4210", "4210"), ("421000", "4210"), ("421002", "421002"),
        ("421002001", "421002001"), ("42", "42"), ("421002001001007", "421002001001007"), (" 421002 ", "421002"),
        ("441900003000", "441900003"), ("4", ""), ("4210023", ""), ("abc", ""), ("", ""), ("４２", ""),
    ],
)  # fmt: skip
def test_codes_are_trimmed_to_their_own_length(given: str, tidied: str) -> None:
    assert codes.tidy(given) == tidied


def test_a_padded_table_becomes_the_tree(tmp_path: Path) -> None:
    said = load(tmp_path, PADDED)
    assert "5 areas: 5 new" in said
    assert list(Area.objects.order_by("code").values_list("code", "kind", "parent", "name_zh")) == [
        ("42", "province", "", "云省"),
        ("4210", "city", "42", "云市"),
        ("421002", "county", "4210", "云麓县"),
        ("421002001", "town", "421002", "城关街道"),
        ("421002001001", "village", "421002001", "东门社区"),
    ]
    entry = TrailEntry.objects.get(verb="place_areas")
    assert entry.facts["made"] == 5
    assert len(entry.facts["file"]) == 64


def test_short_tables_of_the_levels_follow_each_other(tmp_path: Path) -> None:
    load(tmp_path, "code,name\n42,云省\n")
    load(tmp_path, "code,name,provinceCode\n4210,云市,42\n")
    assert "1 areas: 1 new" in load(tmp_path, "code,name,cityCode,provinceCode\n421002,云麓县,4210,42\n")
    assert Area.objects.get(code="421002").parent == "4210"


def test_a_rehearsal_writes_nothing(tmp_path: Path) -> None:
    assert "nothing written" in load(tmp_path, PADDED, write=False)
    assert not Area.objects.exists()


def test_a_second_load_changes_nothing_and_a_new_name_is_shown(tmp_path: Path) -> None:
    load(tmp_path, PADDED)
    Area.objects.filter(code="421002").update(phone="0710-1", name_en="Yunlu")
    assert "5 as they were" in load(tmp_path, PADDED)
    said = load(tmp_path, PADDED.replace("云麓县", "云麓区"))
    assert "line 4 421002: 云麓县 -> 云麓区" in said
    county = Area.objects.get(code="421002")
    assert (county.name_zh, county.name_en, county.phone) == ("云麓区", "Yunlu", "0710-1")


def test_every_bad_row_is_named_with_line_and_reason(tmp_path: Path) -> None:
    said = load(
        tmp_path,
        PADDED + "42100X000000,坏,county,421000000000\n421003000000,,county,421000000000\n"
        "421002001002,西门社区,town,421002001000\n421002001001,又一个,village,421002001000\n"
        "430000001000,无主镇,township,430000000000\n421004000000,别县,county,420000000000\n"
        f"421005000000,{'长' * 101},county,421000000000\n421002001001003,网格,,421002001001\n",
    )
    lines = [
        line.partition(":")[0].removeprefix("line ").split()[0] for line in said.splitlines() if line[:5] == "line "
    ]
    assert lines == ["7", "8", "9", "10", "11", "12", "13", "14"]
    assert "5 areas" in said
    assert "8 bad rows" in said


def test_a_town_right_under_its_city_and_tables_in_gb18030(tmp_path: Path) -> None:
    load(tmp_path, "code,name\n44,广东省\n4419,东莞市\n441900003,东城街道\n", encoding="gb18030")
    assert Area.objects.get(code="441900003").parent == "4419"
    assert Area.objects.get(code="4419").name_zh == "东莞市"


def test_what_is_no_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        load(tmp_path, "")
    assert "1 bad rows" in load(tmp_path, "a,b\n1,2\n")
