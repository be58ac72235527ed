"""Who am I to the API."""

from typing import Any, cast

from django.http import HttpRequest
from ninja import Router, Schema

from onegrid.kit.answers import faults
from onegrid.org import doors, queries
from onegrid.org.roles import LABELS

router = Router(tags=["me"], auth=doors.staff())


class Role(Schema):
    role: str
    label: str


class Me(Schema):
    """The person behind the token or session, and the posting that it acts under."""

    username: str
    name: str
    unit: str
    unit_name: str
    area: str
    roles: list[Role]


@router.get("/me", response={200: Me, **faults(401, 403)})
def me(request: HttpRequest) -> Any:
    """The posting under which this call acts."""
    actor = cast(doors.Request, request).actor
    unit = queries.unit_by_id(actor.unit_id)
    return {
        "username": actor.username,
        "name": actor.name,
        "unit": unit.code if unit else "",
        "unit_name": unit.name if unit else "",
        "area": actor.area,
        "roles": [{"role": role, "label": str(LABELS[role])} for role in sorted(actor.roles)],
    }
