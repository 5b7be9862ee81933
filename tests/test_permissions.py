"""Every address of the site for every role: what each one gets, as one readable page. An address without its row fails (P11)."""

from __future__ import annotations

import re
from copy import deepcopy

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from django.utils.text import slugify
from tests.factories import (
    actor,
    as_manager,
    branch_invitation,
    client_of,
    delegation,
    grant,
    invitation,
    join_request,
    manager,
    membership,
    merge,
    mission,
    operator,
    organisation,
    participation,
    referent,
    referent_invitation,
    slot,
    supervisor,
    today,
    turn,
    tutor,
    volunteer,
)
from tests.factories.hours import hours, past_mission, served

from renfort.audit.models import Entry
from renfort.jobs.models import Export
from renfort.jobs.services.imports import receive
from renfort.kernel.imports import IMPORT_KINDS, Place
from renfort.kernel.tables import read_text
from renfort.missions.models import Mission, MissionFinding, MissionTemplate, PublicationPolicy, ReplyTemplate, SavedView
from renfort.missions.services.batches import prepare
from renfort.missions.services.notes import write_mission_note
from renfort.missions.services.papers import issue_certificate
from renfort.missions.services.templates import save_as_template
from renfort.missions.services.transfers import propose_transfer
from renfort.notifications.models import Notice, Outgoing
from renfort.organisations.enums import Programme, Role
from renfort.organisations.models import Check, CheckWord, Grant, OrganisationFinding, Referent
from renfort.organisations.services.notes import write_note

pytestmark = pytest.mark.django_db
ROLES = ("anonymous", "volunteer", "tutor", "manager", "other", "referent", "supervisor", "operator")


def saved_view(where, someone, kind):
    return SavedView.objects.create(organisation=where, person=someone, kind=kind, name="À moi", query="q=x")


def brought_in(head):
    """A file of one branch, read and not confirmed."""
    acting, kind = actor(head), IMPORT_KINDS["organisations.branches"]
    table = read_text("Antenne;Mail;CP\nCroix-Rouge de Pau;pau@example.org;64000\n")
    place = Place(role=acting.roles[0].key, scope=int(acting.roles[0].scope))
    return receive(actor=kind.acts(acting, place), kind=kind, place=place, table=table, name="a.csv")


def missing_safety(what):
    return MissionFinding.objects.create(
        mission=what, made_by=Check.objects.get(key="mission-safety"), field="safety", print="x", found_at=what.published_at
    )


def batch_of(where, someone, rows):
    who = actor(someone)
    return prepare(actor=who, organisation=where.pk, verb="accept", chosen=[(row.pk, row.version) for row in rows])


def patterns(found=None, prefix="", space=""):
    """Every address pattern of the site with its name, in order."""
    for each in (found or get_resolver()).url_patterns:
        if isinstance(each, URLResolver):
            inner = f"{space}{each.namespace}:" if each.namespace else space
            yield from patterns(each, prefix + str(each.pattern), inner)
        elif isinstance(each, URLPattern):
            yield prefix + str(each.pattern), f"{space}{each.name}"


