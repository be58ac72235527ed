"""Putting something up on the notice board, and taking it down."""

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from onegrid.events.actions import NotAllowed, NotGiven
from onegrid.kit import clock, text
from onegrid.kit.workflow import Refusal
from onegrid.org import actions as org
from onegrid.org import queries as places
from onegrid.org.roles import Actor
from onegrid.org.scope import visible_to
from onegrid.supervision import queries
from onegrid.supervision.models import BoardNotice

MAX_TITLE, MAX_WORDS = 80, 2000
LONGEST = timedelta(days=366)


@transaction.atomic
def put_up(
    *, actor: Actor, title: str, words: str, since: str, until: str, pinned: bool = False,
    circular_id: int | None = None,
) -> BoardNotice:  # fmt: skip
    """For everybody in the area of the actor's centre. Raises NotAllowed, NotGiven."""
    unit = places.unit_by_id(actor.unit_id)
    if unit is None or not queries.may_put_up(actor):
        raise NotAllowed(Refusal("role", _("A dispatcher or leader of a centre puts notices up.")))
    title, words = text.tidy(title), text.tidy(words)
    faults = faults_of(title, words)
    if circular_id is not None and circular_id not in {one.pk for one in queries.circulars_to_hang(actor)}:
        faults["circular"] = _("Choose a published circular of this centre.")
    first, last = days(actor, since, until, faults)
    if faults:
        raise NotGiven(faults)
    assert actor.posting_id is not None
    made = BoardNotice.objects.create(
        unit_id=unit.pk, area=unit.area, title=title, words=words, since=first, until=last, pinned=pinned,
        circular_id=circular_id, made_by_id=actor.posting_id, made_at=clock.now(),
    )  # fmt: skip
    org.record(actor, "board_up", "board_notice", made.pk)
    return made


def faults_of(title: str, words: str) -> dict[str, str]:
    faults = {}
    if not title or len(title) > MAX_TITLE:
        faults["title"] = _("A title of at most 80 characters.")
    if not words or len(words) > MAX_WORDS:
        faults["words"] = _("Please say something, at most 2,000 characters.")
    return faults


def days(actor: Actor, since: str, until: str, faults: dict[str, str]) -> tuple[date, date]:
    """The first and the last day; what is wrong with them joins the faults."""
    today = queries.today(actor)
    try:
        first, last = date.fromisoformat(since), date.fromisoformat(until)
    except ValueError:
        faults["until"] = _("Give the first and the last day.")
        return today, today
    if not first <= last or last < today:
        faults["until"] = _("The last day is not before the first, and not over.")
    elif last - first >= LONGEST:
        faults["until"] = _("At most a year.")
    return first, last


@transaction.atomic
def take_down(*, actor: Actor, board_id: int) -> BoardNotice:
    """By the centre that put it up. Raises BoardNotice.DoesNotExist, NotAllowed."""
    rows = visible_to(actor, BoardNotice.objects.select_for_update(of=("self",)))
    notice = rows.get(pk=board_id)
    if not queries.may_put_up(actor):
        raise NotAllowed(Refusal("role", _("A dispatcher or leader of a centre puts notices up.")))
    if notice.unit_id != actor.unit_id:
        raise NotAllowed(Refusal("unit", _("Another centre put it up.")))
    if notice.taken_down_at is not None:
        raise NotAllowed(Refusal("state", _("It was taken down already.")))
    notice.taken_down_at, notice.taken_down_by_id = clock.now(), actor.posting_id
    notice.save(update_fields=("taken_down_at", "taken_down_by"))
    org.record(actor, "board_down", "board_notice", notice.pk)
    return notice
