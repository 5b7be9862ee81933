"""What a delivery of the directory would change, and whether that is too much to go on by itself (S1)."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _

from renfort.civic_service.enums import DirectoryAction, DirectoryThing, PostRole, Source
from renfort.civic_service.rules.delivery import Clean, Judged, Refusal, judge
from renfort.civic_service.selectors.delivery import Delivery
from renfort.civic_service.selectors.directory import (
    OF_ESTABLISHMENT,
    OF_ORGANISATION,
    OF_PERSON,
    HeldPost,
    Snapshot,
    department_codes,
    departments_of_postcodes,
    is_director,
    snapshot,
)
from renfort.kernel.actors import Actor
from renfort.kernel.rules import rule
from renfort.kernel.terms import plain

T, A = DirectoryThing, DirectoryAction
SCHOOL_FACTS = (*OF_ORGANISATION, *OF_ESTABLISHMENT)
WHOLE = 100  # per cent
HALF, SEVERAL = 2, 2  # half of the posts of one role, and more than a single one
OVERSEAS = ("97", "98")


@rule(_("les gestionnaires nationaux et l'opérateur"))
def may_read_directory(actor: Actor, _obj: object = None) -> bool:
    """Whether the actor brings the directory in, confirms and undoes its readings (S1)."""
    return is_director(actor)


@dataclass(slots=True)
class Step:
    """One difference. ``pk``: the thing's number, None while it has none; ``key``: how the directory names it.

    ``before`` and ``after`` hold the fields that differ. A head is a person's number, or ``{"key": …}`` of somebody to be added.
    """

    thing: str
    action: str
    key: tuple[str, ...]  # of a post: the establishment's, the person's, the role
    pk: int | None
    label: str
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Plan:
    """Everything that a delivery comes to, before anything is written."""

    steps: list[Step] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    notes: list[tuple[int, str]] = field(default_factory=list)  # (line, sentence)
    brakes: list[str] = field(default_factory=list)
    schools: dict[str, int] = field(default_factory=dict)  # key → number, of those that we hold
    people: dict[str, int] = field(default_factory=dict)
    held: Snapshot | None = None

    def counts(self) -> dict[str, int]:
        """« establishment.add » → how many."""
        return dict(Counter(f"{step.thing}.{step.action}" for step in self.steps))

    def print(self) -> str:
        """A name for exactly these differences: who confirms it confirms nothing else."""
        digest = sha256()
        for step in self.steps:
            facts = [step.thing, step.action, step.key, step.pk, step.before, step.after]
            digest.update(json.dumps(facts, ensure_ascii=False, sort_keys=True).encode())
        return digest.hexdigest()


def plan(delivery: Delivery, *, share: int, least: int) -> Plan:
    """What the delivery would add, change, confirm, end and reopen; nothing is written.

    ``share`` (per cent) and ``least`` set the brake. Some ten queries, whatever the number of lines.
    """
    emails = [line.facts.get("email", "").strip().lower() for line in delivery.lines if line.thing == T.PERSON]
    held = snapshot(filter(None, emails))
    return _Planner(delivery, held).make(share=share, least=least)


@dataclass(frozen=True, slots=True)
class _Known:
    """One thing that we hold, beside the line that speaks of it."""

    thing: str
    key: str
    pk: int
    line: int
    label: str
    held: Mapping[str, Any]


class _Planner:
    def __init__(self, delivery: Delivery, held: Snapshot) -> None:
        self.delivery, self.held = delivery, held
        self.plan = Plan(held=held)
        self.school_by_key = {facts["key"]: pk for pk, facts in held.schools.items() if facts["key"]}
        self.person_by_key = {facts["key"]: pk for pk, facts in held.people.items() if facts["key"]}
        self.judged: Judged = judge(delivery, known_schools=self.school_by_key, known_people=self.person_by_key)
        self.plan.refused = self.judged.refused
        self.names: dict[str, str] = {}  # of people and schools, for labels
        codes = {str(clean.facts["postcode"]) for clean in self.judged.schools.values() if clean.facts.get("postcode")}
        self.places, self.departments = departments_of_postcodes(codes), department_codes()

    def make(self, *, share: int, least: int) -> Plan:
        self._people()
        self._schools()
        self._posts()
        self._brake(share, least)
        return self.plan

    def _refuse(self, clean: Clean, thing: str, *sentences: str) -> None:
        said = {name: "" if value is None else str(value) for name, value in clean.facts.items()}
        self.plan.refused.append(Refusal(clean.line, thing, said, sentences))

    # ── people ────────────────────────────────────────────────────────────────────────────────────
    def _people(self) -> None:
        by_email: dict[str, list[int]] = defaultdict(list)
        for pk, facts in self.held.people.items():
            if facts["email"]:
                by_email[facts["email"].lower()].append(pk)
        shared: dict[object, list[str]] = defaultdict(list)
        for key, clean in self.judged.people.items():
            if clean.facts.get("email"):
                shared[clean.facts["email"]].append(key)
        for key, clean in self.judged.people.items():
            found: int | None = self.person_by_key.get(key)
            if found is None:
                email = str(clean.facts.get("email") or "")
                found = self._same_person(clean, by_email.get(email, []), shared.get(email, []))
            if found is None:
                self._new_person(key, clean)
            else:
                self.plan.people[key] = found
                self._known_person(key, found, clean)
        for key, pk in self.person_by_key.items():
            self.plan.people.setdefault(key, pk)

    def _same_person(self, clean: Clean, there: list[int], shared: list[str]) -> int | None:
        """Who this is, by a whole address that is one person's alone and whose name agrees; else nobody, and it is said."""
        email = clean.facts.get("email")
        if len(shared) > 1:
            sentence = _("Plusieurs personnes de l'annuaire ont l'adresse %(email)s : chacune garde sa propre fiche.")
            self.plan.notes.append((clean.line, sentence % {"email": email}))
            return None
        if not there:
            return None
        free = [pk for pk in there if not self.held.people[pk]["key"]]
        if len(there) == 1 and free and plain(self.held.people[free[0]]["last_name"]) == plain(str(clean.facts["last_name"])):
            return free[0]
        sentence = _("L'adresse %(email)s est déjà celle de quelqu'un d'autre ici : une fiche à part est créée.")
        self.plan.notes.append((clean.line, sentence % {"email": email}))
        return None

    def _new_person(self, key: str, clean: Clean) -> None:
        after: dict[str, Any] = {name: value for name in OF_PERSON if (value := clean.facts.get(name))}
        after["fed"] = sorted(after)
        self.names[key] = f"{after['first_name']} {after['last_name']}"
        self.plan.steps.append(Step(T.PERSON, A.ADD, (key,), None, self.names[key], {}, after))

    def _known_person(self, key: str, pk: int, clean: Clean) -> None:
        held = self.held.people[pk]
        spoken = dict(clean.facts)
        if held["has_account"] and spoken.get("email") not in (None, "", held["email"]):
            sentence = _("%(name)s se connecte avec une autre adresse que celle de l'annuaire, %(email)s : la sienne reste.")
            name = f"{held['first_name']} {held['last_name']}"
            self.plan.notes.append((clean.line, sentence % {"name": name, "email": spoken["email"]}))
            spoken.pop("email")
        label = f"{held['first_name']} {held['last_name']}"
        self._compare(_Known(T.PERSON, key, pk, clean.line, label, held), spoken, OF_PERSON)

    # ── establishments ────────────────────────────────────────────────────────────────────────────
    def _schools(self) -> None:
        by_uai = {facts["uai"]: pk for pk, facts in self.held.schools.items() if facts["uai"] and not facts["left_on"]}
        for key, clean in self.judged.schools.items():
            pk, holder = self.school_by_key.get(key), by_uai.get(str(clean.facts.get("uai") or ""))
            if pk is None and holder is not None and not self.held.schools[holder]["key"]:
                pk = holder
            if holder is not None and holder != pk:
                there = self.held.schools[holder]
                sentence = _("L'UAI %(uai)s est déjà celui de « %(name)s » (clé %(key)s).")
                said = {"uai": there["uai"], "name": there["name"], "key": there["key"] or "–"}
                self._refuse(clean, T.ESTABLISHMENT, sentence % said)
                if pk is not None:
                    self.plan.schools[key] = pk
            elif pk is None:
                self._new_school(key, clean)
            else:
                self.plan.schools[key] = pk
                self._known_school(key, pk, clean)
        for key, pk in self.school_by_key.items():
            self.plan.schools.setdefault(key, pk)
        if self.delivery.is_complete and self.delivery.speaks_of(T.ESTABLISHMENT):
            self._absent_schools()

    def _new_school(self, key: str, clean: Clean) -> None:
        missing = [name for name in ("name", "network", "postcode", "city") if not clean.facts.get(name)]
        if missing:
            self._refuse(
                clean, T.ESTABLISHMENT,
                _("Pour un nouvel établissement, il faut le nom, le réseau, le code postal et la ville."),
            )  # fmt: skip
            return
        department = self._department(str(clean.facts["postcode"]), str(clean.facts["city"]))
        if department is None:
            self._refuse(clean, T.ESTABLISHMENT, self._nowhere(clean))
            return
        after: dict[str, Any] = {name: value for name in SCHOOL_FACTS if (value := clean.facts.get(name)) not in (None, "")}
        if head := clean.facts.get("head"):
            after["head"] = self._person_ref(str(head))
        after["fed"] = sorted(after)
        after["department"] = department
        self.names[key] = str(after["name"])
        self.plan.steps.append(Step(T.ESTABLISHMENT, A.ADD, (key,), None, str(after["name"]), {}, after))

    @staticmethod
    def _nowhere(clean: Clean) -> str:
        return _("Le code postal %(code)s n'est d'aucun département connu.") % {"code": clean.facts["postcode"]}

    def _department(self, postcode: str, city: str) -> str | None:
        """Where a school lies: by the communes of its postcode, of which the city's name chooses; else by its first digits."""
        there = self.places.get(postcode, [])
        codes = {code for _name, code in there}
        if len(codes) > 1:
            wanted = plain(city).upper().replace("-", " ")
            named = {code for name, code in there if plain(name).upper().replace("-", " ") == wanted}
            codes = named if len(named) == 1 else {there[0][1]}
        if codes:
            return next(iter(codes))
        start = postcode[:3] if postcode.startswith(OVERSEAS) else postcode[:2]
        if start == "20":
            start = "2A" if postcode[:3] in ("200", "201") else "2B"
        return start if start in self.departments else None

    def _person_ref(self, key: str) -> int | dict[str, str]:
        pk = self.plan.people.get(key)
        return {"key": key} if pk is None else pk

    def _known_school(self, key: str, pk: int, clean: Clean) -> None:
        held = self.held.schools[pk]
        spoken: dict[str, Any] = dict(clean.facts)
        if "head" in spoken:
            spoken["head"] = self._person_ref(str(spoken["head"])) if spoken["head"] else None
        if spoken.get("postcode") and (spoken["postcode"], spoken.get("city")) != (held["postcode"], held["city"]):
            department = self._department(str(spoken["postcode"]), str(spoken.get("city") or held["city"]))
            if department is None:
                self._refuse(clean, T.ESTABLISHMENT, self._nowhere(clean))
                return
            spoken["department"] = department
        known = _Known(T.ESTABLISHMENT, key, pk, clean.line, held["name"], held)
        self._compare(known, spoken, (*SCHOOL_FACTS, "head", "department"))

    def _absent_schools(self) -> None:
        """Those that the whole directory no longer names have left it; a line that was refused still names its own."""
        named = self.judged.named[T.ESTABLISHMENT]
        for key, pk in self.school_by_key.items():
            held = self.held.schools[pk]
            if key not in named and held["left_on"] is None:
                step = Step(T.ESTABLISHMENT, A.END, (key,), pk, held["name"], {"left_on": None}, {"left_on": "today"})
                self.plan.steps.append(step)

    # ── both ──────────────────────────────────────────────────────────────────────────────────────
    def _compare(self, known: _Known, spoken: Mapping[str, Any], names: tuple[str, ...]) -> None:
        """Field by field. A blank of the directory erases nothing: the fact stays, and is ours to change from now on."""
        held = known.held
        before: dict[str, Any] = {}
        after: dict[str, Any] = {}
        fed = set(held["fed"])
        for name in names:
            if name not in spoken:
                continue
            value = spoken[name]
            if value in (None, ""):
                fed.discard(name)
                continue
            if value != held[name]:
                before[name], after[name] = held[name], value
                if name not in held["fed"] and held[name] not in (None, "") and name != "department":
                    self._replaced(known.line, known.label, held[name], value)
            if name != "department":
                fed.add(name)
        has_changed = bool(after)
        if sorted(fed) != held["fed"]:
            before["fed"], after["fed"] = held["fed"], sorted(fed)
        if known.key != held["key"]:
            before["key"], after["key"] = held["key"], known.key
        action: str = A.CHANGE if has_changed else A.CONFIRM
        if held.get("left_on"):
            before["left_on"], after["left_on"], action = held["left_on"], None, A.REOPEN
        self.names[known.key] = known.label
        if after:
            self.plan.steps.append(Step(known.thing, action, (known.key,), known.pk, known.label, before, after))

    def _replaced(self, line: int, label: str, before: object, after: object) -> None:
        if isinstance(before, str) and isinstance(after, str) and plain(before) != plain(after):
            sentence = _("%(label)s : l'annuaire remplace « %(before)s », écrit ici, par « %(after)s ».")
            self.plan.notes.append((line, sentence % {"label": label, "before": before, "after": after}))

    # ── posts ─────────────────────────────────────────────────────────────────────────────────────
    def _posts(self) -> None:
        added_schools = {step.key[0] for step in self.plan.steps if step.thing == T.ESTABLISHMENT and step.action == A.ADD}
        added_people = {step.key[0] for step in self.plan.steps if step.thing == T.PERSON and step.action == A.ADD}
        named: set[tuple[int, int, str]] = set()
        for trio, clean in self.judged.posts.items():
            school_key, person_key, role = trio
            school, person = self.plan.schools.get(school_key), self.plan.people.get(person_key)
            if (school is None and school_key not in added_schools) or (person is None and person_key not in added_people):
                self._refuse(clean, T.POST, _("L'établissement ou la personne de ce rôle est sur une ligne refusée."))
                continue
            label = self._post_label(school_key, person_key, role)
            function = str(clean.facts.get("function") or "")
            known = (school, person, role) if school is not None and person is not None else None
            if known is not None:
                named.add(known)
            if known is None or known not in self.held.posts:
                action = A.REOPEN if known in self.held.ended else A.ADD
                after = {"source": str(Source.DIRECTORY), "function": function}
                self.plan.steps.append(Step(T.POST, action, trio, None, label, {}, after))
                continue
            self._known_post(trio, self.held.posts[known], clean, function, label)
        self._absent_posts(named)

    def _known_post(self, trio: tuple[str, ...], held: HeldPost, clean: Clean, function: str, label: str) -> None:
        before: dict[str, Any] = {}
        after: dict[str, Any] = {}
        if function and function != held.function:
            before["function"], after["function"] = held.function, function
        action = A.CHANGE
        if held.source != Source.DIRECTORY:
            before["source"], after["source"], action = held.source, str(Source.DIRECTORY), A.CONFIRM
        if after:
            self.plan.steps.append(Step(T.POST, action, trio, held.pk, label, before, after))

    def _absent_posts(self, named: set[tuple[int, int, str]]) -> None:
        """Posts that came from the directory and that it no longer names; one that was added here stays, whatever it says."""
        if self.delivery.only:
            within = {self.school_by_key.get(self.delivery.only)}
        elif self.delivery.is_complete and self.delivery.speaks_of(T.POST):
            within = set(self.held.schools)
        else:
            return
        keys = {pk: facts["key"] for pk, facts in self.held.schools.items()}
        for (school, person, role), held in sorted(self.held.posts.items()):
            if school not in within or held.source != Source.DIRECTORY or (school, person, role) in named:
                continue
            facts = self.held.people.get(person)
            trio = (keys[school], facts["key"] if facts else "", role)
            if not self.judged.named_posts.isdisjoint({trio, (*trio[:2], "")}):
                continue  # its line was refused: a typing error ends nobody's role
            name = f"{facts['first_name']} {facts['last_name']}" if facts else str(person)
            label = f"{name} · {PostRole(role).label} · {self.held.schools[school]['name']}"
            self.plan.steps.append(Step(T.POST, A.END, trio, held.pk, label, {"ended": False}, {"ended": True}))

    def _post_label(self, school_key: str, person_key: str, role: str) -> str:
        person, school = self.plan.people.get(person_key), self.plan.schools.get(school_key)
        name = self.names.get(person_key)
        if name is None and person is not None:
            name = f"{self.held.people[person]['first_name']} {self.held.people[person]['last_name']}"
        where = self.names.get(school_key) or (self.held.schools[school]["name"] if school is not None else "")
        return f"{name} · {PostRole(role).label} · {where}"

    # ── the brake ─────────────────────────────────────────────────────────────────────────────────
    def _brake(self, share: int, least: int) -> None:
        """Too much at once is a mistake of the file more often than the truth: a person says why it is right."""
        sizes = {
            T.ESTABLISHMENT: (sum(1 for each in self.held.schools.values() if not each["left_on"]), _("établissements")),
            T.PERSON: (len(self.person_by_key), _("personnes")),
            T.POST: (len(self.held.posts), _("rôles")),
        }
        counts = self.plan.counts()
        for thing, (size, words) in sizes.items():
            touched = counts.get(f"{thing}.{A.CHANGE}", 0) + counts.get(f"{thing}.{A.END}", 0)
            if is_too_much(touched, size, share=share, least=least):
                sentence = _("%(touched)d sur %(size)d %(things)s changeraient ou prendraient fin.")
                self.plan.brakes.append(sentence % {"touched": touched, "size": size, "things": words})
        held = Counter(role for (_school, _person, role), post in self.held.posts.items() if post.source == Source.DIRECTORY)
        ended = Counter(step.key[2] for step in self.plan.steps if step.thing == T.POST and step.action == A.END)
        for role, gone in sorted(ended.items()):
            if is_half(gone, held[role]):
                sentence = _("%(gone)d des %(size)d rôles « %(role)s » prendraient fin.")
                said = {"gone": gone, "size": held[role], "role": PostRole(role).label}
                self.plan.brakes.append(sentence % said)


def is_too_much(touched: int, size: int, *, share: int, least: int) -> bool:
    """Whether so many of so many pass the operator's share, ``least`` of them being the fewest that count (S1)."""
    return touched >= least and touched * WHOLE > share * size


def is_half(gone: int, size: int) -> bool:
    """Whether half of the posts of one role would end, were they ever so few (S1: half of the tutors)."""
    return gone >= SEVERAL and gone * HALF >= size
