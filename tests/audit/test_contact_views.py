"""Who has read a volunteer's contact data is noted once per viewer, volunteer and day (R37)."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.factories.time import at

from renfort.audit.models import ContactView
from renfort.audit.services import contact_seen
from renfort.kernel.actors import ANONYMOUS, CLOCK, SERVICE, Actor, HeldRole

pytestmark = pytest.mark.django_db

MANAGER = HeldRole("reserve", "manager", "organisation", "12")
VIEWER = Actor("person", person_id=7, roles=(MANAGER,), acting=MANAGER)


def test_each_person_is_noted_once_a_day_in_one_statement():
    with CaptureQueriesContext(connection) as queries:
        assert contact_seen(viewer=VIEWER, people=[3, 1, 2, 1], organisation=12, way="list") == 3
    assert len(queries) == 1
    assert contact_seen(viewer=VIEWER, people=[3, 4], organisation=12, way="export") == 1

    noted = sorted(ContactView.objects.values_list("subject_id", "way"))
    assert noted == [(1, "list"), (2, "list"), (3, "list"), (4, "export")]


def test_two_viewers_of_a_day_are_two_entries():
    contact_seen(viewer=VIEWER, people=[1], organisation=12, way="list")
    contact_seen(viewer=Actor("person", person_id=8, roles=(MANAGER,)), people=[1], organisation=12, way="list")

    assert ContactView.objects.count() == 2


def test_the_role_and_the_organisation_are_kept():
    contact_seen(viewer=VIEWER, people=[1], organisation=12, way="panel")

    view = ContactView.objects.get()
    assert (view.viewer_id, view.role, view.organisation_id) == (7, "reserve:manager:organisation:12", 12)


def test_the_day_is_that_of_paris_and_the_next_one_counts_anew():
    for moment in (datetime(2026, 7, 1, 21, 30, tzinfo=UTC), datetime(2026, 7, 1, 22, 30, tzinfo=UTC)):
        with at(moment):
            assert contact_seen(viewer=VIEWER, people=[1], way="page") == 1

    days = ContactView.objects.order_by("day").values_list("day", flat=True)
    assert [str(day) for day in days] == ["2026-07-01", "2026-07-02"]


def test_nobody_is_told_of_reading_ones_own_data():
    assert contact_seen(viewer=VIEWER, people=[7], way="page") == 0
    assert contact_seen(viewer=VIEWER, people=[], way="page") == 0
    assert not ContactView.objects.exists()


@pytest.mark.parametrize("nobody", [ANONYMOUS, CLOCK, SERVICE])
def test_contact_data_are_shown_to_persons_alone(nobody):
    with pytest.raises(ValueError, match="persons alone"):
        contact_seen(viewer=nobody, people=[1], way="page")


def test_an_unknown_way_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="telepathy"):
        contact_seen(viewer=VIEWER, people=[1], way="telepathy")


def test_what_was_noted_is_never_changed():
    contact_seen(viewer=VIEWER, people=[1], way="page")

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        ContactView.objects.update(viewer_id=99)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE audit_contactview")
    assert ContactView.objects.get().viewer_id == 7
