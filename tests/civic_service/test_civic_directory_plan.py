"""S1: what a delivery of the directory would change is said before anything is written, and wrong lines say why."""

from __future__ import annotations

import pytest
from tests.factories import account, person
from tests.factories.civic_service import SIRET, a_uai, establishment, service_tutor
from tests.factories.directory import delivery, held_post, post_line, school_line, someone_line, whole

from renfort.civic_service.models import DirectoryChange, Establishment, Post
from renfort.civic_service.rules.delivery import judge
from renfort.civic_service.rules.directory import is_half, is_too_much, plan

BRAKE = {"share": 5, "least": 20}


def sentences(made):
    return {(each.line, sentence) for each in made.refused for sentence in each.sentences}


# ── one line ──────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("name", "said", "part"),
    [
        ("uai", "0951099E", "sa lettre devrait être D"),
        ("uai", "951099", "sept chiffres et une lettre"),
        ("siret", "73282932000075", "SIRET"),
        ("email", "contact@", "adresse e-mail"),
        ("phone", "05 56", "téléphone"),
        ("postcode", "3300", "code postal"),
        ("network", "public", "réseau"),
        ("enrolment", "beaucoup", "effectif"),
        ("enrolment_year", "l'an dernier", "année"),
        ("name", "x" * 201, "trop long"),
    ],
)
def test_a_wrong_cell_refuses_its_line_in_words(name, said, part):
    judged = judge(delivery(school_line(**{name: said})))

    assert not judged.schools
    assert part.lower() in judged.refused[0].sentences[0].lower()


def test_a_line_says_everything_that_is_wrong_with_it():
    judged = judge(delivery(school_line(siret="1", email="x", phone="y")))

    assert len(judged.refused[0].sentences) == 3


def test_of_two_lines_with_one_key_the_second_is_refused_and_names_the_first():
    judged = judge(delivery(school_line("E-1", uai=a_uai(), line=2), school_line("E-1", uai=a_uai(), line=3)))

    assert list(judged.schools) == ["E-1"] and judged.refused[0].line == 3
    assert "ligne 2" in judged.refused[0].sentences[0]


def test_two_keys_of_one_uai_are_not_both_believed():
    uai = a_uai()
    judged = judge(delivery(school_line("E-1", uai=uai, line=2), school_line("E-2", uai=uai, line=3)))

    assert list(judged.schools) == ["E-1"] and "ligne 2" in judged.refused[0].sentences[0]


@pytest.mark.parametrize(("where", "who", "part"), [("E-9", "P-1", "établissement"), ("E-1", "P-9", "personne")])
def test_a_post_of_somebody_or_something_unknown_is_refused(where, who, part):
    judged = judge(delivery(school_line("E-1"), someone_line("P-1"), post_line(where, who)))

    assert not judged.posts and part in judged.refused[0].sentences[0]


@pytest.mark.parametrize("said", ["Tuteur", "tutrice", "service_tutor", "TUTEUR"])
def test_roles_are_read_as_people_write_them(said):
    judged = judge(delivery(school_line("E-1"), someone_line("P-1"), post_line("E-1", "P-1", role=said)))

    assert [role for _where, _who, role in judged.posts] == ["service_tutor"]


# ── the brake ─────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("touched", "size", "stops"), [(19, 20, False), (20, 20, True), (20, 400, False), (21, 400, True), (51, 1000, True)]
)
def test_the_brake_needs_both_its_share_and_its_least(touched, size, stops):
    assert is_too_much(touched, size, **BRAKE) is stops


@pytest.mark.parametrize(("gone", "size", "stops"), [(1, 1, False), (1, 2, False), (2, 4, True), (2, 5, False), (5, 10, True)])
def test_half_of_a_role_stops_however_few_they_are(gone, size, stops):
    assert is_half(gone, size) is stops


# ── a whole delivery against what we hold ─────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_an_empty_platform_is_filled_and_nothing_is_written_yet():
    made = plan(whole(school_line("E-1", head="P-1"), someone_line("P-1"), post_line("E-1", "P-1")), **BRAKE)

    assert made.counts() == {"person.add": 1, "establishment.add": 1, "post.add": 1} and not made.brakes
    assert not Establishment.objects.exists() and not DirectoryChange.objects.exists()


@pytest.mark.django_db
def test_a_school_written_here_is_met_by_its_uai_and_said_field_by_field():
    here = establishment(uai=a_uai(), phone="+33556000000", enrolment=420)
    made = plan(whole(school_line("E-1", uai=here.uai, name=here.organisation.name, phone="05 56 11 22 33", email="")), **BRAKE)

    (step,) = made.steps
    assert (step.pk, step.action) == (here.pk, "change")
    assert (step.before["phone"], step.after["phone"]) == ("+33556000000", "+33556112233")
    assert step.after["key"] == "E-1" and "email" not in step.after and "email" not in step.after["fed"]
    assert any("remplace" in sentence for _line, sentence in made.notes)


@pytest.mark.django_db
def test_a_uai_that_another_key_holds_is_refused():
    here = establishment(uai=a_uai(), directory_key="E-7")
    made = plan(whole(school_line("E-1", uai=here.uai), school_line("E-7", uai="")), **BRAKE)

    assert "E-7" in made.refused[0].sentences[0] and all(step.action != "add" for step in made.steps)


@pytest.mark.django_db
def test_a_person_is_met_by_a_whole_address_and_the_name():
    ana = account(person(first_name="Ana", last_name="Diallo", email="ana@example.org")).person
    made = plan(whole(someone_line("P-1", first_name="Ana", last_name="DIALLO", email="ANA@example.org")), **BRAKE)

    assert made.people == {"P-1": ana.pk} and made.counts().get("person.add") is None


