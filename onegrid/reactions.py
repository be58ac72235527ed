"""What wakes what: from a happening to the jobs that follow it, enqueued in the same transaction. Read it aloud."""

TELL = ("events.tasks.tell_people",)
# Verbs after which somebody is told; the others are read on the page.
TOLD = (
    "report", "accept", "ask", "answer", "refuse", "review", "dispatch", "object", "extend", "suspend", "resume",
    "resolve", "pass_check", "redo", "rate", "close", "reopen", "void", "tell", "request", "deny", "transfer",
    "take_over", "assist", "whistle", "escalate", "merge", "split", "resolve_part", "redo_part",
    "excuse", "release_part", "finish_on_the_spot", "place",
)  # fmt: skip

REACTIONS: dict[str, tuple[str, ...]] = {
    **{f"events.{verb}": TELL for verb in TOLD},
    # A second objection is ruled by the leader; decided elsewhere, its ruling is settled.
    **{f"events.{verb}": (*TELL, "supervision.tasks.follow_objection") for verb in ("request", "object", "deny")},
    "org.calendar_loaded": ("events.tasks.recompute_clocks",),
    "events.reminder": ("events.tasks.tell_of_reminder",),
    "events.part_reminder": ("events.tasks.tell_of_part",),
    "events.request_climbed": ("events.tasks.tell_of_climb",),
    "events.grave": ("events.tasks.raise_alert",),
    "events.viewing": ("events.tasks.tell_of_viewing",),
    "events.question": ("events.tasks.tell_of_question",),
    "events.alert_call": ("events.tasks.tell_of_call",),
    "events.mass_released": ("events.tasks.send_mass",),
    "supervision.hard": ("supervision.tasks.tell_of_hard",),
    "supervision.hard_reminder": ("supervision.tasks.tell_of_hard_reminder",),
    "supervision.meeting": ("supervision.tasks.tell_of_meeting",),
    "supervision.place": ("supervision.tasks.tell_of_place",),
    "supervision.place_moment": ("supervision.tasks.tell_of_place_moment",),
    "supervision.task": ("supervision.tasks.tell_of_task",),
    "supervision.task_reminder": ("supervision.tasks.tell_of_task_reminder",),
    "supervision.circular_publish": ("supervision.tasks.tell_of_published",),
    "supervision.circular_withdraw": ("supervision.tasks.tell_of_withdrawn",),
    "supervision.circular_unread": ("supervision.tasks.tell_of_unread",),
    "supervision.order_issued": ("supervision.tasks.tell_of_order",),
    "supervision.order_replied": ("supervision.tasks.tell_of_order",),
    "supervision.order_sent_back": ("supervision.tasks.tell_of_order",),
    "supervision.rule_warns": ("supervision.tasks.tell_of_rule",),
    "supervision.rule_proposes": ("supervision.tasks.tell_of_rule",),
    "territory.succeeded": ("supervision.tasks.succeed_grids",),
    "territory.redivision": ("territory.tasks.tell_of_redivision",),
    "supervision.order_unanswered": ("supervision.tasks.tell_of_silence",),
}
