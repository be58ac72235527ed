"""What the public may see of a matter, how long it is kept, what holds it back, and what is left when it is gone."""

from django.db import models

from onegrid.events.models.category import Bilingual
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


class RetentionRule(Bilingual):
    """How long something is kept after the end of a matter, as data; the longest category prefix wins.

    archive: after so many days the matter goes into the archive; contact: name, phone and address of who reported
    are erased; event: words, places, photos and results are erased. The name says on which ground.
    """

    KINDS = ("archive", "contact", "event")
    # Receipts, repeated requests and reopenings live thirty days: nothing is erased while they can still be used.
    SHORTEST = 31

    kind = models.TextField(db_collation="C")
    category = models.TextField(db_collation="C", default="", blank=True)
    days = models.IntegerField()
    active = models.BooleanField(default=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("kind", "category"), name="retention_rule_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=("archive", "contact", "event")), name="retention_rule_kind"
            ),
            models.CheckConstraint(condition=models.Q(days__gte=31), name="retention_rule_days"),
        )

    @property
    def code(self) -> str:
        return f"{self.kind}:{self.category or 'all'}"


class Hold(models.Model):
    """A court, an audit or a dispute needs the matter: nothing of it is erased until the day, or until it is lifted."""

    scope = Scope(through="event")

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="holds")
    area = models.TextField(db_collation="C")
    reason = models.TextField()
    until = models.DateField()
    set_by = models.ForeignKey("org.Posting", on_delete=models.PROTECT, related_name="+", db_index=False)
    set_at = models.DateTimeField()
    lifted_by = models.ForeignKey("org.Posting", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("event",), condition=models.Q(lifted_at__isnull=True), name="hold_one_at_a_time"
            ),
        )


class Tombstone(models.Model):
    """What is left of something erased: its number, its type, the rule and the day. Never changed."""

    scope = Scope(area="area", restricted="restricted")

    number = models.TextField(db_collation="C")
    kind = models.TextField(db_collation="C")
    rule = models.TextField(db_collation="C")
    area = models.TextField(db_collation="C")
    restricted = models.BooleanField(default=False)
    erased_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("number", "kind"), name="tombstone_once"),
            models.CheckConstraint(condition=models.Q(kind__in=("contact", "event")), name="tombstone_kind"),
        )
        indexes = (models.Index(fields=("-erased_at", "-id"), name="tombstone_latest"),)
