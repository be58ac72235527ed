"""The engine of every life: a table of steps, and one question asked of it, `may`.

A `Workflow` is data: buttons, API, deadline sweep, generated diagrams and tests all read the same table.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SAME = "="
Words = str | Promise


class Actor(Protocol):
    """Who acts: a posting, the reporter, a stranger or the house itself."""

    @property
    def unit_id(self) -> int | None: ...

    @property
    def roles(self) -> frozenset[str]: ...


class Case(Protocol):
    """What has a life: anything with a state; units are read by attribute name (`handler_id`, …)."""

    state: str


@dataclass(frozen=True)
class Refusal:
    """A falsy no with its reason; `code` is one of state, role, unit, guard, missing, version."""

    code: str
    reason: Words

    def __bool__(self) -> bool:
        return False


class NotAllowed(Exception):
    """A step that may not be taken now; carries the refusal. Doors answer 409."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal.reason))
        self.refusal = refusal


@dataclass(frozen=True)
class By:
    """Who: one of the roles, and, with a key, only in the unit (or one of the units) that the case names there."""

    roles: frozenset[str]
    key: str = ""

    def admits(self, case: Case, actor: Actor) -> bool:
        if not self.roles & actor.roles:
            return False
        return not self.key or (actor.unit_id is not None and actor.unit_id in self.units(case))

    def units(self, case: Case) -> tuple[int, ...]:
        """The units that the case names, nearest first; empty where the roles alone decide."""
        named = getattr(case, self.key) if self.key else None
        if isinstance(named, tuple):
            return named
        return () if named is None else (named,)

    def role_fits(self, actor: Actor) -> bool:
        return bool(self.roles & actor.roles)


def at(key: str, *roles: str) -> By:
    """The roles, bound to the unit in `case.<key>_id`: with roles alone a street could answer for the fire brigade."""
    return By(frozenset(roles), f"{key}_id")


def among(key: str, *roles: str) -> By:
    """The roles, in any of the units in the tuple `case.<key>`."""
    return By(frozenset(roles), key)


def having(*roles: str) -> By:
    return By(frozenset(roles))


Guard = Callable[[Any, Any], Refusal | None]
When = Callable[[Any], Refusal | None]


@dataclass(frozen=True)
class Step:
    """One row of the table. `asked_by`: who may ask for it first; then `by` are those who decide.

    `when` says for which cases the row stands in the table at all, whoever acts; it returns why not for the others.
    """

    verb: str
    sources: tuple[str, ...]
    target: str
    by: tuple[By, ...]
    needs: tuple[str, ...] = ()
    asked_by: tuple[By, ...] = ()
    guards: tuple[Guard, ...] = ()
    ask_guards: tuple[Guard, ...] = ()
    undoable: bool = False
    when: When | None = None

    def stands(self, case: Any) -> Refusal | None:
        """None where this row is for this case, else why it is not."""
        return self.when(case) if self.when is not None else None

    def lands(self, state: str) -> str:
        return state if self.target == SAME else self.target


def state_of(case: Case) -> str:
    return case.state


@dataclass(frozen=True)
class Workflow:
    """The life of one noun. `standing`: where a case stands in it, if a relation can take it out of its state."""

    name: str
    start: str
    final: tuple[str, ...]
    steps: tuple[Step, ...]
    labels: dict[str, Words] = field(default_factory=dict)
    standing: Callable[[Any], str] = state_of

    def states(self) -> tuple[str, ...]:
        found = dict.fromkeys([self.start])
        for step in self.steps:
            found.update(dict.fromkeys(step.sources))
            found.update(dict.fromkeys([step.target] if step.target != SAME else []))
        return tuple(found)

    def verbs(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(step.verb for step in self.steps))

    @cached_property
    def by_verb(self) -> dict[str, tuple[Step, ...]]:
        return {verb: tuple(step for step in self.steps if step.verb == verb) for verb in self.verbs()}

    def rows(self, verb: str) -> tuple[Step, ...]:
        return self.by_verb.get(verb, ())

    def may(self, verb: str, case: Case, actor: Actor) -> Step | Refusal:
        """The row to take now, or a falsy refusal with the reason a person can read."""
        return self._find(verb, case, actor, lambda step: (step.by, step.guards))

    def may_ask(self, verb: str, case: Case, actor: Actor) -> Step | Refusal:
        """The same for asking (`asked_by`): objection, extension, suspension, closing of a grave matter, void."""
        return self._find(verb, case, actor, lambda step: (step.asked_by, step.ask_guards))

    def asks(self, verb: str, case: Case) -> bool:
        """Whether this verb, of this case as it stands, is asked for first and then decided."""
        rows, standing = self.rows(verb), self.standing(case)
        now = [step for step in rows if standing in step.sources and step.stands(case) is None]
        return any(step.asked_by for step in now) if now else all(step.asked_by for step in rows)

    def deciders(self, verb: str, case: Case) -> list[tuple[str, int]]:
        """Role and unit of those who decide what was asked for, nearest unit first."""
        now = [step for step in self.rows(verb) if step.asked_by and step.stands(case) is None]
        pairs = [(role, unit) for step in now for by in step.by for unit in by.units(case) for role in sorted(by.roles)]
        return list(dict.fromkeys(pairs))

    def _find(
        self,
        verb: str,
        case: Case,
        actor: Actor,
        who: Callable[[Step], tuple[Iterable[By], Iterable[Guard]]],
    ) -> Step | Refusal:
        refusal, standing = Refusal("state", _("Not possible in this state.")), self.standing(case)
        for step in self.rows(verb):
            if standing not in step.sources:
                continue
            found = _admit(step, case, actor, *who(step))
            if isinstance(found, Step):
                return found
            refusal = max(refusal, found, key=lambda one: CLOSENESS.get(one.code, 0))
        return refusal


def allowed(answer: Step | Refusal) -> Step:
    """The row that `may` or `may_ask` found; an action raises its refusal: NotAllowed."""
    if isinstance(answer, Step):
        return answer
    raise NotAllowed(answer)


# Of several rows for the same verb the one that came closest says why not.
CLOSENESS = {"role": 1, "unit": 2, "guard": 3}


def _admit(step: Step, case: Case, actor: Actor, by: Iterable[By], guards: Iterable[Guard]) -> Step | Refusal:
    by = tuple(by)
    if not any(one.admits(case, actor) for one in by):
        if any(one.role_fits(actor) for one in by):
            return Refusal("unit", _("Another unit holds this now."))
        return Refusal("role", _("Your post does not take this step."))
    if (refusal := step.stands(case)) is not None:
        return refusal
    for guard in guards:
        if (refusal := guard(case, actor)) is not None:
            return refusal
    return step
