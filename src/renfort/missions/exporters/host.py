"""The files that an organisation takes of its lists: missions with all their fields (R19), participations (R32).

What the lists show and nothing else: the same functions, filters and order (``selectors.host_lists``), for the same role.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import (
    Count,
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
from django.db.models.functions import Coalesce, Concat, NullIf
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext_lazy

from renfort.audit.enums import Way
from renfort.audit.services import contact_seen
from renfort.kernel.actors import Actor
from renfort.kernel.exports import Asked, ExportKind
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
from renfort.missions.exporters.reads import (
    Read,
    Sorts,
    Source,
    batches,
    chosen,
    in_language,
    joined,
    labels,
    moment_of,
    narrowed_by,
    read_of,
    reader,
    reason_words,
    said_in,
)
from renfort.missions.forms.filters import MissionFilterForm, ParticipationFilterForm
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
from renfort.missions.selectors.participation import taking_place
from renfort.organisations.enums import Programme, ScopeKind
from renfort.organisations.selectors import actor_of

MOST_KNOWN = 10_000  # missions whose words are kept while their participations are read

MISSIONS, PARTICIPATIONS = "missions.missions", "missions.participations"


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


PARTICIPATION_COLUMNS: tuple[Read, ...] = (
    read_of("last_name", gettext_lazy("Nom"), "person__last_name"),
    read_of("first_name", gettext_lazy("Prénom"), "person__first_name"),
    read_of("email", gettext_lazy("E-mail"), "person__email", width=30, is_contact=True),
    read_of("mobile_phone", gettext_lazy("Téléphone mobile"), "person__mobile_phone", Kind.PHONE, is_contact=True),
    read_of(
        "landline_phone", gettext_lazy("Téléphone fixe"), "person__landline_phone", Kind.PHONE, is_contact=True, ticked=False
    ),
    read_of("birth_date", gettext_lazy("Date de naissance"), "person__birth_date", Kind.DAY, is_contact=True, ticked=False),
    read_of("mission", gettext_lazy("Mission"), "title", width=36, of_mission=True),
    read_of("domain", gettext_lazy("Domaine d'action"), lambda: in_language("domain__short"), width=28, of_mission=True),
    read_of("starts_on", pgettext_lazy("column", "Début"), "starts_on", Kind.DAY, of_mission=True),
    read_of("ends_on", pgettext_lazy("column", "Fin"), "ends_on", Kind.DAY, of_mission=True),
    read_of("state", gettext_lazy("Statut"), "state", words=labels(ParticipationState), width=26),
    read_of("created_at", gettext_lazy("Créé le"), lambda: moment_of("created_at", "mission__zone"), Kind.MOMENT),
    read_of("decided_at", gettext_lazy("Répondu le"), lambda: moment_of("decided_at", "mission__zone"), Kind.MOMENT),
    read_of("refusal_reason", gettext_lazy("Raison du refus"), "refusal_reason", words=reason_words(RefusalReason), width=30),
    read_of(
        "withdrawal_reason",
        gettext_lazy("Raison du désistement"),
        "withdrawal_reason",
        words=reason_words(WithdrawalReason),
        width=30,
    ),
    read_of("presence", gettext_lazy("Type de mission"), "presence", of_mission=True, words=labels(Presence), ticked=False),
    read_of("format", gettext_lazy("Format de mission"), "format", of_mission=True, words=labels(Format), ticked=False),
    read_of("city", gettext_lazy("Ville"), "city", of_mission=True, ticked=False),
    read_of("department", gettext_lazy("Département"), "department_id", of_mission=True, ticked=False, width=14),
    read_of(
        "rules_at", gettext_lazy("Règles acceptées le"), lambda: moment_of("rules_at", "mission__zone"), Kind.MOMENT, ticked=False
    ),
    read_of("slots", gettext_lazy("Créneaux"), _own_slots, ticked=False, width=34),
    read_of("hours", gettext_lazy("Heures confirmées"), _confirmed_hours, Kind.NUMBER, ticked=False, width=16),
    read_of("prerequisites", gettext_lazy("Prérequis confirmés"), _together("prerequisites"), ticked=False, width=30),
    read_of("mission_number", gettext_lazy("Numéro de la mission"), "mission_id", Kind.NUMBER, ticked=False),
    read_of("number", gettext_lazy("Numéro de la participation"), "id", Kind.NUMBER, ticked=False),
)


def participations(actor: Actor, asked: Asked) -> QuerySet[Participation]:
    """The rows of the list, in its order."""
    said = said_in(ParticipationFilterForm, asked)
    rows = host_participations(actor, asked.organisation or 0, said)
    return _ordered(rows, asked, PARTICIPATION_SORTS, FEW_PARTICIPATION_SORTS)


def read_participations(actor: Actor, asked: Asked, keys: Sequence[str]) -> Iterator[Batch]:
    """The asked columns of the organisation's list; see ``read_of_participations``."""
    return read_of_participations(participations(actor, asked), PARTICIPATION_COLUMNS, actor, asked, keys)


def read_of_participations(
    rows: QuerySet[Participation], columns: Sequence[Read], actor: Actor, asked: Asked, keys: Sequence[str]
) -> Iterator[Batch]:
    """The asked columns, batch by batch; whoever's contact data are in a batch is noted before it is handed over (R37).

    Contact data of a participation closed for more than thirty days are left out, cell by cell.
    """
    reads = chosen(columns, keys)
    own, shared = [read for read in reads if not read.of_mission], [read for read in reads if read.of_mission]
    has_contacts = any(read.column.is_contact for read in reads)
    if has_contacts:
        rows = rows.annotate(contact_is_open=contact_open(timezone.now()))
    before = ("mission_id", "person_id", "contact_is_open") if has_contacts else ("mission_id",)
    missions_of_rows = _Missions(shared)
    for cells in batches(rows, own, before):
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
            for cells in batches(Mission.objects.filter(pk__in=missing).order_by("pk"), self.reads, ("pk",)):
                self.known.update(zip(cells[0], zip(*cells[1:], strict=True), strict=True))
        # a row of cells looked up once for each participation, then all turned round at once: a fifth of the time cell by cell
        columns = zip(*map(self.known.__getitem__, ids), strict=True)
        return dict(zip((read.column.key for read in self.reads), columns, strict=True))


