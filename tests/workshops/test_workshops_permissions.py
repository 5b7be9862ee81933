"""Every address of the programme for each of its roles, own and other scope, as one readable page; and closed, nothing (P11)."""

from __future__ import annotations

from copy import deepcopy

import pytest
from django.db import transaction
from django.urls import get_resolver
from tests.factories import account, client_of, grant, manager, person, volunteer
from tests.factories.money import money_for
from tests.factories.workshops import (
    acting,
    assignment,
    contact,
    enrolment,
    facilitator,
    fee,
    registration,
    sent_proof,
    session,
    staff,
    survey,
)
from tests.test_permissions import patterns

from renfort.kernel.actors import SERVICE
from renfort.organisations.enums import Role
from renfort.parameters.catalogue import CLOSED, PROGRAMMES
from renfort.parameters.services import set_value
from renfort.workshops.models import Invitee
from renfort.workshops.selectors.attendance import code_of
from renfort.workshops.selectors.calendar import calendar_url
from renfort.workshops.selectors.clients import contact_link
from renfort.workshops.selectors.join_links import join_link_of, own_link
from renfort.workshops.selectors.links import link_of
from renfort.workshops.selectors.questionnaires import after_token
from renfort.workshops.services.attendance import open_code
from renfort.workshops.services.calendar import open_calendar
from renfort.workshops.services.clients import invite_contact
from renfort.workshops.services.closing import seal
from renfort.workshops.services.registrations import Guest, add_guest, open_join_link
from renfort.workshops.services.replacements import propose_place
from renfort.workshops.services.sessions import invite, open_link

pytestmark = pytest.mark.django_db
ROLES = ("anonymous", "volunteer", "manager", "staff", "coordinator", "other", "facilitator", "contact")


