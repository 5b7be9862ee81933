"""An organisation's dashboard and lists: what they find, count, sort, keep, and whom they show (R17, R18, R32, R37, R41)."""

from __future__ import annotations

import random
import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from tests.factories import (
    as_manager,
    client_of,
    days,
    domain,
    grant,
    manager,
    mission,
    organisation,
    participation,
    person,
    today,
    volunteer,
)

from renfort.audit.models import ContactView
from renfort.missions.enums import MissionState, ParticipationState
from renfort.missions.forms.filters import MissionFilterForm, ParticipationFilterForm
from renfort.missions.models import Mission, Participation, SavedView
from renfort.missions.selectors.host_lists import FEW, host_missions, host_participations, with_left
from renfort.missions.selectors.mission import places_taken, with_places
from renfort.organisations.enums import Programme, Role

pytestmark = pytest.mark.django_db
M, P = MissionState, ParticipationState


@pytest.fixture
def host():
    """An organisation, its manager, and the manager's browser."""
    where = organisation(name="Secours Bordeaux")
    someone = manager(where)
    return where, someone, client_of(someone)


def text_of(response):
    return response.content.decode()


def url(name, where, *args, **said):
    query = "&".join(f"{key}={value}" for key, value in said.items())
    return reverse(f"missions:{name}", args=[where.pk, *args]) + (f"?{query}" if query else "")


def missions_of(where, **said):
    form = MissionFilterForm(QueryDict("&".join(f"{key}={value}" for key, value in said.items())))
    return set(host_missions(as_manager(where), where.pk, form.said))


def participations_of(where, **said):
    form = ParticipationFilterForm(QueryDict("&".join(f"{key}={value}" for key, value in said.items())))
    return set(host_participations(as_manager(where), where.pk, form.said))


def shown(response, kind="participation"):
    """The numbers of the rows of a list, in order."""
    return [int(number) for number in re.findall(r'data-row="(\d+)"', text_of(response))]


def total(response):
    """« Affiche 1 à 20 sur 57 résultats » → 57; nothing listed is 0."""
    found = re.search(r"sur (\d+) résultat", text_of(response))
    return int(found.group(1)) if found else 0


# ── the dashboard ─────────────────────────────────────────────────────────────────────────────────
def scatter(where, seed):
    """Missions and participations of every kind, a few days around now."""
    dice = random.Random(seed)
    for _ in range(9):
        start = today() + days(dice.randint(-40, 20))
        state = dice.choice([M.PUBLISHED] * 6 + list(M))
        what = mission(
            where, state=state, places=dice.randint(1, 4), format=dice.choice(["one_off", "recurring"]),
            starts_on=start, ends_on=start + days(dice.randint(0, 15)),
        )  # fmt: skip
        for _ in range(dice.randint(0, 5)):
            at = timezone.now() - timedelta(days=dice.randint(0, 100), hours=1)
            participation(what, state=dice.choice(list(P)), created_at=at)


@pytest.mark.parametrize("seed", range(4))
def test_each_figure_of_the_dashboard_is_what_its_list_shows(host, seed):
    """R41: whatever the data, a figure and the list that it opens say the same number, and the parts add up."""
    where, _someone, browser = host
    scatter(where, seed)
    scatter(organisation(), seed + 100)  # somebody else's counts nowhere

    page = browser.get(url("dashboard", where))

    figures = {label: (value, link) for value, label, link in page.context["missions"] + page.context["participations"]}
    for label, (value, link) in figures.items():
        answer = browser.get(link)
        if label == "Places disponibles":
            said = re.search(r"(\d+) places? disponibles?", text_of(answer))
            assert (int(said.group(1)) if said else 0) == value, link
        else:
            assert total(answer) == value, link
    parts = ["En attente de mission", "À venir", "En cours de mission", "Mission effectuée", "Autres"]
    assert (
        sum(figures[part][0] for part in parts)
        == figures["Participations"][0]
        == Participation.objects.filter(organisation=where).count()
    )
    for line in page.context["first"]:
        assert total(browser.get(line["url"])) == int(re.match(r"\d+", line["words"]).group()), line["url"]


