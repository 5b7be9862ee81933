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

# ── places and approvals (S3): what a new campaign starts with ────────────────────────────────────
PLACES_THRESHOLD = Setting(
    key="civic_service.places_threshold",
    default=300,
    label=_("Effectif à partir duquel un établissement accueille davantage"),
    help=_("En élèves, compris. Une nouvelle campagne commence avec ces deux classes ; chacune les change ensuite."),
    lowest=1,
    highest=10_000,
)
PLACES_BELOW = Setting(
    key="civic_service.places_below",
    default=1,
    label=_("Volontaires au plus en dessous de cet effectif"),
    highest=20,
)
PLACES_FROM = Setting(
    key="civic_service.places_from",
    default=2,
    label=_("Volontaires au plus à partir de cet effectif"),
    lowest=1,
    highest=20,
)
APPROVAL_ALERT_DAYS = Setting(
    key="civic_service.approval_alert_days",
    default=120,
    label=_("Alerte avant la fin d'un agrément, en jours"),
    help=_("La gestion nationale est avertie sur ses pages : un renouvellement se demande à temps."),
    lowest=1,
    highest=365,
)
Sheet(
    "service-civique-campagnes",
    _("Campagnes du service civique"),
    _("Ce avec quoi une nouvelle campagne commence. Les campagnes qui existent gardent leurs classes."),
    (PLACES_THRESHOLD, PLACES_BELOW, PLACES_FROM, APPROVAL_ALERT_DAYS),
    _("Nouvelle campagne ; pages « Campagnes » et « Agréments »"),
    RULES,
)
