"""Keep what the checks found, hear « fausse alerte », let the operator set checks and words (R53)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.kernel.actors import Actor
from renfort.kernel.events import Plain, publish
from renfort.kernel.firing import NotAllowed, Refused, lock_row, lock_rows
from renfort.kernel.terms import steps
from renfort.organisations.checks.kinds import KINDS, Hit
from renfort.organisations.checks.lists import Settings, settings_now
from renfort.organisations.checks.texts import Listing, Namesake, OrganisationText, check_organisation
from renfort.organisations.enums import LookUpState, WordKind, WordList
from renfort.organisations.models import Check, CheckWord, Found, LookUp, Organisation, OrganisationFinding
from renfort.organisations.rules import oversees
from renfort.organisations.selectors import is_member, is_operator
from renfort.organisations.selectors.likeness import alike
from renfort.territories.selectors.addresses import departments_of_postcode

DEFAULTS = Path(__file__).resolve().parents[1] / "data" / "checks.toml"
KEPT = timedelta(days=365)  # what is true no more still counts for the rates of false alarms so long


# ── what was found ────────────────────────────────────────────────────────────────────────────────
def check_organisations(ids: Iterable[int], settings: Settings | None = None) -> None:
    """Check these organisations as they are now and keep what is found; called in the transaction that changes them.

    At most eight queries and two for each organisation; none for none.
    """
    wanted = sorted(set(ids))
    if not wanted:
        return
    now_set = settings or settings_now()
    with transaction.atomic():
        found = {pk: check_organisation(text, now_set) for pk, text in _texts(wanted)}
        keep(OrganisationFinding, "organisation_id", found, now_set)


def _texts(ids: list[int]) -> Iterator[tuple[int, OrganisationText]]:
    """The organisations as the checks read them; those that have left are not read. Two queries and up to three for each."""
    answered = LookUp.objects.filter(organisation__in=ids, state__in=[LookUpState.FOUND, LookUpState.UNKNOWN])
    answers = {each.organisation_id: each for each in answered}
    for each in Organisation.objects.filter(pk__in=ids, left_at=None).order_by("pk"):
        others = alike(name=each.name, siret=each.siret, rna=each.rna, department=each.department_id, but=[each.pk])
        yield (
            each.pk,
            OrganisationText(
                name=each.name,
                description=each.description,
                siret=each.siret,
                rna=each.rna,
                city=each.city,
                department=each.department_id,
                namesakes=[Namesake(pk=o.pk, name=o.name, city=o.city, why=o.why) for o in others if o.pk != each.pk],
                listing=_listing(answers.get(each.pk), each),
            ),
        )


def _listing(answer: LookUp | None, organisation: Organisation) -> Listing | None:
    """The directory's answer, as long as it is about the number that the organisation has now."""
    if answer is None or answer.asked not in (organisation.siret, organisation.rna):
        return None
    known = answer.state == LookUpState.FOUND
    return Listing(
        asked=answer.asked, is_known=known, name=answer.name, postcode=answer.postcode, city=answer.city,
        department=next(iter(departments_of_postcode(answer.postcode)), "") if answer.postcode else "",
        is_closed=answer.is_closed, closed_on=answer.closed_on,
    )  # fmt: skip


def keep(model: type[Found], owner: str, found: Mapping[int, list[Hit]], settings: Settings) -> None:
    """Keep what was found of each subject: new rows, those that are true again, those that are true no more. Up to four queries.

    The caller holds the subjects' locks, or has just made them.
    """
    now = timezone.now()
    manager: Any = model._default_manager
    numbers = {key: check.pk for key, check in settings.checks.items()}
    hits = {(subject, numbers[hit.key], hit.print): hit for subject, each in found.items() for hit in each if hit.key in numbers}
    rows = manager.filter(**{f"{owner}__in": list(found)}).values_list("pk", owner, "made_by_id", "print", "gone_at")
    known = {(subject, check, print_): (pk, gone) for pk, subject, check, print_, gone in rows}
    new = [
        model(
            **{owner: subject}, made_by_id=check, print=print_, word_id=hit.word, field=hit.field, words=hit.words[:200],
            excerpt=hit.excerpt[:500], facts=dict(hit.facts), found_at=now,
        )
        for (subject, check, print_), hit in hits.items()
        if (subject, check, print_) not in known
    ]  # fmt: skip
    manager.bulk_create(new, ignore_conflicts=True)
    again = [pk for key, (pk, gone) in known.items() if key in hits and gone is not None]
    over = [pk for key, (pk, gone) in known.items() if key not in hits and gone is None]
    if again:
        manager.filter(pk__in=again).update(gone_at=None)
    if over:
        manager.filter(pk__in=over).update(gone_at=now)


def recheck_organisations(ids: list[int], settings: Settings) -> None:
    """Check them again, under their locks. For the job that goes through all of them."""
    with transaction.atomic():
        lock_rows(Organisation.objects.filter(pk__in=ids))
        check_organisations(ids, settings)


def forget_gone(model: type[Found], now: datetime) -> int:
    """Remove what has been true no more for a year; returns how many. Called by the clock."""
    manager: Any = model._default_manager
    removed, _each = manager.filter(gone_at__lt=now - KEPT).delete()
    return int(removed)


