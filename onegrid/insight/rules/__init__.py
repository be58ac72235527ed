"""Pure decisions of the map."""