@pytest.fixture
def site():
    """One of each thing, the eight browsers, and an example of every address."""
    where = organisation()
    host, helper = manager(where), volunteer()
    other = manager()
    grant(other, Programme.RESERVE, Role.VOLUNTEER)  # a manager elsewhere who is a volunteer too
    boss, colleague, officer = operator(), tutor(where), referent("33")
    lent = delegation(officer, referent("64"), "33")
    gone = organisation(left_at=timezone.now())
    what = mission(where, places=5)
    waiting = participation(what, helper)
    in_line = turn(mission(where, places=1), helper)
    morning = slot(mission(where))
    claim = membership(where)
    head = supervisor("secours-populaire")
    ours = membership(where, "secours-populaire", state="confirmed")
    double = organisation()
    went = served(past_mission(where), helper)
    hours(went)
    declared = hours(served(past_mission(where), helper), state="declared")
    notice = Notice.objects.create(person=helper, message="x", key="x", subject="x", url="/missions/", at=what.published_at)
    mail = Outgoing.objects.create(
        message="missions.participation.received", key="x", message_id="<x@x>", address="a@example.org", subject="x", text="x",
        html="<p>x</p>", created_at=what.published_at, next_try_at=what.published_at,
    )  # fmt: skip
    export = Export.objects.create(
        person_id=host.pk, role=f"reserve:manager:organisation:{where.pk}", organisation_id=where.pk, purpose="report",
        kind="missions.participations", created_at=what.published_at,
    )  # fmt: skip
    wrong = missing_safety(what)
    alone = OrganisationFinding.objects.create(
        organisation=where,
        made_by=Check.objects.get(key="organisation-short"),
        field="presentation",
        print="x",
        found_at=what.published_at,
    )
    browsers = {
        "anonymous": client_of(None),
        "volunteer": client_of(helper),
        "tutor": client_of(colleague),
        "manager": client_of(host),
        "other": client_of(other),
        "referent": client_of(officer),
        "supervisor": client_of(head),
        "operator": client_of(boss),
    }
    examples = {
        "organisation": where.pk,
        "mission": what.pk,
        "slug": what.slug,
        "organisation_slug": slugify(where.name),
        "participation": waiting.pk,
        "turn": in_line.pk,
        "notice": notice.pk,
        "hours": declared.pk,
        "code": issue_certificate(actor=actor(helper), person=helper, first_on=None, last_on=None, today=today()).written_code,
        "mail": mail.pk,
        "asked": join_request(where).pk,
        "orphan": join_request(organisation()).pk,
        "invitation": invitation(where, by=host).pk,
        "member": Grant.objects.get(person=colleague).pk,
        "gone": gone.pk,
        "referent": Referent.objects.get(person=officer).pk,
        "referent_invitation": referent_invitation(by=boss, token="b-token").pk,
        "delegation": lent.pk,
        "lent_invitation": referent_invitation(by=officer, token="c-token", delegation=lent).pk,
        "membership": claim.pk,
        "template": MissionTemplate.objects.filter(scope="domain").order_by("pk")[0].pk,
        "own_template": save_as_template(actor=as_manager(where), mission=what, name="Le nôtre").pk,
        "network": claim.network_id,
        "supervised": ours.network_id,
        "held_membership": ours.pk,
        "supervisor": Grant.objects.get(person=head).pk,
        "network_template": MissionTemplate.objects.create(
            scope="network", network=ours.network, domain=what.domain, name_fr="Du réseau", title_fr="Du réseau"
        ).pk,
        "merge": merge(where, double, by=boss).pk,
        "double": double.pk,
        "branch": branch_invitation(by=head, token="d-token").pk,
        "asked_branch": branch_invitation(by=head, token="e-token", asked=where).pk,
        "import": brought_in(head).pk,
        "slotted": morning.mission_id,
        "slot": morning.pk,
        "missions_view": saved_view(where, host, "missions").pk,
        "participations_view": saved_view(where, host, "participations").pk,
        "batch": batch_of(where, host, [waiting]).pk,
        "reply": ReplyTemplate.objects.create(organisation=where, name="Merci", text="Merci {prénom}.").pk,
        "export": export.pk,
        "finding": wrong.pk,
        "note": write_note(actor=actor(officer), organisation=where, text="À rappeler.").pk,
        "mission_note": write_mission_note(actor=actor(officer), mission=what, text="À rappeler.").pk,
        "transfer": propose_transfer(
            actor=actor(officer), mission=mission(where), receiver=Grant.objects.get(person=other, role=Role.MANAGER).organisation
        ).pk,
        "host_finding": alone.pk,
        "check_word": CheckWord.objects.filter(list="pay").order_by("pk")[0].pk,
        "domain": what.domain_id,
        "policy": PublicationPolicy.objects.create(policy="validate_first", domain_id=what.domain_id).pk,
        "person": helper.pk,
        "held": Grant.objects.get(person=helper).pk,
    }
    return browsers, examples


