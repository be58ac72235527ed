"""Areas were divided anew: names and things lie in the area in which their point lies now."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from onegrid.gazetteer.actions.names import keys_of
from onegrid.gazetteer.models import Named, Thing
from onegrid.kit import clock
from onegrid.org import actions as org
from onegrid.org import roles
from onegrid.org.roles import Actor

BATCH = 2_000


@transaction.atomic
def rezone(actor: Actor, *, names: Mapping[int, str], things: Mapping[int, str]) -> int:
    """Put names and things (by id) into these areas; a name is found by its new area too. Returns how many.

    Only the house: people change the point, and the area follows.
    """
    if not actor.has(roles.SYSTEM):
        raise org.Refused("wrong_role", _("Your role may not do this."))
    moved = [in_area(name, names[name.pk]) for name in Named.objects.filter(pk__in=names).defer("keys")]
    Named.objects.bulk_update(moved, ["area", "keys", "updated_at"], batch_size=BATCH)
    others = list(Thing.objects.filter(pk__in=things).only("pk"))
    for thing in others:
        thing.area = things[thing.pk]
    Thing.objects.bulk_update(others, ["area"], batch_size=BATCH)
    if moved or others:
        org.record(actor, "rezone", "named", names=len(moved), things=len(others))
    return len(moved) + len(others)


def in_area(name: Named, area: str) -> Named:
    said = {"name_zh": name.name_zh, "name_en": name.name_en, "aliases": name.aliases, "area": area}
    name.area, name.keys, name.updated_at = area, keys_of(said), clock.now()
    return name
