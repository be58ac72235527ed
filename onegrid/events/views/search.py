"""One search box: a number, a place or words."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from onegrid.events import queries
from onegrid.events.views import inbox, panes
from onegrid.kit import codes, text
from onegrid.org.doors import Request, door

LONGEST = 200


@door(*inbox.SEEING)
def search(request: Request) -> HttpResponse:
    """Rows that hold the words; a number that is seen leads straight to its event."""
    words = request.GET.get("q", "").strip()[:LONGEST]
    found, trouble = queries.Found([]), ""
    try:
        found = queries.search(request.actor, words) if words else found
    except text.TooShort:
        trouble = _("Please give at least two characters that stand together.")
    if len(found.rows) == 1 and codes.tidy_number(words):
        return HttpResponseRedirect(reverse("events:event", args=[found.rows[0].number]))
    shown = {
        **panes.frame(request), "asked_words": words, "trouble": trouble, "among": found.among,
        "rows": [panes.row(event) for event in found.rows], "queue": "open",
    }  # fmt: skip
    return render(request, "events/search.html", shown)
