"""The doors of this room."""

from django.urls import path

from onegrid.public import views

app_name = "public"
urlpatterns = [
    path("", views.portal, name="portal"),
    path("report/", views.report, name="report"),
    path("report/send/", views.send, name="send"),
    path("track/", views.track, name="track"),
    path("track/act/", views.act, name="act"),
    path("track/receipt/", views.receipt, name="receipt"),
    path("track/photos/<str:ticket>/", views.photo, name="photo"),
    path("preview/<str:number>/<slug:verb>/", views.preview, name="preview"),
    path("language/", views.language, name="language"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("robots.txt", views.robots, name="robots"),
]
