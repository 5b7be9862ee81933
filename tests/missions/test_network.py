"""R56, R5, R37: what the head of a national network reads, across departments, and nothing of anybody else's."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.factories import (
    actor,
    as_manager,
    client_of,
    days,
    domain,
    manager,
    membership,
    mission,
    organisation,
    participation,
    supervisor,
    today,
    volunteer,
)

from renfort.audit.models import ContactView, Entry
from renfort.jobs.models import Export
from renfort.jobs.selectors import parts_of
from renfort.jobs.services.exports import ask, make_due
from renfort.kernel.exports import EXPORT_KINDS, Asked
from renfort.kernel.firing import NotAllowed, fire
from renfort.missions.enums import MissionState, ParticipationState
from renfort.missions.models import MissionTemplate
from renfort.missions.selectors.network import (
    network_figures,
    network_missions,
    network_organisations,
    network_participations,
    summed,
)
from renfort.missions.selectors.templates import templates_for
from renfort.missions.services.templates import write_network_template
from renfort.missions.workflow import PARTICIPATION
from renfort.organisations.models import Grant, Network
from renfort.organisations.workflow import NETWORK

pytestmark = pytest.mark.django_db
KINDS = ("structures", "missions", "participations")
EXPORTS = ("missions.network_organisations", "missions.network_missions", "missions.network_participations")


def network(key="croix-rouge"):
    return Network.objects.get(key=key)


def home():
    return f"/reseau/{network().pk}/"


def branch(name, code="33", state="confirmed", key="croix-rouge", **facts):
    """An organisation of a network, a mission and a participation."""
    where = organisation(name=f"Antenne {name}", department_id=code, city=name)
    membership(where, key, state=state)
    what = mission(where, department=code, city=name, title=f"Mission de {name}", **facts)
    return where, what, participation(what, volunteer(last_name=f"Aidant{name}"))


@pytest.fixture
def country():
    """Two branches in two departments; one that only claims, one of another network, one of none."""
    found = {
        "Bordeaux": branch("Bordeaux"),
        "Lille": branch("Lille", "59"),
        "Nantes": branch("Nantes", "44", state="claimed"),
        "Dax": branch("Dax", "40", key="secours-populaire"),
    }
    alone = organisation(name="Seule", city="Paris")
    what = mission(alone, title="Mission de Paris")
    found["Paris"] = (alone, what, participation(what, volunteer(last_name="AidantParis")))
    return found


def read(browser, address=""):
    answer = browser.get(f"{home()}{address}")
    assert answer.status_code == 200, address
    return unescape(answer.content.decode())


def listed(browser, address):
    """The titles of the rows of a list."""
    return re.findall(r'class="row-title">.*?<a [^>]*>(.*?)</a>', read(browser, address))


# ── whose ─────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("kind", KINDS)
def test_lists_show_the_confirmed_branches_of_every_department_and_no_other(country, kind):
    titles = " ".join(listed(client_of(supervisor()), f"{kind}/"))

    assert [name in titles for name in country] == [True, True, False, False, False]


@pytest.mark.parametrize("kind", KINDS)
def test_a_guessed_number_of_another_is_not_found_as_page_or_panel(country, kind):
    browser = client_of(supervisor())

    for name, things in country.items():
        pk, ours = things[KINDS.index(kind)].pk, name in ("Bordeaux", "Lille")
        assert browser.get(f"{home()}{kind}/{pk}/").status_code == (200 if ours else 404), name
        panel = browser.get(f"{home()}{kind}/{pk}/volet/", headers={"X-Volet": "1"})
        assert panel.status_code == (200 if ours else 404), name


def test_a_membership_that_ends_takes_everything_back_at_once(country):
    someone = supervisor()
    where, _what, _went = country["Lille"]
    held = where.memberships.get()

    fire(NETWORK, held, "end", actor=actor(someone), answers={"reasons": "Autre fédération."})

    page = read(client_of(someone), "structures/")
    assert ("Lille" in page, "Bordeaux" in page) == (False, True)
    assert "Lille" not in read(client_of(someone), "participations/")


def test_a_supervisor_decides_on_no_participation(country):
    """R56: fitting people to missions is the host's job."""
    who = actor(supervisor())

    for verb in ("accept", "refuse"):
        with pytest.raises(NotAllowed):
            fire(PARTICIPATION, country["Bordeaux"][2], verb, actor=who)


