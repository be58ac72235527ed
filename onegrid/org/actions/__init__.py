"""Verbs of this room: record, post, place, sign in and out, answer once."""

from onegrid.org.actions.county import load_county
from onegrid.org.actions.once import (
    LONGEST_KEY,
    Answer,
    InFlight,
    KeyReused,
    answer_once,
    fingerprint,
    forget_answers,
)
from onegrid.org.actions.people import (
    choose_language,
    disable_user,
    end_posting,
    place_user,
    post_person,
    set_password,
)
from onegrid.org.actions.places import place_area, place_days, place_hours, place_unit
from onegrid.org.actions.refusals import Refused
from onegrid.org.actions.signing import (
    end_other_sessions,
    forget_sign_ins,
    keyed_hash,
    may_enter,
    person,
    sign_in,
    sign_out,
    switch_posting,
    touch,
)
from onegrid.org.actions.tokens import make_token, revoke_token, token_hash, touch_token
from onegrid.org.actions.trail import forget_purposes, record

__all__ = [
    "LONGEST_KEY",
    "Answer",
    "InFlight",
    "KeyReused",
    "Refused",
    "answer_once",
    "choose_language",
    "disable_user",
    "end_other_sessions",
    "end_posting",
    "fingerprint",
    "forget_answers",
    "forget_purposes",
    "forget_sign_ins",
    "keyed_hash",
    "load_county",
    "make_token",
    "may_enter",
    "person",
    "place_area",
    "place_days",
    "place_hours",
    "place_unit",
    "place_user",
    "post_person",
    "record",
    "revoke_token",
    "set_password",
    "sign_in",
    "sign_out",
    "switch_posting",
    "token_hash",
    "touch",
    "touch_token",
]