def test_what_presses_comes_first(host):
    where, _someone, browser = host
    now = timezone.now()
    soon = mission(where, starts_on=today() + days(3), ends_on=today() + days(3), places=2)
    full = mission(where, starts_on=today() + days(3), ends_on=today() + days(3), places=1)
    participation(full, state="accepted")
    mission(where, starts_on=today() - days(9), ends_on=today() - days(2))
    for age in (1, 3, 8):
        participation(soon, created_at=now - days(age))

    lines = [line["words"] for line in browser.get(url("dashboard", where)).context["first"]]

    assert [line.split(" ")[0] for line in lines] == ["1", "2", "1", "1"]
    assert "plus de 7 jours" in lines[0] and "plus de 2 jours" in lines[1]
    assert "manque de bénévoles" in lines[2] and "clôturer" in lines[3]


def test_the_plot_counts_applications_and_acceptances_by_week(host):
    where, _someone, browser = host
    now = timezone.now()
    monday = today() - days(today().weekday())
    participation(mission(where), created_at=now - days(14))
    participation(mission(where), state="accepted", created_at=now - days(14), decided_at=now)
    participation(mission(where), state="refused", created_at=now - days(400), decided_at=now)

    weeks = browser.get(url("dashboard", where)).context["weeks"]

    assert [week.monday for week in weeks] == [monday - days(7 * back) for back in range(11, -1, -1)]
    assert [week.applied for week in weeks] == [0] * 9 + [2, 0, 0]
    assert [week.accepted for week in weeks] == [0] * 11 + [1]


def test_a_new_organisation_is_told_where_to_begin(host):
    assert "Votre première mission" in text_of(host[2].get(url("dashboard", host[0])))


# ── what the filters find ─────────────────────────────────────────────────────────────────────────
def test_missions_are_found_by_place_state_domain_room_and_start(host):
    where = host[0]
    near = mission(where, places=1, starts_on=today() + days(3))
    far = mission(where, city="Libourne", postcode="33500", domain=domain())
    away = mission(where, presence="remote", city="", postcode="", department="64")
    over = mission(where, starts_on=today() - days(9), ends_on=today() - days(2))
    draft = mission(where, state="draft")
    participation(near, state="accepted")

    assert missions_of(where) == {near, far, away, over, draft}
    assert missions_of(where, lieu="libourne") == missions_of(where, lieu="33500") == {far}
    assert missions_of(where, lieu="33") == {near, far, over, draft}
    assert missions_of(where, lieu="64") == {away}
    assert missions_of(where, statut="a-cloturer") == {over}
    assert missions_of(where, statut="proposees") == {near, far, away, over}
    assert missions_of(where, places="complet") == {near}
    assert missions_of(where, places="reste") == {far, away}
    assert missions_of(where, debut="7") >= {near} and over not in missions_of(where, debut="7")
    assert missions_of(where, domaine="aide-alimentaire") == {near, far, away, over, draft}
    assert missions_of(where, q="libourne repas") == {far}
    assert missions_of(where, q="secours libourne") == {far}, "R17: the organisation's own name narrows nothing"
    assert missions_of(where, statut="nonsense", places="nonsense") == {near, far, away, over, draft}


def test_participations_are_found_by_status_wait_place_period_and_words(host):
    where, now = host[0], timezone.now()
    here, there = mission(where), mission(where, title="Collecte", city="Libourne", postcode="33500")
    new = participation(here, created_at=now)
    old = participation(there, volunteer(first_name="Éloïse", last_name="Dupré"), created_at=now - days(8))
    gone = participation(here, state="withdrawn", created_at=now - days(30))
    missed = participation(here, state="no_show", created_at=now - days(30))
    kept = participation(here, state="done", created_at=now - days(40))

    assert participations_of(where, statut="pending") == {new, old}
    assert participations_of(where, attente="7") == participations_of(where, lieu="libourne") == {old}
    assert participations_of(where, statut="withdrawn") == {gone, missed}
    assert participations_of(where, statut="autres") == {gone, missed}
    assert participations_of(where, statut="places") == {kept}
    assert participations_of(where, mission=there.pk) == participations_of(where, q="eloise") == {old}
    assert participations_of(where, q="collecte dupre") == {old}
    assert participations_of(where, du=(now - days(10)).date().isoformat(), au=(now - days(7)).date().isoformat()) == {old}
    assert participations_of(where, du="hier", attente="x") == {new, old, gone, missed, kept}


