"""Places end and others follow them: to which of these a rule that names a former one goes. Pure."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import NamedTuple

Heirs = Mapping[str, Sequence[str]]


class Ruled(NamedTuple):
    """A row that names a place: two of one `key` cannot stand in one place; with one `content` they say the same."""

    pk: int
    place: str
    key: Hashable
    content: Hashable = ()


class Following(NamedTuple):
    """`goes`: row to the places that follow; `doubled`: rows of which a twin goes there already; `unclear`: rows that
    would contradict another one there, or whose place nothing follows."""

    goes: dict[int, list[str]]
    doubled: list[int]
    unclear: list[int]


def following(rows: Iterable[Ruled], heirs: Heirs) -> Following:
    """Every place that follows gets the rows of those before it, each once."""
    ruled = sorted(rows)
    wanted: dict[tuple[str, Hashable], list[Ruled]] = defaultdict(list)
    for row in ruled:
        for heir in heirs.get(row.place, ()):
            wanted[heir, row.key].append(row)
    at_odds = {row.pk for same in wanted.values() if len({row.content for row in same}) > 1 for row in same}
    unclear = [row.pk for row in ruled if row.pk in at_odds or not heirs.get(row.place)]
    goes: dict[int, list[str]] = {row.pk: [] for row in ruled if row.pk not in unclear}
    for (heir, _key), same in sorted(wanted.items(), key=lambda one: one[0][0]):
        first = next((row.pk for row in same if row.pk in goes), None)
        if first is not None:
            goes[first].append(heir)
    return Following({pk: to for pk, to in goes.items() if to}, [pk for pk, to in goes.items() if not to], unclear)
