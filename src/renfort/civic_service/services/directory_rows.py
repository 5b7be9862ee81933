"""Write what a plan says, and take it back: few statements, whatever the number of rows (S1)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Field, Model
from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.civic_service.enums import DirectoryAction, DirectoryThing, Source
from renfort.civic_service.models import DirectoryChange, DirectoryPerson, DirectoryRun, Establishment, Post
from renfort.civic_service.rules.directory import Plan, Step
from renfort.civic_service.selectors.directory import OF_ESTABLISHMENT, OF_ORGANISATION, OF_PERSON, snapshot
from renfort.kernel.rows import copy_in, reserve
from renfort.organisations.enums import OrganisationState, Programme, ScopeKind
from renfort.organisations.models import Grant, Organisation
from renfort.people.models import Person

T, A = DirectoryThing, DirectoryAction
LEGAL_STATUS = "association"  # of a managing body (OGEC: loi du 1er juillet 1901)
MOST_HINDERS = 50
LABEL = 300


# ── locks and columns ─────────────────────────────────────────────────────────────────────────────
def lock(plan: Plan) -> None:
    """Hold every row that the plan touches, in the written order: organisations, establishments, then people by number."""
    schools = {step.pk for step in plan.steps if step.thing == T.ESTABLISHMENT and step.pk is not None}
    schools |= {pk for step in plan.steps if step.thing == T.POST and (pk := plan.schools.get(step.key[0])) is not None}
    people = {step.pk for step in plan.steps if step.thing == T.PERSON and step.pk is not None}
    for table, column, numbers in (
        ("organisations_organisation", "id", schools),
        ("civic_service_establishment", "organisation_id", schools),
        ("people_person", "id", people),
    ):
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT 1 FROM {table} WHERE {column} = ANY (%s) ORDER BY {column} FOR NO KEY UPDATE",  # noqa: S608 -- our own names
                [sorted(numbers)],
            )


def _set(model: type[Model], name: str, rows: Sequence[tuple[int, Any]]) -> None:
    """Set one column of many rows, each to its own value, in one statement."""
    if not rows:
        return
    column: Field[Any, Any] = model._meta.get_field(name)  # type: ignore[assignment]  # a column of ours
    pk: Any = model._meta.pk
    kind = column.db_type(connection)
    is_list = name == "fed"
    value = "ARRAY(SELECT jsonb_array_elements_text(new.value::jsonb))" if is_list else f"new.value::{kind}"
    values = [None if each is None else json.dumps(each) if is_list else str(each) for _pk, each in rows]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {model._meta.db_table} AS row SET {column.column} = {value}"  # noqa: S608 -- our own names, no value
            f" FROM unnest(%s::bigint[], %s::text[]) AS new (pk, value) WHERE row.{pk.column} = new.pk",
            [[each for each, _value in rows], values],
        )


class _Columns:
    """Values to be set, gathered by column, so that each column costs one statement."""

    def __init__(self) -> None:
        self.rows: dict[tuple[type[Model], str], list[tuple[int, Any]]] = defaultdict(list)
        self.organisations: set[int] = set()
        self.schools: set[int] = set()
        self.moved: set[int] = set()

    def school(self, pk: int, facts: dict[str, Any]) -> None:
        for name, value in facts.items():
            if name in (*OF_ORGANISATION, "department"):
                self.rows[Organisation, name].append((pk, value))
                self.organisations.add(pk)
                if name in ("postcode", "city", "address", "department"):
                    self.moved.add(pk)
            elif name in (*OF_ESTABLISHMENT, "fed", "left_on", "head"):
                self.rows[Establishment, name].append((pk, value))
            elif name == "key":
                self.rows[Establishment, "directory_key"].append((pk, value))
        self.schools.add(pk)

    def person(self, pk: int, facts: dict[str, Any]) -> None:
        for name, value in facts.items():
            if name in OF_PERSON:
                self.rows[Person, name].append((pk, value))
            elif name == "fed":
                self.rows[DirectoryPerson, name].append((pk, value))

    def post(self, pk: int, facts: dict[str, Any]) -> None:
        for name in ("function", "source"):
            if name in facts:
                self.rows[Post, name].append((pk, facts[name]))

    def write(self, now: datetime) -> None:
        for (model, name), rows in self.rows.items():
            _set(model, name, rows)
        with connection.cursor() as cursor:
            if self.schools:
                cursor.execute(
                    "UPDATE civic_service_establishment SET version = version + 1, fed_at = %s WHERE organisation_id = ANY (%s)",
                    [now, sorted(self.schools)],
                )
            if self.organisations:
                cursor.execute(
                    "UPDATE organisations_organisation SET version = version + 1 WHERE id = ANY (%s)",
                    [sorted(self.organisations)],
                )
            if self.moved:  # where it stood on the map is no longer known
                cursor.execute(
                    "UPDATE organisations_organisation SET commune_id = NULL, latitude = NULL, longitude = NULL"
                    " WHERE id = ANY (%s)",
                    [sorted(self.moved)],
                )


# ── write ─────────────────────────────────────────────────────────────────────────────────────────
@dataclass(slots=True)
class Writer:
    """One plan on its way into the tables, in the caller's transaction."""

    run: DirectoryRun
    plan: Plan
    now: datetime = field(default_factory=timezone.now)
    changes: list[DirectoryChange] = field(default_factory=list)

    def write(self) -> None:
        """People first, then establishments, then posts with the rights that they give; then what was changed."""
        self._add_people()
        self._add_schools()
        columns = _Columns()
        today = timezone.localdate(self.now, timezone.get_default_timezone()).isoformat()
        known = []
        for step in self.plan.steps:
            if step.pk is None or step.thing == T.POST or step.action == A.ADD:
                continue
            if step.thing == T.ESTABLISHMENT:
                if step.action == A.END:
                    step.after["left_on"] = today
                if "head" in step.after:
                    step.after["head"] = self._person(step.after["head"])
                columns.school(step.pk, step.after)
            else:
                columns.person(step.pk, step.after)
                if "key" in step.after:
                    known.append(
                        DirectoryPerson(person_id=step.pk, key=step.key[0], fed=step.after.get("fed", []), fed_at=self.now)
                    )
            self._note(step, step.pk)
        copy_in(known)
        self._known_posts(columns)
        columns.write(self.now)
        self._add_posts()
        self._end_posts([step for step in self.plan.steps if step.thing == T.POST and step.action == A.END])
        copy_in(_numbered(self.changes))

    def _of(self, thing: str, *actions: str) -> list[Step]:
        return [step for step in self.plan.steps if step.thing == thing and step.action in actions]

    def _note(self, step: Step, pk: int, **more: Any) -> None:
        self.changes.append(
            DirectoryChange(
                run=self.run, thing=step.thing, action=step.action, object_id=pk, label=step.label[:LABEL], before=step.before,
                after={**step.after, **more},
            )
        )  # fmt: skip

    def _person(self, said: Any) -> Any:
        return self.plan.people[said["key"]] if isinstance(said, dict) else said

    def _add_people(self) -> None:
        steps = self._of(T.PERSON, A.ADD)
        people, names = [], []
        for step, pk in zip(steps, reserve(Person, len(steps)) if steps else (), strict=True):
            step.pk = self.plan.people[step.key[0]] = pk
            facts = {name: value for name, value in step.after.items() if name in OF_PERSON}
            people.append(Person(pk=pk, created_at=self.now, **facts))
            names.append(DirectoryPerson(person_id=pk, key=step.key[0], fed=step.after["fed"], fed_at=self.now))
            self._note(step, pk)
        copy_in(people)
        copy_in(names)

    def _add_schools(self) -> None:
        steps = self._of(T.ESTABLISHMENT, A.ADD)
        organisations, schools = [], []
        for step, pk in zip(steps, reserve(Organisation, len(steps)) if steps else (), strict=True):
            step.pk = self.plan.schools[step.key[0]] = pk
            if "head" in step.after:
                step.after["head"] = self._person(step.after["head"])
            said = step.after
            organisations.append(
                Organisation(
                    pk=pk, legal_status_id=LEGAL_STATUS, department_id=said["department"], state=OrganisationState.DRAFT,
                    created_at=self.now, queued_at=self.now, description="",
                    **{name: said[name] for name in OF_ORGANISATION if name in said},
                )
            )  # fmt: skip
            schools.append(
                Establishment(
                    organisation_id=pk, directory_key=step.key[0], head_id=said.get("head"), fed=said["fed"], fed_at=self.now,
                    created_at=self.now, **{name: said[name] for name in OF_ESTABLISHMENT if name in said},
                )
            )  # fmt: skip
            self._note(step, pk)
        copy_in(organisations)
        copy_in(schools)

    def _known_posts(self, columns: _Columns) -> None:
        confirmed = []
        for step in self._of(T.POST, A.CHANGE, A.CONFIRM):
            if step.pk is None:
                continue
            columns.post(step.pk, step.after)
            confirmed.append(step.pk)
            self._note(step, step.pk)
        with connection.cursor() as cursor:  # before the source says « directory »: the database asks when
            cursor.execute("UPDATE civic_service_post SET confirmed_at = %s WHERE id = ANY (%s)", [self.now, confirmed])

    def _add_posts(self) -> None:
        """Each new post with its right; one that is there without a post (given by hand) is taken over."""
        steps = self._of(T.POST, A.ADD, A.REOPEN)
        if not steps:
            return
        held = self.plan.held.grants if self.plan.held is not None else {}
        grants, posts = [], []
        for step, pk, number in zip(steps, reserve(Post, len(steps)), reserve(Grant, len(steps)), strict=True):
            school, person, role = self.plan.schools[step.key[0]], self.plan.people[step.key[1]], step.key[2]
            grant = held.get((school, person, role))
            is_new = grant is None
            if grant is None:
                grant = number
                grants.append(
                    Grant(
                        pk=grant, person_id=person, programme=Programme.CIVIC_SERVICE, role=role, organisation_id=school,
                        scope_kind=ScopeKind.ORGANISATION, scope=str(school), valid_from=self.now,
                        given_by_id=self.run.confirmed_by_id,
                    )
                )  # fmt: skip
            posts.append(
                Post(
                    pk=pk, establishment_id=school, person_id=person, role=role, source=Source.DIRECTORY, grant_id=grant,
                    function=step.after["function"], began_at=self.now, confirmed_at=self.now,
                )
            )  # fmt: skip
            self._note(step, pk, establishment=school, person=person, role=role, grant=grant, grant_is_new=is_new)
        copy_in(grants)
        copy_in(posts)

    def _end_posts(self, steps: Sequence[Step]) -> None:
        """End posts and their rights at one moment: every page asks at each request."""
        numbers = [step.pk for step in steps if step.pk is not None]
        with connection.cursor() as cursor:
            cursor.execute("UPDATE civic_service_post SET ended_at = %s WHERE id = ANY (%s)", [self.now, numbers])
            cursor.execute(
                "UPDATE organisations_grant SET valid_until = %s WHERE valid_until IS NULL"
                " AND id IN (SELECT grant_id FROM civic_service_post WHERE id = ANY (%s))",
                [self.now, numbers],
            )
        for step in steps:
            if step.pk is not None:
                self._note(step, step.pk, ended_at=self.now.isoformat())


