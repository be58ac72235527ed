"""What the pages of layers share."""

from django.http import Http404

from onegrid.gazetteer import queries
from onegrid.gazetteer.models import Layer
from onegrid.org.doors import Request


def layer_of(request: Request, code: str) -> Layer:
    """The layer of this address; raises Http404."""
    found = queries.layer(request.actor, code)
    if found is None:
        raise Http404
    return found
