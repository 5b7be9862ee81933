"""An establishment's record: what is there, what is missing, who corrects it where (S2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from renfort.civic_service.components.establishments import record_gauge
from renfort.civic_service.enums import SchoolNetwork
from renfort.civic_service.forms.records import RecordForm
from renfort.civic_service.models import Establishment
from renfort.civic_service.rules.establishments import may_correct
from renfort.civic_service.selectors.directory import directory_words
from renfort.civic_service.selectors.posts import phone_of
from renfort.civic_service.selectors.records import (
    COMPULSORY,
    MissingFact,
    is_fed,
    missing_facts,
    school_year,
    where_to_correct,
)
from renfort.civic_service.services.records import correct_record
from renfort.civic_service.views.menus import enter_concerned
from renfort.kernel.firing import NotAllowed, Refused
from renfort.kernel.http import Request
from renfort.kernel.templatetags.ui import number, phone
from renfort.kernel.views import seen_of
from renfort.people.models import Person

UNPROCESSABLE, CONFLICT = 422, 409
READ = ["GET", "HEAD", "POST"]


@dataclass(frozen=True, slots=True)
class Line:
    """One compulsory fact as the record shows it; ``where`` and ``url``: where it is corrected."""

    label: str
    value: str
    missing: MissingFact | None
    is_fed: bool
    where: str
    url: str


def _values(found: Establishment) -> dict[str, str]:
    where = found.organisation
    place = " ".join(part for part in (where.postcode, where.city) if part)
    pupils = ""
    if found.enrolment is not None and found.enrolment_year is not None:
        words = {"n": number(found.enrolment), "year": f"{found.enrolment_year}-{found.enrolment_year + 1}"}
        pupils = _("%(n)s élèves à la rentrée %(year)s") % words
    return {
        "managing_body": found.managing_body,
        "address": ", ".join(part for part in (where.address, place) if part),
        "siret": found.siret,
        "phone": phone(found.phone),
        "uai": found.uai,
        "enrolment": pupils,
    }


@login_required
@require_safe
def record(request: Request, organisation: int) -> HttpResponse:
    """« Fiche »: the six compulsory facts with the gauge, what is missing first, and the head."""
    actor, found = enter_concerned(request, organisation)
    missing = missing_facts(found, year=school_year(found))
    by_field = {each.field: each for each in missing}
    values, system = _values(found), directory_words() if found.fed else ("", "")
    lines = [
        Line(str(label), values[field], by_field.get(field), is_fed(found, field), *where_to_correct(found, field, system))
        for field, label in COMPULSORY.items()
    ]
    head = Person.objects.filter(pk=found.head_id).first() if found.head_id is not None else None
    context = {
        "establishment": found,
        "network": SchoolNetwork(found.network).label,
        "missing": missing,
        "gauge": record_gauge(missing),
        "lines": lines,
        "head": head,
        "head_phone": phone(phone_of(head)) if head is not None else "",
        "may_correct": may_correct(actor, found),
    }
    return render(request, "civic_service/record/record.html", context)


@login_required
@require_http_methods(READ)
def record_edit(request: Request, organisation: int) -> HttpResponse:
    """« Corriger la fiche »: what is not the directory's."""
    actor, found = enter_concerned(request, organisation)
    if not may_correct(actor, found):
        raise NotAllowed(_("Seuls un référent de l'établissement et les gestionnaires de son territoire corrigent sa fiche."))
    form, status = RecordForm.of(found), 200
    if request.method == "POST":
        form, status = RecordForm.of(found, request.POST), UNPROCESSABLE
        if form.is_valid():
            try:
                after = correct_record(actor=actor, establishment=found, facts=form.facts(), seen=seen_of(request))
            except Refused as refused:
                status = CONFLICT
                for sentence in refused.sentences:
                    form.add_error(None, sentence)
            else:
                _say_what_is_left(request, after)
                return redirect("civic_service:record", organisation)
    context: dict[str, Any] = {
        "form": form, "seen": found.version, "title": _("Corriger la fiche"), "lead": found.organisation.name,
        "button": _("Enregistrer"), "back": reverse("civic_service:record", args=[organisation]),
        "note": _("L'annuaire du réseau tient le reste : ce qui n'est pas ici se corrige là-bas.") if found.fed else "",
    }  # fmt: skip
    return render(request, "civic_service/form.html", context, status=status)


def _say_what_is_left(request: Request, after: Establishment) -> None:
    left = missing_facts(Establishment.objects.select_related("organisation__department").get(pk=after.pk))
    if left:
        facts = ", ".join(each.label for each in left)
        messages.info(request, _("Modifications enregistrées. Il manque encore : %(facts)s.") % {"facts": facts})
    else:
        messages.success(
            request, _("Modifications enregistrées. La fiche est complète : vous pouvez écrire un projet d'accueil.")
        )
