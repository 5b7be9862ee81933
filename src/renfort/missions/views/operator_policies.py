"""« Ce qui s'applique où »: before or after publication, per domain and department (R12, R52)."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from renfort.jobs.services import once
from renfort.kernel.http import Request
from renfort.missions.forms.domain import PolicyForm
from renfort.missions.models import PublicationPolicy
from renfort.missions.selectors.mission import submitted_count
from renfort.missions.selectors.policy import policies_ended, policies_in_force
from renfort.missions.services.policies import end_policy, write_policy
from renfort.missions.views.operator import enter_operator
from renfort.parameters.catalogue import PUBLICATION, TRUST_DAYS, TRUST_MISSIONS
from renfort.parameters.selectors import in_force

UNPROCESSABLE = 422


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def policies(request: Request) -> HttpResponse:
    """What applies where, the most specific first; POST writes another policy somewhere."""
    actor = enter_operator(request)
    form = PolicyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data

        def make() -> str:
            write_policy(actor=actor, policy=data["policy"], domain=data["domain"], department=data["department"])
            return reverse("missions:operator-policies")

        once(data["form_token"], owner=str(request.user.pk), make=make)
        messages.success(request, _("C'est en vigueur : les missions proposées à partir de maintenant suivent cette règle."))
        return redirect("missions:operator-policies")
    labels = dict(PUBLICATION.choices)
    now = in_force([PUBLICATION, TRUST_MISSIONS, TRUST_DAYS])
    context = {
        "form": form,
        "rows": [(row, labels[row.policy]) for row in policies_in_force()],
        "ended": [(row, labels[row.policy]) for row in policies_ended()],
        "general": labels[now[PUBLICATION.key]],
        "trust": now[TRUST_MISSIONS.key],
        "days": now[TRUST_DAYS.key],
        "submitted": submitted_count(),
    }
    return render(request, "missions/operator/policies.html", context, status=UNPROCESSABLE if form.errors else 200)


@login_required
@require_POST
def policy_act(request: Request, pk: int, verb: str) -> HttpResponse:
    """End a policy, or bring one back that has ended."""
    actor = enter_operator(request)
    found = PublicationPolicy.objects.filter(pk=pk).select_related("domain", "department").first()
    if found is None or verb not in ("retirer", "retablir"):
        raise Http404
    if verb == "retirer":
        end_policy(actor=actor, row=found)
    else:
        write_policy(actor=actor, policy=found.policy, domain=found.domain, department=found.department)
    messages.success(request, _("C'est en vigueur : les missions proposées à partir de maintenant suivent cette règle."))
    return redirect("missions:operator-policies")
