"""« Modèles de réponse » of an organisation's team (R33)."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renfort.kernel.firing import Refused
from renfort.kernel.http import Request
from renfort.missions.forms.lists import TemplateForm
from renfort.missions.models import DefaultReply, ReplyTemplate
from renfort.missions.selectors.views import replies_offered, reply_chosen, templates_of
from renfort.missions.services.replies import delete_template, save_template
from renfort.missions.views.host import enter_host

UNPROCESSABLE = 422


@login_required
@require_safe
def template_list(request: Request, organisation: int) -> HttpResponse:
    """All of them, each with its words; then those that the operator proposes to every team."""
    enter_host(request, organisation)
    own = list(templates_of(organisation))
    proposed = [each for each in replies_offered(organisation) if isinstance(each, DefaultReply)]
    context = {"organisation": organisation, "templates": own, "proposed": proposed}
    return render(request, "missions/host/reply_list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def template_edit(request: Request, organisation: int, pk: int | None = None) -> HttpResponse:
    """Write one, or change one."""
    actor = enter_host(request, organisation)
    template: ReplyTemplate | None = None
    if pk is not None:
        template = templates_of(organisation).filter(pk=pk).first()
        if template is None:
            raise Http404
    start = template or reply_chosen(organisation, request.GET.get("depuis", ""))
    initial = {"name": start.name[:60], "text": start.text} if start else None
    form = TemplateForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            save_template(actor=actor, organisation=organisation, template=template, **form.cleaned_data)
        except Refused as refused:
            form.add_error("name", str(refused))
        else:
            messages.success(request, _("Modèle enregistré."))
            return redirect("missions:replies", organisation)
    context = {"organisation": organisation, "form": form, "template": template}
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "missions/host/reply_form.html", context, status=status)


@login_required
@require_POST
def template_delete(request: Request, organisation: int, pk: int) -> HttpResponse:
    """Delete one; what was sent with it stays as it was."""
    actor = enter_host(request, organisation)
    template = templates_of(organisation).filter(pk=pk).first()
    if template is None:
        raise Http404
    delete_template(actor=actor, template=template)
    messages.success(request, _("Modèle « %(name)s » supprimé.") % {"name": template.name})
    return redirect("missions:replies", organisation)
