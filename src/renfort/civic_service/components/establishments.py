"""How complete a record is, and what became of an establishment, as rows and pages show it (S2)."""

from __future__ import annotations

from collections.abc import Sized

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from renfort.civic_service.selectors.records import gauge


def record_gauge(missing: Sized) -> SafeString:
    """« Fiche complète 6 / 6 », « 4 informations sur 6 », with its bar."""
    done, total = gauge(missing)
    words = _("Fiche complète") if done == total else _("%(done)s informations sur %(total)s") % {"done": done, "total": total}
    kind = "free" if done == total else "over"
    bar = format_html('<progress max="{}" value="{}" aria-hidden="true"></progress>', total, done)
    return format_html('<span class="gauge gauge-{}"><span>{}</span>{}</span>', kind, words, bar)
