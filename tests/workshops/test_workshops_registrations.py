"""Participants of a session: seats, the waiting line, who may, and what closed means (W6, W10)."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from tests.factories.workshops import acting, assignment, facilitator, registration, session

from renfort.kernel.firing import fire, fire_due
from renfort.organisations.enums import Role
from renfort.workshops.models import Assignment, Registration
from renfort.workshops.workflow import REGISTRATION

pytestmark = pytest.mark.django_db


def close(mine):
    """Close a mission around its guards."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('renfort.move', %s, true)", [f"workshops_assignment:{mine.pk}:awarded>closed"])
        Assignment.objects.filter(pk=mine.pk).update(state="closed", closed_at=timezone.now())


def test_one_address_is_on_a_session_once_whatever_the_capitals():
    one = registration(session(assignment("awarded")), email="awa@example.org")

    with pytest.raises(IntegrityError, match="workshops_registration_once"), transaction.atomic():
        registration(one.session, email="awa@example.org")
    with pytest.raises(IntegrityError, match="email_lower"), transaction.atomic():
        registration(one.session, email="Awa@example.org")
    registration(one.session, "cancelled", email="awa@example.org")  # one that is over does not count


def test_a_freed_seat_goes_to_the_next_in_line_and_to_nobody_else():
    able = facilitator()
    one = session(assignment("awarded", by=able), participants=2)
    first, _second = registration(one), registration(one)
    last, next_one = registration(one, "waiting", seat_order=9), registration(one, "waiting", seat_order=4)

    fire_due(timezone.now(), flows=[REGISTRATION])
    assert one.registrations.filter(state="waiting").count() == 2  # full: nobody moves
    fire(REGISTRATION, first, "cancel", actor=acting(able, Role.COORDINATOR))
    fire_due(timezone.now(), flows=[REGISTRATION])

    last.refresh_from_db()
    next_one.refresh_from_db()
    assert (next_one.state, last.state) == ("confirmed", "waiting")
    assert next_one.seat_order is None


def test_nothing_of_a_closed_assignment_is_written_whoever_writes():
    able = facilitator()
    mine = assignment("awarded", by=able)
    one = session(mine, day=-3)
    there = registration(one, "present")
    close(mine)

    for write in (
        lambda: registration(one),
        there.delete,
        lambda: Registration.objects.filter(pk=there.pk).update(first_name="Ada"),
    ):
        with pytest.raises(IntegrityError, match="closed"), transaction.atomic():
            write()
    # an erasure that the law asks for goes on
    Registration.objects.filter(pk=there.pk).update(first_name="", last_name="", email="")
