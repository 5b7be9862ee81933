"""Who may do what with a host project, and whether it is possible (S5, C.1 and C.14)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from renfort.civic_service.enums import ProjectState
from renfort.civic_service.models import HostProject
from renfort.civic_service.selectors.opinions import has_opinion
from renfort.civic_service.selectors.places import left_of_campaign
from renfort.civic_service.selectors.readiness import blockers_of_kind
from renfort.civic_service.selectors.roles import is_of_establishment, leads, manages
from renfort.kernel.actors import Actor
from renfort.kernel.rules import Bar, Guard, Text, bar, guard, rule

EDITABLE = (ProjectState.DRAFT, ProjectState.CHANGES_REQUESTED)  # the lead writes in it


# ── who ───────────────────────────────────────────────────────────────────────────────────────────
@rule(_("le référent de l'établissement"))
def leads_its_establishment(actor: Actor, project: HostProject) -> bool:
    return leads(actor, project.establishment_id)


@rule(_("les gestionnaires du territoire"))
def manages_it(actor: Actor, project: HostProject) -> bool:
    return manages(actor, project.establishment.organisation.department_id)


@rule(_("la fin de tous les contrats"))
def is_end_of_contracts(actor: Actor, project: HostProject) -> bool:
    """The service alone, which has seen every contract end."""
    return actor.kind == "service"


@bar(_("Vous avez un rôle dans cet établissement : quelqu'un d'autre doit décider de ses projets."))
def is_own_establishment(actor: Actor, project: HostProject) -> bool:
    """Nobody decides on what is their own (C.14)."""
    return actor.person_id is not None and is_of_establishment(actor.person_id, project.establishment_id)


NOT_ONES_OWN: tuple[Bar[HostProject], ...] = (is_own_establishment,)


# ── whether it can be filed ───────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Unready(Guard[HostProject]):
    """A guard that says each thing of its kind; ``refusal`` says in general what it is about, for the drawing of the life."""

    key: str = ""

    def refuse(self, obj: HostProject) -> Text | None:
        """The sentences, None when nothing of this kind is left."""
        found = blockers_of_kind(obj, self.key)
        return " ".join(each.sentence for each in found) if found else None


def _ready(key: str, refusal: Text) -> Unready:
    return Unready(refusal, lambda project: not blockers_of_kind(project, key), key)


READY: tuple[Guard[HostProject], ...] = (
    _ready("campaign", _("La campagne est ouverte et sa date limite n'est pas passée.")),
    _ready("record", _("La fiche de l'établissement est complète.")),
    _ready("facts", _("Tous les champs sont remplis.")),
    _ready("domain", _("Le domaine est dans l'agrément.")),
    _ready("dates", _("Le premier jour est dans la campagne et dans l'agrément.")),
    _ready("time", _("De 6 à 12 mois, de 24 à 48 heures par semaine sur 6 jours au plus.")),
    _ready("minors", _("Ouvert aux mineurs : accompagnement écrit, 35 heures sur 5 jours au plus.")),
    _ready("people", _("Référent, tuteur et cotuteur ont leur rôle, un téléphone et un e-mail.")),
    _ready("places", _("Il reste assez de places à l'établissement.")),
)


# ── whether it can be accepted ────────────────────────────────────────────────────────────────────
@guard(_("La campagne n'a plus de place à accorder."))
def campaign_has_places(project: HostProject) -> bool:
    return left_of_campaign(project.campaign).left > 0


@guard(_("La campagne demande l'avis d'un chargé de mission avant d'accepter : il manque encore."))
def opinion_is_given(project: HostProject) -> bool:
    return has_opinion(project)
