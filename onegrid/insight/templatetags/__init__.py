"""Filters of the map."""
