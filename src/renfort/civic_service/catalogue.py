"""What the operator sets for the programme; figures that the facts mark as uncertain are settings, never code."""

from __future__ import annotations
