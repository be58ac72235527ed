"""The seal of a restricted matter lies on the event, on every voice and on the search alike."""

from onegrid.events.actions import search
from onegrid.events.models import Event


def reseal(event: Event) -> None:
    """Everything follows the event: sealed and not to be found when restricted, plain and found when not."""
    for voice in event.reports.all():
        voice.keep_words(voice.told(), restricted=event.restricted)
        voice.keep_answers(voice.answered(), restricted=event.restricted)
        voice.save(update_fields=("words", "words_sealed", "answers", "answers_sealed"))
    search.forget(event)
    search.index(event, event.told())
