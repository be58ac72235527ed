"""The verbs of supervision."""

from onegrid.events.actions import NotAllowed, NotGiven
from onegrid.supervision.actions.applying import (
    Applied,
    apply_rules,
    mark_clocks,
    sweep_rules,
)
from onegrid.supervision.actions.board import put_up, take_down
from onegrid.supervision.actions.circular_receipts import (
    confirm_read,
    remind_unread,
    tell_of_circular,
    tell_of_unread,
)
from onegrid.supervision.actions.circulars import (
    draft_circular,
    edit_circular,
    move_circular,
    set_prefix,
)
from onegrid.supervision.actions.climbing import (
    Climbed,
    climb,
    end_orphan,
    seal_words,
    sweep_orders,
)
from onegrid.supervision.actions.forgetting import forget_words
from onegrid.supervision.actions.hard import (
    Looked,
    hand_over_hard_case,
    put_on_hard_list,
    review_hard_case,
    sweep_hard_cases,
    take_off_hard_list,
    tell_of_hard,
    tell_of_hard_reminder,
)
from onegrid.supervision.actions.instructing import instruct
from onegrid.supervision.actions.meeting_telling import tell_of_meeting
from onegrid.supervision.actions.meetings import (
    Called,
    call_meeting,
    cancel_meeting,
    conclude,
    hold_meeting,
    sign_minutes,
    write_minutes,
)
from onegrid.supervision.actions.order_telling import tell_of_order, tell_of_rule, tell_of_silence
from onegrid.supervision.actions.orders import (
    accept_reply,
    cancel_order,
    issue_order,
    reply_to_order,
    send_reply_back,
)
from onegrid.supervision.actions.place_given import PlaceWish
from onegrid.supervision.actions.place_time import sweep_place_works, tell_of_place, tell_of_place_moment
from onegrid.supervision.actions.place_work import (
    add_measure,
    approve_place_work,
    change_place_work,
    close_place_work,
    drop_place_work,
    extend_place_work,
    propose_place_work,
    send_place_work_back,
    sum_up_place_work,
    tick_measure,
)
from onegrid.supervision.actions.plans import (
    TOLD_ROLES,
    apply_plan,
    keep_plan,
    switch_plan,
    tick,
    untick,
)
from onegrid.supervision.actions.roster import roster, withdraw_shift
from onegrid.supervision.actions.rounds import round_of, sweep_rosters
from onegrid.supervision.actions.rules import (
    Wish,
    drawn,
    keep_rule,
    leave_proposal,
    switch_rule,
)
from onegrid.supervision.actions.ruling import (
    follow_objection,
    rule,
    settle_rulings,
    withdraw_precedent,
)
from onegrid.supervision.actions.succeeding import succeed_grids
from onegrid.supervision.actions.swapping import be_absent, be_back, move_swap, swap
from onegrid.supervision.actions.task_time import remind_of_tasks, tell_of_task, tell_of_task_reminder
from onegrid.supervision.actions.tasks import (
    accept_task,
    cancel_task,
    report_task,
    send_task_back,
    take_task,
)

__all__ = [
    "TOLD_ROLES",
    "Applied",
    "Called",
    "Climbed",
    "Looked",
    "NotAllowed",
    "NotGiven",
    "PlaceWish",
    "Wish",
    "accept_reply",
    "accept_task",
    "add_measure",
    "apply_plan",
    "apply_rules",
    "approve_place_work",
    "be_absent",
    "be_back",
    "call_meeting",
    "cancel_meeting",
    "cancel_order",
    "cancel_task",
    "change_place_work",
    "climb",
    "close_place_work",
    "conclude",
    "confirm_read",
    "draft_circular",
    "drawn",
    "drop_place_work",
    "edit_circular",
    "end_orphan",
    "extend_place_work",
    "follow_objection",
    "forget_words",
    "hand_over_hard_case",
    "hold_meeting",
    "instruct",
    "issue_order",
    "keep_plan",
    "keep_rule",
    "leave_proposal",
    "mark_clocks",
    "move_circular",
    "move_swap",
    "propose_place_work",
    "put_on_hard_list",
    "put_up",
    "remind_of_tasks",
    "remind_unread",
    "reply_to_order",
    "report_task",
    "review_hard_case",
    "roster",
    "round_of",
    "rule",
    "seal_words",
    "send_place_work_back",
    "send_reply_back",
    "send_task_back",
    "set_prefix",
    "settle_rulings",
    "sign_minutes",
    "succeed_grids",
    "sum_up_place_work",
    "swap",
    "sweep_hard_cases",
    "sweep_orders",
    "sweep_place_works",
    "sweep_rosters",
    "sweep_rules",
    "switch_plan",
    "switch_rule",
    "take_down",
    "take_off_hard_list",
    "take_task",
    "tell_of_circular",
    "tell_of_hard",
    "tell_of_hard_reminder",
    "tell_of_meeting",
    "tell_of_order",
    "tell_of_place",
    "tell_of_place_moment",
    "tell_of_rule",
    "tell_of_silence",
    "tell_of_task",
    "tell_of_task_reminder",
    "tell_of_unread",
    "tick",
    "tick_measure",
    "untick",
    "withdraw_precedent",
    "withdraw_shift",
    "write_minutes",
]
