"""What is changed in a draft: each deed checked, worked out, and kept with the land before and after it."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from onegrid.events.actions import NotAllowed, NotGiven
from onegrid.kit import text
from onegrid.kit.partition import Spot, Unfit
from onegrid.kit.workflow import Refusal, allowed
from onegrid.org.models import in_reader_language
from onegrid.org.roles import Actor
from onegrid.territory import queries
from onegrid.territory.actions.redividing import locked, take
from onegrid.territory.models import Change, Redivision
from onegrid.territory.rules import drafting, words
from onegrid.territory.rules.drafting import Made, Rows
from onegrid.territory.rules.redivision_life import REDIVISION
from onegrid.territory.rules.unfit_words import UNFIT_WORDS

Asked = Mapping[str, Any]
MOST_SPOTS, MOST_MERGED, MOST_CHANGES = 500, 20, 200
MAX_NAME, MAX_PHONE = 60, 40
MOST_HOUSEHOLDS = 100_000


@transaction.atomic
def add_change(*, actor: Actor, redivision_id: int, version: int, kind: str, asked: Asked) -> Redivision:
    """Split, merge, draw, redraw, move, change, special or end; raises Redivision.DoesNotExist, NotAllowed, NotGiven.

    Places are longitude and latitude, WGS-84; grids are named by code, or by key where the draft made them.
    """
    one = locked(actor, redivision_id, version)
    row = allowed(REDIVISION.may("edit", one, actor))
    rows = queries.draft_rows(one)
    made = worked_out(one, rows, kind, asked)
    refuse_faulty(rows, made)
    n = one.changes.count() + 1
    if n > MOST_CHANGES:
        raise NotAllowed(Refusal("guard", _("A draft holds at most 200 changes; begin another one.")))
    Change.objects.create(
        redivision=one, n=n, kind=kind, asked=plain(asked), before=made.before, after=made.after
    )  # fmt: skip
    take(one, actor, row, "")
    return one


@transaction.atomic
def drop_change(*, actor: Actor, redivision_id: int, version: int) -> Redivision:
    """Take the last change back. Raises Redivision.DoesNotExist, NotAllowed."""
    one = locked(actor, redivision_id, version)
    row = allowed(REDIVISION.may("edit", one, actor))
    last = one.changes.order_by("-n").first()
    if last is None:
        raise NotAllowed(Refusal("guard", _("Nothing is changed yet.")))
    last.delete()
    take(one, actor, row, "")
    return one


def worked_out(one: Redivision, rows: Rows, kind: str, asked: Asked) -> Made:
    deed = DEEDS.get(kind)
    if deed is None:
        raise NotGiven({"kind": _("Choose one of the list.")})
    try:
        return deed(one, rows, asked)
    except Unfit as unfit:
        name = {"grid": row_name(rows[unfit.grid])} if unfit.grid else {"grid": ""}
        raise NotGiven({"drawing": str(UNFIT_WORDS[unfit.code]) % name}) from unfit


def row_name(row: drafting.Row) -> str:
    return in_reader_language(row["name_zh"], row["name_en"])


def refuse_faulty(rows: Rows, made: Made) -> None:
    """A deed leaves no land to nobody or to two; what was amiss before is not held against it."""
    for fault in queries.faults_of_deed(rows, made):
        if fault.kind in queries.GRAVE:
            said = _("This would make a fault: %(fault)s, %(size)s, at %(place)s. Do it otherwise.")
            raise NotGiven({"drawing": said % words.where(fault)})


def split(one: Redivision, rows: Rows, asked: Asked) -> Made:
    return drafting.split(rows, key=key_of(asked), line=spots(asked.get("line"), 2), fresh=fresh(one))


def merge(one: Redivision, rows: Rows, asked: Asked) -> Made:
    keys = list(dict.fromkeys(str(key) for key in listed(asked.get("keys"))))
    if not 2 <= len(keys) <= MOST_MERGED:
        raise NotGiven({"keys": _("Choose at least two neighbouring grids.")})
    return drafting.merge(rows, keys=keys, fresh=fresh(one))


def redraw(one: Redivision, rows: Rows, asked: Asked) -> Made:
    (at,) = spots([asked.get("at")], 1)
    to = spots([asked["to"]], 1)[0] if asked.get("to") else None
    return drafting.redraw(rows, at=at, to=to, new=bool(asked.get("new")))


def move(one: Redivision, rows: Rows, asked: Asked) -> Made:
    return drafting.move(rows, key=key_of(asked), parent=village(one, asked), fresh=fresh(one))


def change(one: Redivision, rows: Rows, asked: Asked) -> Made:
    return drafting.change(rows, key=key_of(asked), values=attributes(one, asked))


def draw(one: Redivision, rows: Rows, asked: Asked) -> Made:
    only = str(asked.get("only", ""))
    if only and drafting.known(rows, only, drafting.GRID)["parent"] != asked.get("parent"):
        raise Unfit("gone")
    return drafting.draw(rows, only=only, **outlined(one, asked))


def special(one: Redivision, rows: Rows, asked: Asked) -> Made:
    return drafting.special(rows, **outlined(one, asked))


def outlined(one: Redivision, asked: Asked) -> dict[str, Any]:
    """Outline, village and names of a grid that is drawn."""
    name = text.tidy(str(asked.get("name_zh", "")))
    if not 1 <= len(name) <= MAX_NAME:
        raise NotGiven({"name_zh": _("A Chinese name of at most 60 characters.")})
    english = text.tidy(str(asked.get("name_en", "")))[:MAX_NAME]
    return {
        "ring": spots(asked.get("ring"), 3), "parent": village(one, asked), "name_zh": name, "name_en": english,
        "fresh": fresh(one),
    }  # fmt: skip


def end(one: Redivision, rows: Rows, asked: Asked) -> Made:
    return drafting.end(rows, key=key_of(asked))


DEEDS: dict[str, Callable[[Redivision, Rows, Asked], Made]] = {
    "split": split, "merge": merge, "draw": draw, "redraw": redraw, "move": move, "change": change, "special": special,
    "end": end,
}  # fmt: skip


def fresh(one: Redivision) -> Callable[[], str]:
    """Keys for grids that get their code on the day: none twice in a draft, also of changes taken back."""
    used = [int(key[1:]) for change in one.changes.all() for key in change.after if key.startswith("n")]
    last = max(used, default=0)

    def following() -> str:
        nonlocal last
        last += 1
        return f"n{last}"

    return following


def attributes(one: Redivision, asked: Asked) -> dict[str, Any]:
    """Names, phones, households and workers of a grid, every fault at once."""
    name, english = text.tidy(str(asked.get("name_zh", ""))), text.tidy(str(asked.get("name_en", "")))
    phones = {field: text.tidy(str(asked.get(field, ""))) for field in ("phone", "supervision_phone")}
    faults = {field: _("At most 40 characters.") for field, phone in phones.items() if len(phone) > MAX_PHONE}
    if not 1 <= len(name) <= MAX_NAME:
        faults["name_zh"] = _("A Chinese name of at most 60 characters.")
    if len(english) > MAX_NAME:
        faults["name_en"] = _("At most 60 characters.")
    households, fault = households_of(str(asked.get("households", "") or ""))
    faults |= fault
    known = queries.workers_to_choose(one.area)
    workers = [int(one) for one in listed(asked.get("workers")) if str(one).isdecimal() and len(str(one)) < 19]
    if any(worker not in known for worker in workers):
        faults["workers"] = _("Choose grid workers from the list.")
    if faults:
        raise NotGiven(faults)
    return {"name_zh": name, "name_en": english, "households": households, "workers": sorted(set(workers)), **phones}


def households_of(given: str) -> tuple[int | None, dict[str, str]]:
    if not given.strip():
        return None, {}
    if given.isdecimal() and len(given) < 10 and int(given) <= MOST_HOUSEHOLDS:
        return int(given), {}
    return None, {"households": _("A whole number, at most 100,000.")}


def key_of(asked: Asked) -> str:
    return str(asked.get("key", ""))


def village(one: Redivision, asked: Asked) -> str:
    parent = str(asked.get("parent", ""))
    if parent not in {place.code for place in queries.villages(one.area)}:
        raise NotGiven({"parent": _("Choose a village or community from the list.")})
    return parent


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def spots(value: Any, fewest: int) -> list[Spot]:
    """Pairs of longitude and latitude, in their ranges."""
    pairs = listed(value)
    if not fewest <= len(pairs) <= MOST_SPOTS:
        raise NotGiven({"drawing": _("Draw it on the map, or give its points.")})
    return [spot(pair) for pair in pairs]


def spot(pair: Any) -> Spot:
    pair = listed(pair)
    numbers = [one for one in pair if isinstance(one, (int, float)) and math.isfinite(one)]
    if not len(pair) == len(numbers) == 2 or abs(numbers[0]) > 180 or abs(numbers[1]) > 90:
        raise NotGiven({"drawing": _("A point needs longitude and latitude.")})
    return float(numbers[0]), float(numbers[1])


def plain(asked: Asked) -> dict[str, Any]:
    """As it is kept: without what no text may hold."""
    return {str(name): tidied(value) for name, value in asked.items()}


def tidied(value: Any) -> Any:
    if isinstance(value, list):
        return [tidied(one) for one in value]
    return text.tidy(value) if isinstance(value, str) else value