def test_filters_stay_in_the_address_as_chips_that_can_be_taken_away(host):
    where, _someone, browser = host
    what = mission(where)
    participation(what)

    page = browser.get(url("host-participations", where, statut="pending", mission=what.pk, tri="cree", page=1))

    chips = {chip["label"]: parse_qs(urlsplit(chip["url"]).query) for chip in page.context["chips"]}
    assert chips["En attente de validation"] == {"mission": [str(what.pk)], "tri": ["cree"]}
    assert chips["Mission\u00a0: Distribution de repas"] == {"statut": ["pending"], "tri": ["cree"]}


def test_a_list_of_somebody_elses_mission_stays_empty(host):
    """What the address says is a claim: the title of another organisation's mission is not shown either."""
    where, _someone, browser = host
    foreign = participation(mission(organisation(), title="Chez les autres"))

    page = text_of(browser.get(url("host-participations", where, mission=foreign.mission_id)))

    assert "Chez les autres" not in page and foreign.person.last_name not in page


# ── order ─────────────────────────────────────────────────────────────────────────────────────────
def test_missions_are_sorted_by_title_start_age_and_room(host):
    where, _someone, browser = host
    b = mission(where, title="Évasion", starts_on=today() + days(3), places=5)
    a = mission(where, title="Collecte", starts_on=today() + days(1), places=9)
    c = mission(where, title="Zèle", starts_on=today() + days(2), places=1)

    def order(tri):
        return [Mission.objects.get(pk=pk) for pk in shown(browser.get(url("host-missions", where, tri=tri)))]

    assert order("titre") == [a, b, c] and order("-titre") == [c, b, a]
    assert order("debut") == [a, c, b]
    assert order("places") == [c, b, a]
    assert order("cree") == [b, a, c] and order("nonsense") == [c, a, b]
    page = text_of(browser.get(url("host-missions", where, tri="titre")))
    assert '<th scope="col" aria-sort="ascending"><a href="?tri=-titre">' in page


def test_an_order_that_no_index_gives_is_offered_to_few_rows_alone(host, monkeypatch):
    """A hundred thousand rows are never sorted for one page."""
    where, _someone, browser = host
    for name in ("Zed", "Abel"):
        participation(mission(where), volunteer(last_name=name))

    few = browser.get(url("host-participations", where, tri="nom"))
    monkeypatch.setattr("renfort.missions.views.listing.FEW", 1)
    monkeypatch.setattr("renfort.missions.views.host_participations.FEW", 1)
    many = browser.get(url("host-participations", where, tri="nom"))

    assert FEW == 1000
    assert [Participation.objects.get(pk=pk).person.last_name for pk in shown(few)] == ["Abel", "Zed"]
    assert "tri=-nom" in text_of(few)
    assert [Participation.objects.get(pk=pk).person.last_name for pk in shown(many)] == ["Abel", "Zed"]  # newest first
    assert "nom" not in "".join(re.findall(r'<th scope="col".*?</th>', text_of(many)))


# ── columns and views ─────────────────────────────────────────────────────────────────────────────
def test_columns_are_kept_for_the_person(host):
    where, someone, browser = host
    mission(where)
    colleague = person()
    grant(colleague, Programme.RESERVE, Role.MANAGER, where)

    browser.post(url("missions-columns", where), {"colonne": ["responsable", "places", "nonsense"]})

    mine, theirs = (text_of(each.get(url("host-missions", where))) for each in (browser, client_of(colleague)))
    assert '<th scope="col">Responsable</th>' in mine and someone.full_name in mine.split("<tbody>")[1]
    assert ">Dates" not in mine.split("<thead>")[1].split("</thead>")[0]
    assert ">Dates" in theirs.split("<thead>")[1].split("</thead>")[0]


