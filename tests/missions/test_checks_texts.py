"""What the checks find in texts, and what they leave alone: judged in context (R53)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from renfort.kernel.reachable import hides, ways
from renfort.kernel.terms import Lexicon, sentence_around
from renfort.missions.checks.texts import MissionText, Twin, check_mission
from renfort.organisations.checks.lists import settings_now

pytestmark = pytest.mark.django_db

SAFE = "Une personne de l'équipe accueille chaque bénévole et reste présente pendant toute la mission."
LONG = "Nous préparons des colis alimentaires et nous distribuons des repas chauds aux personnes à la rue. " * 2


def found(**said):
    """The checks that find something in a mission about food, in person, next month."""
    facts = {
        "title": "Distribution de repas", "description": LONG, "safety": SAFE, "domain": "aide-alimentaire",
        "today": date(2026, 11, 22), "starts_on": date(2026, 12, 1), "ends_on": date(2026, 12, 2),
    }  # fmt: skip
    hits = check_mission(MissionText(**{**facts, **said}), settings_now())
    return sorted((hit.key.removeprefix("mission-"), hit.words) for hit in hits)


def kinds(**said):
    return [key for key, _words in found(**said)]


def test_a_plain_mission_has_nothing_to_look_at():
    assert found() == []


# ── pay and jobs ──────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Le salaire est de 1 200 euros.", "salaire"),
        ("Salaires attractifs.", "Salaires"),
        ("Mission rémunérée.", "rémunérée"),
        ("MISSION REMUNEREE", "REMUNEREE"),
        ("Les bénévoles sont rémunéré·e·s.", "rémunéré·e·s"),
        ("Les aidants sont rémunéré(e)s.", "rémunéré(e)s"),
        ("Un C.D.I. à la clé.", "C.D.I."),
        ("Nous proposons un cdd de six mois.", "cdd"),
        ("Vous percevez 12 € de l’heure.", "12 € de l’heure"),
        ("Comptez 1 250,50 € par mois.", "1 250,50 € par mois"),
        ("Une offre d'emploi exceptionnelle.", "offre d'emploi"),
        ("Statut d’auto-entrepreneur demandé.", "auto-entrepreneur"),
        ("Avec bulletins de salaire.", "bulletins de salaire"),
        ("Débutants acceptés sans diplôme, salaire attractif.", "salaire"),
        ("Un contrat non négligeable. Salaire : 1 200 €.", "Salaire"),
        ("Ce n'est pas du bénévolat : salaire versé chaque mois.", "salaire"),
        ("Sans engagement. Rémunération chaque vendredi.", "Rémunération"),
        ("sal\u200baire", "sal\u200baire"),  # a space that nobody sees
        ("re\u0301mune\u0301re\u0301e", "re\u0301mune\u0301re\u0301e"),  # accents written apart
    ],
)
def test_words_of_jobs_and_pay_are_found(text, words):
    assert ("pay", words) in found(description=f"{LONG} {text}")


@pytest.mark.parametrize(
    "text",
    [
        "Mission non rémunérée.",
        "Cette mission est bénévole et sans salaire.",
        "Elle n'est pas rémunérée.",
        "Elle n'est en aucun cas rémunérée.",
        "Aucune rémunération.",
        "Elle ne donne lieu à aucune rémunération, ni salaire, ni CDI.",
        "Ni CDI, ni CDD.",
        "Pas de CDI, CDD ou salaire : c'est du bénévolat.",
        "Rémunération : aucune.",
        "Est-ce rémunéré ? Non.",
        "Le « salaire », ce sont les sourires.",
        'Un bénévole disait : "le salaire, ce sont les sourires".',
        "Vous aidez des personnes à la recherche d'un CDI.",
        "Vous êtes encadré par une salariée de l'association.",  # a team has employees
        "Vous remboursez les courses payées par la personne.",
        "Les frais de transport sont remboursés.",
        "Un stage de football pour les enfants.",
        "Vous donnez vingt euros de monnaie.",
        "Les paiements en espèces sont refusés.",
        "Salamandre et cdiscount ne sont pas des mots de la liste.",
    ],
)
def test_what_is_refused_quoted_or_another_word_is_left_alone(text):
    assert "pay" not in kinds(description=f"{LONG} {text}")


def test_every_public_field_is_read_and_the_field_is_named():
    hits = check_mission(
        MissionText(
            title="Poste en CDI", description=LONG, safety=SAFE, schedule="Payé à l'heure", prerequisites=["Aimer son salaire"],
            today=date(2026, 11, 22), domain="aide-alimentaire",
        ),
        settings_now(),
    )  # fmt: skip

    assert {hit.field for hit in hits if hit.key == "mission-pay"} == {"title", "schedule", "prerequisites"}


def test_same_words_in_two_sentences_are_two_findings_and_in_one_sentence_one():
    assert kinds(description=f"{LONG} Un salaire fixe. Un salaire variable.").count("pay") == 2
    assert kinds(description=f"{LONG} Un salaire, oui un salaire.").count("pay") == 1


# ── contact data and links ────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Appelez le 06 12 34 56 78.", "06 12 34 56 78"),
        ("Tél:0612345678", "0612345678"),
        ("06.12.34.56.78", "06.12.34.56.78"),
        ("+33 (0)6 12 34 56 78", "+33 (0)6 12 34 56 78"),
        ("0033612345678", "0033612345678"),
        ("+262 692 12 34 56", "+262 692 12 34 56"),
        ("06\u00a012\u00a034\u00a056\u00a078", "06\u00a012\u00a034\u00a056\u00a078"),
        ("Numéro vert 0 800 123 456", "0 800 123 456"),
        ("zéro six douze trente-quatre cinquante-six", "zéro six douze trente-quatre cinquante-six"),
        ("Écrivez à contact@asso.fr.", "contact@asso.fr"),
        ("contact (at) asso point fr", "contact (at) asso point fr"),
        ("contact [arobase] asso.fr", "contact [arobase] asso.fr"),
    ],
)
def test_phone_numbers_and_addresses_are_found(text, words):
    assert ("contact", words) in found(description=f"{LONG} {text}")


@pytest.mark.parametrize(
    "text",
    [
        "SIRET 123 456 789 00012",
        "De 08h30 à 12h00 le 01/02/2026.",
        "Appelez le 15, le 18, le 112 ou le 3919 en cas d'urgence.",
        "12 rue du Hamel, 33000 Bordeaux",
        "Du 01 12 2026 au 02 12 2026",
        "Nous aidons 0612 familles",
        "L'équipe.Les bénévoles",
        "Rendez-vous à 9 h, c'est-à-dire tôt.",
        "Un e-mail vous sera envoyé.",
    ],
)
def test_other_numbers_and_words_are_left_alone(text):
    assert not {"contact", "link", "hidden-link"} & set(kinds(description=f"{LONG} {text}"))


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        ("Voir www.asso.fr/don, merci", "link", "www.asso.fr/don"),
        ("Voir asso.org", "link", "asso.org"),
        ("https://www.asso.fr.", "link", "https://www.asso.fr"),
        ("https://bit.ly/3abc", "hidden-link", "https://bit.ly/3abc"),
        ("t.me/groupe et https://t.me/groupe", "hidden-link", "https://t.me/groupe"),
        ("http://192.168.1.1/don", "hidden-link", "http://192.168.1.1/don"),
        ("https://banque.fr@evil.com/", "hidden-link", "https://banque.fr@evil.com/"),
        ("https://xn--bnque-zqa.fr", "hidden-link", "https://xn--bnque-zqa.fr"),
        ("https://exаmple.fr", "hidden-link", "https://exаmple.fr"),  # a Cyrillic letter
    ],
)
def test_links_and_those_that_hide_where_they_lead(text, key, words):
    assert (key, words) in found(description=f"{LONG} {text}")


# ── safety, length, domain ────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "text", ["", "   ", "oui", "RAS", "Gestes barrières.", "À définir sur place", "Tout est prévu, pas de risque !", "-"]
)
def test_safety_that_says_nothing_is_found(text):
    assert "safety" in kinds(safety=text)


@pytest.mark.parametrize(
    "text", [SAFE, "Gants et masques fournis, binôme avec un bénévole expérimenté", "Gilet fourni, téléphone du responsable"]
)
def test_safety_that_says_something_is_left_alone(text):
    assert "safety" not in kinds(safety=text)


def test_safety_is_not_asked_of_a_remote_mission():
    assert "safety" not in kinds(safety="", is_remote=True)


def test_short_description_is_found_and_spaces_do_not_lengthen_it():
    assert "short" in kinds(description="Distribuer des repas." + " " * 300)


def test_domain_is_doubtful_when_all_words_are_of_another():
    text = "Vous aidez les enfants à faire leurs devoirs après l'école, avec les collégiens du foyer et leurs éducateurs. " * 2

    assert ("domain", "devoirs, enfants, école, collégiens") in found(title="Aide aux devoirs", description=text)
    assert "domain" not in kinds(title="Aide aux devoirs", description=text, domain="garde-enfants")


def test_one_word_of_the_domain_or_of_another_proves_nothing():
    assert "domain" not in kinds(title="Coup de main", description="Venez nous aider, les enfants seront ravis. " * 4)
    assert "domain" not in kinds(title="Aide aux devoirs", description="Les enfants de l'école mangent un repas avec nous. " * 4)


def test_domain_without_vocabulary_is_not_judged():
    assert "domain" not in kinds(domain="un-domaine-de-l-operateur")


# ── dates and hours ───────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"starts_on": date(2026, 11, 1), "ends_on": date(2026, 11, 10)}, ["past"]),
        ({"starts_on": date(2026, 11, 1), "ends_on": date(2026, 12, 10)}, ["past"]),
        ({"starts_on": date(2026, 11, 1), "ends_on": date(2026, 12, 10), "is_one_off": False}, []),
        ({"starts_on": date(2026, 11, 1), "ends_on": date(2026, 12, 10), "is_shown": True}, []),
        ({"starts_on": date(2026, 11, 22), "ends_on": date(2026, 11, 22)}, []),  # today
        ({"starts_on": date(2026, 12, 1), "ends_on": date(2028, 12, 1)}, ["long"]),
        ({"starts_on": None, "ends_on": None}, []),
    ],
)
def test_dates(facts, expected):
    assert kinds(**facts) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("de 9h à 12h", []),
        ("9 h – 17 h, pause comprise", []),
        ("de 9 à 12 et de 14 à 18h", []),
        ("de 19h à 23h", []),
        ("18h à minuit", []),
        ("de 20h à 0h", []),
        ("tous les jours, 0 h - 24 h", []),
        ("2 à 3 h par semaine", []),
        ("de 1 h à 2 h par semaine", []),
        ("jusqu'à 2 h", []),
        ("accueil de nuit, de 18 h à 22 h", []),
        ("pour qui a passé la nuit dehors", []),
        ("de 23h à 5h", ["night"]),
        ("22h-2h", ["night"]),
        ("de 2 h à 4 h du matin", ["night"]),
        ("toute la nuit", ["night"]),
        ("de 17h à 9h", ["hours"]),
        ("14:00-12:00", ["hours"]),
    ],
)
def test_hours_written_in_words(text, expected):
    assert kinds(schedule=text) == expected


def test_nearly_the_same_mission_is_told():
    assert ("twin", "Distribution de repas") in found(twins=[Twin(pk=1, title="Distribution des repas")])


# ── a finding and its text ────────────────────────────────────────────────────────────────────────
def test_print_follows_the_sentence_at_fault_and_nothing_else():
    def print_of(text):
        hits = check_mission(MissionText(title="Repas", description=text, safety=SAFE, today=date(2026, 1, 1)), settings_now())
        return next(hit.print for hit in hits if hit.key == "mission-pay")

    assert print_of("Bonjour. Un salaire fixe.") == print_of("Autre chose ! UN  SALAIRE fixe.")
    assert print_of("Un salaire fixe.") != print_of("Un salaire variable.")


def test_sentence_around_a_word():
    text = "Avant. Ici un mot, puis la fin ! Après."

    assert sentence_around(text, text.index("mot"), text.index("mot") + 3) == "Ici un mot, puis la fin !"
    long = "a " * 300 + "mot" + " b" * 300
    assert len(sentence_around(long, 600, 603)) < 220 and "mot" in sentence_around(long, 600, 603)


def test_exact_words_have_no_plural():
    assert [match.text for match in Lexicon(['"foi"']).find("Une fois, la foi.")] == ["foi"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(max_size=400)
    | st.lists(
        st.sampled_from([*'«»"@[.\n12İﬁé€', "salaire", "non", "06 12 34 56 78", "http://", "23h", "à", "5h"]),
        max_size=30,
    ).map(" ".join)
)
def test_whatever_is_written_every_finding_shows_words_of_the_text(text):
    for hit in check_mission(
        MissionText(title=text[:80], description=text, schedule=text, today=date(2026, 1, 1)), settings_now()
    ):
        assert len(hit.words) <= 200 and len(hit.excerpt) <= 500
    for way in ways(text):
        assert text[way.start : way.end] == way.text
        assert hides(way.text) in ("", "address", "disguise")
