"""Writes of the programme « service civique »."""
