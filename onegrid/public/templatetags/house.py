"""What the pages of residents show on every page: the phone of the centre; weeks and months as people say them."""

import re
from dataclasses import dataclass
from datetime import date

from django import template
from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from onegrid.org import queries as places

register = template.Library()


@dataclass(frozen=True)
class Phone:
    """Whom to call: a unit's name, the number as it is written and as it is dialled."""

    name: str
    shown: str
    dial: str


@register.simple_tag
def centre_phone() -> Phone | None:
    """The phone of the county's centre, or nothing when none is known: no button leads nowhere."""
    unit = places.unit_by_id(places.centre_for(settings.COUNTY))
    dial = re.sub(r"[^0-9+]", "", unit.phone) if unit else ""
    return Phone(unit.name, unit.phone, dial) if unit and dial else None


@register.filter
def week_words(monday: date) -> str:
    """ "week of 23 November"."""
    return _("week of %(day)s") % {"day": date_format(monday, _("j F Y"))}


@register.filter
def month_words(month: date) -> str:
    """ "November 2026"."""
    return date_format(month, _("F Y"))
