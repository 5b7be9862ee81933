"""Verbs of the réserve that write and are not a change of state."""
