"""What the public may see of a matter, as a history that the database keeps: released, covered, taken back."""

from django.db import models

from onegrid.events.models.event import Event
from onegrid.events.models.history import Attachment
from onegrid.org.scope import Scope


class Release(models.Model):
    """One decision about a title or a photo: who let the public see what, or took it back. Never changed."""

    RELEASE, COVER, WITHDRAW = "release", "cover", "withdraw"

    scope = Scope(through="event")

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="releases")
    area = models.TextField(db_collation="C")
    # Empty: it is about the title.
    photo = models.ForeignKey(Attachment, null=True, on_delete=models.PROTECT, related_name="releases")
    deed = models.TextField(db_collation="C")
    # The title that was released, and nothing else.
    words = models.TextField(default="", blank=True)
    # What was covered, each box as left, top, width, height in per cent of the picture.
    boxes = models.JSONField(default=list)
    public_sha256 = models.CharField(max_length=64, default="", blank=True)
    actor = models.ForeignKey("org.Posting", on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(deed__in=("release", "cover", "withdraw")), name="release_deed_known"
            ),
        )
