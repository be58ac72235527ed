"""Distances as a person says them."""

from django import template

from onegrid.insight.rules.travel import distance

register = template.Library()


@register.filter
def far(metres: float) -> str:
    return distance(metres)
