"""Pure decisions: codes, tables of areas, outlines of a file, words for faults, pictures."""
