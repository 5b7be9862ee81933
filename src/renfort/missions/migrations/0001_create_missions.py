import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

# a participation's organisation is its mission's, whoever writes
SAME_ORGANISATION = """
ALTER TABLE missions_participation ADD CONSTRAINT missions_participation_same_organisation
    FOREIGN KEY (mission_id, organisation_id) REFERENCES missions_mission (id, organisation_id)
    ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("kernel", "0001_create_functions"),
        ("organisations", "0001_create_organisations"),
        ("people", "0001_create_people"),
        ("territories", "0001_create_territories"),
    ]

    operations = [
        migrations.CreateModel(
            name="Domain",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.SlugField(max_length=60, unique=True)),
                ("label_fr", models.CharField(max_length=250)),
                ("label_en", models.CharField(blank=True, max_length=250)),
                ("short_fr", models.CharField(max_length=80)),
                ("short_en", models.CharField(blank=True, max_length=80)),
                ("objective_fr", models.TextField(blank=True)),
                ("objective_en", models.TextField(blank=True)),
                ("description_fr", models.TextField(blank=True)),
                ("description_en", models.TextField(blank=True)),
                ("illustration", models.SlugField(default="generic", max_length=30)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("is_active", models.BooleanField(default=True)),
            ],
            options={
                "ordering": ["position", "id"],
            },
        ),
        migrations.CreateModel(
            name="Public",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.SlugField(max_length=60, unique=True)),
                ("label_fr", models.CharField(max_length=120)),
                ("label_en", models.CharField(blank=True, max_length=120)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("is_active", models.BooleanField(default=True)),
            ],
            options={
                "ordering": ["position", "id"],
            },
        ),
        migrations.CreateModel(
            name="DomainRules",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField()),
                ("rules_fr", models.JSONField(default=list)),
                ("rules_en", models.JSONField(default=list)),
                ("statement_fr", models.CharField(max_length=250)),
                ("statement_en", models.CharField(blank=True, max_length=250)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "domain",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rules_versions", to="missions.domain"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Mission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("title", models.CharField(max_length=80)),
                ("presence", models.CharField(default="on_site", max_length=20)),
                ("format", models.CharField(default="one_off", max_length=20)),
                ("places", models.PositiveIntegerField(default=1)),
                ("starts_on", models.DateField(blank=True, null=True)),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("schedule", models.TextField(blank=True, max_length=500)),
                ("description", models.TextField(blank=True, max_length=4000)),
                ("safety", models.TextField(blank=True, max_length=2000)),
                ("address", models.CharField(blank=True, max_length=200)),
                ("postcode", models.CharField(blank=True, max_length=10)),
                ("city", models.CharField(blank=True, max_length=100)),
                ("zone", models.CharField(default="Europe/Paris", max_length=40)),
                ("latitude", models.FloatField(blank=True, null=True)),
                ("longitude", models.FloatField(blank=True, null=True)),
                ("rules_at", models.DateTimeField(blank=True, null=True)),
                ("state", models.CharField(default="draft", max_length=20)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("published_at", models.DateTimeField(editable=False, null=True)),
                ("reviewed_at", models.DateTimeField(editable=False, null=True)),
                ("first_reminder_at", models.DateTimeField(editable=False, null=True)),
                ("second_reminder_at", models.DateTimeField(editable=False, null=True)),
                (
                    "search_name",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Func(
                            output_field=models.TextField(), template="public.sort_key(title || ' ' || city || ' ' || postcode)"
                        ),
                        output_field=models.TextField(),
                    ),
                ),
                (
                    "begins_at",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Func(
                            output_field=models.DateTimeField(), template="timezone(zone, (starts_on)::timestamp)"
                        ),
                        output_field=models.DateTimeField(),
                    ),
                ),
                (
                    "over_at",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Func(
                            output_field=models.DateTimeField(), template="timezone(zone, (ends_on + 1)::timestamp)"
                        ),
                        output_field=models.DateTimeField(),
                    ),
                ),
                (
                    "commune",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.commune",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="territories.department"),
                ),
                (
                    "domain",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="missions.domain"),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="missions", to="organisations.organisation"
                    ),
                ),
                (
                    "responsible",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "rules",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="missions.domainrules",
                    ),
                ),
                ("publics", models.ManyToManyField(blank=True, related_name="+", to="missions.public")),
            ],
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("phone", models.CharField(blank=True, max_length=20)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("hours", models.CharField(blank=True, max_length=120)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="contacts", to="missions.mission"
                    ),
                ),
            ],
            options={
                "ordering": ["position", "id"],
            },
        ),
        migrations.CreateModel(
            name="Participation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("state", models.CharField(default="pending", max_length=20)),
                ("rules_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("refusal_reason", models.CharField(blank=True, max_length=30)),
                ("withdrawal_reason", models.CharField(blank=True, max_length=30)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="participations", to="missions.mission"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="participations", to="people.person"
                    ),
                ),
                (
                    "rules",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="missions.domainrules"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="domainrules",
            constraint=models.UniqueConstraint(fields=("domain", "version"), name="missions_domainrules_version"),
        ),
        migrations.AddIndex(
            model_name="participation",
            index=models.Index(fields=["mission", "state"], name="missions_participation_places"),
        ),
        migrations.AddIndex(
            model_name="participation",
            index=models.Index(fields=["organisation", "-id"], name="missions_participation_host"),
        ),
        migrations.AddIndex(
            model_name="participation",
            index=models.Index(fields=["organisation", "state", "-id"], name="missions_participation_state"),
        ),
        migrations.AddIndex(
            model_name="participation",
            index=models.Index(fields=["person", "-id"], name="missions_participation_person"),
        ),
        migrations.AddConstraint(
            model_name="participation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["pending", "accepted", "ongoing", "done", "refused", "withdrawn", "no_show", "cancelled"])
                ),
                name="missions_participation_known_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="participation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["pending", "accepted", "ongoing"])),
                fields=("mission", "person"),
                name="missions_participation_one_active",
            ),
        ),
        migrations.AddConstraint(
            model_name="participation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["accepted", "refused", "ongoing", "done", "no_show"]), _negated=True),
                    ("decided_at__isnull", False),
                    _connector="OR",
                ),
                name="missions_participation_decided",
            ),
        ),
        migrations.AddConstraint(
            model_name="participation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("rules", None), ("rules_at", None)),
                    models.Q(("rules__isnull", False), ("rules_at__isnull", False)),
                    _connector="OR",
                ),
                name="missions_participation_rules",
            ),
        ),
        migrations.AddIndex(
            model_name="mission",
            index=models.Index(
                condition=models.Q(("state", "published")), fields=["-published_at", "-id"], name="missions_mission_newest"
            ),
        ),
        migrations.AddIndex(
            model_name="mission",
            index=models.Index(
                condition=models.Q(("state", "published")), fields=["department", "-published_at"], name="missions_mission_dept"
            ),
        ),
        migrations.AddIndex(
            model_name="mission",
            index=models.Index(condition=models.Q(("state", "published")), fields=["postcode"], name="missions_mission_postcode"),
        ),
        migrations.AddIndex(
            model_name="mission",
            index=models.Index(condition=models.Q(("state", "published")), fields=["over_at"], name="missions_mission_over"),
        ),
        migrations.AddIndex(
            model_name="mission",
            index=models.Index(fields=["organisation", "-id"], name="missions_mission_host"),
        ),
        migrations.AddIndex(
            model_name="mission",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["search_name"], name="missions_mission_search", opclasses=["gin_trgm_ops"]
            ),
        ),
        migrations.AddIndex(
            model_name="mission",
            index=models.Index(
                condition=models.Q(("reviewed_at", None), ("state", "published")),
                fields=["-id"],
                name="missions_mission_to_review",
            ),
        ),
        migrations.AddIndex(
            model_name="mission",
            index=models.Index(condition=models.Q(("state", "submitted")), fields=["id"], name="missions_mission_submitted"),
        ),
        migrations.AddConstraint(
            model_name="mission",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "submitted", "published", "to_correct", "refused", "ended", "cancelled"])
                ),
                name="missions_mission_known_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="mission",
            constraint=models.CheckConstraint(
                condition=models.Q(("presence__in", ["on_site", "remote"])), name="missions_mission_known_presence"
            ),
        ),
        migrations.AddConstraint(
            model_name="mission",
            constraint=models.CheckConstraint(
                condition=models.Q(("format__in", ["one_off", "recurring"])), name="missions_mission_known_format"
            ),
        ),
        migrations.AddConstraint(
            model_name="mission",
            constraint=models.CheckConstraint(condition=models.Q(("places__gte", 1)), name="missions_mission_places"),
        ),
        migrations.AddConstraint(
            model_name="mission",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_on", None), ("starts_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                ),
                name="missions_mission_dates",
            ),
        ),
        migrations.AddConstraint(
            model_name="mission",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "cancelled"]),
                    models.Q(("ends_on__isnull", False), ("starts_on__isnull", False)),
                    _connector="OR",
                ),
                name="missions_mission_dated",
            ),
        ),
        migrations.AddConstraint(
            model_name="mission",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("published_at__isnull", False), ("state__in", ["published", "ended"])),
                    models.Q(models.Q(("state__in", ["published", "ended"]), _negated=True), ("published_at__isnull", True)),
                    _connector="OR",
                ),
                name="missions_mission_published",
            ),
        ),
        migrations.AddConstraint(
            model_name="mission",
            constraint=models.UniqueConstraint(fields=("id", "organisation"), name="missions_mission_of_organisation"),
        ),
        migrations.RunSQL("SELECT public.fence_state('missions_mission')", migrations.RunSQL.noop),
        migrations.RunSQL("SELECT public.fence_state('missions_participation')", migrations.RunSQL.noop),
        migrations.RunSQL(
            SAME_ORGANISATION, "ALTER TABLE missions_participation DROP CONSTRAINT missions_participation_same_organisation"
        ),
    ]
