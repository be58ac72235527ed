"""Every page of the territory, and what must have been drafted for them."""

from datetime import timedelta

from onegrid.org import actions as org
from onegrid.org import queries as places
from onegrid.territory import actions
from onegrid.territory.models import Redivision
from onegrid.territory.tests import files
from onegrid.territory.tests.made import add, approved, begin, split_first, step
from onegrid.testing import jobs
from onegrid.testing.cast import GRIDS, VILLAGES, County, middle, square
from tests.e2e.page import Page

NO_PAGE = {
    "territory:mend": "leads back to the check; what is wrong is shown as after territory:coverage",
    "territory:draft_grids": "GeoJSON",
    "territory:figures_file": "a CSV file",
    "org:import_faults": "CSV",
    "territory:drop_change": "leads back to the editor",
    "territory:step": "leads back to the re-division; what is wrong is shown as there",
}
PARTS = (Page("org:import_now", "admin_system", "/settings/imports/{looking}/now/"),)
TERRITORY = (
    Page("territory:coverage", "admin_system", "/settings/areas/coverage/"),
    Page("territory:coverage", "dispatcher", "/settings/areas/coverage/?kind=gap"),
    Page("territory:balance", "leader", "/settings/areas/balance/"),
    Page("territory:import", "admin_system", "/settings/areas/import/"),
    Page(
        "territory:import",
        "admin_system",
        "/settings/areas/import/",
        {"what": "areas", "idempotency_key": "{key}"},
        422,
    ),
    Page("org:import", "admin_system", "/settings/imports/{looked_at}/"),
    Page("org:import", "admin_system", "/settings/imports/{looking}/"),
    Page(
        "org:import",
        "admin_system",
        "/settings/imports/{looked_at}/",
        {"deed": "apply", "version": "1", "idempotency_key": "{key}"},
        409,
    ),
    Page("territory:redivisions", "admin_system", "/settings/areas/"),
    Page("territory:redivisions", "leader", "/settings/areas/"),
    Page("territory:new_redivision", "admin_system", "/settings/areas/new/"),
    Page("territory:new_redivision", "admin_system", "/settings/areas/new/", {"idempotency_key": "{key}"}, 422),
    Page("territory:redivision", "admin_system", "/settings/areas/{redrawn}/"),
    Page("territory:redivision", "leader", "/settings/areas/{submitted}/"),
    Page("territory:redivision", "leader", "/settings/areas/{effective}/"),
    Page("territory:figures", "leader", "/settings/areas/{effective}/figures/"),
    Page("territory:edit_redivision", "admin_system", "/settings/areas/{redrawn}/edit/"),
    Page("territory:draw", "admin_system", "/settings/areas/{redrawn}/draw/"),
    Page("territory:draw", "admin_system", "/settings/areas/{redrawn}/draw/?key=n1"),
    Page(
        "territory:change",
        "admin_system",
        "/settings/areas/{redrawn}/change/split/",
        {"key": "n1", "line": "104.6, 28.7", "version": "{redrawn_version}", "idempotency_key": "{key}"},
        422,
    ),
    Page(
        "territory:change",
        "admin_system",
        "/settings/areas/{redrawn}/change/draw/",
        {"only": "n1", "ring": "104.6, 28.7", "version": "{redrawn_version}", "idempotency_key": "{key}"},
        422,
    ),
)


def drafted(county: County) -> dict[str, str]:
    """A draft with a split, a point moved and a special grid; and one that waits for the leader."""
    tomorrow = (places.day() + timedelta(days=1)).isoformat()
    one = split_first(county, begin(county, tomorrow))
    ring = [[104.601, 28.704], [104.603, 28.704], [104.603, 28.706]]
    one = add(county, one, "special", ring=ring, parent=VILLAGES[0], name_zh="购物广场专属网格", name_en="Plaza")
    one = add(county, one, "redraw", at=[104.62, 28.705], to=[104.621, 28.705], new=True)
    other = add(county, begin(county, tomorrow, "西门社区网格调整"), "move", key=GRIDS[3], parent=VILLAGES[1])
    other = step(other, "submit", county.admin_system)
    assert actions.sweep_redivisions() == 0
    known = {"effective": str(effective(county, tomorrow).pk)}
    return (
        uploaded(county)
        | known
        | {"redrawn": str(one.pk), "redrawn_version": str(one.version), "submitted": str(other.pk)}
    )


def effective(county: County, day: str) -> Redivision:
    """One as if the night had passed: a page cannot wait for midnight."""
    named = {"name_zh": "石桥一格", "name_en": "Shiqiao Grid 1"}
    one = approved(county, add(county, begin(county, day, "石桥网格更名"), "change", key=GRIDS[5], **named))
    Redivision.objects.filter(pk=one.pk).update(effective_on=places.day())
    assert actions.sweep_redivisions() == 1
    return one


def uploaded(county: County) -> dict[str, str]:
    """A map file that was looked at, with a bad row, a mended one and what would change; one that waits for its job."""
    lon, lat = middle(0)
    crossed = [[lon, lat], [lon + 0.01, lat + 0.01], [lon + 0.01, lat], [lon, lat + 0.01], [lon, lat]]
    drawn = {VILLAGES[0]: square(0, 2), "511502001999": {"type": "Polygon", "coordinates": [crossed]}}
    raw = files.geojson(drawn)
    given = {"system": "wgs84", "code_field": "", "level": ""}
    task, home = "territory.tasks.import_boundaries", "/settings/areas/import/"
    upload = org.Upload("boundaries", task, home, "villages.geojson", [raw], asked=given)
    looked = org.begin_import(county.admin_system, upload)
    jobs.work(upload.task)
    return {"looked_at": str(looked.pk), "looking": str(org.begin_import(county.admin_system, upload).pk)}
