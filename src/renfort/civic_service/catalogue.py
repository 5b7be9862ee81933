"""What the operator sets for the programme; figures that the facts mark as uncertain are settings, never code."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from renfort.parameters.catalogue import RULES, Kind, Setting, Sheet

# ── the directory (S1) ────────────────────────────────────────────────────────────────────────────
DIRECTORY_NAME = Setting(
    key="civic_service.directory_name",
    default="",
    label=_("Nom de l'annuaire"),
    help=_("Tel que les établissements l'appellent : « à corriger dans … »."),
    kind=Kind.LINE,
    longest=60,
    origin=_("l'annuaire du réseau"),
)
DIRECTORY_ADDRESS = Setting(
    key="civic_service.directory_address",
    default="",
    label=_("Adresse de la page où l'annuaire se corrige"),
    help=_("En https. Vide : la phrase n'a pas de lien."),
    kind=Kind.LINE,
    longest=200,
)
DIRECTORY_HOUR = Setting(
    key="civic_service.directory_hour",
    default=4,
    label=_("Heure de la lecture quotidienne de l'annuaire"),
    help=_("De 0 à 23, à l'heure de Paris."),
    highest=23,
)
BRAKE_SHARE = Setting(
    key="civic_service.directory_share",
    default=5,
    label=_("Part des fiches à partir de laquelle une lecture attend un accord, en pour cent"),
    help=_("Établissements, personnes ou rôles qui changeraient ou prendraient fin. Les ajouts ne comptent pas."),
    lowest=1,
    highest=100,
)
BRAKE_LEAST = Setting(
    key="civic_service.directory_least",
    default=20,
    label=_("Nombre de fiches en dessous duquel une lecture n'attend pas d'accord"),
    help=_("La fin de la moitié des rôles d'une sorte attend toujours un accord."),
    lowest=1,
    highest=1000,
)
DIRECTORY_KEPT = Setting(
    key="civic_service.directory_kept_days",
    default=90,
    label=_("Durée pendant laquelle les différences d'une lecture sont gardées, en jours"),
    help=_("Passé ce délai, la lecture ne peut plus être défaite ; ses nombres et sa date restent."),
    lowest=7,
    highest=1000,
)
Sheet(
    "service-civique-annuaire",
    _("Annuaire du service civique"),
    _("D'où viennent les établissements, les personnes et les rôles, et ce qui attend un accord."),
    (DIRECTORY_NAME, DIRECTORY_ADDRESS, DIRECTORY_HOUR, BRAKE_SHARE, BRAKE_LEAST, DIRECTORY_KEPT),
    _("Lectures de l'annuaire, et « à corriger dans … » sur la fiche d'un établissement"),
    RULES,
)

# ── the study of host projects (S5 step 2, S10): delays that the facts leave open ─────────────────
REVIEW_DAYS = Setting(
    key="civic_service.review_days",
    default=10,
    label=_("Délai visé pour étudier un projet d'accueil, en jours ouvrés"),
    help=_("Passé ce délai, le projet est marqué « en retard » dans la file de ses gestionnaires."),
    lowest=1,
    highest=60,
)
REVIEW_ALERT_DAYS = Setting(
    key="civic_service.review_alert_days",
    default=20,
    label=_("Délai avant de prévenir les gestionnaires nationaux, en jours ouvrés"),
    help=_("Un projet qui attend depuis plus longtemps leur est signalé chaque matin."),
    lowest=1,
    highest=120,
)
REVIEW_HOURS = Setting(
    key="civic_service.review_hours",
    default=48,
    label=_("Durée pendant laquelle un projet pris à l'étude reste à la même personne, en heures"),
    help=_("Sans décision d'ici là, le projet retourne dans la file, à son rang."),
    lowest=1,
    highest=336,
)
Sheet(
    "etude-des-projets",
    _("Service civique : étude des projets"),
    _("Un réglage vaut dès son enregistrement ; l'historique garde qui l'a changé."),
    (REVIEW_DAYS, REVIEW_ALERT_DAYS, REVIEW_HOURS),
    _("File des projets d'accueil, e-mail du matin des gestionnaires"),
    RULES,
)

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
