"""What the forms of the editor send, as an action takes it: points are written one on a line, longitude first."""

from collections.abc import Callable
from typing import Any

from django.http import QueryDict

Asked = dict[str, Any]


def asked_of(kind: str, given: QueryDict) -> Asked:
    """Plain values; what they are worth is for the action to say."""
    build = BUILD.get(kind)
    return build(given) if build else {}


def points(text: str) -> list[list[Any]]:
    """Lines of "longitude, latitude"; what is no number stays a text, for the action to refuse."""
    lines = [line for line in text.replace(";", "\n").splitlines() if line.strip()]
    return [[number(part) for part in line.replace(",", " ").split()] for line in lines]


def number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def split(given: QueryDict) -> Asked:
    return {"key": given.get("key", ""), "line": points(given.get("line", ""))}


def merge(given: QueryDict) -> Asked:
    return {"keys": [given.get("key", ""), *given.getlist("with")]}


def redraw(given: QueryDict) -> Asked:
    """Take a point out, move it, or pull a new one out of an edge."""
    new = given.get("new", "").strip()
    at = only(points(new or given.get("at", "")))
    taken_out = given.get("deed") == "remove"
    to = [] if taken_out else points(given.get("to", ""))
    return {"at": at, "new": bool(new), "to": None if taken_out else only(to)}


def only(found: list[list[Any]]) -> list[Any]:
    """The one point; none or several are no point, for the action to refuse."""
    return found[0] if len(found) == 1 else [""]


def move(given: QueryDict) -> Asked:
    return {"key": given.get("key", ""), "parent": given.get("parent", "")}


def change(given: QueryDict) -> Asked:
    plain = ("key", "name_zh", "name_en", "phone", "supervision_phone", "households")
    return {name: given.get(name, "") for name in plain} | {"workers": given.getlist("workers")}


def special(given: QueryDict) -> Asked:
    plain = {name: given.get(name, "") for name in ("name_zh", "name_en", "parent")}
    return {**plain, "ring": points(given.get("ring", ""))}


def draw(given: QueryDict) -> Asked:
    return {**special(given), "only": given.get("only", "")}


def end(given: QueryDict) -> Asked:
    return {"key": given.get("key", "")}


BUILD: dict[str, Callable[[QueryDict], Asked]] = {
    "split": split, "merge": merge, "draw": draw, "redraw": redraw, "move": move, "change": change, "special": special,
    "end": end,
}  # fmt: skip
