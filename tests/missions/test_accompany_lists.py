"""R18, R51, P6: a referent's lists have the hosts' side panel and files; the same rows, the same rights, no contact data."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.factories import actor, client_of, manager, mission, organisation, participation, referent, volunteer

from renfort.audit.models import ContactView, Entry
from renfort.jobs.models import Export
from renfort.jobs.services.exports import make_due
from renfort.kernel.exports import EXPORT_KINDS, Asked
from renfort.organisations.models import Grant

pytestmark = pytest.mark.django_db
KINDS = ("structures", "missions", "participations")
OFFICER = "reserve:referent:department:"


def one(code="33", name="Bordeaux"):
    where = organisation(name=f"Secours {name}", department_id=code, city=name)
    manager(where)
    what = mission(where, department=code, title=f"Mission de {name}")
    return dict(zip(KINDS, (where, what, participation(what, volunteer(last_name=f"Aidant{name}"))), strict=True))


@pytest.mark.parametrize("kind", KINDS)
def test_a_row_opens_beside_the_list_at_an_address_of_its_own(kind):
    """R18: with a script the panel alone, without one the list with the panel beside it."""
    here, browser = one(), client_of(referent("33"))
    path = f"/referent/{kind}/"
    panel = f"{path}{here[kind].pk}/volet/"

    listed = browser.get(path).content.decode()
    assert f'data-row="{here[kind].pk}"' in listed and f'data-panel="{panel}"' in listed and 'id="panneau"' not in listed
    alone = browser.get(panel, headers={"X-Volet": "1"}).content.decode()
    assert 'id="panneau"' in alone and "<html" not in alone and "Bordeaux" in alone
    assert browser.get(panel)["Location"] == f"{path}?volet={here[kind].pk}"
    assert 'id="panneau"' in browser.get(f"{path}?volet={here[kind].pk}").content.decode()


@pytest.mark.parametrize("kind", KINDS)
def test_another_departments_row_opens_nothing(kind):
    there, browser = one("75", "Paris"), client_of(referent("33"))
    pk = there[kind].pk

    assert browser.get(f"/referent/{kind}/{pk}/volet/", headers={"X-Volet": "1"}).status_code == 404
    page = browser.get(f"/referent/{kind}/?volet={pk}").content.decode()
    assert 'id="panneau"' not in page and "Paris" not in page


def test_no_panel_shows_contact_data():
    here, browser = one(), client_of(referent("33"))
    made = here["participations"]

    page = browser.get(f"/referent/participations/?volet={made.pk}").content.decode()
    assert made.person.email not in page and made.person.mobile_phone not in page
    assert not ContactView.objects.exists()


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_with_its_panel_asks_the_same_whatever_its_length(kind):
    here, browser = one(), client_of(referent("33"))
    path = f"/referent/{kind}/?volet={here[kind].pk}"
    browser.get(path)

    def asked():
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert browser.get(path).status_code == 200
        return len(seen)

    before = asked()
    for _each in range(19):
        one()
    assert asked() == before
    assert before <= 16  # session, actor, head and list, and the panel's own


# ── files ─────────────────────────────────────────────────────────────────────────────────────────
FILES = {
    "structures": "missions.territory_organisations",
    "missions": "missions.territory_missions",
    "participations": "missions.territory_participations",
}


def text_of(export):
    return b"".join(bytes(part.data) for part in export.parts.order_by("number")).decode("utf-8-sig")


@pytest.mark.parametrize("kind", KINDS)
def test_the_file_has_the_rows_of_the_list_under_its_filters_and_the_history_says_what_for(kind):
    here, officer = one(), referent("33", "40")
    one("40", "Dax")
    one("75", "Paris")
    browser = client_of(officer)
    page = browser.get(f"/referent/{kind}/exporter/?departement=33")
    assert page.status_code == 200 and "1 ligne" in page.content.decode() and "33 - Gironde" in page.content.decode()
    form = page.context["form"]
    columns = [column.key for column in EXPORT_KINDS[FILES[kind]].columns()]

    answer = browser.post(
        f"/referent/{kind}/exporter/?departement=33",
        {
            "form_token": str(form["form_token"].value()),
            "columns": columns,
            "format": "csv",
            "purpose": "report",
            "purpose_words": "",
        },
    )
    assert answer.status_code == 302, answer.content.decode()
    make_due(timezone.now())

    export = Export.objects.get()
    assert (export.state, export.done, export.has_contacts, export.role) == ("done", 1, False, OFFICER)
    text = text_of(export)
    assert "Bordeaux" in text and "Dax" not in text and "Paris" not in text
    helper = here["participations"].person
    assert helper.email not in text and helper.mobile_phone not in text
    entry = Entry.objects.get(verb="jobs.export.ask")
    assert (entry.actor_id, entry.codes["kind"], entry.codes["purpose"]) == (officer.pk, FILES[kind], "report")
    assert browser.post(f"/espace/telechargements/{export.pk}/fichier/").status_code == 200


@pytest.mark.parametrize("kind", KINDS)
def test_whoever_is_no_referent_any_more_gets_no_file(kind):
    one()
    officer = referent("33")
    declared = EXPORT_KINDS[FILES[kind]]
    asked = Asked(role=OFFICER, organisation=None, query="")
    assert declared.count(declared.acts(actor(officer), asked), asked) == 1

    Grant.objects.filter(person=officer).update(valid_until=timezone.now())
    assert declared.acts(actor(officer), asked) is None
    host = manager()
    assert declared.acts(actor(host), Asked(role=actor(host).roles[0].key, organisation=None, query="")) is None
    assert client_of(host).get(f"/referent/{kind}/exporter/").status_code == 404


def test_no_column_of_a_referents_file_is_contact_data():
    """R37: contact data are asked for one by one, with a purpose."""
    for key in FILES.values():
        assert not any(column.is_contact for column in EXPORT_KINDS[key].columns())
    keys = {column.key for column in EXPORT_KINDS["missions.territory_participations"].columns()}
    assert not keys & {"email", "mobile_phone", "landline_phone", "birth_date"}
    assert reverse("missions:referent-missions-export") == "/referent/missions/exporter/"
