"""The verbs of the heart. Each is one transaction; `actor` first, all by keyword."""

from onegrid.events.actions.alarms import Sounded, sound
from onegrid.events.actions.bulk import Chosen, Outcome, take_each
from onegrid.events.actions.duty import acknowledge, call_next, raise_alert
from onegrid.events.actions.entry import add_voice, report_finished
from onegrid.events.actions.erasing import Retained, drop_files, retain
from onegrid.events.actions.given import NotGiven
from onegrid.events.actions.knowledge import keep_article, load_articles, load_questions, may_keep_articles
from onegrid.events.actions.letters import Delivered, receive_letter
from onegrid.events.actions.life import Stale, undo
from onegrid.events.actions.links import answer_by_link, make_link, open_link, revoke_link
from onegrid.events.actions.loading import CATEGORY_FILES, load_categories
from onegrid.events.actions.mass import freeze, move_mass, send_some
from onegrid.events.actions.oncall import (
    Duty,
    be_away,
    be_here,
    call_earlier,
    put_on_call,
    set_away,
    set_on_duty,
    take_off_call,
)
from onegrid.events.actions.parts import ask_for_part, decide_part, take_part
from onegrid.events.actions.placing import would_lie
from onegrid.events.actions.previewing import preview
from onegrid.events.actions.releasing import cover_photo, release_photo, release_title
from onegrid.events.actions.replies import REPLY_VERBS, keep_template, load_templates, may_keep
from onegrid.events.actions.reporting import Reported, answer_faults, join, report
from onegrid.events.actions.requests import ask_for, decide
from onegrid.events.actions.retaining import hold, lift_hold, load_retention
from onegrid.events.actions.revealing import Revealed, reveal
from onegrid.events.actions.rezoning import Move, rezone
from onegrid.events.actions.search import partition_ahead
from onegrid.events.actions.succeeding import succeed_places
from onegrid.events.actions.sweeping import archive_due, recompute_clocks, sweep
from onegrid.events.actions.taking import take
from onegrid.events.actions.telling import (
    tell_of_call,
    tell_of_climb,
    tell_of_part,
    tell_of_question,
    tell_of_reminder,
    tell_people,
)
from onegrid.events.actions.unsealing import ask_unsealing, decide_unsealing
from onegrid.events.actions.viewing import ask_viewing, decide_viewing, end_viewing, look, tell_of_viewing
from onegrid.events.actions.voices import part
from onegrid.events.adapters.mail import NoLetter
from onegrid.kit.workflow import NotAllowed

__all__ = [
    "CATEGORY_FILES",
    "REPLY_VERBS",
    "Chosen",
    "Delivered",
    "Duty",
    "Move",
    "NoLetter",
    "NotAllowed",
    "NotGiven",
    "Outcome",
    "Reported",
    "Retained",
    "Revealed",
    "Sounded",
    "Stale",
    "acknowledge",
    "add_voice",
    "answer_by_link",
    "answer_faults",
    "archive_due",
    "ask_for",
    "ask_for_part",
    "ask_unsealing",
    "ask_viewing",
    "be_away",
    "be_here",
    "call_earlier",
    "call_next",
    "cover_photo",
    "decide",
    "decide_part",
    "decide_unsealing",
    "decide_viewing",
    "drop_files",
    "end_viewing",
    "freeze",
    "hold",
    "join",
    "keep_article",
    "keep_template",
    "lift_hold",
    "load_articles",
    "load_categories",
    "load_questions",
    "load_retention",
    "load_templates",
    "look",
    "make_link",
    "may_keep",
    "may_keep_articles",
    "move_mass",
    "open_link",
    "part",
    "partition_ahead",
    "preview",
    "put_on_call",
    "raise_alert",
    "receive_letter",
    "recompute_clocks",
    "release_photo",
    "release_title",
    "report",
    "report_finished",
    "retain",
    "reveal",
    "revoke_link",
    "rezone",
    "send_some",
    "set_away",
    "set_on_duty",
    "sound",
    "succeed_places",
    "sweep",
    "take",
    "take_each",
    "take_off_call",
    "take_part",
    "tell_of_call",
    "tell_of_climb",
    "tell_of_part",
    "tell_of_question",
    "tell_of_reminder",
    "tell_of_viewing",
    "tell_people",
    "undo",
    "would_lie",
]
