"""The map of needs, and what the gallery shows: every component in every state, without a database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils import timezone
from django.utils.html import conditional_escape as esc
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from renfort.kernel.forms import DateInput, EmailInput, PhoneInput, Section, StepperInput
from renfort.kernel.rules import Text
from renfort.kernel.templatetags.ui import number
from renfort.notifications.enums import OutgoingState
from renfort.parameters.catalogue import GENERAL, SHEETS
from renfort.portal.selectors import Waiting
from renfort.territories.selectors.outlines import country_map

LEVELS = (1, 5, 20, 60)  # places left from which a department is drawn darker
MOST = 5  # departments named beside the map


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One department on the map of needs."""

    code: str
    name: str
    path: str
    places: int

    @property
    def level(self) -> int:
        """How dark it is drawn, from 0 to 4."""
        return sum(self.places >= step for step in LEVELS)

    @property
    def svg(self) -> SafeString:
        """The department as a link that the mouse may use; the list beside the drawing is for everybody."""
        url = f"{reverse('missions:public-list')}?lieu={self.code}"
        return mark_safe(  # noqa: S308 -- our own drawing; the words are escaped
            f'<a href="{url}" tabindex="-1"><path class="need-{self.level}" d="{self.path}">'
            f"<title>{esc(self.words)}</title></path></a>"
        )

    @property
    def words_short(self) -> str:
        """« 12 places »."""
        return ngettext("%(n)s place", "%(n)s places", self.places) % {"n": number(self.places)}

    @property
    def words(self) -> str:
        """« Gironde : 12 places »."""
        return _("%(name)s\u00a0: %(places)s") % {"name": self.name, "places": self.words_short}


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedsMap:
    """The country drawn with the places left in each department (R1); always a list beside the drawing."""

    view_box: str
    shapes: list[Need]
    magnified: list[Need]  # Paris and its neighbours, a second time and larger
    top: list[Need]
    rows: list[Need]

    @property
    def drawing(self) -> SafeString:
        """Every department, drawn."""
        return mark_safe("".join(shape.svg for shape in self.shapes))  # noqa: S308 -- each is safe

    @property
    def lens(self) -> SafeString:
        """Paris and its neighbours, drawn again."""
        return mark_safe("".join(shape.svg for shape in self.magnified))  # noqa: S308 -- each is safe


def needs_map(places: Mapping[str, int]) -> NeedsMap | None:
    """Draw the places left by department code; nothing when there is no need anywhere."""
    if not any(places.values()):
        return None
    drawing = country_map()
    rows = [Need(code=o.code, name=o.name, path=o.path, places=places.get(o.code, 0)) for o in drawing.outlines]
    again = [Need(code=o.code, name=o.name, path=o.path, places=places.get(o.code, 0)) for o in drawing.magnified]
    top = sorted((need for need in rows if need.places), key=lambda need: -need.places)[:MOST]
    return NeedsMap(view_box=drawing.view_box, shapes=rows, magnified=again, top=top, rows=rows)


