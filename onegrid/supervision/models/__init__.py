"""The nouns of supervision."""

from onegrid.supervision.models.board import BoardNotice
from onegrid.supervision.models.circular import (
    SECTIONS,
    Circular,
    CircularReceipt,
    CircularSeries,
    CircularStep,
)
from onegrid.supervision.models.hard import HardCase, HardStep
from onegrid.supervision.models.meeting import Meeting, MeetingMatter
from onegrid.supervision.models.order import Order, OrderStep
from onegrid.supervision.models.place import PlaceMeasure, PlaceStep, PlaceWork
from onegrid.supervision.models.plan import (
    AppliedLine,
    AppliedPlan,
    Plan,
    PlanLine,
)
from onegrid.supervision.models.roster import (
    Absence,
    Gap,
    Roster,
    Shift,
    Swap,
)
from onegrid.supervision.models.rule import (
    ClockMark,
    RuleHit,
    SupervisionRule,
)
from onegrid.supervision.models.ruling import Precedent, Ruling
from onegrid.supervision.models.task import Instruction, Task, TaskStep

__all__ = [
    "SECTIONS",
    "Absence",
    "AppliedLine",
    "AppliedPlan",
    "BoardNotice",
    "Circular",
    "CircularReceipt",
    "CircularSeries",
    "CircularStep",
    "ClockMark",
    "Gap",
    "HardCase",
    "HardStep",
    "Instruction",
    "Meeting",
    "MeetingMatter",
    "Order",
    "OrderStep",
    "PlaceMeasure",
    "PlaceStep",
    "PlaceWork",
    "Plan",
    "PlanLine",
    "Precedent",
    "Roster",
    "RuleHit",
    "Ruling",
    "Shift",
    "SupervisionRule",
    "Swap",
    "Task",
    "TaskStep",
]