def test_a_view_is_saved_shared_renamed_opened_first_and_deleted(host):
    where, _someone, browser = host
    colleague = person()
    grant(colleague, Programme.RESERVE, Role.MANAGER, where)
    other = client_of(colleague)
    said = {"name": "Oubliées", "filtre": "statut=pending&attente=7&page=3&volet=9&evil=1", "premiere": "1"}

    browser.post(url("participations-views", where), said)

    view = SavedView.objects.get(name="Oubliées")
    assert view.query == "statut=pending&attente=7"
    bare = url("host-participations", where)
    assert browser.get(bare).url == f"{bare}?statut=pending&attente=7&vue={view.pk}"
    assert browser.get(f"{bare}?vue=toutes").status_code == 200, "the whole list stays one click away"
    assert "Oubliées" not in text_of(other.get(bare))

    address = url("participations-view", where, view.pk)
    assert other.post(address, {"geste": "delete"}).status_code == 404, "a colleague does not even know of it"
    browser.post(address, {"name": "Trop vieilles", "is_shared": "on", "geste": "change"})
    assert "Trop vieilles" in text_of(other.get(bare))
    assert other.post(address, {"geste": "delete"}).status_code == 403
    assert other.post(address, {"geste": "first"}).status_code == 302 and "vue=" in other.get(bare).url
    browser.post(address, {"geste": "delete"})
    assert other.get(bare).status_code == 200, "who opened the list with it opens the whole list again"


def test_views_are_put_in_the_order_that_one_wants(host):
    """R18, without a script: each one's own, and a colleague's tabs stay as they were."""
    where, _someone, browser = host
    colleague = person()
    grant(colleague, Programme.RESERVE, Role.MANAGER, where)
    other, bare = client_of(colleague), url("host-missions", where)
    for name in ("Anciennes", "Bientôt", "Complètes"):
        browser.post(url("missions-views", where), {"name": name, "is_shared": "on", "filtre": "statut=published"})
    pk = dict(SavedView.objects.exclude(name="").values_list("name", "pk"))

    def tabs(who) -> list[str]:
        return [tab["view"].name for tab in who.get(bare).context["tabs"]]

    def move(name: str, gesture: str, who=browser) -> int:
        return who.post(url("missions-view", where, pk[name]), {"geste": gesture}).status_code

    assert tabs(browser) == ["Anciennes", "Bientôt", "Complètes"]
    assert move("Complètes", "before") == 302 and tabs(browser) == ["Anciennes", "Complètes", "Bientôt"]
    assert move("Anciennes", "after") == 302 and tabs(browser) == ["Complètes", "Anciennes", "Bientôt"]
    move("Complètes", "before")
    move("Bientôt", "after")
    assert tabs(browser) == ["Complètes", "Anciennes", "Bientôt"], "an end is an end"
    assert move("Bientôt", "before", other) == 403 and tabs(other) == ["Anciennes", "Bientôt", "Complètes"]
    browser.post(url("missions-views", where), {"name": "Ajoutée", "filtre": "statut=draft"})
    assert tabs(browser)[-1] == "Ajoutée", "a new one comes after those that were put in an order"
    assert "Placer avant la précédente" in text_of(browser.get(bare, {"vue": pk["Bientôt"]}))


def test_two_views_of_one_name_are_refused_with_a_sentence(host):
    where, _someone, browser = host
    said = {"name": "Oubliées", "filtre": "statut=pending"}
    browser.post(url("participations-views", where), said)

    answer = browser.post(url("participations-views", where), said)

    assert answer.status_code == 422 and "Vous avez déjà une vue de ce nom" in text_of(answer)
    assert browser.post(url("missions-views", where), {"name": ""}).status_code == 422


# ── the panel ─────────────────────────────────────────────────────────────────────────────────────
def test_the_panel_of_a_mission_has_its_own_address(host):
    """R18: the summary beside the list; the cross leads back to the list as it was."""
    where, someone, browser = host
    what = mission(where)

    page = text_of(browser.get(url("host-missions", where, statut="published", volet=what.pk)))
    alone = browser.get(url("host-mission-panel", where, what.pk), headers={"X-Volet": "1"})

    assert browser.get(url("host-mission-panel", where, what.pk)).url == url("host-missions", where, volet=what.pk)
    for html in (page, text_of(alone)):
        for fact in (
            "33 - Gironde",
            "Validée",
            "Mission en présentiel",
            "Mission ponctuelle",
            "3 rue Sainte-Catherine",
            someone.full_name,
        ):
            assert fact in html
    assert f'data-close="{url("host-missions", where)}?statut=published"' in page
    assert "<html" not in text_of(alone)


