"""Every field that this house asks of somebody: what for, who sees it, how long. A form with another one fails a test.

The keys are the names of the fields in the forms and in the public API.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Field:
    """One thing that is asked; `keys` are its names in forms and API."""

    keys: tuple[str, ...]
    name: Promise | str
    why: Promise | str
    who: Promise | str
    kept: Promise | str
    optional: bool = False


@dataclass(frozen=True)
class Group:
    """Who is asked."""

    name: Promise | str
    fields: tuple[Field, ...]


WITH_MATTER = _("as long as the matter itself")
HANDLING = _("the centre and the office that handles it")
CENTRE_ONLY = _("sealed; the centre opens it only with a reason that you can read")

COLLECTED = (
    Group(
        _("Who reports something"),
        (
            Field(("words",), _("What it is"), _("to know what has to be done"), HANDLING, WITH_MATTER),
            Field(("category",), _("Kind of matter"), _("to find the office and the limit"), HANDLING, WITH_MATTER,
                  optional=True),
            Field(("longitude", "latitude", "address", "area"), _("Place"), _("to send somebody there"), HANDLING,
                  WITH_MATTER, optional=True),
            Field(("photos",), _("Photos"), _("to see what is meant; place and camera data are removed"),
                  _("the centre and the office; others only after a person released a photo"), WITH_MATTER,
                  optional=True),
            Field(("name", "phone", "contact", "email"), _("Name, phone, e-mail"),
                  _("to ask back and to answer; all of it may be left open"), CENTRE_ONLY,
                  _("shorter than the matter; then erased"), optional=True),
            Field(("about_unit",), _("Which office it is about"), _("so that this office never sees it"),
                  _("the centre; never that office nor its contractors"), WITH_MATTER, optional=True),
            Field(("protect",), _("Whether you want to be protected"),
                  _("so that the contact is opened only by two persons"),
                  CENTRE_ONLY, WITH_MATTER, optional=True),
            Field(("answers",), _("Answers to the further questions listed below"),
                  _("to send the right people with the right things"), HANDLING, WITH_MATTER, optional=True),
        ),
    ),
    Group(
        _("Who follows by e-mail"),
        (
            Field(("mail",), _("E-mail address"), _("to send what was asked for"), _("nobody; sealed"),
                  _("until one link ends it; three days if it is not confirmed")),
            Field(("pace",), _("Place, kind, how often"), _("to choose what is sent"), _("nobody"),
                  _("until one link ends it")),
        ),
    ),
    Group(
        _("Who opens a page"),
        (
            Field(("address_hash",), _("A keyed hash of the network address"),
                  _("so that no machine floods the others"), _("nobody"), _("one day")),
            Field(("language", "size"), _("Language and size of the letters, in a cookie"),
                  _("to show the page as you chose"), _("only your own device"), _("a year, or until you change it")),
        ),
    ),
    Group(
        _("Who works here"),
        (
            Field(("username", "staff_name", "posting"), _("Name, unit, posting"),
                  _("so that every step has somebody who answers for it"), _("colleagues"),
                  _("as long as the history of the matters")),
            Field(("notice_phone", "notice_mail"), _("Phone and e-mail for notices, if they want any"),
                  _("to be told of new work"), _("only themselves; sealed"), _("until they remove it"), optional=True),
        ),
    ),
)  # fmt: skip
# What a form carries without asking anybody: the way through the pages, and what keeps a sending from being doubled.
CARRIED = frozenset({"ref", "warned", "page", "idempotency_key"})


def named() -> frozenset[str]:
    """The names of all fields that stand on the page."""
    return frozenset(key for group in COLLECTED for field in group.fields for key in field.keys)
