"""Which chapter of which guide helps on which page (P14).

Read from the top: the first pattern that fits the name of the page's address counts. Every address of the site has its line
here (a test asks), so that a new page cannot be without help.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

HOST, HELPER, OFFICER, OPERATOR, HEAD = "organisations", "benevole", "referent", "operateur", "reseau"
ASSOCIATION = "association"
COORDINATION, ANIMATION = "coordination", "animation"  # of a programme that may be closed
ESTABLISHMENT = "etablissement"  # likewise
INDEX = ("", "")  # « Aide » itself: there is no guide for this page's readers yet
BY_ROLE = "*"  # pages of the person: the guide of the role in force

HELP: tuple[tuple[str, str, str], ...] = (
    # a referent's pages
    ("missions:referent-mission-edit", OFFICER, "accompagner-une-structure"),
    ("missions:referent-mission-note*", OFFICER, "ecrire-des-notes-internes"),
    ("organisations:note*", OFFICER, "ecrire-des-notes-internes"),
    ("missions:referent-contact", OFFICER, "lire-les-participations"),
    ("missions:referent-transfer*", OFFICER, "transferer-une-mission"),
    ("missions:host-transfer*", HOST, "modifier-prolonger-ou-annuler-une-mission"),
    ("missions:referent-participation*", OFFICER, "lire-les-participations"),
    ("missions:referent-*", OFFICER, "lire-votre-territoire"),
    ("missions:referent", OFFICER, "votre-tableau-de-bord"),
    ("missions:territory*", OFFICER, "votre-tableau-de-bord"),
    ("organisations:merge*", OFFICER, "fusionner-deux-fiches"),
    ("organisations:delegation*", OFFICER, "deleguer-une-part-de-votre-territoire"),
    ("organisations:absence", OFFICER, "dire-que-vous-etes-absent"),
    ("organisations:referent-invitation-act", *INDEX),
    ("organisations:referent-invitation*", OFFICER, "devenir-referent"),
    ("organisations:referent*", *INDEX),  # the operator's
    # the pages of a national network's head
    ("missions:network-template*", HEAD, "les-modeles-de-votre-reseau"),
    ("missions:network-*-export", HEAD, "exporter-vos-listes"),
    ("missions:network-participation*", HEAD, "lire-les-participations"),
    ("missions:network-*", HEAD, "suivre-votre-reseau"),
    ("missions:network", HEAD, "votre-tableau-de-bord"),
    ("organisations:branch-invitation*", *INDEX),  # of whoever is invited: no role yet
    ("organisations:branch-answer", HOST, "votre-structure"),
    ("organisations:branch*", HEAD, "inviter-vos-antennes"),
    ("organisations:network*", HEAD, "confirmer-les-structures"),
    ("organisations:supervisor*", OPERATOR, "les-reseaux-et-leurs-superviseurs"),
    # an organisation's pages
    ("missions:dashboard*", HOST, "le-tableau-de-bord"),
    ("missions:host-*-export", HOST, "exporter-vos-listes"),
    ("jobs:*", HOST, "exporter-vos-listes"),
    ("missions:host-*hours*", HOST, "les-heures-et-les-absences"),
    ("missions:host-presence*", HOST, "les-heures-et-les-absences"),
    ("missions:host-attestation*", HOST, "les-attestations"),
    ("missions:host-certificate*", HOST, "les-attestations"),
    ("missions:host-slot*", HOST, "les-creneaux-et-les-conditions"),
    ("missions:mission-new", HOST, "proposer-une-mission"),
    ("missions:mission-team", HOST, "votre-equipe"),
    ("missions:mission-*", HOST, "proposer-une-mission"),
    ("missions:host-template*", HOST, "proposer-une-mission"),
    ("missions:host-mission-edit*", HOST, "modifier-prolonger-ou-annuler-une-mission"),
    ("missions:host-mission-act", HOST, "modifier-prolonger-ou-annuler-une-mission"),
    ("missions:host-mission", HOST, "modifier-prolonger-ou-annuler-une-mission"),
    ("missions:host-mission-preview", HOST, "proposer-une-mission"),
    ("missions:host-mission*", HOST, "suivre-vos-missions"),
    ("missions:missions-*", HOST, "suivre-vos-missions"),
    ("missions:batch*", HOST, "repondre-a-plusieurs-benevoles-a-la-fois"),
    ("missions:repl*", HOST, "repondre-aux-benevoles"),
    ("missions:host-participation*", HOST, "repondre-aux-benevoles"),
    ("missions:participations-*", HOST, "repondre-aux-benevoles"),
    ("organisations:sign-up", HOST, "inscrire-votre-structure"),
    ("organisations:own*", HOST, "votre-structure"),
    ("organisations:withdraw", HOST, "votre-structure"),
    ("organisations:team*", HOST, "votre-equipe"),
    ("organisations:*invit*", HOST, "votre-equipe"),
    ("organisations:member*", HOST, "votre-equipe"),
    ("organisations:join-act", HOST, "votre-equipe"),
    ("organisations:leav*", HOST, "votre-equipe"),
    ("organisations:care*", OPERATOR, "votre-accueil"),
    ("organisations:restore", OPERATOR, "votre-accueil"),
    # the operator's pages; docs/operations.md is for whoever keeps the machine
    ("portal:operator-home", OPERATOR, "votre-accueil"),
    ("portal:operator-pe*", OPERATOR, "les-personnes-et-leurs-roles"),
    ("portal:operator-job*", OPERATOR, "les-courriels-et-les-taches"),
    ("portal:operator-*", OPERATOR, "les-reglages-et-les-textes"),
    ("missions:operator-domain*", OPERATOR, "les-domaines-et-leurs-regles"),
    ("missions:operator-polic*", OPERATOR, "publier-avant-ou-apres-relecture"),
    ("missions:operator-template*", OPERATOR, "les-reglages-et-les-textes"),
    ("missions:operator-*", OPERATOR, "votre-accueil"),
    ("organisations:impersonation-mine", BY_ROLE, "votre-compte"),
    ("organisations:impersonation*", OPERATOR, "agir-au-nom-de-quelquun"),
    ("notifications:outgoing*", OPERATOR, "les-courriels-et-les-taches"),
    ("notifications:message*", OPERATOR, "les-reglages-et-les-textes"),
    ("organisations:membership*", OPERATOR, "votre-accueil"),
    ("organisations:entr*", OPERATOR, "les-listes"),
    ("organisations:lists*", OPERATOR, "les-listes"),
    ("organisations:*", HOST, "inscrire-votre-structure"),
    # a volunteer's pages, and what everybody sees
    ("missions:volunteer-space*", HELPER, "suivre-vos-propositions"),
    ("missions:volunteer-calendar*", HELPER, "votre-agenda"),
    ("missions:calendar*", HELPER, "votre-agenda"),
    ("missions:volunteer-favourite*", HELPER, "trouver-une-mission"),
    ("missions:favourite*", HELPER, "trouver-une-mission"),
    ("missions:volunteer-hours*", HELPER, "vos-heures-et-vos-attestations"),
    ("missions:volunteer-attestation*", HELPER, "vos-heures-et-vos-attestations"),
    ("missions:volunteer-papers", HELPER, "vos-heures-et-vos-attestations"),
    ("missions:volunteer-seen", HELPER, "vos-donnees"),
    ("missions:volunteer-*", HELPER, "suivre-vos-propositions"),
    ("missions:turn*", HELPER, "la-liste-dattente"),
    ("missions:wait", HELPER, "la-liste-dattente"),
    ("missions:applied", HELPER, "proposer-votre-aide"),
    ("missions:apply", HELPER, "proposer-votre-aide"),
    ("missions:public-detail", HELPER, "proposer-votre-aide"),
    ("missions:public-list", HELPER, "trouver-une-mission"),
    ("missions:organisation", HELPER, "trouver-une-mission"),
    ("missions:*", HELPER, "suivre-vos-propositions"),
    ("documents:*", HELPER, "vos-heures-et-vos-attestations"),
    ("people:sign-up*", HELPER, "creer-votre-compte"),
    ("people:confirm*", HELPER, "creer-votre-compte"),
    ("people:contact*", HELPER, "vos-donnees"),
    ("people:*", BY_ROLE, "votre-compte"),
    ("notifications:*", BY_ROLE, "votre-compte"),
    # civic service
    ("civic_service:record*", ESTABLISHMENT, "la-fiche"),
    ("civic_service:team*", ESTABLISHMENT, "lequipe"),
    ("civic_service:access", ESTABLISHMENT, "entrer"),
    ("civic_service:establishment", ESTABLISHMENT, "entrer"),
    ("civic_service:*", *INDEX),
    # coordinated sessions: the association's pages
    ("workshops:staff-home", ASSOCIATION, "ou-en-sont-vos-commandes"),
    ("workshops:orders-export", ASSOCIATION, "ou-en-sont-vos-commandes"),
    ("workshops:client-orders", *INDEX),  # of a client's contact
    ("workshops:client-order", *INDEX),
    ("workshops:client-summary", *INDEX),
    ("workshops:client-invitation", *INDEX),
    ("workshops:client*", ASSOCIATION, "vos-clients-et-leurs-contacts"),
    ("workshops:contact-*", ASSOCIATION, "vos-clients-et-leurs-contacts"),
    ("workshops:order-convention", ASSOCIATION, "la-convention"),
    ("workshops:order-sign", ASSOCIATION, "la-convention"),
    ("workshops:order-act", ASSOCIATION, "proposer-et-confier-la-mission"),
    ("workshops:order*", ASSOCIATION, "noter-une-commande"),
    ("workshops:line-*", ASSOCIATION, "noter-une-commande"),
    ("workshops:closing-correction", ASSOCIATION, "apres-la-cloture"),
    ("workshops:closing*", ASSOCIATION, "la-cloture"),
    ("workshops:session-new", COORDINATION, "planifier-une-ou-plusieurs-sessions"),
    ("workshops:session-directory", COORDINATION, "trouver-et-inviter-des-animateurices"),
    ("workshops:session-invite", COORDINATION, "trouver-et-inviter-des-animateurices"),
    ("workshops:session-link", COORDINATION, "trouver-et-inviter-des-animateurices"),
    ("workshops:session-*", COORDINATION, "planifier-une-ou-plusieurs-sessions"),
    ("workshops:session", COORDINATION, "trouver-et-inviter-des-animateurices"),
    ("workshops:enrolment-act", COORDINATION, "statut-et-absences"),
    ("workshops:services", COORDINATION, "vos-missions"),
    ("workshops:assignment*", COORDINATION, "vos-missions"),
    ("workshops:coordination", COORDINATION, "vos-missions"),
    ("workshops:calendar-feed", *INDEX),
    ("workshops:calendar", ANIMATION, "votre-agenda"),
    ("workshops:invitation*", ANIMATION, "repondre-a-une-invitation"),
    ("workshops:replacement*", ANIMATION, "un-empechement"),
    ("workshops:compliance", ANIMATION, "vos-documents-de-conformite"),
    ("workshops:own-proof*", ANIMATION, "vos-documents-de-conformite"),
    ("workshops:proof-send", ANIMATION, "vos-documents-de-conformite"),
    ("workshops:own-session*", ANIMATION, "votre-espace"),
    ("workshops:pros", ANIMATION, "votre-espace"),
    ("workshops:opportunity", ANIMATION, "votre-espace"),
    ("workshops:money", ASSOCIATION, "payer-facturer-compter"),
    ("workshops:to-*", ASSOCIATION, "payer-facturer-compter"),
    ("workshops:invoice*", ASSOCIATION, "payer-facturer-compter"),
    ("workshops:bill*", ASSOCIATION, "payer-facturer-compter"),
    ("workshops:transfer*", ASSOCIATION, "payer-facturer-compter"),
    ("workshops:accounting*", ASSOCIATION, "payer-facturer-compter"),
    ("workshops:round*", ASSOCIATION, "approuver-les-retributions"),
    ("workshops:coordination-approve", ASSOCIATION, "approuver-les-retributions"),
    ("workshops:rates", ASSOCIATION, "approuver-les-retributions"),
    ("workshops:results", ASSOCIATION, "la-satisfaction"),
    ("workshops:results-export", ASSOCIATION, "la-satisfaction"),
    ("workshops:words-export", ASSOCIATION, "la-satisfaction"),
    ("workshops:question*", ASSOCIATION, "la-satisfaction"),
    ("workshops:facilitator*", ASSOCIATION, "proposer-et-confier-la-mission"),
    ("workshops:proof*", ASSOCIATION, "proposer-et-confier-la-mission"),
    ("workshops:document-add", ASSOCIATION, "proposer-et-confier-la-mission"),
    ("workshops:own-fees", ANIMATION, "vos-retributions"),
    ("workshops:own-statement", ANIMATION, "vos-retributions"),
    ("workshops:payee", ANIMATION, "etre-payee"),
    ("workshops:mandate", ANIMATION, "etre-payee"),
    ("workshops:own-bill*", ANIMATION, "etre-payee"),
    ("workshops:roll-call*", ANIMATION, "prendre-les-presences"),
    ("workshops:certificate*", COORDINATION, "apres-une-session"),
    ("workshops:results-of-assignment", COORDINATION, "apres-une-session"),
    ("workshops:results-export-of-assignment", COORDINATION, "apres-une-session"),
    ("workshops:participants*", COORDINATION, "inviter-les-participantes"),
    ("workshops:participant-*", COORDINATION, "inviter-les-participantes"),
    ("workshops:fees", COORDINATION, "demander-les-retributions"),
    ("workshops:*", *INDEX),  # the pages of participants, who need no guide
    ("portal:help*", *INDEX),
    ("portal:rules", HELPER, "proposer-votre-aide"),
    ("portal:reserve-home", HELPER, "trouver-une-mission"),
    ("portal:*", *INDEX),
    ("territories:*", *INDEX),
    ("*health*", *INDEX),
    ("live", *INDEX),
    ("ready", *INDEX),
)


def chapter_for(view: str, *, guide: str) -> tuple[str, str]:
    """The guide and the chapter of a page; ("", "") when « Aide » itself is meant. ``guide``: that of the role in force.

    Raises:
        LookupError: nobody has said what helps on this page.
    """
    for pattern, wanted, chapter in HELP:
        if fnmatchcase(view, pattern):
            return (guide if wanted == BY_ROLE else wanted), chapter
    raise LookupError(f"no chapter of a guide is declared for the page {view}: add a line to portal.catalogue.HELP")
