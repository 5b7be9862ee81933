"""The operator has opened the programme."""

import pytest
from tests.factories.civic_service import open_programme


@pytest.fixture(autouse=True)
def _open(request):
    """For every test here with a database of its own process; a race opens it in its own."""
    if not request.node.get_closest_marker("django_db"):
        return
    request.getfixturevalue("db")
    open_programme()
