"""What referents do with organisations, said to those whom it concerns (R55)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.kernel.events import Event
from renfort.kernel.messages import Mail, Message, Recipient
from renfort.missions.enums import ACTIVE, IN_LINE, TransferState
from renfort.missions.messages.facts import R, before_and_now, facts, mission_page, own_page, volunteer_act
from renfort.missions.messages.readers import in_charge_of, the_concerned, the_managers
from renfort.missions.messages.samples import about_changed_mission, about_mission, event_of
from renfort.missions.models import Mission, Participation, Transfer, Waiting
from renfort.missions.selectors.changes import LABELS, Wording, both_sides
from renfort.organisations.models import Organisation
from renfort.organisations.selectors import managers_of
from renfort.organisations.selectors.decisions import names_of
from renfort.people.models import Person
from renfort.people.selectors import recipient_of

LONGEST = 300  # characters of one side of a change; the history has the whole


def _short(words: str) -> str:
    return words if len(words) <= LONGEST else f"{words[:LONGEST].rstrip()}…"


def who_helped(event: Event[Mission]) -> str:
    """The name of the referent, or their role when there is none."""
    return names_of([event.actor.person_id]).get(event.actor.person_id or 0, "") or _("Votre référent")


def mission_edited_with_us(event: Event[Mission], reader: Recipient) -> Mail:
    sides = both_sides(event.changes, event.texts)
    people = names_of(
        int(pk)
        for name in ("responsible_id", "deputies")
        for side in sides.get(name, ())
        for pk in str(side or "").split(",")
        if pk
    )
    wording = Wording(people=people)
    words = {"person": who_helped(event), "mission": event.obj.title}
    return Mail(
        subject=_("Votre référent a modifié votre mission : %(mission)s") % words,
        sentences=(
            _("%(person)s, référent de votre territoire, a modifié cette mission avec vous. Voici ce qui a changé.") % words,
            _("Si quelque chose ne convient pas, vous pouvez le changer vous-même."),
        ),
        facts=tuple(
            (str(label), before_and_now(_short(wording.of(name, sides[name][0])), _short(wording.of(name, sides[name][1]))))
            for name, label in LABELS.items()
            if name in sides
        ),
        action=(_("Voir la mission"), mission_page(event.obj)),
    )


def _sample() -> Event[Mission]:
    made = about_changed_mission()
    return replace(made, changes={"places": ("2", "4"), **made.changes})


MISSION_EDITED_WITH_US = Message(
    "missions.mission.edited_with_us", gettext_lazy("Mission modifiée par le référent (structure)"), the_managers,
    mission_edited_with_us, R, sample=_sample,
)  # fmt: skip


# ── transfers ─────────────────────────────────────────────────────────────────────────────────────
def the_receivers(event: Event[Transfer]) -> Iterable[Recipient]:
    """Each « responsable » of the organisation that would receive the mission, but the one who did it."""
    return _managers(event.obj.receiver_id, event)


def the_givers(event: Event[Transfer]) -> Iterable[Recipient]:
    """Each « responsable » of the organisation that would give it, and who is in charge, but the one who did it."""
    people = [] if event.obj.mission.organisation_id != event.obj.giver_id else in_charge_of(event.obj.mission)
    return _managers(event.obj.giver_id, event, people)


def _managers(organisation: int, event: Event[Transfer], also: Iterable[Person] = ()) -> list[Recipient]:
    people = {person.pk: person for person in also}
    people |= {grant.person_id: grant.person for grant in managers_of(organisation)}
    return [recipient_of(person) for person in people.values() if person.pk != event.actor.person_id]


def the_proposer(event: Event[Transfer]) -> Iterable[Recipient]:
    """The referent who proposed it, but not of what that person did."""
    return [] if event.obj.proposed_by_id == event.actor.person_id else [recipient_of(event.obj.proposed_by)]


def both_and_proposer(event: Event[Transfer]) -> Iterable[Recipient]:
    """Both organisations and the referent."""
    found = {each.person_id: each for readers in (the_receivers, the_givers, the_proposer) for each in readers(event)}
    return list(found.values())


def the_concerned_and_waiting(event: Event[Mission]) -> Iterable[Recipient]:
    """Every volunteer whose help is asked for or expected, and who waits in line: their organisation is another one now."""
    in_line = Waiting.objects.filter(mission=event.obj, state__in=[str(state) for state in IN_LINE])
    found = {each.person_id: each for each in the_concerned(event)}
    for turn in in_line.select_related("person__account").order_by("pk"):
        found.setdefault(turn.person_id, recipient_of(turn.person))
    return list(found.values())


def the_former_managers(event: Event[Mission]) -> Iterable[Recipient]:
    """The « responsables » of the organisation that had the mission."""
    former = managers_of(int(event.codes.get("giver") or 0))
    return [recipient_of(grant.person) for grant in former if grant.person_id != event.actor.person_id]


def _names(transfer: Transfer) -> dict[str, str]:
    return {"mission": transfer.mission.title, "giver": transfer.giver.name, "receiver": transfer.receiver.name}


def _words_of(event: Event[Transfer]) -> tuple[str, ...]:
    words = event.texts.get("message", "")
    return (_("Son message : « %(words)s »") % {"words": words},) if words else ()


def transfer_page(transfer: Transfer, organisation: int) -> str:
    return reverse("missions:host-transfer", args=[organisation, transfer.pk])


def transfer_proposed(event: Event[Transfer], reader: Recipient) -> Mail:
    names = _names(event.obj)
    return Mail(
        subject=_("Une mission vous est proposée : %(mission)s") % names,
        sentences=(
            _("Votre référent propose que votre structure reprenne cette mission de %(giver)s, avec ses bénévoles.") % names,
            *_words_of(event),
            _("Rien ne change sans votre accord. Sans réponse, la proposition s'éteint après 14 jours."),
        ),
        facts=facts(event.obj.mission),
        action=(_("Répondre"), transfer_page(event.obj, event.obj.receiver_id)),
    )


def transfer_announced(event: Event[Transfer], reader: Recipient) -> Mail:
    names = _names(event.obj)
    return Mail(
        subject=_("Un transfert est proposé pour votre mission : %(mission)s") % names,
        sentences=(
            _("Votre référent propose que %(receiver)s reprenne cette mission, avec ses bénévoles.") % names,
            *_words_of(event),
            _("Vous pouvez vous y opposer tant que %(receiver)s n'a pas accepté.") % names,
        ),
        facts=facts(event.obj.mission),
        action=(_("Voir la proposition"), transfer_page(event.obj, event.obj.giver_id)),
    )


def transfer_over(event: Event[Transfer], reader: Recipient) -> Mail:
    names = _names(event.obj)
    sentence = {
        TransferState.REFUSED: _("Le transfert de cette mission de %(giver)s à %(receiver)s est refusé."),
        TransferState.WITHDRAWN: _("Le transfert de cette mission de %(giver)s à %(receiver)s est retiré."),
    }.get(
        TransferState(event.after or event.obj.state),
        _("Le transfert de cette mission de %(giver)s à %(receiver)s s'éteint sans réponse."),
    )
    return Mail(
        subject=_("La mission ne change pas de structure : %(mission)s") % names,
        sentences=(sentence % names, *_words_of(event), _("La mission reste à %(giver)s.") % names),
        facts=facts(event.obj.mission),
    )


def transfer_accepted(event: Event[Transfer], reader: Recipient) -> Mail:
    names = _names(event.obj)
    return Mail(
        subject=_("Transfert accepté : %(mission)s") % names,
        sentences=(_("%(receiver)s a accepté de reprendre cette mission de %(giver)s.") % names,),
        facts=facts(event.obj.mission),
        action=(_("Voir la mission"), reverse("missions:referent-mission", args=[event.obj.mission_id])),
    )


def mission_given(event: Event[Mission], reader: Recipient) -> Mail:
    names = {"mission": event.obj.title, "receiver": event.obj.organisation.name}
    return Mail(
        subject=_("Votre mission est passée à une autre structure : %(mission)s") % names,
        sentences=(
            _("%(receiver)s a repris cette mission, avec ses bénévoles, ses créneaux et sa liste d'attente.") % names,
            _("Vous ne voyez plus ses participations. Les bénévoles sont prévenus."),
        ),
        facts=facts(event.obj),
    )


def mission_moved(event: Event[Mission], reader: Recipient) -> Mail:
    mission = event.obj
    names = {"mission": mission.title, "receiver": mission.organisation.name}
    own = (
        Participation.objects.filter(
            mission=mission, person_id=reader.person_id or 0, state__in=[str(state) for state in ACTIVE]
        ).first()
        if mission.pk
        else None
    )
    return Mail(
        subject=_("Une autre structure s'occupe de votre mission : %(mission)s") % names,
        sentences=(
            _("%(receiver)s a repris cette mission. Votre participation reste telle qu'elle est.") % names,
            _("Désormais, cette structure voit vos coordonnées, pour vous joindre ; l'ancienne ne les voit plus."),
            _("Si cela ne vous convient pas, désistez-vous : la nouvelle structure ne les verra plus."),
        ),
        facts=facts(mission),
        action=(_("Voir ma participation"), own_page(own))
        if own
        else (_("Voir mes participations"), reverse("missions:volunteer-space")),
        more=((_("Me désister"), volunteer_act(own, "abandonner")),) if own else (),
    )


def _sample_transfer(state: str = TransferState.PROPOSED) -> Callable[[], Event[Transfer]]:
    def sample() -> Event[Transfer]:
        mission = about_changed_mission().obj
        receiver = Organisation(pk=0, name=_("Entraide Exemple"))
        transfer = Transfer(pk=0, mission=mission, giver=mission.organisation, receiver=receiver, state=state)
        transfer.proposed_by = mission.responsible
        return replace(event_of(transfer), after=state)

    return sample


TRANSFER_PROPOSED = Message(
    "missions.transfer.proposed", gettext_lazy("Mission proposée à une structure (transfert)"), the_receivers,
    transfer_proposed, R, sample=_sample_transfer(),
)  # fmt: skip
TRANSFER_ANNOUNCED = Message(
    "missions.transfer.announced", gettext_lazy("Transfert proposé (structure qui donne)"), the_givers, transfer_announced, R,
    sample=_sample_transfer(),
)  # fmt: skip
TRANSFER_OVER = Message(
    "missions.transfer.over", gettext_lazy("Transfert sans suite"), both_and_proposer, transfer_over, R,
    sample=_sample_transfer(TransferState.REFUSED),
)  # fmt: skip
TRANSFER_ACCEPTED = Message(
    "missions.transfer.accepted", gettext_lazy("Transfert accepté (référent)"), the_proposer, transfer_accepted, R,
    sample=_sample_transfer(TransferState.ACCEPTED),
)  # fmt: skip
MISSION_GIVEN = Message(
    "missions.mission.given", gettext_lazy("Mission passée à une autre structure (structure qui donne)"), the_former_managers,
    mission_given, R, sample=about_mission(),
)  # fmt: skip
MISSION_MOVED = Message(
    "missions.mission.moved", gettext_lazy("Mission passée à une autre structure (bénévole)"), the_concerned_and_waiting,
    mission_moved, R, sample=about_mission(),
)  # fmt: skip