# the examples that stand in for the variable parts of each address; every address with such parts is here
FILL = {
    "people:confirm": "/confirmer/wrong/",
    "people:picture": "/photos/0123456789abcdef0123456789abcdef-64.webp",
    "people:identity-proof": "/connexion/reseau/relier/wrong/",
    "people:address-confirm": "/nouvelle-adresse/wrong/",
    "people:address-back": "/ancienne-adresse/wrong/",
    "people:device-close": "/espace/compte/appareils/999999/deconnecter/",
    "people:password-new": "/mot-de-passe/nouveau/1-wrong/",
    "notifications:open": "/espace/notifications/{notice}/",
    "notifications:message-detail": "/operateur/courriels/modeles/missions.participation.received/",
    "notifications:message-html": "/operateur/courriels/modeles/missions.participation.received/fr/html/",
    "notifications:outgoing-detail": "/operateur/courriels/{mail}/",
    "notifications:outgoing-html": "/operateur/courriels/{mail}/html/",
    "notifications:outgoing-retry": "/operateur/courriels/{mail}/reessayer/",
    "organisations:own": "/espace/{organisation}/structure/",
    "organisations:logo": "/logos/0123456789abcdef0123456789abcdef.webp",
    "organisations:logo-edit": "/espace/{organisation}/structure/logo/",
    "organisations:team": "/espace/{organisation}/equipe/",
    "organisations:join-act": "/espace/{organisation}/equipe/demandes/{asked}/accepter/",
    "organisations:own-merges": "/espace/{organisation}/structure/fusions/",
    "organisations:own-merge-new": "/espace/{organisation}/structure/fusions/avec/{double}/",
    "organisations:own-merge": "/espace/{organisation}/structure/fusions/{merge}/",
    "organisations:own-merge-act": "/espace/{organisation}/structure/fusions/{merge}/refuser/",
    "organisations:merge-choose": "/referent/fusions/structure/{organisation}/",
    "organisations:merge-new": "/referent/fusions/structure/{organisation}/avec/{double}/",
    "organisations:merge": "/referent/fusions/{merge}/",
    "organisations:merge-act": "/referent/fusions/{merge}/retirer/",
    "organisations:withdraw": "/espace/{organisation}/structure/retirer/",
    "organisations:invite": "/espace/{organisation}/equipe/inviter/",
    "organisations:invitation-act": "/espace/{organisation}/equipe/invitations/{invitation}/retirer/",
    "organisations:member-role": "/espace/{organisation}/equipe/{member}/role/",
    "organisations:member-remove": "/espace/{organisation}/equipe/{member}/supprimer/",
    "organisations:leave": "/espace/{organisation}/quitter/",
    "organisations:invitation": "/invitation/a-token/",
    "organisations:invitation-sign-up": "/invitation/a-token/inscription/",
    "organisations:invitation-decline": "/invitation/a-token/decliner/",
    "organisations:restore": "/operateur/structures/{gone}/retablir/",
    "organisations:care-act": "/operateur/structures/demandes/{orphan}/accepter/",
    "organisations:membership-act": "/operateur/reseaux/{membership}/confirmer/",
    "organisations:entries": "/operateur/listes/reseaux/",
    "organisations:entry": "/operateur/listes/reseaux/{network}/",
    "organisations:entry-act": "/operateur/listes/reseaux/{network}/descendre/",
    "missions:public-detail": "/missions/{mission}-{slug}/",
    "missions:organisation": "/structures/{organisation}-{organisation_slug}/",
    "portal:sitemap-part": "/sitemap-0.xml",
    "missions:apply": "/missions/{mission}-{slug}/proposer/",
    "organisations:referent-invitation": "/invitation/referent/b-token/",
    "organisations:referent-invitation-sign-up": "/invitation/referent/b-token/inscription/",
    "organisations:referent-invitation-decline": "/invitation/referent/b-token/decliner/",
    "organisations:delegation-act": "/referent/delegations/{delegation}/retirer/",
    "organisations:delegation-invitation-act": "/referent/delegations/invitations/{lent_invitation}/retirer/",
    "organisations:referent-invitation-act": "/operateur/referents/invitations/{referent_invitation}/retirer/",
    "organisations:referent": "/operateur/referents/{referent}/",
    "organisations:referent-remove": "/operateur/referents/{referent}/retirer/",
    "missions:referent-organisation": "/referent/structures/{organisation}/",
    "missions:referent-mission": "/referent/missions/{mission}/",
    "organisations:note": "/referent/structures/{organisation}/notes/",
    "organisations:note-erase": "/referent/structures/notes/{note}/effacer/",
    "missions:referent-mission-note": "/referent/missions/{mission}/notes/",
    "missions:referent-mission-note-erase": "/referent/missions/notes/{mission_note}/effacer/",
    "missions:referent-contact": "/referent/participations/{participation}/coordonnees/",
    "missions:referent-organisation-panel": "/referent/structures/{organisation}/volet/",
    "missions:referent-mission-panel": "/referent/missions/{mission}/volet/",
    "missions:referent-participation-panel": "/referent/participations/{participation}/volet/",
    "missions:referent-transfer": "/referent/missions/{mission}/transferer/",
    "missions:referent-transfer-act": "/referent/transferts/{transfer}/retirer/",
    "missions:host-transfer": "/espace/{organisation}/transferts/{transfer}/",
    "missions:host-transfer-act": "/espace/{organisation}/transferts/{transfer}/s-opposer/",
    "missions:referent-mission-edit": "/referent/missions/{mission}/modifier/",
    "missions:referent-participation": "/referent/participations/{participation}/",
    "missions:network": "/reseau/{supervised}/",
    "missions:network-organisations": "/reseau/{supervised}/structures/",
    "missions:network-organisations-export": "/reseau/{supervised}/structures/exporter/",
    "missions:network-organisation": "/reseau/{supervised}/structures/{organisation}/",
    "missions:network-organisation-panel": "/reseau/{supervised}/structures/{organisation}/volet/",
    "missions:network-missions": "/reseau/{supervised}/missions/",
    "missions:network-missions-export": "/reseau/{supervised}/missions/exporter/",
    "missions:network-mission": "/reseau/{supervised}/missions/{mission}/",
    "missions:network-mission-panel": "/reseau/{supervised}/missions/{mission}/volet/",
    "missions:network-participations": "/reseau/{supervised}/participations/",
    "missions:network-participations-export": "/reseau/{supervised}/participations/exporter/",
    "missions:network-participation": "/reseau/{supervised}/participations/{participation}/",
    "missions:network-participation-panel": "/reseau/{supervised}/participations/{participation}/volet/",
    "missions:network-templates": "/reseau/{supervised}/modeles/",
    "missions:network-template-new": "/reseau/{supervised}/modeles/nouveau/",
    "missions:network-template": "/reseau/{supervised}/modeles/{network_template}/",
    "missions:network-template-act": "/reseau/{supervised}/modeles/{network_template}/retirer/",
    "organisations:network-claims": "/reseau/{supervised}/structures/a-confirmer/",
    "organisations:network-claims-many": "/reseau/{supervised}/structures/a-confirmer/plusieurs/",
    "organisations:network-act": "/reseau/{supervised}/appartenances/{held_membership}/terminer/",
    "organisations:supervisor-remove": "/operateur/reseaux/superviseurs/{supervisor}/retirer/",
    "organisations:branches": "/reseau/{supervised}/antennes/",
    "organisations:branch-invite": "/reseau/{supervised}/antennes/inviter/",
    "organisations:branch-act": "/reseau/{supervised}/antennes/{branch}/retirer/",
    "organisations:branch-answer": "/espace/{organisation}/reseaux/{asked_branch}/accepter/",
    "organisations:branch-invitation": "/invitation/antenne/d-token/",
    "organisations:branch-invitation-sign-up": "/invitation/antenne/d-token/inscription/",
    "organisations:branch-invitation-decline": "/invitation/antenne/d-token/decliner/",
    "organisations:branch-import": "/reseau/{supervised}/antennes/importer/",
    "organisations:branch-import-model": "/reseau/{supervised}/antennes/importer/modele/csv/",
    "organisations:branch-import-one": "/reseau/{supervised}/antennes/importer/{import}/",
    "organisations:branch-import-match": "/reseau/{supervised}/antennes/importer/{import}/colonnes/",
    "organisations:branch-import-confirm": "/reseau/{supervised}/antennes/importer/{import}/confirmer/",
    "organisations:branch-import-stop": "/reseau/{supervised}/antennes/importer/{import}/arreter/",
    "organisations:branch-import-wrong": "/reseau/{supervised}/antennes/importer/{import}/a-corriger/csv/",
    "missions:territory": "/territoire/33/",
    "missions:territory-organisations": "/territoire/33/structures/",
    "missions:territory-missions": "/territoire/33/missions/",
    "missions:territory-participations": "/territoire/33/participations/",
    "missions:dashboard": "/espace/{organisation}/",
    "jobs:download": "/espace/telechargements/{export}/fichier/",
    "jobs:download-stop": "/espace/telechargements/{export}/arreter/",
    "portal:help-guide": "/aide/organisations/",
    "portal:help-chapter": "/aide/organisations/votre-equipe/",
    "portal:help-picture": "/aide/images/structure-missions.png",
    "missions:host-missions-export": "/espace/{organisation}/missions/exporter/",
    "missions:host-participations-export": "/espace/{organisation}/participations/exporter/",
    "missions:host-missions": "/espace/{organisation}/missions/",
    "missions:missions-columns": "/espace/{organisation}/missions/colonnes/",
    "missions:missions-views": "/espace/{organisation}/missions/vues/",
    "missions:missions-view": "/espace/{organisation}/missions/vues/{missions_view}/",
    "missions:host-mission-panel": "/espace/{organisation}/missions/{mission}/volet/",
    "missions:mission-new": "/espace/{organisation}/missions/nouvelle/",
    "missions:mission-keep": "/espace/{organisation}/missions/saisie/",
    "missions:mission-drop": "/espace/{organisation}/missions/saisie/5f0c54f0-5f0e-4a39-9b6c-0f6f3f0f0f0f/oublier/",
    "missions:mission-team": "/espace/{organisation}/missions/equipe/",
    "missions:host-templates": "/espace/{organisation}/missions/modeles/",
    "missions:host-template-act": "/espace/{organisation}/missions/modeles/{own_template}/supprimer/",
    "missions:mission-edit-keep": "/espace/{organisation}/missions/{mission}/saisie/",
    "missions:mission-duplicate": "/espace/{organisation}/missions/{mission}/dupliquer/",
    "missions:mission-template": "/espace/{organisation}/missions/{mission}/enregistrer-comme-modele/",
    "missions:operator-template": "/operateur/modeles/{template}/",
    "missions:operator-template-act": "/operateur/modeles/{template}/retirer/",
    "missions:host-mission": "/espace/{organisation}/missions/{mission}/",
    "missions:host-mission-edit": "/espace/{organisation}/missions/{mission}/modifier/",
    "missions:host-mission-preview": "/espace/{organisation}/missions/{mission}/apercu/",
    "missions:host-mission-act": "/espace/{organisation}/missions/{mission}/annuler/",
    "missions:host-slot-act": "/espace/{organisation}/missions/{slotted}/creneaux/{slot}/annuler/",
    "missions:host-participations": "/espace/{organisation}/participations/",
    "missions:participations-columns": "/espace/{organisation}/participations/colonnes/",
    "missions:participations-views": "/espace/{organisation}/participations/vues/",
    "missions:participations-view": "/espace/{organisation}/participations/vues/{participations_view}/",
    "missions:batch-new": "/espace/{organisation}/participations/plusieurs/",
    "missions:batch": "/espace/{organisation}/participations/plusieurs/{batch}/",
    "missions:batch-confirm": "/espace/{organisation}/participations/plusieurs/{batch}/confirmer/",
    "missions:batch-stop": "/espace/{organisation}/participations/plusieurs/{batch}/arreter/",
    "missions:batch-undo": "/espace/{organisation}/participations/plusieurs/{batch}/reprendre/",
    "missions:replies": "/espace/{organisation}/participations/modeles/",
    "missions:reply-new": "/espace/{organisation}/participations/modeles/nouveau/",
    "missions:reply": "/espace/{organisation}/participations/modeles/{reply}/",
    "missions:reply-delete": "/espace/{organisation}/participations/modeles/{reply}/supprimer/",
    "missions:host-participation-panel": "/espace/{organisation}/participations/{participation}/volet/",
    "missions:host-participation-status": "/espace/{organisation}/participations/{participation}/statut/",
    "missions:host-participation": "/espace/{organisation}/participations/{participation}/",
    "missions:host-participation-act": "/espace/{organisation}/participations/{participation}/accepter/",
    "missions:volunteer-participation": "/espace/benevole/{participation}/",
    "missions:wait": "/missions/{mission}-{slug}/attendre/",
    "missions:turn": "/espace/benevole/attente/{turn}/",
    "missions:turn-act": "/espace/benevole/attente/{turn}/quitter/",
    "missions:volunteer-participation-file": "/espace/benevole/{participation}/mission.ics",
    "missions:calendar-feed": "/calendrier/wrong.ics",
    "missions:applied": "/espace/benevole/{participation}/merci/",
    "missions:volunteer-participation-act": "/espace/benevole/{participation}/abandonner/",
    "missions:host-presence": "/espace/{organisation}/missions/{mission}/presences/",
    "missions:host-mission-hours": "/espace/{organisation}/missions/{mission}/heures/",
    "missions:host-hours": "/espace/{organisation}/participations/{participation}/heures/",
    "missions:host-attestation": "/espace/{organisation}/participations/{participation}/attestation/",
    "missions:host-certificate": "/espace/{organisation}/participations/{participation}/engagement/",
    "missions:host-hours-act": "/espace/{organisation}/heures/{hours}/confirmer/",
    "missions:volunteer-hours": "/espace/benevole/{participation}/heures/",
    "missions:volunteer-attestation": "/espace/benevole/{participation}/attestation/",
    "missions:volunteer-hours-act": "/espace/benevole/heures/{hours}/confirmer/",
    "documents:verify": "/verifier/{code}/",
    "documents:download": "/espace/documents/{code}/",
    "missions:case": "/referent/a-valider/missions/{mission}/",
    "missions:case-take": "/referent/a-valider/missions/{mission}/prendre/",
    "missions:case-give-back": "/referent/a-valider/missions/{mission}/rendre/",
    "missions:case-message": "/referent/a-valider/missions/{mission}/message/",
    "missions:case-act": "/referent/a-valider/missions/{mission}/relire/",
    "missions:host-mission-message": "/espace/{organisation}/missions/{mission}/message/",
    "organisations:case": "/referent/a-valider/structures/{organisation}/",
    "organisations:case-act": "/referent/a-valider/structures/{organisation}/demander-une-correction/",
    "organisations:own-resubmit": "/espace/{organisation}/structure/proposer-a-nouveau/",
    "missions:operator-mission": "/operateur/missions/{mission}/",
    "missions:check": "/operateur/verifications/mission-pay/",
    "missions:check-word-add": "/operateur/verifications/mission-pay/mots/",
    "missions:check-word": "/operateur/verifications/mots/{check_word}/",
    "missions:check-word-act": "/operateur/verifications/mots/{check_word}/retirer/",
    "missions:finding-act": "/verifications/missions/points/{finding}/fausse-alerte/",
    "organisations:checks": "/verifications/structures/{organisation}/",
    "organisations:look-up": "/verifications/structures/{organisation}/annuaire/",
    "organisations:finding-act": "/verifications/structures/points/{host_finding}/fausse-alerte/",
    "missions:operator-mission-preview": "/operateur/missions/{mission}/apercu/",
    "missions:operator-mission-act": "/operateur/missions/{mission}/demander-une-correction/",
    "missions:operator-domain": "/operateur/domaines/{domain}/",
    "missions:operator-domain-act": "/operateur/domaines/{domain}/fermer/",
    "missions:operator-policy-act": "/operateur/publication/{policy}/retirer/",
    # the programme is closed here: nothing of it exists; tests/workshops/test_workshops_permissions.py opens it
    "workshops:order": "/ateliers/association/commandes/1/",
    "workshops:client": "/ateliers/association/clients/1/",
    "workshops:contact-new": "/ateliers/association/clients/1/contacts/nouveau/",
    "workshops:contact-edit": "/ateliers/association/clients/1/contacts/1/",
    "workshops:contact-act": "/ateliers/association/clients/1/contacts/1/inviter/",
    "workshops:client-invitation": "/ateliers/client/invitation/wrong/",
    "workshops:client-orders": "/ateliers/client/1/",
    "workshops:client-order": "/ateliers/client/1/commandes/1/",
    "workshops:client-summary": "/ateliers/client/1/commandes/1/bilan/",
    "workshops:closing": "/ateliers/missions/1/cloturer/",
    "workshops:closing-summary": "/ateliers/missions/1/bilan/",
    "workshops:closing-correction": "/ateliers/missions/1/corriger/",
    "workshops:order-edit": "/ateliers/association/commandes/1/modifier/",
    "workshops:order-convention": "/ateliers/association/commandes/1/convention/",
    "workshops:order-sign": "/ateliers/association/commandes/1/signature/",
    "workshops:line-edit": "/ateliers/association/commandes/1/lignes/1/",
    "workshops:line-add": "/ateliers/association/commandes/1/lignes/",
    "workshops:line-remove": "/ateliers/association/commandes/1/lignes/1/retirer/",
    "workshops:order-act": "/ateliers/association/commandes/1/proposer/",
    "workshops:facilitator": "/ateliers/association/animation/1/",
    "workshops:proof-file": "/ateliers/association/animation/documents/1/fichier/",
    "workshops:proof-act": "/ateliers/association/animation/documents/1/accepter/",
    "workshops:own-proof-file": "/ateliers/animation/conformite/1/fichier/",
    "workshops:own-proof-act": "/ateliers/animation/conformite/1/retirer/",
    "workshops:calendar-feed": "/ateliers/agenda/wrong.ics",
    "workshops:invitation-decline": "/ateliers/animation/invitations/1/decliner/",
    "workshops:replacement": "/ateliers/animation/remplacements/1/",
    "workshops:replacement-act": "/ateliers/animation/remplacements/1/retirer/",
    "workshops:replacement-new": "/ateliers/animation/sessions/1/remplacement/",
    "workshops:session-directory": "/ateliers/missions/1/sessions/1/annuaire/",
    "workshops:services": "/ateliers/missions/1/services/",
    "workshops:assignment-month": "/ateliers/missions/1/agenda/",
    "workshops:round": "/ateliers/association/retributions/1/",
    "workshops:coordination-approve": "/ateliers/association/retributions/coordination/1/approuver/",
    "workshops:own-statement": "/ateliers/animation/retributions/2026/1/releve/",
    "workshops:fees": "/ateliers/missions/1/retributions/",
    "workshops:document-add": "/ateliers/association/animation/1/documents/",
    "workshops:invoice-new": "/ateliers/association/argent/a-facturer/1/",
    "workshops:invoice": "/ateliers/association/argent/factures/1/",
    "workshops:invoice-file": "/ateliers/association/argent/factures/1/fichier/",
    "workshops:bill": "/ateliers/association/argent/factures-animation/1/",
    "workshops:bill-file": "/ateliers/association/argent/factures-animation/1/fichier/",
    "workshops:transfer": "/ateliers/association/argent/virements/1/",
    "workshops:transfer-file": "/ateliers/association/argent/virements/1/fichier/",
    "workshops:accounting-export": "/ateliers/association/argent/comptabilite/paiements/",
    "workshops:own-bill-send": "/ateliers/animation/factures/1/envoyer/",
    "workshops:own-bill-file": "/ateliers/animation/factures/1/fichier/",
    "workshops:opportunity": "/ateliers/animation/opportunites/1/",
    "workshops:own-session": "/ateliers/animation/sessions/1/",
    "workshops:own-session-file": "/ateliers/animation/sessions/1/session.ics",
    "workshops:own-session-act": "/ateliers/animation/sessions/1/se-desinscrire/",
    "workshops:invitation": "/ateliers/invitation/wrong/",
    "workshops:results-of-assignment": "/ateliers/missions/1/resultats/",
    "workshops:results-export-of-assignment": "/ateliers/missions/1/resultats/export/",
    "workshops:questionnaire": "/ateliers/association/questionnaires/1/",
    "workshops:questionnaire-preview": "/ateliers/association/questionnaires/1/apercu/",
    "workshops:questionnaire-act": "/ateliers/association/questionnaires/1/faire/",
    "workshops:question-new": "/ateliers/association/questionnaires/1/questions/nouvelle/",
    "workshops:question-edit": "/ateliers/association/questionnaires/1/questions/words/",
    "workshops:certificates": "/ateliers/missions/1/sessions/1/attestations/",
    "workshops:certificate": "/ateliers/missions/1/sessions/1/attestations/1/",
    "workshops:certificate-again": "/ateliers/missions/1/sessions/1/attestations/1/renvoyer/",
    "workshops:certificate-evaluate": "/ateliers/missions/1/sessions/1/attestations/1/acquis/",
    "workshops:after": "/ateliers/apres/wrong/",
    "workshops:after-certificate": "/ateliers/apres/wrong/attestation.pdf",
    "workshops:after-survey": "/ateliers/apres/wrong/avis/hot/",
    "workshops:after-refuse": "/ateliers/apres/wrong/questionnaires/",
    "workshops:roll-call": "/ateliers/presences/1/",
    "workshops:roll-call-mark": "/ateliers/presences/1/marquer/",
    "workshops:roll-call-marks": "/ateliers/presences/1/marques/",
    "workshops:roll-call-state": "/ateliers/presences/1/etat/",
    "workshops:roll-call-add": "/ateliers/presences/1/ajouter/",
    "workshops:roll-call-count": "/ateliers/presences/1/compter/",
    "workshops:roll-call-complete": "/ateliers/presences/1/complete/",
    "workshops:roll-call-code": "/ateliers/presences/1/code/",
    "workshops:roll-call-sheet": "/ateliers/presences/1/feuille.pdf",
    "workshops:roll-call-sign-own": "/ateliers/presences/1/signer/1/",
    "workshops:roll-call-sign": "/ateliers/presences/1/signer/1/1/",
    "workshops:self-entry": "/ateliers/presence/wrong/",
    "workshops:coordination": "/ateliers/coordination/1/",
    "workshops:assignment": "/ateliers/missions/1/",
    "workshops:session-new": "/ateliers/missions/1/sessions/nouvelle/",
    "workshops:session": "/ateliers/missions/1/sessions/1/",
    "workshops:session-edit": "/ateliers/missions/1/sessions/1/modifier/",
    "workshops:session-link": "/ateliers/missions/1/sessions/1/lien/",
    "workshops:session-invite": "/ateliers/missions/1/sessions/1/inviter/",
    "workshops:session-act": "/ateliers/missions/1/sessions/1/annuler/",
    "workshops:participants": "/ateliers/missions/1/sessions/1/participants/",
    "workshops:participants-link": "/ateliers/missions/1/sessions/1/participants/lien/",
    "workshops:participants-invite": "/ateliers/missions/1/sessions/1/participants/inviter/",
    "workshops:participant-add": "/ateliers/missions/1/sessions/1/participants/ajouter/",
    "workshops:participants-export": "/ateliers/missions/1/sessions/1/participants/exporter/",
    "workshops:participant-act": "/ateliers/missions/1/sessions/1/participants/1/annuler/",
    "workshops:join": "/ateliers/participer/wrong/",
    "workshops:join-done": "/ateliers/participer/wrong/merci/",
    "workshops:participation": "/ateliers/participation/wrong/",
    "workshops:participation-file": "/ateliers/participation/wrong/session.ics",
    "workshops:participation-act": "/ateliers/participation/wrong/ne-pas-venir/",
    "workshops:participants-import": "/ateliers/sessions/1/participants/importer/",
    "workshops:participants-import-model": "/ateliers/sessions/1/participants/importer/modele/csv/",
    "workshops:participants-import-one": "/ateliers/sessions/1/participants/importer/1/",
    "workshops:participants-import-match": "/ateliers/sessions/1/participants/importer/1/colonnes/",
    "workshops:participants-import-confirm": "/ateliers/sessions/1/participants/importer/1/confirmer/",
    "workshops:participants-import-stop": "/ateliers/sessions/1/participants/importer/1/arreter/",
    "workshops:participants-import-wrong": "/ateliers/sessions/1/participants/importer/1/a-corriger/csv/",
    "workshops:enrolment-act": "/ateliers/missions/1/inscriptions/1/retirer/",
    "workshops:assignment-act": "/ateliers/missions/1/cloturer/",
    "portal:brand-picture": "/marque/00000000000000000000000000000000/logo",  # there is none: nobody finds it
    "portal:operator-sheet": "/operateur/reglages/marque/",
    "portal:operator-restore": "/operateur/reglages/marque/retablir/",
    "portal:operator-job-again": "/operateur/taches/audit.seal/relancer/",
    "portal:operator-person": "/operateur/personnes/{person}/",
    "portal:operator-person-operator": "/operateur/personnes/{person}/operateur/",
    "portal:operator-person-withdraw": "/operateur/personnes/{person}/{held}/retirer/",
    "organisations:impersonation-start": "/operateur/agir/{person}/",
}