@pytest.fixture
def scene():
    """One of each thing, the browsers, and an example of every address."""
    able, other, helper = facilitator(), facilitator(), facilitator()
    mine, theirs = assignment("awarded", by=able, audience="company"), assignment("awarded", by=other)
    session(theirs)
    one = open_link(actor=acting(able, Role.COORDINATOR), session=session(mine, leads=2))
    on = enrolment(one, helper)
    proof = sent_proof(helper)
    open_calendar(actor=acting(helper, Role.FACILITATOR))
    invite(actor=acting(able, Role.COORDINATOR), session=one, addresses=[other.person.account.email])
    invitee = Invitee.objects.get()
    place = propose_place(actor=acting(helper, Role.FACILITATOR), enrolment=on, to=None)
    offer = assignment("offered")
    asked_fee = fee(what=mine)
    past = session(mine, day=-3, state="held")
    there = registration(past, "present")
    asked = survey(there).edition.questionnaire
    line = mine.order.lines.get()
    open_join_link(actor=acting(able, Role.COORDINATOR), session=one)
    joined = join_link_of(one).split("/")[-2]
    guest = add_guest(actor=acting(able, Role.COORDINATOR), session=one, guest=Guest(first_name="Awa"))
    own = own_link(guest).split("/")[-2]
    bring = f"sessions/{one.pk}/participants/importer/"
    imports = {
        "participants-import": bring, "participants-import-model": f"{bring}modele/csv/", "participants-import-one": f"{bring}1/",
        "participants-import-match": f"{bring}1/colonnes/", "participants-import-confirm": f"{bring}1/confirmer/",
        "participants-import-stop": f"{bring}1/arreter/", "participants-import-wrong": f"{bring}1/a-corriger/csv/",
    }  # fmt: skip
    other_contact = contact(mine.order.client)
    follower = account(person()).person
    contact(mine.order.client, name="Alba Ruiz", email="alba@example.org", person=follower)
    invited = invite_contact(
        actor=acting(staff(), Role.ASSOCIATION_STAFF), contact=contact(mine.order.client, email="i@example.org")
    )
    over = assignment("closed", by=able, where=mine.order.client)
    seal(actor=SERVICE, assignment=over)
    owed, sent, paid, sold, due = money_for(helper)
    examples = {
        "invoice-new": f"association/argent/a-facturer/{due.pk}/",
        "invoice": f"association/argent/factures/{sold.pk}/",
        "invoice-file": f"association/argent/factures/{sold.pk}/fichier/",
        "bill": f"association/argent/factures-animation/{sent.pk}/",
        "bill-file": f"association/argent/factures-animation/{owed.pk}/fichier/",
        "transfer": f"association/argent/virements/{paid.pk}/",
        "transfer-file": f"association/argent/virements/{paid.pk}/fichier/",
        "accounting-entries": "association/argent/comptabilite/ecritures/?du=2026-01-01&au=2026-12-31",
        "accounting-export": "association/argent/comptabilite/paiements/",
        "own-bill-send": f"animation/factures/{sent.pk}/envoyer/",
        "own-bill-file": f"animation/factures/{owed.pk}/fichier/",
        "order": f"association/commandes/{mine.order_id}/",
        "client": f"association/clients/{mine.order.client_id}/",
        "contact-new": f"association/clients/{mine.order.client_id}/contacts/nouveau/",
        "contact-edit": f"association/clients/{mine.order.client_id}/contacts/{other_contact.pk}/",
        "contact-act": f"association/clients/{mine.order.client_id}/contacts/{other_contact.pk}/supprimer/",
        "client-invitation": contact_link(invited).removeprefix("/ateliers/"),
        "client-orders": f"client/{mine.order.client_id}/",
        "client-order": f"client/{mine.order.client_id}/commandes/{mine.pk}/",
        "client-summary": f"client/{mine.order.client_id}/commandes/{over.pk}/bilan/",
        "closing": f"missions/{mine.pk}/cloturer/",
        "closing-summary": f"missions/{over.pk}/bilan/",
        "closing-correction": f"missions/{over.pk}/corriger/",
        "order-edit": f"association/commandes/{mine.order_id}/modifier/",
        "order-convention": f"association/commandes/{mine.order_id}/convention/",
        "order-sign": f"association/commandes/{mine.order_id}/signature/",
        "line-edit": f"association/commandes/{mine.order_id}/lignes/{line.pk}/",
        "line-add": f"association/commandes/{mine.order_id}/lignes/",
        "line-remove": f"association/commandes/{mine.order_id}/lignes/{line.pk}/retirer/",
        "order-act": f"association/commandes/{mine.order_id}/annuler/",
        "facilitator": f"association/animation/{helper.pk}/",
        "document-add": f"association/animation/{helper.pk}/documents/",
        "proof-file": f"association/animation/documents/{proof.pk}/fichier/",
        "proof-act": f"association/animation/documents/{proof.pk}/accepter/",
        "own-proof-file": f"animation/conformite/{proof.pk}/fichier/",
        "own-proof-act": f"animation/conformite/{proof.pk}/retirer/",
        "calendar-feed": calendar_url(helper.pk).partition("/ateliers/")[2],
        "invitation-decline": f"animation/invitations/{invitee.pk}/decliner/",
        "replacement": f"animation/remplacements/{place.pk}/",
        "replacement-act": f"animation/remplacements/{place.pk}/retirer/",
        "replacement-new": f"animation/sessions/{on.pk}/remplacement/",
        "session-directory": f"missions/{mine.pk}/sessions/{one.pk}/annuaire/",
        "services": f"missions/{mine.pk}/services/",
        "assignment-month": f"missions/{mine.pk}/agenda/",
        "opportunity": f"animation/opportunites/{offer.pk}/",
        "own-session": f"animation/sessions/{on.pk}/",
        "own-session-file": f"animation/sessions/{on.pk}/session.ics",
        "own-session-act": f"animation/sessions/{on.pk}/se-desinscrire/",
        "invitation": link_of(one).removeprefix("/ateliers/"),
        "questionnaire": f"association/questionnaires/{asked.pk}/",
        "questionnaire-preview": f"association/questionnaires/{asked.pk}/apercu/",
        "questionnaire-act": f"association/questionnaires/{asked.pk}/faire/",
        "question-new": f"association/questionnaires/{asked.pk}/questions/nouvelle/",
        "question-edit": f"association/questionnaires/{asked.pk}/questions/words/",
        "results-of-assignment": f"missions/{mine.pk}/resultats/",
        "results-export-of-assignment": f"missions/{mine.pk}/resultats/export/",
        "certificates": f"missions/{mine.pk}/sessions/{past.pk}/attestations/",
        "certificate": f"missions/{mine.pk}/sessions/{past.pk}/attestations/{there.pk}/",
        "certificate-again": f"missions/{mine.pk}/sessions/{past.pk}/attestations/{there.pk}/renvoyer/",
        "certificate-evaluate": f"missions/{mine.pk}/sessions/{past.pk}/attestations/{there.pk}/acquis/",
        "after": f"apres/{after_token(there.pk)}/",
        "after-certificate": f"apres/{after_token(there.pk)}/attestation.pdf",
        "after-survey": f"apres/{after_token(there.pk)}/avis/hot/",
        "after-refuse": f"apres/{after_token(there.pk)}/questionnaires/",
        "roll-call": f"presences/{one.pk}/",
        "roll-call-mark": f"presences/{one.pk}/marquer/",
        "roll-call-marks": f"presences/{one.pk}/marques/",
        "roll-call-state": f"presences/{one.pk}/etat/",
        "roll-call-add": f"presences/{one.pk}/ajouter/",
        "roll-call-count": f"presences/{one.pk}/compter/",
        "roll-call-complete": f"presences/{one.pk}/complete/",
        "roll-call-code": f"presences/{one.pk}/code/",
        "roll-call-sheet": f"presences/{one.pk}/feuille.pdf",
        "roll-call-sign-own": f"presences/{one.pk}/signer/1/",
        "roll-call-sign": f"presences/{one.pk}/signer/1/{registration(one).pk}/",
        "self-entry": code_of(open_code(actor=acting(able, Role.COORDINATOR), session=one)).removeprefix("/ateliers/"),
        "coordination": f"coordination/{mine.order.client_id}/",
        "assignment": f"missions/{mine.pk}/",
        "session-new": f"missions/{mine.pk}/sessions/nouvelle/",
        "session": f"missions/{mine.pk}/sessions/{one.pk}/",
        "session-edit": f"missions/{mine.pk}/sessions/{one.pk}/modifier/",
        "session-link": f"missions/{mine.pk}/sessions/{one.pk}/lien/",
        "session-invite": f"missions/{mine.pk}/sessions/{one.pk}/inviter/",
        "session-act": f"missions/{mine.pk}/sessions/{one.pk}/annuler/",
        "participants": f"missions/{mine.pk}/sessions/{one.pk}/participants/",
        "participants-link": f"missions/{mine.pk}/sessions/{one.pk}/participants/lien/",
        "participants-invite": f"missions/{mine.pk}/sessions/{one.pk}/participants/inviter/",
        "participant-add": f"missions/{mine.pk}/sessions/{one.pk}/participants/ajouter/",
        "participants-export": f"missions/{mine.pk}/sessions/{one.pk}/participants/exporter/",
        "participant-act": f"missions/{mine.pk}/sessions/{one.pk}/participants/{guest.pk}/annuler/",
        "join": f"participer/{joined}/",
        "join-done": f"participer/{joined}/merci/",
        "participation": f"participation/{own}/",
        "participation-file": f"participation/{own}/session.ics",
        "participation-act": f"participation/{own}/ne-pas-venir/",
        **imports,
        "enrolment-act": f"missions/{mine.pk}/inscriptions/{on.pk}/statut/",
        "round": f"association/retributions/{asked_fee.round_id}/",
        "coordination-approve": f"association/retributions/coordination/{fee(kind='coordination', what=mine).pk}/approuver/",
        "own-statement": "animation/retributions/2026/1/releve/",
        "fees": f"missions/{mine.pk}/retributions/",
        "assignment-act": f"missions/{mine.pk}/rendre/",
    }
    browsers = {
        "anonymous": client_of(None),
        "volunteer": client_of(volunteer()),
        "manager": client_of(manager(mine.order.client.organisation)),  # of the client, in the other programme
        "staff": client_of(staff()),
        "coordinator": client_of(able.person),
        "other": client_of(other.person),
        "facilitator": client_of(helper.person),
        "contact": client_of(follower),
    }
    return browsers, examples


