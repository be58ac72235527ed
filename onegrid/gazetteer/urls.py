"""The doors of this room."""

from django.urls import path

from onegrid.gazetteer.views import base, layers, places, things

app_name = "gazetteer"
urlpatterns = [
    path("map/base/<str:tag>/<int:z>/<int:x>/<int:y>/", base.tile, name="base_tile"),
    path("map/base/<str:tag>/<int:z>/<int:x>/<int:y>/<str:theme>.svg", base.picture, name="base_picture"),
    path("desk/places/", places.search, name="search"),
    path("settings/layers/", layers.layers, name="layers"),
    path("settings/layers/<slug:code>/", layers.layer, name="layer"),
    path("settings/layers/<slug:code>/show/", layers.show, name="show_layer"),
    path("settings/names/", things.names, name="names"),
    path("settings/layers/<slug:code>/things/", things.page, name="things"),
]
