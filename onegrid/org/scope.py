"""Which rows exist for an actor: the only scoping function of the house (data.md 5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from onegrid.kit.literal import literal
from onegrid.org import roles
from onegrid.org.roles import Actor

Row = TypeVar("Row", bound=Model)

# Models that everybody may read whole: names and lines of places, offices, days of the calendar.
PUBLIC_MODELS = frozenset(
    {"org.Area", "org.Unit", "org.CalendarDay", "org.WorkingHours", "gazetteer.Named", "insight.OutlineSheet"}
)
TOWN_DIGITS = 9


class NoScope(TypeError):
    """A model was read through visible_to without saying where its units are."""


@dataclass(frozen=True)
class Scope:
    """Name the columns that decide who sees a row; all of the same table, so that a list keeps its index.

    `place` is the area in which a row holds: it is seen from there, from over it, and from all that lies in it.
    `public` says that a row is for everybody; the other rows of such a table are for whoever works here.
    `through` names a foreign key instead: the row is seen by whoever sees that parent.
    A scope without any column (SEALED) shows rows to nobody but the system.
    """

    area: str = ""
    town: str = ""
    units: tuple[str, ...] = ()
    unit_lists: tuple[str, ...] = ()
    reporter: str = ""
    owner: str = ""
    restricted: str = ""
    about: str = ""
    place: str = ""
    public: str = ""
    through: str = ""


SEALED = Scope()


def visible_to(actor: Actor, rows: QuerySet[Row]) -> QuerySet[Row]:
    """Keep the rows that exist for this actor; raise NoScope for a model that does not declare its scope."""
    if rows.model._meta.label in PUBLIC_MODELS:
        return rows
    scope, prefix = declared(rows.model)
    if actor.has(roles.SYSTEM):
        return rows
    if scope.public:
        return rows if actor.posting_id is not None else rows.filter(**{f"{prefix}{scope.public}": True})
    condition = arms(actor, scope, prefix)
    return rows.none() if condition is None else rows.filter(condition)


def declared(model: type[Model], prefix: str = "") -> tuple[Scope, str]:
    """Return the model's scope and the path to the table that carries its columns."""
    scope = getattr(model, "scope", None)
    if not isinstance(scope, Scope):
        raise NoScope(f"{model._meta.label} declares no scope")
    if not scope.through:
        return scope, prefix
    parent = model._meta.get_field(scope.through).related_model
    assert isinstance(parent, type)
    assert issubclass(parent, Model)
    return declared(parent, f"{prefix}{scope.through}__")


def arms(actor: Actor, scope: Scope, prefix: str) -> Q | None:
    """Join what the actor sees by area, by unit, as reporter and by place; None when no arm applies."""
    if actor.posting_id is None or actor.has(*roles.ADMINISTRATORS):
        return None
    answers = (by_area(actor, scope), by_unit(actor, scope), by_reporter(actor, scope), by_place(actor, scope))
    found = [arm for arm in answers if arm is not None]
    if not found:
        return None
    condition = found[0]
    for arm in found[1:]:
        condition |= arm
    return moved(condition & not_about_own_unit(actor, scope), prefix)


def by_area(actor: Actor, scope: Scope) -> Q | None:
    if not scope.area or not actor.area or not sees_by_area(actor):
        return None
    condition = inside(actor.area, scope)
    if not scope.restricted or is_on_duty(actor):
        return condition
    open_rows = Q(**{scope.restricted: False})
    if scope.owner and actor.has(roles.CHECKER):
        open_rows |= Q(**{scope.owner: actor.unit_id})
    return condition & open_rows


def is_on_duty(actor: Actor) -> bool:
    """Tell whether this is one of the centre's named duty officers, who may see restricted rows."""
    return actor.at_centre and actor.has(*roles.DUTY)


def sees_by_area(actor: Actor) -> bool:
    return actor.has(*roles.ROAMING) or (actor.at_centre and actor.has(*roles.CENTRE))


def inside(code: str, scope: Scope) -> Q:
    """Inside an area is a range on the significant prefix; ":" follows "9" in C order."""
    condition = Q(**{f"{scope.area}__gte": literal(code), f"{scope.area}__lt": literal(code + ":")})
    if scope.town and len(code) >= TOWN_DIGITS:
        condition &= Q(**{scope.town: literal(code[:TOWN_DIGITS])})
    return condition


def by_unit(actor: Actor, scope: Scope) -> Q | None:
    if actor.unit_id is None or not actor.has(*roles.UNIT) or not (scope.units or scope.unit_lists):
        return None
    condition = Q()
    for column in scope.units:
        condition |= Q(**{column: actor.unit_id})
    for column in scope.unit_lists:
        condition |= Q(**{f"{column}__contains": [actor.unit_id]})
    if not scope.restricted or actor.has(roles.HANDLER) or is_on_duty(actor):
        return condition
    return condition & Q(**{scope.restricted: False})


def by_reporter(actor: Actor, scope: Scope) -> Q | None:
    """What one reported oneself; a restricted row leaves these lists too, its receipt still opens it."""
    if not scope.reporter:
        return None
    condition = Q(**{scope.reporter: actor.posting_id})
    return condition & Q(**{scope.restricted: False}) if scope.restricted else condition


def by_place(actor: Actor, scope: Scope) -> Q | None:
    """What holds in a place holds for everybody there and below; who stands over it sees it too."""
    if not scope.place or not actor.area:
        return None
    over = [actor.area[:end] for end in range(1, len(actor.area))]
    return inside(actor.area, Scope(area=scope.place)) | Q(**{f"{scope.place}__in": over})


def not_about_own_unit(actor: Actor, scope: Scope) -> Q:
    """A complaint about an office, its employer or its contractors is never seen there."""
    if not scope.about or actor.unit_id is None:
        return Q()
    return ~Q(**{f"{scope.about}__contains": [actor.unit_id]})


def moved(condition: Q, prefix: str) -> Q:
    """Put the path of a parent before every column of the condition."""
    if not prefix:
        return condition
    children = [
        moved(child, prefix) if isinstance(child, Q) else (prefix + child[0], child[1])  # type: ignore[index]
        for child in condition.children
    ]
    return Q(*children, _connector=condition.connector, _negated=condition.negated)
