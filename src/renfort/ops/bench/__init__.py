"""Benchmarks: one module each, with ``run(**parameters) -> dict``; those with an underscore are what they share.

Each works on a database of its own, which it makes and drops, and says its parameters beside its figures. A benchmark is never a
timed test: the machine's size stands in docs/benchmarks.md beside the last figures.
"""