def example_of(pattern, name, examples):
    if name in FILL:
        return FILL[name].format(**examples)
    if name.startswith("civic_service:"):
        # closed here: nothing of it exists; tests/civic_service/test_civic_service_permissions.py opens it
        return "/" + re.sub(r"<\w+:\w+>", "1", pattern)
    assert "<" not in pattern and "^" not in pattern, f"{name} ({pattern}) has no example: add it to FILL"
    return f"/{pattern}"


def answer(browser: Client, method: str, url: str) -> int:
    """What somebody gets, without leaving anything behind."""
    cookies = deepcopy(browser.cookies)  # signing out is undone too
    with transaction.atomic():
        status = getattr(browser, method)(url).status_code
        transaction.set_rollback(True)
    browser.cookies = cookies
    return status


def test_every_address_answers_every_role_as_written(site, snapshot):
    browsers, examples = site
    lines = ["# GET and POST (without any content) of every address, by role", ""]
    lines.append(f"{'name':<38} {' '.join(f'{role:<9}' for role in ROLES)} address")
    for pattern, name in patterns():
        url = example_of(pattern, name, examples)
        cells = [f"{answer(browsers[r], 'get', url)}/{answer(browsers[r], 'post', url)}" for r in ROLES]
        lines.append(f"{name:<38} {' '.join(f'{cell:<9}' for cell in cells)} /{pattern.removeprefix('^')}")

    snapshot("addresses.txt", "\n".join(lines))


