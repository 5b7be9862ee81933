"""The files that a referent takes of the territory's lists; no contact data (R37, R51, R52)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import (
    QuerySet,
)
from django.http import QueryDict
from django.utils.translation import gettext_lazy, pgettext_lazy

from renfort.kernel.actors import Actor
from renfort.kernel.exports import Asked, ExportKind
from renfort.kernel.sheets import Kind
from renfort.missions.enums import (
    ParticipationState,
)
from renfort.missions.exporters.host import MISSION_COLUMNS
from renfort.missions.exporters.reads import (
    Read,
    batches,
    chosen,
    in_language,
    joined,
    labels,
    missions_online,
    moment_of,
    narrowed_by,
    read_of,
    reader,
)
from renfort.missions.forms.territory import (
    OrganisationFilterForm,
    TerritoryFilterForm,
    TerritoryMissionFilterForm,
    TerritoryParticipationFilterForm,
)
from renfort.missions.models import (
    Mission,
    Participation,
)
from renfort.missions.selectors.territory import (
    LATE_CASES,
    TO_VALIDATE,
    territory_missions,
    territory_organisations,
    territory_participations,
)
from renfort.organisations.enums import OrganisationState, Programme, Role
from renfort.organisations.models import Organisation
from renfort.organisations.selectors import actor_of
from renfort.organisations.selectors.perimeter import departments_overseen
from renfort.territories.selectors import departments

TERRITORY_ORGANISATIONS, TERRITORY_MISSIONS = "missions.territory_organisations", "missions.territory_missions"

TERRITORY_PARTICIPATIONS = "missions.territory_participations"

TERRITORY_MISSION_COLUMNS = (read_of("organisation", gettext_lazy("Structure"), "organisation__name", width=30), *MISSION_COLUMNS)

TERRITORY_PARTICIPATION_COLUMNS: tuple[Read, ...] = (  # no contact data: a referent says a purpose for each person (R37)
    read_of("last_name", gettext_lazy("Nom"), "person__last_name"),
    read_of("first_name", gettext_lazy("Prénom"), "person__first_name"),
    read_of("organisation", gettext_lazy("Structure"), "organisation__name", width=30),
    read_of("mission", gettext_lazy("Mission"), "mission__title", width=36),
    read_of("domain", gettext_lazy("Domaine d'action"), lambda: in_language("mission__domain__short"), width=28),
    read_of("starts_on", pgettext_lazy("column", "Début"), "mission__starts_on", Kind.DAY),
    read_of("ends_on", pgettext_lazy("column", "Fin"), "mission__ends_on", Kind.DAY),
    read_of("state", gettext_lazy("Statut"), "state", words=labels(ParticipationState), width=26),
    read_of("created_at", gettext_lazy("Créé le"), lambda: moment_of("created_at", "mission__zone"), Kind.MOMENT),
    read_of("decided_at", gettext_lazy("Répondu le"), lambda: moment_of("decided_at", "mission__zone"), Kind.MOMENT),
    read_of("city", gettext_lazy("Ville"), "mission__city", ticked=False),
    read_of("department", gettext_lazy("Département"), "mission__department_id", width=14),
    read_of("mission_number", gettext_lazy("Numéro de la mission"), "mission_id", Kind.NUMBER, ticked=False),
    read_of("number", gettext_lazy("Numéro de la participation"), "id", Kind.NUMBER, ticked=False),
)

TERRITORY_ORGANISATION_COLUMNS: tuple[Read, ...] = (
    read_of("number", gettext_lazy("Numéro"), "id", Kind.NUMBER),
    read_of("name", gettext_lazy("Nom"), "name", width=36),
    read_of("state", gettext_lazy("Statut"), "state", words=labels(OrganisationState), width=24),
    read_of("legal_status", gettext_lazy("Statut juridique"), lambda: in_language("legal_status__label"), width=24),
    read_of("siret", gettext_lazy("SIRET"), "siret", width=18),
    read_of("rna", gettext_lazy("Numéro RNA"), "rna", width=14),
    read_of("address", gettext_lazy("Adresse"), "address", width=30),
    read_of("postcode", gettext_lazy("Code postal"), "postcode", width=12),
    read_of("city", gettext_lazy("Ville"), "city"),
    read_of("department", gettext_lazy("Département"), joined("department_id", "department__name", between=" - ")),
    read_of("online", gettext_lazy("Missions en ligne"), missions_online, Kind.NUMBER, width=18),
    read_of("created_at", gettext_lazy("Inscrite"), lambda: moment_of("created_at", "department__zone"), Kind.MOMENT),
)


def in_territory(whole: Actor, asked: Asked) -> Actor | None:
    """The person as referent, over what they look after now, when they still are; else None."""
    actor = whole.in_role(asked.role)
    held = actor.acting if actor else None
    is_one = held is not None and held.programme == Programme.RESERVE and held.role == Role.REFERENT
    return actor if is_one and asked.organisation is None else None


def _said_there(form: type[TerritoryFilterForm], actor: Actor, asked: Asked) -> dict[str, Any]:
    """What the list's address asks for, as the referent's list reads it."""
    return dict(form(QueryDict(asked.query), codes=departments_overseen(actor)).said)


def _everywhere(form: type[TerritoryFilterForm]) -> Any:
    """The form with every department, to say in words which one was asked for."""
    return lambda data: form(data, codes=[each.code for each in departments()])


def organisations_there(actor: Actor, asked: Asked) -> QuerySet[Organisation]:
    """The rows of the list, in its order."""
    return territory_organisations(actor, _said_there(OrganisationFilterForm, actor, asked)).order_by("-id")


def missions_there(actor: Actor, asked: Asked) -> QuerySet[Mission]:
    """The rows of the list, in its order."""
    said = _said_there(TerritoryMissionFilterForm, actor, asked)
    waiting = said.get("statut") in (TO_VALIDATE, LATE_CASES)
    return territory_missions(actor, said).order_by("id" if waiting else "-id")


def participations_there(actor: Actor, asked: Asked) -> QuerySet[Participation]:
    """The rows of the list, in its order."""
    return territory_participations(actor, _said_there(TerritoryParticipationFilterForm, actor, asked)).order_by("-id")


def _territory_kind(  # noqa: PLR0917 -- one for each thing that a list has
    key: str, label: Any, file_name: Any, reads: Sequence[Read], rows: Callable[[Actor, Asked], QuerySet[Any]],
    form: type[TerritoryFilterForm],
) -> ExportKind:  # fmt: skip
    return ExportKind(
        key=key,
        label=label,
        file_name=file_name,
        columns=lambda: [read.column for read in reads],
        person=actor_of,
        reader=reader,
        acts=in_territory,
        count=lambda actor, asked: rows(actor, asked).count(),
        read=lambda actor, asked, keys: batches(rows(actor, asked), chosen(reads, keys), ()),
        filters=narrowed_by(_everywhere(form)),
    )


_territory_kind(
    TERRITORY_ORGANISATIONS, gettext_lazy("Structures"), gettext_lazy("structures"), TERRITORY_ORGANISATION_COLUMNS,
    organisations_there, OrganisationFilterForm,
)  # fmt: skip

_territory_kind(
    TERRITORY_MISSIONS, gettext_lazy("Missions"), gettext_lazy("missions"), TERRITORY_MISSION_COLUMNS, missions_there,
    TerritoryMissionFilterForm,
)  # fmt: skip

_territory_kind(
    TERRITORY_PARTICIPATIONS, gettext_lazy("Participations"), gettext_lazy("participations"),
    TERRITORY_PARTICIPATION_COLUMNS, participations_there, TerritoryParticipationFilterForm,
)  # fmt: skip
