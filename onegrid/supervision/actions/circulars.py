"""The way of a circular: drafted with its figures, written, submitted, approved, published, withdrawn."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _

from onegrid.events.actions import NotAllowed, NotGiven
from onegrid.kit import clock, later, text
from onegrid.kit.workflow import Refusal, Step, allowed
from onegrid.kit.working_time import Limit, due
from onegrid.org import actions as org
from onegrid.org import queries as places
from onegrid.org.roles import Actor
from onegrid.org.scope import visible_to
from onegrid.supervision import queries
from onegrid.supervision.models import SECTIONS, Circular, CircularReceipt, CircularSeries, CircularStep
from onegrid.supervision.rules.circular_life import CIRCULAR, WRITERS
from onegrid.supervision.rules.circular_text import first_words
from onegrid.supervision.rules.period import LONGEST, PRESETS, Period, preset

MAX_TITLE, MAX_WORDS, MAX_PREFIX = 120, 4000, 20
LANGUAGES = ("zh-hans", "en")
# Asked once more after so long, while nobody of a unit has said that it was read.
REMIND_AFTER = Limit("clock", 2, "working_days")
# Prefix, year and running number, in the brackets of Chinese official papers.
NUMBER = "%s\u3014%d\u3015%d\u53f7"


@transaction.atomic
def draft_circular(
    *, actor: Actor, place: str, span: str, since: str = "", until: str = "", language: str = "zh-hans"
) -> Circular:  # fmt: skip
    """Count now and freeze what was counted; `span` is week, month, quarter or own."""
    area, unit_id, posting_id = centre_area(actor), actor.unit_id, actor.posting_id
    assert unit_id is not None
    assert posting_id is not None
    period = asked_period(area, span, since, until)
    named = next((one for one in queries.places(area) if one.code == place), None)
    if named is None:
        raise NotGiven({"place": _("Choose the centre's own area or a town in it.")})
    if language not in LANGUAGES:
        raise NotGiven({"language": _("Choose a language from the list.")})
    figures, now = queries.count(period, place), clock.now()
    sender = places.units()[unit_id]
    figures["sender"] = {"zh": sender.name_zh, "en": sender.name_en}
    with translation.override(language):
        name = named.name
    made = Circular.objects.create(
        unit_id=unit_id, area=area, place=place, since=period.since, until=period.until, language=language,
        made_by_id=posting_id, counted_at=now, figures=figures,
        unit_ids=[one.pk for one in queries.receivers(area, unit_id)],
        **first_words(figures, name, period.since, period.until, language),
    )  # fmt: skip
    remember(made, actor, "draft", "", "")
    return made


def centre_area(actor: Actor) -> str:
    """The area of the actor's centre; raises NotAllowed for whoever writes no circulars."""
    unit = places.unit_by_id(actor.unit_id)
    if unit is None or not actor.at_centre or not actor.has(*WRITERS):
        raise NotAllowed(Refusal("role", _("Dispatchers, analysts and leaders of a centre write its circulars.")))
    return unit.area


def asked_period(area: str, span: str, since: str, until: str) -> Period:
    today = places.calendar(area).date_of(clock.now())
    if span in PRESETS:
        return preset(span, today)
    try:
        period = Period(date.fromisoformat(since), date.fromisoformat(until))
    except ValueError as error:
        raise NotGiven({"since": _("Give the first and the last day.")}) from error
    if not period.since <= period.until < today:
        raise NotGiven({"until": _("The last day is not before the first, and it is over.")})
    if period.until - period.since >= LONGEST:
        raise NotGiven({"until": _("At most a year.")})
    return period


@transaction.atomic
def edit_circular(
    *, actor: Actor, circular_id: int, version: int, title: str, written: dict[str, str], unit_ids: Iterable[int]
) -> Circular:  # fmt: skip
    """Change the words and where it goes; never a figure. Raises Circular.DoesNotExist, NotAllowed, NotGiven."""
    circular = locked(actor, circular_id, version)
    row = allowed(CIRCULAR.may("edit", circular, actor))
    open_units = {one.pk for one in queries.receivers(circular.area, circular.unit_id)}
    circular.title = text.tidy(title)
    for name in SECTIONS:
        setattr(circular, name, text.tidy(written.get(name, "")))
    circular.unit_ids = sorted(set(unit_ids) & open_units)
    faults = faults_of(circular)
    if faults:
        raise NotGiven(faults)
    move(circular, actor, row, "")
    return circular


