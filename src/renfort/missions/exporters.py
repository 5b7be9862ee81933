"""The files that an organisation takes of its lists: missions with all their fields (R19), participations (R32); those that a
referent takes of the territory's, and the head of a national network of the network's (R51, R56).

What the lists show and nothing else: the same functions, filters and order (``selectors.host_lists``), for the same role.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import (
    Count,
    DateTimeField,
    F,
    FloatField,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextField,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Concat, NullIf
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from renfort.audit.enums import Way
from renfort.audit.services import contact_seen
from renfort.kernel.actors import Actor
from renfort.kernel.exports import Asked, ExportColumn, ExportKind
from renfort.kernel.messages import Recipient
from renfort.kernel.sheets import Batch, Kind
from renfort.missions.enums import (
    ACTIVE,
    Format,
    HoursState,
    MissionState,
    ParticipationState,
    Presence,
    SlotState,
)
from renfort.missions.forms.filters import MissionFilterForm, ParticipationFilterForm
from renfort.missions.forms.network import NetworkMissionFilterForm, NetworkOrganisationFilterForm, NetworkParticipationFilterForm
from renfort.missions.forms.territory import (
    OrganisationFilterForm,
    TerritoryFilterForm,
    TerritoryMissionFilterForm,
    TerritoryParticipationFilterForm,
)
from renfort.missions.models import (
    Booking,
    Contact,
    HoursEntry,
    Mission,
    MissionAddress,
    Participation,
    RefusalReason,
    Slot,
    WithdrawalReason,
)
from renfort.missions.models.reasons import Reason
from renfort.missions.selectors.contacts import contact_open
from renfort.missions.selectors.host_lists import (
    FEW,
    FEW_MISSION_SORTS,
    FEW_PARTICIPATION_SORTS,
    MISSION_SORTS,
    PARTICIPATION_SORTS,
    host_missions,
    host_participations,
    in_order,
)
from renfort.missions.selectors.network import network_missions, network_organisations, network_participations
from renfort.missions.selectors.participation import taking_place
from renfort.missions.selectors.reasons import reasons_worded
from renfort.missions.selectors.territory import (
    LATE_CASES,
    TO_VALIDATE,
    online,
    territory_missions,
    territory_organisations,
    territory_participations,
)
from renfort.organisations.enums import OrganisationState, Programme, Role, ScopeKind
from renfort.organisations.models import Organisation
from renfort.organisations.selectors import actor_of, ever_members_of
from renfort.organisations.selectors.perimeter import departments_overseen
from renfort.people.models import Person
from renfort.people.selectors import recipient_of
from renfort.territories.selectors import departments

BATCH = 2000  # rows held at once
MOST_KNOWN = 10_000  # missions whose words are kept while their participations are read
Source = str | Combinable
Sorts = Mapping[str, tuple[str, ...]]
MISSIONS, PARTICIPATIONS = "missions.missions", "missions.participations"
NETWORK_ORGANISATIONS, NETWORK_MISSIONS = "missions.network_organisations", "missions.network_missions"
NETWORK_PARTICIPATIONS = "missions.network_participations"
TERRITORY_ORGANISATIONS, TERRITORY_MISSIONS = "missions.territory_organisations", "missions.territory_missions"
TERRITORY_PARTICIPATIONS = "missions.territory_participations"


@dataclass(frozen=True, slots=True)
class Read:
    """A column with where its cells come from. ``words`` gives the words of codes, in the reader's language.

    ``of_mission``: the source is a mission's, which many participations share: read once a batch for each mission, which is
    a third of the time of a large file.
    """

    column: ExportColumn
    source: Callable[[], Source]
    words: Callable[[], Mapping[Any, Any]] | None = None
    of_mission: bool = False


def _read(
    key: str,
    label: Any,
    source: Source | Callable[[], Source],
    kind: Kind = Kind.TEXT,
    *,
    words: Any = None,
    of_mission: bool = False,
    **more: Any,
) -> Read:
    column = ExportColumn(key=key, label=label, kind=kind, **more)
    return Read(column, source if callable(source) else lambda: source, words, of_mission)


def _reasons(model: type[Reason]) -> Callable[[], Mapping[Any, Any]]:
    """The words of a list of reasons as they are today."""
    return lambda: {"": None, **reasons_worded(model)}


def _labels(choices: Any) -> Callable[[], Mapping[Any, Any]]:
    return lambda: {"": None, **{value: str(label) for value, label in choices.choices}}


def _moment(field: str, zone: str) -> Func:
    """A moment as the clocks of the mission's place show it."""
    return Func(F(zone), F(field), function="timezone", output_field=DateTimeField())


