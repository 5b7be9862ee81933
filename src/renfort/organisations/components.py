"""Lines and badges of organisations' pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import conditional_escape as esc
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from renfort.audit.selectors import Line
from renfort.kernel.actions import Action, actions_of
from renfort.kernel.actors import Actor
from renfort.kernel.guides import plain
from renfort.kernel.templatetags.ui import badge, relative_time
from renfort.organisations.checks.kinds import Finding
from renfort.organisations.enums import DelegationState, InvitationState, MembershipState, MergeState, OrganisationState, Role
from renfort.organisations.models import (
    Delegation,
    Grant,
    Invitation,
    Merge,
    NetworkMembership,
    Organisation,
    Referent,
    ReferentInvitation,
)
from renfort.organisations.selectors.decisions import Said
from renfort.organisations.selectors.merges import LOSE_ALL, LOSE_OTHERS, READ_ABSORBED, READ_KEPT, RUN_ABSORBED, Change
from renfort.organisations.selectors.referents import DepartmentLine, is_absent, standing
from renfort.organisations.workflow import DELEGATION, INVITATION, MERGE, NETWORK, ORGANISATION, REFERENT_INVITATION
from renfort.territories.selectors import departments_in_words

# what was done, told afterwards, with its icon
PAST = {
    "organisations.organisation.open": (gettext_lazy("Structure inscrite"), "plus"),
    "organisations.organisation.edit": (gettext_lazy("Structure modifiée"), "edit"),
    "organisations.organisation.identify": (gettext_lazy("Nom, SIRET ou département changé"), "edit"),
    "organisations.organisation.logo": (gettext_lazy("Logo changé"), "edit"),
    "organisations.organisation.leave": (gettext_lazy("Structure retirée de la plateforme"), "sign-out"),
    "organisations.organisation.restore": (gettext_lazy("Structure rétablie"), "check"),
    "organisations.organisation.submit": (gettext_lazy("Structure proposée"), "share"),
    "organisations.organisation.take": (gettext_lazy("Dossier pris"), "hand"),
    "organisations.organisation.hand_back": (gettext_lazy("Dossier rendu"), "repeat"),
    "organisations.organisation.lapse": (gettext_lazy("Dossier redevenu libre"), "clock"),
    "organisations.organisation.validate": (gettext_lazy("Structure validée"), "check"),
    "organisations.organisation.ask_correction": (gettext_lazy("Correction demandée"), "edit"),
    "organisations.organisation.resubmit": (gettext_lazy("Structure proposée à nouveau"), "share"),
    "organisations.organisation.refuse": (gettext_lazy("Structure refusée"), "cross"),
    "organisations.organisation.reconsider": (gettext_lazy("Dossier rouvert"), "repeat"),
    "organisations.organisation.flag": (gettext_lazy("Structure signalée"), "warning"),
    "organisations.organisation.clear": (gettext_lazy("Signalement levé"), "check"),
    "organisations.organisation.absorb": (gettext_lazy("Fiche retirée par la fusion"), "sign-out"),
    "organisations.organisation.go_into": (gettext_lazy("Fusionnée avec une autre structure, qui reste"), "share"),
    "organisations.organisation.take_in": (gettext_lazy("Une autre fiche a été fusionnée avec celle-ci"), "plus"),
    "missions.host.merge": (gettext_lazy("Missions de l'autre fiche reprises"), "list"),
    "organisations.organisation.look_up": (gettext_lazy("Annuaire interrogé"), "search"),
    "organisations.check.change": (gettext_lazy("Réglage changé"), "edit"),
    "organisations.checkword.rename": (gettext_lazy("Mot changé"), "edit"),
    "add": (gettext_lazy("Entrée ajoutée"), "plus"),
    "rename": (gettext_lazy("Libellé changé"), "edit"),
    "move": (gettext_lazy("Ordre changé"), "repeat"),
    "withdraw": (gettext_lazy("Entrée retirée de la liste"), "cross"),
    "restore": (gettext_lazy("Entrée remise dans la liste"), "check"),
}
FIELDS = {
    "name": gettext_lazy("nom"),
    "description": gettext_lazy("description"),
    "legal_status_id": gettext_lazy("statut juridique"),
    "type_id": gettext_lazy("type"),
    "subtype_id": gettext_lazy("sous-type"),
    "siret": gettext_lazy("SIRET"),
    "rna": gettext_lazy("numéro RNA"),
    "website": gettext_lazy("site"),
    "agreements": gettext_lazy("agréments"),
    "address": gettext_lazy("adresse"),
    "postcode": gettext_lazy("code postal"),
    "city": gettext_lazy("ville"),
    "department_id": gettext_lazy("département"),
    "latitude": gettext_lazy("position"),
    "longitude": gettext_lazy("position"),
    "label_fr": gettext_lazy("français"),
    "label_en": gettext_lazy("anglais"),
    "text_fr": gettext_lazy("texte en français"),
    "text_en": gettext_lazy("texte en anglais"),
    "words": gettext_lazy("mot"),
    "kind": gettext_lazy("effet"),
    "weight": gettext_lazy("poids"),
    "threshold": gettext_lazy("seuil"),
    "is_active": gettext_lazy("en service"),
}
# before and after read well
SAID = (
    "name",
    "siret",
    "city",
    "postcode",
    "department_id",
    "rna",
    "website",
    "label_fr",
    "label_en",
    "words",
    "weight",
    "threshold",
)


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """One line of « Historique »."""

    what: str
    when: datetime
    who: str
    why: str = ""
    icon: str = "check"


def timeline_of(lines: Iterable[Line], names: dict[int, str]) -> list[TimelineLine]:
    """The history of an organisation or of an entry, in words. ``names`` are the people that the reader may know by name."""
    return [_line(line, names) for line in lines]


def _line(line: Line, names: dict[int, str]) -> TimelineLine:
    entry = line.entry
    words, icon = PAST.get(entry.verb) or PAST.get(entry.verb.rpartition(".")[2]) or (entry.verb, "check")
    parts = entry.role.split(":")
    role = str(Role(parts[1]).label) if len(parts) > 1 and parts[1] in Role.values else ""
    who = " · ".join(filter(None, (names.get(entry.actor_id or 0, ""), role)))
    said = " ".join(text for name, text in line.texts.items() if name in ("reasons", "message"))
    return TimelineLine(what=str(words), when=entry.at, who=who, why=_changed(entry.changes) or said, icon=icon)


def _changed(changes: dict[str, list[object]]) -> str:
    said = dict.fromkeys(_one(name, *pair) for name, pair in changes.items() if name in FIELDS)
    return ", ".join(said)


def _one(name: str, before: object, after: object) -> str:
    if name not in SAID or not (before or after):
        return str(FIELDS[name])
    change = {"field": FIELDS[name], "before": before or "–", "after": after or "–"}
    return _("%(field)s : %(before)s → %(after)s") % change


def membership_badge(membership: NetworkMembership) -> SafeString:
    """« À confirmer », « Confirmé », « Refusé »."""
    waits = "clock" if membership.state == MembershipState.CLAIMED else None
    return badge(label=MembershipState(membership.state).label, tone=NETWORK.tones[membership.state], icon=waits)


def organisation_badge(organisation: Organisation) -> SafeString:
    """« En attente de validation », « Validée », « Signalée »."""
    waits = "clock" if organisation.state == OrganisationState.WAITING else None
    return badge(label=OrganisationState(organisation.state).label, tone=ORGANISATION.tones[organisation.state], icon=waits)


def taken_badge(holder: str, *, is_mine: bool) -> SafeString:
    """Who has a case in hand; nothing when nobody has."""
    if is_mine:
        return badge(label=_("Pris par vous"), tone="info", icon="hand")
    if not holder:
        return SafeString("")
    return badge(label=_("Pris par %(person)s") % {"person": holder}, tone="neutral", icon="hand")


def organisation_queue_row(
    organisation: Organisation,
    url: str,
    *,
    late_before: datetime,
    holder: str,
    is_mine: bool,
    is_orphan: bool = False,
    findings: Iterable[Finding] = (),
) -> SafeString:
    """One organisation that waits: name and town, department, since when, what to look at, who has it in hand (R52)."""
    place, since = _("Département"), _("Reçue")
    late = badge(label=_("En retard"), tone="danger", icon="clock") if organisation.queued_at < late_before else ""
    orphan = badge(label=_("Sans référent"), tone="neutral", icon="info") if is_orphan else ""
    return mark_safe(  # noqa: S308 -- every part is escaped
        f'<tr data-row="{organisation.pk}"><th scope="row" class="row-title">'
        f'<a href="{esc(url)}">{esc(organisation.name)}</a>'
        f'<span class="soft">{esc(organisation.city)}</span></th>'
        f'<td data-label="{esc(place)}">{esc(organisation.department.name)}</td>'
        f'<td data-label="{esc(since)}">{relative_time(at=organisation.queued_at)} {late}</td>'
        f'<td class="cell-first"><div class="badges">{organisation_badge(organisation)}'
        f"{orphan}{taken_badge(holder, is_mine=is_mine)}{findings_badge(findings)}</div></td></tr>"
    )


# ── the exchange of a correction (R52)
WHAT = {
    "ask_correction": gettext_lazy("demande une correction"),
    "resubmit": gettext_lazy("a corrigé"),
    "refuse": gettext_lazy("refuse"),
    "flag": gettext_lazy("signale"),
}


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of the exchange, in words."""

    who: str
    when: datetime
    is_host: bool
    what: str
    words: str = ""
    motives: list[str] = field(default_factory=list)
    comments: list[tuple[str, str]] = field(default_factory=list)  # (the field's label, what was said of it)


