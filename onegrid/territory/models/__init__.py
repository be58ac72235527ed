"""Nouns of this room."""

from onegrid.territory.models.redivision import Change, Redivision, RedivisionStep

__all__ = ["Change", "Redivision", "RedivisionStep"]
