"""The nouns of the heart: events, the voices on them, who holds them, what was asked, every step taken."""

from onegrid.events.models.category import Category, Reason, Route
from onegrid.events.models.duty import Alert, Call, OnCall, OnDuty
from onegrid.events.models.event import Event
from onegrid.events.models.history import Attachment, Request, Step, Suggestion
from onegrid.events.models.keeping import Hold, Release, RetentionRule, Tombstone
from onegrid.events.models.knowledge import Article, Question
from onegrid.events.models.link import Link
from onegrid.events.models.replies import MassNotice, MassRow, ReplyTemplate
from onegrid.events.models.report import Alarm, Assignment, Contact, Report, Unsealing
from onegrid.events.models.viewing import Viewing

__all__ = [
    "Alarm", "Alert", "Article", "Assignment", "Attachment", "Call", "Category", "Contact", "Event", "Hold", "Link",
    "MassNotice", "MassRow", "OnCall", "OnDuty", "Question", "Reason", "Release", "ReplyTemplate", "Report", "Request",
    "RetentionRule", "Route", "Step", "Suggestion", "Tombstone", "Unsealing", "Viewing",
]  # fmt: skip
