"""Pieces of the programme's pages."""
