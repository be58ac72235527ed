"""What every answer of the API has in common: strict input, one form of error, one way to say no."""

from typing import Any

from ninja import Schema
from pydantic import ConfigDict


class Given(Schema):
    """Input: no unknown field, no value of another type is taken for the right one (R29)."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Fault(Schema):
    """Why a request was not answered; `fields` names each wrong field with its sentence."""

    code: str
    message: str
    fields: dict[str, Any] = {}


class Problem(Exception):
    """A door of the API says no; `status` is of HTTP, the rest is what the client reads."""

    def __init__(self, status: int, code: str, message: str, fields: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.fields = status, code, message, fields or {}


def faults(*statuses: int) -> dict[int, type[Fault]]:
    """Document these statuses; what can befall every address comes by itself."""
    return dict.fromkeys(sorted({*statuses, 400, 422, 503}), Fault)
