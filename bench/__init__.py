"""Measures of OneGrid at size, beside the same statements without it; see README.md."""
