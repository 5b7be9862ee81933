"""After a session: certificates, questionnaires sent once, answers that nobody can trace in the end (W7)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.factories.workshops import acting, assignment, facilitator, questionnaire, registration, session, survey

from renfort.documents.models import Paper
from renfort.documents.selectors import verdict_of
from renfort.kernel.actors import SERVICE
from renfort.kernel.firing import Refused, fire
from renfort.notifications.models import Outgoing
from renfort.organisations.enums import Role
from renfort.parameters.catalogue import AIMS, COLD_DAYS, SURVEY_OPEN_DAYS, TRAINING_NUMBER
from renfort.parameters.selectors import site_name
from renfort.parameters.services import set_value
from renfort.workshops.catalogue import BILLING
from renfort.workshops.models import Answer, Certificate, Questionnaire, Reply, Survey
from renfort.workshops.selectors.questionnaires import after_path, after_token
from renfort.workshops.services.certificates import issue_certificate, set_outcome
from renfort.workshops.services.surveys import answer, ask_due, forget_whose, silence, thank_due
from renfort.workshops.workflow import REGISTRATION

pytestmark = pytest.mark.django_db


def held(by=None, *, ago=1, kind="workshop", state="awarded", audience="company", **facts):
    """A session that took place so many days ago."""
    return session(assignment("awarded", by=by, audience=audience), day=-ago, hour=9, state="held", kind=kind, **facts)


def noon(days=0):
    """Midday here: nobody is asked for an opinion at night."""
    return (timezone.localtime() + timedelta(days=days)).replace(hour=12, minute=0)


def letters(address="awa@example.org"):
    return list(Outgoing.objects.filter(address=address).order_by("pk"))


# ── the certificate ───────────────────────────────────────────────────────────────────────────────
def test_who_was_there_gets_certificate_and_questionnaire_in_one_mail_once():
    there = registration(held(), "present", email="awa@example.org")

    assert thank_due(timezone.now()) == 1
    assert thank_due(timezone.now() + timedelta(days=2)) == 0

    (letter,) = letters()
    assert "Votre attestation" in letter.subject
    assert after_path(there) in letter.text
    assert Paper.objects.get(subject=there.pk).kind == "workshops.certificate"
    assert Survey.objects.get(registration=there).moment == "hot"


@pytest.mark.parametrize("state", ["confirmed", "absent", "cancelled", "invited"])
def test_who_was_not_there_gets_nothing(state):
    registration(held(), state, email="awa@example.org")

    assert thank_due(timezone.now()) == 0
    assert not letters()


def test_nothing_goes_out_before_the_session_is_over():
    one = session(assignment("awarded"), day=1)
    registration(one, "present", email="awa@example.org")

    assert thank_due(timezone.now()) == 0


def test_the_certificate_is_downloaded_without_an_account_and_says_what_the_law_wants():
    """D6353-1 and the ministry's model: body, aims, nature, duration, results."""
    able = facilitator()
    set_value(AIMS, "Comprendre les causes et agir.", actor=SERVICE)
    set_value(TRAINING_NUMBER, "75 33 01234 33", actor=SERVICE)
    one = held(able, kind="training", lasts=7)
    there = registration(one, "present", first_name="Awa", last_name="Diallo")
    set_outcome(actor=acting(able, Role.COORDINATOR), registration=there, outcome="reached")

    page = Client().get(f"{after_path(there)}attestation.pdf")

    assert (page.status_code, page["Content-Type"]) == (200, "application/pdf")
    assert b"".join(page.streaming_content).startswith(b"%PDF")
    paper = Paper.objects.get()
    said = paper.facts
    assert (said["name"], said["aims"], said["outcome"], said["number"]) == (
        "Awa Diallo", "Comprendre les causes et agir.", "reached", "75 33 01234 33",
    )  # fmt: skip
    shown = dict(verdict_of(paper).shown)
    assert shown["Durée suivie"] == "7\u00a0h"
    assert "Diallo" in shown["Participant·e"]


def test_the_certificate_names_the_association_as_it_is_declared_else_the_site():
    """W7: the body is the one that the law knows (D6353-1), which a site's name need not be."""
    there = registration(held(), "present")
    assert issue_certificate(there).facts["body"] == site_name()

    set_value(BILLING["name"], "Les Ateliers du Climat", actor=SERVICE)

    paper = issue_certificate(there)
    assert paper.facts["body"] == "Les Ateliers du Climat" != site_name()
    assert dict(verdict_of(paper).shown)["Organisme"] == "Les Ateliers du Climat"


