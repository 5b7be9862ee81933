"""What the operator sets for coordinated sessions (R58): tables, levels and documents asked, reminders."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from renfort.kernel.rules import Text
from renfort.parameters.catalogue import RULES, Kind, Setting, Sheet

# ── tables (W3) ───────────────────────────────────────────────────────────────────────────────────
TABLE_SIZE = Setting(
    key="workshops.table_size",
    default=7,
    label=_("Participant·es par table"),
    help=_("Les tables d'une session : ses participant·es divisé·es par ce nombre, arrondi au-dessus."),
    lowest=1,
    highest=60,
)
TABLES_HELD = Setting(
    key="workshops.tables_held",
    default=2,
    label=_("Tables que tient un·e animateur·ice"),
    help=_("Une personne en co-animation en tient la moitié. Un conseil en est tiré ; rien n'est refusé."),
    lowest=1,
    highest=10,
)

# ── who conforms (W4): the lowest level per audience, and the documents ───────────────────────────
AUDIENCES: tuple[tuple[str, Text], ...] = (
    ("education", _("Enseignement")), ("public_sector", _("Secteur public")), ("company", _("Entreprise")),
    ("association", _("Association")), ("inter_company", _("Inter-entreprises")),
)  # fmt: skip
LEVELS: tuple[tuple[str, Text], ...] = (
    ("white", _("Ceinture blanche")), ("yellow", _("Ceinture jaune")), ("orange", _("Ceinture orange")),
    ("green", _("Ceinture verte")), ("blue", _("Ceinture bleue")),
)  # fmt: skip
PARTS: tuple[tuple[str, Text], ...] = (
    ("coordinate", _("Coordonner")), ("workshop", _("Animer un atelier")), ("training", _("Animer une formation")),
    ("coaching", _("Accompagner")),
)  # fmt: skip
DOCUMENTS: tuple[tuple[str, Text], ...] = (
    ("framework", _("Convention-cadre et mandat de facturation")), ("company", _("Justificatif d'activité (SIRET)")),
    ("vigilance", _("Attestation de vigilance")), ("insurance", _("Assurance responsabilité civile")),
    ("trainer", _("Dossier de formateur (CV, références)")),
)  # fmt: skip
_TEACHING = {"coordinate": "orange", "workshop": "yellow", "training": "green", "coaching": "orange"}
_FULL = "company,framework,insurance,vigilance"  # in the order of the alphabet, as several choices are kept


def _lowest(audience: str, part: str) -> str:
    if audience == "education":
        return _TEACHING[part]
    return "blue" if audience == "inter_company" else "green"


LOWEST: dict[tuple[str, str], Setting[str]] = {
    (audience, part): Setting(
        key=f"workshops.{audience}.level_{part}",
        default=_lowest(audience, part),
        label=label,
        kind=Kind.CHOICE,
        choices=LEVELS,
    )
    for audience, _words in AUDIENCES
    for part, label in PARTS
}
ASKED: dict[str, Setting[str]] = {
    audience: Setting(
        key=f"workshops.{audience}.documents",
        default="" if audience == "education" else _FULL,
        label=_("Documents demandés pour intervenir"),
        kind=Kind.SEVERAL,
        choices=DOCUMENTS,
    )
    for audience, _words in AUDIENCES
}
ASKED_FOR_TRAINING: dict[str, Setting[str]] = {
    audience: Setting(
        key=f"workshops.{audience}.documents_training",
        default="" if audience == "education" else "trainer",
        label=_("Et de plus pour une formation"),
        kind=Kind.SEVERAL,
        choices=DOCUMENTS,
    )
    for audience, _words in AUDIENCES
}

# ── reminders ─────────────────────────────────────────────────────────────────────────────────────
FIRST_REMINDER = Setting(
    key="workshops.document_first_days",
    default=30,
    label=_("Premier rappel avant qu'un document expire, en jours"),
    help=_("L'animateur·ice reçoit un e-mail ; un document renouvelé n'en envoie pas."),
    lowest=1,
    highest=180,
)
LAST_REMINDER = Setting(
    key="workshops.document_last_days",
    default=7,
    label=_("Dernier rappel avant qu'un document expire, en jours"),
    lowest=1,
    highest=60,
)

INVITATION_REMINDER = Setting(
    key="workshops.invitation_reminder_days",
    default=3,
    label=_("Rappel d'une invitation à animer restée sans réponse, en jours"),
    help=_("Un seul rappel. 0 : aucun."),
    highest=60,
)

SESSIONS = Sheet(
    "sessions-coordonnees",
    _("Sessions : tables et rappels"),
    _("Un réglage vaut dès son enregistrement ; l'historique garde qui l'a changé."),
    (TABLE_SIZE, TABLES_HELD, FIRST_REMINDER, LAST_REMINDER, INVITATION_REMINDER),
    _("Conseils aux coordinateur·ices, rappels aux animateur·ices"),
    RULES,
)
for _audience, _label in AUDIENCES:
    Sheet(
        f"conformite-{_audience.replace('_', '-')}",
        _label,
        _("Le niveau le plus bas pour chaque rôle, et les documents demandés. Les personnes déjà inscrites le restent."),
        (*(LOWEST[_audience, part] for part, _words in PARTS), ASKED[_audience], ASKED_FOR_TRAINING[_audience]),
        _("Qui peut s'inscrire à une session ou coordonner une mission"),
        _("Conformité, par public"),
    )
COMPLIANCE = (*LOWEST.values(), *ASKED.values(), *ASKED_FOR_TRAINING.values())
