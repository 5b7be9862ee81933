"""Two people who close at once (W10): one does, the mission is sealed once."""

from __future__ import annotations

import pytest
from tests.factories.workshops import acting, assignment, enrolment, facilitator, open_programme, session, staff
from tests.missions.test_race import at_once, kinds

from renfort.documents.models import Paper
from renfort.kernel import firing
from renfort.kernel.firing import fire
from renfort.organisations.enums import Role
from renfort.workshops.models import Assignment
from renfort.workshops.workflow import ASSIGNMENT

pytestmark = pytest.mark.race


def both_close():
    able = facilitator()
    what = assignment("awarded", by=able, workshop=1)
    enrolment(session(what, day=-12, state="held"), state="done", standing="internal")
    actors = [acting(able, Role.COORDINATOR), acting(staff(), Role.ASSOCIATION_STAFF)]
    return what, at_once(*(lambda who=who: fire(ASSIGNMENT, what, "close", actor=who) for who in actors))


def test_two_who_close_at_once_close_once(own_database):
    open_programme()

    what, outcomes = both_close()

    assert kinds(outcomes) == {"Assignment": 1, "Stale": 1}
    assert Assignment.objects.get(pk=what.pk).state == "closed"
    assert Paper.objects.filter(kind="workshops.closing", subject=what.pk).count() == 1


def test_without_the_lock_the_second_is_not_told_in_words(own_database, monkeypatch):
    """The control: the row is read without being held, so that both believe to be the first."""
    import threading

    open_programme()
    both = threading.Barrier(2)
    reads = threading.local()

    def unheld(obj):
        found = type(obj)._base_manager.get(pk=obj.pk)
        if isinstance(found, Assignment) and not getattr(reads, "done", False):
            reads.done = True
            both.wait(30)  # the other has read it too
        return found

    monkeypatch.setattr(firing, "lock_row", unheld)

    _what, outcomes = both_close()

    assert kinds(outcomes).get("Stale", 0) == 0
