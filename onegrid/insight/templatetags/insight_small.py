"""Counts that could point to somebody are not told."""

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def told(amount: float, least: int) -> str:
    """The amount; "<5" for one below `least` that is not nought."""
    if 0 < amount < least:
        return _("<%(n)s") % {"n": least}
    return number_format(amount, 0 if float(amount).is_integer() else 1)
