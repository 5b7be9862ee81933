"""Reads that know the actor."""