def test_the_panel_of_a_participation_tells_whom_to_call_and_is_noted(host):
    """R32, R37: e-mail, mobile, birth date; whoever reads them is written down."""
    where, someone, browser = host
    waiting = participation(mission(where))

    html = text_of(browser.get(url("host-participation-panel", where, waiting.pk), headers={"X-Volet": "1"}))

    for fact in (waiting.person.email, "06\u00a012\u00a034\u00a056\u00a078", "17 mai 1990", "36 ans", "Mission en présentiel"):
        assert fact in html
    seen = ContactView.objects.get()
    assert (seen.viewer_id, seen.subject_id, seen.organisation_id) == (someone.pk, waiting.person_id, where.pk)


def test_a_list_notes_those_it_shows_and_nobody_else(host):
    where, _someone, browser = host
    shown_one = participation(mission(where))
    participation(mission(where), state="refused")

    browser.get(url("host-participations", where, statut="pending"))

    assert [seen.subject_id for seen in ContactView.objects.all()] == [shown_one.person_id]


def test_a_panel_of_another_organisation_does_not_exist(host):
    where, _someone, browser = host
    foreign = participation()

    assert browser.get(url("host-participation-panel", where, foreign.pk), headers={"X-Volet": "1"}).status_code == 404
    assert browser.get(url("host-mission-panel", where, foreign.mission_id), headers={"X-Volet": "1"}).status_code == 404
    page = browser.get(url("host-participations", where, volet=foreign.pk))
    assert page.status_code == 200 and foreign.person.email not in text_of(page)
    assert browser.get(url("host-participations", where, volet="9" * 40)).status_code == 200


def test_status_lists_the_reachable_ones_and_why_not_the_others(host):
    """R33."""
    where, _someone, browser = host
    what = mission(where, places=1)
    participation(what, state="accepted")
    waiting = participation(what)

    html = " ".join(text_of(browser.get(url("host-participation-panel", where, waiting.pk), headers={"X-Volet": "1"})).split())

    assert 'value="refuse"' in html and 'value="accept"' not in html
    assert "Toutes les places sont prises." in html
    assert "Pas possible depuis « En attente de validation »." in html
    assert "Réservé à : l&#x27;horloge." in html  # cancelled with its mission
    assert f"Un e-mail part à {waiting.person.full_name}." in html


def test_status_is_saved_and_the_list_comes_back_as_it_was(host):
    where, _someone, browser = host
    waiting = participation(mission(where))
    back = url("host-participations", where, statut="pending", page=2)

    answer = browser.post(
        url("host-participation-status", where, waiting.pk), {"geste": "accept", "seen": waiting.version, "retour": back}
    )

    waiting.refresh_from_db()
    assert (waiting.state, answer.url) == ("accepted", back)
    elsewhere = browser.post(
        url("host-participation-status", where, waiting.pk), {"geste": "take_back", "retour": "//evil.example/espace/"}
    )
    assert elsewhere.url == url("host-participations", where)


def test_a_colleague_who_was_faster_is_told_of_in_the_panel(host):
    where, _someone, browser = host
    waiting = participation(mission(where))
    address = url("host-participation-status", where, waiting.pk)
    browser.post(address, {"geste": "accept", "seen": waiting.version})

    late = browser.post(address, {"geste": "refuse", "reason": "other", "seen": waiting.version}, headers={"X-Volet": "1"})

    assert late.status_code == 409 and "plus rapide" in text_of(late)
    assert browser.post(address, {"geste": "start"}).status_code == 422
    assert browser.post(address, {"geste": "refuse", "seen": waiting.version + 1}).status_code == 422


def test_a_row_changes_in_the_answer_to_the_script(host):
    where, _someone, browser = host
    waiting = participation(mission(where))

    html = text_of(
        browser.post(
            url("host-participation-status", where, waiting.pk),
            {"geste": "accept", "seen": waiting.version, "colonnes": "ville"},
            headers={"X-Volet": "1"},
        )
    )

    assert "data-new-row" in html and ">Bordeaux</td>" in html and f'value="{waiting.pk}.{waiting.version + 1}"' in html


# ── places ────────────────────────────────────────────────────────────────────────────────────────
def test_places_left_are_counted_as_places_taken_are(host):
    """The list's own way of counting is the rule's (R34)."""
    where = host[0]
    for seed in range(3):
        scatter(where, seed)

    for each in with_left(with_places(Mission.objects.filter(organisation=where))):
        assert each.left == each.places - places_taken(each)
