"""What the operator may set without a developer, with type, default and meaning (R58)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from django.utils.translation import gettext_lazy as _

from renfort.kernel.rules import Text

T = TypeVar("T", str, int, bool)


class Kind(StrEnum):
    """How a setting is typed in; "" of a text setting is always « as it came »."""

    CHOICE = "choice"
    SEVERAL = "several"  # several of the choices, kept as their keys with commas between
    NUMBER = "number"
    EMAIL = "email"
    COLOUR = "colour"  # #rrggbb, dark enough to be read on the page and to be written upon
    PICTURE = "picture"  # kept as the name of its files, made of what they hold; "" for none
    LINE = "line"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """One typed setting. ``choices`` closes the list of values; ``lowest``/``highest`` bound a number, ``longest`` a text.

    ``origin`` is what the site says while a text is left empty. ``variables`` are the words in braces that a text may hold.
    ``listed`` false: made on demand (one per e-mail), not one of the catalogue.
    """

    key: str
    default: T
    label: Text
    help: Text = ""
    choices: tuple[tuple[str, Text], ...] = ()
    lowest: int = 0
    highest: int = 120
    kind: Kind = Kind.NUMBER
    longest: int = 200
    origin: Text = ""
    language: str = ""
    variables: tuple[str, ...] = ()
    listed: bool = True

    def __post_init__(self) -> None:
        if self.listed:
            SETTINGS[self.key] = self


AnySetting = Setting[str] | Setting[int] | Setting[bool]
SETTINGS: dict[str, AnySetting] = {}


@dataclass(frozen=True, slots=True)
class Sheet:
    """Settings that are edited together, on one page with their history. ``seen`` says where a change shows."""

    slug: str
    title: Text
    lead: Text
    settings: tuple[AnySetting, ...]
    seen: Text
    group: Text = ""
    listed: bool = True

    def __post_init__(self) -> None:
        if self.listed:
            SHEETS[self.slug] = self


SHEETS: dict[str, Sheet] = {}
PAGE_TEXTS, BRAND, RULES = _("Textes des pages"), _("Marque"), _("Règles")

ONLINE_FIRST, VALIDATE_FIRST = "online_first", "validate_first"

PUBLICATION = Setting(
    key="reserve.publication",
    default=ONLINE_FIRST,
    label=_("Publication des missions"),
    help=_("En ligne d'abord : la mission est visible aussitôt et relue ensuite. Validation d'abord : elle attend un accord."),
    kind=Kind.CHOICE,
    choices=(
        (ONLINE_FIRST, _("En ligne d'abord, relue ensuite")),
        (VALIDATE_FIRST, _("Validation avant la mise en ligne")),
    ),
)
MINIMUM_AGE = Setting(
    key="reserve.minimum_age",
    default=18,
    label=_("Âge minimal pour rejoindre la réserve"),
    help=_("En années révolues, au premier jour de la mission."),
    highest=99,
)
AGE_LIMIT_ON_SITE = Setting(
    key="reserve.age_limit_on_site",
    default=70,
    label=_("Âge à partir duquel une mission en présentiel n'est plus proposée"),
    help=_("70 : acceptée la veille du 70e anniversaire, refusée le jour même. 0 : pas de limite."),
    highest=120,
)
OFFER_HOURS = Setting(
    key="reserve.offer_hours",
    default=48,
    label=_("Délai pour prendre une place libérée, en heures"),
    help=_(
        "Une place libérée est proposée à la première personne de la liste d'attente. Près de la date, le délai se raccourcit."
    ),
    lowest=1,
    highest=336,
)
INVITATION_DAYS = Setting(
    key="organisations.invitation_days",
    default=14,
    label=_("Durée d'une invitation dans une équipe"),
    help=_("En jours. Passé ce délai, le lien ne s'ouvre plus ; un responsable peut en envoyer un nouveau."),
    lowest=1,
    highest=60,
)
QUEUE_TARGET_DAYS = Setting(
    key="reserve.queue_target_days",
    default=3,
    label=_("Délai visé pour décider d'une mission ou d'une structure, en jours ouvrés"),
    help=_("Passé ce délai, le dossier est marqué « en retard » dans la file."),
    lowest=1,
    highest=30,
)
QUEUE_ALERT_DAYS = Setting(
    key="reserve.queue_alert_days",
    default=5,
    label=_("Délai avant d'alerter la région, en jours ouvrés"),
    help=_("Passé ce délai, les référents de toute la région sont prévenus le matin ; passé le double, l'opérateur."),
    lowest=1,
    highest=60,
)
CASE_HOURS = Setting(
    key="reserve.case_hours",
    default=24,
    label=_("Durée pendant laquelle un dossier pris reste réservé, en heures"),
    help=_("Passé ce délai sans décision, le dossier est de nouveau libre."),
    lowest=1,
    highest=240,
)
SUPPORT = Setting(
    key="platform.support",
    default="",
    label=_("Adresse e-mail de l'assistance"),
    help=_("Montrée dans l'aide à qui a une question sur le site. Vide : elle n'y est pas."),
    kind=Kind.EMAIL,
    longest=254,
)
TRUST_MISSIONS = Setting(
    key="reserve.trust_missions",
    default=3,
    label=_("Missions acceptées sans correction pour qu'une structure ait la confiance"),
    help=_("Ses missions sont alors en ligne d'abord, même là où la validation vient avant. 0 : jamais."),
    highest=50,
)
TRUST_DAYS = Setting(
    key="reserve.trust_days",
    default=180,
    label=_("Nombre de jours sur lesquels cette confiance se compte"),
    help=_("Une correction demandée la suspend : le compte repart de zéro ce jour-là."),
    lowest=1,
    highest=1000,
)
REVIEW_AGAIN = Setting(
    key="reserve.review_again",
    default="description,domain_id,presence,safety,title",
    label=_("Changements qui renvoient une mission en ligne à la relecture"),
    help=_("La mission reste en ligne ; elle revient dans la file, « à relire »."),
    kind=Kind.SEVERAL,
    choices=(
        ("title", _("Titre")),
        ("description", _("Commentaire par la structure")),
        ("safety", _("Sécurité et encadrement")),
        ("domain_id", _("Domaine d'action")),
        ("presence", _("Présentiel ou à distance")),
        ("starts_on", _("Date de début")),
        ("ends_on", _("Date de fin")),
        ("address", _("Adresse")),
        ("department_id", _("Département")),
        ("places", _("Nombre de volontaires")),
    ),
)
ATTENDANCE_MINUTES = Setting(
    key="workshops.attendance_minutes",
    default=15,
    label=_("Minutes avant le début d'une session où la présence se prend déjà"),
    help=_("La feuille de présence s'ouvre tant de minutes avant l'heure de début."),
    highest=240,
)
ATTENDANCE_DAYS = Setting(
    key="workshops.attendance_days",
    default=7,
    label=_("Jours après la fin d'une session où la présence se prend encore"),
    help=_("Passé ce délai, la feuille est close : qui n'a pas été marqué·e présent·e est noté·e absent·e."),
    lowest=1,
    highest=60,
)
SITE_NAME = Setting(
    key="brand.name",
    default="",
    label=_("Nom du site"),
    help=_("En haut de chaque page et dans les e-mails. Vide : le nom donné à l'installation."),
    kind=Kind.LINE,
    longest=40,
)
COLOUR = Setting(
    key="brand.colour",
    default="",
    label=_("Couleur des liens et des accents"),
    help=_(
        "Six chiffres après un dièse, par exemple #1f4f9c. Elle doit rester lisible sur fond clair. Vide : le bleu d'origine."
    ),
    kind=Kind.COLOUR,
    longest=7,
)
LOGO = Setting(
    key="brand.logo",
    default="",
    label=_("Logo"),
    help=_(
        "JPEG, PNG ou WebP, 10 Mo au plus. À côté du nom en haut de chaque page, et dans l'onglet du navigateur. "
        "Un fond transparent devient blanc."
    ),
    kind=Kind.PICTURE,
    longest=32,
)

OPEN, CLOSED = "open", "closed"
PROGRAMMES: dict[str, Setting[str]] = {  # those that the operator opens and closes, by key; the réserve is always there
    "workshops": Setting(
        key="programme.workshops",
        default=CLOSED,
        label=_("Coordination de sessions"),
        help=_("Commandes, missions de coordination, ateliers et formations. Fermé : ses pages et ses rôles n'existent pas."),
        kind=Kind.CHOICE,
        choices=((CLOSED, _("Fermé")), (OPEN, _("Ouvert"))),
    ),
    "civic_service": Setting(
        key="programme.civic_service",
        default=CLOSED,
        label=_("Service civique"),
        help=_("Établissements, campagnes, projets d'accueil et volontaires. Fermé : ses pages et ses rôles n'existent pas."),
        kind=Kind.CHOICE,
        choices=((CLOSED, _("Fermé")), (OPEN, _("Ouvert"))),
    ),
}
OF_RESERVE, DOORS = "reserve", "doors"
FRONT = Setting(
    key="programme.front",
    default=OF_RESERVE,
    label=_("Page d'accueil"),
    help=_("Une porte par programme n'est montrée que si plusieurs programmes sont ouverts."),
    kind=Kind.CHOICE,
    choices=((OF_RESERVE, _("L'accueil de la réserve civique")), (DOORS, _("Une porte par programme"))),
)


@dataclass(frozen=True, slots=True)
class PageText:
    """One text of a page, in both languages; ``origin`` is what the page says until the operator writes another."""

    key: str
    label: Text
    origin: Text
    seen: Text
    kind: Kind = Kind.TEXT
    longest: int = 600

    def __post_init__(self) -> None:
        PAGES_TEXTS[self.key] = self
        both = tuple(
            Setting(
                key=f"texts.{self.key}.{code}", default="", label=label, kind=self.kind, longest=self.longest,
                origin=self.origin, language=code, help=_("Laissé vide : le texte d'origine."),
            )
            for code, label in (("fr", _("En français")), ("en", _("En anglais")))
        )  # fmt: skip
        Sheet(
            slug=f"texte-{self.key.replace('_', '-')}",
            title=self.label,
            lead=_("Écrivez simplement, sans mise en forme : le texte est montré tel quel."),
            settings=both,
            seen=self.seen,
            group=PAGE_TEXTS,
        )


PAGES_TEXTS: dict[str, PageText] = {}
PageText(
    "home_lead",
    _("Accueil : la phrase sous le titre"),
    _(
        "La réserve civique réunit celles et ceux qui veulent aider et les associations et services publics "
        "qui manquent de bras. Deux heures ou deux mois, sur place ou à distance."
    ),
    _("Page d'accueil"),
    longest=300,
)
PageText(
    "footer_about",
    _("Bas de page : ce qu'est le site"),
    _(
        "Des renforts pour celles et ceux qui aident : des missions près de chez vous ou à distance, "
        "proposées par des associations et des services publics."
    ),
    _("En bas de chaque page"),
    longest=300,
)
PageText(
    "footer_workshops",
    _("Bas de page de la coordination : ce qu'est le site"),
    _(
        "Des ateliers et des formations, de la commande à la clôture : les sessions, celles et ceux qui les animent, "
        "celles et ceux qui y participent."
    ),
    _("En bas des pages de la coordination de sessions"),
    longest=300,
)
PageText(
    "footer_civic_service",
    _("Bas de page du service civique : ce qu'est le site"),
    _(
        "Le service civique dans les établissements, du projet d'accueil à l'attestation : les projets, les volontaires, "
        "celles et ceux qui les accompagnent."
    ),
    _("En bas des pages du service civique"),
    longest=300,
)
PageText(
    "rules_lead",
    _("Règles sanitaires : la phrase sous le titre"),
    _("Elles protègent les bénévoles, les structures et les personnes aidées. Chaque domaine a les siennes."),
    _("Page « Règles sanitaires et directives »"),
)
PageText(
    "rules_more",
    _("Règles sanitaires : ce qui suit les règles"),
    "",
    _("Page « Règles sanitaires et directives », après les domaines"),
    longest=2000,
)

Sheet(
    "marque",
    _("Nom, logo et couleur"),
    _("Ils valent sur toutes les pages, en quelques secondes."),
    (SITE_NAME, LOGO, COLOUR),
    _("Toutes les pages ; le nom aussi dans les e-mails"),
    BRAND,
)
GENERAL = Sheet(
    "reserve",
    _("Réglages de la réserve"),
    _("Un réglage vaut dès son enregistrement ; l'historique garde qui l'a changé."),
    (
        PUBLICATION, REVIEW_AGAIN, TRUST_MISSIONS, TRUST_DAYS, QUEUE_TARGET_DAYS, QUEUE_ALERT_DAYS, CASE_HOURS, MINIMUM_AGE,
        AGE_LIMIT_ON_SITE, OFFER_HOURS, INVITATION_DAYS, SUPPORT,
    ),
    _("Publication et recherche des missions, propositions d'aide, équipes, aide"),
    RULES,
)  # fmt: skip
Sheet(
    "presences",
    _("Présence aux sessions"),
    _("Quand la présence des participant·es se prend. Un changement vaut aussi pour les sessions déjà planifiées."),
    (ATTENDANCE_MINUTES, ATTENDANCE_DAYS),
    _("Page « Présences » d'une session, et l'horloge qui note les absences"),
    RULES,
)
Sheet(
    "programmes",
    _("Programmes ouverts"),
    _("Un programme fermé n'a plus ni page, ni rôle, ni menu ; ce qui y est écrit est gardé, et revient quand il est ouvert."),
    (*PROGRAMMES.values(), FRONT),
    _("Menus, adresses, rôles du programme et page d'accueil, en quelques secondes"),
    RULES,
)

# ── after a session of the coordination (W7): certificates and questionnaires; the delays are [K] and [I] figures ─────────────
COLD_DAYS = Setting(
    key="after.cold_days",
    default=90,
    label=_("Délai avant le questionnaire « à froid », en jours"),
    help=_("Compté depuis la fin de la session."),
    lowest=14,
    highest=365,
)
SURVEY_REMINDER_DAYS = Setting(
    key="after.reminder_days",
    default=7,
    label=_("Délai avant la relance d'un questionnaire sans réponse, en jours"),
    help=_("Une seule relance par questionnaire."),
    lowest=1,
    highest=60,
)
SURVEY_OPEN_DAYS = Setting(
    key="after.open_days",
    default=60,
    label=_("Durée pendant laquelle une réponse peut être donnée ou changée, en jours"),
    help=_("Passé ce délai, la réponse n'est plus liée à la personne."),
    lowest=7,
    highest=180,
)
RESULTS_SECRET, RESULTS_SHOWN = "no", "yes"
RESULTS_PUBLIC = Setting(
    key="after.public",
    default=RESULTS_SECRET,
    label=_("Page publique des résultats de satisfaction"),
    help=_("Des moyennes seulement, jamais sous cinq réponses, et aucun texte."),
    kind=Kind.CHOICE,
    choices=((RESULTS_SECRET, _("Non")), (RESULTS_SHOWN, _("Oui"))),
)
TRAINING_NUMBER = Setting(
    key="after.training_number",
    default="",
    label=_("Numéro de déclaration d'activité (NDA) de l'organisme de formation"),
    help=_("Écrit sur les attestations et les certificats de réalisation. Vide : il n'y figure pas."),
    kind=Kind.LINE,
    longest=20,
)
CERTIFICATE_SIGNER = Setting(
    key="after.signer",
    default="",
    label=_("Nom et fonction de qui signe les attestations"),
    help=_("Par exemple : Claire Roussel, directrice."),
    kind=Kind.LINE,
    longest=120,
)
AIMS = Setting(
    key="after.aims",
    default="",
    label=_("Objectifs pédagogiques écrits sur les certificats"),
    help=_("Pour les commandes qui ne disent pas les leurs."),
    kind=Kind.TEXT,
    longest=600,
)
Sheet(
    "apres-les-sessions",
    _("Après les sessions : attestations et questionnaires"),
    _("Un réglage vaut pour ce qui part ensuite ; ce qui est parti ne change pas."),
    (COLD_DAYS, SURVEY_REMINDER_DAYS, SURVEY_OPEN_DAYS, RESULTS_PUBLIC, TRAINING_NUMBER, CERTIFICATE_SIGNER, AIMS),
    _("Attestations et questionnaires des sessions, leurs e-mails, page publique des résultats"),
    RULES,
)
