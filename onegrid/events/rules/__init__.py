"""Pure decisions of the event room: no tables, no time of day, no chance."""
