"""Judge what the directory says, line by line: what is wrong is refused with a sentence, the rest counts (S1)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from renfort.civic_service.enums import DirectoryThing, PostRole, SchoolNetwork
from renfort.civic_service.selectors.delivery import Delivery, Said
from renfort.civic_service.selectors.identifiers import is_uai, uai_letter
from renfort.kernel.terms import plain
from renfort.organisations.rules import is_siret
from renfort.people.forms.fields import in_e164
from renfort.people.models import lower_email

LIKE_UAI = re.compile(r"[0-9]{7}[A-Z]")
POSTCODE = re.compile(r"[0-9]{5}")
KEY = re.compile(r"[\w.:/@+-]{1,60}")
LONGEST = {
    "name": 200, "managing_body": 200, "address": 200, "city": 100, "function": 120, "first_name": 80, "last_name": 80,
}  # fmt: skip
MOST_PUPILS = 20_000
FIRST_YEAR, LAST_YEAR = 2000, 2100
ROLES = {
    **{str(each): str(each) for each in PostRole},
    "referent": str(PostRole.LEAD), "referente": str(PostRole.LEAD), "chef d'etablissement": str(PostRole.LEAD),
    "tuteur": str(PostRole.TUTOR), "tutrice": str(PostRole.TUTOR), "cotuteur": str(PostRole.CO_TUTOR),
    "cotutrice": str(PostRole.CO_TUTOR), "co-tuteur": str(PostRole.CO_TUTOR), "co-tutrice": str(PostRole.CO_TUTOR),
}  # fmt: skip
NETWORKS = {str(each): str(each) for each in SchoolNetwork}


@dataclass(slots=True)
class Clean:
    """One line that counts, in the forms in which we keep things. Absent: not spoken of; "" or None: not known there."""

    line: int
    facts: dict[str, str | int | None]


@dataclass(frozen=True, slots=True)
class Refusal:
    """One line that does not count, and every reason."""

    line: int
    thing: str
    facts: Mapping[str, str]
    sentences: tuple[str, ...]


@dataclass(slots=True)
class Judged:
    """A delivery after its judgment, by key; posts by (establishment's key, person's key, role)."""

    schools: dict[str, Clean] = field(default_factory=dict)
    people: dict[str, Clean] = field(default_factory=dict)
    posts: dict[tuple[str, str, str], Clean] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)
    named: dict[str, set[str]] = field(default_factory=lambda: {str(each): set() for each in DirectoryThing})
    named_posts: set[tuple[str, str, str]] = field(default_factory=set)  # refused ones too: a typing error ends nobody's role


# ── one cell each: the clean value, or a ValueError whose words are for the reader ─────────────────
def _key(text: str) -> str:
    if not KEY.fullmatch(text):
        raise ValueError(_("La clé « %(key)s » n'est pas lisible : 60 caractères au plus, sans espace.") % {"key": text[:60]})
    return text


def _network(text: str) -> str:
    found = NETWORKS.get(plain(text))
    if found is None:
        raise ValueError(_("Le réseau « %(said)s » n'est pas connu : SGEC ou CNEAP.") % {"said": text[:40]})
    return found


def _uai(text: str) -> str:
    number = "".join(text.upper().split())
    if not number or is_uai(number):
        return number
    if LIKE_UAI.fullmatch(number):
        said = {"uai": number, "letter": uai_letter(number[:-1])}
        raise ValueError(_("L'UAI %(uai)s n'existe pas : sa lettre devrait être %(letter)s.") % said)
    raise ValueError(_("L'UAI « %(uai)s » n'a pas la bonne forme : sept chiffres et une lettre.") % {"uai": text[:20]})


def _siret(text: str) -> str:
    number = "".join(text.split())
    if number and not is_siret(number):
        raise ValueError(_("Le SIRET « %(siret)s » n'existe pas : quatorze chiffres, sans faute.") % {"siret": text[:20]})
    return number


@lru_cache(maxsize=4096)
def _e164(text: str, start: str) -> str:
    return in_e164(text, postcode=start, mobile=False)


def _phone(text: str, postcode: str) -> str:
    try:
        return _e164(text, postcode[:3])
    except ValidationError:
        raise ValueError(
            _("Le numéro de téléphone « %(phone)s » n'existe pas : dix chiffres, ou l'indicatif du pays.") % {"phone": text[:40]}
        ) from None


def _phone_of_person(text: str) -> dict[str, str | int | None]:
    """A person's number under the name of its column: where text messages come, or where they do not."""
    number = _phone(text, "")
    if not number:
        return {"mobile_phone": "", "landline_phone": ""}
    try:
        in_e164(number, postcode="", mobile=True)
    except ValidationError:
        return {"landline_phone": number}
    return {"mobile_phone": number}


