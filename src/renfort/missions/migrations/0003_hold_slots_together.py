"""A booking's slot and its participation are of one mission, whoever writes (R61); nobody waits while this is put in place."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations, models

INDEX = """
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS missions_participation_of_mission ON missions_participation (id, mission_id);
"""
UNIQUE = """
ALTER TABLE missions_participation
    ADD CONSTRAINT missions_participation_of_mission UNIQUE USING INDEX missions_participation_of_mission;
"""
# checked at once, not at the end of the transaction: who asks for a slot that is just being taken away is told in a sentence
SAME_MISSION = """
ALTER TABLE missions_booking ADD CONSTRAINT missions_booking_slot_of_mission
    FOREIGN KEY (slot_id, mission_id) REFERENCES missions_slot (id, mission_id) ON UPDATE CASCADE;
ALTER TABLE missions_booking ADD CONSTRAINT missions_booking_participation_of_mission
    FOREIGN KEY (participation_id, mission_id) REFERENCES missions_participation (id, mission_id) ON UPDATE CASCADE;
"""
APART = """
ALTER TABLE missions_booking DROP CONSTRAINT missions_booking_slot_of_mission;
ALTER TABLE missions_booking DROP CONSTRAINT missions_booking_participation_of_mission;
"""


class Migration(migrations.Migration):
    atomic = False  # an index that is built while people go on writing

    dependencies = [("missions", "0002_slots_and_prerequisites")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(INDEX, migrations.RunSQL.noop),
                migrations.RunSQL(UNIQUE, "ALTER TABLE missions_participation DROP CONSTRAINT missions_participation_of_mission"),
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name="participation",
                    constraint=models.UniqueConstraint(fields=("id", "mission"), name="missions_participation_of_mission"),
                )
            ],
        ),
        migrations.RunSQL(SAME_MISSION, APART),
        ValidateConstraint(model_name="mission", name="missions_mission_prerequisites"),
        ValidateConstraint(model_name="participation", name="missions_participation_prerequisites"),
    ]
