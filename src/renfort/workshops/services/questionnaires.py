"""Write the questionnaires of the association: a draft at a time, published editions never change (W7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from secrets import token_hex

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.kernel.actors import SERVICE, Actor
from renfort.kernel.events import publish
from renfort.kernel.firing import NotAllowed, Refused, Stale, lock_row
from renfort.workshops.enums import Moment, QuestionKind
from renfort.workshops.models import Edition, Question, Questionnaire
from renfort.workshops.models.questionnaire import WITH_CHOICES
from renfort.workshops.selectors.questionnaires import draft, newest, questions_of
from renfort.workshops.selectors.roles import is_staff

MOST_QUESTIONS, MOST_CHOICES = 20, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionFacts:
    """A question as the form says it. ``choices``: pairs of French and English words."""

    kind: str
    label_fr: str
    label_en: str = ""
    choices: Sequence[tuple[str, str]] = ()
    is_required: bool = False
    key: str = ""  # of a starting question, which every questionnaire shares


def _only_staff(actor: Actor) -> None:
    if not is_staff(actor) and actor.kind != "service":
        raise NotAllowed(_("Cette action est réservée à l'association."))


# what every questionnaire begins with: French and English, so that results can be compared between audiences
STARTERS: dict[str, tuple[QuestionFacts, ...]] = {
    Moment.HOT: (
        QuestionFacts(
            key="satisfaction", kind=QuestionKind.SCALE5, is_required=True,
            label_fr="Dans l'ensemble, êtes-vous satisfait·e de cette session ?",
            label_en="Overall, how satisfied are you with this session?",
        ),
        QuestionFacts(
            key="recommend", kind=QuestionKind.SCALE10,
            label_fr="La recommanderiez-vous à quelqu'un de votre entourage ?",
            label_en="Would you recommend it to somebody you know?",
        ),
        QuestionFacts(
            key="aims", kind=QuestionKind.CHOICE, label_fr="Les objectifs annoncés ont-ils été atteints ?",
            label_en="Were the stated aims reached?",
            choices=(("Oui, tout à fait", "Yes, fully"), ("En partie", "In part"), ("Non", "No")),
        ),
        QuestionFacts(
            key="liked", kind=QuestionKind.SEVERAL, label_fr="Qu'avez-vous apprécié ?", label_en="What did you like?",
            choices=(("Le contenu", "The content"), ("L'animation", "The facilitation"), ("Les échanges", "The discussions"),
                     ("L'organisation", "The organisation")),
        ),
        QuestionFacts(
            key="words", kind=QuestionKind.WORDS, label_fr="Que voulez-vous nous dire d'autre ?",
            label_en="Is there anything else you would like to tell us?",
        ),
    ),
    Moment.COLD: (
        QuestionFacts(
            key="satisfaction", kind=QuestionKind.SCALE5, is_required=True,
            label_fr="Avec le recul, cette session vous est-elle utile ?",
            label_en="Looking back, is this session useful to you?",
        ),
        QuestionFacts(
            key="since", kind=QuestionKind.SEVERAL, label_fr="Qu'avez-vous fait depuis ?",
            label_en="What have you done since?",
            choices=(("J'en ai parlé autour de moi", "I talked about it around me"),
                     ("J'ai changé une habitude", "I changed a habit"),
                     ("J'ai lancé une action", "I started something"), ("Rien pour l'instant", "Nothing so far")),
        ),
        QuestionFacts(
            key="words", kind=QuestionKind.WORDS, label_fr="Que vous manque-t-il pour aller plus loin ?",
            label_en="What would help you go further?",
        ),
    ),
}  # fmt: skip


def create(*, actor: Actor, moment: str, audience: str = "", kind: str = "") -> Questionnaire:
    """A new questionnaire, its first edition a draft with the questions that all begin with.

    Raises:
        NotAllowed: the actor does not work for the association.
        Refused: there is one for this audience, kind and moment.
    """
    _only_staff(actor)
    try:
        with transaction.atomic():
            made = Questionnaire.objects.create(moment=moment, audience=audience, kind=kind)
            first = Edition.objects.create(questionnaire=made, number=1)
            for rank, facts in enumerate(STARTERS[moment], 1):
                _write(first, rank, facts, key=facts.key)
            publish(
                "workshops.questionnaire.create", made, actor=actor, codes={"moment": moment, "audience": audience, "kind": kind}
            )
    except IntegrityError as error:
        raise Refused(_("Ce questionnaire existe déjà : modifiez-le, ou retirez-le d'abord.")) from error
    return made


def install() -> bool:
    """Put in both questionnaires for everybody, published, in a platform that never had any; returns whether it did."""
    if Questionnaire.objects.exists():
        return False
    with transaction.atomic():
        for moment in Moment:
            publish_draft(actor=SERVICE, questionnaire=create(actor=SERVICE, moment=moment))
    return True


def _held(actor: Actor, questionnaire: Questionnaire, seen: int | None) -> Questionnaire:
    """The questionnaire, locked, one version further."""
    _only_staff(actor)
    locked: Questionnaire = lock_row(questionnaire)
    if locked.retired_at is not None:
        raise Refused(_("Ce questionnaire est retiré."))
    if seen is not None and seen != locked.version:
        raise Stale(_("Quelqu'un d'autre a modifié ce questionnaire entre-temps. Relisez-le, puis recommencez."))
    locked.version += 1
    locked.save(update_fields=["version"])
    return locked


def _draft(questionnaire: Questionnaire) -> Edition:
    """The draft; a copy of what is published when there is none."""
    found = draft(questionnaire)
    if found is not None:
        return found
    former = newest(questionnaire)
    number = (questionnaire.editions.aggregate(Max("number"))["number__max"] or 0) + 1
    made = Edition.objects.create(questionnaire=questionnaire, number=number)
    for question in questions_of(former):
        question.pk, question.edition = None, made
        question._state.adding = True
        question.save()
    return made


def _write(edition: Edition, rank: int, facts: QuestionFacts, *, key: str = "", known: Question | None = None) -> Question:
    """Write one question; a choice that keeps its French words keeps its key."""
    former = dict(zip(known.choices_fr, known.choice_keys, strict=False)) if known is not None else {}
    choices = list(facts.choices) if facts.kind in WITH_CHOICES else []
    values = {
        "rank": rank, "kind": facts.kind, "label_fr": facts.label_fr, "label_en": facts.label_en,
        "is_required": facts.is_required,
        "choice_keys": [former.get(here) or (f"c{place}" if known is None and key else token_hex(4))
                        for place, (here, _there) in enumerate(choices, 1)],
        "choices_fr": [here for here, _there in choices], "choices_en": [there for _here, there in choices],
    }  # fmt: skip
    if known is None:
        return Question.objects.create(edition=edition, key=key or token_hex(6), **values)
    for name, value in values.items():
        setattr(known, name, value)
    known.save()
    return known


def save_question(
    *, actor: Actor, questionnaire: Questionnaire, facts: QuestionFacts, key: str = "", seen: int | None = None
) -> Question:
    """Add a question to the draft, or change the one of this key. Its kind stays once it was published: marks and words of one
    question would be mixed.

    Raises:
        NotAllowed: the actor does not work for the association.
        Stale: somebody else has changed it since.
        Refused: it is retired, has too many questions or choices, or the question is not there any more.
    """
    with transaction.atomic():
        locked = _held(actor, questionnaire, seen)
        edition = _draft(locked)
        if len(facts.choices) > MOST_CHOICES:
            raise Refused(_("Une question a au plus %(n)d choix.") % {"n": MOST_CHOICES})
        if not key:
            known = questions_of(edition)
            if len(known) >= MOST_QUESTIONS:
                raise Refused(_("Un questionnaire a au plus %(n)d questions.") % {"n": MOST_QUESTIONS})
            saved = _write(edition, max((each.rank for each in known), default=0) + 1, facts)
        else:
            question = _question(edition, key)
            was_put = Question.objects.filter(key=key, edition__questionnaire=locked).exclude(edition=edition).exists()
            if question.kind != facts.kind and was_put:
                raise Refused(_("Le type d'une question déjà posée ne change pas : retirez-la, et ajoutez-en une autre."))
            saved = _write(edition, question.rank, facts, key=key, known=question)
        publish("workshops.questionnaire.change", locked, actor=actor, codes={"question": saved.key, "kind": saved.kind})
    return saved


def _question(edition: Edition, key: str) -> Question:
    found = edition.questions.filter(key=key).first()
    if found is None:
        raise Refused(_("Cette question n'est plus dans le questionnaire."))
    return found


def move_question(*, actor: Actor, questionnaire: Questionnaire, key: str, step: int, seen: int | None = None) -> None:
    """Put a question of the draft one place up (-1) or down (1); at the end of the list it stays.

    Raises:
        NotAllowed, Stale, Refused: as ``save_question``.
    """
    with transaction.atomic():
        locked = _held(actor, questionnaire, seen)
        edition = _draft(locked)
        question = _question(edition, key)
        known = questions_of(edition)
        place = [each.key for each in known].index(key)
        other = known[place + step] if 0 <= place + step < len(known) else None
        if other is None:
            return
        question.rank, other.rank = other.rank, question.rank
        question.save(update_fields=["rank"])
        other.save(update_fields=["rank"])
        publish("workshops.questionnaire.change", locked, actor=actor, codes={"question": key, "step": step})


def remove_question(*, actor: Actor, questionnaire: Questionnaire, key: str, seen: int | None = None) -> None:
    """Ask a question no more from the next edition on; what was answered stays.

    Raises:
        NotAllowed, Stale, Refused: as ``save_question``.
    """
    with transaction.atomic():
        locked = _held(actor, questionnaire, seen)
        _question(_draft(locked), key).delete()
        publish("workshops.questionnaire.change", locked, actor=actor, codes={"question": key, "kind": "removed"})


def publish_draft(*, actor: Actor, questionnaire: Questionnaire, seen: int | None = None) -> Edition:
    """Send the draft from now on; what was sent before keeps its edition.

    Raises:
        NotAllowed, Stale: as ``save_question``.
        Refused: there is no draft, or it asks nothing.
    """
    with transaction.atomic():
        locked = _held(actor, questionnaire, seen)
        edition = draft(locked)
        if edition is None:
            raise Refused(_("Rien n'a changé depuis la dernière version publiée."))
        if not edition.questions.exists():
            raise Refused(_("Le questionnaire est vide : ajoutez au moins une question."))
        edition.published_at, edition.published_by_id = timezone.now(), actor.person_id
        edition.save(update_fields=["published_at", "published_by"])
        publish("workshops.questionnaire.publish", locked, actor=actor, codes={"edition": edition.number})
    return edition


def drop_draft(*, actor: Actor, questionnaire: Questionnaire, seen: int | None = None) -> None:
    """Forget the draft; the published edition stands.

    Raises:
        NotAllowed, Stale: as ``save_question``.
        Refused: nothing was published yet.
    """
    with transaction.atomic():
        locked = _held(actor, questionnaire, seen)
        edition = draft(locked)
        if edition is None:
            return
        if newest(locked) is None:
            raise Refused(_("Aucune version n'est publiée : retirez plutôt le questionnaire."))
        edition.questions.all().delete()
        edition.delete()
        publish("workshops.questionnaire.drop_draft", locked, actor=actor)


def retire(*, actor: Actor, questionnaire: Questionnaire, seen: int | None = None) -> None:
    """Send it no more; those already sent can still be answered.

    Raises:
        NotAllowed, Stale, Refused: as ``save_question``.
    """
    with transaction.atomic():
        locked = _held(actor, questionnaire, seen)
        locked.retired_at = timezone.now()
        locked.save(update_fields=["retired_at"])
        publish("workshops.questionnaire.retire", locked, actor=actor)
