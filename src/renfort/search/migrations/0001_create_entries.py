"""The table of open missions, the lexicon, and the words that PostgreSQL makes of French."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models

# accents taken off before the stem is: what is typed without them finds what is written with them
BARE = """
CREATE TEXT SEARCH CONFIGURATION public.french_bare (COPY = pg_catalog.french);
ALTER TEXT SEARCH CONFIGURATION public.french_bare
    ALTER MAPPING FOR word, hword, hword_part WITH public.unaccent, pg_catalog.french_stem;
"""

# a text in both stems: with its accents (« scolarité » and « scolaire » meet) and without
WORDS = """
CREATE OR REPLACE FUNCTION public.search_words(value text) RETURNS tsvector
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT pg_catalog.to_tsvector('public.french_bare', value) || pg_catalog.to_tsvector('pg_catalog.french', value)
$$;
"""

# the vector of a long text stands apart from its row, so that reading places and dates reads few pages; that of names stays in it
STORAGE = """
ALTER TABLE search_entry ALTER COLUMN words SET STORAGE EXTERNAL, ALTER COLUMN names SET STORAGE MAIN;
ALTER TABLE search_entry SET (toast_tuple_target = 256, fillfactor = 85);
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [("kernel", "0001_create_functions")]

    operations = [
        migrations.RunSQL(BARE, "DROP TEXT SEARCH CONFIGURATION public.french_bare"),
        migrations.RunSQL(WORDS, "DROP FUNCTION public.search_words(text)"),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("mission_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("organisation_id", models.BigIntegerField()),
                ("domain_id", models.BigIntegerField()),
                ("department", models.CharField(max_length=3)),
                ("commune", models.CharField(blank=True, max_length=5)),
                ("city", models.CharField(blank=True, max_length=100)),
                ("presence", models.CharField(max_length=20)),
                ("format", models.CharField(max_length=20)),
                ("publics", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("over_at", models.DateTimeField()),
                ("published_at", models.DateTimeField()),
                ("latitude", models.FloatField(null=True)),
                ("longitude", models.FloatField(null=True)),
                ("cell", models.IntegerField(null=True)),
                ("words", django.contrib.postgres.search.SearchVectorField()),
                ("names", django.contrib.postgres.search.SearchVectorField()),
                ("is_learned", models.BooleanField(default=False)),
            ],
            options={
                "verbose_name_plural": "entries",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=["words"], name="search_entry_words"),
                    django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=["names"], name="search_entry_names"),
                    models.Index(fields=["cell"], include=("latitude", "longitude", "mission_id"), name="search_entry_cell"),
                    models.Index(fields=["department", "presence"], name="search_entry_department"),
                    models.Index(fields=["-published_at", "-mission_id"], name="search_entry_newest"),
                    models.Index(fields=["organisation_id"], name="search_entry_organisation"),
                    models.Index(fields=["over_at"], include=("presence",), name="search_entry_over"),
                    models.Index(condition=models.Q(("is_learned", False)), fields=["mission_id"], name="search_entry_to_learn"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Word",
            fields=[
                ("word", models.CharField(max_length=40, primary_key=True, serialize=False)),
                (
                    "bare",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Func(models.F("word"), function="public.sort_key"),
                        output_field=models.TextField(),
                    ),
                ),
                ("documents", models.PositiveIntegerField()),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["bare"], name="search_word_trigram", opclasses=["gin_trgm_ops"]
                    ),
                    models.Index(fields=["bare"], name="search_word_prefix", opclasses=["text_pattern_ops"]),
                ],
            },
        ),
        migrations.RunSQL(STORAGE, migrations.RunSQL.noop),
    ]
