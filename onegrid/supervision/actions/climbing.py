"""What time itself does with orders: silence climbs once, what has lost its ground ends, words follow the seal."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from onegrid.kit import clock, later
from onegrid.org.roles import Actor
from onegrid.supervision import queries
from onegrid.supervision.actions.applying import speak
from onegrid.supervision.actions.orders import end, locked, write
from onegrid.supervision.models import Order, OrderStep

BATCH = 500
HOUSE = Actor.system()


@dataclass
class Climbed:
    """How much one sweep did."""

    ended: int = 0
    climbed: int = 0


def sweep_orders() -> Climbed:
    """One round over all orders; each in a transaction of its own, safe to run at any time and by many at once."""
    done = Climbed()
    for pk in list(queries.orphans().order_by("id").values_list("pk", flat=True)[:BATCH]):
        done.ended += end_orphan(order_id=pk)
    for pk in list(queries.unanswered().order_by("reply_by", "id").values_list("pk", flat=True)[:BATCH]):
        done.climbed += climb(order_id=pk)
    return done


@transaction.atomic
def end_orphan(*, order_id: int) -> bool:
    """The matter ended or left the unit: nothing is asked any more, if under the lock that is still so."""
    order = locked(HOUSE, order_id)
    if not queries.orphans().filter(pk=order_id).exists():
        return False
    end(order, "event_ended" if order.event.closed_at else "left_unit")
    return True


@transaction.atomic
def climb(*, order_id: int) -> bool:
    """The day passed without a reply: said once to the unit's leaders and to the centre, for each day that was set."""
    order = locked(HOUSE, order_id)
    if not queries.unanswered().filter(pk=order_id).exists():
        return False
    order.unanswered_at = clock.now()
    order.save(update_fields=("unanswered_at",))
    step = write(order, "climb", HOUSE)
    later.react("supervision.order_unanswered", order_id=order.pk, n=step.n)
    for rule in queries.speaking(order.event, "unanswered"):
        speak(rule, order.event, f"order:{order.pk}:{step.n}", order)
    return True


def seal_words() -> int:
    """Words follow the matter: sealed when it was sealed later, gone when its time of keeping is over."""
    rows: tuple[type[Order] | type[OrderStep], ...] = (Order, OrderStep)
    done = 0
    for model, way in zip(rows, ("event", "order__event"), strict=True):
        plain = Q(**{f"{way}__restricted": True}) & ~Q(words="")
        kept = Q(**{f"{way}__erased_at__isnull": False}) & (~Q(words="") | Q(words_sealed__isnull=False))
        for pk in list(model.objects.filter(plain | kept).values_list("pk", flat=True)[:BATCH]):
            done += seal_row(model, pk)
    return done


@transaction.atomic
def seal_row(model: type[Order] | type[OrderStep], pk: int) -> bool:
    row = model.objects.select_for_update(of=("self",)).get(pk=pk)
    event = row.event if isinstance(row, Order) else row.order.event
    row.keep_words("" if event.erased_at else row.told(), restricted=event.restricted)
    row.save(update_fields=("words", "words_sealed"))
    return True
