"""The questions of this room: how promises were kept."""

from onegrid.public.queries.figures import Cell, Line, Promises, months, promises, sums_of, usual_month

__all__ = ["Cell", "Line", "Promises", "months", "promises", "sums_of", "usual_month"]