def _numbered(changes: list[DirectoryChange]) -> list[DirectoryChange]:
    for change, pk in zip(changes, reserve(DirectoryChange, len(changes)) if changes else (), strict=True):
        change.pk = pk
    return changes


# ── take back ─────────────────────────────────────────────────────────────────────────────────────
class HinderedError(Exception):
    """Something has changed since: ``hinders`` says what, and nothing was taken back."""

    def __init__(self, hinders: list[str]) -> None:
        self.hinders = hinders
        super().__init__(f"{len(hinders)} rows have changed since")


@dataclass(slots=True)
class Undoer:
    """Everything that one reading wrote, taken back as a whole in the caller's transaction."""

    run: DirectoryRun
    hinders: list[str] = field(default_factory=list)

    def undo(self) -> None:
        """Put back what was, remove what was not.

        Raises:
            HinderedError: something that the reading wrote has changed since; roll back.
        """
        changes = list(self.run.changes.order_by("id"))
        by_thing: dict[str, list[DirectoryChange]] = defaultdict(list)
        for change in changes:
            by_thing[change.thing].append(change)
        self._lock(by_thing)
        self._compare(by_thing)
        self._stop_if_hindered()
        self._posts(by_thing[T.POST])
        columns = _Columns()
        for change in by_thing[T.ESTABLISHMENT]:
            if change.action != A.ADD:
                columns.school(change.object_id, change.before)
        for change in by_thing[T.PERSON]:
            if change.action != A.ADD:
                columns.person(change.object_id, change.before)
        columns.write(timezone.now())
        self._named_no_more(by_thing[T.PERSON])
        self._remove([c for c in by_thing[T.ESTABLISHMENT] if c.action == A.ADD], [Establishment, Organisation])
        self._remove([c for c in by_thing[T.PERSON] if c.action == A.ADD], [DirectoryPerson, Person])
        self._stop_if_hindered()

    def _stop_if_hindered(self) -> None:
        if self.hinders:
            raise HinderedError(self.hinders[:MOST_HINDERS])

    def _hinder(self, change: DirectoryChange, why: str) -> None:
        self.hinders.append(f"{change.label} : {why}")

    def _lock(self, by_thing: dict[str, list[DirectoryChange]]) -> None:
        steps = [
            Step(change.thing, change.action, ("",), change.object_id, "")
            for change in (*by_thing[T.ESTABLISHMENT], *by_thing[T.PERSON])
        ]
        lock(Plan(steps=steps))

    def _compare(self, by_thing: dict[str, list[DirectoryChange]]) -> None:
        """Whether each thing still stands as the reading left it."""
        changed = _("a changé depuis.")
        emails = [str(change.after["email"]) for change in by_thing[T.PERSON] if change.after.get("email")]
        held = snapshot(emails)
        for thing, rows in ((T.ESTABLISHMENT, held.schools), (T.PERSON, held.people)):
            for change in by_thing[thing]:
                facts = rows.get(change.object_id)
                if facts is None or any(facts.get(name) != value for name, value in change.after.items()):
                    self._hinder(change, changed)
        posts = Post.objects.in_bulk([change.object_id for change in by_thing[T.POST]])
        for change in by_thing[T.POST]:
            post = posts.get(change.object_id)
            if post is None or not self._stands(change, post):
                self._hinder(change, changed)
            elif change.action == A.END and (post.establishment_id, post.person_id, post.role) in held.posts:
                self._hinder(change, _("a été donné à nouveau depuis."))

    @staticmethod
    def _stands(change: DirectoryChange, post: Post) -> bool:
        if change.action == A.END:
            return post.ended_at is not None and post.ended_at.isoformat() == change.after["ended_at"]
        said = {"function": post.function, "source": post.source}
        return post.ended_at is None and all(said[name] == change.after[name] for name in said if name in change.after)

    def _posts(self, changes: Sequence[DirectoryChange]) -> None:
        made = [change for change in changes if change.action in (A.ADD, A.REOPEN)]
        Post.objects.filter(pk__in=[change.object_id for change in made]).delete()
        Grant.objects.filter(pk__in=[change.after["grant"] for change in made if change.after["grant_is_new"]]).delete()
        columns = _Columns()
        local = []
        for change in changes:
            if change.action in (A.CHANGE, A.CONFIRM):
                columns.post(change.object_id, change.before)
                if change.action == A.CONFIRM:
                    local.append(change.object_id)
        columns.write(timezone.now())
        Post.objects.filter(pk__in=local).update(confirmed_at=None)
        ended = [change.object_id for change in changes if change.action == A.END]
        Post.objects.filter(pk__in=ended).update(ended_at=None)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE organisations_grant SET valid_until = NULL WHERE id IN"
                " (SELECT grant_id FROM civic_service_post WHERE id = ANY (%s))",
                [ended],
            )

    @staticmethod
    def _named_no_more(changes: Sequence[DirectoryChange]) -> None:
        met = [change.object_id for change in changes if change.action != A.ADD and "key" in change.after]
        DirectoryPerson.objects.filter(pk__in=met).delete()

    def _remove(self, added: Sequence[DirectoryChange], models: Sequence[type[Model]]) -> None:
        """Remove what the reading added, unless something else points at it by now: then nothing is undone, and it is said."""
        labels = {change.object_id: change for change in added}
        used: set[int] = set()
        for model in models:
            for pointer, column in _pointers(model):
                if pointer not in models:
                    found = pointer._base_manager.filter(**{f"{column}__in": list(labels)})
                    used |= set(found.values_list(column, flat=True))
        for pk in sorted(used):
            self._hinder(labels[pk], _("sert depuis : un compte, un projet ou un rôle s'y rattache."))
        if not self.hinders:
            for model in models:
                name = model._meta.pk.attname if model._meta.pk is not None else "pk"
                model._base_manager.filter(**{f"{name}__in": list(labels)}).delete()


def _pointers(model: type[Model]) -> Iterable[tuple[type[Model], str]]:
    """Every model that points at this one, with its column."""
    for relation in model._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one):
            pointer: Any = relation
            yield pointer.related_model, pointer.field.attname
