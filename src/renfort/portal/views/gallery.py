"""The gallery: every component in every state, to look at and to check."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.kernel.templatetags.ui import ICONS, ILLUSTRATIONS
from renfort.portal import components


def gallery(request: HttpRequest) -> HttpResponse:
    """No data, no query: it must show the look when everything else is down."""
    context = {
        "icons": ICONS,
        "illustrations": sorted(ILLUSTRATIONS),
        "form": components.SampleForm(),
        "bad_form": components.bad_form(),
        "crumbs": [(_("Missions"), "#")],
        "chips": [{"label": "Bordeaux", "url": "?"}, {"label": _("Aide alimentaire et d’urgence"), "url": "?"}],
        "step_labels": [_("Vous"), _("Votre structure"), _("Le lieu")],
        "fact_items": [(_("Structure"), "Secours Bordeaux"), (_("Ville"), "Bordeaux"), (_("Téléphone"), "")],
        "yesterday": timezone.now() - timedelta(days=1),
        "page": components.sample_page(),
        "entries": components.sample_entries(),
        "actions": components.sample_actions(),
        "now": timezone.now(),
        "later": timezone.now() + timedelta(hours=3),
        "today": timezone.localdate(),
    }
    return render(request, "portal/gallery.html", context)
