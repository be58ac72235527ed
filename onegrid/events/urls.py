"""The doors of this room: the desk."""

from django.urls import URLPattern, URLResolver, path

from onegrid.events.views import (
    bulk,
    entry,
    event,
    explain,
    inbox,
    lead,
    links,
    mass,
    oncall,
    outgoing,
    parts,
    photos,
    releasing,
    replies,
    search,
    steps,
    watch,
)
from onegrid.events.views.ticket import ticket

app_name = "events"
urlpatterns: list[URLPattern | URLResolver] = [
    path("ticket/", ticket, name="ticket"),
    path("", inbox.desk, name="desk"),
    path("counters/", inbox.counters, name="counters"),
    path("new/", entry.new, name="new"),
    path("new/alike/", entry.alike, name="alike"),
    path("search/", search.search, name="search"),
    path("watch/", watch.watch, name="watch"),
    path("oncall/", oncall.oncall, name="oncall"),
    path("messages/", watch.messages, name="messages"),
    path("messages/<int:message_id>/", watch.read_message, name="read_message"),
    path("bulk/", bulk.bulk, name="bulk"),
    path("bulk/do/", bulk.do, name="bulk_do"),
    path("mass/", mass.notices, name="mass_notices"),
    path("mass/new/", mass.new, name="new_mass"),
    path("mass/<int:notice_id>/", mass.notice, name="mass"),
    path("mass/<int:notice_id>/release/", mass.release, name="release_mass"),
    path("mass/<int:notice_id>/withdraw/", mass.withdraw, name="withdraw_mass"),
    path("templates/", replies.templates, name="templates"),
    path("templates/new/", replies.new_template, name="new_template"),
    path("templates/<int:template_id>/", replies.template, name="template"),
    path("outgoing/", outgoing.outgoing, name="outgoing"),
    path("outgoing/<int:outgoing_id>/", outgoing.decide_message, name="decide_message"),
    path("events/<str:number>/", event.event, name="event"),
    path("events/<str:number>/explain/", explain.explain, name="explain"),
    path("events/<str:number>/print/", explain.work_order, name="print"),
    path("events/<str:number>/undo/", steps.undo, name="undo"),
    path("events/<str:number>/voices/<str:voice>/part/", steps.part, name="part"),
    path("events/<str:number>/voices/<str:voice>/reveal/", steps.reveal, name="reveal"),
    path("events/<str:number>/photos/<str:sha256>/", photos.photo, name="photo"),
    path("events/<str:number>/photos/<str:sha256>/release/", releasing.photo, name="release"),
    path("events/<str:number>/photos/<str:sha256>/cover/", releasing.cover, name="cover"),
    path("events/<str:number>/title/", releasing.title, name="release_title"),
    path("events/<str:number>/hints/<slug:verb>/", replies.hints, name="hints"),
    path("events/<str:number>/parts/<slug:unit>/ask/<slug:verb>/", parts.ask_for, name="ask_for_part"),
    path("events/<str:number>/parts/<slug:unit>/decide/<slug:verb>/", parts.decide, name="decide_part"),
    path("events/<str:number>/parts/<slug:unit>/<slug:verb>/", parts.take, name="take_part"),
    path("events/<str:number>/link/", links.link, name="link"),
    path("events/<str:number>/ask/<slug:verb>/", steps.ask_for, name="ask_for"),
    path("events/<str:number>/decide/<slug:verb>/", steps.decide, name="decide"),
    path("events/<str:number>/<slug:verb>/", steps.take, name="take"),
    # Last: a queue's name must not hide a page of its own.
    path("<slug:queue>/rows/<str:number>/", inbox.live_row, name="row"),
    path("<slug:queue>/", inbox.queue, name="queue"),
]
# The leader's page has an address of its own, short enough to be typed on a phone.
lead_doors: list[URLPattern | URLResolver] = [
    path("", lead.lead, name="lead"),
    path("acknowledge/<str:number>/", lead.acknowledge, name="acknowledge"),
    path("decide/<str:number>/<slug:verb>/", lead.decide, name="decide"),
]
