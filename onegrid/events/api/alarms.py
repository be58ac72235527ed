"""Alarms of connected systems: sensors, panels, watching programs. Many thousand of one cause stay one matter."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field

from onegrid.events import actions
from onegrid.events.api.doors import Key, actor_of, once
from onegrid.kit.answers import Given, faults
from onegrid.org import actions as org
from onegrid.org import doors
from onegrid.org.roles import CLIENT

router = Router(tags=["alarms"], auth=doors.staff(CLIENT))


class GivenAlarm(Given):
    """`source` is the device or program, `cause` what it found: the same two are the same matter while it is open."""

    source: str = Field(min_length=1, max_length=80)
    cause: str = Field(min_length=1, max_length=80)
    words: str = Field(min_length=1, max_length=4000, description="For whoever reads the matter")
    longitude: float | None = Field(default=None, ge=-180, le=180, description="WGS-84")
    latitude: float | None = Field(default=None, ge=-90, le=90, description="WGS-84")
    address: str = Field(default="", max_length=200)
    area: str = Field(default="", pattern=r"^([0-9A-Za-z]{6,17})?$", description="Without a point")
    category: str = Field(default="", pattern=r"^([0-9]{6})?$")
    happened_at: str = Field(default="", max_length=40, description="ISO 8601 with zone, if it was earlier")


class Alarmed(Schema):
    """Where the alarm was counted."""

    number: str
    count: int = Field(description="How often this cause has sounded on this matter")
    first: bool = Field(description="It began a new matter")


@router.post("", response={200: Alarmed, **faults(401, 403, 409)})
def sound(request: HttpRequest, given: GivenAlarm, key: Key) -> Any:
    """Count an alarm on the open matter of its cause, or begin one. The same key counts once."""
    return once(request, key, given, lambda: sounded(request, given))


def sounded(request: HttpRequest, given: GivenAlarm) -> org.Answer:
    found = actions.sound(
        actor=actor_of(request), source=given.source, cause=given.cause, words=given.words, lon=given.longitude,
        lat=given.latitude, address=given.address, area=given.area, category=given.category,
        happened_at=moment(given.happened_at),
    )  # fmt: skip
    return 200, {"number": found.number, "count": found.count, "first": found.first}


def moment(text: str) -> datetime | None:
    """A moment without a zone is none."""
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise actions.NotGiven({"happened_at": _("This is no date and time.")})
    return at
