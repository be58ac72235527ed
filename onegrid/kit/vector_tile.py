"""Reads a Mapbox vector tile (specification 2.1): only the layers that are asked for, as plain lists.

A tile is a message of protocol buffers: layers, each with its features, the names of their fields and the values.
"""

import struct
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

POINT, LINE, POLYGON = 1, 2, 3
MOVE, DRAW, CLOSE = 1, 2, 7
EXTENT = 4096
Ring = list[tuple[int, int]]
Buffer = memoryview


class BadTile(ValueError):
    """The bytes are no vector tile."""


@dataclass(frozen=True)
class Feature:
    """Its layer, kind of shape, fields, and its rings or lines; EXTENT units are the breadth of the tile."""

    layer: str
    shape: int
    fields: dict[str, Any]
    lines: list[Ring]


def read(tile: bytes, wanted: Collection[str]) -> list[Feature]:
    """The features of these layers, in the order of the tile. Raises BadTile."""
    features: list[Feature] = []
    try:
        for field, value in fields(memoryview(tile)):
            if field == 3 and isinstance(value, memoryview) and name_of(value) in wanted:
                features.extend(layer_of(value))
    except (IndexError, KeyError, struct.error, TypeError, UnicodeDecodeError, ZeroDivisionError) as error:
        raise BadTile("not a vector tile") from error
    return features


def name_of(layer: Buffer) -> str:
    return next((text(value) for field, value in fields(layer) if field == 1), "")


def layer_of(layer: Buffer) -> list[Feature]:
    """Each layer may count its own breadth in units of its own."""
    name, extent = "", EXTENT
    packed: list[Buffer] = []
    keys: list[str] = []
    values: list[Any] = []
    for field, value in fields(layer):
        if field == 1:
            name = text(value)
        elif field == 2:
            packed.append(value)
        elif field == 3:
            keys.append(text(value))
        elif field == 4:
            values.append(value_of(value))
        elif field == 5:
            extent = value
    scale = EXTENT / extent
    return [feature_of(name, one, keys, values, scale) for one in packed]


def feature_of(layer: str, packed: Buffer, keys: list[str], values: list[Any], scale: float) -> Feature:
    shape, tags, commands = 0, list[int](), list[int]()
    for field, value in fields(packed):
        if field == 2:
            tags = list(numbers(value))
        elif field == 3:
            shape = value
        elif field == 4:
            commands = list(numbers(value))
    named = {keys[key]: values[value] for key, value in zip(tags[::2], tags[1::2], strict=False)}
    lines = lines_of(commands)
    if scale != 1:
        lines = [[(round(x * scale), round(y * scale)) for x, y in line] for line in lines]
    return Feature(layer, shape, named, lines)


def lines_of(commands: list[int]) -> list[Ring]:
    """Rings and lines as absolute places; a ring is not closed by its first place."""
    lines: list[Ring] = []
    x = y = at = 0
    while at < len(commands):
        command, times = commands[at] & 7, commands[at] >> 3
        at += 1
        if command == CLOSE:
            continue
        for _each in range(times):
            x, y = x + turned(commands[at]), y + turned(commands[at + 1])
            at += 2
            if command == MOVE:
                lines.append([])
            lines[-1].append((x, y))
    return lines


def value_of(packed: Buffer) -> Any:
    for field, value in fields(packed):
        if field == 1:
            return text(value)
        if field in (2, 3):
            return struct.unpack("<f" if field == 2 else "<d", value)[0]
        return bool(value) if field == 7 else turned(value) if field == 6 else value
    return None


def text(value: Any) -> str:
    return bytes(value).decode()


def turned(number: int) -> int:
    """The signed number of a zigzag."""
    return (number >> 1) ^ -(number & 1)


def fields(message: Buffer) -> Iterator[tuple[int, Any]]:
    """Number and value of each field: a number, or bytes."""
    at = 0
    while at < len(message):
        key, at = varint(message, at)
        kind = key & 7
        if kind == 0:
            value, at = varint(message, at)
            yield key >> 3, value
            continue
        length, at = varint(message, at) if kind == 2 else ({1: 8, 5: 4}[kind], at)
        if at + length > len(message):
            raise BadTile("it ends too early")
        yield key >> 3, message[at : at + length]
        at += length


def numbers(packed: Buffer) -> Iterator[int]:
    at = 0
    while at < len(packed):
        number, at = varint(packed, at)
        yield number


def varint(message: Buffer, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = message[at]
        at += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number, at
        shift += 7
