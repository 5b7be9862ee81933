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


# ── invoices and payments of the coordination (W11): [K] figures and names, to be said by each association ───────────────────
def _line(key: str, label: Text, help: Text = "", *, default: str = "", longest: int = 120) -> Setting[str]:
    return Setting(key=f"billing.{key}", default=default, label=label, help=help, kind=Kind.LINE, longest=longest)


BILLING = {
    setting.key.removeprefix("billing."): setting
    for setting in (
        _line("name", _("Nom de l'association sur les factures"), _("Tel qu'il est déclaré.")),
        _line("address", _("Adresse de l'association")),
        _line("postcode", _("Code postal de l'association"), longest=10),
        _line("city", _("Ville de l'association")),
        _line("siret", _("SIRET de l'association"), _("Quatorze chiffres, sans espaces."), longest=14),
        _line("vat_number", _("Numéro de TVA de l'association"), _("Vide : elle n'en a pas."), longest=20),
        _line("iban", _("IBAN du compte qui paie"), _("Le compte débité par les virements."), longest=42),
        _line("bic", _("BIC du compte qui paie"), _("Facultatif dans la zone SEPA."), longest=11),
        _line("prefix", _("Début des numéros de facture aux clients"), _("Suivi de l'année."), default="FA", longest=8),
        _line("account_fees", _("Compte comptable des rétributions"), default="622600", longest=12),
        _line("account_payees", _("Compte comptable des animateur·ices"), default="401000", longest=12),
        _line("account_vat_in", _("Compte comptable de la TVA déductible"), default="445660", longest=12),
        _line("account_clients", _("Compte comptable des clients"), default="411000", longest=12),
        _line("account_sales", _("Compte comptable des prestations"), default="706000", longest=12),
        _line("account_vat_out", _("Compte comptable de la TVA collectée"), default="445710", longest=12),
        _line("account_bank", _("Compte comptable de la banque"), default="512000", longest=12),
    )
}
CLIENT_VAT = Setting(
    key="billing.client_vat",
    default="standard",
    label=_("TVA des factures aux clients"),
    kind=Kind.CHOICE,
    choices=(
        ("standard", _("Au taux normal")),
        ("exempt", _("Franchise en base, sans TVA (article 293 B du CGI)")),
        ("training", _("Exonéré : formation professionnelle (article 261-4-4° a du CGI)")),
    ),
)
VAT_RATE = Setting(
    key="billing.vat_rate",
    default=200,
    label=_("Taux normal de la TVA, en dixièmes de pour cent"),
    help=_("200 : 20 %."),
    highest=500,
)
CLIENT_DUE_DAYS = Setting(
    key="billing.client_due_days", default=30, label=_("Délai de paiement des clients, en jours"), highest=60,
)  # fmt: skip
PAYEE_DUE_DAYS = Setting(
    key="billing.payee_due_days", default=30, label=_("Délai de paiement des animateur·ices, en jours"), highest=60,
)  # fmt: skip
CONTEST_DAYS = Setting(
    key="billing.contest_days",
    default=15,
    label=_("Délai pour contester une autofacture, en jours"),
    help=_("Écrit dans le mandat et sur chaque autofacture."),
    highest=60,
)
PAIN_FORM = Setting(
    key="billing.pain_form",
    default="pain.001.001.09",
    label=_("Format des fichiers de virement"),
    help=_("Celui que la banque accepte."),
    kind=Kind.CHOICE,
    choices=(("pain.001.001.09", _("pain.001.001.09, le plus récent")), ("pain.001.001.03", "pain.001.001.03")),
)
Sheet(
    "facturation",
    _("Factures et virements de la coordination"),
    _("Ce que disent les factures et les fichiers de virement à partir de maintenant ; ce qui est déjà écrit ne change pas."),
    (*BILLING.values(), CLIENT_VAT, VAT_RATE, CLIENT_DUE_DAYS, PAYEE_DUE_DAYS, CONTEST_DAYS, PAIN_FORM),
    _("Argent de la coordination : factures, virements, écritures comptables"),
    RULES,
)


# ── what the law makes an invoice say (CGI annexe II art. 242 nonies A), by the key of the regime; which accounts SEPA reaches ─
VAT_SENTENCES: dict[str, Text] = {
    "exempt": _("TVA non applicable, article 293 B du CGI"),
    "training": _("Exonération de TVA, article 261-4-4° a du CGI"),
    "reverse": _("Autoliquidation : TVA due par le preneur, article 283-2 du CGI"),
}
VAT_CODES = {"standard": "S", "exempt": "E", "training": "E", "reverse": "AE"}  # UNTDID 5305, as EN 16931 wants it
SEPA = frozenset(  # EPC409-09
    {
        "AD", "AL", "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR",
        "GB", "GI", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT", "LU", "LV", "MC", "MD",
        "ME", "MK", "MT", "NL", "NO", "PL", "PT", "RO", "RS", "SE", "SI", "SK", "SM", "VA",
    }
)  # fmt: skip
