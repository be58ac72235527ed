"""Pure decisions of this room: which cells of a table are kept back, what is collected and why."""
