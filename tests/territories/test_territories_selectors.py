"""What people type, and what it is understood as."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from renfort.territories.enums import PlaceKind
from renfort.territories.models import Commune
from renfort.territories.selectors import (
    communes_matching,
    communes_of_postcode,
    department_of_postcode,
    departments,
    regions,
    understand_place,
    zone_of,
)

pytestmark = pytest.mark.django_db

texts = st.one_of(
    st.text(max_size=60),
    st.text(alphabet=st.characters(), max_size=20),  # with lone surrogates and control characters
    st.from_regex(r"[0-9]{1,6} ?[A-Za-zéèœ '%_\\(),-]{0,20}", fullmatch=True),
    st.from_regex(r"(saint|st|paris|cedex|la|20|97)[ -][0-9a-z(), ]{0,12}", fullmatch=True),
)


# ── departments ──────────────────────────────────────────────────────────────────────────────────


def test_departments_come_in_the_order_people_know():
    codes = [each.code for each in departments()]
    assert codes[:2] == ["01", "02"]
    assert codes[18:22] == ["19", "2A", "2B", "21"]
    assert codes[-12:] == ["95", "971", "972", "973", "974", "975", "976", "977", "978", "986", "987", "988"]


def test_listing_departments_with_their_regions_is_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        names = {each.region.name for each in departments() if each.region}
    assert names == {each.name for each in regions()}


@pytest.mark.parametrize(
    ("code", "zone"),
    [
        ("33", "Europe/Paris"),
        ("2a", "Europe/Paris"),
        ("971", "America/Guadeloupe"),
        ("973", "America/Cayenne"),
        ("974", "Indian/Reunion"),
        ("976", "Indian/Mayotte"),
        ("987", "Pacific/Tahiti"),
        ("988", "Pacific/Noumea"),
        ("000", "Europe/Paris"),
        ("", "Europe/Paris"),
    ],
)
def test_each_department_reads_its_own_clock(code, zone, django_assert_max_num_queries):
    with django_assert_max_num_queries(1):
        assert zone_of(code) == ZoneInfo(zone)


# ── postcodes ────────────────────────────────────────────────────────────────────────────────────


def test_a_commune_may_have_several_postcodes():
    toulouse = Commune.objects.get(pk="31555")
    codes = {postcode.code for postcode in toulouse.postcodes.all()}
    assert {"31000", "31100", "31200", "31300", "31400", "31500"} <= codes
    assert all(communes_of_postcode(code)[0] == toulouse for code in codes)


def test_a_postcode_may_serve_several_communes_the_largest_first(django_assert_num_queries):
    with django_assert_num_queries(1):
        names = [f"{each.name} {each.department.name}" for each in communes_of_postcode("01400")]
    assert names[0] == "Châtillon-sur-Chalaronne Ain"
    assert len(names) > 5


def test_a_district_comes_before_its_city():
    assert [each.code for each in communes_of_postcode("75011")] == ["75111", "75056"]
    assert [each.code for each in communes_of_postcode("75116")] == ["75116", "75056"]
    assert [each.code for each in communes_of_postcode(" 690 03 ")] == ["69383", "69123"]


@pytest.mark.parametrize(
    ("postcode", "department"),
    [
        ("33000", "33"),
        ("01000", "01"),
        ("20000", "2A"),
        ("20090", "2A"),
        ("20167", "2A"),
        ("20200", "2B"),
        ("20290", "2B"),
        ("20620", "2B"),
        ("20179", "2A"),  # CEDEX of Ajaccio, by its neighbours
        ("97110", "971"),
        ("97133", "977"),  # Saint-Barthélemy kept the postcodes of Guadeloupe
        ("97150", "978"),
        ("97200", "972"),
        ("97300", "973"),
        ("97400", "974"),
        ("97500", "975"),
        ("97600", "976"),
        ("98600", "986"),
        ("98714", "987"),
        ("98800", "988"),
        ("33070", "33"),  # CEDEX
        ("75700", "75"),  # CEDEX
        ("48250", "48"),
        ("05110", "05"),
        ("99999", None),
        ("98000", None),  # Monaco
        ("00000", None),
        ("3300", None),
        ("٣٣٠٠٠", None),
    ],
)
def test_the_department_of_a_postcode(postcode, department, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        assert department_of_postcode(postcode) == department


def test_a_commune_served_from_the_next_department_keeps_its_own():
    mainland = Commune.objects.exclude(department__in=["2A", "2B"]).exclude(department__region=None)
    rows = mainland.values_list("code", "department_id", "postcodes__code")
    crossing = {postcode: (code, home) for code, home, postcode in rows if not postcode.startswith(home)}
    assert len(crossing) > 10
    for postcode, (code, home) in crossing.items():
        assert (code, home) in {(each.code, each.department_id) for each in communes_of_postcode(postcode)}


# ── names ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Bordeaux", "Bordeaux (33)"),
        ("BORDEAUX", "Bordeaux (33)"),
        ("borde", "Bordeaux (33)"),
        ("bordaux", "Bordeaux (33)"),
        ("marseile", "Marseille (13)"),
        ("toulose", "Toulouse (31)"),
        ("saint etienne", "Saint-Étienne (42)"),
        ("St-Étienne", "Saint-Étienne (42)"),
        ("ste foy les lyon", "Sainte-Foy-lès-Lyon (69)"),
        ("l’haÿ les roses", "L'Haÿ-les-Roses (94)"),
        ("oeuilly", "Œuilly (51)"),
        ("havre", "Le Havre (76)"),
        ("Toulouse cedex 9", "Toulouse (31)"),
        ("31059 TOULOUSE CEDEX 9", "Toulouse (31)"),
        ("Paris 11", "Paris 11e arrondissement (75)"),
        ("paris 11e", "Paris 11e arrondissement (75)"),
        ("Paris 1er arr.", "Paris 1er arrondissement (75)"),
        ("75011", "Paris 11e arrondissement (75)"),
        ("33000 Bordeaux", "Bordeaux (33)"),
        ("Bordeaux 33000", "Bordeaux (33)"),
        ("12 bis rue Sainte-Catherine, 33 000 Bordeaux", "Bordeaux (33)"),
        ("33000 Mérignac", "Mérignac (33)"),
        ("Saint-Denis 93", "Saint-Denis (93)"),
        ("Saint-Denis, La Réunion", "Saint-Denis (974)"),
        ("saint denis (seine saint denis)", "Saint-Denis (93)"),
        ("Chalon s/ Saône", "Chalon-sur-Saône (71)"),
        ("boulogne", "Boulogne-Billancourt (92)"),
        ("Annecy-le-Vieux", "Annecy (74)"),
        ("Roissy-en-France", "Roissy-en-France (95)"),
        ("Nouméa", "Nouméa (988)"),
        ("Y", "Y (80)"),
    ],
)
def test_a_commune_is_found_however_it_is_written(text, first, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        found = communes_matching(text)
        assert [str(each) for each in found][:1] == [first]
        assert found[0].department.name


def test_the_largest_of_several_namesakes_comes_first():
    codes = [each.department_id for each in communes_matching("saint denis") if each.name == "Saint-Denis"]
    assert codes[:2] == ["974", "93"]


def test_suggestions_stop_at_the_limit():
    assert len(communes_matching("saint", limit=7)) == 7
    assert communes_matching("saint", limit=0) == []


@pytest.mark.parametrize("text", ["", "   ", "qzxqzxqzx", "!!!", "北京", "\x00", "\ud800", "%", "_", "99999"])
def test_what_names_nothing_finds_nothing(text):
    assert communes_matching(text) == []
    assert understand_place(text) is None


# ── places ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "kind", "label", "department_codes"),
    [
        ("33000", "postcode", "33000", ("33",)),
        ("75011", "postcode", "75011", ("75",)),
        ("33", "department", "Gironde", ("33",)),
        ("2a", "department", "Corse-du-Sud", ("2A",)),
        ("1", "department", "Ain", ("01",)),
        ("971", "department", "Guadeloupe", ("971",)),
        ("le 93", "department", "Seine-Saint-Denis", ("93",)),
        ("Gironde", "department", "Gironde", ("33",)),
        ("la Gironde", "department", "Gironde", ("33",)),
        ("l'Ain", "department", "Ain", ("01",)),
        ("33 - Gironde", "department", "Gironde", ("33",)),
        ("département de la Gironde", "department", "Gironde", ("33",)),
        ("pyrenees atlantique", "department", "Pyrénées-Atlantiques", ("64",)),
        ("la réunion", "department", "La Réunion", ("974",)),
        ("reunion", "department", "La Réunion", ("974",)),
        ("Nouvelle-Calédonie", "department", "Nouvelle-Calédonie", ("988",)),
        ("33070", "department", "Gironde", ("33",)),
        ("Corse", "region", "Corse", ("2A", "2B")),
        ("20", "region", "Corse", ("2A", "2B")),
        ("paca", "region", "Provence-Alpes-Côte d'Azur", ("04", "05", "06", "13", "83", "84")),
        ("Bordeaux", "commune", "Bordeaux (33)", ("33",)),
        ("Bordeaux 33", "commune", "Bordeaux (33)", ("33",)),
        ("33 Bordeaux", "commune", "Bordeaux (33)", ("33",)),
        ("Bordeaux, France", "commune", "Bordeaux (33)", ("33",)),
        ("33000 Bordeaux", "commune", "Bordeaux (33)", ("33",)),
        ("33070 Bordeaux cedex", "commune", "Bordeaux (33)", ("33",)),
        ("Paris", "commune", "Paris (75)", ("75",)),
        ("Paris 75", "commune", "Paris (75)", ("75",)),
        ("Paris 11", "commune", "Paris 11e (75)", ("75",)),
        ("75011 Paris", "commune", "Paris 11e (75)", ("75",)),
        ("Marseille 13", "commune", "Marseille 13e (13)", ("13",)),
        ("Marseille (13)", "commune", "Marseille (13)", ("13",)),
        ("Mayenne", "department", "Mayenne", ("53",)),
        ("Mayenne (53)", "commune", "Mayenne (53)", ("53",)),
        ("borde", "commune", "Bordeaux (33)", ("33",)),
    ],
)
def test_one_box_understands_a_place(text, kind, label, department_codes, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        place = understand_place(text)
    assert place is not None
    assert (place.kind, place.label, place.department_codes) == (PlaceKind(kind), label, department_codes)


def test_a_city_brings_its_districts_and_a_district_does_not_bring_the_city():
    assert len(understand_place("Paris").commune_codes) == 21
    assert understand_place("Paris 11").commune_codes == ("75111",)
    assert understand_place("75011").commune_codes == ("75111",)


def test_a_place_is_where_it_is():
    place = understand_place("Bordeaux")
    assert place.commune_codes == ("33063",)
    assert (place.latitude, place.longitude) == (pytest.approx(44.84, abs=0.05), pytest.approx(-0.58, abs=0.05))


def test_a_label_that_is_typed_again_means_the_same_place():
    for commune in Commune.objects.order_by("-population")[:150:3]:
        place = understand_place(str(commune))
        assert commune.code in place.commune_codes
        assert understand_place(place.label) == place
    for department in departments():
        place = understand_place(department.code)
        again = understand_place(place.label)
        assert again.department_codes == place.department_codes


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=texts)
def test_nothing_that_is_typed_breaks_the_box(text):
    place = understand_place(text)
    assert place is None or (place.label and place.department_codes)
    assert len(communes_matching(text, limit=5)) <= 5
    assert isinstance(communes_of_postcode(text), list)
    department_of_postcode(text)
    assert zone_of(text)


def test_a_very_long_text_is_read_at_its_beginning():
    assert understand_place("33000 Bordeaux " + "x" * 1_000_000).label == "Bordeaux (33)"
    assert communes_matching("é" * 1_000_000) == []
    assert communes_of_postcode("3" * 1_000_000) == []