def addresses(examples):
    for pattern, name in patterns(get_resolver()):
        if name.startswith("workshops:"):
            yield name, "/ateliers/" + examples.get(name.removeprefix("workshops:"), pattern.removeprefix("ateliers/"))


def answer(browser, method, url):
    cookies = deepcopy(browser.cookies)
    with transaction.atomic():
        status = getattr(browser, method)(url).status_code
        transaction.set_rollback(True)
    browser.cookies = cookies
    return status


def test_every_address_answers_each_role_as_written(scene, snapshot):
    browsers, examples = scene
    lines = ["# GET and POST (without any content) of every address of the programme, by role", ""]
    lines.append(f"{'name':<28} {' '.join(f'{role:<11}' for role in ROLES)}")
    for name, url in addresses(examples):
        cells = [f"{answer(browsers[r], 'get', url)}/{answer(browsers[r], 'post', url)}" for r in ROLES]
        lines.append(f"{name:<28} {' '.join(f'{cell:<11}' for cell in cells)}".rstrip())

    assert not any("500" in line for line in lines)
    snapshot("workshops_addresses.txt", "\n".join(lines))


def test_a_closed_programme_has_neither_addresses_nor_roles(scene):
    """Vocabulary: when it is off, the site is the others' alone."""
    browsers, examples = scene
    set_value(PROGRAMMES["workshops"], CLOSED, actor=SERVICE)

    for _name, url in addresses(examples):
        assert {browsers[role].get(url).status_code for role in ("anonymous", "staff", "coordinator")} == {404}, url
    home = browsers["staff"].get("/espace/", follow=True).content.decode()
    assert "Association" not in home
    assert "ateliers" not in home


def test_menus_of_two_programmes_never_mix(scene):

    from renfort.organisations.enums import Programme

    both = staff()
    grant(both, Programme.RESERVE, Role.VOLUNTEER)
    browser = client_of(both)

    ours, theirs = browser.get("/ateliers/association/"), browser.get("/espace/benevole/")

    def menu(page):
        return {item.url for item in page.wsgi_request.nav.items}

    assert all(url.startswith("/ateliers/") for url in menu(ours))
    assert not any(url.startswith("/ateliers/") for url in menu(theirs))
    assert len(menu(ours)) <= 5
    assert "Association" in ours.content.decode()
