"""One message to the reporters of many events: frozen, released by a person, told event by event through `tell`."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from onegrid.events import queries
from onegrid.events.actions import life
from onegrid.events.actions.given import MAX_WORDS, NotGiven
from onegrid.events.models import Event, MassNotice, MassRow
from onegrid.events.queries import Filters, Reached
from onegrid.events.rules import filling
from onegrid.events.rules.mass_life import MASS
from onegrid.kit import clock, later, text
from onegrid.kit.workflow import NotAllowed, Refusal, allowed
from onegrid.org import actions as org
from onegrid.org import queries as org_queries
from onegrid.org.roles import DISPATCHER, Actor
from onegrid.org.rules import closed_list

AT_ONCE = 100


@transaction.atomic
def freeze(*, actor: Actor, words: str, filters: Filters) -> MassNotice:
    """Keep the words and the whole audience as they are now; nobody is told yet."""
    if not actor.at_centre or not actor.has(DISPATCHER):
        raise NotAllowed(Refusal("role", _("The centre's dispatcher writes mass notices.")))
    words, reached = text.tidy(words), queries.audience(actor, filters)
    check(actor, words, reached)
    assert actor.posting_id is not None
    assert actor.unit_id is not None
    notice = MassNotice.objects.create(
        area=actor.area, unit_id=actor.unit_id, made_by_id=actor.posting_id, made_at=clock.now(), words=words,
        audience={"category": filters.category, "area": filters.area, "state": filters.state, "level": filters.level},
        events=len(reached), receivers=sum(one.receivers for one in reached),
    )  # fmt: skip
    MassRow.objects.bulk_create(
        MassRow(notice=notice, number=one.event.number, receivers=one.receivers) for one in reached
    )
    org.record(actor, "mass_frozen", "mass_notice", notice.pk, receivers=notice.receivers)
    return notice


def check(actor: Actor, words: str, reached: list[Reached]) -> None:
    faults: dict[str, str] = {}
    if not words or len(words) > MAX_WORDS:
        faults["words"] = _("Please say something, at most 4,000 characters.")
    elif wrong := filling.faults(words) or closed_list.refuse(words):
        faults["words"] = wrong
    elif left := queries.blanks(actor, words, reached[: queries.MASS_MOST]):
        faults["words"] = _("%(blank)s would stay empty on some of the events.") % {"blank": left[0]}
    if not reached:
        faults["audience"] = _("Nobody can be told: no event fits, or its reporters cannot be reached.")
    elif len(reached) > queries.MASS_MOST:
        faults["audience"] = _("More than %(most)s events fit; narrow it down.") % {"most": queries.MASS_MOST}
    if faults:
        raise NotGiven(faults)


@transaction.atomic
def move_mass(*, actor: Actor, notice_id: int, verb: str) -> MassNotice:
    """Release or withdraw; raises MassNotice.DoesNotExist or NotAllowed. Released, a worker sends it."""
    queries.mass(actor, notice_id)
    notice = MassNotice.objects.select_for_update(of=("self",)).select_related("made_by").get(pk=notice_id)
    row = allowed(MASS.may(verb, notice, actor))
    notice.state = row.lands(notice.state)
    if verb == "release":
        notice.released_by_id, notice.released_at = actor.posting_id, clock.now()
        later.react("events.mass_released", notice_id=notice.pk)
    notice.finished_at = clock.now() if notice.state in MASS.final else None
    notice.save()
    org.record(actor, f"mass_{verb}", "mass_notice", notice.pk, receivers=notice.receivers)
    return notice


def send_some(*, notice_id: int) -> bool:
    """Tell the next hundred events, each by itself; whether there are more. Done again it tells nobody twice."""
    notice = MassNotice.objects.get(pk=notice_id)
    maker = org_queries.posting(notice.made_by_id)
    actor = Actor.of(maker) if maker else None
    for _one in range(AT_ONCE):
        if not send_next(notice, actor):
            finish(notice)
            return False
    return True


@transaction.atomic
def send_next(notice: MassNotice, actor: Actor | None) -> bool:
    """One row and its step in one transaction: what is marked as told was told, and the other way round."""
    waiting = notice.rows.filter(state="waiting", notice__state="sending").order_by("id")
    row = waiting.select_for_update(of=("self",), skip_locked=True).first()
    if row is None:
        return False
    row.why = tell(notice, actor, row.number)
    row.state = "skipped" if row.why else "told"
    row.save(update_fields=("state", "why"))
    return True


def tell(notice: MassNotice, actor: Actor | None, number: str) -> str:
    """Take the step; the code of what stands in the way, or nothing."""
    if actor is None:
        return "no_maker"
    try:
        if life.lock(actor, number).restricted:
            return "sealed"
        said = queries.words_for(actor, notice, number)
        if filling.blanks(said, {}):
            return "blank"
        given: dict[str, Any] = {"words": said}
        life.take(actor=actor, number=number, verb="tell", given=given)
    except Event.DoesNotExist:
        return "gone"
    except NotAllowed:
        return "not_now"
    return ""


@transaction.atomic
def finish(notice: MassNotice) -> None:
    """Sent when no row waits any more; another worker may still hold one."""
    now = MassNotice.objects.select_for_update().get(pk=notice.pk)
    if MASS.may("finish", now, Actor.system()) and not now.rows.filter(state="waiting").exists():
        now.state, now.finished_at = "sent", clock.now()
        now.save(update_fields=("state", "finished_at"))
