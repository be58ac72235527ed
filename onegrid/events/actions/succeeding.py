"""Places end and others follow them: dispatching rules and reply templates that name a former one go to each."""

from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from onegrid.events import queries
from onegrid.events.models import ReplyTemplate, Route
from onegrid.kit.succession import Following, Heirs
from onegrid.org import actions as org
from onegrid.org import roles
from onegrid.org.roles import Actor


@transaction.atomic
def succeed_places(actor: Actor, *, heirs: Heirs) -> int:
    """Only the house may. Returns how many rows went along; rules that would contradict each other stay as they are."""
    if not actor.has(roles.SYSTEM):
        raise org.Refused("wrong_role", _("Your role may not do this."))
    routes, templates = queries.routes_following(heirs), queries.templates_following(heirs)
    Route.objects.filter(pk__in=routes.doubled).delete()
    ReplyTemplate.objects.filter(pk__in=templates.doubled).update(active=False)
    moved = go(Route, routes) + go(ReplyTemplate, templates)
    if moved:
        org.record(actor, "succeed_places", "event", routes=len(routes.goes), templates=len(templates.goes))
        queries.forget_reference()
    return moved


def go(model: type[Model], found: Following) -> int:
    """The row itself to the first place that follows, copies of it to the others."""
    copies = []
    for row in model._default_manager.select_for_update().filter(pk__in=found.goes):
        first, *others = found.goes[row.pk]
        copies += [copy(row, area) for area in others]
        model._default_manager.filter(pk=row.pk).update(area=first)
    model._default_manager.bulk_create(copies)
    return len(found.goes)


def copy(row: Model, area: str) -> Model:
    values: dict[str, Any] = {one.attname: getattr(row, one.attname) for one in row._meta.concrete_fields}
    return type(row)(**(values | {"id": None, "area": area}))
