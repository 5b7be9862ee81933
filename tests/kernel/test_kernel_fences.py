"""Nobody changes a state or the history by hand: neither our code, nor a query, nor SQL (decisions 14 and 17)."""

from __future__ import annotations

import pytest
from django.db import Error, IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone
from tests.factories import as_manager, mission, participation

from renfort.audit.models import Entry, Remark, Seal
from renfort.kernel.actors import SERVICE
from renfort.kernel.events import publish
from renfort.kernel.firing import fire
from renfort.missions.enums import ParticipationState as P
from renfort.missions.models import Mission, Participation
from renfort.missions.workflow import PARTICIPATION


def run(statement, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


def name_move(move):
    run("SELECT set_config('renfort.move', %s, true)", move)


def move_by_hand(pk, state):
    return run("UPDATE missions_participation SET state = %s, decided_at = now() WHERE id = %s", state, pk)


# ── the state ─────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_state_set_by_code_is_refused():
    waiting = Participation.objects.get(pk=participation().pk)
    waiting.state = P.ACCEPTED

    with pytest.raises(RuntimeError, match=r"through fire\(\) alone"):
        waiting.save()
    with pytest.raises(RuntimeError, match=r"through fire\(\) alone"):
        waiting.save(update_fields=["state"])


@pytest.mark.django_db
def test_state_set_by_code_on_a_new_object_is_refused_once_saved():
    waiting = participation()
    waiting.state = P.ACCEPTED

    with pytest.raises(RuntimeError, match=r"through fire\(\) alone"):
        waiting.save()


@pytest.mark.django_db
def test_state_set_by_code_on_a_deferred_object_is_refused_by_the_database():
    waiting = Participation.objects.defer("state").get(pk=participation().pk)
    waiting.state, waiting.decided_at = P.ACCEPTED, timezone.now()

    with pytest.raises(IntegrityError, match="outside a transition"), transaction.atomic():
        waiting.save()


@pytest.mark.django_db
def test_state_set_by_update_is_refused():
    waiting = participation()

    with pytest.raises(IntegrityError, match="outside a transition"), transaction.atomic():
        Participation.objects.filter(pk=waiting.pk).update(state=P.ACCEPTED, decided_at=timezone.now())


@pytest.mark.django_db
def test_state_set_by_bulk_update_is_refused():
    waiting = participation()
    waiting.state, waiting.decided_at = P.ACCEPTED, timezone.now()

    with pytest.raises(IntegrityError, match="outside a transition"), transaction.atomic():
        Participation.objects.bulk_update([waiting], ["state", "decided_at"])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("table", "make", "state"),
    [("missions_mission", mission, "cancelled"), ("missions_participation", participation, "withdrawn")],
)
def test_state_set_by_sql_is_refused(table, make, state):
    made = make()

    with pytest.raises(IntegrityError, match="outside a transition"):
        run(f"UPDATE {table} SET state = %s, version = version + 1 WHERE id = %s", state, made.pk)


@pytest.mark.django_db
def test_every_table_with_a_state_has_its_fence():
    """A new workflow whose migration forgets the trigger is found here."""
    from renfort.kernel.workflow import Workflow

    fenced = "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname = 'guard_state' AND tgenabled = 'O'"
    missing = []
    for flow in Workflow.registry.values():
        table = flow.model_class()._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(fenced, [table])
            missing += [] if cursor.fetchone()[0] == 1 else [table]

    assert missing == []


@pytest.mark.django_db
def test_everything_else_may_be_saved_and_the_state_written_as_it_is():
    waiting = participation()
    fire(PARTICIPATION, waiting, "accept", actor=as_manager(waiting.mission.organisation))

    waiting.refresh_from_db()
    waiting.save()
    Participation.objects.filter(pk=waiting.pk).update(state=P.ACCEPTED)

    assert Participation.objects.get(pk=waiting.pk).state == P.ACCEPTED


@pytest.mark.django_db
def test_named_move_opens_one_row_and_one_move_once():
    one, other = participation(), participation()
    name_move(f"missions_participation:{one.pk}:pending>accepted")

    for pk, state in ((other.pk, "accepted"), (one.pk, "refused"), (one.pk, "withdrawn")):
        with pytest.raises(IntegrityError, match="outside a transition"):
            move_by_hand(pk, state)
    assert move_by_hand(one.pk, "accepted") == 1
    name_move("missions_participation:0:x>y")
    with pytest.raises(IntegrityError, match="outside a transition"):
        move_by_hand(one.pk, "pending")


