"""Who is told of a meeting: each invited unit once, by its handlers and its leader, and the chair."""

from onegrid.kit import clock
from onegrid.notices import actions as notices
from onegrid.org import queries as org
from onegrid.org.models import Posting
from onegrid.org.roles import LEADER
from onegrid.supervision.models import Meeting
from onegrid.supervision.queries import hands, holding


def tell_of_meeting(*, meeting_id: int, kind: str) -> int:
    """`meeting_called` or `meeting_cancelled`; a meeting that was cancelled meanwhile invites nobody."""
    meeting = Meeting.objects.select_related("chair__user").get(pk=meeting_id)
    if (kind == "meeting_cancelled") != (meeting.state == "cancelled"):
        return 0
    about = meeting.matters.values_list("event__about_unit_ids", flat=True)
    barred = {unit for units in about for unit in units}
    people = {one.pk: one for unit in meeting.unit_ids if unit not in barred for one in at_the_table(unit)}
    chair = org.posting(meeting.chair_id)
    if chair is not None:
        people[chair.pk] = chair
    starts = clock.local(meeting.starts_at).strftime("%m-%d %H:%M")
    return sum(
        notices.send(
            kind=kind, dedupe=f"meeting:{meeting.pk}:{kind}:posting:{one.pk}", number="", args={"due": starts},
            language=one.user.language, to_posting=one.pk, unit=meeting.centre_id,
        )
        for one in people.values()
    )  # fmt: skip


def at_the_table(unit_id: int) -> list[Posting]:
    return [*hands(unit_id), *holding(unit_id, LEADER)]
