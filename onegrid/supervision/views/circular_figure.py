"""The matters behind one number of a circular, as far as the reader may see them."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from onegrid.events import queries as events
from onegrid.events.models import Event
from onegrid.events.workflow import EVENT
from onegrid.org import queries as org
from onegrid.org.doors import Request, door
from onegrid.supervision import queries
from onegrid.supervision.models import Circular
from onegrid.supervision.rules.circular_text import MEASURE_LABELS, name_of
from onegrid.supervision.views import circulars
from onegrid.supervision.views.frame import SEEING, frame

LISTS = {"door": "doors", "group": "groups", "unit": "units", "town": "towns"}


@door(*SEEING)
def figure(request: Request, circular_id: int, name: str) -> HttpResponse:
    """Number, leaf, place and state; of a sealed matter its number only. The list is read now, the figure stands."""
    circular = circulars.seen(request, circular_id)
    try:
        found = queries.behind(request.actor, circular, name)
    except queries.NoFigure as error:
        raise Http404 from error
    shown = {
        **frame(request, circulars.HOME), "circular": circular, "figure": found.figure, "seen": found.seen,
        "title": title(circular, found.figure), "rows": [row(event) for event in found.rows], "most": queries.MOST,
    }  # fmt: skip
    return render(request, "supervision/circular_figure.html", shown)


def title(circular: Circular, figure: queries.Figure) -> str:
    told = str(MEASURE_LABELS[figure.measure])
    if figure.before:
        return _("%(measure)s, in the period before") % {"measure": told}
    if not figure.by:
        return told
    known = circular.figures[LISTS[figure.by]]
    named = next(name_of(one, figure.by) for one in known if one["key"] == figure.key)
    return _("%(measure)s: %(name)s") % {"measure": told, "name": named}


def row(event: Event) -> dict[str, str]:
    if event.restricted:
        return {"number": event.number, "leaf": _("sealed matter"), "place": "", "state": ""}
    places = [one.name for one in org.area_names(event.area)[1:]]
    return {
        "number": event.number, "leaf": events.category_name(event.category), "place": " ".join(places),
        "state": str(EVENT.labels[event.standing]),
    }  # fmt: skip
