"""Compliance documents: the facilitator sends, the association looks (W4, W12)."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from renfort.jobs.services import once
from renfort.kernel.actions import actions_of
from renfort.kernel.actors import Actor
from renfort.kernel.http import Request
from renfort.kernel.pages import page_of
from renfort.kernel.views import act
from renfort.workshops.enums import DocumentKind
from renfort.workshops.forms.proofs import ProofForm
from renfort.workshops.models import Proof
from renfort.workshops.selectors.proofs import proofs_visible, proofs_waiting
from renfort.workshops.services.proofs import PDF, send_proof
from renfort.workshops.views.animation import show_compliance
from renfort.workshops.views.menus import enter_facilitator, enter_staff
from renfort.workshops.workflow import PROOF

UNPROCESSABLE = 422


# ── who leads sessions ────────────────────────────────────────────────────────────────────────────
@login_required
@require_POST
def proof_send(request: Request) -> HttpResponse:
    """« Envoyer le document »; what cannot be kept comes back with its sentence."""
    actor = enter_facilitator(request)
    form = ProofForm(request.POST, request.FILES)
    if not form.is_valid():
        return show_compliance(request, actor, form, UNPROCESSABLE)
    once(form.cleaned_data["form_token"], owner=f"person:{actor.person_id}", make=lambda: _sent(actor, form))
    messages.success(request, _("Votre document est envoyé : l'association le vérifie, et vous prévient par e-mail."))
    return redirect("workshops:compliance")


def _sent(actor: Actor, form: ProofForm) -> str:
    said = form.cleaned_data
    send_proof(actor=actor, kind=said["kind"], kept=said["file"], valid_from=said["valid_from"], valid_until=said["valid_until"])
    return reverse("workshops:compliance")


@login_required
def own_proof_act(request: Request, pk: int, path: str) -> HttpResponse:
    """« Retirer ce document »."""
    actor = enter_facilitator(request)
    proof = proofs_visible(actor).filter(pk=pk).first()
    title = DocumentKind(proof.kind).label if proof is not None else ""
    return act(request, PROOF, proof, path, actor=actor, title=str(title), back=reverse("workshops:compliance"))


@login_required
@require_safe
def own_proof_file(request: Request, pk: int) -> HttpResponse:
    """One's own file."""
    return _file(enter_facilitator(request), pk)


# ── the association ───────────────────────────────────────────────────────────────────────────────
@login_required
@require_safe
def proofs(request: Request) -> HttpResponse:
    """« Documents à vérifier », the oldest first."""
    actor = enter_staff(request)
    page = page_of(request, proofs_waiting(actor))
    rows = []
    for each in page.object_list:

        def url(path: str, pk: int = each.pk) -> str:
            return reverse("workshops:proof-act", args=[pk, path])

        rows.append((each, DocumentKind(each.kind).label, actions_of(PROOF, each, actor, url)))
    return render(request, "workshops/staff/proofs.html", {"page": page, "rows": rows})


@login_required
def proof_act(request: Request, pk: int, path: str) -> HttpResponse:
    """« Accepter », « Refuser »."""
    actor = enter_staff(request)
    proof = proofs_visible(actor).filter(pk=pk).first()
    title = f"{DocumentKind(proof.kind).label} · {proof.facilitator.person.full_name}" if proof is not None else ""
    return act(request, PROOF, proof, path, actor=actor, title=title, back=reverse("workshops:proofs"))


@login_required
@require_safe
def proof_file(request: Request, pk: int) -> HttpResponse:
    """The file that somebody has sent."""
    return _file(enter_staff(request), pk)


def _file(actor: Actor, pk: int) -> HttpResponse:
    proof: Proof | None = proofs_visible(actor).filter(pk=pk).first()
    if proof is None:
        raise Http404
    try:
        with default_storage.open(proof.file) as opened:
            data = opened.read()
    except FileNotFoundError:
        raise Http404 from None
    ending = "pdf" if proof.media == PDF else "webp"
    name = f"{slugify(DocumentKind(proof.kind).label)}-{slugify(proof.facilitator.person.full_name)}.{ending}"
    response = HttpResponse(data, content_type=proof.media)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
