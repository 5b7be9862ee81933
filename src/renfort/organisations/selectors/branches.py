"""The branches that a network has invited, and what is known already of those it is about to (R53, R56)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.kernel.actors import Actor
from renfort.kernel.imports import Line
from renfort.kernel.tables import bare
from renfort.kernel.templatetags.ui import day_words
from renfort.organisations.enums import InvitationState, MembershipState, Programme, Role, ScopeKind
from renfort.organisations.models import BranchInvitation, Draft, NetworkMembership
from renfort.organisations.selectors.likeness import LEGAL_WORDS
from renfort.organisations.selectors.supervision import networks_supervised
from renfort.organisations.selectors.team import digest_of
from renfort.territories.models import Commune
from renfort.territories.selectors import departments

V = InvitationState
ALIKE = 0.7  # trigram similarity, at the same place: the branches of one network share most of their name
LET_BE = timedelta(days=90)  # who has declined is not written to again by a file


def identity_of(values: Mapping[str, Any]) -> str:
    """Name and place as they are compared: two invitations of one branch are one."""
    return f"{bare(values['name'])}|{values['department']}|{bare(values.get('city') or '')}"[:320]


# ── who may know of which ─────────────────────────────────────────────────────────────────────────
def branches_visible(actor: Actor) -> QuerySet[BranchInvitation]:
    """The invitations of the networks that the actor heads, those that ask an organisation that the actor manages, and those
    that the actor has answered. Whoever holds a link reaches its invitation with ``branch_of_token``.
    """
    found = BranchInvitation.objects.all()
    if actor.kind in ("clock", "service"):
        return found
    hosts = [int(scope) for scope in actor.scopes(Programme.RESERVE, [Role.MANAGER], ScopeKind.ORGANISATION)]
    mine = Q(network_id__in=networks_supervised(actor)) | Q(asked_id__in=hosts)
    return found.filter(mine | Q(person_id=actor.person_id, person__isnull=False))


def branches_of(actor: Actor, network: int, state: str = "", words: Iterable[str] = ()) -> QuerySet[BranchInvitation]:
    """The invitations of one network, for its head alone: the newest first, under a state and words of name, place or address."""
    if network not in networks_supervised(actor):
        return BranchInvitation.objects.none()
    found = BranchInvitation.objects.filter(network_id=network).order_by("-id")
    if state in V.values:
        found = found.filter(state=state)
    for word in words:
        said = Q(name__icontains=word) | Q(city__icontains=word) | Q(email__icontains=word) | Q(postcode__startswith=word)
        found = found.filter(said)
    return found


def branch_counts(actor: Actor, network: int) -> dict[str, int]:
    """How many invitations of a network stand where, and how many pages were opened (« opened »). One query."""
    found = branches_of(actor, network).order_by().values_list("state").annotate(n=Count("pk"), opened=Count("organisation"))
    counts = dict.fromkeys(V.values, 0) | {"opened": 0}
    for state, n, opened in found:
        counts[state] = n
        counts["opened"] += opened
    return counts


def branch_of_token(token: str) -> BranchInvitation | None:
    """The invitation that a link opens, whatever became of it; None for a token that nobody was sent. One query."""
    found = BranchInvitation.objects.filter(digest=digest_of(token), asked=None)
    return found.select_related("network", "invited_by", "person", "department").first()


def branch_in_draft(draft: Draft | None) -> BranchInvitation | None:
    """The accepted invitation of which this draft comes; None for most. One query."""
    if draft is None:
        return None
    return BranchInvitation.objects.filter(draft=draft, state=V.ACCEPTED, organisation=None).select_related("network").first()


def accepted_branch(person_id: int, network_id: int) -> BranchInvitation | None:
    """The invitation of this network that the person has accepted and is registering a branch for. One query."""
    found = BranchInvitation.objects.filter(
        person_id=person_id,
        network_id=network_id,
        state=V.ACCEPTED,
        organisation=None,
        draft__person_id=person_id,
        draft__done_at=None,
    )
    return found.order_by("-id").first()


# ── what is known of lines (R53) ──────────────────────────────────────────────────────────────────
HERE = """
WITH line AS MATERIALIZED (
    SELECT n, siret, rna, department, postcode, public.sort_key(city) AS city,
        regexp_replace(public.sort_key(replace(name, '.', '')), %(legal)s, '', 'g') AS name
    FROM unnest(%(n)s::int[], %(siret)s::text[], %(rna)s::text[], %(department)s::text[], %(postcode)s::text[], %(city)s::text[],
        %(name)s::text[]) AS said (n, siret, rna, department, postcode, city, name)
), here AS MATERIALIZED (
    SELECT id, department_id, postcode, public.sort_key(city) AS city,
        regexp_replace(public.sort_key(replace(name, '.', '')), %(legal)s, '', 'g') AS name
    FROM organisations_organisation
    WHERE left_at IS NULL AND department_id = ANY (%(department)s::text[])
)
SELECT line.n, organisation.id, 0 AS rank, 1.0 AS closeness
FROM line JOIN organisations_organisation AS organisation ON organisation.siret = line.siret
WHERE line.siret <> '' AND organisation.left_at IS NULL
UNION ALL
SELECT line.n, organisation.id, 1, 1.0
FROM line JOIN organisations_organisation AS organisation ON organisation.rna = line.rna
WHERE line.rna <> '' AND organisation.left_at IS NULL
UNION ALL
SELECT line.n, here.id, 2, public.similarity(line.name, here.name)
FROM line JOIN here ON here.department_id = line.department AND here.city = line.city
WHERE line.city <> '' AND public.similarity(line.name, here.name) >= %(alike)s
ORDER BY 1, 3, 4 DESC, 2
"""


def organisations_here(lines: Sequence[Line]) -> dict[int, tuple[int, str]]:
    """By line's number: the organisation that is here with the same SIRET or RNA, or nearly the same name in the same city, and
    why (« siret », « rna », « name »). One query, however many lines.
    """
    if not lines:
        return {}
    columns = {
        key: [str(line.values.get(key) or "") for line in lines]
        for key in ("siret", "rna", "department", "postcode", "city", "name")
    }
    terms: Any = {**columns, "n": [line.number for line in lines], "legal": LEGAL_WORDS, "alike": ALIKE}
    found: dict[int, tuple[int, str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(HERE, terms)
        for n, pk, rank, _closeness in cursor.fetchall():
            found.setdefault(n, (pk, ("siret", "rna", "name")[rank]))
    return found


def check_branches(network: int, lines: Sequence[Line]) -> None:
    """Tell each line's place, and what is here of it already: in the network, on the platform, invited. At most five queries.

    A line is left as it is when a branch may be invited; what is on the platform may be asked to join the network instead.
    """
    _place(lines)
    fit = [line for line in lines if not line.problems]
    here = organisations_here(fit)
    invited = _invited(network, fit, here)
    states = dict(
        NetworkMembership.objects.filter(network_id=network, organisation_id__in={pk for pk, _why in here.values()}).values_list(
            "organisation_id", "state"
        )
    )
    for line in fit:
        found = here.get(line.number)
        earlier = next((invited[key] for key in _keys(line.values, found) if key in invited), None)
        if found is not None and states.get(found[0]) == MembershipState.CONFIRMED:
            line.known(_("Cette structure fait déjà partie de votre réseau."), ref=found[0])
        elif earlier is not None:
            line.known(_earlier_words(earlier), ref=found[0] if found else None)
        elif found is not None and states.get(found[0]) == MembershipState.CLAIMED:
            line.known(_("Cette structure dit déjà appartenir à votre réseau : il vous reste à la confirmer."), ref=found[0])
        elif found is not None:
            line.known(WHY_HERE[found[1]](), ref=found[0], otherwise=True)


WHY_HERE = {
    "siret": lambda: _("Une structure est déjà inscrite avec ce SIRET : vous pouvez lui proposer de rejoindre le réseau."),
    "rna": lambda: _("Une structure est déjà inscrite avec ce numéro RNA : vous pouvez lui proposer de rejoindre le réseau."),
    "name": lambda: _(
        "Une structure de presque ce nom est déjà inscrite dans cette ville : vous pouvez lui proposer de rejoindre le réseau."
    ),
}


def _earlier_words(earlier: BranchInvitation) -> str:
    if earlier.state == V.SENT:
        return _("Déjà invitée, %(day)s : la réponse est attendue.") % {"day": day_words(earlier.sent_at)}
    if earlier.state == V.DECLINED:
        return _("A décliné votre invitation, %(day)s : écrivez-lui autrement.") % {"day": day_words(earlier.ended_at)}
    return _("A déjà accepté votre invitation, %(day)s.") % {"day": day_words(earlier.ended_at)}


def _keys(values: Mapping[str, Any], found: tuple[int, str] | None) -> list[tuple[str, Any]]:
    """By what an earlier invitation of the same branch is recognised, the surest first."""
    keys: list[tuple[str, Any]] = [("asked", found[0])] if found else []
    keys += [(name, values[name]) for name in ("siret", "rna") if values.get(name)]
    return [*keys, ("identity", identity_of(values))]


def _invited(network: int, lines: Sequence[Line], here: Mapping[int, tuple[int, str]]) -> dict[tuple[str, Any], BranchInvitation]:
    """The network's invitations that count and may be of these lines, by each of their keys. One query."""
    wanted: dict[str, list[Any]] = {}
    for line in lines:
        for key, value in _keys(line.values, here.get(line.number)):
            wanted.setdefault(key, []).append(value)
    known: dict[tuple[str, Any], BranchInvitation] = {}
    if not wanted:
        return known
    lately = Q(state=V.DECLINED, ended_at__gt=timezone.now() - LET_BE)
    any_of = reduce(or_, (Q(**{f"{key}__in": values}) for key, values in wanted.items()))
    counting = BranchInvitation.objects.filter(Q(state__in=[V.SENT, V.ACCEPTED]) | lately, any_of, network_id=network)
    for each in counting.order_by("id"):
        known["identity", each.identity] = each
        if each.asked_id is not None:
            known["asked", each.asked_id] = each
        for name in ("siret", "rna"):
            if getattr(each, name):
                known[name, getattr(each, name)] = each
    return known


