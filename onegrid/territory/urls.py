"""The doors of this room."""

from django.urls import URLPattern, URLResolver, path

from onegrid.territory.views import coverage, drawing, figures, importing, redivisions

app_name = "territory"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", redivisions.redivisions, name="redivisions"),
    path("import/", importing.page, name="import"),
    path("coverage/", coverage.coverage, name="coverage"),
    path("coverage/mend/", coverage.mend, name="mend"),
    path("balance/", coverage.balance, name="balance"),
    path("new/", redivisions.new, name="new_redivision"),
    path("<int:redivision_id>/", redivisions.redivision, name="redivision"),
    path("<int:redivision_id>/edit/", redivisions.edit, name="edit_redivision"),
    path("<int:redivision_id>/draw/", drawing.draw, name="draw"),
    path("<int:redivision_id>/grids.json", drawing.grids, name="draft_grids"),
    path("<int:redivision_id>/drop/", drawing.drop, name="drop_change"),
    path("<int:redivision_id>/change/<slug:kind>/", drawing.change, name="change"),
    path("<int:redivision_id>/figures/", figures.figures, name="figures"),
    path("<int:redivision_id>/figures/table.csv", figures.figures_file, name="figures_file"),
    path("<int:redivision_id>/<slug:verb>/", redivisions.step, name="step"),
]
