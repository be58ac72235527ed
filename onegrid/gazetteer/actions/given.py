"""How an action of this room says what is wrong with what was given."""

from collections.abc import Mapping


class NotGiven(Exception):
    """Something is missing or may not be kept; `fields` says what, field by field, in the reader's language."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self.fields = dict(fields)
        super().__init__("; ".join(f"{name}: {why}" for name, why in self.fields.items()))