def _place(lines: Sequence[Line]) -> None:
    """The department that a postcode or a word says; the city of a postcode of one commune. One query."""
    names = {each.code: str(each) for each in departments()}
    codes = {line.values["postcode"] for line in lines if line.values.get("postcode")}
    there: dict[str, list[Commune]] = {}
    communes = Commune.objects.filter(postcodes__code__in=codes, parent=None).extra(
        select={"postcode": "territories_postcode.code"}
    )
    for commune in communes.order_by("-population"):
        there.setdefault(commune.postcode, []).append(commune)
    for line in lines:
        _place_one(line, there.get(line.values.get("postcode") or "", []), names)


def _place_one(line: Line, communes: Sequence[Commune], names: Mapping[str, str]) -> None:
    said, postcode = line.values.get("department") or "", line.values.get("postcode") or ""
    around = list(dict.fromkeys(each.department_id for each in communes))
    if not said and not postcode:
        line.wrong("department", _("Dites le département, ou le code postal et la ville."))
    elif not said and not around:
        line.wrong("postcode", _("Ce code postal est inconnu : vérifiez-le, ou dites le département."))
    elif said and around and said not in around:
        line.wrong(
            "department",
            _("Ce code postal n'est pas dans ce département : il est dans « %(where)s ».") % {"where": names[around[0]]},
        )
    if line.problems:
        return
    line.values["department"] = said or _of_city(communes, line.values.get("city") or "").department_id
    if not line.values.get("city") and len(communes) == 1:
        line.values["city"] = communes[0].name


def _of_city(communes: Sequence[Commune], city: str) -> Commune:
    """The commune of this name among those of one postcode, else the largest."""
    return next((each for each in communes if bare(each.name) == bare(city)), communes[0])
