"""The coverage check runs on every deed of a draft: only what the draft itself would break is held against it."""

from collections.abc import Iterator

import pytest
from shapely.geometry import box, mapping

from onegrid.kit import carving
from onegrid.org import queries as places
from onegrid.org.models import Area
from onegrid.territory import actions, queries
from onegrid.territory.models import Change, Redivision
from onegrid.territory.rules import drafting
from onegrid.territory.rules.drafting import Made, Rows
from onegrid.territory.tests.made import add, begin, split_first, step
from onegrid.testing import matters as told
from onegrid.testing.cast import GRIDS, SOUTH, STEP, VILLAGES, WEST, County, client_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def hand(county: County) -> Iterator[told.Hand]:
    told.make_matters(county)
    with told.at() as hand:
        yield hand


def land(west: float, south: float, east: float, north: float) -> dict[str, object]:
    """In sides of a grid, from the south-west corner of the county."""
    drawn = box(WEST + STEP * west, SOUTH + STEP * south, WEST + STEP * east, SOUTH + STEP * north)
    return {"type": "Polygon", "coordinates": [[list(spot) for spot in mapping(drawn)["coordinates"][0]]]}


def redrawn(code: str, outline: dict[str, object]) -> None:
    Area.objects.filter(code=code).update(boundary=outline)
    places.forget_reference()


def planted(rows: Rows, **outlines: dict[str, object]) -> list[tuple[str, tuple[str, ...]]]:
    """What is found where a deed leaves these outlines, by the place of the grid in the row."""
    codes = {GRIDS[int(name[1:])]: outline for name, outline in outlines.items()}
    made = Made(
        {code: rows[code] for code in codes}, {code: {**rows[code], "outline": one} for code, one in codes.items()}
    )
    return [(fault.kind, fault.codes) for fault in queries.faults_of_deed(rows, made)]


def test_what_a_deed_would_break_is_found_and_nothing_else(county: County) -> None:
    rows = queries.draft_rows(begin(county))
    assert planted(rows, g1=land(1, 0, 1.8, 1)) == [("gap", (GRIDS[1], GRIDS[2]))]
    assert planted(rows, g1=land(1, 0, 2.2, 1)) == [("overlap", (GRIDS[1], GRIDS[2]))]
    assert planted(rows, g1=land(1, 0, 2, 1.3)) == [("outside", (GRIDS[1],))]
    assert planted(rows, g1=land(1, 0, 1.999, 1)) == [("sliver", (GRIDS[1], GRIDS[2]))]
    assert planted(rows, g1=land(1, 0, 1.8, 1), g2=land(1.8, 0, 3, 1)) == []
    assert planted(rows, g0=rows[GRIDS[0]]["outline"]) == []


def test_faults_that_were_there_before_are_not_held_against_a_draft(county: County) -> None:
    redrawn(GRIDS[1], land(1, 0, 1.8, 1))
    redrawn(GRIDS[3], land(2.8, 0, 4, 1))
    one, middle = begin(county), SOUTH + STEP / 2
    for place in (1, 4):
        edge = WEST + STEP * place
        one = add(county, one, "redraw", at=[edge, middle], to=[edge + STEP / 5, middle], new=True)
    assert {fault.kind for fault in queries.check_area("")} == {"gap", "overlap"}
    assert queries.faults_of_draft(one) == []


def test_a_carving_that_goes_wrong_is_refused_by_the_check(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault planted into the geometry: a grid loses twice what the new one gets."""
    right = carving.carve

    def wrong(*given: object, **more: object) -> object:
        below, changed = right(*given, **more)  # type: ignore[arg-type]
        changed[GRIDS[0]] = changed[GRIDS[0]].intersection(box(WEST, SOUTH, WEST + STEP, SOUTH + STEP * 0.4))  # type: ignore[assignment]
        return below, changed

    monkeypatch.setattr(carving, "carve", wrong)
    drawn = [[WEST + STEP * x, SOUTH + STEP * y] for x, y in ((0.2, 0.5), (0.8, 0.5), (0.8, 1.2), (0.2, 1.2))]
    one = begin(county)
    with pytest.raises(actions.NotGiven) as refused:
        add(county, one, "draw", ring=drawn, parent=VILLAGES[0], name_zh="新格")
    assert "空白" in refused.value.fields["drawing"]
    assert not one.changes.exists()


def held_by_special(county: County) -> Redivision:
    """Land that is cut out of an ordinary grid and served by a special one."""
    redrawn(GRIDS[0], land(0, 0, 1, 0.6))
    Area.objects.create(code=f"{VILLAGES[0]}901", kind="special", parent=VILLAGES[0], home=VILLAGES[0], name_zh="商场",
                        boundary=land(0, 0.6, 1, 1))  # fmt: skip
    places.forget_reference()
    return begin(county)


def test_a_special_grid_that_serves_land_alone_is_not_given_up(county: County) -> None:
    one = held_by_special(county)
    with pytest.raises(actions.NotGiven) as refused:
        add(county, one, "end", key=f"{VILLAGES[0]}901")
    assert "空白" in refused.value.fields["drawing"]


def faulty(county: County) -> Redivision:
    """A draft with a gap in it, as an older one might be."""
    one = held_by_special(county)
    code = f"{VILLAGES[0]}901"
    made = drafting.end(queries.draft_rows(one), key=code)
    Change.objects.create(redivision=one, n=1, kind="end", asked={"key": code}, before=made.before, after=made.after)
    return one


def test_what_a_draft_would_break_is_shown_beside_it_and_keeps_it_from_being_submitted(county: County) -> None:
    one = faulty(county)
    admin = client_of(county.admin_system)
    for address in (f"/settings/areas/{one.pk}/draw/", f"/settings/areas/{one.pk}/"):
        page = admin.get(address).content.decode()
        assert "草案的覆盖检查" in page
        assert "没有的问题" in page
        assert 'class="plot"' in page
    with pytest.raises(actions.NotAllowed) as refused:
        step(one, "submit", county.admin_system)
    assert "空白" in str(refused.value.refusal.reason)
    one.refresh_from_db()
    assert one.state == "draft"


def test_a_sound_draft_says_so(county: County) -> None:
    one = split_first(county, begin(county))
    admin = client_of(county.admin_system)
    assert "没有新的空白和重叠" in admin.get(f"/settings/areas/{one.pk}/draw/").content.decode()
    assert "不会产生新的空白和重叠" in admin.get(f"/settings/areas/{one.pk}/").content.decode()


def test_the_editor_looks_at_the_grids_that_it_lists(county: County) -> None:
    """What is drawn on the map must lie on it: without a box the map would show the whole country."""
    one = begin(county)
    page = client_of(county.admin_system).get(f"/settings/areas/{one.pk}/draw/?village={VILLAGES[0]}").content.decode()
    assert 'data-bounds="104.60000,28.70000,104.62000,28.71000"' in page
