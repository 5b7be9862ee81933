"""The life of an organisation: who may do what in every state, who is told, what is kept (R52, P3)."""

from __future__ import annotations

from html import unescape

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from tests.factories import actor, as_manager, as_operator, at, client_of, days, manager, operator, organisation, referent, tutor

from renfort.audit.models import Entry
from renfort.kernel.actors import CLOCK, SERVICE
from renfort.kernel.firing import NotAllowed, Refused, fire, fire_due
from renfort.notifications.models import Outgoing
from renfort.organisations.enums import OrganisationState, Programme, Role, ScopeKind
from renfort.organisations.models import CorrectionReason, Grant, Organisation
from renfort.organisations.selectors.queue import organisation_queue
from renfort.organisations.services import edit_organisation, open_organisation
from renfort.organisations.services.organisation import OrganisationFacts
from renfort.organisations.services.roles import end_role
from renfort.organisations.workflow import ORGANISATION
from renfort.people.models import Person

pytestmark = pytest.mark.django_db
QUEUE = "/referent/a-valider/structures/"
S = OrganisationState

# state → who → what; nobody else does anything
LIFE = {
    S.DRAFT: {"manager": ["submit", "leave"]},
    S.WAITING: {
        "manager": ["leave"], "referent": ["take", "validate", "ask_correction", "flag", "refuse"], "clock": ["absorb"],
    },
    S.IN_REVIEW: {
        "manager": ["leave"], "clock": ["lapse", "absorb"],
        "referent": ["hand_back", "validate", "ask_correction", "flag", "refuse"],
    },
    S.VALIDATED: {"manager": ["leave"], "referent": ["ask_correction", "flag"], "clock": ["absorb"]},
    S.TO_CORRECT: {"manager": ["resubmit", "leave"], "referent": ["flag", "refuse"], "clock": ["absorb"]},
    S.REFUSED: {"manager": ["leave"], "operator": ["reconsider"]},
    S.FLAGGED: {"manager": ["leave"], "referent": ["clear", "refuse"]},
    S.UNSUBSCRIBED: {"operator": ["restore"]},
}  # fmt: skip


def in_state(state, **facts):
    taken = timezone.now() if state == S.IN_REVIEW else None
    left = timezone.now() if state == S.UNSUBSCRIBED else None
    return organisation(state=state, taken_at=taken, left_at=left, **facts)


def facts(**changes):
    given = {
        "name": "Secours Bordeaux", "legal_status": "association", "description": "Des repas.", "city": "Bordeaux",
        "department": "33",
    }  # fmt: skip
    return OrganisationFacts(**{**given, **changes})


def newcomer():
    someone = Person.objects.get(pk=manager().pk)
    return someone, open_organisation(actor=actor(someone), person=someone, facts=facts())


@pytest.mark.parametrize("state", S.values)
def test_who_may_do_what(state):
    here = in_state(state)
    who = {
        "manager": as_manager(here), "tutor": actor(tutor(here)), "referent": actor(referent("33")),
        "elsewhere": actor(referent("40")), "operator": as_operator(), "clock": CLOCK,
    }  # fmt: skip

    may = {name: [t.name for t in ORGANISATION.from_state(state) if t.who(each, here)] for name, each in who.items()}

    wanted = {name: LIFE[state].get(name, []) for name in who}
    shared = list(wanted["referent"])
    wanted["operator"] = [t.name for t in ORGANISATION.from_state(state) if t.name in (*shared, *wanted["operator"])]
    assert may == wanted


def test_a_new_organisation_works_at_once_and_waits_for_its_referent():
    """R12, R52: nothing of today's way in changes; the department's referent finds it in the queue."""
    _someone, made = newcomer()

    assert made.state == "waiting"
    assert list(organisation_queue(actor(referent("33")))) == [made]
    assert not organisation_queue(actor(referent("40"))).filter(pk=made.pk).exists()
    assert Entry.objects.get(verb="organisations.organisation.open").after == "waiting"


def test_the_state_changes_through_the_workflow_alone():
    here = organisation(state="waiting")
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.filter(pk=here.pk).update(state="validated")
    here.state = "validated"
    with pytest.raises(RuntimeError):
        here.save()


def test_in_review_is_taken_and_nothing_else_is():
    """The database holds it: « in review » and somebody's moment go together."""
    with pytest.raises(IntegrityError), transaction.atomic():
        organisation(state="in_review")
    with pytest.raises(IntegrityError), transaction.atomic():
        organisation(state="waiting", taken_at=timezone.now())


