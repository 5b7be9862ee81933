"""What the operator sets for the programme; figures that the facts mark as uncertain are settings, never code."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from renfort.parameters.catalogue import RULES, Setting, Sheet

# ── establishments (S2) ───────────────────────────────────────────────────────────────────────────
SCHOOL_YEAR_MONTH = Setting(
    key="civic_service.school_year_month",
    default=8,
    label=_("Mois où commence l'année scolaire"),
    help=_("De 1 à 12. À partir de ce jour, l'effectif de l'année d'avant ne vaut plus : la fiche est à compléter."),
    lowest=1,
    highest=12,
)
SCHOOL_YEAR_DAY = Setting(
    key="civic_service.school_year_day",
    default=1,
    label=_("Jour de ce mois où commence l'année scolaire"),
    lowest=1,
    highest=28,
)
Sheet(
    "etablissements",
    _("Établissements d'accueil"),
    _("Un réglage vaut dès son enregistrement ; l'historique garde qui l'a changé."),
    (SCHOOL_YEAR_MONTH, SCHOOL_YEAR_DAY),
    _("Fiches des établissements du service civique"),
    RULES,
)