def test_every_example_is_an_address_of_the_site():
    """A row that nothing answers any more is removed with its address."""
    assert sorted(set(FILL) - {name for _pattern, name in patterns()}) == []


def test_every_address_has_a_name_of_its_own():
    names = [name for _pattern, name in patterns()]

    assert [name for name in names if names.count(name) > 1 or name.endswith(":None") or name == "None"] == []


def test_reading_a_page_changes_nothing(site):
    """A link in an e-mail, a preview, a crawler: GET never writes in anybody's name."""
    browsers, examples = site
    harmless = {"people:confirm", "people:sign-out", "people:demo-sign-in", "notifications:open"}

    def facts():
        return (Entry.objects.count(), Outgoing.objects.count(), list(Mission.objects.values_list("state", "version")))

    before = facts()
    for pattern, name in patterns():
        if name not in harmless:
            for role in ROLES:
                browsers[role].get(example_of(pattern, name, examples))

    assert facts() == before


def test_every_form_is_refused_without_its_token(site):
    """P11: no address takes a POST from another site."""
    _browsers, examples = site
    strict = Client(enforce_csrf_checks=True)
    open_to_all = {}
    for pattern, name in patterns():
        status = strict.post(example_of(pattern, name, examples)).status_code
        if status not in (403, 405):
            open_to_all[name] = status

    assert open_to_all == {}