class SampleForm(forms.Form):
    """One field of each kind."""

    sections = (
        Section(_("Vous"), ["name", "email", "phone", "password"]),
        Section(
            _("La mission"),
            ["domain", "kind", "publics", "starts_on", "places", "details"],
            _("Ce que les bénévoles liront."),
        ),
        Section(_("Les règles"), ["rule_health", "rule_stay", "news"]),
    )

    name = forms.CharField(label=_("Nom de la structure"), help_text=_("Sans sigle si possible."), max_length=80)
    email = forms.EmailField(label=_("E-mail"), widget=EmailInput())
    phone = forms.CharField(label=_("Téléphone fixe"), widget=PhoneInput(), required=False)
    password = forms.CharField(label=_("Mot de passe"), widget=forms.PasswordInput(), help_text=_("Au moins 10 caractères."))
    domain = forms.ChoiceField(
        label=_("Domaine d’action"),
        choices=[
            ("", _("Choisir un domaine")),
            ("food", _("Aide alimentaire et d’urgence")),
            ("child", _("Garde exceptionnelle d’enfants")),
        ],
    )
    kind = forms.ChoiceField(
        label=_("Type de mission"),
        widget=forms.RadioSelect(),
        choices=[("on_site", _("Mission en présentiel")), ("remote", _("Mission à distance"))],
    )
    publics = forms.MultipleChoiceField(
        label=_("Publics aidés"),
        widget=forms.CheckboxSelectMultiple(),
        required=False,
        choices=[
            ("old", _("Personnes âgées")),
            ("disabled", _("Personnes en situation de handicap")),
            ("all", _("Tous publics")),
        ],
    )
    starts_on = forms.DateField(label=_("Date de début"), widget=DateInput())
    places = forms.IntegerField(label=_("Nombre de volontaires"), widget=StepperInput(), min_value=1, max_value=99, initial=2)
    details = forms.CharField(
        label=_("Informations complémentaires"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=500,
        required=False,
    )
    rule_health = forms.BooleanField(label=_("Je suis en bonne santé et je respecte les gestes barrières."))
    rule_stay = forms.BooleanField(label=_("Au moindre doute, je préviens la structure et je reste chez moi."))
    news = forms.BooleanField(
        label=_("Je veux bien être appelé pour d’autres missions"),
        help_text=_("Deux e-mails par mois au plus."),
        required=False,
    )


def bad_form() -> SampleForm:
    """The same form, sent with mistakes; ids of its own, since both stand on one page."""
    return SampleForm({"email": "awa@", "places": "0", "details": _("Rendez-vous devant la mairie.")}, auto_id="bad_%s")


def sample_page(number: int = 2) -> Page[Any]:
    """The second page of 57 rows."""
    return Paginator(range(57), 20).page(number)


def sample_entries() -> list[SimpleNamespace]:
    """The life of a mission."""
    now = timezone.now()
    return [
        SimpleNamespace(
            when=now - timedelta(minutes=12), who="Awa Diallo", what=_("Participation acceptée"), why="", icon="check"
        ),
        SimpleNamespace(
            when=now - timedelta(days=2),
            who="Paul Martin",
            what=_("Correction demandée"),
            why=_("Précisez les horaires, s’il vous plaît."),
            icon="edit",
        ),
        SimpleNamespace(when=now - timedelta(days=40), who="", what=_("Mission créée"), why="", icon="plus"),
    ]


def sample_actions() -> list[SimpleNamespace]:
    """Two possible moves, one refused with its reasons."""
    return [
        SimpleNamespace(name="accept", label=_("Accepter"), tone="primary", url="#accepter", refusals=[]),
        SimpleNamespace(name="refuse", label=_("Refuser"), tone="danger", url="#refuser", refusals=[]),
        SimpleNamespace(
            name="start",
            label=_("Marquer en cours"),
            tone="secondary",
            url="#",
            refusals=[_("La mission commence le 4 décembre."), _("Toutes les places sont prises.")],
        ),
    ]


# ── the operator's home (R58) ─────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Stat:
    """One count that is a way in."""

    value: int
    label: Text
    url: str
    tone: str = ""


def waiting_stats(waits: Waiting) -> list[Stat]:
    """What waits, each with the page where it is dealt with; what is not zero stands out."""
    mail = reverse("notifications:outgoing-list")
    missions = reverse("missions:queue")
    found = (
        (waits.hosts, _("Structures à valider"), reverse("organisations:queue")),
        (waits.submitted, _("Missions à valider"), missions),
        (waits.to_read, _("Missions en ligne à relire"), missions),
        (waits.requests, _("Demandes sans responsable"), reverse("organisations:care")),
        (waits.claims, _("Réseaux à confirmer"), reverse("organisations:memberships")),
        (waits.uncovered, _("Départements sans référent"), f"{reverse('organisations:referents')}?filtre=sans"),
        (waits.mail_failed, _("E-mails non partis"), f"{mail}?etat={OutgoingState.FAILED}"),
        (waits.jobs_failed, _("Tâches en échec"), reverse("portal:operator-jobs")),
    )
    return [Stat(value, label, url, "attention" if value else "") for value, label, url in found]


@dataclass(frozen=True, slots=True)
class Tools:
    """Tools of one kind."""

    title: Text
    links: list[tuple[Text, str]]


def operator_tools() -> list[Tools]:
    """Every tool of the operator, one click away."""
    texts: list[tuple[Text, str]] = [
        (each.title, reverse("portal:operator-sheet", args=[each.slug])) for each in SHEETS.values() if each is not GENERAL
    ]
    return [
        Tools(
            _("Accompagner"),
            [
                (_("À valider"), reverse("missions:queue")),
                (_("Toutes les missions"), f"{reverse('missions:operator-missions')}?statut="),
                (_("Structures"), reverse("organisations:care")),
                (_("Référents"), reverse("organisations:referents")),
                (_("Délégations"), reverse("organisations:delegations")),
                (_("Réseaux à confirmer"), reverse("organisations:memberships")),
                (_("Absences contestées"), reverse("missions:operator-absences")),
                (_("Personnes"), reverse("portal:operator-people")),
            ],
        ),
        Tools(
            _("Régler"),
            [
                (_("Réglages de la réserve"), reverse("portal:operator-settings")),
                (_("Publication : ce qui s'applique où"), reverse("missions:operator-policies")),
                (_("Domaines d'action et leurs règles"), reverse("missions:operator-domains")),
                (_("Vérifications"), reverse("missions:checks")),
                (_("Listes"), reverse("organisations:lists")),
                (_("Modèles de mission"), reverse("missions:operator-templates")),
            ],
        ),
        Tools(_("Écrire"), [*texts, (_("Textes des e-mails"), reverse("notifications:message-list"))]),
        Tools(
            _("Surveiller"),
            [
                (_("Courriels"), reverse("notifications:outgoing-list")),
                (_("Tâches du serveur"), reverse("portal:operator-jobs")),
                (_("Accès au nom de quelqu'un"), reverse("organisations:impersonations")),
            ],
        ),
    ]
