"""Decisions of supervision that need no table."""
