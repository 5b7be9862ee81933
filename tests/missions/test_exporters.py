"""The files of an organisation's lists say exactly what the lists say, cell by cell (P6, R19, R32, R37)."""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta
from io import BytesIO, StringIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from tests.factories import as_manager, days, mission, organisation, participation, today, volunteer

from renfort.audit.models import ContactView
from renfort.jobs.models import Export
from renfort.jobs.selectors import parts_of
from renfort.jobs.services.exports import ask, make_due
from renfort.kernel.actors import Actor
from renfort.kernel.exports import EXPORT_KINDS, Asked
from renfort.missions.enums import ParticipationState, Presence
from renfort.missions.models import Public

pytestmark = pytest.mark.django_db
PEOPLE, MISSIONS = "missions.participations", "missions.missions"


def made(where, kind=PEOPLE, columns=None, query="", **facts) -> Export:
    """A file as the worker makes it."""
    whole = as_manager(where)
    chosen = EXPORT_KINDS[kind]
    asked = Asked(role=whole.roles[0].key, organisation=where.pk, query=query)
    actor = chosen.acts(whole, asked)
    wanted = chosen.chosen(columns) if columns else chosen.columns()
    given = {"format": "xlsx", "purpose": "report"}
    export = ask(actor=actor, kind=chosen, asked=asked, columns=wanted, **{**given, **facts})
    make_due(timezone.now())
    export.refresh_from_db()
    assert export.state == "done", export.error
    return export


def sheet(export):
    return openpyxl.load_workbook(BytesIO(b"".join(parts_of(export)))).active


def rows(export):
    """What is in the workbook: a dictionary per row, by heading."""
    lines = [[cell.value for cell in line] for line in sheet(export).iter_rows()]
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def lines(export):
    text = b"".join(parts_of(export)).decode("utf-8-sig")
    return list(csv.reader(StringIO(text), delimiter=";"))


# ── which rows ────────────────────────────────────────────────────────────────────────────────────
def test_the_file_holds_the_rows_of_the_list_under_its_filters_in_its_order():
    """R32: what is exported is what is listed; another organisation's people are nobody's."""
    where = organisation()
    what = mission(where, places=9)
    waiting = [participation(what, state=ParticipationState.PENDING) for _ in range(3)]
    participation(what, state=ParticipationState.ACCEPTED)
    participation(mission(organisation()))

    found = rows(made(where, columns=["number", "state"], query="statut=pending&page=2"))

    assert [row["Numéro de la participation"] for row in found] == [each.pk for each in reversed(waiting)]
    assert {row["Statut"] for row in found} == {"En attente de validation"}


def test_an_absence_and_a_withdrawal_read_the_same():
    """R33: both are « Mission abandonnée », on the screen and in the file."""
    where = organisation()
    what = mission(where, places=9)
    participation(what, state=ParticipationState.WITHDRAWN)
    participation(what, state=ParticipationState.NO_SHOW)

    found = rows(made(where, columns=["state", "withdrawal_reason"], query="statut=withdrawn"))

    assert [row["Statut"] for row in found] == ["Mission abandonnée"] * 2
    assert {row["Raison du désistement"] for row in found} == {None, "Je ne suis plus disponible"}


def test_a_list_without_rows_gives_a_file_with_its_header():
    export = made(organisation(), MISSIONS)

    assert export.done == 0
    assert sheet(export)["B1"].value == "Titre"


def test_the_number_of_queries_does_not_grow_with_the_rows():
    where = organisation()
    what = mission(where, places=99)
    participation(what)
    with CaptureQueriesContext(
        connection,
    ) as one:
        made(where)
    for _ in range(19):
        participation(what)
    with CaptureQueriesContext(connection) as twenty:
        made(where)

    assert len(one) == len(twenty)