@pytest.mark.parametrize(
    ("verb", "state", "answers", "message"),
    [
        ("validate", S.WAITING, {}, "validated"),
        ("ask_correction", S.VALIDATED, {"motives": ["proof"], "on_siret": "Il manque un chiffre."}, "to_correct"),
        ("refuse", S.TO_CORRECT, {"reasons": "Hors cadre."}, "refused"),
        ("flag", S.VALIDATED, {"motives": ["paid"]}, "flagged"),
        ("clear", S.FLAGGED, {}, "cleared"),
    ],
)
def test_the_team_is_told(verb, state, answers, message):
    here = in_state(state, name="Secours Bordeaux")
    boss, colleague = manager(here), tutor(here)

    fire(ORGANISATION, here, verb, actor=actor(referent("33")), answers=answers)

    letters = Outgoing.objects.filter(message=f"organisations.organisation.{message}")
    assert {letter.person_id for letter in letters} == {boss.pk, colleague.pk}
    assert "Secours Bordeaux" in letters[0].subject
    said = {"to_correct": "Existence de la structure à confirmer", "refused": "Hors cadre.", "flagged": "contrepartie"}
    assert said.get(message, "") in letters[0].text


def test_a_correction_goes_to_and_fro():
    reader, (boss, here) = referent("33", first_name="Rémi"), newcomer()
    client, own = client_of(reader), f"/espace/{here.pk}/structure/"
    answer = client.post(
        f"{QUEUE}{here.pk}/demander-une-correction/",
        {"seen": here.version, "reasons": "Dites-nous tout.", "on_description": "Trop court."},
    )
    assert answer.status_code == 302

    text = unescape(client_of(boss).get(own).content.decode())
    assert "Dites-nous tout." in text and "Trop court." in text.split("id_description_remark")[1]
    edit_organisation(actor=as_manager(here), organisation=here, facts=facts(description="Des repas chauds, chaque soir."))
    assert client_of(boss).post(f"{own}proposer-a-nouveau/", {"message": "Voilà."}).status_code == 302

    assert "Voilà." in Outgoing.objects.get(message="organisations.organisation.corrected", person_id=reader.pk).text
    text = unescape(client.get(f"{QUEUE}{here.pk}/").content.decode())
    assert "Ce qui a été corrigé" in text and "Des repas chauds, chaque soir." in text and "Voilà." in text


def test_taking_releasing_and_forgetting():
    first, here = referent("33", first_name="Rémi", last_name="Premier"), organisation(state="waiting")
    client_of(first).post(f"{QUEUE}{here.pk}/prendre/")
    text = unescape(client_of(referent("33")).get(QUEUE).content.decode())
    assert "Pris par Rémi Premier" in text

    answer = client_of(referent("33")).post(f"{QUEUE}{here.pk}/prendre/")
    assert answer.status_code == 409 and "En cours d'examen" in unescape(answer.content.decode())
    with at(timezone.now() + days(2)):
        fire_due(timezone.now(), flows=[ORGANISATION])
    here.refresh_from_db()
    assert (here.state, here.taken_by_id) == ("waiting", None)


def test_a_referent_who_is_removed_and_a_seat_that_moves_free_the_case():
    someone = referent("33")
    removed, moved = organisation(state="waiting"), newcomer()[1]
    for each in (removed, moved):
        fire(ORGANISATION, each, "take", actor=actor(someone))

    edit_organisation(actor=as_manager(moved), organisation=moved, facts=facts(department="40"))
    assert Organisation.objects.get(pk=moved.pk).state == "waiting"
    end_role(actor=SERVICE, grant=Grant.objects.get(person=someone), why="removed")
    assert Organisation.objects.get(pk=removed.pk).state == "waiting"


def test_nobody_decides_on_their_own_organisation(state="waiting"):
    here, someone = organisation(state="waiting"), referent("33")
    Grant.objects.create(
        person=someone, programme=Programme.RESERVE, role=Role.MANAGER, scope_kind=ScopeKind.ORGANISATION, scope=str(here.pk),
        organisation=here,
    )  # fmt: skip
    for verb in ("take", "validate", "refuse", "flag"):
        with pytest.raises(Refused, match="une autre personne doit décider"):
            fire(ORGANISATION, here, verb, actor=actor(someone), answers={"reasons": "x"})
    assert "une autre personne doit décider" in unescape(client_of(someone).get(f"{QUEUE}{here.pk}/").content.decode())


def test_outside_the_perimeter_nothing_is_to_be_found():
    here = organisation(state="waiting")
    for who, status in ((referent("33"), 200), (operator(), 200), (referent("40"), 404), (manager(here), 404)):
        assert client_of(who).get(f"{QUEUE}{here.pk}/").status_code == status
        if status == 404:
            assert client_of(who).post(f"{QUEUE}{here.pk}/valider/").status_code == 404
    with pytest.raises(NotAllowed):
        fire(ORGANISATION, here, "validate", actor=actor(referent("40")))


def test_an_index_serves_the_order_of_organisations():
    organisation(state="waiting")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
    plan = organisation_queue(actor(referent("33", "40"))).values_list("pk", flat=True)[:20].explain()
    assert "organisations_org_queue" in plan and "Sort" not in plan, plan


def test_the_reasons_are_a_list_that_the_operator_edits():
    client = client_of(operator())
    assert client.get("/operateur/listes/motifs-de-correction/").status_code == 200
    CorrectionReason.objects.filter(key="dates").update(label_fr="Quand ?")

    text = unescape(
        client_of(referent("33")).get(f"{QUEUE}{organisation(state='waiting').pk}/demander-une-correction/").content.decode()
    )

    assert "Quand ?" in text
