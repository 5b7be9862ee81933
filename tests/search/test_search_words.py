"""What is typed and what is understood (P2): French forms of words, accents, quotes, typing errors, rubbish."""

from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from renfort.search.models import Word
from renfort.search.selectors import corrections, query_of, read_words
from renfort.search.selectors.lexicon import slips
from renfort.search.selectors.words import LONGEST, MOST_WORDS


def finds(typed, text):
    """Whether PostgreSQL finds a text by what is typed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT public.search_words(%s) @@ %s::tsquery", [text, query_of(read_words(typed))])
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("distribution alimentaire", "Distribution de colis alimentaires"),
        ("distribuer", "La distribution des repas"),
        ("benevole", "Bénévoles de nuit"),
        ("BÉNÉVOLES", "un bénévole"),
        ("epicerie", "L'épicerie solidaire"),
        ("scolarite", "Soutien à la scolarité"),
        ("scolarité", "Aide à la scolarite"),
        ("l'accueil des enfants", "Accueillir un enfant"),
        ("coeur", "Les Restos du Cœur"),
        ("maraude 75011", "Maraude, rendez-vous 75011 Paris"),
        ('"colis alimentaires"', "Des colis alimentaires pour tous"),
        ("« petit déjeuner »", "Le petit déjeuner du matin"),
    ],
)
@pytest.mark.django_db
def test_text_is_found_in_any_form_of_its_words(typed, text):
    assert finds(typed, text)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("distribution alimentaire", "Distribution de jouets"),
        ("chat", "Tenir compagnie à un chien"),
        ('"colis alimentaires"', "Des colis pour les associations alimentaires"),
    ],
)
@pytest.mark.django_db
def test_text_without_all_the_words_is_not_found(typed, text):
    assert not finds(typed, text)


def test_small_words_say_nothing():
    assert read_words("de la distribution pour les personnes").words == ("distribution", "personnes")
    assert not read_words("de la à l' ! « »")


def test_words_between_quotes_are_kept_as_typed():
    wanted = read_words("colis “distribusion rapide”")

    assert (wanted.words, wanted.exact) == (("colis",), ("distribusion rapide",))
    assert read_words(wanted.kept_as_typed().text).words == ()


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=300))
def test_reading_never_fails_and_stays_small(typed):
    wanted = read_words(typed)

    assert len(wanted.words) + len(wanted.exact) <= MOST_WORDS
    assert len(wanted.text) <= 2 * LONGEST
    again = read_words(wanted.text)
    assert set(again.words) == set(wanted.words), "asking again what was understood means the same"


@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture], deadline=None)
@given(
    typed=st.text(max_size=80),
    text=st.text(alphabet=st.characters(exclude_characters="\x00", exclude_categories=("Cs",)), max_size=80),
)
def test_database_takes_whatever_is_typed(db, typed, text):
    """Neither a question nor a mission's text may break the search: apostrophes of all kinds, ŉ, emoji, operators."""
    assert finds(typed, text) in (True, False)


# ── typing errors ─────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def lexicon(db):
    words = {
        "informatique": 9,
        "distribution": 40,
        "distribuer": 12,
        "numérique": 5,
        "bénévole": 30,
        "alimentaire": 25,
        "soupe": 7,
    }
    Word.objects.bulk_create(Word(word=word, documents=documents) for word, documents in words.items())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("infromatique", "informatique"),
        ("distribusion", "distribution"),
        ("disribution", "distribution"),
        ("numerik", "numérique"),
        ("bénévolle", "bénévole"),
        ("alimentair", "alimentaire"),
        ("informat", "informatique"),
        ("souppe", "soupe"),
    ],
)
def test_typing_error_means_the_nearest_word(lexicon, typed, meant):
    assert corrections(read_words(typed)) == {typed: meant}


@pytest.mark.parametrize(
    "typed", ["distribution", "benevole", "BENEVOLE", "soupe", "xylophone", "sou", '"distribusion"', "75011"]
)
def test_word_that_is_right_or_too_far_stays(lexicon, typed):
    assert corrections(read_words(typed)) == {}


def test_correction_costs_one_query_for_many_words(lexicon, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = corrections(read_words("distribusion alimentere infromatique"))

    assert found == {"distribusion": "distribution", "alimentere": "alimentaire", "infromatique": "informatique"}


@pytest.mark.parametrize(
    ("one", "other", "count"), [("", "abc", 3), ("infromatique", "informatique", 1), ("chat", "chats", 1), ("a", "a", 0)]
)
def test_slips_are_counted_as_fingers_make_them(one, other, count):
    assert slips(one, other) == slips(other, one) == count
