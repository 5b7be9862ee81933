"""What can be asked: words understood, errors forgiven, missions found."""

from renfort.search.selectors.cells import FARTHEST, Circle, cell_of, cells_around
from renfort.search.selectors.entries import MOST, Criteria, Found, Hit, Spot, counts, find, like, spots
from renfort.search.selectors.lexicon import corrections
from renfort.search.selectors.words import Wanted, query_of, read_words

__all__ = [
    "FARTHEST",
    "MOST",
    "Circle",
    "Criteria",
    "Found",
    "Hit",
    "Spot",
    "Wanted",
    "cell_of",
    "cells_around",
    "corrections",
    "counts",
    "find",
    "like",
    "query_of",
    "read_words",
    "spots",
]
