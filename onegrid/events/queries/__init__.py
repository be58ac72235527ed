"""The questions asked of the heart; each takes the actor and returns rows already scoped."""

from onegrid.events.queries.detail import Detail, Verb, detail, difference, photo, seen_by, verbs_for
from onegrid.events.queries.explain import Explanation, account, explanation
from onegrid.events.queries.inbox import COUNT_CAP, QUEUES, Counter, Filters, Page, counters, inbox, row_for, row_in
from onegrid.events.queries.near import Near, Twin, is_open, near, number_of, similar_for_strangers, twins
from onegrid.events.queries.reference import (
    Proposal,
    categories,
    category_name,
    emergency,
    forget_reference,
    leaves,
    reading,
    reasons,
    route_for,
    routing,
    word_list,
)
from onegrid.events.queries.search import Found, search
from onegrid.events.queries.track import Tracked, may, report_of, track
from onegrid.events.queries.watchdog import counts, last_step, watchdog

__all__ = [
    "COUNT_CAP", "QUEUES", "Counter", "Detail", "Explanation", "Filters", "Found", "Near", "Page", "Proposal",
    "Tracked", "Twin", "Verb", "account", "categories", "category_name", "counters", "counts", "detail", "difference",
    "emergency", "explanation", "forget_reference", "inbox", "is_open", "last_step", "leaves", "may", "near",
    "number_of", "photo",
    "reading", "reasons", "report_of", "route_for", "routing", "row_for", "row_in", "search", "seen_by",
    "similar_for_strangers", "track", "twins", "verbs_for", "watchdog", "word_list",
]  # fmt: skip
