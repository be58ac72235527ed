"""The nouns of this room."""

from onegrid.gazetteer.models.place import Layer, Named, Thing

__all__ = ["Layer", "Named", "Thing"]
