"""What is asked and what was answered: editions that never change, figures from five answers on, texts for few eyes (W7)."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.factories import client_of, grant
from tests.factories.people import account, person
from tests.factories.workshops import (
    acting,
    as_person,
    assignment,
    facilitator,
    questionnaire,
    registration,
    session,
    staff,
    survey,
)

from renfort.kernel.actors import SERVICE
from renfort.kernel.exports import EXPORT_KINDS, Asked
from renfort.kernel.firing import NotAllowed, Refused, Stale
from renfort.organisations.enums import Programme, Role
from renfort.parameters.catalogue import RESULTS_PUBLIC
from renfort.parameters.services import set_value
from renfort.workshops.models import Edition, Question, Questionnaire, Survey
from renfort.workshops.selectors.questionnaires import draft, edition_for, newest, questions_of
from renfort.workshops.selectors.results import Wanted, figures, months, words
from renfort.workshops.services import questionnaires as service
from renfort.workshops.services.questionnaires import QuestionFacts
from renfort.workshops.services.surveys import answer

pytestmark = pytest.mark.django_db


def answered(one, *marks, said="", moment="hot"):
    """So many participants of a session, each with a mark of satisfaction, and words."""
    for mark in marks:
        sent = survey(registration(one, "present"), moment)
        answer(survey=sent, said={"satisfaction": str(mark), "recommend": "10", "aims": "c1", "words": said})


def held(by=None, *, ago=1, audience="company", kind="workshop"):
    return session(assignment("awarded", by=by, audience=audience), day=-ago, kind=kind, state="held")


def page(browser, url):
    got = browser.get(url)
    assert got.status_code == 200
    return got.content.decode()


def satisfaction(actor, **wanted):
    return next(each for each in figures(actor, Wanted(**wanted)) if each.key == "satisfaction")


# ── figures ───────────────────────────────────────────────────────────────────────────────────────
def test_no_average_under_five_answers_and_the_page_says_why():
    able = facilitator()
    one = held(able)
    browser, url = client_of(able.person), f"/ateliers/missions/{one.assignment_id}/resultats/"
    answered(one, 5, 4, 4, 2)

    shown = page(browser, url)
    assert "4 réponses seulement" in shown
    assert "sur 5" not in shown
    assert satisfaction(SERVICE).shares == []

    answered(one, 5)
    shown = page(browser, url)
    assert "4,0 sur 5" in shown
    assert satisfaction(SERVICE).average == 4.0
    assert [share.count for share in satisfaction(SERVICE).shares] == [0, 1, 0, 2, 2]


def test_free_texts_are_for_the_association_and_the_coordination_alone():
    able, other = facilitator(), facilitator()
    one = held(able)
    answered(one, 5, 4, 4, 3, 5, said="La salle était froide")
    contact = account(person()).person
    grant(contact, Programme.WORKSHOPS, Role.CLIENT_CONTACT, one.assignment.order.client.organisation)
    url = f"/ateliers/missions/{one.assignment_id}/resultats/"

    assert "La salle était froide" in page(client_of(able.person), url)
    assert "La salle était froide" in page(client_of(staff()), "/ateliers/association/resultats/")
    assert client_of(other.person).get(url).status_code == 404
    as_contact = acting(contact, Role.CLIENT_CONTACT)
    assert satisfaction(as_contact).average == 4.2
    assert not words(as_contact, Wanted()).exists()
    assert not figures(as_person(other), Wanted())


def test_a_coordinator_who_lost_the_mission_reads_nothing_of_it():
    able = facilitator()
    one = held(able)
    answered(one, 5, 5, 5, 5, 5, said="Secret")
    actor = acting(able, Role.COORDINATOR)
    another = held(facilitator())

    assert satisfaction(actor).count == 5
    assert not figures(actor, Wanted(assignment=another.assignment_id))


@pytest.mark.parametrize(
    ("wanted", "count"),
    [({}, 3), ({"audience": "company"}, 2), ({"kind": "training"}, 1), ({"audience": "education"}, 1), ({"moment": "cold"}, 1)],
)
def test_results_are_narrowed(wanted, count):
    answered(held(), 5)
    answered(held(kind="training"), 4)
    answered(held(audience="education"), 3)
    answered(held(audience="education"), 2, moment="cold")

    assert satisfaction(SERVICE, **wanted).count == count


def test_the_evolution_has_a_bar_for_each_month_with_enough_answers():
    answered(held(ago=1), 5, 5, 5, 5, 5)
    answered(held(ago=70), 1, 1)

    early, late = months(SERVICE, Wanted())

    assert (early.count, early.average) == (2, None)
    assert (late.count, late.average) == (5, 5.0)
    shown = page(client_of(staff()), "/ateliers/association/resultats/")
    assert shown.count('class="plot-bar"') == 1
    assert "2 réponses seulement" in shown


def test_results_cost_the_same_for_one_and_twenty_sessions():
    chief = client_of(staff())
    answered(held(), 5, 4, 4, 3, 5, said="Bien")

    def cost():
        chief.get("/ateliers/association/resultats/")
        with CaptureQueriesContext(connection) as seen:
            assert chief.get("/ateliers/association/resultats/").status_code == 200
        return len(seen)

    before = cost()
    for _ in range(19):
        answered(held(), 4, said="Bien")

    assert cost() == before


@pytest.mark.parametrize("query", ["du=hier", "public=x&type=y&moment=z", "du=9999-99-99&au=0001-01-01", "page=9999999999"])
def test_a_filter_that_means_nothing_breaks_nothing(query):
    answered(held(), 5)

    assert client_of(staff()).get(f"/ateliers/association/resultats/?{query}").status_code == 200


def test_the_public_page_is_the_operator_s_to_open_and_shows_no_text():
    answered(held(), 5, 4, 4, 3, 5, said="La salle était froide")
    assert Client().get("/ateliers/resultats/").status_code == 404

    set_value(RESULTS_PUBLIC, "yes", actor=SERVICE)

    shown = page(Client(), "/ateliers/resultats/")
    assert "4,2 sur 5" in shown
    assert "froide" not in shown


def test_the_file_has_no_average_under_five_answers_and_only_one_s_own_rows():
    able = facilitator()
    mine, theirs = held(able), held()
    answered(mine, 5, 4, 4, 3, 5, said="Mes mots")
    answered(theirs, 1, 2, said="Leurs mots")
    kind = EXPORT_KINDS["workshops.results"]
    keys = [column.key for column in kind.columns()]

    def rows(actor, which=kind):
        whole = as_person(actor)
        asked = Asked(role=whole.roles[-1].key, organisation=None, query="moment=hot")
        may = which.acts(whole, asked)
        assert may is not None
        names = [column.key for column in which.columns()]
        found = [
            dict(zip(names, row, strict=True)) for batch in which.read(may, asked, names) for row in zip(*batch, strict=True)
        ]
        assert len(found) == which.count(may, asked)
        return found

    everything = rows(staff())
    assert keys[0] == "client"
    assert {(row["answers"], row["average"]) for row in everything if "satisfait" in row["question"]} == {(5, 4.2), (2, None)}
    assert all(row["answers"] == 5 for row in rows(able.person))
    assert {row["words"] for row in rows(able.person, EXPORT_KINDS["workshops.words"])} == {"Mes mots"}


# ── editions ──────────────────────────────────────────────────────────────────────────────────────
def test_what_was_sent_keeps_its_edition_and_the_next_one_goes_out():
    chief = acting(staff(), Role.ASSOCIATION_STAFF)
    what = questionnaire()
    one = held()
    sent = survey(registration(one, "present"), what=what)

    service.save_question(actor=chief, questionnaire=what, facts=QuestionFacts(kind="words", label_fr="Et la salle ?"))
    assert newest(what) == sent.edition
    second = service.publish_draft(actor=chief, questionnaire=what)

    assert "Et la salle ?" not in [each.label_fr for each in questions_of(sent.edition)]
    assert edition_for(one, "hot") == second
    assert [each.key for each in questions_of(second)][:5] == [each.key for each in questions_of(sent.edition)]


def test_a_published_edition_changes_for_nobody():
    """The database holds it, whoever writes."""
    question = questions_of(newest(questionnaire()))[0]

    for write in (
        lambda: Question.objects.filter(pk=question.pk).update(label_fr="Autre chose"),
        lambda: Question.objects.filter(pk=question.pk).delete(),
        lambda: Edition.objects.filter(pk=question.edition_id).update(number=9),
    ):
        with pytest.raises(IntegrityError, match="published"), transaction.atomic():
            write()


def test_questions_are_moved_removed_and_reworded_with_their_keys():
    chief = acting(staff(), Role.ASSOCIATION_STAFF)
    what = questionnaire()

    service.move_question(actor=chief, questionnaire=what, key="words", step=-1)
    service.move_question(actor=chief, questionnaire=what, key="satisfaction", step=-1)  # the first stays the first
    service.remove_question(actor=chief, questionnaire=what, key="recommend")
    facts = QuestionFacts(kind="several", label_fr="Le mieux ?", choices=[("L'animation", ""), ("La salle", "The room")])
    service.save_question(actor=chief, questionnaire=what, facts=facts, key="liked")

    asked = questions_of(draft(what))
    assert [each.key for each in asked] == ["satisfaction", "aims", "words", "liked"]
    assert asked[3].choice_keys[0] == "c2"  # the same words, the same key: answers can still be added up
    assert len(questions_of(newest(what))) == 5


@pytest.mark.parametrize(("audience", "kind", "wins"), [("company", "training", 3), ("company", "workshop", 2),
                                                         ("education", "training", 1), ("education", "workshop", 0)])  # fmt: skip
def test_the_most_precise_questionnaire_is_sent(audience, kind, wins):
    known = [questionnaire(), questionnaire(kind="training"), questionnaire(audience="company"),
             questionnaire(audience="company", kind="training")]  # fmt: skip

    assert edition_for(held(audience=audience, kind=kind), "hot").questionnaire == known[wins]


def test_a_retired_questionnaire_goes_out_no_more_but_can_be_answered():
    what = questionnaire()
    one = held()
    sent = survey(registration(one, "present"), what=what)

    service.retire(actor=SERVICE, questionnaire=what)

    assert edition_for(one, "hot") is None
    answer(survey=sent, said={"satisfaction": "4"})
    assert Survey.objects.get().is_answered


def test_two_editors_do_not_overwrite_each_other():
    what = questionnaire()
    facts = QuestionFacts(kind="words", label_fr="Encore ?")
    seen = Questionnaire.objects.get().version
    service.save_question(actor=SERVICE, questionnaire=what, facts=facts, seen=seen)

    with pytest.raises(Stale):
        service.save_question(actor=SERVICE, questionnaire=what, facts=facts, seen=seen)


def test_the_kind_of_a_question_already_put_stays():
    what = questionnaire()

    with pytest.raises(Refused, match="ne change pas"):
        service.save_question(
            actor=SERVICE, questionnaire=what, facts=QuestionFacts(kind="words", label_fr="?"), key="satisfaction"
        )


def test_the_association_alone_writes_questionnaires():
    able = facilitator()

    with pytest.raises(NotAllowed):
        service.create(actor=acting(able, Role.FACILITATOR), moment="hot")


def test_a_second_questionnaire_for_the_same_people_is_refused_in_words():
    questionnaire(audience="company")

    got = client_of(staff()).post("/ateliers/association/questionnaires/nouveau/", {"moment": "hot", "audience": "company"})

    assert got.status_code == 409
    assert "existe déjà" in got.content.decode()


@pytest.mark.parametrize(
    ("said", "words"),
    [({"kind": "choice", "label_fr": "Quoi ?", "choices": "Un seul"}, "au moins deux choix"),
     ({"kind": "choice", "label_fr": "Quoi ?", "choices": "Oui\noui"}, "écrit deux fois"),
     ({"kind": "choice", "label_fr": "Quoi ?", "choices": "x" * 121 + "\nOui"}, "au plus 120"),
     ({"kind": "poem", "label_fr": "Quoi ?"}, "kind"), ({"kind": "words", "label_fr": ""}, "obligatoire")],
)  # fmt: skip
def test_a_wrong_question_is_refused_in_words_and_nothing_is_written(said, words):
    what = questionnaire()

    got = client_of(staff()).post(f"/ateliers/association/questionnaires/{what.pk}/questions/nouvelle/", said)

    assert got.status_code == 422
    assert words in got.content.decode()
    assert draft(what) is None


def test_the_editor_works_from_its_page_and_the_preview_speaks_both_languages():
    what = questionnaire()
    chief, url = client_of(staff()), f"/ateliers/association/questionnaires/{what.pk}/"
    said = {"kind": "choice", "label_fr": "La salle ?", "label_en": "The room?", "choices": "Bien | Fine\nMal | Bad"}

    assert chief.post(f"{url}questions/nouvelle/", {**said, "seen": Questionnaire.objects.get().version}).status_code == 302
    assert "Brouillon" in page(chief, url)
    assert "Fine" in page(chief, f"{url}apercu/?langue=en")
    assert chief.post(f"{url}faire/", {"faire": "publier"}).status_code == 302
    assert chief.post(f"{url}faire/", {"faire": "publier"}).status_code == 409
    assert chief.post(f"{url}faire/", {"faire": "rien"}).status_code == 422
    assert newest(what).number == 2


# ── certificates, seen to ─────────────────────────────────────────────────────────────────────────
def test_the_coordinator_lists_downloads_sends_again_and_evaluates():
    from renfort.notifications.models import Outgoing

    able = facilitator()
    one = held(able, kind="training")
    there = registration(one, "present", email="awa@example.org")
    browser, url = client_of(able.person), f"/ateliers/missions/{one.assignment_id}/sessions/{one.pk}/attestations/"

    assert there.full_name in page(browser, url)
    assert browser.get(f"{url}{there.pk}/")["Content-Type"] == "application/pdf"
    assert browser.post(f"{url}{there.pk}/acquis/", {"outcome": "reached"}).status_code == 302
    assert browser.post(f"{url}{there.pk}/acquis/", {"outcome": "perfect"}).status_code == 409
    assert browser.post(f"{url}{there.pk}/renvoyer/").status_code == 302
    assert Outgoing.objects.get(address="awa@example.org")


def test_who_has_no_address_is_given_the_paper_by_hand():
    able = facilitator()
    one = held(able)
    there = registration(one, "present", email="")
    browser, url = client_of(able.person), f"/ateliers/missions/{one.assignment_id}/sessions/{one.pk}/attestations/"

    assert browser.post(f"{url}{there.pk}/renvoyer/").status_code == 409
    assert browser.get(f"{url}{there.pk}/").status_code == 200
