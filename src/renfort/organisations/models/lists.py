"""Lists that the operator edits: statuses, types under each, agreements, networks (R5), reasons of decisions (R52)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from renfort.kernel.lists import EditableList, Listed


class LegalStatus(Listed):
    """« Statut juridique ». ``has_agreements``: organisations of this status may hold « agréments »."""

    has_agreements = models.BooleanField(default=False)


class OrganisationType(Listed):
    """A type under a legal status; with a ``parent``, a sub-type of that type. Two levels, no more."""

    legal_status = models.ForeignKey(LegalStatus, models.PROTECT, related_name="types")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="subtypes")


class Agreement(Listed):
    """« Agrément » of an association."""


class Network(Listed):
    """« Réseau national »: belonging to one is claimed by the organisation and confirmed by somebody else."""


class CorrectionReason(Listed):
    """Why a mission or an organisation has to be corrected before it is accepted (R52)."""


class DenialReason(Listed):
    """Why a mission or an organisation is refused (R52)."""


HOSTS = _("structures")
EditableList("statuts", LegalStatus, _("Statuts juridiques"), (("organisations.Organisation", "legal_status__id", HOSTS),))
EditableList(
    "types",
    OrganisationType,
    _("Types de structure"),
    (("organisations.Organisation", "type", HOSTS), ("organisations.Organisation", "subtype", HOSTS)),
)
EditableList("agrements", Agreement, _("Agréments"), (("organisations.Organisation", "agreements", HOSTS),))
EditableList(
    "reseaux",
    Network,
    _("Réseaux nationaux"),
    (
        ("organisations.NetworkMembership", "network", HOSTS),
        ("missions.MissionTemplate", "network", _("modèles de mission")),
    ),
)
EditableList("motifs-de-correction", CorrectionReason, _("Motifs de correction"))
EditableList("motifs-de-refus", DenialReason, _("Motifs de refus"))