def _email(text: str) -> str:
    address = lower_email(text)
    if not address:
        return ""
    try:
        validate_email(address)
    except ValidationError:
        raise ValueError(_("L'adresse e-mail « %(email)s » n'est pas valide.") % {"email": text[:80]}) from None
    if len(address) > 254:  # noqa: PLR2004 -- of our column, RFC 5321
        raise ValueError(_("L'adresse e-mail « %(email)s » n'est pas valide.") % {"email": text[:80]})
    return address


def _postcode(text: str) -> str:
    code = "".join(text.split())
    if code and not POSTCODE.fullmatch(code):
        raise ValueError(_("Le code postal « %(code)s » n'est pas valide : cinq chiffres.") % {"code": text[:20]})
    return code


def _whole(text: str, lowest: int, highest: int, sentence: str) -> int | None:
    digits = "".join(text.split())
    if not digits:
        return None
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 10 and lowest <= int(digits) <= highest):  # noqa: PLR2004 -- no more
        raise ValueError(sentence % {"said": text[:20]})
    return int(digits)


def _enrolment(text: str) -> int | None:
    return _whole(text, 0, MOST_PUPILS, _("L'effectif « %(said)s » n'est pas un nombre d'élèves."))


def _year(text: str) -> int | None:
    start = text.partition("-")[0].partition("/")[0]  # « 2026-2027 »
    return _whole(start, FIRST_YEAR, LAST_YEAR, _("L'année « %(said)s » n'est pas celle d'une rentrée, comme 2026."))


def _role(text: str) -> str:
    found = ROLES.get(plain(text).replace("’", "'"))
    if found is None:
        raise ValueError(_("Le rôle « %(said)s » n'est pas connu : référent, tuteur ou cotuteur.") % {"said": text[:40]})
    return found


def _line_of(name: str) -> Callable[[str], str]:
    def fit(text: str) -> str:
        words = " ".join(text.split())
        if len(words) > LONGEST[name]:
            raise ValueError(
                _("« %(said)s… » est trop long : %(most)d caractères au plus.") % {"said": words[:40], "most": LONGEST[name]}
            )
        return words

    return fit


FIT: Mapping[str, Callable[[str], str | int | None]] = {
    "key": _key, "establishment": _key, "person": _key, "head": lambda text: _key(text) if text else "", "network": _network,
    "uai": _uai, "siret": _siret, "email": _email, "postcode": _postcode, "enrolment": _enrolment, "enrolment_year": _year,
    "role": _role, **{name: _line_of(name) for name in LONGEST},
}  # fmt: skip
NEEDED: Mapping[str, tuple[tuple[str, Callable[[], str]], ...]] = {
    DirectoryThing.ESTABLISHMENT: (
        ("key", lambda: _("Il manque la clé de l'établissement.")),
    ),
    DirectoryThing.PERSON: (
        ("key", lambda: _("Il manque la clé de la personne.")),
        ("first_name", lambda: _("Il manque le prénom.")),
        ("last_name", lambda: _("Il manque le nom.")),
    ),
    DirectoryThing.POST: (
        ("establishment", lambda: _("Il manque la clé de l'établissement.")),
        ("person", lambda: _("Il manque la clé de la personne.")),
        ("role", lambda: _("Il manque le rôle.")),
    ),
}  # fmt: skip