def test_drafts_and_those_who_left_are_not_shown():
    where, _what, _went = branch("Bordeaux")
    mission(where, title="Brouillon secret", state=MissionState.DRAFT)
    gone = organisation(name="Partie", left_at=timezone.now())
    membership(gone, state="confirmed")
    browser = client_of(supervisor())

    assert "Brouillon secret" not in read(browser, "missions/")
    assert "Partie" not in read(browser, "structures/").replace("Participations", "")


def test_a_person_of_two_networks_acts_in_one_at_a_time(country):
    """P13."""
    someone, other = supervisor(), network("secours-populaire")
    Grant.objects.create(
        person=someone, programme="reserve", role="supervisor", scope_kind="network", scope=str(other.pk), network=other
    )
    browser = client_of(someone)

    first = read(browser, "structures/")
    second = unescape(browser.get(f"/reseau/{other.pk}/structures/").content.decode())
    assert ("Dax" in first, "Bordeaux" in first) == (False, True)
    assert ("Dax" in second, "Bordeaux" in second) == (True, False)


# ── filters ───────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("structures/?departement=59", "Lille"),
        ("structures/?q=bordeaux", "Bordeaux"),
        ("missions/?departement=59", "Lille"),
        ("missions/?q=bordeaux", "Bordeaux"),
        ("missions/?q=antenne+lille", "Lille"),
        ("participations/?departement=33", "Bordeaux"),
        ("participations/?q=aidantlille", "Lille"),
    ],
)
def test_filters_narrow_the_lists(country, address, shown):
    titles = listed(client_of(supervisor()), address)

    assert len(titles) == 1 and shown in titles[0]


def test_missions_that_begin_soon_without_enough_people_are_found():
    where = organisation(name="Antenne Bordeaux")
    membership(where, state="confirmed")
    short = mission(where, title="Manque", places=2, starts_on=today() + days(5), ends_on=today() + days(5))
    full = mission(where, title="Complète", places=1, starts_on=today() + days(5), ends_on=today() + days(5))
    participation(full, state=ParticipationState.ACCEPTED)
    mission(where, title="Plus tard", places=2, starts_on=today() + days(40), ends_on=today() + days(40))

    assert list(network_missions(actor(supervisor()), {"statut": "manque"})) == [short]


