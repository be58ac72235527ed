"""The list of hard matters: put on, reviewed, handed over, taken off; what has ended leaves it by itself."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from onegrid.events.actions import NotAllowed, NotGiven
from onegrid.events.models import Event
from onegrid.kit import clock, later
from onegrid.kit.workflow import Refusal
from onegrid.notices import actions as notices
from onegrid.org import actions as org
from onegrid.org import queries as places
from onegrid.org.models import Posting
from onegrid.org.roles import LEADER, Actor
from onegrid.supervision import queries
from onegrid.supervision.actions.given import all_of, chosen_of, close_of, words_of
from onegrid.supervision.models import HardCase, HardStep
from onegrid.supervision.rules import task_clock
from onegrid.supervision.rules.hard_ways import WAYS

BATCH = 500


@dataclass(frozen=True)
class Looked:
    """What a look at a hard matter says, as it was typed: what is missing, which way next, when again."""

    words: str
    way: str
    review: str


@transaction.atomic
def put_on_hard_list(*, actor: Actor, number: str, looked: Looked, lead: str) -> HardCase:
    """A leader of the owning centre, or of one above, puts an open matter on the list and a leader in charge of it.

    Raises Event.DoesNotExist, NotAllowed or NotGiven.
    """
    seen = queries.matter(actor, number)
    event = Event.objects.select_for_update(of=("self",)).get(pk=seen.pk)
    if not actor.at_centre or not actor.has(LEADER) or actor.unit_id not in queries.keepers(event):
        raise NotAllowed(Refusal("role", _("A leader of the centre that owns the matter puts it on the list.")))
    if not event.is_open:
        raise NotAllowed(Refusal("state", _("The matter has ended; nothing is to be done on it.")))
    if HardCase.objects.filter(event=event, ended_at__isnull=True).exists():
        raise NotAllowed(Refusal("state", _("The matter is on the list already.")))
    clean = all_of({
        "words": lambda: words_of(looked.words), "way": lambda: chosen_of(looked.way, WAYS, "way"),
        "review_at": lambda: close_of(looked.review, event.area, "review"), "lead": lambda: lead_of(event, lead),
    })  # fmt: skip
    words, now = clean.pop("words"), clock.now()
    case = HardCase(event=event, centre_id=actor.unit_id, put_at=now, lead_since=now, **clean)
    case.keep_words(words)
    wind(case)
    case.save(force_insert=True)
    remember(case, actor, "put_on", words)
    return case


@transaction.atomic
def review_hard_case(*, actor: Actor, case_id: int, looked: Looked) -> HardCase:
    """Looked at again: what is missing now, which way next, and when the next look is."""
    case = kept(actor, case_id)
    clean = all_of({
        "words": lambda: words_of(looked.words), "way": lambda: chosen_of(looked.way, WAYS, "way"),
        "review_at": lambda: close_of(looked.review, case.event.area, "review"),
    })  # fmt: skip
    case.keep_words(clean["words"])
    case.way, case.review_at = clean["way"], clean["review_at"]
    wind(case)
    case.save()
    remember(case, actor, "review", clean["words"])
    return case


@transaction.atomic
def hand_over_hard_case(*, actor: Actor, case_id: int, lead: str, words: str) -> HardCase:
    """Another leader is in charge from now on."""
    case = kept(actor, case_id)
    clean = all_of({"words": lambda: words_of(words), "lead": lambda: lead_of(case.event, lead)})
    if clean["lead"].pk == case.lead_id:
        raise NotGiven({"lead": _("This leader is in charge already.")})
    case.lead, case.lead_since = clean["lead"], clock.now()
    case.save()
    remember(case, actor, "hand_over", clean["words"])
    return case


@transaction.atomic
def take_off_hard_list(*, actor: Actor, case_id: int, words: str) -> HardCase:
    """It is hard no more, with the reason."""
    case = kept(actor, case_id)
    said = words_of(words)
    end(case, "taken_off")
    remember(case, actor, "take_off", said)
    return case


def kept(actor: Actor, case_id: int) -> HardCase:
    """The case, locked, for who keeps it; raises HardCase.DoesNotExist outside the scope of its matter."""
    queries.hard_case(actor, case_id)
    case = HardCase.objects.select_for_update(of=("self",)).select_related("event").get(pk=case_id)
    if case.ended_at is not None:
        raise NotAllowed(Refusal("state", _("The matter is on the list no more.")))
    if not queries.keeps_hard(actor, case):
        raise NotAllowed(Refusal("role", _("The leader in charge or a leader of the centre does this.")))
    return case


def lead_of(event: Event, text: str) -> Posting:
    found = next((one for one in queries.leads(event) if str(one.pk) == text), None)
    if found is None:
        raise NotGiven({"lead": _("Choose a leader of the owning centre or of one above it.")})
    return found


def wind(case: HardCase) -> None:
    case.reminded, case.remind_at = 0, case.review_at


def end(case: HardCase, outcome: str) -> None:
    case.ended_at, case.outcome, case.remind_at = clock.now(), outcome, None
    case.save()


def remember(case: HardCase, actor: Actor, verb: str, words: str) -> None:
    step = HardStep(
        case=case, n=HardStep.objects.filter(case=case).count() + 1, verb=verb, actor_id=actor.posting_id,
        at=clock.now(), way=case.way, review_at=case.review_at, lead_id=case.lead_id,
    )  # fmt: skip
    step.keep_words(words)
    step.save(force_insert=True)
    org.record(actor, f"hard_{verb}", "event", case.event_id, number=case.event.number)
    later.react("supervision.hard", case_id=case.pk, n=step.n)


def sweep_hard_cases() -> int:
    """What has ended leaves the list; a review that is due, or late by a working day, is told; each once."""
    over = HardCase.objects.filter(ended_at__isnull=True, event__closed_at__isnull=False)
    done = sum(leave(pk) for pk in list(over.values_list("pk", flat=True)[:BATCH]))
    due = HardCase.objects.filter(remind_at__lte=clock.now()).order_by("remind_at", "id")
    return done + sum(remind_of_hard(pk) for pk in list(due.values_list("pk", flat=True)[:BATCH]))


@transaction.atomic
def leave(case_id: int) -> int:
    """Event first, then the case, as every other verb locks them."""
    case = HardCase.objects.get(pk=case_id)
    event = Event.objects.select_for_update(of=("self",)).get(pk=case.event_id)
    case = HardCase.objects.select_for_update(of=("self",)).select_related("event").get(pk=case_id)
    if event.is_open or case.ended_at is not None:
        return 0
    end(case, "ended")
    remember(case, Actor.system(), "end", "")
    return 1


@transaction.atomic
def remind_of_hard(case_id: int) -> int:
    case = HardCase.objects.select_for_update(of=("self",)).select_related("event").get(pk=case_id)
    now = clock.now()
    if case.remind_at is None or case.remind_at > now:
        return 0
    climbs = task_clock.after(case.review_at, task_clock.CLIMB, places.calendar(case.event.area))
    moments = (("hard_review_expired", case.review_at), ("hard_climbed", climbs))
    due = [kind for kind, moment in moments[case.reminded :] if moment <= now]
    for kind in due:
        later.react("supervision.hard_reminder", case_id=case.pk, kind=kind, at=case.review_at.isoformat())
    case.reminded += len(due)
    case.remind_at = climbs if case.reminded == 1 else None
    case.save(update_fields=("reminded", "remind_at"))
    return len(due)


def tell_of_hard(*, case_id: int, n: int) -> int:
    """Who comes into the charge of a hard matter hears of it."""
    case = HardCase.objects.select_related("event").get(pk=case_id)
    step = HardStep.objects.select_related("lead__user").get(case=case, n=n)
    if step.verb not in ("put_on", "hand_over") or step.lead_id == step.actor_id:
        return 0
    return tell(case, [step.lead], "hard_in_charge", f"step:{n}")


def tell_of_hard_reminder(*, case_id: int, kind: str, at: str) -> int:
    """The leader in charge; after a working day, or where that post is vacant, the leaders of the centre."""
    case = HardCase.objects.select_related("event", "lead__user").get(pk=case_id)
    if case.ended_at is not None or case.review_at.isoformat() != at:
        return 0
    alone = case.lead.active and kind != "hard_climbed"
    people = [case.lead] if alone else queries.holding(case.centre_id, LEADER)
    return tell(case, people, kind, f"review:{at}")


def tell(case: HardCase, people: list[Posting], kind: str, name: str) -> int:
    return sum(
        notices.send(
            kind=kind, dedupe=f"hard:{case.pk}:{name}:{kind}:posting:{one.pk}", number=case.event.number,
            args={"due": clock.local(case.review_at).strftime("%m-%d %H:%M")}, language=one.user.language,
            to_posting=one.pk, unit=case.centre_id,
        )
        for one in people
    )  # fmt: skip
