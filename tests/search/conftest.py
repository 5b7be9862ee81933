"""The geography is loaded once for the whole run, and only where a template database does not hold it already."""

import pytest

from renfort.territories.models import Commune
from renfort.territories.services import load_territories


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        if not Commune.objects.exists():
            load_territories()
