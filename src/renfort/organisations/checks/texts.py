"""The checks of organisations (R53): pure functions over a snapshot; what they look for is in the operator's lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from django.utils.translation import gettext_lazy as _

from renfort.kernel.reachable import ways
from renfort.kernel.terms import plain, sentence_around, tokens
from renfort.organisations.checks.kinds import FIELDS, CheckKind, Hit, register
from renfort.organisations.checks.lists import Settings

ALIKE, SHORT, CONTACT = "organisation-alike", "organisation-short", "organisation-contact"
NUMBERS = "organisation-numbers"
CLOSED, UNKNOWN, NAME, PLACE = "directory-closed", "directory-unknown", "directory-name", "directory-place"

register(
    CheckKind(
        key=ALIKE,
        about="organisation",
        title=_("Structure peut-être déjà inscrite"),
        sentence=_("« %(other)s » (%(city)s) porte presque le même nom dans le même département."),
        says={
            "siret": _("« %(other)s » (%(city)s) a le même SIRET."),
            "rna": _("« %(other)s » (%(city)s) a le même numéro RNA."),
        },
    ),
    CheckKind(
        key=SHORT,
        about="organisation",
        title=_("Présentation courte"),
        sentence=_("La présentation compte %(n)s caractères : les bénévoles ne sauront pas qui vous êtes."),
        advice=_("Quelques phrases de plus sur votre structure aideront les bénévoles à vous choisir."),
        unit=_("caractères de présentation"),
    ),
    CheckKind(
        key=CONTACT,
        about="organisation",
        title=_("Coordonnées dans la présentation"),
        sentence=_("La présentation publique contient « %(words)s »."),
        advice=_(
            "« %(words)s » se lit sur une page publique : des robots la relèvent. Le site de la structure a son champ, "
            "et vos contacts sont donnés aux bénévoles acceptés."
        ),
    ),
    CheckKind(
        key=NUMBERS,
        about="organisation",
        title=_("Ni SIRET ni RNA"),
        sentence=_("La structure n'a donné ni SIRET ni numéro RNA : rien ne permet de la reconnaître."),
        advice=_("Un numéro RNA ou SIRET nous permet de reconnaître votre structure plus vite."),
    ),
    CheckKind(
        key=CLOSED,
        about="organisation",
        title=_("Fermée d'après l'annuaire"),
        sentence=_("L'annuaire public dit que « %(name)s » est fermée."),
        says={"dated": _("L'annuaire public dit que « %(name)s » est fermée depuis le %(closed_on)s.")},
    ),
    CheckKind(
        key=UNKNOWN,
        about="organisation",
        title=_("Inconnue de l'annuaire"),
        sentence=_("L'annuaire public ne connaît pas le numéro %(words)s."),
    ),
    CheckKind(
        key=NAME,
        about="organisation",
        title=_("Autre nom dans l'annuaire"),
        sentence=_("Sous ce numéro, l'annuaire public connaît « %(name)s »."),
        unit=_("ressemblance des noms, sur cent"),
    ),
    CheckKind(
        key=PLACE,
        about="organisation",
        title=_("Autre département dans l'annuaire"),
        sentence=_("L'annuaire public situe la structure à %(city)s (%(postcode)s). C'est peut-être son siège."),
    ),
)
FIELDS.update(
    {
        "name": _("Nom"),
        "presentation": _("Présentation"),
        "numbers": _("SIRET et RNA"),
        "seat": _("Lieu"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Namesake:
    """Another organisation that may be the same. ``why``: "siret", "rna", "name"."""

    pk: int
    name: str
    city: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What the public directory answered; ``is_known`` false: it does not know the number."""

    asked: str
    is_known: bool
    name: str = ""
    postcode: str = ""
    city: str = ""
    department: str = ""
    is_closed: bool = False
    closed_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationText:
    """An organisation as the checks read it."""

    name: str
    description: str
    siret: str = ""
    rna: str = ""
    city: str = ""
    department: str = ""
    namesakes: Sequence[Namesake] = ()
    listing: Listing | None = None


def check_organisation(said: OrganisationText, settings: Settings) -> list[Hit]:
    """Everything that the checks find about an organisation."""
    hits: list[Hit] = []
    length = len(said.description.strip())
    if length < settings.threshold(SHORT):
        hits.append(Hit(key=SHORT, field="presentation", fault=said.description, facts={"n": length}))
    for way in ways(said.description):
        excerpt = sentence_around(said.description, way.start, way.end)
        hits.append(Hit(key=CONTACT, field="presentation", words=way.text[:200], excerpt=excerpt))
    if not said.siret and not said.rna:
        hits.append(Hit(key=NUMBERS, field="numbers", fault="none"))
    for each in said.namesakes:
        facts = {"other": each.name, "city": each.city, "other_id": each.pk, "case": each.why}
        number = {"siret": said.siret, "rna": said.rna}.get(each.why, said.name)
        hits.append(Hit(key=ALIKE, field="name", words=number, fault=f"{each.pk} {each.name}", facts=facts))
    if said.listing is not None:
        hits += _differences(said, said.listing, settings)
    return hits


def _differences(said: OrganisationText, listing: Listing, settings: Settings) -> Iterable[Hit]:
    if not listing.is_known:
        yield Hit(key=UNKNOWN, field="numbers", words=listing.asked)
        return
    if listing.is_closed:
        closed = listing.closed_on.isoformat() if listing.closed_on else ""
        facts = {"name": listing.name, "closed_on": closed, "case": "dated" if closed else ""}
        yield Hit(key=CLOSED, field="numbers", words=listing.asked, fault=closed or "closed", facts=facts)
    if listing.name and likeness(said.name, listing.name) * 100 < settings.threshold(NAME):
        yield Hit(key=NAME, field="name", words=said.name, fault=listing.name, facts={"name": listing.name})
    if listing.department and said.department and listing.department != said.department:
        facts = {"city": listing.city, "postcode": listing.postcode}
        yield Hit(key=PLACE, field="seat", words=said.city, fault=listing.postcode, facts=facts)


def likeness(one: str, other: str) -> float:
    """How near two names are, 0 to 1, whatever the case, the accents, the order and what one adds to the other."""
    first, second = _bare(one), _bare(other)
    if not first or not second:
        return 0.0
    if first <= second or second <= first:
        return 1.0
    return SequenceMatcher(None, " ".join(sorted(first)), " ".join(sorted(second))).ratio()


def _bare(name: str) -> frozenset[str]:
    return frozenset(each.word for each in tokens(plain(name)) if each.kind in ("word", "number") and len(each.word) > 2)  # noqa: PLR2004 -- « de », « la », « l »
