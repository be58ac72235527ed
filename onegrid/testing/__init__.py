"""The cast and its small made-up county; only tests import this."""
