"""What stands around the pages of layers."""

from typing import Any

from django.http import Http404

from onegrid.gazetteer import queries
from onegrid.gazetteer.models import Layer
from onegrid.kit import chance, clock
from onegrid.org import queries as org
from onegrid.org.doors import Request


def frame(request: Request) -> dict[str, Any]:
    actor = request.actor
    unit = org.unit_by_id(actor.unit_id) if actor.unit_id else None
    return {"actor": actor, "unit": unit.name if unit else "", "moment": clock.now(), "key": chance.base32(26)}


def layer_of(request: Request, code: str) -> Layer:
    """The layer of this address; raises Http404."""
    found = queries.layer(request.actor, code)
    if found is None:
        raise Http404
    return found
