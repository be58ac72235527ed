"""How an action of this room says no."""


class Refused(Exception):
    """The deed is not allowed or not possible; `code` is for machines, `message` for the reader."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(message)
