"""A waiting list for each full slot (R60, R61): one place is never offered to two people, whoever writes; and saved views in an
order of one's own (R18). Nobody waits while this is put in place."""

import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

ONE_TURN = """
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS missions_waiting_one_turn_of_mission ON missions_waiting (mission_id, person_id)
    WHERE slot_id IS NULL AND state IN ('waiting', 'offered');
"""
ONE_TURN_OF_SLOT = """
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS missions_waiting_one_turn_of_slot ON missions_waiting (slot_id, person_id)
    WHERE state IN ('waiting', 'offered');
"""
FORMER_TURN = "DROP INDEX CONCURRENTLY IF EXISTS missions_waiting_one_turn"
FORMER_TURN_BACK = """
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS missions_waiting_one_turn ON missions_waiting (mission_id, person_id)
    WHERE state IN ('waiting', 'offered');
"""
SAME_MISSION = """
ALTER TABLE missions_waiting ADD CONSTRAINT missions_waiting_slot_of_mission
    FOREIGN KEY (slot_id, mission_id) REFERENCES missions_slot (id, mission_id) ON UPDATE CASCADE NOT VALID;
"""
# the row of the slot is held first: who offers the same place at the same moment is counted
SEATS = """
CREATE FUNCTION public.missions_slot_seats() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    seats integer;
    held integer;
BEGIN
    SELECT s.places INTO seats FROM public.missions_slot s WHERE s.id = NEW.slot_id FOR NO KEY UPDATE;
    SELECT (SELECT count(*) FROM public.missions_booking b JOIN public.missions_participation p ON p.id = b.participation_id
            WHERE b.slot_id = NEW.slot_id AND ((b.granted_at IS NOT NULL AND p.state IN ('accepted', 'ongoing', 'done'))
                                               OR (b.reserved AND p.state = 'pending')))
         + (SELECT count(*) FROM public.missions_waiting w WHERE w.slot_id = NEW.slot_id AND w.state = 'offered')
    INTO held;
    IF held > seats THEN
        RAISE EXCEPTION 'slot % has no place for this offer', NEW.slot_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'missions_waiting_seats';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER missions_waiting_seats AFTER INSERT OR UPDATE OF state, slot_id ON missions_waiting
    FOR EACH ROW WHEN (NEW.state = 'offered' AND NEW.slot_id IS NOT NULL) EXECUTE FUNCTION public.missions_slot_seats();
"""
NO_SEATS = "DROP TRIGGER missions_waiting_seats ON missions_waiting; DROP FUNCTION public.missions_slot_seats()"
IN_LINE = ("state__in", ["waiting", "offered"])


class Migration(migrations.Migration):
    atomic = False  # indexes that are built while people go on writing

    dependencies = [
        ("missions", "0010_index_places_left"),
    ]

    operations = [
        migrations.AddField(
            model_name="savedview",
            name="position",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="booking",
            name="reserved",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="waiting",
            name="slot",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="line",
                to="missions.slot",
            ),
        ),
        migrations.AlterField(
            model_name="waiting",
            name="participation",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="missions.participation",
            ),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(ONE_TURN, "DROP INDEX CONCURRENTLY IF EXISTS missions_waiting_one_turn_of_mission"),
                migrations.RunSQL(ONE_TURN_OF_SLOT, "DROP INDEX CONCURRENTLY IF EXISTS missions_waiting_one_turn_of_slot"),
                migrations.RunSQL(FORMER_TURN, FORMER_TURN_BACK),
            ],
            state_operations=[
                migrations.RemoveConstraint(model_name="waiting", name="missions_waiting_one_turn"),
                migrations.AddConstraint(
                    model_name="waiting",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("slot", None), IN_LINE),
                        fields=("mission", "person"),
                        name="missions_waiting_one_turn_of_mission",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="waiting",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(IN_LINE), fields=("slot", "person"), name="missions_waiting_one_turn_of_slot"
                    ),
                ),
            ],
        ),
        AddIndexConcurrently(
            model_name="waiting",
            index=models.Index(condition=models.Q(("slot__isnull", False)), fields=["slot", "id"], name="missions_waiting_slot"),
        ),
        AddIndexConcurrently(
            model_name="waiting",
            index=models.Index(
                condition=models.Q(("participation__isnull", False)), fields=["participation"], name="missions_waiting_came"
            ),
        ),
        migrations.RunSQL(SAME_MISSION, "ALTER TABLE missions_waiting DROP CONSTRAINT missions_waiting_slot_of_mission"),
        migrations.RunSQL(
            "ALTER TABLE missions_waiting VALIDATE CONSTRAINT missions_waiting_slot_of_mission", migrations.RunSQL.noop
        ),
        migrations.RunSQL(SEATS, NO_SEATS),
    ]
