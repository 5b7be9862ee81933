"""What was answered, summed up for those who may know; never a figure of fewer than five people (W7)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from renfort.kernel.actors import Actor
from renfort.organisations.enums import Programme, Role, ScopeKind
from renfort.workshops.enums import SCALES, Moment, QuestionKind
from renfort.workshops.models import Answer, Assignment, Question, Reply, Survey
from renfort.workshops.selectors.roles import clients_coordinated, is_everybody, is_staff

FEWEST = 5  # answers without which neither average nor shares are shown: fewer would tell who said what
SATISFACTION = "satisfaction"  # the question whose evolution is drawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which answers: of sessions between two days (both included, days in Paris), of one audience, kind or assignment."""

    moment: str = Moment.HOT
    since: date | None = None
    until: date | None = None
    audience: str = ""
    kind: str = ""
    assignment: int | None = None

    def of_sessions(self, prefix: str) -> Q:
        """The condition on the session that ``prefix`` leads to (« session__ »)."""
        found = Q()
        if self.since is not None:
            found &= Q(**{f"{prefix}starts_at__date__gte": self.since})
        if self.until is not None:
            found &= Q(**{f"{prefix}starts_at__date__lte": self.until})
        if self.audience:
            found &= Q(**{f"{prefix}assignment__audience": self.audience})
        if self.kind:
            found &= Q(**{f"{prefix}kind": self.kind})
        if self.assignment is not None:
            found &= Q(**{f"{prefix}assignment": self.assignment})
        return found


@dataclass(slots=True)
class Share:
    """One choice or mark, and how many gave it."""

    words: str
    count: int


@dataclass(slots=True)
class Figure:
    """What was answered to one question. ``average`` and ``shares`` are empty under ``FEWEST`` answers."""

    key: str
    label: str
    kind: str
    count: int = 0
    average: float | None = None
    top: int = 0  # the highest mark
    shares: list[Share] = field(default_factory=list)

    @property
    def is_hidden(self) -> bool:
        """Whether there are answers, but too few to say anything of them."""
        return 0 < self.count < FEWEST


@dataclass(slots=True)
class Month:
    """One month of the evolution, from its first day; ``average`` None under ``FEWEST`` answers."""

    first: date
    count: int
    average: float | None


def may_read_figures(actor: Actor) -> QuerySet[Assignment]:
    """The assignments whose figures the actor may read: all for the association, one's own for the coordination, the
    client's for its contact."""
    found = Assignment.objects.all()
    if is_everybody(actor) or is_staff(actor):
        return found
    wanted = Q(pk__in=())
    if clients := clients_coordinated(actor):
        wanted |= Q(coordinator_id=actor.person_id, order__client_id__in=clients)
    contact = [int(scope) for scope in actor.scopes(Programme.WORKSHOPS, [Role.CLIENT_CONTACT], ScopeKind.ORGANISATION)]
    if contact:
        wanted |= Q(order__client_id__in=contact)
    return found.filter(wanted)


def may_read_words(actor: Actor) -> QuerySet[Assignment]:
    """The assignments whose free texts the actor may read: the association and the coordination alone, never the client."""
    found = Assignment.objects.all()
    if is_everybody(actor) or is_staff(actor):
        return found
    clients = clients_coordinated(actor)
    return found.filter(coordinator_id=actor.person_id, order__client_id__in=clients) if clients else found.none()


def replies(actor: Actor, wanted: Wanted) -> QuerySet[Reply]:
    """The replies of which the actor may know the figures."""
    found = Reply.objects.filter(wanted.of_sessions("session__"), edition__questionnaire__moment=wanted.moment)
    if is_everybody(actor) or is_staff(actor):
        return found
    return found.filter(session__assignment__in=may_read_figures(actor))


def sent_and_answered(actor: Actor, wanted: Wanted) -> tuple[int, int]:
    """How many questionnaires went out, and how many replies came. Two queries."""
    sent = Survey.objects.filter(wanted.of_sessions("registration__session__"), moment=wanted.moment)
    if not (is_everybody(actor) or is_staff(actor)):
        sent = sent.filter(registration__session__assignment__in=may_read_figures(actor))
    return sent.count(), replies(actor, wanted).count()


def figures(actor: Actor, wanted: Wanted) -> list[Figure]:
    """Each question that was answered, in the order of its newest edition; free texts are only counted. Four queries."""
    return figures_of(replies(actor, wanted))


