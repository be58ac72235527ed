"""A workflow table as a page: a state diagram and the rows, for people who read rather than run."""

from onegrid.kit.workflow import SAME, By, Step, Workflow


def drawn(flow: Workflow) -> str:
    """Markdown with a Mermaid state diagram and one line per row of the table."""
    arrows = [
        f"    {source} --> {step.target}: {step.verb}{only(step)}"
        for step in flow.steps
        if step.target != SAME
        for source in step.sources
    ]
    ends = [f"    {state} --> [*]" for state in flow.final]
    rows = [row(step) for step in flow.steps]
    return "\n".join(
        [f"# The life of one {flow.name}", "", "Drawn from the table by `onegrid diagram`; do not edit.", "",
         "```mermaid", "stateDiagram-v2", f"    [*] --> {flow.start}", *arrows, *ends, "```", "",
         "| verb | from | to | taken by | asked for by | must give |", "|---|---|---|---|---|---|", *rows, ""]
    )  # fmt: skip


def row(step: Step) -> str:
    target = "the same" if step.target == SAME else step.target
    cells = (
        step.verb + only(step),
        ", ".join(step.sources),
        target,
        who(step.by),
        who(step.asked_by),
        ", ".join(step.needs),
    )
    return "| " + " | ".join(cells) + " |"


def only(step: Step) -> str:
    """For which cases the row is there, by the name of its condition."""
    return f" ({step.when.__name__.replace('_', ' ')})" if step.when is not None else ""


def who(by: tuple[By, ...]) -> str:
    return "; ".join(sorted(one.roles)[0] if len(one.roles) == 1 else " or ".join(sorted(one.roles)) for one in by)
