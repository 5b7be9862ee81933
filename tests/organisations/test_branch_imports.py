"""P6, R56: a network brings in the file of its branches: seen whole before anything is done, written once, found again."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.factories import actor, client_of, manager, membership, operator, organisation, supervisor

from renfort.audit.models import Entry
from renfort.jobs.models import Import, ImportLine
from renfort.jobs.services import imports, work
from renfort.kernel.tables import read_table
from renfort.notifications.models import Outgoing
from renfort.organisations import importers
from renfort.organisations.models import BranchInvitation, Grant, Network, Organisation
from renfort.organisations.services.branches import BranchFacts, invite_branch

pytestmark = pytest.mark.django_db
HEAD = "Nom de l'antenne;Prénom;Nom du contact;E-mail;Code postal;Ville;SIRET\r\n"


@pytest.fixture
def head():
    return supervisor()


@pytest.fixture
def network():
    return Network.objects.get(key="croix-rouge")


@pytest.fixture
def door(network):
    return f"/reseau/{network.pk}/antennes/importer/"


def line(n, **changes):
    said = {
        "name": f"Antenne {n:04}",
        "first": "Awa",
        "last": "Diallo",
        "email": f"a{n}@example.org",
        "postcode": "33000",
        "city": "Bordeaux",
        "siret": "",
    }
    return ";".join({**said, **changes}.values()) + "\r\n"


def sent(browser, door, text, name="antennes.csv"):
    answer = browser.post(door, {"file": SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text)})
    assert answer.status_code == 302, answer.content.decode()
    return Import.objects.latest("pk"), answer.headers["Location"]


def confirmed(browser, place, imported, **options):
    imported.refresh_from_db()
    answer = browser.post(f"{place}confirmer/", {"seen": imported.version, "legal_status": "association", **options})
    assert answer.status_code == 302, answer.content.decode()


def standings(imported):
    return list(imported.lines.order_by("number").values_list("standing", flat=True))


def outcomes(imported):
    return list(imported.lines.order_by("number").values_list("outcome", flat=True))


# ── from the file to the list ─────────────────────────────────────────────────────────────────────
def test_a_file_is_shown_whole_before_anything_is_done(head, network, door):
    browser = client_of(head)

    imported, place = sent(browser, door, HEAD + line(1) + line(2, email="pas une adresse") + line(3, postcode="33999"))

    page = browser.get(place).content.decode()
    assert standings(imported) == ["ready", "wrong", "wrong"]
    assert "Écrivez une adresse e-mail complète" in page
    assert "pas une adresse" in page
    assert "Ce code postal est inconnu" in page
    assert "Inviter 1 antenne" in page
    assert "2 lignes laissées de côté" in page
    assert not BranchInvitation.objects.exists()
    assert not Outgoing.objects.exists()


def test_after_the_yes_each_line_is_an_invitation_and_its_outcome_is_told(head, network, door):
    browser = client_of(head)
    imported, place = sent(browser, door, HEAD + line(1) + line(2, email="x") + line(3))

    confirmed(browser, place, imported)
    assert "attend son tour" in browser.get(place).content.decode()
    imports.carry_due(timezone.now())

    page = browser.get(place).content.decode()
    assert "2 lignes faites" in page
    assert sorted(BranchInvitation.objects.values_list("name", "legal_status")) == [
        ("Antenne 0001", "association"),
        ("Antenne 0003", "association"),
    ]
    assert Outgoing.objects.filter(message="organisations.branch.invited").count() == 2
    assert outcomes(imported) == ["done", "", "done"]
    assert list(Entry.objects.filter(model="jobs.import").order_by("pk").values_list("verb", flat=True)) == [
        "jobs.import.receive", "jobs.import.confirm", "jobs.import.done",
    ]  # fmt: skip


def test_two_thousand_branches_of_which_sixty_are_wrong(head, network, door):
    """Part D. Previewed in under 3 s of processor; nothing of the 60 leaves, and they come back to be mended."""
    faults = [{"email": "non"}, {"postcode": "1"}, {"name": ""}, {"siret": "123"}]
    wrong = {n: faults[n % 4] for n in range(5, 1985, 33)}
    assert len(wrong) == 60
    text = HEAD + "".join(line(n, **wrong.get(n, {})) for n in range(2000))
    browser = client_of(head)

    started = time.process_time()
    imported, place = sent(browser, door, text)
    page = browser.get(place).content.decode()
    took = time.process_time() - started

    assert took < 3, took
    assert "Inviter les 1\u00a0940 antennes" in page
    assert "60 lignes laissées de côté" in page
    confirmed(browser, place, imported)
    imported.refresh_from_db()
    assert (imported.state, imported.total) == ("waiting", 1940)
    mended = read_table(browser.get(f"{place}a-corriger/xlsx/").content)
    assert len(mended.rows) == 60
    assert mended.titles[-1] == "À corriger"


def test_the_wrong_lines_come_back_to_be_mended_and_sent_again(head, network, door):
    browser = client_of(head)
    _imported, place = sent(browser, door, HEAD + line(1) + line(2, email="a2 chez example.org"))

    for form in ("csv", "xlsx"):
        table = read_table(browser.get(f"{place}a-corriger/{form}/").content)
        assert [row.cells[0] for row in table.rows] == ["Antenne 0002"]
        assert table.rows[0].cells[-2:] == ["3", "Écrivez une adresse e-mail complète, comme prenom.nom@exemple.fr."]

    data = browser.get(f"{place}a-corriger/csv/").content.decode("utf-8-sig").replace("a2 chez example.org", "a2@example.org")
    again, _place = sent(browser, door, data)
    assert standings(again) == ["ready"]


def test_the_model_file_is_one_that_would_be_read(head, network, door):
    browser = client_of(head)

    for form in ("csv", "xlsx"):
        imported, _place = sent(browser, door, browser.get(f"{door}modele/{form}/").content, name=f"m.{form}")
        assert standings(imported) == ["ready"]
    assert browser.get(f"{door}modele/exe/").status_code == 404


def test_unknown_titles_are_matched_by_hand(head, network, door):
    browser = client_of(head)
    imported, place = sent(browser, door, "Truc;Machin;CP\r\nCroix-Rouge de Pau;pau@example.org;64000\r\n")
    assert place.endswith("colonnes/")
    page = browser.get(place).content.decode()
    assert "Croix-Rouge de Pau" in page, "the first line helps to recognise a column"

    assert browser.post(place, {"name": "0"}).status_code == 422
    assert browser.post(place, {"name": "0", "email": "0"}).status_code == 422
    answer = browser.post(place, {"name": "0", "email": "1", "postcode": "2"})

    assert answer.status_code == 302
    assert standings(imported) == ["ready"]
    assert imported.lines.get().values["city"] == "Pau"


def test_cells_copied_from_a_spreadsheet_will_do(head, network, door):
    browser = client_of(head)

    answer = browser.post(door, {"pasted": "Antenne\tMail\tVille\tDépartement\nCroix-Rouge de Dax\tdax@example.org\tDax\tLandes"})

    assert answer.status_code == 302
    assert ImportLine.objects.get().values["department"] == "40"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "vide"),
        (b"PK\x03\x04x", "ne s&#x27;ouvre pas"),
        (b"a\0b", "pas un tableau"),
        (b"nom;mail\n", "ligne de titres"),
        (None, "Choisissez un fichier"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(head, door, data, sentence):
    answer = client_of(head).post(door, {"file": SimpleUploadedFile("x.csv", data)} if data is not None else {})

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Import.objects.exists()


def test_twins_inside_the_file_and_branches_already_invited_are_told(head, network, door):
    invite_branch(
        actor=actor(head), network=network.pk,
        facts=BranchFacts(name="Antenne 0009", email="z@example.org", department="33", city="Bordeaux"),
    )  # fmt: skip
    siret = "73282932000074"
    browser = client_of(head)

    imported, place = sent(browser, door, HEAD + line(1, siret=siret) + line(2, siret=siret) + line(1) + line(9))

    assert standings(imported) == ["ready", "wrong", "wrong", "known"]
    page = browser.get(f"{place}?lignes=").content.decode()
    assert "La ligne 2 du fichier a déjà ce SIRET" in page
    assert "même nom, même code postal" in page
    assert "Déjà invitée" in page


def test_organisations_that_are_here_are_asked_only_when_that_is_ticked(head, network, door):
    """Never a second organisation: the line says so, and its manager may be asked to join the network."""
    here = organisation(siret="73282932000074")
    manager(here)
    browser = client_of(head)
    for ticked in (False, True):
        text = HEAD + line(1 + ticked) + line(3, siret="73282932000074")
        imported, place = sent(browser, door, text)
        assert standings(imported) == ["ready", "otherwise"]
        assert "Proposer aussi à 1 structure déjà inscrite" in browser.get(place).content.decode()
        confirmed(browser, place, imported, **({"ask": "on"} if ticked else {}))
        imports.carry_due(timezone.now())
        assert Outgoing.objects.filter(message="organisations.branch.asked").count() == ticked
    assert Organisation.objects.count() == 1
    assert BranchInvitation.objects.get(asked=here).state == "sent"


# ── twice, stopped, killed ────────────────────────────────────────────────────────────────────────
def test_a_double_confirmation_invites_once(head, network, door):
    browser = client_of(head)
    imported, place = sent(browser, door, HEAD + line(1))

    for _ in range(2):
        confirmed(browser, place, imported)
    for _ in range(2):
        imports.carry_due(timezone.now())

    assert BranchInvitation.objects.count() == Outgoing.objects.count() == 1


def test_a_preview_that_has_changed_is_not_confirmed_unseen(head, network, door):
    browser = client_of(head)
    imported, place = sent(browser, door, HEAD + line(1))
    seen = imported.version
    browser.post(f"{place}colonnes/", {"name": "0", "email": "3", "postcode": "4"})

    answer = browser.post(f"{place}confirmer/", {"seen": seen})

    assert answer.status_code == 409
    assert "L&#x27;aperçu a changé" in answer.content.decode()
    assert not BranchInvitation.objects.exists()


def test_the_same_file_sent_again_says_so_and_does_nothing_twice(head, network, door):
    browser = client_of(head)
    text = HEAD + line(1)
    imported, place = sent(browser, door, text)
    confirmed(browser, place, imported)
    imports.carry_due(timezone.now())

    again, place = sent(browser, door, text)

    page = browser.get(place).content.decode()
    assert "Ce même fichier a déjà été envoyé" in page
    assert standings(again) == ["known"]
    assert browser.post(f"{place}confirmer/", {"seen": again.version}).status_code == 409


def test_what_came_meanwhile_is_looked_at_again_when_a_line_is_written(head, network, door):
    browser = client_of(head)
    imported, place = sent(browser, door, HEAD + line(1) + line(2))
    confirmed(browser, place, imported)
    membership(organisation(name="Antenne 0002", city="Bordeaux"), "croix-rouge", state="confirmed")

    imports.carry_due(timezone.now())

    assert outcomes(imported) == ["done", "left"]
    assert "fait déjà partie de votre réseau" in imported.lines.get(number=3).note


def test_an_import_is_stopped_after_the_present_lines(head, network, door, monkeypatch):
    monkeypatch.setattr(imports, "CHUNK", 2)
    browser = client_of(head)
    imported, place = sent(browser, door, HEAD + "".join(line(n) for n in range(6)))
    confirmed(browser, place, imported)
    real, beats = work.beat, []

    def beat(*args, **more):
        beats.append(1)
        if len(beats) == 2:
            browser.post(f"{place}arreter/")
        real(*args, **more)

    monkeypatch.setattr(work, "beat", beat)
    imports.carry_due(timezone.now())

    imported.refresh_from_db()
    assert (imported.state, BranchInvitation.objects.count()) == ("stopped", 2)
    assert "ce qui était fait le reste" in browser.get(place).content.decode()


class Killed(BaseException):
    """The worker dies: nothing of its program runs any more."""


def test_a_worker_that_dies_midway_leaves_no_line_half_done_and_another_goes_on(head, network, door, monkeypatch):
    monkeypatch.setattr(imports, "CHUNK", 2)
    browser = client_of(head)
    imported, place = sent(browser, door, HEAD + "".join(line(n) for n in range(6)))
    confirmed(browser, place, imported)
    real, written = imports._write_one, []

    def write_one(*args):
        written.append(1)
        real(*args)
        if len(written) == 4:  # the second line of the second batch: its transaction is not committed
            raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(imports, "_write_one", write_one)
        with pytest.raises(Killed):
            imports.carry_due(timezone.now())
    assert BranchInvitation.objects.count() == Outgoing.objects.count() == 2
    imports.carry_due(timezone.now())
    assert BranchInvitation.objects.count() == 2, "nobody takes it while its worker may be alive"

    imports.carry_due(timezone.now() + work.FIRST_LEASE + timedelta(seconds=1))

    imported.refresh_from_db()
    assert (imported.state, imported.attempts) == ("done", 2)
    assert BranchInvitation.objects.count() == Outgoing.objects.count() == 6
    assert len(set(Outgoing.objects.values_list("address", flat=True))) == 6


def test_one_line_that_fails_holds_up_no_other(head, network, door, monkeypatch):
    browser = client_of(head)
    imported, place = sent(browser, door, HEAD + line(1) + line(2) + line(3))
    confirmed(browser, place, imported)
    real = importers.invite_branch

    def invite(**more):
        if more["facts"].name == "Antenne 0002":
            raise ZeroDivisionError
        return real(**more)

    monkeypatch.setattr(importers, "invite_branch", invite)
    imports.carry_due(timezone.now())

    assert outcomes(imported) == ["done", "failed", "done"]
    assert "Une erreur est survenue" in browser.get(place).content.decode()


# ── rights, and what is kept ──────────────────────────────────────────────────────────────────────
def test_who_loses_the_role_writes_nothing_more(head, network, door):
    browser = client_of(head)
    imported, place = sent(browser, door, HEAD + line(1))
    confirmed(browser, place, imported)
    Grant.objects.filter(person=head).update(valid_until=timezone.now())

    imports.carry_due(timezone.now())

    imported.refresh_from_db()
    assert (imported.state, imported.error) == ("failed", "right_lost")
    assert not BranchInvitation.objects.exists()
    assert browser.get(place).status_code == 404


def test_a_file_is_seen_by_who_sent_it_alone(head, network, door):
    _imported, place = sent(client_of(head), door, HEAD + line(1))

    for other in (supervisor(), supervisor("secours-populaire"), operator(), manager()):
        browser = client_of(other)
        for address in (place, f"{place}colonnes/", f"{place}a-corriger/csv/"):
            assert browser.get(address).status_code == 404
        for verb in ("confirmer", "arreter"):
            assert browser.post(f"{place}{verb}/").status_code == 404
    assert not BranchInvitation.objects.exists()


def test_personal_data_go_with_their_time(head, network, door):
    """P10: a draft after a week, a result after a month; who forgets a file forgets it at once."""
    browser = client_of(head)
    dropped, place = sent(browser, door, HEAD + line(1))
    browser.post(f"{place}arreter/")
    assert not Import.objects.filter(pk=dropped.pk).exists()
    draft, _place = sent(browser, door, HEAD + line(2))
    done, place = sent(browser, door, HEAD + line(3))
    confirmed(browser, place, done)
    imports.carry_due(timezone.now())
    now = timezone.now()

    imports.forget_imports(now + timedelta(days=6))
    assert Import.objects.count() == 2
    imports.forget_imports(now + timedelta(days=8))
    assert list(Import.objects.values_list("pk", flat=True)) == [done.pk]
    imports.forget_imports(now + timedelta(days=31))
    assert not Import.objects.exists()
    assert not ImportLine.objects.exists()
    assert not Import.objects.filter(pk=draft.pk).exists()


def test_a_hundred_lines_cost_the_queries_of_one(head, network, door):
    browser = client_of(head)

    def cost(lines):
        with CaptureQueriesContext(connection) as seen:
            _imported, place = sent(browser, door, HEAD + "".join(line(n) for n in range(lines)))
            browser.get(place)
        return len(seen)

    cost(1)

    assert cost(100) == cost(1)
