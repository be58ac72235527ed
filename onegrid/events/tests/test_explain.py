"""The account of a clock: every line told, in both languages, and printed by the command."""

import re
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from onegrid.events.rules import clock_words, deadlines
from onegrid.kit.working_time import Calendar, Day, Limit
from onegrid.testing import matters as told
from onegrid.testing.cast import County

CHINESE = re.compile(r"[\u4e00-\u9fff]")
HOLIDAY = Day(works=False, name_zh="国庆节", name_en="National Day")
CALENDAR = Calendar({date(2026, 10, day): HOLIDAY for day in range(1, 8)} | {date(2026, 10, 10): Day(works=True)})


def clocks_over_a_holiday() -> tuple[deadlines.Clock, ...]:
    """Handled from 30 September, suspended for a day after the holidays, extended by seven days."""
    at = datetime(2026, 9, 30, 2, 0, tzinfo=UTC)
    limits: dict[str, Any] = {"limits": {"accept": ["clock", 2, "hours"], "handle": ["clock", 3, "working_days"]}}
    rows: tuple[tuple[str, str, str, float, dict[str, Any]], ...] = (
        ("report", "", "reported", 0.0, limits),
        ("accept", "reported", "accepted", 0.02, limits),
        ("dispatch", "accepted", "assigned", 0.03, {}),
        ("claim", "assigned", "handling", 0.04, {}),
        ("extend", "handling", "handling", 0.05, {"extension": ["clock", 7, "days"]}),
        ("suspend", "handling", "suspended", 8.0, {"reason": "parts", "review_on": "2026-10-20"}),
        ("resume", "suspended", "handling", 9.0, {}),
    )
    moves = [
        deadlines.Move.of(n, verb, source, target, at + timedelta(days=days), facts)
        for n, (verb, source, target, days, facts) in enumerate(rows, start=1)
    ]
    return deadlines.clocks(moves, CALENDAR).clocks


def test_every_line_is_a_sentence_in_both_languages() -> None:
    told_in = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            told_in[language] = [
                sentence
                for clock in clocks_over_a_holiday()
                for sentence in (clock_words.label(clock.name), *clock_words.sentences(clock, "Asia/Shanghai"))
            ]
    assert len(told_in["en"]) == len(told_in["zh-hans"])
    english = "\n".join(told_in["en"])
    assert not CHINESE.search(english)
    assert all(CHINESE.search(sentence) for sentence in told_in["zh-hans"])
    assert "Thu 1 Oct 2026: National Day: holiday, does not count." in english
    assert "the first day does not count" in english
    assert "worked in exchange for a holiday" in english
    assert "Stands still from Thu 8 Oct 2026 10:00 to Fri 9 Oct 2026 10:00: parts." in english


def test_every_kind_of_line_and_reason_has_words() -> None:
    kinds = {line.kind for clock in clocks_over_a_holiday() for line in clock.lines}
    assert {"start", "day", "pause", "sum", "run"} <= kinds <= set(clock_words.SENTENCES)
    assert set(clock_words.NAMES) == set(deadlines.STATES_OF)
    assert clock_words.amount(Limit("clock", 2, "hours"))


@pytest.mark.django_db
def test_the_command_prints_the_account(county: County) -> None:
    told.make_matters(county)
    number = told.event_in("handling", county).number
    out = StringIO()
    call_command("explain", number.lower().replace("-", " "), language="en", stdout=out)
    assert "Until it is done (running)" in out.getvalue()
    assert "3 working days" in out.getvalue()
    with pytest.raises(CommandError):
        call_command("explain", "2026-511502-AAAAAA-A", language="en")
