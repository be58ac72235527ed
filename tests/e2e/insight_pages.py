"""Every page of the map and of the wall."""

from tests.e2e.page import Page

NO_PAGE = {
    "insight:outlines": "GeoJSON",
    "insight:outlines_of": "GeoJSON",
    "insight:points": "JSON",
    "insight:point": "JSON",
    "insight:units": "JSON",
    "insight:things": "JSON",
    "insight:share": "JSON",
    "insight:dispatch": "leads back to the card; what is wrong is shown on it",
    "insight:heat_data": "JSON",
    "insight:heat_file": "CSV",
    "wall:data": "JSON",
    "wall:ticket": "JSON",
    "wall:revoke": "leads on",
}
INSIGHT = (
    Page("insight:map", "dispatcher", "/map/"),
    Page("insight:map", "handler", "/map/?group=unit&view=torn"),
    Page("insight:map", "leader", "/map/?event={accepted}"),
    Page("insight:heat", "dispatcher", "/map/heat/?back=0&size=8"),
    Page("insight:heat", "handler", "/map/heat/?unit=week&back=3"),
    Page("insight:heat_cell", "dispatcher", "/map/heat/8840e5d487fffff/?back=0&size=8"),
    Page("insight:heat_cell", "other_handler", "/map/heat/8840e5d487fffff/?back=9"),
    Page("wall:wall", "stranger", "/wall/"),
    Page("wall:links", "leader", "/wall/links/"),
    Page("wall:links", "unit_leader", "/wall/links/"),
    Page(
        "wall:links",
        "leader",
        "/wall/links/",
        {"area": "511502", "name": "大厅", "days": "90", "idempotency_key": "{key}"},
    ),
    Page(
        "wall:links",
        "leader",
        "/wall/links/",
        {"area": "511502", "name": "", "days": "900", "idempotency_key": "{key}"},
        422,
    ),
)
PARTS = (
    Page("insight:listing", "dispatcher", "/map/list/?box=104.5,28.6,104.8,28.8"),
    Page("insight:card", "dispatcher", "/map/events/{accepted}/"),
    Page("insight:near", "dispatcher", "/map/near/?at=104.605,28.705&metres=1000"),
)
