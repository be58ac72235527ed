"""The doors of this room: sign in, sign out, who am I."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
