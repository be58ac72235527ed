"""What the gazetteer does not keep: persons and their homes, by the closed list of the house and by words of its own.

A street may be called after anything (there are Ethnic Unity Roads), so names are held against the terms that are
refused in any text; what is collected of a thing, the name of a layer or of a field, also against the bare words.
"""

import re
from functools import cache

from django.utils.translation import gettext as _

from onegrid.gazetteer.rules.numbers import words
from onegrid.kit import text
from onegrid.org.rules import closed_list

MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
IDENTITY = re.compile(r"(?<!\d)\d{17}[\dxX](?!\d)")


def refuse_name(name: str) -> str:
    """Why this may not be the name of a place, nor a name or a value of a thing; empty when it may."""
    return closed_list.refuse(name) or of_person(name, "refused_names") or number_of_person(name)


def refuse_kind(name: str) -> str:
    """Why this may not be collected: the name of a layer or of one of its fields; empty when it may."""
    return closed_list.refuse_name(name) or of_person(name, "refused_names") or of_person(name, "refused_fields")


def of_person(name: str, terms: str) -> str:
    found = pattern(terms).search(text.tidy(name).lower().replace(" ", ""))
    return _("“%(term)s” is about persons or their homes: that is not kept here.") % {"term": found[0]} if found else ""


@cache
def pattern(terms: str) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(term) for term in words()[terms]))


def number_of_person(value: str) -> str:
    """Why a number in it may not be kept: a person's own phone, an identity number."""
    if MOBILE.search(value):
        return _("A mobile number belongs to a person: give the number of the office.")
    return _("An identity number is not kept here.") if IDENTITY.search(value) else ""
