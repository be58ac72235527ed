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
    path("open/", views.matters, name="open"),
    path("open/follow/", views.follow, name="follow"),
    path("open/mine/", views.mine, name="mine"),
    path("promises/", views.promises, name="promises"),
    path("promises/data.json", views.promises_data, name="promises_data"),
    path("promises/tasks/", views.tasks, name="tasks"),
    path("places/", views.places, name="places"),
    path("my-grid/", views.my_grid, name="my_grid"),
    path("size/", views.size, name="size"),
    path("answer/", views.answer, name="answer"),
    path("answer/act/", views.answer_act, name="answer_act"),
    path("answer/photos/<str:ticket>/", views.answer_photo, name="answer_photo"),
    path("language/", views.language, name="language"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("robots.txt", views.robots, name="robots"),
]
