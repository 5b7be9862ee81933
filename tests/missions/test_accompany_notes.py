"""R55: internal notes are for those who look after a territory, never for organisations; P10: words can be erased."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.factories import (
    actor,
    client_of,
    delegation,
    domain,
    grant,
    manager,
    mission,
    operator,
    organisation,
    participation,
    referent,
)

from renfort.audit.models import Entry, Remark
from renfort.kernel.firing import NotAllowed, Refused
from renfort.missions.models import MissionNote
from renfort.missions.services.notes import write_mission_note
from renfort.notifications.models import Outgoing
from renfort.organisations.enums import Programme, Role
from renfort.organisations.models import OrganisationNote
from renfort.organisations.services.notes import erase_note, write_note

pytestmark = pytest.mark.django_db
SECRET = "Rappeler la présidente en mars."


@pytest.fixture
def there():
    where = organisation()
    host = manager(where)
    return mission(where), host, referent("33", first_name="Tao", last_name="Nguyen")


def pages(what):
    """Where notes stand: of the organisation, of the mission."""
    where = what.organisation_id
    return {
        "organisation": [f"/referent/structures/{where}/", f"/referent/a-valider/structures/{where}/"],
        "mission": [f"/referent/missions/{what.pk}/", f"/referent/a-valider/missions/{what.pk}/"],
    }


def write(browser, what, kind, text=SECRET, **more):
    url = (
        reverse("organisations:note", args=[what.organisation_id])
        if kind == "organisation"
        else reverse("missions:referent-mission-note", args=[what.pk])
    )
    return browser.post(url, {"text": text, **more})


@pytest.mark.parametrize("kind", ["organisation", "mission"])
def test_a_note_is_read_by_those_who_look_after_it_and_by_the_operator(there, kind):
    what, _host, officer = there
    here = pages(what)[kind]

    answer = write(client_of(officer), what, kind, retour=here[0])

    assert (answer.status_code, answer["Location"]) == (302, f"{here[0]}#notes")
    colleague = client_of(referent("33", "40"))
    for page in here:
        shown = colleague.get(page).content.decode()
        assert SECRET in shown and "Tao Nguyen" in shown, page
    assert SECRET in client_of(operator()).get(here[1]).content.decode()
    assert not Outgoing.objects.exists()


@pytest.mark.parametrize("kind", ["organisation", "mission"])
def test_nobody_else_reads_or_writes_it(there, kind):
    what, host, officer = there
    write(client_of(officer), what, kind)
    participation(what)

    for someone in (host, referent("75"), None):
        browser = client_of(someone)
        assert write(browser, what, kind, "Volé").status_code in (302, 404)
        for page in pages(what)[kind]:
            assert browser.get(page).status_code in (302, 404)
    assert {*OrganisationNote.objects.values_list("text", flat=True), *MissionNote.objects.values_list("text", flat=True)} == {
        SECRET
    }
    where = what.organisation_id
    own = [f"/espace/{where}/missions/{what.pk}/", f"/espace/{where}/missions/?volet={what.pk}", f"/espace/{where}/structure/"]
    browser = client_of(host)
    for page in own:
        shown = browser.get(page)
        assert shown.status_code == 200 and SECRET not in shown.content.decode() and "Tao Nguyen" not in shown.content.decode()


@pytest.mark.parametrize("kind", ["organisation", "mission"])
def test_a_referent_of_its_team_is_kept_out(there, kind):
    """Never to the organisation: not even by the other door."""
    what, _host, officer = there
    write(client_of(officer), what, kind)
    both = referent("33")
    grant(both, Programme.RESERVE, Role.MISSION_TUTOR, what.organisation)
    browser = client_of(both)

    assert all(SECRET not in browser.get(page).content.decode() for page in pages(what)[kind])
    assert write(browser, what, kind, "De l'intérieur").status_code == 404


def test_a_delegation_of_one_domain_reads_the_notes_of_its_missions_alone(there):
    """R65."""
    what, _host, officer = there
    other = mission(what.organisation, domain=domain("garde-enfants"))
    receiver = referent("64")
    delegation(officer, receiver, "33").grants.update(domains=[what.domain_id])

    write_mission_note(actor=actor(receiver), mission=what, text=SECRET)
    with pytest.raises(NotAllowed):
        write_mission_note(actor=actor(receiver), mission=other, text=SECRET)
    with pytest.raises(NotAllowed):
        write_note(actor=actor(receiver), organisation=what.organisation, text=SECRET)


def test_its_author_erases_the_words_and_the_history_keeps_that_it_was(there):
    what, _host, officer = there
    note = write_mission_note(actor=actor(officer), mission=what, text=SECRET)
    url = reverse("missions:referent-mission-note-erase", args=[note.pk])

    with pytest.raises(NotAllowed):
        erase_note(actor=actor(referent("33")), note=note)
    assert client_of(officer).post(url, {"retour": "https://ailleurs.example/"})["Location"].startswith("/referent/")

    note.refresh_from_db()
    assert note.text == "" and note.erased_at
    assert list(
        Entry.objects.filter(model="missions.missionnote", object_id=note.pk).order_by("id").values_list("verb", flat=True)
    ) == [
        "missions.missionnote.write",
        "missions.missionnote.erase",
    ]
    assert not Remark.objects.filter(text__contains="présidente").exists()
    assert "Texte effacé" in client_of(officer).get(f"/referent/missions/{what.pk}/").content.decode()


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001])
def test_nothing_and_too_much_are_refused_and_nothing_is_lost(there, text):
    what, _host, officer = there

    answer = write(client_of(officer), what, "mission", text)
    assert answer.status_code == 422 and text.strip() in answer.content.decode()
    with pytest.raises(Refused):
        write_note(actor=actor(officer), organisation=what.organisation, text=text)
    assert not MissionNote.objects.exists()
