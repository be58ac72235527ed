"""`onegrid load_supervision FOLDER --by USER`: rules, plans and a duty roster of a centre, and what is set going.

A meeting, joint work on a place, a circular; a hard matter once a matter fits: run again, only what is missing comes.
"""

import json
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from onegrid.kit import clock
from onegrid.kit.working_time import ONE_DAY
from onegrid.org import queries as org
from onegrid.org.roles import Actor
from onegrid.supervision import actions, queries
from onegrid.supervision.management import lives
from onegrid.supervision.rules.roster import Series, slots

Load = Callable[[Actor, Any], int]


class Command(BaseCommand):
    help = "Load the JSON files of a folder (rules, plans, roster, meetings …); what is there already stays as it is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--by", required=True, help="user name of the leader of the centre")

    def handle(self, *args: Any, **options: Any) -> None:
        posting = org.posting_of_user(options["by"])
        if posting is None:
            raise CommandError(f"nobody works here as {options['by']}")
        actor, folder = Actor.of(posting), options["folder"]
        counts = [f"{loaded(actor, folder, name, load)} {words}" for name, words, load in PARTS]
        self.stdout.write(f"{', '.join(counts)} loaded")


def loaded(actor: Actor, folder: Path, name: str, load: Load) -> int:
    """One file as a whole, or nothing of it."""
    given = rows(folder, name)
    try:
        with transaction.atomic():
            return load(actor, given)
    except (actions.NotAllowed, actions.NotGiven, KeyError, TypeError) as refused:
        raise CommandError(f"{folder / name}.json: {refused!r}") from refused


def rows(folder: Path, name: str) -> Any:
    """What the file holds; nothing where there is none."""
    path = folder / f"{name}.json"
    try:
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    except ValueError as wrong:
        raise CommandError(f"{path}: {wrong}") from wrong


def rules(actor: Actor, given: list[dict[str, str]]) -> int:
    known = {(one.trigger, one.amount, one.action) for one in queries.rules_of(actor)}
    fresh = [row for row in given if (row["trigger"], int(row["amount"]), row["action"]) not in known]
    for row in fresh:
        actions.keep_rule(actor=actor, wish=actions.Wish(**{"area": actor.area, **row}))
    return len(fresh)


def plans(actor: Actor, given: list[dict[str, Any]]) -> int:
    known = {one.plan.name for one in queries.plans(actor)}
    fresh = [row for row in given if row["name"] not in known]
    for row in fresh:
        actions.keep_plan(actor=actor, given={"area": actor.area, **row})
    return len(fresh)


def roster(actor: Actor, given: dict[str, Any] | list[Any]) -> int:
    """In turns, with the shift that runs, also that of last night; none where the unit has shifts ahead."""
    ahead = queries.standing().filter(roster__unit=actor.unit_id, ends__gt=clock.now())
    if not isinstance(given, dict) or ahead.exists():
        return 0
    postings = [org.posting_of_user(name) for name in given["people"]]
    people = [one.pk for one in postings if one is not None]
    yesterday = clock.local(clock.now()).date() - ONE_DAY
    begins, ends = (time.fromisoformat(given[name]) for name in ("begins", "ends"))
    series = Series(people, yesterday, given["days"] + 1, begins, ends)
    drawn = [slot for slot in slots(series, org.calendar(actor.area)) if slot.ends > clock.now()]
    return len(actions.roster(actor=actor, kind=given["kind"], place=1, slots=drawn))


# File, what is counted, how it is loaded.
PARTS: tuple[tuple[str, str, Load], ...] = (
    ("rules", "rules", rules),
    ("plans", "plans", plans),
    ("roster", "shifts of duty", roster),
    ("meetings", "meetings", lives.meetings),
    ("places", "joint works on places", lives.place_works),
    ("circulars", "circulars", lives.circulars),
    ("hard", "hard matters", lives.hard_cases),
)
