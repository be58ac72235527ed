"""Who is told of a step of a re-division: whoever decides next, whoever drafted and approved it, whose grid changed,
who works in none any more, and who has to look at what did not go along."""

from onegrid.notices import actions as notices
from onegrid.org import queries as places
from onegrid.org.models import Posting
from onegrid.org.roles import ADMIN_SYSTEM, GRID_HEAD, LEADER, WORKER, Actor
from onegrid.territory import queries
from onegrid.territory.models import Redivision, RedivisionStep
from onegrid.territory.rules import outcome as rules
from onegrid.territory.rules.drafting import Rows
from onegrid.territory.rules.outcome import Outcome

# verb -> what those hear who drafted it and who approved it.
HEARD = {
    "send_back": "redivision_back", "approve": "redivision_approved", "withdraw": "redivision_withdrawn",
    "undo": "redivision_undone", "lapse": "redivision_lapsed", "apply": "redivision_effective",
}  # fmt: skip
# A message names so many grids; the rest stands on the person's page.
MOST_NAMED = 5


def tell_of_redivision(*, redivision_id: int, n: int) -> int:
    """Messages of one step, each once however often the job is done; nobody hears of the own deed."""
    one = Redivision.objects.select_related("made_by__user").get(pk=redivision_id)
    step = RedivisionStep.objects.select_related("actor").get(redivision=one, n=n)
    doer = step.actor.user_id if step.actor else None
    if step.verb == "submit":
        # Decided by now, it waits for nobody.
        waits = one.state == step.to_state
        leaders = places.postings_with(LEADER, one.unit_id) if waits else []
        others = [leader for leader in leaders if leader.user_id != one.made_by.user_id]
        return tell(one, others, "redivision_to_approve", n, doer)
    told = tell(one, concerned(one), HEARD[step.verb], n, doer)
    return told + (tell_of_effect(one, n) if step.verb == "apply" else 0)


def tell_of_effect(one: Redivision, n: int) -> int:
    """Workers of their grids, and those who keep the grids of whom and of what they have to see to."""
    found = queries.in_effect(one)
    told = tell_workers(one, found, n) + tell_who_lost(one, found, n)
    keepers = {row.user_id: row for role in (LEADER, ADMIN_SYSTEM) for row in places.postings_with(role, one.unit_id)}
    if queries.without_grid(one, found):
        told += tell(one, list(keepers.values()), "redivision_idle", n, None)
    if any(row.look for row in queries.carrying(found, queries.ended_with(one, found))):
        told += tell(one, list(keepers.values()), "redivision_left", n, None)
    return told


def concerned(one: Redivision) -> list[Posting]:
    """Who drafted it, and who has approved it, while they are in office."""
    approval = one.steps.filter(verb="approve").order_by("-n").first()
    ids = [one.made_by_id, *([approval.actor_id] if approval and approval.actor_id else [])]
    return [posting for pk in ids if (posting := places.posting(pk))]


def tell(one: Redivision, people: list[Posting], kind: str, n: int, doer: int | None) -> int:
    return sum(
        notices.send(
            kind=kind, dedupe=f"redivision:{one.pk}:{n}:{kind}:user:{person.user_id}", number="",
            args={"what": one.title, "due": one.effective_on.isoformat(), "redivision": one.pk},
            language=person.user.language, to_posting=person.pk, unit=one.unit_id,
        )
        for person in people if person.user_id != doer
    )  # fmt: skip


def tell_workers(one: Redivision, found: Outcome, n: int) -> int:
    """One message to each who works in a grid that is new, or another than before, with the names of these grids."""
    postings: dict[int, list[Posting]] = {}
    for posting in places.posted_for(list(found.will)):
        if {WORKER, GRID_HEAD} & set(posting.roles) and concerns(found, posting):
            postings.setdefault(posting.user_id, []).append(posting)
    return sum(tell_person(one, n, "grid_now", own[0], grid_names(found.will, own)) for own in postings.values())


def tell_who_lost(one: Redivision, found: Outcome, n: int) -> int:
    """One message to each who works in none of its grids any more, under another posting if there is one."""
    told = 0
    for own in queries.who_lost(one, found).values():
        other = places.postings_of(Actor.of(own[0]))
        names = grid_names(found.was, own)
        told += tell_person(one, n, "grid_lost", other[0] if other else own[0], names)
    return told


def tell_person(one: Redivision, n: int, kind: str, posting: Posting, what: str) -> bool:
    return notices.send(
        kind=kind, dedupe=f"redivision:{one.pk}:{n}:{kind}:user:{posting.user_id}", number="", args={"what": what},
        language=posting.user.language, to_posting=posting.pk, unit=one.unit_id,
    )  # fmt: skip


def concerns(found: Outcome, posting: Posting) -> bool:
    """Whether the grid is another one for this person: new, of another name or land, or the person is new in it."""
    was, will = found.was.get(posting.area), found.will[posting.area]
    if was is None or posting.user_id not in was["workers"]:
        return True
    return rules.land_differs(was, will) or any(was[name] != will[name] for name in ("name_zh", "name_en"))


def grid_names(grids: Rows, postings: list[Posting]) -> str:
    """The names of the grids in the language of the person."""
    english = postings[0].user.language == "en"
    rows = [grids[posting.area] for posting in sorted(postings, key=lambda posting: posting.area)]
    names = [row["name_en"] if english and row["name_en"] else row["name_zh"] for row in rows]
    return (", " if english else "、").join([*names[:MOST_NAMED], *(["…"] if len(names) > MOST_NAMED else [])])
