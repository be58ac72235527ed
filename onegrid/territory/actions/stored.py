"""Files of areas as the house imports them (`org.actions.imports`): by the same plans as the commands."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from onegrid.kit.progress import Tell
from onegrid.org import actions as org
from onegrid.org import queries as places
from onegrid.org.actions import Bad, Looked, Work
from onegrid.org.models import Import
from onegrid.territory.actions import importing
from onegrid.territory.actions.importing import AreaPlan, BoundaryPlan
from onegrid.territory.adapters.tables import Unreadable
from onegrid.territory.rules import report, words
from onegrid.territory.rules.boundaries import REFUSED, NoSystem, Row, Wish
from onegrid.territory.rules.pictures import Picture, picture

# Pictures of so many rows and of so many faults between grids.
MOST_PICTURES = 40
UNFIT = (Unreadable, NoSystem)


def import_areas(import_id: int) -> None:
    org.work_import(import_id, Work(
        plan=lambda _one, raw, tell: importing.plan_areas(raw, tell), looked=looked_at_areas,
        write=lambda actor, _one, plan: counts(importing.write_areas(actor, plan)),
        state=state_of_areas, unfit=UNFIT,
    ))  # fmt: skip


def import_boundaries(import_id: int) -> None:
    org.work_import(import_id, Work(
        plan=plan_of_boundaries, looked=looked_at_boundaries,
        write=lambda actor, _one, plan: counts(importing.write_boundaries(actor, plan)),
        state=state_of_areas, unfit=UNFIT,
    ))  # fmt: skip


def state_of_areas(_one: Import, lock: bool) -> str:
    if lock:
        org.hold_areas()
    return places.areas_state()


def counts(placed: org.Placed) -> dict[str, int]:
    return placed._asdict()


def looked_at_areas(_one: Import, plan: AreaPlan) -> Looked:
    bad = [Bad(row.line, row.code, row.reason) for row in plan.bad]
    told = report.of_areas(plan.divisions, plan.renamed, plan.known, len(bad))
    return Looked(told, bad, report.stops(plan.divisions))


def plan_of_boundaries(one: Import, raw: bytes, tell: Tell) -> BoundaryPlan:
    asked = one.asked
    return importing.plan_boundaries(raw, Wish(asked["system"], asked["code_field"], asked["level"]), tell=tell)


def looked_at_boundaries(_one: Import, plan: BoundaryPlan) -> Looked:
    around = [row.reading.outline for row in plan.rows if row.reading.outline is not None]
    speaking = sorted((row for row in plan.rows if row.state == REFUSED or row.reading.faults),
                      key=lambda row: (row.state != REFUSED, row.line))  # fmt: skip
    drawn = {row.line: drawing(row) for row in [one for one in speaking if one.reading.faults][:MOST_PICTURES]}
    bad = [bad_of(row, drawn.get(row.line)) for row in sorted(speaking, key=lambda row: row.line)]
    findings = [
        {"label": words.kind(one), "size": words.size(one), "place": words.place(one.at), "grids": list(one.codes),
         "picture": as_json(picture(one.outline, around))}
        for one in plan.findings[:MOST_PICTURES]
    ]  # fmt: skip
    told = report.of_boundaries(plan.rows, plan.system, plan.residuals)
    more = {"findings": findings, "all_findings": len(plan.findings)}
    return Looked({**told, **more}, bad, report.stops(plan.written))


def bad_of(row: Row, drawn: Mapping[str, Any] | None) -> Bad:
    taken = row.state != REFUSED
    reasons = [*([row.reason] if row.reason else []), *words.faults(row.reading)]
    if taken and row.reading.repaired:
        reasons.append(report.mended(row.reading))
    return Bad(row.line, row.code, "; ".join(reasons), taken, dict(drawn) if drawn else None)


def drawing(row: Row) -> dict[str, Any] | None:
    places = [fault.at for fault in row.reading.faults if fault.at is not None]
    return as_json(picture(row.reading.drawn if row.reading.drawn is not None else row.reading.outline, [], places))


def as_json(drawn: Picture | None) -> dict[str, Any] | None:
    return {**asdict(drawn), "frame": drawn.frame} if drawn else None