def test_the_certificate_is_void_when_the_mark_is_taken_back_and_valid_again_when_it_is_put_back():
    able = facilitator()
    there = registration(held(able), "present")
    paper, by = issue_certificate(there), acting(able, Role.COORDINATOR)
    assert verdict_of(paper).standing == "genuine"

    fire(REGISTRATION, there, "unmark", actor=by)

    paper.refresh_from_db()
    assert (paper.state, paper.reason) == ("revoked", "unmarked")
    there.refresh_from_db()
    assert Client().get(f"{after_path(there)}attestation.pdf").status_code == 409
    fire(REGISTRATION, there, "mark", actor=by)
    there.refresh_from_db()
    assert issue_certificate(there).state == "valid"


def test_a_certificate_whose_result_changes_is_replaced():
    able = facilitator()
    there = registration(held(able, kind="training"), "present")
    first = issue_certificate(there)

    set_outcome(actor=acting(able, Role.COORDINATOR), registration=there, outcome="partly")
    there.refresh_from_db()
    second = issue_certificate(there)

    first.refresh_from_db()
    assert (first.state, second.facts["outcome"]) == ("replaced", "partly")
    assert issue_certificate(there) == second


def test_a_closed_mission_still_gives_certificates_but_no_other_result():
    """W10: downloads go on, nothing else changes, whoever writes."""
    able = facilitator()
    one = held(able, kind="training")
    there = registration(one, "present")
    close(one.assignment)

    assert Client().get(f"{after_path(there)}attestation.pdf").status_code == 200
    with pytest.raises(Refused, match="clôturée"):
        set_outcome(actor=acting(able, Role.COORDINATOR), registration=there, outcome="reached")
    with pytest.raises(IntegrityError, match="closed"), transaction.atomic():
        Certificate.objects.create(registration=there, outcome="reached")