def turns_of(said: Iterable[Said], names: Mapping[int, str], labels: Mapping[str, object]) -> list[Turn]:
    """The exchange in words. ``names``: the people that the reader may know by name, others are roles; ``labels``: of fields."""
    return [
        Turn(
            who=names.get(each.actor_id or 0, "") or _role(each.role),
            when=each.at,
            is_host=each.is_host,
            what=str(WHAT.get(each.verb, "")) if each.verb != "write" else "",
            words=each.words,
            motives=each.motives,
            comments=[(str(labels.get(name, name)), words) for name, words in each.comments.items()],
        )
        for each in said
        if each.verb != "resubmit" or each.words
    ]


def _role(key: str) -> str:
    role = key.split(":")[1] if key.count(":") > 1 else ""
    return str(Role(role).label) if role in Role.values else _("quelqu'un de l'équipe")


# ── the team (R40) ────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class MemberRow:
    """One member on « Gérer votre équipe »."""

    grant: Grant
    role: str
    charges: int
    is_self: bool
    is_last: bool  # the last « responsable »: may neither go nor become « tuteur »


def member_rows(members: Iterable[Grant], charges: dict[int, int], *, me: int | None) -> list[MemberRow]:
    """The members with how much each is in charge of."""
    team = list(members)
    managers = sum(grant.role == Role.MANAGER for grant in team)
    return [
        MemberRow(
            grant=grant,
            role=str(Role(grant.role).label),
            charges=charges.get(grant.person_id, 0),
            is_self=grant.person_id == me,
            is_last=grant.role == Role.MANAGER and managers == 1,
        )
        for grant in team
    ]


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """One invitation, with what may be done about it."""

    invitation: Invitation
    role: str
    badge: SafeString
    is_open: bool
    actions: list[Action]


