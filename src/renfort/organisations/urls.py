"""Addresses of organisations, by who is looking."""

from __future__ import annotations

from django.urls import path, re_path

from renfort.organisations.views import (
    branch_invitation,
    branches,
    checks,
    delegations,
    host,
    impersonation,
    invitation,
    leaving,
    logo,
    merges,
    network,
    notes,
    onboarding,
    operator,
    queue,
    referent_invitation,
    referents,
    supervisors,
    team,
)
from renfort.people.views import sign_up_manager

app_name = "organisations"
HOST = "espace/<int:organisation>/"
NETWORK = "reseau/<int:network>/"
urlpatterns = [
    re_path(r"^logos/(?P<key>[0-9a-f]{32})\.webp$", logo.logo, name="logo"),
    # whoever brings an organisation in
    path("inscription/structure/", sign_up_manager, name="sign-up"),
    path("inscription/structure/etapes/", onboarding.resume, name="open"),
    path("inscription/structure/etapes/vous/", onboarding.you, name="you"),
    path("inscription/structure/etapes/votre-structure/", onboarding.about, name="about"),
    path("inscription/structure/etapes/deja-inscrite/", onboarding.alike_page, name="alike"),
    path("inscription/structure/etapes/lieu/", onboarding.place, name="place"),
    # its managers
    path(HOST + "structure/", host.own, name="own"),
    path(HOST + "structure/logo/", logo.logo_edit, name="logo-edit"),
    path(HOST + "structure/proposer-a-nouveau/", host.resubmit, name="own-resubmit"),
    path(HOST + "structure/retirer/", leaving.withdraw, name="withdraw"),
    path(HOST + "structure/fusions/", merges.own_merges, name="own-merges"),
    path(HOST + "structure/fusions/avec/<int:other>/", merges.own_merge_new, name="own-merge-new"),
    path(HOST + "structure/fusions/<int:pk>/", merges.own_merge, name="own-merge"),
    path(HOST + "structure/fusions/<int:pk>/<slug:path>/", merges.own_merge_act, name="own-merge-act"),
    path(HOST + "equipe/", team.team, name="team"),
    path(HOST + "equipe/inviter/", team.invite_member, name="invite"),
    path(HOST + "equipe/invitations/<int:pk>/<slug:path>/", team.invitation_act, name="invitation-act"),
    path(HOST + "equipe/demandes/<int:pk>/<slug:path>/", team.join_act, name="join-act"),
    path(HOST + "equipe/<int:pk>/role/", team.member_role, name="member-role"),
    path(HOST + "equipe/<int:pk>/supprimer/", team.member_remove, name="member-remove"),
    # anybody of its team
    path(HOST + "quitter/", team.leave, name="leave"),
    # whoever is invited
    path("invitation/<str:token>/", invitation.invitation, name="invitation"),
    path("invitation/<str:token>/inscription/", invitation.sign_up, name="invitation-sign-up"),
    path("invitation/<str:token>/decliner/", invitation.decline, name="invitation-decline"),
    path("invitation/referent/<str:token>/", referent_invitation.invitation, name="referent-invitation"),
    path("invitation/referent/<str:token>/inscription/", referent_invitation.sign_up, name="referent-invitation-sign-up"),
    path("invitation/referent/<str:token>/decliner/", referent_invitation.decline, name="referent-invitation-decline"),
    path("invitation/antenne/<str:token>/", branch_invitation.invitation, name="branch-invitation"),
    path("invitation/antenne/<str:token>/inscription/", branch_invitation.sign_up, name="branch-invitation-sign-up"),
    path("invitation/antenne/<str:token>/decliner/", branch_invitation.decline, name="branch-invitation-decline"),
    # the head of a network invites branches; one that is here already answers in its own space
    path("reseau/<int:network>/antennes/", branches.branch_list, name="branches"),
    path("reseau/<int:network>/antennes/inviter/", branches.branch_invite, name="branch-invite"),
    *branches.BRANCH_IMPORT.urls("reseau/<int:network>/antennes/importer/", "branch-import"),
    path("reseau/<int:network>/antennes/<int:pk>/<slug:path>/", branches.branch_act, name="branch-act"),
    path(HOST + "reseaux/<int:pk>/<slug:path>/", branch_invitation.answer, name="branch-answer"),
    # referents; the operator reads and revokes delegations too
    path("referent/delegations/", delegations.delegation_list, name="delegations"),
    path("referent/delegations/nouvelle/", delegations.delegation_new, name="delegation-new"),
    path("referent/delegations/<int:pk>/<slug:path>/", delegations.delegation_act, name="delegation-act"),
    path(
        "referent/delegations/invitations/<int:pk>/<slug:path>/",
        delegations.delegation_invitation_act,
        name="delegation-invitation-act",
    ),
    path("referent/absence/", delegations.absence, name="absence"),
    # those who look after a territory, and the operator
    path("referent/structures/<int:pk>/notes/", notes.organisation_note, name="note"),
    path("referent/structures/notes/<int:pk>/effacer/", notes.organisation_note_erase, name="note-erase"),
    path("referent/a-valider/structures/", queue.queue, name="queue"),
    path("referent/a-valider/structures/<int:pk>/", queue.case, name="case"),
    path("referent/a-valider/structures/<int:pk>/<slug:path>/", queue.case_act, name="case-act"),
    # the head of a national network
    path(NETWORK + "structures/a-confirmer/", network.claims, name="network-claims"),
    path(NETWORK + "structures/a-confirmer/plusieurs/", network.claims_many, name="network-claims-many"),
    path(NETWORK + "appartenances/<int:pk>/<slug:path>/", network.membership_act, name="network-act"),
    path("referent/fusions/", merges.merge_list, name="merges"),
    path("referent/fusions/structure/<int:organisation>/", merges.merge_choose, name="merge-choose"),
    path("referent/fusions/structure/<int:organisation>/avec/<int:other>/", merges.merge_new, name="merge-new"),
    path("referent/fusions/<int:pk>/", merges.merge, name="merge"),
    path("referent/fusions/<int:pk>/<slug:path>/", merges.merge_act, name="merge-act"),
    # whoever validates
    path("verifications/structures/<int:pk>/", checks.organisation_checks, name="checks"),
    path("verifications/structures/<int:pk>/annuaire/", checks.look_up, name="look-up"),
    path("verifications/structures/points/<int:pk>/<slug:verb>/", checks.finding_act, name="finding-act"),
    # the operator
    path("operateur/referents/", referents.referent_list, name="referents"),
    path("operateur/referents/inviter/", referents.referent_invite, name="referent-invite"),
    path("operateur/referents/invitations/<int:pk>/<slug:path>/", referents.invitation_act, name="referent-invitation-act"),
    path("operateur/referents/<int:pk>/", referents.referent_detail, name="referent"),
    path("operateur/referents/<int:pk>/retirer/", referents.referent_remove, name="referent-remove"),
    path("operateur/reseaux/superviseurs/", supervisors.supervisor_list, name="supervisors"),
    path("operateur/reseaux/superviseurs/inviter/", supervisors.supervisor_invite, name="supervisor-invite"),
    path("operateur/reseaux/superviseurs/<int:pk>/retirer/", supervisors.supervisor_remove, name="supervisor-remove"),
    path("operateur/reseaux/", operator.memberships, name="memberships"),
    path("operateur/reseaux/<int:pk>/<slug:path>/", operator.membership_act, name="membership-act"),
    path("operateur/structures/", leaving.care, name="care"),
    path("operateur/structures/<int:pk>/retablir/", leaving.restore, name="restore"),
    path("operateur/structures/demandes/<int:pk>/<slug:path>/", leaving.care_act, name="care-act"),
    path("operateur/agir/", impersonation.impersonations, name="impersonations"),
    path("operateur/agir/terminer/", impersonation.impersonation_end, name="impersonation-end"),
    path("operateur/agir/<int:pk>/", impersonation.impersonation_start, name="impersonation-start"),
    path("espace/compte/acces/", impersonation.impersonation_mine, name="impersonation-mine"),
    path("operateur/listes/", operator.lists, name="lists"),
    path("operateur/listes/<slug:kind>/", operator.entries, name="entries"),
    path("operateur/listes/<slug:kind>/<int:pk>/", operator.entry, name="entry"),
    path("operateur/listes/<slug:kind>/<int:pk>/<slug:verb>/", operator.entry_act, name="entry-act"),
]