@pytest.mark.django_db
def test_two_people_of_one_address_are_never_silently_one():
    """S1: two of the directory, or one of another name here: a record of its own, and it is said."""
    person(first_name="Ana", last_name="Diallo", email="accueil@example.org")
    made = plan(
        whole(
            someone_line("P-1", last_name="Petit", email="accueil@example.org"),
            someone_line("P-2", last_name="Diallo", email="commun@example.org"),
            someone_line("P-3", last_name="Diallo", email="commun@example.org"),
        ),
        **BRAKE,
    )

    assert made.counts() == {"person.add": 3} and len(made.notes) == 3


@pytest.mark.django_db
def test_a_post_added_here_stays_and_naming_it_confirms_it():
    here = establishment(directory_key="E-1", uai="")
    service_tutor(here)  # the directory has never heard of this one
    kept, _ = held_post(here, "P-1", source="local")
    silent = plan(whole(school_line("E-1", uai=""), someone_line("P-1"), someone_line("P-2"), post_line("E-1", "P-2")), **BRAKE)
    named = plan(whole(school_line("E-1", uai=""), someone_line("P-1"), post_line("E-1", "P-1")), **BRAKE)

    assert not [step for step in silent.steps if step.thing == "post" and step.action == "end"]
    assert [(step.pk, step.action) for step in named.steps if step.thing == "post"] == [(kept.pk, "confirm")]


@pytest.mark.django_db
def test_a_post_of_the_directory_that_it_no_longer_names_ends():
    here = establishment(directory_key="E-1", uai="")
    gone, _ = held_post(here, "P-1")
    held_post(here, "P-2")
    lines = (school_line("E-1", uai=""), someone_line("P-1"), someone_line("P-2"), post_line("E-1", "P-2"))

    assert [(s.pk, s.action) for s in plan(whole(*lines), **BRAKE).steps if s.thing == "post"] == [(gone.pk, "end")]
    assert not [s for s in plan(delivery(*lines), **BRAKE).steps if s.action == "end"]  # a file that is not whole ends nothing


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"role": "Tuteurr"}, {"function": "x" * 200}])
def test_a_typing_error_in_a_post_ends_nobody(wrong):
    here = establishment(directory_key="E-1", uai="")
    held_post(here, "P-1")
    made = plan(whole(school_line("E-1", uai=""), someone_line("P-1"), post_line("E-1", "P-1", **wrong)), **BRAKE)

    assert made.refused and not [step for step in made.steps if step.action == "end"]


@pytest.mark.django_db
def test_a_file_of_establishments_alone_ends_no_post():
    here = establishment(directory_key="E-1", uai="")
    held_post(here, "P-1")

    assert not [step for step in plan(whole(school_line("E-1", uai="")), **BRAKE).steps if step.action == "end"]


@pytest.mark.django_db
def test_an_establishment_that_the_whole_directory_no_longer_names_has_left_and_one_written_here_stays():
    left, ours = establishment(directory_key="E-1", uai=""), establishment(name="Collège Sainte-Anne")
    made = plan(whole(school_line("E-2")), **BRAKE)

    assert [(step.pk, step.action) for step in made.steps if step.thing == "establishment"] == [(None, "add"), (left.pk, "end")]
    assert ours.left_on is None


@pytest.mark.django_db
def test_half_of_the_tutors_does_not_go_by_itself():
    """S1: an import that would remove half of the tutors stops."""
    here = establishment(directory_key="E-1", uai="")
    for number in range(4):
        held_post(here, f"P-{number}", role="service_tutor")
    people = [someone_line(f"P-{number}") for number in range(4)]
    made = plan(whole(school_line("E-1", uai=""), *people, *(post_line("E-1", f"P-{n}", role="Tuteur") for n in (0, 1))), **BRAKE)

    assert len(made.brakes) == 1 and "2 des 4" in made.brakes[0] and "Tuteur" in made.brakes[0]


@pytest.mark.django_db
def test_a_school_of_a_shared_postcode_lies_where_its_city_does():
    """48250 is Luc (Lozère) and Laveyrune (Ardèche)."""
    made = plan(
        whole(
            school_line("E-1", uai=a_uai("048"), postcode="48250", city="Laveyrune"),
            school_line("E-2", uai=a_uai("02A"[:2] + "1"), postcode="20200", city="Bastia"),
            school_line("E-3", uai=a_uai("097"), postcode="97400", city="Saint-Denis"),
            school_line("E-4", uai=a_uai(), postcode="00100", city="Nulle Part"),
        ),
        **BRAKE,
    )

    assert [step.after["department"] for step in made.steps] == ["07", "2B", "974"]
    assert "00100" in made.refused[0].sentences[0]


@pytest.mark.django_db
def test_a_name_that_signs_in_keeps_its_own_address():
    """The address that somebody has proved to be theirs is not the directory's to change."""
    here = establishment(directory_key="E-1", uai="")
    _post, ana = held_post(here, "P-1")
    account(ana)
    made = plan(
        whole(school_line("E-1", uai=""), someone_line("P-1", email="autre@example.org"), post_line("E-1", "P-1")), **BRAKE
    )

    assert not [step for step in made.steps if "email" in step.after] and "autre@example.org" in made.notes[0][1]


def test_the_siret_of_one_managing_body_may_be_that_of_several_schools():
    judged = judge(delivery(school_line("E-1", siret=SIRET, uai=a_uai()), school_line("E-2", siret=SIRET, uai=a_uai())))

    assert len(judged.schools) == 2 and not judged.refused


@pytest.mark.django_db
def test_nothing_of_a_post_is_known_before_it_is_written():
    plan(whole(school_line("E-1"), someone_line("P-1"), post_line("E-1", "P-1")), **BRAKE)

    assert not Post.objects.exists()