def invitation_rows(invitations: Iterable[Invitation], actor: Actor, url: Callable[[int, str], str]) -> list[InvitationRow]:
    """The invitations that wait or came to nothing; ``url`` makes the address of a step from the number and the path."""

    def row(each: Invitation) -> InvitationRow:
        waits = "clock" if each.state == InvitationState.SENT else None
        return InvitationRow(
            invitation=each,
            role=str(Role(each.role).label),
            badge=badge(label=InvitationState(each.state).label, tone=INVITATION.tones[each.state], icon=waits),
            is_open=each.state == InvitationState.SENT,
            actions=[
                action for action in actions_of(INVITATION, each, actor, lambda path: url(each.pk, path)) if not action.refusals
            ],
        )

    return [row(each) for each in invitations]


TEAM_PAST = {
    "organisations.grant.give": (gettext_lazy("%(person)s entre dans l'équipe"), "plus"),
    "organisations.grant.change": (gettext_lazy("%(person)s change de rôle"), "repeat"),
    "organisations.grant.end": (gettext_lazy("%(person)s quitte l'équipe"), "sign-out"),
}
ENDS = {"removed": gettext_lazy("%(person)s est retiré·e de l'équipe")}


def team_timeline(lines: Iterable[Line], grants: Iterable[Grant]) -> list[TimelineLine]:
    """Who came, changed role, went: of the roles in ``grants``. What a change of role ends and gives is told once."""
    held = {grant.pk: grant for grant in grants}
    names = {grant.person_id: grant.person.full_name for grant in held.values()}
    told = list(lines)
    changed = {line.entry.object_id for line in told if line.entry.verb == "organisations.grant.change"}
    rows = []
    for line in told:
        entry, grant = line.entry, held.get(line.entry.object_id)
        is_half = entry.codes.get("why") == "role" or (entry.verb == "organisations.grant.give" and entry.object_id in changed)
        if grant is None or entry.verb not in TEAM_PAST or is_half:
            continue
        words, icon = TEAM_PAST[entry.verb]
        words = ENDS.get(str(entry.codes.get("why")), words)
        rows.append(
            TimelineLine(
                what=str(words) % {"person": f"{grant.person.full_name} ({Role(grant.role).label})"},
                when=entry.at,
                who=names.get(entry.actor_id or 0, ""),
                icon=icon,
            )
        )
    return rows


