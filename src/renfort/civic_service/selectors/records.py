"""What is missing of an establishment's record, and who corrects it where (S2)."""

from __future__ import annotations

from collections.abc import Callable, Sized
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.civic_service.catalogue import SCHOOL_YEAR_DAY, SCHOOL_YEAR_MONTH
from renfort.civic_service.models import Establishment
from renfort.civic_service.selectors.directory import directory_words
from renfort.civic_service.selectors.identifiers import is_phone, is_uai, school_year_of
from renfort.kernel.rules import Text
from renfort.organisations.rules import is_siret
from renfort.parameters.selectors import values_of

COMPULSORY: dict[str, Text] = {  # the six facts without which no project is filed, in the order of the record
    "managing_body": gettext_lazy("Nom exact de l'organisme de gestion (OGEC)"),
    "address": gettext_lazy("Adresse"),
    "siret": gettext_lazy("SIRET"),
    "phone": gettext_lazy("Téléphone"),
    "uai": gettext_lazy("Code RNE (UAI)"),
    "enrolment": gettext_lazy("Effectif de rentrée"),
}
PLACE = ("address", "postcode", "city")  # the address's parts, kept by the organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingFact:
    """A compulsory fact that is missing or wrong, in the reader's language.

    ``url`` is where it is corrected: a page of this site, or the directory's own address ("" when nobody has said it).
    """

    field: str
    label: str
    is_wrong: bool  # something is written, but it cannot be right
    sentence: str
    where: str
    by_whom: str
    url: str
    is_fed: bool  # the directory is its master: read-only here (S1)


def is_fed(establishment: Establishment, field: str) -> bool:
    """Whether the directory is the master of a fact; of the address, when it is of any of its parts."""
    names = PLACE if field == "address" else (field,)
    return any(name in establishment.fed for name in names)


def school_year(establishment: Establishment, *, now: datetime | None = None) -> int:
    """The year in which the current school year begins, on the clocks of the establishment. One query."""
    month, first = values_of(SCHOOL_YEAR_MONTH, SCHOOL_YEAR_DAY)
    zone = establishment.organisation.department.time_zone
    return school_year_of((now or timezone.now()).astimezone(zone).date(), month=month, first=first)


def earliest_school_year() -> int:
    """The current school year in Paris, for questions asked of all establishments at once. One query."""
    month, first = values_of(SCHOOL_YEAR_MONTH, SCHOOL_YEAR_DAY)
    return school_year_of(timezone.localdate(timezone=timezone.get_default_timezone()), month=month, first=first)


# ── what is wrong: (is it there, the sentence), None when it is right ─────────────────────────────
def _managing_body(record: Establishment, year: int) -> tuple[bool, str] | None:
    return None if record.managing_body else (False, _("Le nom exact de l'OGEC manque."))


def _address(record: Establishment, year: int) -> tuple[bool, str] | None:
    where = record.organisation
    if where.address and where.postcode and where.city:
        return None
    return bool(where.address), _("L'adresse n'est pas complète : il faut la rue, le code postal et la commune.")


def _siret(record: Establishment, year: int) -> tuple[bool, str] | None:
    if not record.siret:
        return False, _("Le SIRET manque.")
    return None if is_siret(record.siret) else (True, _("Le SIRET n'est pas exact : vérifiez ses quatorze chiffres."))


def _phone(record: Establishment, year: int) -> tuple[bool, str] | None:
    if not record.phone:
        return False, _("Le téléphone manque.")
    return None if is_phone(record.phone) else (True, _("Ce numéro de téléphone n'existe pas."))


def _uai(record: Establishment, year: int) -> tuple[bool, str] | None:
    if not record.uai:
        return False, _("Le code RNE (UAI) manque.")
    return None if is_uai(record.uai) else (True, _("Le code RNE (UAI) n'est pas exact : sa lettre ne va pas avec ses chiffres."))


def _enrolment(record: Establishment, year: int) -> tuple[bool, str] | None:
    words = {"year": f"{year}-{year + 1}"}
    if record.enrolment is None or record.enrolment_year is None:
        return False, _("L'effectif de la rentrée %(year)s manque.") % words
    if record.enrolment_year < year:
        was = f"{record.enrolment_year}-{record.enrolment_year + 1}"
        return True, _("L'effectif est celui de %(was)s : indiquez celui de la rentrée %(year)s.") % {"was": was, **words}
    return None


CHECKS: dict[str, Callable[[Establishment, int], tuple[bool, str] | None]] = {
    "managing_body": _managing_body, "address": _address, "siret": _siret, "phone": _phone, "uai": _uai, "enrolment": _enrolment,
}  # fmt: skip


def missing_facts(establishment: Establishment, *, year: int | None = None) -> list[MissingFact]:
    """The compulsory facts that are missing or wrong, in the order of the record: while there is one, no project is filed (S2).

    ``year``: the current school year, when the caller has asked for it already (else one query more).
    """
    now = year if year is not None else school_year(establishment)
    wrong = wrong_facts(establishment, year=now)
    system = directory_words() if any(is_fed(establishment, field) for field in wrong) else ("", "")
    return [_said(establishment, field, system, *found) for field, found in wrong.items()]


def wrong_facts(establishment: Establishment, *, year: int) -> dict[str, tuple[bool, str]]:
    """The same by name, without where they are corrected: whether something wrong is written, and the sentence. No query."""
    found = {field: check(establishment, year) for field, check in CHECKS.items()}
    return {field: said for field, said in found.items() if said is not None}


def _said(establishment: Establishment, field: str, system: tuple[str, str], is_wrong: bool, sentence: str) -> MissingFact:
    fed = is_fed(establishment, field)
    where, url = where_to_correct(establishment, field, system)
    return MissingFact(
        field=field, label=str(COMPULSORY[field]), is_wrong=is_wrong, sentence=sentence, where=where, url=url, is_fed=fed,
        by_whom=_("par le chef d'établissement ou la fédération") if fed
        else _("par le référent de l'établissement ou le gestionnaire"),
    )  # fmt: skip


def where_to_correct(establishment: Establishment, field: str, system: tuple[str, str]) -> tuple[str, str]:
    """The words that say where a fact is corrected, and the address of that place. ``system``: as ``directory_words`` says."""
    if is_fed(establishment, field):
        return _("à corriger dans : %(system)s") % {"system": system[0]}, system[1]
    return _("à corriger ici"), reverse("civic_service:record-edit", args=[establishment.pk])


def is_complete(establishment: Establishment, *, year: int | None = None) -> bool:
    """Whether the six compulsory facts are there and right: a project may be written (S2, C.1)."""
    return not missing_facts(establishment, year=year)


def gauge(missing: Sized) -> tuple[int, int]:
    """How many of the compulsory facts are right, and of how many."""
    return len(COMPULSORY) - len(missing), len(COMPULSORY)


def incomplete(year: int) -> Q:
    """The rows of ``Establishment`` with a fact missing or wrong, asked of the database: the same as ``missing_facts``.

    The database itself refuses a UAI and a SIRET that are not exact, and phones are stored checked: those are right when there.
    """
    blank = Q(managing_body="") | Q(siret="") | Q(phone="") | Q(uai="") | Q(enrolment=None) | Q(enrolment_year__lt=year)
    return blank | Q(organisation__address="") | Q(organisation__postcode="") | Q(organisation__city="")
