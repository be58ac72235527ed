"""The door of this room: how I want to be told."""

from django.urls import path

from onegrid.notices import views

app_name = "notices"
urlpatterns = [path("", views.preferences, name="preferences")]