# ── referents (R50, R65) ──────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentRow:
    """One department on the operator's list of referents."""

    code: str
    name: str
    people: list[ReferentName]
    invited: list[str]
    search: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferentName:
    """A referent beside a department: ``pk`` of the registration, None for somebody who stands in for a time."""

    name: str
    pk: int | None
    note: str = ""


def department_row(line: DepartmentLine, registered: Mapping[int, Referent], today: date) -> DepartmentRow:
    """One department with who looks after it. ``registered``: the registrations by person."""
    people = [_named(grant, registered.get(grant.person_id), today) for grant in line.referents]
    invited = [each.full_name for each in line.invited]
    words = " ".join([line.department.code, line.department.name, *(each.name for each in people), *invited])
    return DepartmentRow(
        code=line.department.code, name=line.department.name, people=people, invited=invited, search=plain(words)
    )


def _named(grant: Grant, found: Referent | None, today: date) -> ReferentName:
    name = grant.person.full_name
    if grant.delegation_id is not None:
        until = date_format(timezone.localtime(grant.valid_until), "j F") if grant.valid_until else ""
        return ReferentName(name=name, pk=None, note=_("remplace jusqu'au %(day)s") % {"day": until})
    if found is None:
        return ReferentName(name=name, pk=None)
    away = ""
    if found.absent_until is not None and is_absent(found, today):
        away = _("absent·e jusqu'au %(day)s") % {"day": date_format(found.absent_until, "j F")}
    return ReferentName(name=name, pk=found.pk, note=" · ".join(filter(None, (found.function, away))))


def referent_invitation_rows(
    invitations: Iterable[ReferentInvitation], actor: Actor, url: Callable[[int, str], str]
) -> list[tuple[ReferentInvitation, str, SafeString, list[Action]]]:
    """Each invitation, where it is for, how it stands, what may be done about it."""

    def row(each: ReferentInvitation) -> tuple[ReferentInvitation, str, SafeString, list[Action]]:
        where = each.region.name if each.region is not None else departments_in_words(each.departments)
        if each.network is not None:
            where = each.network.label
        waits = "clock" if each.state == InvitationState.SENT else None
        state = badge(label=InvitationState(each.state).label, tone=REFERENT_INVITATION.tones[each.state], icon=waits)
        actions = actions_of(REFERENT_INVITATION, each, actor, lambda path: url(each.pk, path))
        return each, where, state, [action for action in actions if not action.refusals]

    return [row(each) for each in invitations]


def delegation_badge(delegation: Delegation, now: datetime) -> SafeString:
    """« Prévue », « En cours », « Terminée », « Retirée »: by the dates."""
    state = standing(delegation, now)
    return badge(label=DelegationState(state).label, tone=DELEGATION.tones[state])


REFERENT_PAST = {
    "organisations.referent.register": (gettext_lazy("Nommé·e référent"), "plus"),
    "organisations.referent.change": (gettext_lazy("Fonction ou territoire changé"), "edit"),
    "organisations.referent.absence": (gettext_lazy("Absence indiquée"), "clock"),
    "organisations.referent.remove": (gettext_lazy("Rôle de référent retiré"), "sign-out"),
    "organisations.delegation.lend": (gettext_lazy("Délégation créée"), "plus"),
    "organisations.delegation.start": (gettext_lazy("Délégation commencée"), "check"),
    "organisations.delegation.end": (gettext_lazy("Délégation terminée"), "clock"),
    "organisations.delegation.revoke": (gettext_lazy("Délégation retirée"), "cross"),
    "organisations.delegation.shrink": (
        gettext_lazy("Délégation réduite : un département n'est plus confié au référent"),
        "edit",
    ),
}
REFERENT_FIELDS = {
    "function": gettext_lazy("fonction"),
    "departments": gettext_lazy("territoire"),
    "absent_from": gettext_lazy("absence à partir du"),
    "absent_until": gettext_lazy("absence jusqu'au"),
}


def referent_timeline(lines: Iterable[Line], names: Mapping[int, str]) -> list[TimelineLine]:
    """The history of a referent or of a delegation, in words."""
    rows = []
    for line in lines:
        entry = line.entry
        words, icon = REFERENT_PAST.get(entry.verb, (entry.verb, "check"))
        parts = entry.role.split(":")
        role = str(Role(parts[1]).label) if len(parts) > 1 and parts[1] in Role.values else ""
        role = role or (_("automatique") if entry.role in ("clock", "service") else "")
        said = entry.codes.get("departments")
        why = _referent_changes(entry.changes) or (departments_in_words(str(said).split(), most=9) if said else "")
        who = " · ".join(filter(None, (names.get(entry.actor_id or 0, ""), role)))
        rows.append(TimelineLine(what=str(words), when=entry.at, who=who, why=why, icon=icon))
    return rows