def faults_of(circular: Circular) -> dict[str, str]:
    faults = {}
    if not circular.title or len(circular.title) > MAX_TITLE:
        faults["title"] = _("A title of at most 120 characters.")
    for name, words in circular.written.items():
        if not words or len(words) > MAX_WORDS:
            faults[name] = _("Please say something, at most 4,000 characters.")
    return faults


@transaction.atomic
def move_circular(*, actor: Actor, circular_id: int, verb: str, version: int, words: str = "") -> Circular:
    """Take any step but editing. Raises Circular.DoesNotExist, NotAllowed, NotGiven."""
    circular = locked(actor, circular_id, version)
    row = allowed(CIRCULAR.may(verb, circular, actor))
    words = text.tidy(words)
    if "words" in row.needs and not words:
        raise NotGiven({"words": _("Say why.")})
    if len(words) > MAX_WORDS:
        raise NotGiven({"words": _("At most 4,000 characters.")})
    if verb == "publish":
        give_number(circular)
    circular.reason = words if verb == "withdraw" else ""
    move(circular, actor, row, words)
    if verb in ("publish", "withdraw"):
        later.react(f"supervision.circular_{verb}", circular_id=circular.pk)
    return circular


def give_number(circular: Circular) -> None:
    """The next of the centre's year, under the lock of its series: no gap, none twice; then it goes out."""
    series = CircularSeries.objects.select_for_update().filter(unit_id=circular.unit_id).first()
    if series is None:
        raise NotAllowed(
            Refusal("guard", _("Say first on the list of circulars how the numbers of this centre begin."))
        )
    now = clock.now()
    circular.year = places.calendar(circular.area).date_of(now).year
    given = Circular.objects.filter(unit_id=circular.unit_id, year=circular.year)
    circular.n = (given.aggregate(last=Max("n"))["last"] or 0) + 1
    circular.number = NUMBER % (series.prefix, circular.year, circular.n)
    circular.published_at = now
    still = {one.pk for one in queries.receivers(circular.area, circular.unit_id)}
    circular.sent_to = [unit for unit in circular.unit_ids if unit in still]
    asked_again = due(now, REMIND_AFTER, places.calendar(circular.area)).at
    CircularReceipt.objects.bulk_create(
        CircularReceipt(circular=circular, unit_id=unit, remind_at=asked_again) for unit in circular.sent_to
    )


@transaction.atomic
def set_prefix(*, actor: Actor, prefix: str) -> CircularSeries:
    """How the numbers of the own centre begin from now on; those that were given stay."""
    area, prefix = centre_area(actor), text.tidy(prefix)
    if not prefix or len(prefix) > MAX_PREFIX:
        raise NotGiven({"prefix": _("At most 20 characters.")})
    series, _made = CircularSeries.objects.update_or_create(
        unit_id=actor.unit_id or 0, defaults={"area": area, "prefix": prefix}
    )
    org.record(actor, "circular_prefix", "unit", actor.unit_id, prefix=prefix)
    return series


def locked(actor: Actor, circular_id: int, version: int) -> Circular:
    rows = visible_to(actor, Circular.objects.select_for_update(of=("self",)).select_related("made_by"))
    circular = rows.get(pk=circular_id)
    if circular.version != version:
        raise NotAllowed(Refusal("version", _("It was changed meanwhile; look at it again.")))
    return circular


def move(circular: Circular, actor: Actor, row: Step, words: str) -> None:
    before = circular.state
    circular.state = row.lands(before)
    circular.version += 1
    circular.save()
    remember(circular, actor, row.verb, before, words)


def remember(circular: Circular, actor: Actor, verb: str, before: str, words: str) -> None:
    """Its own history, and the trail of the house."""
    assert actor.posting_id is not None
    n = circular.steps.count() + 1
    taken: dict[str, Any] = {"from_state": before, "to_state": circular.state, "words": words, "at": clock.now()}
    CircularStep.objects.create(circular=circular, n=n, verb=verb, actor_id=actor.posting_id, **taken)
    org.record(actor, f"circular_{verb}", "circular", circular.pk)