# ── which cells ───────────────────────────────────────────────────────────────────────────────────
def test_cells_have_the_types_of_what_they_say():
    """A date is a date, a number a number; moments are those of the place's clocks."""
    where = organisation()
    what = mission(where, zone="Indian/Reunion", department="974", places=12)
    someone = volunteer(first_name="Zoé", last_name="Le Goff", birth_date=date(1990, 5, 17))
    participation(what, someone, created_at=datetime(2026, 3, 1, 22, 30, tzinfo=timezone.get_default_timezone()))

    found = rows(made(where, columns=["last_name", "birth_date", "mission_number", "created_at", "starts_on", "mobile_phone"]))[0]

    assert found["Nom"] == "Le Goff"
    assert found["Date de naissance"].isoformat() == "1990-05-17T00:00:00"
    assert found["Numéro de la mission"] == what.pk
    assert found["Créé le"].isoformat() == "2026-03-02T01:30:00"
    assert found["Début"].date() == what.starts_on
    assert found["Téléphone mobile"] == "06 12 34 56 78"


def test_a_mission_is_exported_with_all_its_fields():
    """R19, R10, R11: every field of the form, with places taken and figures."""
    where = organisation()
    what = mission(where, places=3)
    participation(what, state=ParticipationState.ACCEPTED)
    participation(what)

    found = rows(made(where, MISSIONS))[0]

    assert found["Titre"] == "Distribution de repas"
    assert found["Domaine d'action"] == "Aide alimentaire et d'urgence"
    assert found["Statut"] == "Validée"
    assert found["Type de mission"] == "Mission en présentiel"
    assert found["Format de mission"] == "Mission ponctuelle"
    assert (found["Places"], found["Places prises"], found["Propositions en attente"]) == (3, 1, 1)
    assert found["Participations en tout"] == 2
    assert found["Date de début"].date() == what.starts_on
    assert found["Commentaire par la structure"] == "Préparer et distribuer des repas."
    assert found["Dispositions prises pour la sécurité et l'encadrement"] == "Masques et gants fournis."
    assert found["Département"] == "33 - Gironde"
    assert found["Responsable de la mission"] == what.responsible.full_name
    assert found["Contacts"] == "Maryse Contact, 0556010203, contact@secret.example"
    assert None not in [found[name] for name in ("Adresse", "Code postal", "Ville", "Créée le", "Mise en ligne le")]


def test_publics_are_named_in_the_operators_order():
    where = organisation()
    what = mission(where)
    chosen = list(Public.objects.order_by("position", "id")[:2])
    what.publics.set(chosen)

    assert rows(made(where, MISSIONS))[0]["Public bénéficiaire"] == ", ".join(each.label_fr for each in chosen)


def test_the_header_stays_in_sight_and_filters_are_on():
    where = organisation()
    participation(mission(where))

    found = sheet(made(where))

    assert found.title == "Participations"
    assert found.freeze_panes == "A2"
    assert found.auto_filter.ref == f"A1:{found.cell(1, found.max_column).column_letter}2"
    assert found["A1"].font.b
    assert not found["A2"].font.b
    assert found.column_dimensions["A"].width > 15


