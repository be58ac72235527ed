"""Words ready for a reply: the templates that fit this event and verb, filled in; and hints on what is written."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils import translation

from onegrid.events.models import Event, ReplyTemplate
from onegrid.events.queries.detail import seen_by
from onegrid.events.queries.reference import category_name, reply_templates
from onegrid.events.rules import clock_words, filling, hints
from onegrid.kit import clock
from onegrid.org import queries as org
from onegrid.org.roles import Actor

MOST = 8


@dataclass(frozen=True)
class Offer:
    """A template as its writer gets it: the name in their language, the words in the reporter's."""

    code: str
    name: str
    text: str


def offers(actor: Actor, event: Event, verb: str, language: str) -> list[Offer]:
    """What fits best comes first: the finest leaf, then the finest place."""
    fitting = [one for one in reply_templates() if fits(one, event, verb)]
    fitting.sort(key=lambda one: (-len(one.category), -len(one.area), one.pk))
    values = variables(actor, event, language) if fitting else {}
    with translation.override(language):
        texts = [filling.filled(one.words_in(language), values) for one in fitting[:MOST]]
    return [Offer(f"{one.area}{one.code}", one.name, text) for one, text in zip(fitting, texts, strict=False)]


def fits(template: ReplyTemplate, event: Event, verb: str) -> bool:
    return (
        template.active
        and verb in template.verbs
        and (not template.states or event.state in template.states)
        and event.area.startswith(template.area)
        and event.category.startswith(template.category)
    )


def variables(actor: Actor, event: Event, language: str) -> dict[str, str]:
    """What a template may say of an event: nothing that a person said, and no finer place than the village."""
    with translation.override(language):
        unit, place = org.unit_by_id(actor.unit_id), org.area(event.area[:12]) or org.area(event.area)
        zone = ZoneInfo(org.zone(event.area))
        return {
            "number": event.number,
            "unit": unit.name if unit else "",
            "promised": clock_words.end(event.promised_by, zone) if event.promised_by else "",
            "leaf": category_name(event.category) if event.category_decided else "",
            "place": place.name if place else "",
            "today": clock_words.date(clock.now(), zone),
        }


def hints_for(actor: Actor, number: str, verb: str, reply: str) -> list[hints.Hint]:
    """Hints on a reply to this event; raises Event.DoesNotExist outside the scope. Nothing is kept."""
    event = seen_by(actor, Event.objects.all()).get(number=number)
    return hints.hints(reply, verb=verb, reported=event.told())
