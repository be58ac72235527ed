"""Nouns of this room."""

from onegrid.org.models.house import (
    AnsweredRequest,
    Area,
    CalendarDay,
    LoginFailure,
    Posting,
    SignIn,
    Throttle,
    Token,
    TrailEntry,
    Unit,
    User,
    WorkingHours,
    in_reader_language,
    principal,
)
from onegrid.org.models.imports import Import, ImportFault

__all__ = [
    "AnsweredRequest",
    "Area",
    "CalendarDay",
    "Import",
    "ImportFault",
    "LoginFailure",
    "Posting",
    "SignIn",
    "Throttle",
    "Token",
    "TrailEntry",
    "Unit",
    "User",
    "WorkingHours",
    "in_reader_language",
    "principal",
]
