"""The doors of this room."""

from django.urls import URLPattern, URLResolver, path

from onegrid.insight.views import heat, matter, outlines, page, points, wall, walls

app_name = "insight"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", page.page, name="map"),
    path("outlines/<str:level>/", outlines.outlines, name="outlines"),
    path("outlines/<str:level>/<str:home>/", outlines.outlines, name="outlines_of"),
    path("points/", points.points, name="points"),
    path("points/<str:number>/", points.point, name="point"),
    path("list/", points.listing, name="listing"),
    path("units/", page.units, name="units"),
    path("things/", page.things, name="things"),
    path("near/", matter.near, name="near"),
    path("share/", page.share, name="share"),
    path("events/<str:number>/", matter.card, name="card"),
    path("events/<str:number>/dispatch/", matter.dispatch, name="dispatch"),
    path("heat/", heat.page, name="heat"),
    path("heat/data/", heat.data, name="heat_data"),
    path("heat/table.csv", heat.file, name="heat_file"),
    path("heat/<str:cell>/", heat.cell, name="heat_cell"),
]
# The wall has an address of its own, short enough to be typed at a screen.
wall_doors: list[URLPattern | URLResolver] = [
    path("", wall.page, name="wall"),
    path("data/", wall.data, name="data"),
    path("ticket/", wall.ticket, name="ticket"),
    path("links/", walls.walls, name="links"),
    path("links/<int:link_id>/revoke/", walls.revoke, name="revoke"),
]
