"""Questions whose SQL is composed once: composing it costs more than asking the database (see bench/README.md).

The answer is the same as that of the queryset. Only values may differ between two calls, never the shape: what
decides about a shape (an actor's scope, a filter that is there or not) must be part of another `Ready`.
"""

from collections.abc import Callable
from copy import copy
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row", bound=Model)

# Stand-ins that no real value equals; the place where one comes out is the place of a value.
STANDS: dict[type, Callable[[int], Any]] = {
    int: lambda place: -(2**31) + 7919 * (place + 1),
    str: lambda place: f"\ue0fe ready {place} \ue0ff",
    bytes: lambda place: b"\xfe ready %d \xff" % place,
    datetime: lambda place: datetime(9000 + place, 1, 2, 3, 4, 5, tzinfo=UTC),
}


class Ready(Generic[Row]):
    """`Ready(build, int, str)`: build(number, text) gives the queryset; call it with the values for its rows."""

    def __init__(self, build: Callable[..., QuerySet[Row]], *kinds: type) -> None:
        self._build, self._kinds = build, kinds
        self._composed: tuple[SQLCompiler, str, list[tuple[Any, int | None]]] | None = None

    def __call__(self, *values: Any) -> list[Row]:
        """The rows for these values; one statement, or none where the queryset can have no rows."""
        try:
            composed, sql, places = self._composed or self._compose()
        except EmptyResultSet:
            return []
        params = tuple(param if place is None else like(param, values[place]) for param, place in places)
        compiler = copy(composed)
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        compiler.as_sql = lambda *args, **kwargs: (sql, params)  # type: ignore[method-assign]
        query = SimpleNamespace(get_compiler=lambda using: compiler)
        asked: Any = SimpleNamespace(db=DEFAULT_DB_ALIAS, query=query, _known_related_objects={})
        return list(ModelIterable(asked))

    def first(self, *values: Any) -> Row | None:
        """The first of the rows, or None."""
        return next(iter(self(*values)), None)

    def _compose(self) -> tuple[SQLCompiler, str, list[tuple[Any, int | None]]]:
        stands = [STANDS[kind](place) for place, kind in enumerate(self._kinds)]
        compiler = self._build(*stands).query.get_compiler(using=DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        # What turns columns into values hangs on the columns alone; looking it up is a tenth of a short answer.
        converters = compiler.get_converters([column[0] for column in compiler.select[: compiler.col_count]])
        compiler.get_converters = lambda expressions: converters
        places = [(param, place_of(param, stands)) for param in params]
        if {place for _param, place in places} - {None} != set(range(len(stands))):
            raise TypeError("every value must come out of the queryset as it went in")
        self._composed = compiler, sql, places
        return self._composed


def place_of(param: Any, stands: list[Any]) -> int | None:
    """Which stand-in this parameter is; a wrapped one (bytes) shows its inside."""
    plain = getattr(param, "obj", param)
    fits = (place for place, stand in enumerate(stands) if isinstance(plain, type(stand)) and plain == stand)
    return next(fits, None)


def like(param: Any, value: Any) -> Any:
    """The value in the wrapper that Django gave the stand-in."""
    return value if isinstance(value, datetime) or type(param) is type(value) else type(param)(value)
