"""Places as one types, for whoever works here."""

from django.http import HttpResponse, JsonResponse

from onegrid.gazetteer import queries
from onegrid.org.doors import Request, door


@door()
def search(request: Request) -> HttpResponse:
    """At most ten places for what was typed, those in the actor's own area first."""
    found = queries.search(request.GET.get("q", ""), area=request.actor.area)
    return JsonResponse({"rows": [queries.row_of(one) for one in found]})
