"""What is said to reporters from a store of words: reply templates, and one message to many of them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import get_language

from onegrid.events.models.category import Bilingual
from onegrid.org.scope import Scope

MASS_STATES = ("frozen", "sending", "sent", "withdrawn")
ROW_STATES = ("waiting", "told", "skipped")


class ReplyTemplate(Bilingual):
    """Words for a reply, by area, leaf, verb and state, with variables that are filled in; data of the county."""

    area = models.TextField(db_collation="C", default="", blank=True)
    code = models.TextField(db_collation="C")
    category = models.TextField(db_collation="C", default="", blank=True)
    verbs = ArrayField(models.TextField(db_collation="C"))
    states = ArrayField(models.TextField(db_collation="C"), default=list, blank=True)
    words_zh = models.TextField()
    words_en = models.TextField()
    active = models.BooleanField(default=True)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("area", "code"), name="reply_template_once"),)

    @property
    def words(self) -> str:
        return self.words_in(get_language() or "zh")

    def words_in(self, language: str) -> str:
        return self.words_en if language.startswith("en") else self.words_zh


class MassNotice(models.Model):
    """One message to the reporters of many events: words and audience stand fast before anybody is told."""

    scope = Scope(area="area")

    area = models.TextField(db_collation="C")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    made_by = models.ForeignKey("org.Posting", on_delete=models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    words = models.TextField()
    audience = models.JSONField(default=dict)
    events = models.IntegerField()
    receivers = models.IntegerField()
    state = models.TextField(db_collation="C", default="frozen")
    released_by = models.ForeignKey(
        "org.Posting", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    released_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=MASS_STATES), name="mass_notice_state"),
            models.CheckConstraint(
                condition=models.Q(state__in=("frozen", "withdrawn")) | models.Q(released_by__isnull=False),
                name="mass_notice_released",
            ),
        )
        indexes = (models.Index(fields=("area", "-id"), name="mass_notice_area"),)

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"


class MassRow(models.Model):
    """One event of a mass notice: told or not, and why not."""

    scope = Scope(through="notice")

    notice = models.ForeignKey(MassNotice, on_delete=models.PROTECT, related_name="rows", db_index=False)
    # Not a key of the event's row: what was told outlives the event, whose number alone is kept.
    number = models.TextField(db_collation="C")
    receivers = models.SmallIntegerField()
    state = models.TextField(db_collation="C", default="waiting")
    why = models.TextField(default="", blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("notice", "number"), name="mass_row_once"),
            models.CheckConstraint(condition=models.Q(state__in=ROW_STATES), name="mass_row_state"),
        )

    def __str__(self) -> str:
        return f"{self.notice_id} {self.number} {self.state}"
