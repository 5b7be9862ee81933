"""Pages of lists: the same rows in the same order from whichever end they are read (R17)."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from tests.factories import person

from renfort.kernel.pages import page_of
from renfort.people.models import Person

pytestmark = pytest.mark.django_db


def test_every_page_holds_what_it_would_from_the_beginning():
    people = [person(last_name=f"Nom {number:02}") for number in range(47)]
    listed = Person.objects.filter(pk__in=[each.pk for each in people]).order_by("-last_name")

    pages = [page_of(RequestFactory().get("/", {"page": number}), listed, per_page=5) for number in range(1, 11)]

    assert [each.pk for page in pages for each in page.object_list] == [each.pk for each in reversed(people)]


def test_the_last_page_skips_nothing():
    for _ in range(30):
        person()
    with CaptureQueriesContext(connection) as asked:
        list(page_of(RequestFactory().get("/", {"page": 9999}), Person.objects.order_by("-pk"), per_page=10).object_list)

    assert [query["sql"] for query in asked if "OFFSET" in query["sql"]] == []
