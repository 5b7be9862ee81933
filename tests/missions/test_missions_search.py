"""Finding a mission as people look for one (P2, R30): words, place, filters, errors forgiven, what to do when there is none."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories import client_of, days, domain, mission, organisation, participation, today

from renfort.missions.forms.search import NAMES, asked_in
from renfort.missions.models import Public
from renfort.missions.selectors.mission import similar_missions
from renfort.missions.services.search import learn, show

pytestmark = pytest.mark.django_db
BORDEAUX, BEGLES, LILLE, PESSAC, ARCACHON = "33063", "33039", "59350", "33318", "33009"
CITIES = {
    BORDEAUX: ("Bordeaux", "33", 44.8378, -0.5792),
    BEGLES: ("Bègles", "33", 44.8079, -0.5494),
    LILLE: ("Lille", "59", 50.6292, 3.0573),
    PESSAC: ("Pessac", "33", 44.8058, -0.6306),
    ARCACHON: ("Arcachon", "33", 44.6529, -1.1676),  # 53 km from Bègles
}


def at(code, title, **facts):
    """A mission in a city."""
    city, department, latitude, longitude = CITIES[code]
    given = {"description": "Venez.", "city": city, "department": department, "commune_id": code}
    return mission(title=title, **{**given, "latitude": latitude, "longitude": longitude, **facts})


def remote(title, **facts):
    return mission(title=title, presence="remote", city="", postcode="", address="", description="Depuis chez vous.", **facts)


def look(**asked):
    return client_of(None).get("/missions/", asked)


def found(**asked):
    return [each.title for each in look(**asked).context["page"].object_list]


def text_of(page):
    return " ".join(unescape(page.content.decode()).split())


@pytest.fixture
def offers():
    at(BORDEAUX, "Distribution de colis alimentaires")
    at(LILLE, "Distribution alimentaire du soir")
    at(BEGLES, "Lecture à voix haute", domain=domain("lien-personnes-isolees"))
    learn()


# ── words and places ──────────────────────────────────────────────────────────────────────────────
def test_food_near_begles_is_what_is_five_kilometres_away(offers):
    """« distribution alimentaire » near « Bègles »: Bordeaux's, not Lille's, nor what Bègles has of another kind."""
    page = look(q="distribution alimentaire", lieu="Bègles")

    assert [each.title for each in page.context["page"].object_list] == ["Distribution de colis alimentaires"]
    [distance] = re.findall(r"à (\d,\d)\s+km", text_of(page))
    assert 3 < float(distance.replace(",", ".")) < 6


@pytest.mark.parametrize(
    "typed", ["distribusion alimentaire", "ditribution alimentere", "DISTRIBUTIONS ALIMENTAIRES", "colis aliment"]
)
def test_typing_errors_are_forgiven(offers, typed):
    assert found(q=typed, lieu="Begles") == ["Distribution de colis alimentaires"]


def test_correction_is_said_and_can_be_undone(offers):
    page = look(q="alimentere")
    exact = client_of(None).get(page.context["exact_url"])

    assert "Résultats pour « alimentaire »" in text_of(page).replace("<b>", "").replace("</b>", "")
    assert page.context["total"] == 2
    assert (exact.context["total"], exact.context["corrected"]) == (0, "")


def test_new_words_are_found_at_once_and_forgiven_later():
    """The lexicon lags some minutes behind; the words themselves do not."""
    at(BORDEAUX, "Atelier de ferronnerie")

    assert found(q="ferronnerie") == ["Atelier de ferronnerie"]
    assert found(q="feronnnerie") == []
    learn()
    assert found(q="feronnnerie") == ["Atelier de ferronnerie"]


def test_title_counts_more_than_organisation_more_than_description():
    at(BORDEAUX, "Tenir le vestiaire", description="Parfois de la menuiserie.")
    at(BORDEAUX, "Aider l'équipe", where=organisation(name="La Menuiserie partagée"))
    at(BORDEAUX, "Menuiserie solidaire")

    assert found(q="menuiserie") == ["Menuiserie solidaire", "Aider l'équipe", "Tenir le vestiaire"]


def test_place_shows_the_nearest_first_within_its_radius():
    at(ARCACHON, "Loin")
    at(BORDEAUX, "Près")
    at(BEGLES, "Ici")

    assert found(lieu="Bègles") == ["Ici", "Près"]
    assert found(lieu="33130") == ["Ici", "Près"]
    assert found(lieu="Bègles", rayon="100") == ["Ici", "Près", "Loin"]
    assert found(lieu="Bègles", rayon="0") == ["Ici"]
    assert set(found(lieu="Gironde")) == {"Ici", "Près", "Loin"}


def test_position_of_a_phone_is_a_place():
    at(ARCACHON, "Loin")
    at(BEGLES, "Ici")

    assert found(lat="44.81", lon="-0.55") == ["Ici"]


def test_remote_missions_of_the_department_follow_those_of_the_place():
    """Whoever looks around a town wants to go there; what its department offers from home comes after, apart."""
    at(BEGLES, "Sur place")
    remote("De loin, en Gironde")
    remote("De loin, dans le Nord", department="59")

    page = look(lieu="Bègles")

    assert [each.title for each in page.context["page"].object_list] == ["Sur place", "De loin, en Gironde"]
    assert (
        text_of(page).index("Sur place") < text_of(page).index("Et depuis chez vous") < text_of(page).index("De loin, en Gironde")
    )
    assert "2 missions" in text_of(page)
    assert "Dont 1 à distance." in text_of(page)
    assert found(lieu="Bègles", type="presentiel") == ["Sur place"]
    assert set(found(type="distance")) == {"De loin, en Gironde", "De loin, dans le Nord"}


def test_mission_without_coordinates_lies_where_its_postcode_does():
    at(BEGLES, "Sans point", latitude=None, longitude=None)
    at(BEGLES, "Sans commune", latitude=None, longitude=None, commune_id=None, postcode="33130")

    assert set(found(lieu="Bègles", rayon="5")) == {"Sans point", "Sans commune"}


# ── filters ───────────────────────────────────────────────────────────────────────────────────────
def test_each_filter_keeps_what_it_says():
    children = Public.objects.get(label_fr="Parents")
    kept = at(BEGLES, "Gardée", domain=domain("garde-enfants"), format="recurring")
    kept.publics.set([children])
    show([kept.pk])
    at(BEGLES, "Autre")

    for name, value in {"domaine": "garde-enfants", "format": "recurrente", "public": children.key}.items():
        page = look(**{name: value})
        assert [each.title for each in page.context["page"].object_list] == ["Gardée"], name
        assert [chip["url"] for chip in page.context["chips"]] == ["/missions/"], name


def test_dates_keep_missions_under_way_on_one_of_those_days():
    at(BEGLES, "Bientôt", starts_on=today() + days(5), ends_on=today() + days(10))
    at(BEGLES, "Plus tard", starts_on=today() + days(20), ends_on=today() + days(30))
    on = {count: (today() + timedelta(days=count)).isoformat() for count in (1, 4, 5, 10, 11, 25)}

    assert found(debut=on[11]) == ["Plus tard"]
    assert found(fin=on[10]) == ["Bientôt"]
    assert found(debut=on[10], fin=on[25]) == ["Plus tard", "Bientôt"]
    assert found(debut=on[1], fin=on[4]) == []
    assert found(debut=f"{today() + days(25):%d/%m/%Y}") == ["Plus tard"]


def test_address_of_a_search_says_what_was_asked_and_nothing_else():
    at(BEGLES, "Ici")
    page = look(q="ici", lieu="Bègles", rayon="5", domaine="", type="", format="ponctuelle", page="1")

    asked = parse_qs(urlsplit(page.context["map_url"]).query)

    assert asked == {"q": ["ici"], "lieu": ["Bègles"], "rayon": ["5"], "format": ["ponctuelle"], "vue": ["carte"]}


# ── what is not understood ────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"rayon": "abc", "lieu": "Bègles"}, "Le rayon « abc » n’est pas compris"),
        ({"rayon": "-5", "lieu": "Bègles"}, "Le rayon « -5 » n’est pas compris"),
        ({"rayon": "nan", "lieu": "Bègles"}, "Le rayon « nan » n’est pas compris"),
        ({"rayon": "9000", "lieu": "Bègles"}, "de 0 à 200"),
        ({"debut": "31/02"}, "La date « 31/02 » n’existe pas"),
        ({"debut": "2026-02-31"}, "La date « 2026-02-31 » n’existe pas"),
        ({"debut": "2020-05-02", "fin": "2020-05-01"}, "La période finit avant de commencer"),
        ({"lat": "91", "lon": "0"}, "La position n’est pas comprise"),
        ({"type": "avion"}, "« avion » n’est pas un filtre connu"),
        ({"domaine": "peche"}, "« peche » n’est pas un filtre connu"),
        ({"public": "chats"}, "« chats » n’est pas un filtre connu"),
        ({"q": "de la"}, "Ajoutez un mot"),
        ({"q": "ayant eu"}, "Ajoutez un mot"),
    ],
)
def test_value_that_means_nothing_is_said_and_counts_for_nothing(asked, sentence):
    at(BEGLES, "Ici")

    page = look(**asked)

    assert (page.status_code, page.context["total"]) == (200, 1)
    assert sentence in text_of(page)


@pytest.mark.parametrize("number", ["-1", "0", "99", "abc", "1" * 400])
def test_page_that_does_not_exist_is_the_nearest(number):
    at(BEGLES, "Ici")

    assert found(page=number) == ["Ici"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(NAMES), st.one_of(st.text(max_size=60), st.floats().map(str), st.dates().map(str))))
def test_any_address_is_a_page(asked):
    assert client_of(None).get("/missions/", asked).status_code == 200


@settings(max_examples=300)
@given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=200)))
def test_reading_an_address_never_fails(asked):
    said = asked_in(asked)

    assert said.page >= 1
    assert said.rayon is None or 0 <= said.rayon <= 200
    assert said.fin is None or said.debut is None or said.debut <= said.fin


# ── nothing found ─────────────────────────────────────────────────────────────────────────────────
def test_nothing_found_says_what_would_find_something(offers):
    at(ARCACHON, "Distribution de jouets")
    remote("Distribuer les tâches")

    page = look(q="distribution", lieu="Arès", rayon="5", domaine="garde-enfants")
    ways = dict(page.context["ways"])

    assert page.context["total"] == 0
    assert not any("garde" in label for label in ways if ": 0" in label)
    for label, url in ways.items():
        again = client_of(None).get(url)
        assert again.context["total"] > 0, label
        assert f"{again.context['total']} mission" in label


def test_one_of_the_words_is_offered_where_no_mission_says_all():
    """« distribution alimentaire » near Bègles, where one sorts and nobody distributes: what is near is not hidden."""
    at(BORDEAUX, "Tri de denrées", domain=domain("aide-alimentaire"))
    at(LILLE, "Distribution de paniers", domain=domain("aide-alimentaire"))

    page = look(q="distribution alimentaire", lieu="Bègles")
    ways = {label.replace("\u00a0", " "): url for label, url in page.context["ways"]}

    assert page.context["total"] == 0
    assert "Avec « distribution » seulement" not in " ".join(ways)
    found = client_of(None).get(ways["Avec « alimentaire » seulement : 1 mission"])
    assert "Tri de denrées" in text_of(found)


def test_wider_circle_is_offered_with_what_it_holds():
    at(ARCACHON, "Loin")

    page = look(lieu="Bègles")

    assert [label.replace("\u00a0", " ") for label, _url in page.context["ways"]][:1] == ["À 100 km : 1 mission"]


def test_few_missions_at_a_distance_offer_a_larger_one_before_those_from_home():
    at(ARCACHON, "Loin")
    remote("De loin, en Gironde")

    page = look(lieu="Bègles")

    assert text_of(page).index("Aucune mission sur place à cette distance.") < text_of(page).index("Et depuis chez vous")
    assert parse_qs(urlsplit(page.context["wider_url"]).query) == {"lieu": ["Bègles"], "rayon": ["50"]}
    assert look(lieu="Bègles", rayon="100").context["wider_url"] == ""


def test_place_typed_among_the_words_is_understood(offers):
    page = look(q="bricolage bordeaux")

    assert page.context["total"] == 0
    label, url = page.context["ways"][0]
    assert (label, parse_qs(urlsplit(url).query)) == (
        "Chercher « bricolage »\u00a0: Bordeaux (33)",
        {"q": ["bricolage"], "lieu": ["Bordeaux (33)"]},
    )


# ── map ───────────────────────────────────────────────────────────────────────────────────────────
def test_map_tells_in_its_list_what_it_draws(offers):
    remote("De loin")
    page = look(lieu="Bordeaux", vue="carte")
    marks = page.context["map"].marks

    assert {(mark.name, mark.count) for mark in marks} == {("Bordeaux (33)", 1), ("Bègles (33)", 1)}
    assert {each.title for mark in marks for each in mark.missions} == {
        "Lecture à voix haute",
        "Distribution de colis alimentaires",
    }
    for mark in marks:
        assert text_of(page).count(f'href="{mark.url}"') >= 2, "in the drawing and in the list"
    assert "1 mission à distance n’est pas sur la carte" in text_of(page)


def test_map_of_the_country_gathers_by_department_and_obeys_the_words(offers):
    page = look(q="distribution", vue="carte")

    assert {(mark.name, mark.count) for mark in page.context["map"].marks} == {("Gironde", 1), ("Nord", 1)}
    for mark in page.context["map"].marks:
        assert client_of(None).get(mark.url).context["total"] == mark.count


def test_leaflet_is_loaded_with_the_map_alone(offers):
    """Decision 27: the list stays light."""
    assert "leaflet" not in text_of(look())
    assert "leaflet" in text_of(look(vue="carte"))


# ── cost ──────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"q": "distribution"},
        {"lieu": "Bègles"},
        {"q": "distribution", "lieu": "Bègles", "domaine": "aide-alimentaire"},
        {"vue": "carte"},
        {"vue": "carte", "lieu": "Bègles"},
    ],
    ids=str,
)
def test_search_costs_the_same_at_1_and_20_rows(asked):
    def queries():
        look(**asked)  # what processes keep is kept
        with CaptureQueriesContext(connection) as seen:
            assert look(**asked).context["total"]
        return len(seen)

    at(BEGLES, "Distribution")
    one = queries()
    for _ in range(20):
        at(BORDEAUX, "Distribution")
    twenty = queries()

    assert one == twenty <= 6


def test_anonymous_search_opens_no_session(offers):
    page = look(q="distribution")

    assert "sessionid" not in page.cookies


# ── a mission's own page ──────────────────────────────────────────────────────────────────────────
def test_similar_missions_are_of_the_same_domain_near_and_not_full():
    seen = at(BEGLES, "Vue")
    full = at(BEGLES, "Complète", places=1)
    participation(full, state="accepted")
    at(LILLE, "Loin")
    at(BORDEAUX, "Autre domaine", domain=domain("garde-enfants"))
    at(PESSAC, "Un peu plus loin")
    at(BORDEAUX, "Tout près")
    remote("De loin, même domaine", department="59")

    assert [each.title for each in similar_missions(seen, most=9)] == [
        "Tout près",
        "Un peu plus loin",
        "De loin, même domaine",
        "Autre domaine",
    ]
    assert [each.title for each in similar_missions(seen, remote_only=True)] == ["De loin, même domaine"]


def test_mission_can_be_shared_without_anybody_else_knowing():
    """R30: a link to copy, an e-mail from one's own program; no script of another site."""
    page = client_of(None).get(at(BEGLES, "À partager & vite").get_absolute_url())

    assert 'href="mailto:?subject=Une%20mission%20pour%20aider' in text_of(page)
    assert f'data-copy="http://testserver{page.context["mission"].get_absolute_url()}"' in text_of(page)