# ── « fausse alerte » ─────────────────────────────────────────────────────────────────────────────
def strike(row: Found, *, actor: Actor, organisation_id: int, false: bool = True) -> bool:
    """Write or take back « fausse alerte » on one finding; the caller has asked who may. Returns whether it was changed:
    a second click counts nothing.

    Raises:
        NotAllowed: the actor is of the very organisation.
    """
    if actor.person_id is not None and is_member(actor.person_id, organisation_id):
        raise NotAllowed(_("Vous êtes de cette structure : quelqu'un d'autre doit en juger."))
    manager: Any = type(row)._default_manager
    with transaction.atomic():
        asked = manager.filter(pk=row.pk, gone_at=None, false_at__isnull=false)
        changed = asked.update(false_at=timezone.now() if false else None, false_by_id=actor.person_id if false else None)
        if changed:
            codes: dict[str, Plain] = {"check": row.made_by.key, "word": row.word_id}
            publish(f"{row._meta.label_lower}.{'strike' if false else 'unstrike'}", row, actor=actor, codes=codes)
    return bool(changed)


def say_false(finding: OrganisationFinding, *, actor: Actor, false: bool = True) -> bool:
    """« Fausse alerte » about an organisation. Returns whether it was counted: a second click is not.

    Raises:
        NotAllowed: the actor does not look after the organisation's department, or is of the organisation.
    """
    organisation = finding.organisation
    if not oversees(actor, organisation.department_id):
        raise NotAllowed(_("Seul qui valide cette structure peut dire que c'est une fausse alerte."))
    return strike(finding, actor=actor, organisation_id=organisation.pk, false=false)


# ── what the operator sets ────────────────────────────────────────────────────────────────────────
def set_check(check: Check, *, actor: Actor, weight: int, threshold: int | None, is_active: bool) -> bool:
    """Change how heavy a check is, what it counts, whether it is made. Returns whether missions must be checked again.

    Raises:
        NotAllowed: the actor is not the operator.
    """
    _only_operator(actor)
    with transaction.atomic():
        locked: Check = lock_row(check)
        after: dict[str, Plain] = {"weight": weight, "threshold": threshold, "is_active": is_active}
        changes: dict[str, tuple[Plain, Plain]] = {
            name: (getattr(locked, name), value) for name, value in after.items() if getattr(locked, name) != value
        }
        if not changes:
            return False
        for name, value in after.items():
            setattr(locked, name, value)
        locked.save()
        publish("organisations.check.change", locked, actor=actor, codes={"key": locked.key}, changes=changes)
    return "threshold" in changes


def add_word(*, actor: Actor, list_: str, scope: str, kind: str, words: str) -> CheckWord:
    """Add a word to a list, or put it back where it had been withdrawn.

    Raises:
        NotAllowed: the actor is not the operator.
        Refused: it is there already, or nothing of it can be looked for.
    """
    _only_operator(actor)
    _check_words(list_, words)
    with transaction.atomic():
        word, is_new = CheckWord.objects.get_or_create(list=list_, scope=scope, kind=kind, words=words)
        if not is_new and word.is_active:
            raise Refused(_("« %(words)s » est déjà dans la liste.") % {"words": words})
        word.is_active = True
        word.save(update_fields=["is_active"])
        publish("organisations.checkword.add", word, actor=actor, changes={"words": ("", words)})
    return word


def change_word(word: CheckWord, *, actor: Actor, kind: str, words: str) -> bool:
    """Write a word differently, or let it do something else. Returns whether anything changed.

    Raises:
        NotAllowed: the actor is not the operator.
        Refused: another entry says the same, or nothing of it can be looked for.
    """
    _only_operator(actor)
    _check_words(word.list, words)
    with transaction.atomic():
        locked: CheckWord = lock_row(word)
        changes: dict[str, tuple[Plain, Plain]] = {}
        if locked.words != words:
            changes["words"] = (locked.words, words)
        if locked.kind != kind:
            changes["kind"] = (locked.kind, kind)
        if not changes:
            return False
        locked.words, locked.kind = words, kind
        try:
            with transaction.atomic():
                locked.save(update_fields=["words", "kind"])
        except IntegrityError:
            raise Refused(_("« %(words)s » est déjà dans la liste.") % {"words": words}) from None
        publish("organisations.checkword.rename", locked, actor=actor, changes=changes)
    return True


def offer_word(word: CheckWord, *, actor: Actor, offered: bool) -> bool:
    """Withdraw a word, or put it back. Returns whether anything changed.

    Raises:
        NotAllowed: the actor is not the operator.
    """
    _only_operator(actor)
    with transaction.atomic():
        if not CheckWord.objects.filter(pk=word.pk, is_active=not offered).update(is_active=offered):
            return False
        word.is_active = offered
        verb = "restore" if offered else "withdraw"
        publish(f"organisations.checkword.{verb}", word, actor=actor, changes={"is_active": (not offered, offered)})
    return True


def _check_words(list_: str, words: str) -> None:
    if list_ != WordList.LINKS and not steps(words):
        raise Refused(_("Écrivez au moins une lettre."))


def _only_operator(actor: Actor) -> None:
    if not is_operator(actor):
        raise NotAllowed


# ── the first settings ────────────────────────────────────────────────────────────────────────────
def install(defaults: Path = DEFAULTS) -> bool:
    """Install the checks that do not exist, and the lists of which nothing exists; the operator's own are left alone.

    Returns whether anything was missing.
    """
    content = tomllib.loads(defaults.read_text(encoding="utf-8"))
    known = set(Check.objects.values_list("key", flat=True))
    missing = [Check(key=key, **facts) for key, facts in content["check"].items() if key in KINDS and key not in known]
    Check.objects.bulk_create(missing, ignore_conflicts=True)
    lists = set(CheckWord.objects.values_list("list", "scope").distinct())
    words = [
        CheckWord(list=part["list"], scope=part.get("scope", ""), kind=kind, words=each)
        for part in content.get("words", ())
        if (part["list"], part.get("scope", "")) not in lists
        for kind in WordKind.values
        for each in dict.fromkeys(part.get(kind, ()))
    ]
    CheckWord.objects.bulk_create(words, ignore_conflicts=True)
    return bool(missing or words)
