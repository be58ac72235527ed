"""What goes when the time of keeping is over: every column of words, places, files and codes, by name.

A house test holds this list against the tables: a new column that stands in none of them fails until somebody has said
whether it goes or stays, and why. Steps and releases go by `events_erase_history`, the database's own function.
"""

from typing import Any

# How each table leads to its event.
WAYS = {
    "Event": "pk", "Report": "event", "Contact": "report__event", "Request": "event", "Hold": "event", "Step": "event",
    "Release": "event", "Suggestion": "event", "Attachment": "event", "Alarm": "event", "Assignment": "event",
    "Alert": "event", "Call": "alert__event", "Link": "event", "Unsealing": "report__event",
    "Viewing": "event",
}  # fmt: skip
# Rows that go whole: what a list proposed, the pictures, what a device called itself.
GONE = ("Suggestion", "Attachment", "Alarm")
BY_THE_DATABASE = ("Step", "Release")
ERASED: dict[str, dict[str, Any]] = {
    "Event": {
        "words": "", "words_sealed": None, "title": "", "address": "", "result": "", "reason": "", "lon": None,
        "lat": None, "c6": None, "c8": None,
    },
    "Report": {
        "words": "", "words_sealed": None, "answers": [], "answers_sealed": None, "address": "", "lon": None,
        "lat": None, "note": "", "client_id": "",
    },
    "Contact": {"sealed": b"", "phone_index": None, "masked": ""},
    "Request": {"words": "", "decision_words": "", "words_sealed": None, "reason": "", "facts": {}},
    "Hold": {"reason": ""},
    "Unsealing": {"purpose": "", "words": ""},
    "Viewing": {"purpose": "", "words": ""},
    "Assignment": {"task": "", "result": "", "sealed": None},
}  # fmt: skip
# Codes, states and hashes that tell nothing of a person: statistics and the order of the house go on.
KEPT: dict[str, tuple[str, ...]] = {
    "Event": (
        "number", "reported_area", "area", "town", "state", "category", "unit_ids", "about_unit_ids", "located",
        "satisfied",
    ),
    "Report": ("area", "number", "receipt_hash", "channel", "language"),
    "Contact": ("area",),
    "Request": ("area", "kind", "decision"),
    "Hold": ("area",),
    "Assignment": ("area", "role", "state", "because", "limit"),
    "Alert": ("area", "cause", "outcome"),
    "Link": ("area", "code_hash", "ending"),
    "Unsealing": ("area",),
    "Viewing": ("number",),
}  # fmt: skip