def figures_of(found: QuerySet[Reply]) -> list[Figure]:
    """The same of any replies. Four queries, whatever their number."""
    asked = _questions(found)
    within = Answer.objects.filter(reply__in=found)
    by_key = {key: Figure(key, newest.label, newest.kind) for key, newest in asked.items()}
    for key, count in within.values_list("question__key").annotate(Count("pk")).order_by():
        if key in by_key:
            by_key[key].count = count
    _add_marks(by_key, within)
    _add_shares(by_key, asked, within)
    return list(by_key.values())


def _questions(found: QuerySet[Reply]) -> dict[str, Question]:
    """The questions that were put, each as its newest edition words it, in that edition's order."""
    put = Question.objects.filter(edition__in=found.values("edition")).order_by("-edition__published_at", "-edition", "rank")
    newest: dict[str, Question] = {}
    for question in put:
        newest.setdefault(question.key, question)
    return newest


def _add_marks(by_key: dict[str, Figure], within: QuerySet[Answer]) -> None:
    marks: dict[str, Counter[int]] = defaultdict(Counter)
    rows = within.exclude(mark=None).values_list("question__key", "mark").annotate(n=Count("pk")).order_by()
    for key, mark, count in rows:
        marks[key][int(mark or 0)] += count
    for key, counted in marks.items():
        figure = by_key.get(key)
        bounds = SCALES.get(QuestionKind(figure.kind)) if figure else None
        if figure is None or bounds is None or figure.count < FEWEST:
            continue
        lowest, figure.top = bounds
        figure.average = sum(mark * count for mark, count in counted.items()) / counted.total()
        figure.shares = [Share(str(mark), counted[mark]) for mark in range(lowest, figure.top + 1)]


def _add_shares(by_key: dict[str, Figure], asked: dict[str, Question], within: QuerySet[Answer]) -> None:
    chosen: dict[str, Counter[str]] = defaultdict(Counter)
    lists = within.filter(chosen__len__gte=1).values_list("question__key", "chosen").annotate(n=Count("pk")).order_by()
    for key, keys, count in lists:
        for each in keys:
            chosen[key][each] += count
    for key, counted in chosen.items():
        figure = by_key.get(key)
        if figure is None or figure.count < FEWEST:
            continue
        known = asked[key].choices
        figure.shares = [Share(words, counted[choice]) for choice, words in known]
        others = sum(count for choice, count in counted.items() if choice not in dict(known))
        if others:  # what could be chosen in an older edition alone
            figure.shares.append(Share("…", others))


def months(actor: Actor, wanted: Wanted) -> list[Month]:
    """The satisfaction month by month, by the day of the session, months without any answer left out. One query."""
    within = Answer.objects.filter(reply__in=replies(actor, wanted), question__key=SATISFACTION).exclude(mark=None)
    rows = within.annotate(month=TruncMonth("reply__session__starts_at")).values("month")
    counted = rows.annotate(n=Count("pk"), total=Sum("mark")).order_by("month")
    return [Month(row["month"].date(), row["n"], row["total"] / row["n"] if row["n"] >= FEWEST else None) for row in counted]


def words(actor: Actor, wanted: Wanted) -> QuerySet[Answer]:
    """What people wrote, for those who may read it, the newest session first; nothing of who wrote it."""
    found = Answer.objects.filter(reply__in=replies(actor, wanted), question__kind=QuestionKind.WORDS).exclude(words="")
    if not (is_everybody(actor) or is_staff(actor)):
        found = found.filter(reply__session__assignment__in=may_read_words(actor))
    related = found.select_related("question", "reply__session__assignment__order__client__organisation")
    return related.order_by("-reply__session__starts_at", "-pk")


def by_assignment(actor: Actor, wanted: Wanted) -> QuerySet[Any, dict[str, Any]]:
    """For a file: one row for each assignment and question with marks or choices (``n``, ``total`` of the marks)."""
    within = Answer.objects.filter(reply__in=replies(actor, wanted)).exclude(question__kind=QuestionKind.WORDS)
    assignment = F("reply__session__assignment")
    grouped = within.values(assignment_id=assignment, key=F("question__key"))
    return grouped.annotate(n=Count("pk"), total=Sum("mark")).order_by("-assignment_id", "key")


def newest_questions(keys: Iterable[str], moment: str) -> dict[str, Question]:
    """The newest published wording of each key at one moment. One query."""
    found: dict[str, Question] = {}
    put = Question.objects.filter(key__in=set(keys), edition__questionnaire__moment=moment, edition__published_at__isnull=False)
    for question in put.order_by("-edition", "rank"):
        found.setdefault(question.key, question)
    return found


def overall(lines: Sequence[Figure]) -> Figure | None:
    """The figure of the satisfaction, if it was asked."""
    return next((line for line in lines if line.key == SATISFACTION), None)
