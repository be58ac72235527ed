"""The questions asked of the heart; each takes the actor and returns rows already scoped."""

from onegrid.events.queries.bulk import BULK_MOST, BULK_VERBS, Prospect, prospects
from onegrid.events.queries.detail import Detail, Verb, detail, difference, photo, seen_by, verbs_for
from onegrid.events.queries.duty import Placed, alert_of, calling, candidates, line, may_acknowledge, on_call
from onegrid.events.queries.explain import Explanation, account, explanation
from onegrid.events.queries.filing import archived, faults, file_of, filed, filing, sum_of
from onegrid.events.queries.inbox import COUNT_CAP, QUEUES, Counter, Filters, Page, counters, inbox, row_for, row_in
from onegrid.events.queries.keeping import (
    Foresight,
    Keeping,
    contacts_to_erase,
    events_to_erase,
    foresight,
    keeping,
    released,
    rule_for,
    rules,
    to_archive,
)
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
    reply_templates,
    route_for,
    routing,
    word_list,
)
from onegrid.events.queries.replies import Offer, hints_for, offers
from onegrid.events.queries.search import Found, search
from onegrid.events.queries.track import Tracked, may, public_steps, report_of, track, tracked
from onegrid.events.queries.watchdog import counts, last_step, watchdog

__all__ = [
    "BULK_MOST", "BULK_VERBS", "COUNT_CAP", "QUEUES", "Counter", "Detail", "Explanation", "Filters", "Foresight",
    "Found", "Keeping", "Near", "Offer", "Page", "Placed", "Proposal", "Prospect", "Tracked", "Twin", "Verb",
    "account", "alert_of", "archived", "calling", "candidates", "categories", "category_name", "contacts_to_erase",
    "counters", "counts", "detail", "difference", "emergency", "events_to_erase", "explanation", "faults", "file_of",
    "filed", "filing", "foresight", "forget_reference", "hints_for", "inbox", "is_open", "keeping", "last_step",
    "leaves", "line", "may", "may_acknowledge", "near", "number_of", "offers", "on_call", "photo", "prospects",
    "public_steps", "reading", "reasons", "released", "reply_templates", "report_of", "route_for", "routing",
    "row_for", "row_in", "rule_for", "rules", "search", "seen_by", "similar_for_strangers", "sum_of", "to_archive",
    "track", "tracked", "twins", "verbs_for", "watchdog", "word_list",
]  # fmt: skip
