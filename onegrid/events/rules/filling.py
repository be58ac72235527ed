"""Variables of reply templates: a few known names in braces, put in as text; nothing is ever evaluated."""

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

NAMES = ("number", "unit", "promised", "leaf", "place", "today")
VARIABLE = re.compile(r"\{(\w+)\}")
# What a writer still has to say stands in brackets, or is a line to write on.
BLANK = re.compile(r"\[[^\]]+\]|\u3010[^\u3011]+\u3011|_{3,}")


def faults(words: str) -> str:
    """Why these words cannot be a template, or nothing."""
    unknown = [name for name in VARIABLE.findall(words) if name not in NAMES]
    if unknown:
        known = " ".join(f"{{{name}}}" for name in NAMES)
        return _("{%(name)s} is no variable; there are: %(known)s.") % {"name": unknown[0], "known": known}
    if re.search(r"[{}]", VARIABLE.sub("", words)):
        return _("A brace stands alone; variables look like {number}.")
    return ""


def blanks(words: str, values: Mapping[str, str]) -> list[str]:
    """What would be left to fill in: variables without a value, and what stands in brackets."""
    return [f"{{{name}}}" for name in VARIABLE.findall(words) if not values.get(name)] + BLANK.findall(words)


def filled(words: str, values: Mapping[str, str]) -> str:
    """Each variable once by its value; what has none is marked in brackets, for a person to fill in."""
    return VARIABLE.sub(lambda found: values.get(found[1]) or _("[to be filled in]"), words)
