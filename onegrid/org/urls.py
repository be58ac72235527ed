"""The doors of this room: sign in, sign out, who am I."""

from django.urls import path

from onegrid.org.views import imports, own

app_name = "org"
urlpatterns = [
    path("login/", own.login, name="login"),
    path("logout/", own.logout, name="logout"),
    path("me/", own.me, name="me"),
    path("me/posting/", own.switch_posting, name="switch_posting"),
    path("me/sessions/", own.end_sessions, name="end_sessions"),
    path("me/tokens/", own.make_token, name="make_token"),
    path("me/tokens/<int:token_id>/revoke/", own.revoke_token, name="revoke_token"),
    path("me/deputy/", own.delegate, name="delegate"),
    path("me/deputy/<int:delegation_id>/end/", own.end_delegation, name="end_delegation"),
    path("me/language/", own.choose_language, name="choose_language"),
    path("settings/imports/<int:import_id>/", imports.page, name="import"),
    path("settings/imports/<int:import_id>/now/", imports.now, name="import_now"),
    path("settings/imports/<int:import_id>/faults.csv", imports.faults, name="import_faults"),
]