def _fit(said: Said) -> tuple[dict[str, str | int | None], list[str]]:
    """The clean facts of one line, and what is wrong with it."""
    facts: dict[str, str | int | None] = {}
    wrong = [missing() for name, missing in NEEDED[said.thing] if not said.facts.get(name, "").strip()]
    start = "".join(said.facts.get("postcode", "").split())
    for name, text in said.facts.items():
        bare = text.strip()
        if not bare and name in ("key", "establishment", "person", "role", "network"):
            continue  # said above, or not spoken of
        try:
            if name == "phone" and said.thing == DirectoryThing.PERSON:
                facts |= _phone_of_person(bare)
            else:
                facts[name] = _phone(bare, start) if name == "phone" else FIT[name](bare)
        except ValueError as error:
            wrong.append(str(error))
    if facts.get("enrolment") is not None and facts.get("enrolment_year") is None and "enrolment" in facts:
        wrong.append(_("L'effectif n'a pas d'année : dites de quelle rentrée il est."))
    return facts, wrong


def judge(delivery: Delivery, *, known_schools: Iterable[str] = (), known_people: Iterable[str] = ()) -> Judged:
    """Judge every line of a delivery; ``known_…`` are keys that we hold already, which a post may name.

    Twins: of two lines with one key, the first counts and the second one says so.
    """
    result = Judged()
    posts: list[Said] = []
    for said in delivery.lines:
        if said.thing == DirectoryThing.POST:
            posts.append(said)
            continue
        key = said.facts.get("key", "").strip()
        result.named[said.thing].add(key)
        facts, wrong = _fit(said)
        there = result.schools if said.thing == DirectoryThing.ESTABLISHMENT else result.people
        if key in there:
            wrong.append(
                _("La clé « %(key)s » est déjà celle de la ligne %(line)d.") % {"key": key[:60], "line": there[key].line}
            )
        if wrong:
            result.refused.append(Refusal(said.line, said.thing, said.facts, tuple(wrong)))
        else:
            there[key] = Clean(said.line, facts)
    _tell_twin_uais(result)
    schools, people = {*known_schools, *result.schools}, {*known_people, *result.people}
    for said in posts:
        _judge_post(said, result, schools, people)
    for clean in result.schools.values():
        if clean.facts.get("head") and clean.facts["head"] not in people:
            del clean.facts["head"]  # a head whom nobody knows: the rest of the line counts
    return result


def _tell_twin_uais(result: Judged) -> None:
    """Two keys of one UAI cannot both be: neither is guessed to be right, the second one is refused."""
    first: dict[object, Clean] = {}
    for key, clean in list(result.schools.items()):
        uai = clean.facts.get("uai")
        if not uai:
            continue
        if (earlier := first.setdefault(uai, clean)) is not clean:
            sentence = _("L'UAI %(uai)s est déjà celui de la ligne %(line)d.") % {"uai": uai, "line": earlier.line}
            facts = {name: "" if value is None else str(value) for name, value in clean.facts.items()}
            result.refused.append(Refusal(clean.line, DirectoryThing.ESTABLISHMENT, facts, (sentence,)))
            del result.schools[key]


def _judge_post(said: Said, result: Judged, schools: set[str], people: set[str]) -> None:
    facts, wrong = _fit(said)
    where, who, role = (str(facts.get(name) or "") for name in ("establishment", "person", "role"))
    if where and where not in schools:
        wrong.append(_("Aucun établissement n'a la clé « %(key)s ».") % {"key": where})
    if who and who not in people:
        wrong.append(_("Aucune personne n'a la clé « %(key)s ».") % {"key": who})
    result.named_posts.add((where, who, role))
    if (where, who, role) in result.posts:
        line = result.posts[where, who, role].line
        wrong.append(_("Ce rôle est déjà donné à cette personne à la ligne %(line)d.") % {"line": line})
    if wrong:
        result.refused.append(Refusal(said.line, said.thing, said.facts, tuple(wrong)))
    else:
        result.posts[where, who, role] = Clean(said.line, facts)
