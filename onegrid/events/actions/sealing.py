"""The seal of a restricted matter lies on the event, on every voice, request and part, and on the search alike."""

from onegrid.events.actions import search
from onegrid.events.models import Contact, Event


def reseal(event: Event) -> None:
    """Everything follows the event: sealed and not to be found when restricted, plain and found when not."""
    for voice in event.reports.all():
        voice.keep_words(voice.told(), restricted=event.restricted)
        voice.keep_answers(voice.answered(), restricted=event.restricted)
        voice.save(update_fields=("words", "words_sealed", "answers", "answers_sealed"))
    for asked in event.requests.all():
        asked.keep_words(restricted=event.restricted)
        asked.save(update_fields=("words", "decision_words", "words_sealed"))
    for part in event.assignments.all():
        part.keep(restricted=event.restricted)
        part.save(update_fields=("task", "result", "sealed"))
    search.forget(event)
    search.index(event, event.told())


def protect(event: Event) -> None:
    """Every voice of the event, from now on: what told of its contact without opening it goes. Never undone."""
    voices = event.reports.filter(protected=False)
    Contact.objects.filter(report__in=list(voices.values_list("pk", flat=True))).update(masked="", phone_index=None)
    voices.update(protected=True)
    if event.reporter_id is not None:
        event.reporter_id = None
