"""Words that lie sealed whether their matter is restricted or not: what becomes restricted later needs no new seal."""

from django.conf import settings
from django.db import models

from onegrid.kit import crypto


class Worded(models.Model):
    """A row with words in a seal that opens for this row only; erased, they are empty."""

    words_sealed = models.BinaryField(null=True)

    class Meta:
        abstract = True

    def seal_name(self) -> str:
        """What the seal is tied to: known before the row is written, and never changed."""
        raise NotImplementedError

    def told(self) -> str:
        if self.words_sealed is None:
            return ""
        return box().open(bytes(self.words_sealed), context=self.seal_name())

    def keep_words(self, words: str) -> None:
        self.words_sealed = box().seal(words, context=self.seal_name()) if words else None


def box() -> crypto.Box:
    return crypto.Box(settings.FIELD_KEYS)