def _referent_changes(changes: Mapping[str, Any]) -> str:
    def words(name: str, value: object) -> str:
        if not value:
            return "–"
        if name == "departments":
            return departments_in_words(str(value).split(), most=9)
        return date_format(date.fromisoformat(str(value))) if name.startswith("absent") else str(value)

    return ", ".join(
        _("%(field)s : %(before)s → %(after)s")
        % {"field": REFERENT_FIELDS[name], "before": words(name, before), "after": words(name, after)}
        for name, (before, after) in changes.items()
        if name in REFERENT_FIELDS
    )


# ── checks that help (R53) ────────────────────────────────────────────────────────────────────────
def findings_badge(findings: Iterable[Finding]) -> SafeString:
    """« 2 points à regarder », for a row of a list; nothing when there is none. A warning as soon as one is serious."""
    standing = [each for each in findings if not each.is_false]
    if not standing:
        return SafeString("")
    words = ngettext("%(n)d point à regarder", "%(n)d points à regarder", len(standing)) % {"n": len(standing)}
    return badge(label=words, tone="warning" if any(each.is_serious for each in standing) else "info")


# ── two entries of one organisation become one (R55) ──────────────────────────────────────────────
ACCESS_WORDS = {
    RUN_ABSORBED: gettext_lazy("gérera les missions de « %(absorbed)s » et lira leurs bénévoles"),
    READ_ABSORBED: gettext_lazy("lira les missions de « %(absorbed)s », sans les bénévoles"),
    READ_KEPT: gettext_lazy("lira les missions de « %(kept)s », sans les bénévoles"),
    LOSE_OTHERS: gettext_lazy("ne gérera plus que les missions dont cette personne est responsable"),
    LOSE_ALL: gettext_lazy("n'aura plus de rôle : la structure gardée n'a pas de responsable"),
}


def merge_badge(merge: Merge) -> SafeString:
    """« En attente d'accord », « Accord donné », « Faite »."""
    waits = "clock" if merge.state == MergeState.PROPOSED else None
    return badge(label=MergeState(merge.state).label, tone=MERGE.tones[merge.state], icon=waits)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRow:
    """One person of the two teams: the role before in each, afterwards, what is gained and lost in words."""

    name: str
    kept: str
    absorbed: str
    after: str
    gains: list[str]
    losses: list[str]


def access_rows(changes: Iterable[Change], kept: str, absorbed: str) -> list[AccessRow]:
    """Who may do what afterwards, in words; ``kept`` and ``absorbed`` are the names."""
    names = {"kept": kept, "absorbed": absorbed}

    def role(key: str) -> str:
        return str(Role(key).label) if key else "–"

    return [
        AccessRow(
            name=each.name,
            kept=role(each.before[0]),
            absorbed=role(each.before[1]),
            after=role(each.after),
            gains=[str(ACCESS_WORDS[code]) % names for code in each.gains],
            losses=[str(ACCESS_WORDS[code]) % names for code in each.losses],
        )
        for each in changes
    ]


MERGE_PAST = {
    "propose": (gettext_lazy("Fusion proposée"), "plus"),
    "agree_kept": (gettext_lazy("Accord de la structure gardée"), "check"),
    "agree_absorbed": (gettext_lazy("Accord de la structure absorbée"), "check"),
    "settle": (gettext_lazy("Tous les accords sont donnés"), "check"),
    "reopen": (gettext_lazy("Accord redemandé : les équipes ont changé"), "repeat"),
    "do": (gettext_lazy("Structures fusionnées"), "check"),
    "refuse": (gettext_lazy("Fusion refusée"), "cross"),
    "withdraw": (gettext_lazy("Proposition retirée"), "sign-out"),
    "expire": (gettext_lazy("Restée sans suite"), "clock"),
}


def merge_timeline(lines: Iterable[Line], names: dict[int, str]) -> list[TimelineLine]:
    """The history of a merge, in words."""
    told = list(lines)
    past = [MERGE_PAST.get(line.entry.verb.rpartition(".")[2]) for line in told]
    return [
        replace(each, what=str(known[0]), icon=known[1]) if known else each
        for each, known in zip(timeline_of(told, names), past, strict=True)
    ]
