"""« Cette structure est peut-être déjà inscrite »: who here has this number, or nearly this name (R9)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, CharField, F, FloatField, Func, IntegerField, Q, TextField, Value, When

from renfort.organisations.models import Organisation

# words that one writes and another leaves out
LEGAL_WORDS = (
    r"\m(associations?|asso|assoc|loi|1901|comites?|sections?|antennes?|delegations?|les?|la|l|de|du|des|d|et|en|a|au|aux)\M"
)
NEAR = 0.5  # trigram similarity: one or two wrong letters, a word more or less; « catholique » is not « populaire »
MOST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """An organisation that may be the one being registered. Only what its public page says: never who manages it.

    ``why``: "siret", "rna" or "name".
    """

    pk: int
    name: str
    city: str
    why: str


def alike(*, name: str, siret: str = "", rna: str = "", department: str = "", but: Iterable[int] = ()) -> list[Alike]:
    """Organisations here with the same SIRET or RNA anywhere, or nearly the same name in the department; the surest first.

    Accents, capitals, hyphens, word order and legal words (« association ») do not count, a spelling mistake hardly.
    Those numbered in ``but`` are left out, unless they hold the very SIRET. One query.
    """
    same_siret, same_rna = Q(siret=siret) if siret else Q(pk=None), Q(rna=rna) if rna else Q(pk=None)
    near = Q(department_id=department, likeness__gte=NEAR) if department and name else Q(pk=None)
    found = (
        Organisation.objects.filter(left_at=None)
        .annotate(likeness=_likeness(name), rank=_rank(same_siret, same_rna))
        .filter(same_siret | ((same_rna | near) & ~Q(pk__in=list(but))))
        .annotate(
            why=Case(
                When(same_siret, then=Value("siret")),
                When(same_rna, then=Value("rna")),
                default=Value("name"),
                output_field=CharField(),
            )
        )
        .order_by("rank", F("likeness").desc(), "pk")
    )
    return [
        Alike(pk=pk, name=its_name, city=city, why=why)
        for pk, its_name, city, why in found.values_list("pk", "name", "city", "why")[:MOST]
    ]


def _rank(same_siret: Q, same_rna: Q) -> Case:
    return Case(When(same_siret, then=Value(0)), When(same_rna, then=Value(1)), default=Value(2), output_field=IntegerField())


def _likeness(name: str) -> Func:
    return Func(
        _bare(F("name")), _bare(Value(name, output_field=TextField())), function="public.similarity", output_field=FloatField()
    )


def _bare(words: F | Value) -> Func:
    """A name without what people write differently: « C.C.A.S. de Bordeaux » is « ccas bordeaux »."""
    undotted = Func(words, Value("."), Value(""), function="replace", output_field=TextField())
    key = Func(undotted, function="public.sort_key", output_field=TextField())
    return Func(key, Value(LEGAL_WORDS), Value(""), Value("g"), function="regexp_replace", output_field=TextField())
