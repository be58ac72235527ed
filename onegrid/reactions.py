"""What wakes what: from a happening to the jobs that follow it, enqueued in the same transaction. Read it aloud."""

TELL = ("events.tasks.tell_people",)
# Verbs after which somebody is told; the others are read on the page.
TOLD = (
    "report", "accept", "ask", "answer", "refuse", "review", "dispatch", "object", "extend", "suspend", "resume",
    "resolve", "pass_check", "redo", "rate", "close", "reopen", "void", "tell", "request", "deny", "transfer",
    "take_over", "assist", "whistle", "escalate", "merge", "split", "resolve_part", "redo_part",
    "excuse", "release_part", "finish_on_the_spot",
)  # fmt: skip

REACTIONS: dict[str, tuple[str, ...]] = {
    **{f"events.{verb}": TELL for verb in TOLD},
    "org.calendar_loaded": ("events.tasks.recompute_clocks",),
    "events.reminder": ("events.tasks.tell_of_reminder",),
    "events.part_reminder": ("events.tasks.tell_of_part",),
    "events.request_climbed": ("events.tasks.tell_of_climb",),
    "events.grave": ("events.tasks.raise_alert",),
    "events.question": ("events.tasks.tell_of_question",),
    "events.alert_call": ("events.tasks.tell_of_call",),
    "events.mass_released": ("events.tasks.send_mass",),
}