def _in_language(field: str) -> Source:
    """The operator's words in the reader's language; French where there is no English."""
    if (get_language() or "fr").startswith("en"):
        return Coalesce(NullIf(F(f"{field}_en"), Value("")), F(f"{field}_fr"))
    return F(f"{field}_fr")


def _joined(*fields: str, between: str = " ") -> Concat:
    parts: list[Any] = []
    for field in fields:
        parts += [F(field), Value(between)] if field != fields[-1] else [F(field)]
    return Concat(*parts, output_field=TextField())


def _slot_words(slot: str = "") -> Func:
    """« 05/12/2026 09:00 – 12:00 », on the clocks of the place."""
    parts = [
        Func(Func(F(f"{slot}mission__zone"), F(f"{slot}{name}"), function="timezone"), Value(pattern), function="to_char")
        for name, pattern in (("starts_at", "DD/MM/YYYY HH24:MI"), ("ends_at", "HH24:MI"))
    ]
    return Func(parts[0], Value(" – "), parts[1], function="concat", output_field=TextField())


def _own_slots() -> Source:
    """The slots that a participation holds or, while it waits, asks for (R61)."""
    mine = Booking.objects.filter(participation=OuterRef("pk"), slot__state=SlotState.OPEN).filter(
        Q(granted_at__isnull=False) | Q(participation__state=ParticipationState.PENDING)
    )
    words = StringAgg(_slot_words("slot__"), delimiter=" ; ", order_by="slot__starts_at", output_field=TextField())
    return Subquery(mine.order_by().values("participation").annotate(words=words).values("words"), output_field=TextField())


def _confirmed_hours() -> Source:
    """Hours that both sides agree on, the only ones that count (R33)."""
    found = HoursEntry.objects.filter(participation=OuterRef("pk"), state=HoursState.CONFIRMED).order_by().values("participation")
    total = Sum(F("quarters") / Value(4.0), output_field=FloatField())
    return Subquery(found.annotate(total=total).values("total"), output_field=FloatField())


def _together(field: str) -> Callable[[], Source]:
    """The sentences of an array, one after the other."""
    return lambda: Func(F(field), Value(" ; "), function="array_to_string", output_field=TextField())


# ── participations ────────────────────────────────────────────────────────────────────────────────
PARTICIPATION_COLUMNS: tuple[Read, ...] = (
    _read("last_name", gettext_lazy("Nom"), "person__last_name"),
    _read("first_name", gettext_lazy("Prénom"), "person__first_name"),
    _read("email", gettext_lazy("E-mail"), "person__email", width=30, is_contact=True),
    _read("mobile_phone", gettext_lazy("Téléphone mobile"), "person__mobile_phone", Kind.PHONE, is_contact=True),
    _read("landline_phone", gettext_lazy("Téléphone fixe"), "person__landline_phone", Kind.PHONE, is_contact=True, ticked=False),
    _read("birth_date", gettext_lazy("Date de naissance"), "person__birth_date", Kind.DAY, is_contact=True, ticked=False),
    _read("mission", gettext_lazy("Mission"), "title", width=36, of_mission=True),
    _read("domain", gettext_lazy("Domaine d'action"), lambda: _in_language("domain__short"), width=28, of_mission=True),
    _read("starts_on", pgettext_lazy("column", "Début"), "starts_on", Kind.DAY, of_mission=True),
    _read("ends_on", pgettext_lazy("column", "Fin"), "ends_on", Kind.DAY, of_mission=True),
    _read("state", gettext_lazy("Statut"), "state", words=_labels(ParticipationState), width=26),
    _read("created_at", gettext_lazy("Créé le"), lambda: _moment("created_at", "mission__zone"), Kind.MOMENT),
    _read("decided_at", gettext_lazy("Répondu le"), lambda: _moment("decided_at", "mission__zone"), Kind.MOMENT),
    _read("refusal_reason", gettext_lazy("Raison du refus"), "refusal_reason", words=_reasons(RefusalReason), width=30),
    _read(
        "withdrawal_reason",
        gettext_lazy("Raison du désistement"),
        "withdrawal_reason",
        words=_reasons(WithdrawalReason),
        width=30,
    ),
    _read("presence", gettext_lazy("Type de mission"), "presence", of_mission=True, words=_labels(Presence), ticked=False),
    _read("format", gettext_lazy("Format de mission"), "format", of_mission=True, words=_labels(Format), ticked=False),
    _read("city", gettext_lazy("Ville"), "city", of_mission=True, ticked=False),
    _read("department", gettext_lazy("Département"), "department_id", of_mission=True, ticked=False, width=14),
    _read(
        "rules_at", gettext_lazy("Règles acceptées le"), lambda: _moment("rules_at", "mission__zone"), Kind.MOMENT, ticked=False
    ),
    _read("slots", gettext_lazy("Créneaux"), _own_slots, ticked=False, width=34),
    _read("hours", gettext_lazy("Heures confirmées"), _confirmed_hours, Kind.NUMBER, ticked=False, width=16),
    _read("prerequisites", gettext_lazy("Prérequis confirmés"), _together("prerequisites"), ticked=False, width=30),
    _read("mission_number", gettext_lazy("Numéro de la mission"), "mission_id", Kind.NUMBER, ticked=False),
    _read("number", gettext_lazy("Numéro de la participation"), "id", Kind.NUMBER, ticked=False),
)