@pytest.mark.parametrize(
    "query",
    [
        "?departement=royaume&statut=%00",
        "?q=%00&page=-1",
        "?volet=x&mission=-1",
        "?volet=999999999999999999",
        "?structure=99999999999999999999&q=" + "x" * 3000,
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_a_strange_address_is_answered(kind, query):
    assert client_of(supervisor()).get(f"{home()}{kind}/{query}").status_code == 200


# ── contact data (R37) ────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("way", "address"), [("list", ""), ("panel", "{pk}/volet/"), ("page", "{pk}/")])
def test_whoever_reads_contact_data_is_noted_and_shown_to_the_volunteer(country, way, address):
    person = country["Bordeaux"][2].person
    url = f"{home()}participations/{address.format(pk=country['Bordeaux'][2].pk)}"

    page = client_of(supervisor()).get(url, headers={"X-Volet": "1"} if way == "panel" else {})

    assert person.email in page.content.decode()
    view = ContactView.objects.get(subject_id=person.pk)
    assert (view.way, view.organisation_id, view.role) == (way, None, f"reserve:supervisor:network:{network().pk}")
    seen = unescape(client_of(person).get("/espace/benevole/donnees-vues/").content.decode())
    assert "Superviseur" in seen and network().label in seen


def test_contact_data_are_hidden_thirty_days_after_and_no_search_finds_them():
    _where, what, went = branch("Bordeaux")
    old = participation(
        what, volunteer(last_name="Ancienne"), state=ParticipationState.REFUSED, created_at=timezone.now() - timedelta(days=50),
        closed_at=timezone.now() - timedelta(days=40), decided_at=timezone.now() - timedelta(days=40),
    )  # fmt: skip
    browser = client_of(supervisor())

    page = read(browser, "participations/")
    hidden = old.person.email
    assert (went.person.email in page, hidden in page, "Ancienne" in page) == (True, False, True)
    assert hidden not in read(browser, f"participations/{old.pk}/")
    assert "Ancienne" not in read(browser, f"participations/?q={hidden}")
    assert went.person.last_name in read(browser, f"participations/?q={went.person.email}")
    assert not ContactView.objects.filter(subject_id=old.person_id).exists()


def test_the_volunteer_reads_that_the_network_may_see_them_too(country):
    """R37: « Qui les voit en ce moment » names the network of the organisation, when somebody heads it."""
    person = country["Bordeaux"][2].person
    page = "/espace/benevole/donnees-vues/"

    assert network().label not in unescape(client_of(person).get(page).content.decode())
    supervisor()
    assert network().label in unescape(client_of(person).get(page).content.decode())
    claiming = country["Nantes"][2].person
    assert network().label not in unescape(client_of(claiming).get(page).content.decode())


# ── the dashboard ─────────────────────────────────────────────────────────────────────────────────
def test_each_figure_is_the_number_of_rows_of_the_list_that_it_opens(country):
    where = country["Bordeaux"][0]
    mission(where, title="Sans place", places=1, starts_on=today() + days(3), ends_on=today() + days(3))
    for state in (ParticipationState.ACCEPTED, ParticipationState.REFUSED, ParticipationState.WITHDRAWN):
        participation(country["Lille"][1], state=state)
    idle = organisation(name="Antenne vide")
    membership(idle, state="confirmed")
    browser = client_of(supervisor())
    page = browser.get(home())
    context = page.context

    links = [link for name in ("organisations", "missions", "participations") for link in context[name]]
    links += [(value, f"{row['name']} {label}", url) for row in context["rows"] for label, value, url in row["cells"]]
    counted = {str(label): (value, browser.get(url).context["page"].paginator.count) for value, label, url in links}
    assert {label: pair for label, pair in counted.items() if pair[0] != pair[1]} == {}
    assert counted["Structures"][0] == 3 and counted["Sans mission"][0] == 1
    assert counted["Participations"][0] == 5


def test_what_is_to_be_seen_to_first_says_so(country):
    mission(country["Lille"][0], title="Bientôt", places=3, starts_on=today() + days(3), ends_on=today() + days(3))
    page = read(client_of(supervisor()))

    assert "1 structure dit faire partie de votre réseau" in page
    assert "commence dans les 14 jours et manque de monde" in page or "commencent dans les 14 jours" in page


def test_departments_add_up(country):
    who = actor(supervisor())
    figures = network_figures(who)

    assert [each.code for each in figures] == ["33", "59"]
    total = summed(figures)
    assert total.organisations == network_organisations(who, {}).count()
    assert total.total == network_participations(who, {}).count()


def queries(browser, url):
    browser.get(url)
    with CaptureQueriesContext(connection) as told:
        assert browser.get(url).status_code == 200
    return len(told)


@pytest.mark.parametrize("address", ["", *(f"{kind}/" for kind in KINDS), "structures/a-confirmer/", "modeles/"])
def test_pages_take_at_most_twelve_queries_and_the_same_for_one_and_for_twenty(address):
    browser = client_of(supervisor())
    branch("Un")
    membership(organisation())
    first = queries(browser, f"{home()}{address}")
    for number in range(19):
        branch(f"Ville{number}", code=("33", "59", "44")[number % 3])
        membership(organisation())

    assert queries(browser, f"{home()}{address}") == first <= 12


# ── files ─────────────────────────────────────────────────────────────────────────────────────────
def made(someone, kind, query="", columns=None):
    whole = actor(someone)
    chosen = EXPORT_KINDS[kind]
    asked = Asked(role=f"reserve:supervisor:network:{network().pk}", organisation=None, query=query)
    who = chosen.acts(whole, asked)
    wanted = chosen.chosen(columns) if columns else chosen.columns()
    export = ask(actor=who, kind=chosen, asked=asked, columns=wanted, format="xlsx", purpose="report")
    make_due(timezone.now())
    export.refresh_from_db()
    return export


def cells(export):
    sheet = openpyxl.load_workbook(BytesIO(b"".join(parts_of(export)))).active
    lines = [[cell.value for cell in line] for line in sheet.iter_rows()]
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


@pytest.mark.parametrize(("kind", "heading"), list(zip(EXPORTS, ("Structure", "Titre", "Mission"), strict=True)))
def test_a_file_holds_the_rows_of_its_list_and_nothing_of_a_claim(country, kind, heading):
    someone = supervisor()

    export = made(someone, kind)
    found = [row[heading] for row in cells(export)]

    assert export.state == "done", export.error
    assert [any(name in cell for cell in found) for name in country] == [True, True, False, False, False]
    assert len(found) == 2
    assert Entry.objects.filter(verb="jobs.export.ask", codes__purpose="report", codes__kind=kind).exists()


def test_a_file_follows_the_filters_and_notes_who_was_read(country):
    export = made(supervisor(), EXPORTS[2], query="departement=59")

    assert [row["Structure"] for row in cells(export)] == ["Antenne Lille"]
    view = ContactView.objects.get()
    assert (view.subject_id, view.way) == (country["Lille"][2].person_id, "export")


def test_who_is_no_longer_supervisor_gets_no_file(country):
    someone = supervisor()
    browser = client_of(someone)
    export = made(someone, EXPORTS[0])
    Grant.objects.filter(person=someone).update(valid_until=timezone.now())

    assert EXPORT_KINDS[EXPORTS[0]].acts(actor(someone), Asked(role=export.role, organisation=None)) is None
    assert browser.post(f"/espace/telechargements/{export.pk}/fichier/").status_code == 404


@pytest.mark.parametrize("role", ["reserve:manager:organisation:{host}", "reserve:supervisor:network:{other}", ""])
def test_a_role_that_is_not_that_network_s_gives_no_file(country, role):
    someone, where = supervisor(), organisation()
    said = role.format(host=where.pk, other=network("secours-populaire").pk)

    assert EXPORT_KINDS[EXPORTS[0]].acts(actor(someone), Asked(role=said, organisation=where.pk)) is None
    assert EXPORT_KINDS[EXPORTS[0]].acts(as_manager(where), Asked(role=said, organisation=where.pk)) is None


def test_the_page_of_an_export_asks_for_a_purpose(country):
    browser = client_of(supervisor())
    url = f"{home()}participations/exporter/?departement=33"

    page = unescape(browser.get(url).content.decode())
    assert "1 ligne" in page and "33" in page
    assert browser.post(url, {}).status_code == 422
    assert not Export.objects.exists()


# ── templates (R66) ───────────────────────────────────────────────────────────────────────────────
def template_form(**facts):
    return {
        "form_token": "5f0c54f0-5f0e-4a39-9b6c-0f6f3f0f0f0f", "domain": domain().pk, "presence": "on_site", "format": "one_off",
        "places": 3, "name_fr": "Maraude du soir", "title_fr": "Participer à une maraude", **facts,
    }  # fmt: skip


def test_a_network_s_template_reaches_its_confirmed_organisations_alone(country):
    browser = client_of(supervisor())
    start = {name: templates_for(country[name][0]).count() for name in country}

    assert browser.post(f"{home()}modeles/nouveau/", template_form()).status_code == 302

    made_ = MissionTemplate.objects.get(name_fr="Maraude du soir")
    assert (made_.scope, made_.network) == ("network", network())
    offered = {name: templates_for(country[name][0]).count() - start[name] for name in country}
    assert offered == {"Bordeaux": 1, "Lille": 1, "Nantes": 0, "Dax": 0, "Paris": 0}
    where = country["Bordeaux"][0]
    page = client_of(manager(where)).get(f"/espace/{where.pk}/missions/nouvelle/").content.decode()
    assert "Maraude du soir" in page


def test_a_template_is_changed_and_withdrawn_by_its_own_network_alone():
    ours = client_of(supervisor())
    ours.post(f"{home()}modeles/nouveau/", template_form())
    made_ = MissionTemplate.objects.get(name_fr="Maraude du soir")
    theirs = supervisor("secours-populaire")
    url = f"modeles/{made_.pk}/"

    assert client_of(theirs).get(f"/reseau/{network('secours-populaire').pk}/{url}").status_code == 404
    with pytest.raises(NotAllowed):
        write_network_template(made_, actor=actor(theirs), network=network("secours-populaire").pk, facts={}, publics=[])
    assert ours.post(f"{home()}{url}", template_form(name_fr="Maraude")).status_code == 302
    assert ours.post(f"{home()}{url}retirer/").status_code == 302
    made_.refresh_from_db()
    assert (made_.name_fr, made_.is_active) == ("Maraude", False)


def test_a_template_that_says_too_little_is_not_kept():
    answer = client_of(supervisor()).post(f"{home()}modeles/nouveau/", template_form(name_fr=""))

    assert answer.status_code == 422
    assert not MissionTemplate.objects.filter(title_fr="Participer à une maraude").exists()
