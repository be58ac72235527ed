"""A file that a job looks at and another one writes, with every row that could not be taken."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from onegrid.kit import clock
from onegrid.org.scope import Scope

WAITING, READY, WRITING, DONE, REFUSED, DROPPED = "waiting", "ready", "writing", "done", "refused", "dropped"
STATES = {
    WAITING: _("being looked at"),
    READY: _("to be applied"),
    WRITING: _("being written"),
    DONE: _("written"),
    REFUSED: _("refused"),
    DROPPED: _("thrown away"),
}
# A job works on it now, or will in a moment.
UNDER_WAY = (WAITING, WRITING)


class Import(models.Model):
    """One uploaded file, from the upload to what came of it; the file itself is kept for a day (`kit.held`)."""

    AREAS, BOUNDARIES, THINGS, NAMES = "areas", "boundaries", "things", "names"
    KINDS = (
        (AREAS, _("Codes and names of areas")),
        (BOUNDARIES, _("Boundaries")),
        (THINGS, _("Things of a layer")),
        (NAMES, _("Names of places")),
    )

    scope: ClassVar[Scope] = Scope(area="area")

    kind = models.TextField(choices=KINDS, db_collation="C")
    # The job that looks and writes, of the room that knows the kind; and the page of that room.
    task = models.TextField(db_collation="C")
    home = models.TextField(db_collation="C")
    # What it goes into: the code of a layer, the source of names.
    target = models.TextField(default="", blank=True)
    # As the sender's device calls the file; `upload` is the house's name of it.
    name = models.TextField()
    upload = models.TextField(db_collation="C")
    size = models.IntegerField()
    asked = models.JSONField(default=dict)
    # What a job says of the file is said in the language of whoever sent it.
    language = models.TextField(db_collation="C")
    area = models.TextField(db_collation="C")
    made_by = models.ForeignKey("org.Posting", on_delete=models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField(default=clock.now)
    state = models.TextField(db_collation="C", default=WAITING)
    # How far the job has come: which part of its work, and how many rows of it.
    stage = models.TextField(db_collation="C", default="", blank=True)
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    tries = models.IntegerField(default=0)
    # What the file was compared with: when it has changed, what was shown is no longer what would be written.
    seen = models.TextField(db_collation="C", default="", blank=True)
    report = models.JSONField(default=dict)
    bad = models.IntegerField(default=0)
    why = models.TextField(default="", blank=True)
    counts = models.JSONField(default=dict)
    applied_by = models.ForeignKey("org.Posting", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    ended_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(state__in=tuple(STATES)), name="org_import_state"),
            models.CheckConstraint(
                condition=Q(state__in=(DONE, REFUSED, DROPPED), ended_at__isnull=False)
                | (~Q(state__in=(DONE, REFUSED, DROPPED)) & Q(ended_at__isnull=True)),
                name="org_import_ended",
            ),
            models.CheckConstraint(condition=~Q(state__in=(WRITING, DONE)) | Q(applied_by__isnull=False),
                                   name="org_import_applied"),
        )  # fmt: skip
        indexes = (models.Index(fields=("area", "-id"), name="org_import_area"),)

    def __str__(self) -> str:
        return f"{self.pk} {self.kind} {self.state}"

    @property
    def state_label(self) -> str:
        return str(STATES[self.state])

    @property
    def under_way(self) -> bool:
        return self.state in UNDER_WAY


class ImportFault(models.Model):
    """A row that was not taken, or that was taken after it was mended (`taken`); with its line and why."""

    scope: ClassVar[Scope] = Scope(through="whole")

    whole = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="faults", db_index=False)
    n = models.IntegerField()
    line = models.IntegerField()
    code = models.TextField(default="", blank=True)
    reason = models.TextField()
    taken = models.BooleanField(default=False)
    # A small drawing of what is wrong, for the first ones.
    picture = models.JSONField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("whole", "n"), name="org_importfault_order"),)

    def __str__(self) -> str:
        return f"{self.whole_id} {self.line}"
