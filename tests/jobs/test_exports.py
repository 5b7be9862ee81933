"""A file is asked for, made once, kept a day, and given to whoever asked, while the role lasts (P6, P10, R37)."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch
from urllib.parse import urlencode

import pytest
from django.utils import timezone
from tests.factories import at, client_of, manager, mission, organisation, participation, volunteer
from tests.factories.organisations import grant

from renfort.audit.models import Entry, Remark
from renfort.jobs import views
from renfort.jobs.models import Export, ExportPart, FormToken
from renfort.jobs.services import exports, work
from renfort.missions.enums import ParticipationState
from renfort.notifications.models import Notice, Outgoing
from renfort.organisations.enums import Programme, Role
from renfort.organisations.models import Grant

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_worker_is_waited_for(monkeypatch):
    monkeypatch.setattr(views, "MOMENT", 0)


@pytest.fixture
def host():
    where = organisation()
    return where, manager(where)


def address(where, query=None, what="participations"):
    return f"/espace/{where.pk}/{what}/exporter/" + (f"?{urlencode(query)}" if query else "")


def answers(**changes):
    return {"columns": ["last_name", "mission"], "format": "xlsx", "purpose": "report", "purpose_words": "", **changes}


def asked(where, someone, query=None, **changes) -> Export:
    answer = client_of(someone).post(address(where, query), answers(**changes))
    assert answer.status_code == 302, answer.content.decode()
    return Export.objects.latest("pk")


def made(where, someone, **changes) -> Export:
    export = asked(where, someone, **changes)
    exports.make_due(timezone.now())
    export.refresh_from_db()
    return export


# ── asking ────────────────────────────────────────────────────────────────────────────────────────
def test_the_page_says_how_many_rows_under_which_filters(host):
    where, someone = host
    what = mission(where, places=9)
    for state in (ParticipationState.PENDING, ParticipationState.PENDING, ParticipationState.ACCEPTED):
        participation(what, state=state)

    page = client_of(someone).get(address(where, {"statut": "pending", "q": "repas", "page": 3})).content.decode()

    assert "2 lignes, celles de la liste avec ses filtres" in page
    assert "Statut : En attente de validation" in page
    assert "Rechercher : repas" in page
    assert f'href="/espace/{where.pk}/participations/?statut=pending&amp;q=repas"' in page


def test_the_list_leads_to_its_export_with_its_filters(host):
    where, someone = host
    participation(mission(where))

    page = client_of(someone).get(f"/espace/{where.pk}/participations/?statut=pending&page=1").content.decode()

    assert f'href="/espace/{where.pk}/participations/exporter/?statut=pending"' in page


def test_the_columns_chosen_are_proposed_again(host):
    where, someone = host
    browser = client_of(someone)
    first = browser.get(address(where)).context["form"]["columns"].value()
    assert "email" in first and "birth_date" not in first

    browser.post(address(where), answers(columns=["birth_date", "state"]))

    assert browser.get(address(where)).context["form"]["columns"].value() == ["birth_date", "state"]


def test_who_took_what_and_why_stands_in_the_history(host):
    """R37, P10: who, in which role, when, how many, which columns, what for."""
    where, someone = host
    participation(mission(where))

    export = made(where, someone, columns=["last_name", "email"], purpose="other", purpose_words="Assurance du vélo")
    client_of(someone).post(f"/espace/telechargements/{export.pk}/fichier/")

    entries = {entry.verb: entry for entry in Entry.objects.filter(model="jobs.export", object_id=export.pk).order_by("pk")}
    assert list(entries) == ["jobs.export.ask", "jobs.export.done", "jobs.export.fetch"]
    said = entries["jobs.export.ask"]
    assert (said.actor_id, said.role) == (someone.pk, f"reserve:manager:organisation:{where.pk}")
    assert said.codes == {
        "kind": "missions.participations", "organisation": where.pk, "format": "xlsx", "purpose": "other",
        "columns": "last_name, email",
        "contacts": True, "rows": 1,
    }  # fmt: skip
    assert Remark.objects.get(entry_id=said.pk).text == "Assurance du vélo"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"columns": []}, "Choisissez au moins une colonne."),
        ({"columns": ["password"]}, "password"),
        ({"purpose": ""}, "Dites à quoi ce fichier va servir."),
        ({"purpose": "other", "purpose_words": " "}, "Dites en quelques mots à quoi ce fichier va servir."),
        ({"format": "exe"}, "exe"),
    ],
)
def test_an_incomplete_form_says_what_is_missing(host, changes, sentence):
    where, someone = host

    answer = client_of(someone).post(address(where), answers(**changes))

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Export.objects.exists()


def test_a_double_click_asks_for_one_file(host):
    where, someone = host
    browser = client_of(someone)
    token = browser.get(address(where)).context["form"]["form_token"].value()

    places = {browser.post(address(where), answers(form_token=str(token))).headers["Location"] for _ in range(2)}

    assert len(places) == 1
    assert Export.objects.count() == FormToken.objects.count() == 1


def test_nobody_fills_the_worker_alone(host):
    where, someone = host
    for _ in range(exports.MOST_OPEN):
        asked(where, someone)

    answer = client_of(someone).post(address(where), answers())

    assert answer.status_code == 409
    assert "déjà en préparation" in answer.content.decode()


@pytest.mark.parametrize("query", ["statut=nonsense", "q=%00%ff", "mission=-1&statut=pending", "q=" + "x" * 5000])
def test_any_address_gives_a_page_and_a_file(host, query):
    where, someone = host
    participation(mission(where))

    assert client_of(someone).get(f"/espace/{where.pk}/participations/exporter/?{query}").status_code == 200
    assert client_of(someone).post(f"/espace/{where.pk}/participations/exporter/?{query}", answers()).status_code == 302
    exports.make_due(timezone.now())
    assert Export.objects.get().state == "done"


# ── fetching ──────────────────────────────────────────────────────────────────────────────────────
def test_the_file_is_fetched_as_it_was_made(host):
    where, someone = host
    participation(mission(where))
    export = made(where, someone)

    answer = client_of(someone).post(f"/espace/telechargements/{export.pk}/fichier/", headers={"Accept-Encoding": "gzip"})
    body = answer.getvalue()

    assert answer.headers["Content-Disposition"] == f'attachment; filename="participations-{timezone.localdate()}.xlsx"'
    assert int(answer.headers["Content-Length"]) == len(body) == export.size
    assert body.startswith(b"PK")
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_file_in_several_parts_comes_whole(host, monkeypatch):
    where, someone = host
    participation(mission(where))
    monkeypatch.setattr(exports, "PIECE", 700)
    export = made(where, someone)

    assert ExportPart.objects.count() > 5
    assert len(client_of(someone).post(f"/espace/telechargements/{export.pk}/fichier/").getvalue()) == export.size


def test_another_persons_file_does_not_exist(host):
    where, someone = host
    export = made(where, someone)
    colleague = manager(where)

    for verb in ("fichier", "arreter"):
        assert client_of(colleague).post(f"/espace/telechargements/{export.pk}/{verb}/").status_code == 404
    assert "Participations" not in client_of(colleague).get("/espace/telechargements/").context["cards"]


def test_who_lost_the_role_gets_nothing(host):
    """Rights are judged again when the file is fetched, and when it is made."""
    where, someone = host
    grant(someone, Programme.RESERVE, Role.VOLUNTEER)
    ready, waiting = made(where, someone), asked(where, someone)
    Grant.objects.filter(person=someone, role=Role.MANAGER).update(valid_until=timezone.now())

    browser = client_of(someone)
    exports.make_due(timezone.now())
    waiting.refresh_from_db()

    assert browser.post(f"/espace/telechargements/{ready.pk}/fichier/").status_code == 404
    assert (waiting.state, waiting.error) == ("failed", "right_lost")
    assert not waiting.parts.exists()
    page = browser.get("/espace/telechargements/").content.decode()
    assert "Vous n&#x27;avez plus le rôle" in page or "Vous n'avez plus le rôle" in page
    assert "Télécharger<" not in page


def test_a_file_is_kept_a_day(host):
    """P10: then the clock removes it, and the page says so."""
    where, someone = host
    export = made(where, someone)
    later = timezone.now() + timedelta(hours=24, minutes=1)

    assert exports.remove_expired(timezone.now()) == 0
    with at(later):
        assert exports.remove_expired(later) == 1
        assert exports.remove_expired(later) == 0
        answer = client_of(someone).post(f"/espace/telechargements/{export.pk}/fichier/", follow=True)
        assert "gardé 24 heures" in answer.content.decode()
        assert "Supprimé" in answer.content.decode()
    assert not ExportPart.objects.exists()
    exports.remove_expired(timezone.now() + timedelta(days=31))
    assert not Export.objects.exists()


# ── making ────────────────────────────────────────────────────────────────────────────────────────
def test_a_waiting_file_is_stopped_at_once(host):
    where, someone = host
    export = asked(where, someone)

    client_of(someone).post(f"/espace/telechargements/{export.pk}/arreter/")
    exports.make_due(timezone.now())

    export.refresh_from_db()
    assert (export.state, export.attempts) == ("stopped", 0)


def test_a_file_that_is_made_stops_at_the_next_batch(host, monkeypatch):
    where, someone = host
    participation(mission(where))
    export = asked(where, someone)
    monkeypatch.setattr(work, "EVERY", 0)
    taken = work.take(Export, timezone.now())
    client_of(someone).post(f"/espace/telechargements/{export.pk}/arreter/")
    assert "Arrêt en cours" in client_of(someone).get("/espace/telechargements/").content.decode()

    exports.make(taken)

    export.refresh_from_db()
    assert export.state == "stopped"
    assert not export.parts.exists()


def test_a_dead_workers_file_is_begun_again_and_given_up_the_third_time(host):
    where, someone = host
    export = asked(where, someone)
    now = timezone.now()

    for attempt in range(1, work.MOST_ATTEMPTS + 1):
        assert work.take(Export, now).attempts == attempt
        assert work.take(Export, now) is None, "a worker that lives is left alone"
        now += work.FIRST_LEASE + timedelta(seconds=1)
    exports.make_due(now)

    export.refresh_from_db()
    assert (export.state, export.error) == ("failed", "died")
    assert Notice.objects.get(person=someone).subject == "Votre fichier n'a pas pu être préparé : Participations"
    assert "s&#x27;est interrompu trois fois" in client_of(someone).get("/espace/telechargements/").content.decode()


def test_a_worker_that_was_overtaken_writes_nothing(host):
    """It was paused, not dead; another one has begun again: one of them makes the file."""
    where, someone = host
    participation(mission(where))
    asked(where, someone)
    slow = work.take(Export, timezone.now())
    quick = work.take(Export, timezone.now() + work.FIRST_LEASE + timedelta(seconds=1))

    exports.make(slow)
    assert not ExportPart.objects.exists()
    exports.make(quick)

    assert Export.objects.get().state == "done"
    assert Entry.objects.filter(verb="jobs.export.done").count() == 1


def test_a_small_file_does_not_stand_behind_a_large_one(host):
    where, someone = host
    large, small = asked(where, someone), asked(where, someone)
    Export.objects.filter(pk=large.pk).update(total=100_000)

    assert work.take(Export, timezone.now()).pk == small.pk
    Export.objects.filter(pk=large.pk).update(created_at=timezone.now() - timedelta(minutes=6))
    again = asked(where, someone)
    assert work.take(Export, timezone.now()).pk == large.pk
    assert work.take(Export, timezone.now()).pk == again.pk


def test_an_error_is_said_and_nothing_of_it_is_kept(host, caplog):
    where, someone = host
    export = asked(where, someone)

    with patch.object(exports, "write_xlsx", side_effect=ValueError("broken")):
        exports.make_due(timezone.now())

    export.refresh_from_db()
    assert (export.state, export.error) == ("failed", "broken")
    assert "export" in caplog.text
    assert Notice.objects.filter(person=someone).count() == 1


# ── telling ───────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("seconds", "notices", "emails"), [(1, 0, 0), (20, 1, 0), (90, 1, 1)])
def test_one_is_told_when_one_has_gone_away(host, seconds, notices, emails):
    """What was waited for needs no notice; more than a minute is worth an e-mail, one."""
    where, someone = host
    participation(mission(where))
    export = asked(where, someone)
    Export.objects.filter(pk=export.pk).update(created_at=timezone.now() - timedelta(seconds=seconds))

    exports.make_due(timezone.now())

    assert Notice.objects.filter(person=someone, subject__startswith="Votre fichier est prêt").count() == notices
    assert Outgoing.objects.filter(person=someone, message__startswith="jobs.export").count() == emails


def test_the_page_shows_how_far_it_is(host):
    where, someone = host
    export = asked(where, someone)
    work.take(Export, timezone.now())
    Export.objects.filter(pk=export.pk).update(total=5000, done=1250)

    page = client_of(someone).get("/espace/telechargements/").content.decode()

    assert "1\xa0250 lignes sur 5\xa0000" in page
    assert 'max="100" value="25"' in page
    assert "Vous pouvez quitter cette page" in page


def test_a_person_without_files_is_told_where_they_come_from():
    page = client_of(volunteer()).get("/espace/telechargements/").content.decode()

    assert "Aucun fichier pour le moment" in page


def test_the_page_asks_as_many_queries_for_twenty_files_as_for_one(host, django_assert_max_num_queries):
    where, someone = host
    browser = client_of(someone)
    made(where, someone)
    browser.get("/espace/telechargements/")
    for _ in range(19):
        made(where, someone)

    with django_assert_max_num_queries(12):
        browser.get("/espace/telechargements/")
