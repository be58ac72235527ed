"""What must wait, waits until a moment that is known; what is many, is said in one; nothing is dropped."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onegrid.kit import clock
from onegrid.notices import actions, queries
from onegrid.notices.models import Message, Preference, sealed
from onegrid.notices.rules import hours, kinds, storm
from onegrid.notices.rules.words import WORDS
from onegrid.org.roles import Actor
from onegrid.testing.cast import County
from onegrid.testing.matters import MORNING, at

NUMBER = "2026-511502-K7M4PX-3"
NIGHT = hours.Quiet(time(22), time(7))
moments = st.integers(0, 365 * 86_400).map(lambda seconds: MORNING + timedelta(seconds=seconds))


def wall(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 10, day, hour, minute, tzinfo=clock.local(MORNING).tzinfo)


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        (wall(14, 21, 59), None),
        (wall(14, 22), wall(15, 7)),
        (wall(15, 6, 59), wall(15, 7)),
        (wall(15, 7), None),
    ],
)
def test_quiet_hours_over_midnight(moment: datetime, until: datetime | None) -> None:
    assert hours.held_until(moment, NIGHT) == until


@given(moments, st.times(), st.times())
def test_what_is_held_is_let_go_at_the_very_end(moment: datetime, since: time, until: time) -> None:
    """For any hours: held less than a day, and the end of quiet hours is never quiet itself."""
    quiet = hours.Quiet(since.replace(second=0, microsecond=0), until.replace(second=0, microsecond=0))
    end = hours.held_until(moment, quiet)
    if end is not None:
        assert moment < end <= moment + timedelta(days=1)
        assert hours.held_until(end, quiet) is None


@given(st.lists(st.integers(0, 3000), min_size=1, max_size=60))
def test_never_more_than_three_in_any_ten_minutes(seconds: list[int]) -> None:
    """A storm of any shape: singles and bundles together keep the rule, and every one is in one of them."""
    out: list[datetime] = []
    said, bundle = 0, datetime.min.replace(tzinfo=UTC)
    for second in sorted(seconds):
        now = MORNING + timedelta(seconds=second)
        if bundle > now:
            said += 1
            continue
        opens = storm.next_place(now, sorted((one for one in out if one > now - storm.SPAN), reverse=True)[:3])
        said += 1
        out.append(opens or now)
        bundle = opens or bundle
    assert said == len(seconds)
    out.sort()
    assert all(later - first >= storm.SPAN for first, later in zip(out, out[storm.MOST :], strict=False))


@pytest.mark.parametrize("kind", sorted(WORDS))
def test_every_kind_has_its_group(kind: str) -> None:
    assert kinds.group_of(kind, urgent=False) in kinds.GROUPS
    assert kinds.group_of(kind, urgent=True) == "urgent"


def test_reminders_are_known_by_their_ending() -> None:
    found = {kind for kind in WORDS if kinds.group_of(kind, urgent=False) == "remind"}
    clocks = {
        f"{what}_{end}" for what in ("remind", "part") for end in ("day_before", "most_used", "expired", "day_after")
    }
    others = {"task_day_before", "task_expired", "hard_review_expired", "circular_unread", "shift_ahead", "gap_ahead",
              "place_ahead", "place_expired"}  # fmt: skip
    assert found == clocks | others


@pytest.fixture
def told(county: County, settings: Any) -> Callable[..., bool]:
    """The handler has a phone, wants everything there, and sleeps from ten to seven."""
    settings.NOTICES_CHANNELS = ["in_app", "sms"]
    user = county.handler.user_id or 0
    Preference.objects.create(
        user_id=user, phone_sealed=sealed("13800001234", of=f"sms:{user}"),
        ways={group: ["sms"] for group in kinds.GROUPS},
        quiet_from=time(22), quiet_until=time(7),
    )  # fmt: skip

    def send(dedupe: str, **more: Any) -> bool:
        given = {"kind": "to_claim", "number": NUMBER, "args": {"due": "10-14 12:00"}, **more}
        return actions.send(dedupe=dedupe, to_posting=county.handler.posting_id, **given)

    return send


pytestmark = pytest.mark.django_db


def sms() -> Any:
    return Message.objects.filter(channel="sms")


def test_staff_are_told_in_the_product_and_by_their_own_way(told: Callable[..., bool]) -> None:
    with at():
        assert told("one")
        assert not told("one")
    assert sorted(Message.objects.values_list("channel", flat=True)) == ["in_app", "sms"]
    assert sms().get().address == "13800001234"


def test_at_night_only_the_urgent_rings(told: Callable[..., bool]) -> None:
    with at(wall(14, 23)) as hand:
        told("plain")
        told("fire", kind="urgent", urgent=True)
        waits, rings = sms().order_by("id")
        assert waits.due_at == wall(15, 7)
        assert rings.due_at == wall(14, 23)
        assert actions.deliver(message_id=waits.pk) == "skipped"
        hand.to(wall(15, 7))
        assert queries.held_until(waits, clock.now()) is None


def test_a_try_that_falls_into_the_night_waits_for_the_morning(told: Callable[..., bool]) -> None:
    with at(wall(14, 21, 59)) as hand:
        told("late")
        hand.on(minutes=2)
        message = sms().get()
        assert actions.deliver(message_id=message.pk) == "skipped"
        message.refresh_from_db()
        assert (message.state, message.due_at) == ("queued", wall(15, 7))


def test_a_storm_rings_three_times_and_says_the_rest_in_one(told: Callable[..., bool], handler: Actor) -> None:
    with at() as hand:
        for n in range(100):
            told(f"alarm {n}")
            hand.on(milliseconds=600)
        rows = sms()
        assert rows.filter(state="bundled").count() == 97
        (bundle,) = rows.filter(gathers=True)
        assert rows.filter(bundle__isnull=True, gathers=False).count() == 3
        assert bundle.due_at == rows.order_by("id")[0].due_at + storm.SPAN
        hand.to(bundle.due_at)
        assert "97" in queries.words_of(bundle, "en")
        # In the product the same: three and one that says how many more there are.
        assert len(queries.inbox(handler, "en")) == 4
        assert queries.unread(handler) == 4


def test_a_storm_never_hides_what_is_urgent(told: Callable[..., bool]) -> None:
    with at():
        for n in range(10):
            told(f"alarm {n}")
            told(f"grave {n}", kind="urgent", urgent=True)
    assert sms().filter(kind="urgent", state="queued").count() == 10
    assert not sms().filter(kind="urgent", gathers=True).exists()


def test_a_bundle_that_is_being_carried_takes_no_more(told: Callable[..., bool]) -> None:
    """What came after it was counted would be hidden: it goes into the next one."""
    with at() as hand:
        for n in range(5):
            told(f"alarm {n}")
        first = sms().get(gathers=True)
        Message.objects.filter(pk=first.pk).update(state="sending")
        told("one more")
        assert sms().filter(gathers=True).count() == 2
        assert first.gathered.count() == 2
        hand.on(hours=1)
        told("calm again")
        assert sms().get(dedupe="calm again:sms").state == "queued"


def test_residents_are_told_between_eight_and_nine_in_the_evening(county: County) -> None:
    with at(wall(14, 21)):
        actions.send(kind="accept", dedupe="r", number=NUMBER, args={}, to_report=1, channel="sms", address="138")
    assert Message.objects.get().due_at == wall(15, 8)


def test_a_lost_job_is_written_anew(county: County) -> None:
    """A message that is due and has no job is no silent drop: it is found and gets another."""
    from django.db import connection

    with at() as hand:
        actions.send(kind="accept", dedupe="r", number=NUMBER, args={}, to_report=1)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")
        assert actions.wake() == 0
        hand.on(minutes=11)
        assert actions.wake() == 1
        assert actions.wake() == 0
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'notices.tasks.deliver'")
            assert cursor.fetchone()[0] == 1
