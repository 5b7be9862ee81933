"""Pieces of the programme's pages, as functions that return safe HTML or what a template shows (design decision 15)."""