def participations(actor: Actor, asked: Asked) -> QuerySet[Participation]:
    """The rows of the list, in its order."""
    said = _said(ParticipationFilterForm, asked)
    rows = host_participations(actor, asked.organisation or 0, said)
    return _ordered(rows, asked, PARTICIPATION_SORTS, FEW_PARTICIPATION_SORTS)


def read_participations(actor: Actor, asked: Asked, keys: Sequence[str]) -> Iterator[Batch]:
    """The asked columns of the organisation's list; see ``_read_participations``."""
    return _read_participations(participations(actor, asked), PARTICIPATION_COLUMNS, actor, asked, keys)


def _read_participations(
    rows: QuerySet[Participation], columns: Sequence[Read], actor: Actor, asked: Asked, keys: Sequence[str]
) -> Iterator[Batch]:
    """The asked columns, batch by batch; whoever's contact data are in a batch is noted before it is handed over (R37).

    Contact data of a participation closed for more than thirty days are left out, cell by cell.
    """
    reads = _chosen(columns, keys)
    own, shared = [read for read in reads if not read.of_mission], [read for read in reads if read.of_mission]
    has_contacts = any(read.column.is_contact for read in reads)
    if has_contacts:
        rows = rows.annotate(contact_is_open=contact_open(timezone.now()))
    before = ("mission_id", "person_id", "contact_is_open") if has_contacts else ("mission_id",)
    missions_of_rows = _Missions(shared)
    for cells in _batches(rows, own, before):
        by_key = dict(zip((read.column.key for read in own), cells[len(before) :], strict=True))
        if has_contacts:
            _only_open(by_key, own, cells[2])
            seen = [person for person, is_shown in zip(cells[1], cells[2], strict=True) if is_shown]
            contact_seen(viewer=actor, people=seen, organisation=asked.organisation, way=Way.EXPORT)
        if shared:
            by_key.update(missions_of_rows.cells(cells[0]))
        yield [by_key[key] for key in keys]


def _only_open(by_key: dict[str, Sequence[Any]], reads: Sequence[Read], shown: Sequence[bool]) -> None:
    """Leave out what may no longer be seen."""
    if all(shown):
        return
    for read in reads:
        if read.column.is_contact:
            cells = by_key[read.column.key]
            by_key[read.column.key] = [cell if is_shown else None for cell, is_shown in zip(cells, shown, strict=True)]


class _Missions:
    """What the missions of some participations say, read once for each of them."""

    def __init__(self, reads: Sequence[Read]) -> None:
        self.reads = reads
        self.known: dict[int, tuple[Any, ...]] = {}

    def cells(self, ids: Sequence[int]) -> dict[str, Sequence[Any]]:
        """The cells of the participations of these missions, by column. One query at most."""
        missing = set(ids).difference(self.known)
        if missing:
            if len(self.known) > MOST_KNOWN:  # memory is flat, however many missions there are
                self.known, missing = {}, set(ids)
            for cells in _batches(Mission.objects.filter(pk__in=missing).order_by("pk"), self.reads, ("pk",)):
                self.known.update(zip(cells[0], zip(*cells[1:], strict=True), strict=True))
        # a row of cells looked up once for each participation, then all turned round at once: a fifth of the time cell by cell
        columns = zip(*map(self.known.__getitem__, ids), strict=True)
        return dict(zip((read.column.key for read in self.reads), columns, strict=True))