@pytest.mark.django_db
def test_named_move_is_used_up():
    """The same row back and forth: the second time the name is gone."""
    one = participation()
    name_move(f"missions_participation:{one.pk}:pending>accepted")
    move_by_hand(one.pk, "accepted")

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('renfort.move', true)")
        assert cursor.fetchone() == ("",)


@pytest.mark.django_db
def test_named_move_does_not_cover_several_rows_of_one_statement():
    one, other = participation(), participation()
    name_move(f"missions_participation:{one.pk}:pending>accepted")

    with pytest.raises(IntegrityError, match="outside a transition"):
        run("UPDATE missions_participation SET state = 'accepted', decided_at = now() WHERE id IN (%s, %s)", one.pk, other.pk)


@pytest.mark.race
def test_named_move_ends_with_its_transaction(own_database):
    one = participation()
    name_move(f"missions_participation:{one.pk}:pending>accepted")  # committed, and with it forgotten

    with pytest.raises(IntegrityError, match="outside a transition"):
        move_by_hand(one.pk, "accepted")


@pytest.mark.django_db
def test_database_refuses_an_unknown_state():
    waiting = participation()
    name_move(f"missions_participation:{waiting.pk}:pending>lost")

    with pytest.raises(IntegrityError, match="known_state"):
        move_by_hand(waiting.pk, "lost")


@pytest.mark.django_db
def test_database_refuses_a_decision_without_its_moment():
    waiting = participation()
    name_move(f"missions_participation:{waiting.pk}:pending>accepted")

    with pytest.raises(IntegrityError, match="missions_participation_decided"):
        run("UPDATE missions_participation SET state = 'accepted' WHERE id = %s", waiting.pk)


@pytest.mark.django_db
def test_database_refuses_the_participation_of_another_organisation():
    """The copied organisation is the mission's, whoever writes."""
    waiting, elsewhere = participation(), mission()

    with pytest.raises(IntegrityError), transaction.atomic():
        Participation.objects.filter(pk=waiting.pk).update(organisation_id=elsewhere.organisation_id)
        run("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.django_db
def test_database_refuses_a_mission_that_ends_before_it_begins():
    made = mission()

    with pytest.raises(IntegrityError, match="missions_mission_dates"), transaction.atomic():
        Mission.objects.filter(pk=made.pk).update(ends_on=made.starts_on.replace(year=made.starts_on.year - 1))


# ── the history ───────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET role = 'somebody else'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "UPDATE audit_seal SET digest = 'x'",
        "DELETE FROM audit_seal",
        "TRUNCATE audit_seal",
    ],
)
def test_history_is_append_only(statement):
    """P3: nobody rewrites what happened."""
    participation()
    Seal.objects.create(first_id=1, last_id=2, count=2, digest="d", at=timezone.now())

    with pytest.raises(ProgrammingError, match="append-only"):
        run(statement)


@pytest.mark.django_db
def test_history_is_append_only_through_the_models_too():
    participation()

    with pytest.raises(Error, match="append-only"), transaction.atomic():
        Entry.objects.all().delete()


@pytest.mark.django_db
def test_words_in_the_history_can_be_erased():
    """P10: the one part of the history that the law may ask to erase."""
    waiting = participation()
    answers = {"reason": "other", "message": "Un mot de trop."}
    fire(PARTICIPATION, waiting, "refuse", actor=as_manager(waiting.mission.organisation), answers=answers)

    assert Remark.objects.filter(text="Un mot de trop.").delete()[0] == 1
    assert Entry.objects.filter(object_id=waiting.pk, verb="missions.participation.refuse").count() == 1


@pytest.mark.race
def test_event_outside_a_transaction_is_refused(own_database):
    made = mission()
    before = Entry.objects.count()

    with pytest.raises(RuntimeError, match="outside a transaction"):
        publish("missions.mission.test", made, actor=SERVICE)
    assert Entry.objects.count() == before
