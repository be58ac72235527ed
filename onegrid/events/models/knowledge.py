"""What a county asks and knows, leaf by leaf: further questions to a reporter, and articles with source and date."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from onegrid.events.models.category import Bilingual

QUESTION_KINDS = ("choice", "many", "text", "number", "yes_no", "date")


def in_english() -> bool:
    return (get_language() or "zh").startswith("en")


class Question(Bilingual):
    """One more thing to know about matters of a leaf or branch; asked only where `depends` is fulfilled."""

    category = models.TextField(db_collation="C")
    key = models.TextField(db_collation="C")
    kind = models.TextField(db_collation="C")
    order = models.SmallIntegerField(default=0)
    required = models.BooleanField(default=False)
    hint_zh = models.TextField(default="", blank=True)
    hint_en = models.TextField(default="", blank=True)
    # What can be chosen: rows of code, name_zh, name_en.
    options = models.JSONField(default=list)
    # Another question's key, and the answers to it that make this one worth asking: {"key": ..., "is": [...]}.
    depends = models.JSONField(default=dict)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("category", "key"), name="question_once"),
            models.CheckConstraint(condition=models.Q(kind__in=QUESTION_KINDS), name="question_kind"),
        )
        ordering = ("category", "order", "id")

    @property
    def hint(self) -> str:
        return self.hint_en if in_english() else self.hint_zh

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What can be chosen, in the reader's language; yes and no where it is a question for those."""
        if self.kind == "yes_no":
            return [("yes", _("Yes")), ("no", _("No"))]
        name = "name_en" if in_english() else "name_zh"
        return [(one["code"], one[name]) for one in self.options]


class Article(models.Model):
    """What is known about a kind of matter, in plain words, with its source and date; shown until it runs out."""

    code = models.TextField(db_collation="C")
    category = models.TextField(db_collation="C")
    title_zh = models.TextField()
    title_en = models.TextField()
    words_zh = models.TextField()
    words_en = models.TextField()
    source_zh = models.TextField()
    source_en = models.TextField()
    dated = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    active = models.BooleanField(default=True)
    version = models.IntegerField(default=1)
    changed_at = models.DateTimeField(null=True)
    changed_by = models.ForeignKey("org.Posting", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("code",), name="article_code"),)
        ordering = ("category", "code")

    @property
    def title(self) -> str:
        return self.title_en if in_english() else self.title_zh

    @property
    def words(self) -> str:
        return self.words_en if in_english() else self.words_zh

    @property
    def source(self) -> str:
        return self.source_en if in_english() else self.source_zh

    def __str__(self) -> str:
        return self.title