def close(what):
    """Close it as the workflow's move, without its guards."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('renfort.move', %s, true)", [f"workshops_assignment:{what.pk}:awarded>closed"])
        cursor.execute("UPDATE workshops_assignment SET state = 'closed', closed_at = now() WHERE id = %s", [what.pk])


@pytest.mark.parametrize("token", ["", "1-", "x", f"1-{'0' * 40}", "é-1", "9" * 80, "zzzzzzzzzzzzzz-1"])
def test_an_address_that_was_not_made_here_opens_nothing(token):
    registration(held(), "present")

    assert Client().get(f"/ateliers/apres/{token}/").status_code == 404


def test_the_address_of_one_participant_is_not_another_s():
    first, second = registration(held(), "present"), registration(held(), "present")
    mixed = after_token(first.pk).split("-")[0] + "-" + after_token(second.pk).split("-")[1]

    assert Client().get(f"/ateliers/apres/{mixed}/").status_code == 404


# ── sending ───────────────────────────────────────────────────────────────────────────────────────
def test_the_cold_questionnaire_comes_after_the_delay_once_and_also_after_the_closing():
    questionnaire("cold")
    set_value(COLD_DAYS, 30, actor=SERVICE)
    one = held(ago=31)
    registration(one, "present", email="awa@example.org")
    registration(held(ago=20), "present", email="tot@example.org")
    close(one.assignment)

    assert ask_due(noon()) == 1
    assert ask_due(noon()) == 0
    assert [letter.address for letter in Outgoing.objects.all()] == ["awa@example.org"]


def test_nobody_is_asked_at_night():
    questionnaire("cold")
    registration(held(ago=91), "present")

    assert ask_due(noon().replace(hour=3)) == 0
    assert ask_due(noon()) == 1


def test_one_reminder_and_none_to_who_has_answered():
    late = survey(registration(held(), "present", email="a@example.org"), sent_at=timezone.now() - timedelta(days=8))
    done = survey(registration(held(), "present", email="b@example.org"), sent_at=timezone.now() - timedelta(days=8))
    answer(survey=done, said={"satisfaction": "4"})

    assert ask_due(noon()) == 1
    assert ask_due(noon(3)) == 0
    assert [letter.address for letter in Outgoing.objects.all()] == [late.registration.email]


def test_who_wants_no_more_questionnaires_gets_the_certificate_alone():
    there = registration(held(), "present", email="awa@example.org")
    page = Client().post(f"{after_path(there)}questionnaires/", {"faire": "refuser"})

    thank_due(timezone.now())

    assert page.status_code == 302
    assert not Survey.objects.exists()
    (letter,) = letters()
    assert "attestation" in letter.text
    assert "avis" not in letter.text


def test_a_refusal_is_kept_without_the_address_and_taken_back():
    there = registration(held(), "present", email="Awa@Example.org".lower())
    silence("AWA@example.org ")

    with connection.cursor() as cursor:
        cursor.execute("SELECT workshops_silence::text FROM workshops_silence")
        assert "awa" not in cursor.fetchone()[0]
    Client().post(f"{after_path(there)}questionnaires/", {"faire": "reprendre"})
    assert thank_due(timezone.now()) == 1
    assert Survey.objects.count() == 1


def test_two_workers_at_once_send_one(monkeypatch):
    """The database holds it: one survey per person and moment, whoever writes."""
    there = registration(held(), "present")
    survey(there)

    with pytest.raises(IntegrityError), transaction.atomic():
        survey(there)


def test_a_platform_that_never_had_questionnaires_begins_with_both():
    registration(held(), "present")

    thank_due(timezone.now())

    assert set(Questionnaire.objects.values_list("moment", flat=True)) == {"hot", "cold"}


# ── answering ─────────────────────────────────────────────────────────────────────────────────────
def test_answers_are_kept_once_and_can_be_changed():
    there = registration(held(), "present")
    sent = survey(there)
    browser, url = Client(), f"{after_path(there)}avis/hot/"

    assert "Dans l&#x27;ensemble" in browser.get(url).content.decode()
    assert browser.post(url, {"q-satisfaction": "4", "q-liked": ["c1", "c3"], "q-words": "Merci"}).status_code == 302
    assert browser.post(url, {"q-satisfaction": "5", "q-aims": "c1"}).status_code == 302

    assert Reply.objects.count() == 1
    assert {row.question.key: (row.mark, row.chosen) for row in Answer.objects.all()} == {
        "satisfaction": (5, []), "aims": (None, ["c1"]),
    }  # fmt: skip
    assert "checked" in browser.get(url).content.decode()
    sent.refresh_from_db()
    assert sent.is_answered


@pytest.mark.parametrize("said", [{}, {"q-satisfaction": "6"}, {"q-satisfaction": "x"}, {"q-satisfaction": "3", "q-aims": "c9"},
                                  {"q-satisfaction": "3", "q-words": "x" * 2001}])  # fmt: skip
def test_a_wrong_answer_is_said_in_words_and_nothing_is_kept(said):
    there = registration(held(), "present")
    survey(there)

    page = Client().post(f"{after_path(there)}avis/hot/", said)

    assert page.status_code == 422
    assert not Reply.objects.exists()


def test_a_closed_questionnaire_takes_no_answer():
    there = registration(held(), "present")
    sent = survey(there, closes_at=timezone.now())

    page = Client().post(f"{after_path(there)}avis/hot/", {"q-satisfaction": "4"})

    assert page.status_code == 409
    assert "fermé" in page.content.decode()
    with pytest.raises(Refused, match="fermé"):
        answer(survey=sent, said={"satisfaction": "4"})


def test_answers_go_on_after_the_closing_of_the_mission():
    """W10 names them among what goes on."""
    one = held()
    there = registration(one, "present")
    survey(there)
    close(one.assignment)

    assert Client().post(f"{after_path(there)}avis/hot/", {"q-satisfaction": "4"}).status_code == 302


def test_once_closed_nobody_can_tell_whose_a_reply_is():
    """P10: neither the row, nor an hour, nor the history links it to a person."""
    from renfort.audit.models import Entry

    there = registration(held(), "present")
    sent = survey(there)
    entries = Entry.objects.count()
    answer(survey=sent, said={"satisfaction": "2"})
    assert Entry.objects.count() == entries

    assert forget_whose(timezone.now()) == 0
    assert forget_whose(timezone.now() + timedelta(days=61)) == 1

    reply = Reply.objects.get()
    assert reply.survey is None
    assert {field.name for field in Reply._meta.get_fields()} == {"id", "survey", "session", "edition", "answers"}
    assert reply.answers.get().mark == 2


def test_the_open_time_is_a_setting():
    set_value(SURVEY_OPEN_DAYS, 7, actor=SERVICE)
    registration(held(), "present")

    thank_due(timezone.now())

    assert Survey.objects.get().closes_at < timezone.now() + timedelta(days=8)


def test_the_page_speaks_the_participant_s_language():
    there = registration(held(), "present", language="en")
    survey(there)

    page = Client().get(f"{after_path(there)}avis/hot/").content.decode()

    assert "Overall, how satisfied" in page
    assert '<html lang="en"' in page


def test_thanking_costs_the_same_for_each():
    one = held()
    questionnaire()
    questionnaire("cold")

    def cost(many):
        for _ in range(many):
            registration(one, "present")
        with CaptureQueriesContext(connection) as seen:
            assert thank_due(timezone.now()) == many
        return len(seen)

    cost(1)
    first = cost(1)
    assert cost(5) <= 5 * first