# ── missions ──────────────────────────────────────────────────────────────────────────────────────
def _figure(*which: Any) -> Callable[[], Source]:
    """How many participations of the mission are such."""

    def counted() -> Source:
        found = Participation.objects.filter(*which, mission=OuterRef("pk")).order_by().values("mission")
        return Coalesce(Subquery(found.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)

    return counted


def _publics() -> Source:
    label = _in_language("public__label")
    through: Any = Mission.publics.through
    chosen = through.objects.filter(mission_id=OuterRef("pk")).order_by().values("mission_id")
    words = StringAgg(label, delimiter=", ", order_by="public__position", output_field=TextField())
    return Subquery(chosen.annotate(words=words).values("words"), output_field=TextField())


def _contacts() -> Source:
    """Whom volunteers call: « Maryse Contact, 05 56 01 02 03, 9 h – 12 h ; … »."""
    parts = [NullIf(F(name), Value("")) for name in ("name", "phone", "email", "hours")]
    one = Func(Value(", "), *parts, function="concat_ws", output_field=TextField())
    found = Contact.objects.filter(mission=OuterRef("pk")).order_by().values("mission")
    words = StringAgg(one, delimiter=" ; ", order_by=("position", "id"), output_field=TextField())
    return Subquery(found.annotate(words=words).values("words"), output_field=TextField())


def _slots() -> Source:
    """The slots of a mission that are held (R61)."""
    found = Slot.objects.filter(mission=OuterRef("pk"), state=SlotState.OPEN).order_by().values("mission")
    said = StringAgg(_slot_words(), delimiter=" ; ", order_by="starts_at", output_field=TextField())
    return Subquery(found.annotate(said=said).values("said"), output_field=TextField())


def _other_addresses() -> Source:
    """Where else it takes place: « 2 rue X, 33000 Bordeaux ; … »."""
    parts = [NullIf(F(name), Value("")) for name in ("address", "postcode", "city")]
    one = Func(Value(", "), *parts, function="concat_ws", output_field=TextField())
    found = MissionAddress.objects.filter(mission=OuterRef("pk")).order_by().values("mission")
    words = StringAgg(one, delimiter=" ; ", order_by="id", output_field=TextField())
    return Subquery(found.annotate(words=words).values("words"), output_field=TextField())


def _deputies() -> Source:
    """The other responsible persons."""
    through: Any = Mission.deputies.through
    name = Concat("person__first_name", Value(" "), "person__last_name", output_field=TextField())
    found = through.objects.filter(mission_id=OuterRef("pk")).order_by().values("mission_id")
    words = StringAgg(name, delimiter=", ", order_by="person__last_name", output_field=TextField())
    return Subquery(found.annotate(words=words).values("words"), output_field=TextField())


MISSION_COLUMNS: tuple[Read, ...] = (
    _read("number", gettext_lazy("Numéro"), "id", Kind.NUMBER),
    _read("title", gettext_lazy("Titre"), "title", width=36),
    _read("domain", gettext_lazy("Domaine d'action"), lambda: _in_language("domain__short"), width=28),
    _read("state", gettext_lazy("Statut"), "state", words=_labels(MissionState), width=24),
    _read("presence", gettext_lazy("Type de mission"), "presence", words=_labels(Presence)),
    _read("format", gettext_lazy("Format de mission"), "format", words=_labels(Format)),
    _read("places", gettext_lazy("Places"), "places", Kind.NUMBER),
    _read("taken", gettext_lazy("Places prises"), _figure(taking_place()), Kind.NUMBER, width=14),
    _read(
        "pending", gettext_lazy("Propositions en attente"), _figure(Q(state=ParticipationState.PENDING)), Kind.NUMBER, width=22
    ),
    _read(
        "active",
        gettext_lazy("Participations en cours"),
        _figure(Q(state__in=[str(each) for each in ACTIVE])),
        Kind.NUMBER,
        width=22,
    ),
    _read("done", gettext_lazy("Participations effectuées"), _figure(Q(state=ParticipationState.DONE)), Kind.NUMBER, width=24),
    _read("all", gettext_lazy("Participations en tout"), _figure(), Kind.NUMBER, width=20),
    _read("starts_on", gettext_lazy("Date de début"), "starts_on", Kind.DAY, width=14),
    _read("ends_on", gettext_lazy("Date de fin"), "ends_on", Kind.DAY, width=14),
    _read("schedule", gettext_lazy("Informations complémentaires concernant les dates et horaires"), "schedule", width=30),
    _read("description", gettext_lazy("Commentaire par la structure"), "description", width=40),
    _read("safety", gettext_lazy("Dispositions prises pour la sécurité et l'encadrement"), "safety", width=40),
    _read("rules_at", gettext_lazy("Respect des règles confirmé le"), lambda: _moment("rules_at", "zone"), Kind.MOMENT),
    _read("publics", gettext_lazy("Public bénéficiaire"), _publics, width=30),
    _read("address", gettext_lazy("Adresse"), "address", width=30),
    _read("postcode", gettext_lazy("Code postal"), "postcode", width=12),
    _read("city", gettext_lazy("Ville"), "city"),
    _read("department", gettext_lazy("Département"), _joined("department_id", "department__name", between=" - ")),
    _read(
        "responsible",
        gettext_lazy("Responsable de la mission"),
        _joined("responsible__first_name", "responsible__last_name"),
        width=26,
    ),
    _read("deputies", gettext_lazy("Autres responsables"), _deputies, width=26),
    _read("contacts", gettext_lazy("Contacts"), _contacts, width=40),
    _read("other_addresses", gettext_lazy("Autres adresses"), _other_addresses, width=30),
    _read("slots", gettext_lazy("Créneaux"), _slots, width=34),
    _read("prerequisites", gettext_lazy("Prérequis"), _together("prerequisites"), width=30),
    _read("created_at", gettext_lazy("Créée le"), lambda: _moment("created_at", "zone"), Kind.MOMENT),
    _read("published_at", gettext_lazy("Mise en ligne le"), lambda: _moment("published_at", "zone"), Kind.MOMENT),
)


def missions(actor: Actor, asked: Asked) -> QuerySet[Mission]:
    """The rows of the list, in its order."""
    rows = host_missions(actor, asked.organisation or 0, _said(MissionFilterForm, asked))
    return _ordered(rows, asked, MISSION_SORTS, FEW_MISSION_SORTS)


def read_missions(actor: Actor, asked: Asked, keys: Sequence[str]) -> Iterator[Batch]:
    """The asked columns, batch by batch."""
    return _batches(missions(actor, asked), _chosen(MISSION_COLUMNS, keys), ())


# ── the lists of a national network's head (R56) ──────────────────────────────────────────────────
def _missions_online() -> Source:
    """How many missions of the organisation are online now."""
    found = Mission.objects.filter(online(timezone.now()), organisation=OuterRef("pk")).order_by().values("organisation")
    return Coalesce(Subquery(found.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)


def _participations_of(*which: Any) -> Callable[[], Source]:
    """How many participations of the organisation are such."""

    def counted() -> Source:
        found = Participation.objects.filter(*which, organisation=OuterRef("pk")).order_by().values("organisation")
        return Coalesce(Subquery(found.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)

    return counted


NETWORK_ORGANISATION_COLUMNS: tuple[Read, ...] = (
    _read("number", gettext_lazy("Numéro"), "id", Kind.NUMBER),
    _read("name", gettext_lazy("Structure"), "name", width=36),
    _read("legal_status", gettext_lazy("Statut juridique"), lambda: _in_language("legal_status__label"), width=26),
    _read("state", gettext_lazy("Statut"), "state", words=_labels(OrganisationState), width=24),
    _read("siret", gettext_lazy("SIRET"), "siret", width=18),
    _read("rna", gettext_lazy("Numéro RNA"), "rna", width=14),
    _read("address", gettext_lazy("Adresse"), "address", width=30),
    _read("postcode", gettext_lazy("Code postal"), "postcode", width=12),
    _read("city", gettext_lazy("Ville"), "city"),
    _read("department", gettext_lazy("Département"), _joined("department_id", "department__name", between=" - ")),
    _read("website", gettext_lazy("Site internet"), "website", width=26, ticked=False),
    _read("online", gettext_lazy("Missions en ligne"), _missions_online, Kind.NUMBER, width=18),
    _read("participations", gettext_lazy("Participations en tout"), _participations_of(), Kind.NUMBER, width=20),
    _read(
        "done",
        gettext_lazy("Participations effectuées"),
        _participations_of(Q(state=ParticipationState.DONE)),
        Kind.NUMBER,
        width=24,
    ),
    _read("created_at", gettext_lazy("Inscrite le"), lambda: _moment("created_at", "department__zone"), Kind.MOMENT),
)
WHOSE = _read("organisation", gettext_lazy("Structure"), "organisation__name", width=30)
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
    found: QuerySet[Any] = rows(actor, _said(form, asked))
    return found.order_by("-id")


def _read_network(kind: str) -> Callable[[Actor, Asked, Sequence[str]], Iterator[Batch]]:
    def read(actor: Actor, asked: Asked, keys: Sequence[str]) -> Iterator[Batch]:
        columns, rows = NETWORK_LISTS[kind][2], network_rows(kind, actor, asked)
        if kind == NETWORK_PARTICIPATIONS:
            return _read_participations(rows, columns, actor, asked, keys)
        return _batches(rows, _chosen(columns, keys), ())

    return read


# ── what both share ───────────────────────────────────────────────────────────────────────────────
def in_role(whole: Actor, asked: Asked) -> Actor | None:
    """The person in the role of the list, when it is still held on that organisation; else None."""
    actor = whole.in_role(asked.role)
    held = actor.acting if actor else None
    if held is None or held.programme != Programme.RESERVE or held.scope_kind != ScopeKind.ORGANISATION:
        return None
    return actor if held.scope == str(asked.organisation) else None


def reader(person_id: int) -> Recipient | None:
    """How the person is told."""
    person = Person.objects.select_related("account").filter(pk=person_id).first()
    return recipient_of(person) if person else None


def _said(form: type[Any], asked: Asked) -> dict[str, Any]:
    """What the list's address asks for, read as the list reads it: what it cannot understand narrows nothing."""
    filled = form(QueryDict(asked.query))
    filled.is_valid()
    return dict(filled.cleaned_data)


def _filters(form: type[Any]) -> Callable[[Asked], Sequence[str]]:
    """What narrows the list, in words: « Statut : Validée »."""

    def words(asked: Asked) -> list[str]:
        filled = form(QueryDict(asked.query))
        filled.is_valid()
        if filled.cleaned_data.get("responsable"):
            filled.name_team({grant.person_id: grant.person.full_name for grant in ever_members_of(asked.organisation or 0)})
        found = []
        for name, value in filled.cleaned_data.items():
            if value in (None, "", [], ()) or filled.fields[name].widget.is_hidden:
                continue
            labels = dict(getattr(filled.fields[name], "choices", ()))
            shown = labels.get(value, value) if isinstance(value, str) else value
            found.append(_("%(name)s : %(value)s") % {"name": filled.fields[name].label, "value": shown})
        return found

    return words


def _ordered(rows: QuerySet[Any], asked: Asked, sorts: Sorts, few_sorts: Sorts) -> QuerySet[Any]:
    """In the order that the list shows: newest first unless its address asks for another, which some lists are too long for."""
    order = str(QueryDict(asked.query).get("tri", ""))
    if order.removeprefix("-") in few_sorts and rows.count() <= FEW:
        return in_order(rows, order, few_sorts)
    return in_order(rows, order, sorts)


def _chosen(reads: Sequence[Read], keys: Sequence[str]) -> list[Read]:
    by_key = {read.column.key: read for read in reads}
    return [by_key[key] for key in keys]


def _batches(rows: QuerySet[Any], reads: Sequence[Read], before: Sequence[str]) -> Iterator[Batch]:
    """The rows by a server-side cursor, as columns: those named in ``before``, then what was chosen."""
    named = {f"cell_{number}": source for number, read in enumerate(reads) if not isinstance(source := read.source(), str)}
    sources = [f"cell_{number}" if f"cell_{number}" in named else read.source() for number, read in enumerate(reads)]
    words = [read.words() if read.words else None for read in reads]
    found = rows.annotate(**named).values_list(*before, *sources).iterator(chunk_size=BATCH)
    while batch := list(islice(found, BATCH)):
        columns = list(zip(*batch, strict=True))
        cells: list[Sequence[Any]] = list(columns[: len(before)])
        for column, known in zip(columns[len(before) :], words, strict=True):
            cells.append(column if known is None else list(map(known.get, column, column)))
        yield cells


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
        filters=_filters(form),
    )


_declare_network(NETWORK_ORGANISATIONS, gettext_lazy("Structures du réseau"), gettext_lazy("structures-du-reseau"))
_declare_network(NETWORK_MISSIONS, gettext_lazy("Missions du réseau"), gettext_lazy("missions-du-reseau"))
_declare_network(NETWORK_PARTICIPATIONS, gettext_lazy("Participations du réseau"), gettext_lazy("participations-du-reseau"))


# ── a referent's lists (R51, R52) ─────────────────────────────────────────────────────────────────
TERRITORY_MISSION_COLUMNS = (_read("organisation", gettext_lazy("Structure"), "organisation__name", width=30), *MISSION_COLUMNS)
TERRITORY_PARTICIPATION_COLUMNS: tuple[Read, ...] = (  # no contact data: a referent says a purpose for each person (R37)
    _read("last_name", gettext_lazy("Nom"), "person__last_name"),
    _read("first_name", gettext_lazy("Prénom"), "person__first_name"),
    _read("organisation", gettext_lazy("Structure"), "organisation__name", width=30),
    _read("mission", gettext_lazy("Mission"), "mission__title", width=36),
    _read("domain", gettext_lazy("Domaine d'action"), lambda: _in_language("mission__domain__short"), width=28),
    _read("starts_on", pgettext_lazy("column", "Début"), "mission__starts_on", Kind.DAY),
    _read("ends_on", pgettext_lazy("column", "Fin"), "mission__ends_on", Kind.DAY),
    _read("state", gettext_lazy("Statut"), "state", words=_labels(ParticipationState), width=26),
    _read("created_at", gettext_lazy("Créé le"), lambda: _moment("created_at", "mission__zone"), Kind.MOMENT),
    _read("decided_at", gettext_lazy("Répondu le"), lambda: _moment("decided_at", "mission__zone"), Kind.MOMENT),
    _read("city", gettext_lazy("Ville"), "mission__city", ticked=False),
    _read("department", gettext_lazy("Département"), "mission__department_id", width=14),
    _read("mission_number", gettext_lazy("Numéro de la mission"), "mission_id", Kind.NUMBER, ticked=False),
    _read("number", gettext_lazy("Numéro de la participation"), "id", Kind.NUMBER, ticked=False),
)


TERRITORY_ORGANISATION_COLUMNS: tuple[Read, ...] = (
    _read("number", gettext_lazy("Numéro"), "id", Kind.NUMBER),
    _read("name", gettext_lazy("Nom"), "name", width=36),
    _read("state", gettext_lazy("Statut"), "state", words=_labels(OrganisationState), width=24),
    _read("legal_status", gettext_lazy("Statut juridique"), lambda: _in_language("legal_status__label"), width=24),
    _read("siret", gettext_lazy("SIRET"), "siret", width=18),
    _read("rna", gettext_lazy("Numéro RNA"), "rna", width=14),
    _read("address", gettext_lazy("Adresse"), "address", width=30),
    _read("postcode", gettext_lazy("Code postal"), "postcode", width=12),
    _read("city", gettext_lazy("Ville"), "city"),
    _read("department", gettext_lazy("Département"), _joined("department_id", "department__name", between=" - ")),
    _read("online", gettext_lazy("Missions en ligne"), _missions_online, Kind.NUMBER, width=18),
    _read("created_at", gettext_lazy("Inscrite"), lambda: _moment("created_at", "department__zone"), Kind.MOMENT),
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
        read=lambda actor, asked, keys: _batches(rows(actor, asked), _chosen(reads, keys), ()),
        filters=_filters(_everywhere(form)),
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

ExportKind(
    key=PARTICIPATIONS,
    label=gettext_lazy("Participations"),
    file_name=gettext_lazy("participations"),
    columns=lambda: [read.column for read in PARTICIPATION_COLUMNS],
    person=actor_of,
    reader=reader,
    acts=in_role,
    count=lambda actor, asked: participations(actor, asked).count(),
    read=read_participations,
    filters=_filters(ParticipationFilterForm),
)
ExportKind(
    key=MISSIONS,
    label=gettext_lazy("Missions"),
    file_name=gettext_lazy("missions"),
    columns=lambda: [read.column for read in MISSION_COLUMNS],
    person=actor_of,
    reader=reader,
    acts=in_role,
    count=lambda actor, asked: missions(actor, asked).count(),
    read=read_missions,
    filters=_filters(MissionFilterForm),
)
