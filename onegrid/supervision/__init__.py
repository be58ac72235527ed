"""Supervision: who drives the procedure, and how it cannot stall."""
