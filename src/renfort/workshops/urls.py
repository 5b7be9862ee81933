"""The addresses of the programme « coordination »; while the operator keeps it closed, none of them exists."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path

from renfort.organisations.enums import Programme
from renfort.parameters.selectors import is_open
from renfort.workshops.views import (
    accounting,
    after,
    animation,
    attendance,
    bills,
    calendar,
    certificates,
    clients,
    closing,
    coordination,
    directory,
    fees,
    followed,
    invitations,
    money,
    orders,
    participants,
    participation,
    payees,
    planning,
    proofs,
    questionnaires,
    results,
    staff,
)

app_name = "workshops"


def page(route: str, view: Callable[..., HttpResponseBase], name: str) -> URLPattern:
    """One address, which exists only while the programme is open."""

    @wraps(view)
    def inside(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_open(Programme.WORKSHOPS):
            raise Http404
        return view(request, *args, **kwargs)

    return path(route, inside, name=name)


def opened(patterns: list[URLPattern]) -> list[URLPattern]:
    """The same for addresses that another storey made."""
    return [page(str(each.pattern), each.callback, str(each.name)) for each in patterns]


SESSION = "missions/<int:pk>/sessions/<int:session>/"
urlpatterns = [
    # the association
    page("association/", staff.home, "staff-home"),
    page("association/commandes/exporter/", staff.orders_export, "orders-export"),
    page("association/clients/", staff.client_list, "clients"),
    page("association/clients/nouveau/", staff.client_new, "client-new"),
    page("association/clients/annuaire/", clients.look_up_client, "client-look-up"),
    page("association/clients/<int:pk>/", clients.client, "client"),
    page("association/clients/<int:pk>/contacts/nouveau/", clients.contact_new, "contact-new"),
    page("association/clients/<int:pk>/contacts/<int:contact>/", clients.contact_edit, "contact-edit"),
    page("association/clients/<int:pk>/contacts/<int:contact>/<str:path>/", clients.contact_act, "contact-act"),
    page("association/commandes/nouvelle/", staff.order_new, "order-new"),
    page("association/commandes/<int:pk>/", staff.order, "order"),
    page("association/commandes/<int:pk>/modifier/", orders.order_edit, "order-edit"),
    page("association/commandes/<int:pk>/convention/", orders.order_convention, "order-convention"),
    page("association/commandes/<int:pk>/signature/", orders.order_sign, "order-sign"),
    page("association/commandes/<int:pk>/lignes/<int:line>/", orders.line_edit, "line-edit"),
    page("association/commandes/<int:pk>/lignes/", staff.line_add, "line-add"),
    page("association/commandes/<int:pk>/lignes/<int:line>/retirer/", staff.line_remove, "line-remove"),
    page("association/commandes/<int:pk>/<str:path>/", staff.order_act, "order-act"),
    page("association/argent/", money.home, "money"),
    page("association/argent/a-facturer/", money.to_invoice_list, "to-invoice"),
    page("association/argent/a-facturer/<int:pk>/", money.invoice_new, "invoice-new"),
    page("association/argent/factures/", money.invoice_list, "invoices"),
    page("association/argent/factures/a-encaisser/", partial(money.invoice_list, unpaid=True), "invoices-unpaid"),
    page("association/argent/factures/<int:pk>/", money.invoice, "invoice"),
    page("association/argent/factures/<int:pk>/fichier/", money.invoice_file, "invoice-file"),
    page("association/argent/a-etablir/", bills.to_bill, "to-bill"),
    page("association/argent/a-verifier/", bills.to_check, "to-check"),
    page("association/argent/factures-animation/<int:pk>/", bills.bill, "bill"),
    page("association/argent/factures-animation/<int:pk>/fichier/", bills.bill_file, "bill-file"),
    page("association/argent/a-payer/", bills.to_pay, "to-pay"),
    page("association/argent/virements/", bills.transfer_list, "transfers"),
    page("association/argent/virements/<int:pk>/", bills.transfer, "transfer"),
    page("association/argent/virements/<int:pk>/fichier/", bills.transfer_file, "transfer-file"),
    page("association/argent/comptabilite/", accounting.accounting, "accounting"),
    page("association/argent/comptabilite/ecritures/", accounting.entries, "accounting-entries"),
    page("association/argent/comptabilite/<slug:key>/", accounting.export, "accounting-export"),
    page("association/animation/", staff.facilitator_list, "facilitators"),
    page("association/animation/nouveau/", staff.facilitator_new, "facilitator-new"),
    page("association/animation/documents/", proofs.proofs, "proofs"),
    page("association/animation/documents/<int:pk>/fichier/", proofs.proof_file, "proof-file"),
    page("association/animation/documents/<int:pk>/<str:path>/", proofs.proof_act, "proof-act"),
    page("association/animation/<int:pk>/", staff.facilitator, "facilitator"),
    page("association/animation/<int:pk>/documents/", staff.document_add, "document-add"),
    page("association/retributions/", fees.rounds, "rounds"),
    page("association/retributions/<int:pk>/", fees.round_page, "round"),
    page("association/retributions/coordination/<int:pk>/approuver/", fees.coordination_approve, "coordination-approve"),
    page("association/tarifs/", fees.rate_table, "rates"),
    page("association/resultats/", results.results, "results"),
    page("association/resultats/export/", results.export, "results-export"),
    page("association/resultats/textes/export/", results.export_words, "words-export"),
    page("association/questionnaires/", questionnaires.listing, "questionnaires"),
    page("association/questionnaires/nouveau/", questionnaires.new, "questionnaire-new"),
    page("association/questionnaires/<int:pk>/", questionnaires.editor, "questionnaire"),
    page("association/questionnaires/<int:pk>/apercu/", questionnaires.preview, "questionnaire-preview"),
    page("association/questionnaires/<int:pk>/faire/", questionnaires.act, "questionnaire-act"),
    page("association/questionnaires/<int:pk>/questions/nouvelle/", questionnaires.question_new, "question-new"),
    page("association/questionnaires/<int:pk>/questions/<str:key>/", questionnaires.question_edit, "question-edit"),
    # who leads sessions
    page("animation/retributions/", fees.own, "own-fees"),
    page("animation/retributions/<int:year>/<int:month>/releve/", fees.own_statement, "own-statement"),
    page("animation/", animation.sessions, "own-sessions"),
    page("animation/pros/", animation.pros, "pros"),
    page("animation/conformite/", animation.compliance, "compliance"),
    page("animation/conformite/envoyer/", proofs.proof_send, "proof-send"),
    page("animation/conformite/<int:pk>/fichier/", proofs.own_proof_file, "own-proof-file"),
    page("animation/conformite/<int:pk>/<str:path>/", proofs.own_proof_act, "own-proof-act"),
    page("animation/agenda/", calendar.calendar, "calendar"),
    page("agenda/<str:token>.ics", calendar.calendar_feed, "calendar-feed"),
    page("animation/invitations/<int:pk>/decliner/", invitations.invitation_decline, "invitation-decline"),
    page("animation/remplacements/<int:pk>/", invitations.replacement, "replacement"),
    page("animation/remplacements/<int:pk>/<str:path>/", invitations.replacement_act, "replacement-act"),
    page("animation/sessions/<int:pk>/remplacement/", invitations.replacement_new, "replacement-new"),
    page("animation/opportunites/<int:pk>/", animation.opportunity, "opportunity"),
    page("animation/sessions/<int:pk>/", animation.session, "own-session"),
    page("animation/sessions/<int:pk>/session.ics", animation.session_calendar, "own-session-file"),
    page("animation/sessions/<int:pk>/<str:path>/", animation.session_act, "own-session-act"),
    page("animation/paiement/", payees.payee, "payee"),
    page("animation/paiement/mandat/", payees.mandate, "mandate"),
    page("animation/factures/", bills.own, "own-bills"),
    page("animation/factures/<int:pk>/envoyer/", bills.own_send, "own-bill-send"),
    page("animation/factures/<int:pk>/fichier/", bills.own_file, "own-bill-file"),
    page("invitation/<str:token>/", animation.invitation, "invitation"),
    page("resultats/", results.public, "results-public"),
    # participants after a session, by their personal link
    page("apres/<str:token>/", after.after, "after"),
    page("apres/<str:token>/attestation.pdf", after.certificate, "after-certificate"),
    page("apres/<str:token>/avis/<str:moment>/", after.survey, "after-survey"),
    page("apres/<str:token>/questionnaires/", after.refuse, "after-refuse"),
    # a client's contact
    page("client/invitation/<str:token>/", followed.invitation, "client-invitation"),
    page("client/<int:organisation>/", followed.orders, "client-orders"),
    page("client/<int:organisation>/commandes/<int:pk>/", followed.order, "client-order"),
    page("client/<int:organisation>/commandes/<int:pk>/bilan/", followed.summary, "client-summary"),
    # the day itself
    page("presences/hors-ligne.js", attendance.roll_call_worker, "roll-call-worker"),
    page("presences/<int:session>/", attendance.roll_call, "roll-call"),
    page("presences/<int:session>/marquer/", attendance.roll_call_mark, "roll-call-mark"),
    page("presences/<int:session>/marques/", attendance.roll_call_marks, "roll-call-marks"),
    page("presences/<int:session>/etat/", attendance.roll_call_state, "roll-call-state"),
    page("presences/<int:session>/ajouter/", attendance.roll_call_add, "roll-call-add"),
    page("presences/<int:session>/compter/", attendance.roll_call_count, "roll-call-count"),
    page("presences/<int:session>/complete/", attendance.roll_call_complete, "roll-call-complete"),
    page("presences/<int:session>/code/", attendance.roll_call_code, "roll-call-code"),
    page("presences/<int:session>/feuille.pdf", attendance.roll_call_sheet, "roll-call-sheet"),
    page("presences/<int:session>/signer/<int:half>/", attendance.roll_call_sign, "roll-call-sign-own"),
    page("presences/<int:session>/signer/<int:half>/<int:registration>/", attendance.roll_call_sign, "roll-call-sign"),
    page("presence/<str:token>/", attendance.self_entry, "self-entry"),
    # who coordinates
    page("coordination/<int:organisation>/", coordination.coordination, "coordination"),
    page("missions/<int:pk>/", coordination.assignment, "assignment"),
    page("missions/<int:pk>/cloturer/", closing.close, "closing"),
    page("missions/<int:pk>/bilan/", closing.summary, "closing-summary"),
    page("missions/<int:pk>/corriger/", closing.correction, "closing-correction"),
    page("missions/<int:pk>/sessions/nouvelle/", coordination.session_new, "session-new"),
    page(SESSION, coordination.session, "session"),
    page(f"{SESSION}modifier/", coordination.session_edit, "session-edit"),
    page(f"{SESSION}lien/", coordination.session_link, "session-link"),
    page(f"{SESSION}annuaire/", directory.session_directory, "session-directory"),
    page(f"{SESSION}inviter/", coordination.session_invite, "session-invite"),
    page(f"{SESSION}attestations/", certificates.listing, "certificates"),
    page(f"{SESSION}attestations/<int:number>/", certificates.download, "certificate"),
    page(f"{SESSION}attestations/<int:number>/renvoyer/", certificates.again, "certificate-again"),
    page(f"{SESSION}attestations/<int:number>/acquis/", certificates.evaluate, "certificate-evaluate"),
    page(f"{SESSION}participants/", participants.participants, "participants"),
    page(f"{SESSION}participants/lien/", participants.participants_link, "participants-link"),
    page(f"{SESSION}participants/inviter/", participants.participants_invite, "participants-invite"),
    page(f"{SESSION}participants/ajouter/", participants.participant_add, "participant-add"),
    page(f"{SESSION}participants/exporter/", participants.participants_export, "participants-export"),
    page(f"{SESSION}participants/<int:registration>/<str:path>/", participants.participant_act, "participant-act"),
    page(f"{SESSION}<str:path>/", coordination.session_act, "session-act"),
    page("missions/<int:pk>/inscriptions/<int:enrolment>/<str:path>/", coordination.enrolment_act, "enrolment-act"),
    page("missions/<int:pk>/services/", planning.services, "services"),
    page("missions/<int:pk>/agenda/", planning.month, "assignment-month"),
    page("missions/<int:pk>/retributions/", fees.assignment_fees, "fees"),
    page("missions/<int:pk>/resultats/", results.assignment, "results-of-assignment"),
    page("missions/<int:pk>/resultats/export/", results.export_of_assignment, "results-export-of-assignment"),
    page("missions/<int:pk>/<str:path>/", coordination.assignment_act, "assignment-act"),
    # who takes part: no account
    page("participer/<str:token>/", participation.join_page, "join"),
    page("participer/<str:token>/merci/", participation.join_done, "join-done"),
    page("participation/<str:token>/", participation.participation, "participation"),
    page("participation/<str:token>/session.ics", participation.participation_file, "participation-file"),
    page("participation/<str:token>/<str:path>/", participation.participation_act, "participation-act"),
    *opened(participants.PARTICIPANTS_IMPORT.urls("sessions/<int:session>/participants/importer/", "participants-import")),
]
