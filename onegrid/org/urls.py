"""The doors of this room: sign in, sign out, who am I."""

from django.urls import path

from onegrid.org import views

app_name = "org"
urlpatterns = [
    path("login/", views.login, name="login"),
    path("logout/", views.logout, name="logout"),
    path("me/", views.me, name="me"),
    path("me/posting/", views.switch_posting, name="switch_posting"),
    path("me/sessions/", views.end_sessions, name="end_sessions"),
    path("me/tokens/", views.make_token, name="make_token"),
    path("me/tokens/<int:token_id>/revoke/", views.revoke_token, name="revoke_token"),
    path("me/language/", views.choose_language, name="choose_language"),
]