@pytest.mark.parametrize(
    "title",
    ["=1+1", "+33612345678", "-2", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")', "=cmd|' /C calc'!A0", "＝1+1"],
)
def test_words_that_look_like_a_formula_stay_words(title):
    """A title that somebody typed must not run in whoever's spreadsheet opens the file."""
    where = organisation()
    mission(where, title=title)

    cell = sheet(made(where, MISSIONS, columns=["title"]))["A2"]
    written = lines(made(where, MISSIONS, columns=["title"], format="csv"))[1][0]

    assert (cell.data_type, cell.value) == ("s", title)
    assert written == "'" + title


def test_hostile_and_long_words_are_kept_or_cut_and_said():
    """Control characters, right-to-left, emoji, and more than a cell can hold."""
    where = organisation()
    what = mission(where, title="\x0bمهمة 👩🏽‍🍳 \x1f<b>")
    type(what).objects.filter(pk=what.pk).update(description="é" * 40_000, safety="😀" * 20_000)

    found = rows(made(where, MISSIONS, columns=["title", "description", "safety"]))[0]

    assert found["Titre"] == "مهمة 👩🏽‍🍳 <b>"
    for name in ("Commentaire par la structure", "Dispositions prises pour la sécurité et l'encadrement"):
        assert len(found[name].encode("utf-16-le")) // 2 <= 32_767
        assert found[name].endswith("[… texte coupé : une cellule contient 32 767 caractères au plus]")


def test_a_csv_is_what_a_french_excel_reads():
    """UTF-8 with its mark, semicolons, CRLF; an English reader gets commas."""
    where = organisation()
    participation(mission(where), volunteer(last_name="Éloïse; « l'amie »"))

    raw = b"".join(parts_of(made(where, columns=["last_name", "mobile_phone", "starts_on"], format="csv")))
    english = b"".join(parts_of(made(where, columns=["last_name", "starts_on"], format="csv", language="en")))

    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.endswith(b"\r\n")
    assert lines_of(raw) == [
        ["Nom", "Téléphone mobile", "Début"],
        ["Éloïse; « l'amie »", "06 12 34 56 78", (today() + days(7)).isoformat()],
    ]
    assert english.decode("utf-8-sig").splitlines()[1].count(",") == 1


def lines_of(raw):
    return list(csv.reader(StringIO(raw.decode("utf-8-sig")), delimiter=";"))


def test_a_foreign_number_stays_usable_in_a_csv():
    where = organisation()
    participation(mission(where), volunteer(mobile_phone="+32470123456"))

    assert lines(made(where, columns=["mobile_phone"], format="csv"))[1] == ["0032470123456"]


def test_the_words_of_codes_follow_the_readers_language():
    where = organisation()
    mission(where)

    with translation.override("fr"):
        export = made(where, MISSIONS, columns=["presence"], language="en")

    with translation.override("en"):
        expected = str(Presence.ON_SITE.label)
    assert expected != "Mission en présentiel"
    assert sheet(export)["A2"].value == expected


# ── whose data ────────────────────────────────────────────────────────────────────────────────────
def test_contact_data_are_there_while_the_participation_is_open_and_thirty_days_after():
    """R37: afterwards the name stays, the way to reach the person does not."""
    where = organisation()
    what = mission(where, places=9)
    long_ago, lately = timezone.now() - timedelta(days=32), timezone.now() - timedelta(days=29)
    participation(what, volunteer(last_name="Attend"), created_at=long_ago)
    participation(what, volunteer(last_name="Naguère"), state=ParticipationState.REFUSED, decided_at=lately)
    participation(what, volunteer(last_name="Autrefois"), state=ParticipationState.REFUSED, decided_at=long_ago)

    found = rows(made(where, columns=["last_name", "email", "mobile_phone", "landline_phone", "birth_date"]))

    shown = {row["Nom"]: (row["E-mail"], row["Téléphone mobile"], row["Date de naissance"]) for row in found}
    assert shown["Autrefois"] == (None, None, None)
    assert None not in shown["Naguère"]
    assert None not in shown["Attend"]


def test_help_given_ends_with_the_mission():
    where = organisation()
    past = {"starts_on": today() - days(40), "ends_on": today() - days(33)}
    participation(mission(where, **past), state=ParticipationState.DONE)
    nearer = {"starts_on": today() - days(40), "ends_on": today() - days(29)}
    participation(mission(where, **nearer), state=ParticipationState.DONE)

    found = rows(made(where, columns=["number", "email"]))

    assert [row["E-mail"] is None for row in found] == [False, True]


def test_whoever_is_read_is_told_of_it():
    """R37: one line per volunteer, viewer and day; none for data that were not shown, none without contact columns."""
    where = organisation()
    what = mission(where, places=9)
    shown = participation(what)
    participation(what, state=ParticipationState.REFUSED, decided_at=timezone.now() - timedelta(days=60))
    as_manager(where)

    made(where, columns=["last_name", "mission"])
    assert not ContactView.objects.exists()
    made(where, columns=["last_name", "email"])
    made(where, columns=["last_name", "email"])

    view = ContactView.objects.get()
    assert (view.subject_id, view.organisation_id, view.way) == (shown.person_id, where.pk, "export")


def test_a_role_held_elsewhere_gives_nothing():
    """P13: the role of the list, on that organisation, or nothing at all."""
    mine, theirs = organisation(), organisation()
    whole = as_manager(mine)
    kind = EXPORT_KINDS[PEOPLE]

    assert kind.acts(whole, Asked(role=whole.roles[0].key, organisation=theirs.pk)) is None
    assert kind.acts(whole, Asked(role=f"reserve:manager:organisation:{theirs.pk}", organisation=theirs.pk)) is None
    assert isinstance(kind.acts(whole, Asked(role=whole.roles[0].key, organisation=mine.pk)), Actor)