def _figure(*which: Any) -> Callable[[], Source]:
    """How many participations of the mission are such."""

    def counted() -> Source:
        found = Participation.objects.filter(*which, mission=OuterRef("pk")).order_by().values("mission")
        return Coalesce(Subquery(found.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)

    return counted


def _publics() -> Source:
    label = in_language("public__label")
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
    read_of("number", gettext_lazy("Numéro"), "id", Kind.NUMBER),
    read_of("title", gettext_lazy("Titre"), "title", width=36),
    read_of("domain", gettext_lazy("Domaine d'action"), lambda: in_language("domain__short"), width=28),
    read_of("state", gettext_lazy("Statut"), "state", words=labels(MissionState), width=24),
    read_of("presence", gettext_lazy("Type de mission"), "presence", words=labels(Presence)),
    read_of("format", gettext_lazy("Format de mission"), "format", words=labels(Format)),
    read_of("places", gettext_lazy("Places"), "places", Kind.NUMBER),
    read_of("taken", gettext_lazy("Places prises"), _figure(taking_place()), Kind.NUMBER, width=14),
    read_of(
        "pending", gettext_lazy("Propositions en attente"), _figure(Q(state=ParticipationState.PENDING)), Kind.NUMBER, width=22
    ),
    read_of(
        "active",
        gettext_lazy("Participations en cours"),
        _figure(Q(state__in=[str(each) for each in ACTIVE])),
        Kind.NUMBER,
        width=22,
    ),
    read_of("done", gettext_lazy("Participations effectuées"), _figure(Q(state=ParticipationState.DONE)), Kind.NUMBER, width=24),
    read_of("all", gettext_lazy("Participations en tout"), _figure(), Kind.NUMBER, width=20),
    read_of("starts_on", gettext_lazy("Date de début"), "starts_on", Kind.DAY, width=14),
    read_of("ends_on", gettext_lazy("Date de fin"), "ends_on", Kind.DAY, width=14),
    read_of("schedule", gettext_lazy("Informations complémentaires concernant les dates et horaires"), "schedule", width=30),
    read_of("description", gettext_lazy("Commentaire par la structure"), "description", width=40),
    read_of("safety", gettext_lazy("Dispositions prises pour la sécurité et l'encadrement"), "safety", width=40),
    read_of("rules_at", gettext_lazy("Respect des règles confirmé le"), lambda: moment_of("rules_at", "zone"), Kind.MOMENT),
    read_of("publics", gettext_lazy("Public bénéficiaire"), _publics, width=30),
    read_of("address", gettext_lazy("Adresse"), "address", width=30),
    read_of("postcode", gettext_lazy("Code postal"), "postcode", width=12),
    read_of("city", gettext_lazy("Ville"), "city"),
    read_of("department", gettext_lazy("Département"), joined("department_id", "department__name", between=" - ")),
    read_of(
        "responsible",
        gettext_lazy("Responsable de la mission"),
        joined("responsible__first_name", "responsible__last_name"),
        width=26,
    ),
    read_of("deputies", gettext_lazy("Autres responsables"), _deputies, width=26),
    read_of("contacts", gettext_lazy("Contacts"), _contacts, width=40),
    read_of("other_addresses", gettext_lazy("Autres adresses"), _other_addresses, width=30),
    read_of("slots", gettext_lazy("Créneaux"), _slots, width=34),
    read_of("prerequisites", gettext_lazy("Prérequis"), _together("prerequisites"), width=30),
    read_of("created_at", gettext_lazy("Créée le"), lambda: moment_of("created_at", "zone"), Kind.MOMENT),
    read_of("published_at", gettext_lazy("Mise en ligne le"), lambda: moment_of("published_at", "zone"), Kind.MOMENT),
)


def missions(actor: Actor, asked: Asked) -> QuerySet[Mission]:
    """The rows of the list, in its order."""
    rows = host_missions(actor, asked.organisation or 0, said_in(MissionFilterForm, asked))
    return _ordered(rows, asked, MISSION_SORTS, FEW_MISSION_SORTS)


def read_missions(actor: Actor, asked: Asked, keys: Sequence[str]) -> Iterator[Batch]:
    """The asked columns, batch by batch."""
    return batches(missions(actor, asked), chosen(MISSION_COLUMNS, keys), ())


def in_role(whole: Actor, asked: Asked) -> Actor | None:
    """The person in the role of the list, when it is still held on that organisation; else None."""
    actor = whole.in_role(asked.role)
    held = actor.acting if actor else None
    if held is None or held.programme != Programme.RESERVE or held.scope_kind != ScopeKind.ORGANISATION:
        return None
    return actor if held.scope == str(asked.organisation) else None


def _ordered(rows: QuerySet[Any], asked: Asked, sorts: Sorts, few_sorts: Sorts) -> QuerySet[Any]:
    """In the order that the list shows: newest first unless its address asks for another, which some lists are too long for."""
    order = str(QueryDict(asked.query).get("tri", ""))
    if order.removeprefix("-") in few_sorts and rows.count() <= FEW:
        return in_order(rows, order, few_sorts)
    return in_order(rows, order, sorts)


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
    filters=narrowed_by(ParticipationFilterForm),
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
    filters=narrowed_by(MissionFilterForm),
)
