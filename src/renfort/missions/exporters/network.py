"""The files that the head of a national network takes of the network's lists (R56)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import (
    Count,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy

from renfort.kernel.actors import Actor
from renfort.kernel.exports import Asked, ExportKind
from renfort.kernel.sheets import Batch, Kind
from renfort.missions.enums import (
    ParticipationState,
)
from renfort.missions.exporters.host import MISSION_COLUMNS, PARTICIPATION_COLUMNS, read_of_participations
from renfort.missions.exporters.reads import (
    Read,
    Source,
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
    said_in,
)
from renfort.missions.forms.network import NetworkMissionFilterForm, NetworkOrganisationFilterForm, NetworkParticipationFilterForm
from renfort.missions.models import (
    Participation,
)
from renfort.missions.selectors.network import network_missions, network_organisations, network_participations
from renfort.organisations.enums import OrganisationState, Programme, Role, ScopeKind
from renfort.organisations.selectors import actor_of

NETWORK_ORGANISATIONS, NETWORK_MISSIONS = "missions.network_organisations", "missions.network_missions"

NETWORK_PARTICIPATIONS = "missions.network_participations"


def _participations_of(*which: Any) -> Callable[[], Source]:
    """How many participations of the organisation are such."""

    def counted() -> Source:
        found = Participation.objects.filter(*which, organisation=OuterRef("pk")).order_by().values("organisation")
        return Coalesce(Subquery(found.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)

    return counted


NETWORK_ORGANISATION_COLUMNS: tuple[Read, ...] = (
    read_of("number", gettext_lazy("Numéro"), "id", Kind.NUMBER),
    read_of("name", gettext_lazy("Structure"), "name", width=36),
    read_of("legal_status", gettext_lazy("Statut juridique"), lambda: in_language("legal_status__label"), width=26),
    read_of("state", gettext_lazy("Statut"), "state", words=labels(OrganisationState), width=24),
    read_of("siret", gettext_lazy("SIRET"), "siret", width=18),
    read_of("rna", gettext_lazy("Numéro RNA"), "rna", width=14),
    read_of("address", gettext_lazy("Adresse"), "address", width=30),
    read_of("postcode", gettext_lazy("Code postal"), "postcode", width=12),
    read_of("city", gettext_lazy("Ville"), "city"),
    read_of("department", gettext_lazy("Département"), joined("department_id", "department__name", between=" - ")),
    read_of("website", gettext_lazy("Site internet"), "website", width=26, ticked=False),
    read_of("online", gettext_lazy("Missions en ligne"), missions_online, Kind.NUMBER, width=18),
    read_of("participations", gettext_lazy("Participations en tout"), _participations_of(), Kind.NUMBER, width=20),
    read_of(
        "done",
        gettext_lazy("Participations effectuées"),
        _participations_of(Q(state=ParticipationState.DONE)),
        Kind.NUMBER,
        width=24,
    ),
    read_of("created_at", gettext_lazy("Inscrite le"), lambda: moment_of("created_at", "department__zone"), Kind.MOMENT),
)

WHOSE = read_of("organisation", gettext_lazy("Structure"), "organisation__name", width=30)

NETWORK_MISSION_COLUMNS = (*MISSION_COLUMNS[:2], WHOSE, *MISSION_COLUMNS[2:])

NETWORK_PARTICIPATION_COLUMNS = (WHOSE, *PARTICIPATION_COLUMNS)


def as_supervisor(whole: Actor, asked: Asked) -> Actor | None:
    """The person as « superviseur » of the network of the list, when they still are; else None."""
    actor = whole.in_role(asked.role)
    held = actor.acting if actor else None
    if held is None or (held.programme, held.role, held.scope_kind) != (Programme.RESERVE, Role.SUPERVISOR, ScopeKind.NETWORK):
        return None
    return actor


def network_rows(kind: str, actor: Actor, asked: Asked) -> QuerySet[Any]:
    """The rows of one of the network's lists, newest first as it shows them."""
    form, rows, _columns = NETWORK_LISTS[kind]
    found: QuerySet[Any] = rows(actor, said_in(form, asked))
    return found.order_by("-id")


def _read_network(kind: str) -> Callable[[Actor, Asked, Sequence[str]], Iterator[Batch]]:
    def read(actor: Actor, asked: Asked, keys: Sequence[str]) -> Iterator[Batch]:
        columns, rows = NETWORK_LISTS[kind][2], network_rows(kind, actor, asked)
        if kind == NETWORK_PARTICIPATIONS:
            return read_of_participations(rows, columns, actor, asked, keys)
        return batches(rows, chosen(columns, keys), ())

    return read


NETWORK_LISTS: dict[str, tuple[type[Any], Callable[[Actor, Mapping[str, Any]], QuerySet[Any]], tuple[Read, ...]]] = {
    NETWORK_ORGANISATIONS: (NetworkOrganisationFilterForm, network_organisations, NETWORK_ORGANISATION_COLUMNS),
    NETWORK_MISSIONS: (NetworkMissionFilterForm, network_missions, NETWORK_MISSION_COLUMNS),
    NETWORK_PARTICIPATIONS: (NetworkParticipationFilterForm, network_participations, NETWORK_PARTICIPATION_COLUMNS),
}


def _declare_network(kind: str, label: Any, file_name: Any) -> None:
    form, _rows, columns = NETWORK_LISTS[kind]
    ExportKind(
        key=kind,
        label=label,
        file_name=file_name,
        columns=lambda: [read.column for read in columns],
        person=actor_of,
        reader=reader,
        acts=as_supervisor,
        count=lambda actor, asked: network_rows(kind, actor, asked).count(),
        read=_read_network(kind),
        filters=narrowed_by(form),
    )


_declare_network(NETWORK_ORGANISATIONS, gettext_lazy("Structures du réseau"), gettext_lazy("structures-du-reseau"))

_declare_network(NETWORK_MISSIONS, gettext_lazy("Missions du réseau"), gettext_lazy("missions-du-reseau"))

_declare_network(NETWORK_PARTICIPATIONS, gettext_lazy("Participations du réseau"), gettext_lazy("participations-du-reseau"))
