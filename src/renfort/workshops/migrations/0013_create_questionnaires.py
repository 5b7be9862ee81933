"""Questionnaires, what was answered, certificates (W7). A published edition never changes; answers go on after the closing (W10)."""

import django.contrib.postgres.fields
import django.db.models.constraints
import django.db.models.deletion
from django.db import migrations, models

PUBLISHED = """
CREATE FUNCTION public.workshops_refuse_published() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found integer;
BEGIN
    IF TG_TABLE_NAME = 'workshops_question' THEN
        SELECT count(*) INTO found FROM (
            SELECT published_at FROM public.workshops_edition
            WHERE id IN (OLD.edition_id, NEW.edition_id) FOR SHARE) e WHERE e.published_at IS NOT NULL;
    ELSE
        found := CASE WHEN OLD.published_at IS NULL THEN 0 ELSE 1 END;
    END IF;
    IF found > 0 THEN
        RAISE EXCEPTION 'workshops: this edition was published, it never changes'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'workshops_published';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER workshops_question_published BEFORE INSERT OR UPDATE OR DELETE ON workshops_question
    FOR EACH ROW EXECUTE FUNCTION public.workshops_refuse_published();
CREATE TRIGGER workshops_edition_published BEFORE UPDATE OR DELETE ON workshops_edition
    FOR EACH ROW EXECUTE FUNCTION public.workshops_refuse_published();
"""
NOT_PUBLISHED = """
DROP TRIGGER workshops_question_published ON workshops_question;
DROP TRIGGER workshops_edition_published ON workshops_edition;
DROP FUNCTION public.workshops_refuse_published();
"""
OUTCOME = """
CREATE FUNCTION public.workshops_refuse_closed_outcome() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found integer;
BEGIN
    SELECT count(*) INTO found FROM (
        SELECT a.state FROM public.workshops_assignment a
        JOIN public.workshops_session s ON s.assignment_id = a.id
        JOIN public.workshops_registration r ON r.session_id = s.id
        WHERE r.id = NEW.registration_id FOR SHARE OF a) a WHERE a.state = 'closed';
    IF found > 0 THEN
        RAISE EXCEPTION 'workshops: the assignment is closed, nothing of it changes any more'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'workshops_closed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER workshops_certificate_outcome BEFORE INSERT ON workshops_certificate
    FOR EACH ROW WHEN (NEW.outcome <> '') EXECUTE FUNCTION public.workshops_refuse_closed_outcome();
CREATE TRIGGER workshops_certificate_outcome_changed BEFORE UPDATE ON workshops_certificate
    FOR EACH ROW WHEN (NEW.outcome <> OLD.outcome) EXECUTE FUNCTION public.workshops_refuse_closed_outcome();
"""
NO_OUTCOME = """
DROP TRIGGER workshops_certificate_outcome ON workshops_certificate;
DROP TRIGGER workshops_certificate_outcome_changed ON workshops_certificate;
DROP FUNCTION public.workshops_refuse_closed_outcome();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_add_picture"),
        ("workshops", "0012_widen_names_of_participants"),
    ]

    operations = [
        migrations.CreateModel(
            name="Silence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("since", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                (
                    "registration",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="certificate",
                        serialize=False,
                        to="workshops.registration",
                    ),
                ),
                ("outcome", models.CharField(blank=True, max_length=20)),
                ("told_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["", "reached", "partly", "not_reached"])),
                        name="workshops_certificate_known_outcome",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Edition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("published_at", models.DateTimeField(editable=False, null=True)),
                (
                    "published_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=20)),
                ("rank", models.PositiveSmallIntegerField()),
                ("kind", models.CharField(max_length=20)),
                ("label_fr", models.CharField(max_length=200)),
                ("label_en", models.CharField(blank=True, max_length=200)),
                (
                    "choice_keys",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), default=list, size=None
                    ),
                ),
                (
                    "choices_fr",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120), default=list, size=None
                    ),
                ),
                (
                    "choices_en",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(blank=True, max_length=120), default=list, size=None
                    ),
                ),
                ("is_required", models.BooleanField(default=False)),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="questions", to="workshops.edition"
                    ),
                ),
            ],
            options={
                "ordering": ["rank", "id"],
            },
        ),
        migrations.CreateModel(
            name="Questionnaire",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("moment", models.CharField(max_length=20)),
                ("audience", models.CharField(blank=True, max_length=20)),
                ("kind", models.CharField(blank=True, max_length=20)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("retired_at", models.DateTimeField(editable=False, null=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("moment__in", ["hot", "cold"])), name="workshops_questionnaire_known_moment"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("audience__in", ["", "education", "public_sector", "company", "association", "inter_company"])
                        ),
                        name="workshops_questionnaire_known_audience",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["", "workshop", "training", "coaching"])),
                        name="workshops_questionnaire_known_kind",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("retired_at", None)),
                        fields=("moment", "audience", "kind"),
                        name="workshops_questionnaire_one_in_use",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="edition",
            name="questionnaire",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="editions", to="workshops.questionnaire"
            ),
        ),
        migrations.CreateModel(
            name="Reply",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="replies", to="workshops.edition"
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="replies", to="workshops.session"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mark", models.PositiveSmallIntegerField(null=True)),
                (
                    "chosen",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), default=list, size=None
                    ),
                ),
                ("words", models.TextField(blank=True, max_length=2000)),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="workshops.question"
                    ),
                ),
                (
                    "reply",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="answers", to="workshops.reply"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Survey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("moment", models.CharField(max_length=20)),
                ("sent_at", models.DateTimeField()),
                ("reminded_at", models.DateTimeField(null=True)),
                ("closes_at", models.DateTimeField()),
                ("is_answered", models.BooleanField(default=False)),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="surveys", to="workshops.edition"
                    ),
                ),
                (
                    "registration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="surveys", to="workshops.registration"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="reply",
            name="survey",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="reply", to="workshops.survey"
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["scale5", "scale10", "choice", "several", "words"])),
                name="workshops_question_known_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.UniqueConstraint(fields=("edition", "key"), name="workshops_question_once"),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("edition", "rank"),
                name="workshops_question_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("choice_keys__len__gte", 2), ("kind__in", ["choice", "several"])),
                    models.Q(models.Q(("kind__in", ["choice", "several"]), _negated=True), ("choice_keys__len", 0)),
                    _connector="OR",
                ),
                name="workshops_question_choices",
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.UniqueConstraint(fields=("questionnaire", "number"), name="workshops_edition_number"),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.UniqueConstraint(
                condition=models.Q(("published_at", None)), fields=("questionnaire",), name="workshops_edition_one_draft"
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.UniqueConstraint(fields=("reply", "question"), name="workshops_answer_once"),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(
                condition=models.Q(("mark", None), ("mark__lte", 10), _connector="OR"), name="workshops_answer_mark"
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("chosen__len", 0), ("mark__isnull", False), ("words", "")),
                    models.Q(("chosen__len__gte", 1), ("mark", None), ("words", "")),
                    models.Q(("chosen__len", 0), ("mark", None), models.Q(("words", ""), _negated=True)),
                    _connector="OR",
                ),
                name="workshops_answer_one_form",
            ),
        ),
        migrations.AddIndex(
            model_name="survey",
            index=models.Index(fields=["closes_at"], name="workshops_survey_closing"),
        ),
        migrations.AddConstraint(
            model_name="survey",
            constraint=models.CheckConstraint(
                condition=models.Q(("moment__in", ["hot", "cold"])), name="workshops_survey_known_moment"
            ),
        ),
        migrations.AddConstraint(
            model_name="survey",
            constraint=models.UniqueConstraint(fields=("registration", "moment"), name="workshops_survey_once"),
        ),
        migrations.RunSQL(PUBLISHED, NOT_PUBLISHED),
        migrations.RunSQL(OUTCOME, NO_OUTCOME),
    ]
