"""Pieces of the programme's pages, as functions that return safe HTML (design decision 15)."""
