"""Errors that a person reads: a sentence that says what happened and what to do."""

from __future__ import annotations


class Sentence(Exception):  # noqa: N818 -- it is what it says, not only an error
    """Its text is shown to a person as it stands, never a traceback."""
