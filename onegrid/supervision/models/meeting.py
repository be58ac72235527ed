"""A meeting: when, who, about which matters, what was said; what was concluded are tasks."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from onegrid.events.models import Event
from onegrid.org.scope import Scope
from onegrid.supervision.models.sealed import Worded
from onegrid.supervision.rules.meeting_life import KINDS, MEETING
from onegrid.supervision.rules.series import SERIES


class Meeting(Worded):
    """Called by a centre; seen by it and by the invited units, and by nobody else. Its sealed words are the minutes."""

    scope = Scope(units=("centre_id",), unit_lists=("unit_ids",))

    title = models.TextField()
    kind = models.TextField(db_collation="C")
    room = models.TextField()
    starts_at = models.DateTimeField()
    series = models.TextField(db_collation="C", default="none")
    # Whether a meeting of the series that falls on a rest day is on the next working day; its own moment by the rhythm
    # of the series, where it was moved.
    moves = models.BooleanField(default=False)
    rhythm_at = models.DateTimeField(null=True)
    # The meeting of the series before this one: each is followed by one.
    follows = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="followed_by")
    centre = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    called_by = models.ForeignKey("org.Posting", on_delete=models.PROTECT, related_name="+", db_index=False)
    chair = models.ForeignKey("org.Posting", on_delete=models.PROTECT, related_name="+", db_index=False)
    unit_ids = ArrayField(models.BigIntegerField(), default=list)
    agenda = ArrayField(models.TextField(), default=list)
    state = models.TextField(db_collation="C", default=MEETING.start)
    made_at = models.DateTimeField()
    # By when the minutes are to be written, then by when the chair signs them.
    answer_by = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    why = models.TextField(default="", blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=MEETING.states()), name="meeting_state_known"),
            models.CheckConstraint(condition=models.Q(kind__in=tuple(KINDS)), name="meeting_kind"),
            models.CheckConstraint(condition=models.Q(series__in=tuple(SERIES)), name="meeting_series"),
            models.CheckConstraint(
                condition=models.Q(state__in=MEETING.final, ended_at__isnull=False, answer_by__isnull=True)
                | (~models.Q(state__in=MEETING.final) & models.Q(ended_at__isnull=True, answer_by__isnull=False)),
                name="meeting_final_is_ended",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=("held", "signed")) | models.Q(words_sealed__isnull=False),
                name="meeting_held_has_minutes",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="cancelled") | ~models.Q(why=""), name="meeting_cancelled_says_why"
            ),
        )
        indexes = (
            models.Index(fields=("centre", "starts_at", "id"), name="meeting_centre"),
            GinIndex(fields=("unit_ids",), name="meeting_units"),
        )

    def seal_name(self) -> str:
        return f"meeting:{self.centre_id}:{self.called_by_id}:{self.made_at.isoformat()}"


class MeetingMatter(models.Model):
    """A matter on the table of a meeting; shown to those who may see the matter anyway."""

    scope = Scope(through="meeting")

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="matters")
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("meeting", "event"), name="meeting_matter_once"),)
