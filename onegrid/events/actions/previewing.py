"""How a reporter would see a step before it is taken: the event and its clocks in memory only; nothing is written."""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from onegrid.events import queries
from onegrid.events.actions import life
from onegrid.events.models import Event, Report, Step
from onegrid.events.queries import Tracked
from onegrid.events.rules import deadlines
from onegrid.events.workflow import EVENT
from onegrid.kit import clock
from onegrid.kit.workflow import NotAllowed, Refusal
from onegrid.kit.workflow import Step as Row
from onegrid.org import queries as org
from onegrid.org.roles import Actor

# A result is shown to its reporter once somebody else has checked it.
THEN = {"resolve": "pass_check"}


def preview(*, actor: Actor, number: str, verb: str, given: dict[str, Any]) -> Tracked:
    """The page of the first voice as it would be; raises Event.DoesNotExist or NotAllowed."""
    event = queries.seen_by(actor, Event.objects.select_related("owner", "handler", "holder")).get(number=number)
    report = Report.objects.filter(event=event).order_by("id")[0]
    history, steps = life.moves(event), queries.public_steps(event)
    for one in (verb, THEN.get(verb, "")):
        if one:
            steps.append(tried(event, row_of(one, event.state), actor, given if one == verb else {}, history))
    clocks = deadlines.clocks(history, org.calendar(event.area))
    found = queries.tracked(event, report, steps, clocks)
    if report.protected and not queries.knows(actor, event):
        return replace(found, looks=[], unsealings=[], told=False)
    return found


def row_of(verb: str, state: str) -> Row:
    for row in EVENT.rows(verb):
        if state in row.sources:
            return row
    raise NotAllowed(Refusal("state", _("Not possible in this state.")))


def tried(event: Event, row: Row, actor: Actor, given: dict[str, Any], history: list[deadlines.Move]) -> Step:
    """Move the event in memory as the step would; the words are never sealed, for they are kept nowhere."""
    now, n = clock.now(), history[-1].n + 1
    facts = {name: given[name] for name in ("days", "review_on", "reason") if given.get(name)}
    facts["limits"] = {name: limit.row() for name, limit in life.limits_of(event, row.verb).items()}
    if row.verb == "extend" and str(given.get("days", "")).isdecimal():
        facts["extension"] = ["clock", int(given["days"]), "days"]
    from_state, event.state = event.state, row.lands(event.state)
    event.result, event.reason = given.get("result", event.result), given.get("reason", event.reason)
    life.settle(event)
    history.append(deadlines.Move.of(n, row.verb, from_state, event.state, now, facts))
    life.wind(event, history, now)
    return Step(
        event=event, n=n, verb=row.verb, from_state=from_state, to_state=event.state, unit_id=actor.unit_id, at=now,
        actor_id=actor.posting_id, public=True, words=given.get("words") or given.get("result", ""), facts=facts,
    )  # fmt: skip
