"""What the form of a layer sends, as an action takes it: one field on a line, key, Chinese and English name."""

import re

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from onegrid.gazetteer.actions import LayerWish
from onegrid.gazetteer.models import Layer
from onegrid.kit import text

FIELDS = ("code", "name_zh", "name_en", "icon", "source", "licence", "fields", "seen")
PUBLIC, STAFF, HIDDEN = "public", "staff", "hidden"
SEEN = {PUBLIC: _("everybody"), STAFF: _("staff only"), HIDDEN: _("hidden, on no map")}
ICONS = {
    "dot": _("round dot"),
    "water": _("drop of water"),
    "heart": _("heart shape"),
    "shelter": _("shelter sign"),
    "toilet": _("toilet sign"),
    "store": _("store sign"),
    "bin": _("litter bin"),
    "light": _("street lamp"),
    "tree": _("tree shape"),
    "road": _("road sign"),
}
LARGEST_NUMBER = 9


def typed_in(given: QueryDict) -> dict[str, str]:
    return {name: text.tidy(given.get(name, "")) for name in FIELDS}


def typed_of(layer: Layer) -> dict[str, str]:
    """A layer as its form shows it."""
    lines = [", ".join((one["key"], one["zh"], one["en"])) for one in layer.fields]
    plain = {name: getattr(layer, name) for name in ("code", "name_zh", "name_en", "icon", "source", "licence")}
    return {**plain, "fields": "\n".join(lines), "seen": seen_of(layer)}


def seen_of(layer: Layer) -> str:
    return HIDDEN if layer.hidden else PUBLIC if layer.public else STAFF


def wish_of(typed: dict[str, str], *, code: str, public: bool) -> LayerWish:
    return LayerWish(
        code, typed["name_zh"], typed["source"], typed["name_en"], typed["icon"], public, typed["licence"],
        fields_of(typed["fields"]),
    )  # fmt: skip


def fields_of(lines: str) -> tuple[tuple[str, str, str], ...]:
    return tuple(field_of(line) for line in lines.splitlines() if line.strip())


def field_of(line: str) -> tuple[str, str, str]:
    key, name_zh, name_en, *_more = [part.strip() for part in re.split("[,，]", line, maxsplit=2)] + ["", ""]
    return key, name_zh, name_en


def version_of(given: QueryDict) -> int:
    """The version of the layer that the reader saw; 0, which no layer has, when it is no number."""
    typed = given.get("version", "")
    return int(typed) if typed.isdecimal() and len(typed) <= LARGEST_NUMBER else 0
