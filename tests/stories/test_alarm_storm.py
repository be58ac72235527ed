"""Ten thousand alarms of one cause within a minute: one matter, the count right, a handful of messages.

Prints how long it took. STORM sets how many alarms; the default keeps the battery short.
"""

import os
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from onegrid.events import actions
from onegrid.events.models import Alarm, Event, Report, Step
from onegrid.notices.models import Message
from onegrid.org.roles import CLIENT
from onegrid.testing.cast import COUNTY, make_county, post
from onegrid.testing.matters import LAMP, make_matters

STORM = int(os.environ.get("STORM", "2000"))
LINES = 8


@pytest.mark.django_db(transaction=True)
def test_a_storm_of_one_cause_is_one_matter(capsys: pytest.CaptureFixture[str]) -> None:
    """STORM alarms of one cause from eight lines at once, some of another between them."""
    county = make_county()
    make_matters(county)
    actor = post(county, "sensors", "centre", COUNTY, (CLIENT,))

    def line(count: int) -> None:
        for n in range(count):
            cause = "battery" if n % 50 == 0 else "leak"
            actions.sound(actor=actor, source="gas-17", cause=cause, words="燃气探头报警", category=LAMP, area=COUNTY)
        connection.close()

    began = time.monotonic()
    with ThreadPoolExecutor(LINES) as lines:
        list(lines.map(line, [STORM // LINES] * LINES))
    took = time.monotonic() - began
    counts = dict(Alarm.objects.values_list("cause", "count"))
    with capsys.disabled():
        print(f"\nstorm: {STORM} alarms, {LINES} lines, {took:.1f} s, {STORM / took:.0f} a second, counts {counts}")
    assert sum(counts.values()) == STORM // LINES * LINES
    assert (Event.objects.count(), Report.objects.count(), Step.objects.count()) == (2, 2, 2)
    for event in Event.objects.all():
        actions.tell_people(event_id=event.pk, n=1)
    assert Message.objects.count() <= 3 * len(county.people)
