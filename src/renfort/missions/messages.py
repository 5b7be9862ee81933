"""What the réserve says to people. Each: to whom, and the blocks of the e-mail (decision 19), in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from renfort.kernel.actors import SERVICE
from renfort.kernel.events import Event, Plain
from renfort.kernel.messages import Mail, Message, Recipient
from renfort.kernel.rules import Text
from renfort.missions.enums import CancellationReason, RefusalReason, WithdrawalReason
from renfort.missions.models import Mission, Participation
from renfort.missions.selectors.participation import expected_on
from renfort.organisations.enums import Programme
from renfort.organisations.models import Organisation
from renfort.organisations.selectors import managers_of
from renfort.people.models import Person
from renfort.people.selectors import recipient_of


# ── to whom ───────────────────────────────────────────────────────────────────────────────────────
def the_volunteer(event: Event[Participation]) -> Iterable[Recipient]:
    return [recipient_of(event.obj.person)]


def the_responsible(event: Event[Participation]) -> Iterable[Recipient]:
    """The mission's responsible person is told of each application (R36)."""
    return [recipient_of(event.obj.mission.responsible)]


def the_managers(event: Event[Mission]) -> Iterable[Recipient]:
    """Each « responsable » of the organisation, and who is in charge of the mission, but the one who did it."""
    people = [*(grant.person for grant in managers_of(event.obj.organisation_id)), event.obj.responsible]
    return [recipient_of(person) for person in people if person.pk != event.actor.person_id]


def the_successor(event: Event[Organisation]) -> Iterable[Recipient]:
    """Who takes over the missions of somebody who goes (R40)."""
    found = Person.objects.select_related("account").filter(pk=event.codes.get("to") or 0).first()
    return [] if found is None else [recipient_of(found)]


def the_expected(event: Event[Mission]) -> Iterable[Recipient]:
    """Every volunteer who holds a place and counts on it (R14)."""
    return [recipient_of(each.person) for each in expected_on(event.obj)]


# ── facts that several e-mails show ───────────────────────────────────────────────────────────────
def when(mission: Mission) -> str:
    """« du 4 mars 2026 au 6 mars 2026 », or one day."""
    if mission.starts_on is None or mission.ends_on is None:
        return _("dates à préciser")
    start, end = date_format(mission.starts_on, "DATE_FORMAT"), date_format(mission.ends_on, "DATE_FORMAT")
    return start if start == end else _("du %(start)s au %(end)s") % {"start": start, "end": end}


def where(mission: Mission) -> str:
    """« 3 rue X, 33000 Bordeaux », or « À distance »."""
    if mission.is_remote:
        return _("À distance")
    town = f"{mission.postcode} {mission.city}".strip()
    return ", ".join(part for part in (mission.address, town) if part)


def facts(mission: Mission) -> tuple[tuple[str, str], ...]:
    """What mission, by whom, when, where."""
    return (
        (_("Mission"), mission.title),
        (_("Structure"), mission.organisation.name),
        (_("Dates"), when(mission)),
        (_("Lieu"), where(mission)),
    )


def own_page(participation: Participation) -> str:
    return reverse("missions:volunteer-participation", args=[participation.pk])


def host_page(participation: Participation) -> str:
    return reverse("missions:host-participation", args=[participation.organisation_id, participation.pk])


def mission_page(mission: Mission) -> str:
    return reverse("missions:host-mission", args=[mission.organisation_id, mission.pk])


# ── participations ────────────────────────────────────────────────────────────────────────────────
def received(event: Event[Participation], reader: Recipient) -> Mail:
    mission = event.obj.mission
    return Mail(
        subject=_("Votre proposition d'aide est partie : %(mission)s") % {"mission": mission.title},
        sentences=(
            _("%(organisation)s a reçu votre proposition d'aide.") % {"organisation": mission.organisation.name},
            _("Vous recevrez sa réponse par e-mail. D'ici là, vous pouvez changer d'avis à tout moment."),
        ),
        facts=facts(mission),
        action=(_("Suivre ma proposition"), own_page(event.obj)),
        closing=_("Merci de proposer votre aide."),
    )


def to_answer(event: Event[Participation], reader: Recipient) -> Mail:
    person, mission = event.obj.person, event.obj.mission
    return Mail(
        subject=_("%(person)s propose son aide : %(mission)s") % {"person": person.full_name, "mission": mission.title},
        sentences=(
            _("%(person)s propose son aide pour votre mission.") % {"person": person.full_name},
            _("Une réponse rapide évite que la bonne volonté se perde : acceptez ou refusez en un clic."),
        ),
        facts=(*facts(mission), (_("Bénévole"), person.full_name)),
        action=(_("Répondre"), host_page(event.obj)),
    )


def accepted(event: Event[Participation], reader: Recipient) -> Mail:
    mission = event.obj.mission
    contacts = tuple(
        (_("Contact"), " · ".join(part for part in (c.name, c.phone, c.email, c.hours) if part)) for c in mission.contacts.all()
    )
    extra = ((_("Horaires"), mission.schedule),) if mission.schedule else ()
    return Mail(
        subject=_("Vous êtes attendu·e : %(mission)s") % {"mission": mission.title},
        sentences=(
            _("%(organisation)s accepte votre aide. Une place vous est réservée.") % {"organisation": mission.organisation.name},
            _("Si vous avez un empêchement, prévenez en vous désistant : la place ira à quelqu'un d'autre."),
        ),
        facts=(*facts(mission), *extra, *contacts),
        action=(_("Voir ma mission"), own_page(event.obj)),
        closing=_("Merci pour votre aide."),
    )


def refused(event: Event[Participation], reader: Recipient) -> Mail:
    mission = event.obj.mission
    reason = RefusalReason(event.obj.refusal_reason).label
    words = event.texts.get("message", "")
    return Mail(
        subject=_("Votre proposition d'aide n'a pas été retenue : %(mission)s") % {"mission": mission.title},
        sentences=(
            _("%(organisation)s ne peut pas accepter votre aide pour cette mission.")
            % {"organisation": mission.organisation.name},
            _("Raison : %(reason)s.") % {"reason": reason},
            *((_("Son message : « %(words)s »") % {"words": words},) if words else ()),
            _("D'autres missions près de chez vous ont besoin d'aide."),
        ),
        facts=facts(mission),
        action=(_("Voir des missions semblables"), f"{reverse('missions:public-list')}?lieu={mission.department_id}"),
    )


def taken_back(event: Event[Participation], reader: Recipient) -> Mail:
    was_accepted = event.before == "accepted"
    return Mail(
        subject=_("Votre participation est de nouveau en attente : %(mission)s") % {"mission": event.obj.mission.title},
        sentences=(
            _("%(organisation)s revient sur son acceptation : votre place n'est plus réservée pour le moment.")
            % {"organisation": event.obj.mission.organisation.name}
            if was_accepted
            else _("%(organisation)s revient sur son refus et examine de nouveau votre proposition.")
            % {"organisation": event.obj.mission.organisation.name},
            _("Vous recevrez sa réponse par e-mail."),
        ),
        facts=facts(event.obj.mission),
        action=(_("Suivre ma proposition"), own_page(event.obj)),
    )


def withdrawn(event: Event[Participation], reader: Recipient) -> Mail:
    person, mission = event.obj.person, event.obj.mission
    had_place = event.before in ("accepted", "ongoing")
    return Mail(
        subject=_("%(person)s se désiste : %(mission)s") % {"person": person.full_name, "mission": mission.title},
        sentences=(
            _("%(person)s ne participera pas à votre mission.") % {"person": person.full_name},
            _("Raison : %(reason)s.") % {"reason": WithdrawalReason(event.obj.withdrawal_reason).label},
            *((_("Sa place est de nouveau libre."),) if had_place else ()),
        ),
        facts=facts(mission),
        action=(_("Voir les participations"), reverse("missions:host-participations", args=[event.obj.organisation_id])),
    )


def cancelled_with_mission(event: Event[Participation], reader: Recipient) -> Mail:
    mission = event.obj.mission
    return Mail(
        subject=_("La mission est annulée : %(mission)s") % {"mission": mission.title},
        sentences=(
            _("La mission pour laquelle vous proposiez votre aide n'aura pas lieu."),
            *(
                (_("%(organisation)s a quitté la plateforme.") % {"organisation": mission.organisation.name},)
                if mission.organisation.left_at is not None
                else ()
            ),
            _("Votre bonne volonté est précieuse : d'autres missions près de chez vous ont besoin d'aide."),
        ),
        facts=facts(mission),
        action=(_("Voir des missions semblables"), f"{reverse('missions:public-list')}?lieu={mission.department_id}"),
    )


# ── missions ──────────────────────────────────────────────────────────────────────────────────────
def mission_validated(event: Event[Mission], reader: Recipient) -> Mail:
    return Mail(
        subject=_("Votre mission est en ligne : %(mission)s") % {"mission": event.obj.title},
        sentences=(_("Votre mission a été validée. Les bénévoles peuvent maintenant proposer leur aide."),),
        facts=facts(event.obj),
        action=(_("Voir la mission"), mission_page(event.obj)),
    )


def mission_to_correct(event: Event[Mission], reader: Recipient) -> Mail:
    return Mail(
        subject=_("Votre mission est à corriger : %(mission)s") % {"mission": event.obj.title},
        sentences=(
            _("Votre mission a été relue. Elle pourra être mise en ligne après une correction :"),
            event.texts.get("reasons", ""),
        ),
        action=(_("Corriger la mission"), mission_page(event.obj)),
    )


def mission_refused(event: Event[Mission], reader: Recipient) -> Mail:
    return Mail(
        subject=_("Votre mission n'est pas acceptée : %(mission)s") % {"mission": event.obj.title},
        sentences=(_("Votre mission ne peut pas être mise en ligne, pour cette raison :"), event.texts.get("reasons", "")),
        action=(_("Voir la mission"), mission_page(event.obj)),
    )


def mission_cancelled(event: Event[Mission], reader: Recipient) -> Mail:
    return Mail(
        subject=_("Mission annulée : %(mission)s") % {"mission": event.obj.title},
        sentences=(
            _("La mission est annulée. Les bénévoles concernés sont prévenus par e-mail."),
            _("Raison : %(reason)s.") % {"reason": CancellationReason(str(event.codes["reason"])).label},
        ),
        facts=facts(event.obj),
        action=(_("Voir la mission"), mission_page(event.obj)),
    )


def mission_changed(event: Event[Mission], reader: Recipient) -> Mail:
    return Mail(
        subject=_("Votre mission a changé : %(mission)s") % {"mission": event.obj.title},
        sentences=(
            _("%(organisation)s a changé la date, le lieu ou le format de votre mission. Voici ce qui vaut maintenant.")
            % {"organisation": event.obj.organisation.name},
            _("Si cela ne vous convient plus, désistez-vous depuis votre espace : la place ira à quelqu'un d'autre."),
        ),
        facts=(*facts(event.obj), *(((_("Horaires"), event.obj.schedule),) if event.obj.schedule else ())),
        action=(_("Voir mes participations"), reverse("missions:volunteer-space")),
    )


def mission_to_close(event: Event[Mission], reader: Recipient) -> Mail:
    return Mail(
        subject=_("Votre mission est finie : clôturez-la (%(mission)s)") % {"mission": event.obj.title},
        sentences=(
            _("La date de fin de votre mission est passée. Dites qui est venu, puis clôturez la mission."),
            _("Sans nouvelles de vous, elle sera clôturée 30 jours après sa fin."),
        ),
        facts=facts(event.obj),
        action=(_("Clôturer la mission"), mission_page(event.obj)),
    )


def handed_over(event: Event[Organisation], reader: Recipient) -> Mail:
    count = int(event.codes.get("missions") or 0)
    words = ngettext("%(n)d mission vous est confiée", "%(n)d missions vous sont confiées", count) % {"n": count}
    names = {"words": words, "organisation": event.obj.name}
    return Mail(
        subject=_("%(words)s : %(organisation)s") % names,
        sentences=(
            _("Un collègue qui les suivait quitte l'équipe de %(organisation)s. Vous en êtes désormais responsable.") % names,
            _("Les bénévoles qui proposent leur aide attendent votre réponse."),
        ),
        action=(_("Voir les missions"), reverse("missions:host-missions", args=[event.obj.pk])),
    )


# ── an invented mission, for the operator's preview of every e-mail (P4) ─────────────────────────────
def _sample_mission() -> Mission:
    day = timezone.localdate() + timedelta(days=7)
    return Mission(
        pk=0,
        title=_("Distribution de repas"),
        organisation=Organisation(pk=0, name=_("Secours Exemple")),
        starts_on=day,
        ends_on=day,
        address="12 rue des Lilas",
        postcode="33000",
        city="Bordeaux",
        department_id="33",
        responsible=Person(pk=0, first_name="Camille", last_name="Martin"),
    )


def _sample(
    obj: Any, *, before: str = "", codes: Mapping[str, Plain] | None = None, texts: Mapping[str, Text] | None = None
) -> Event[Any]:
    words = {name: str(text) for name, text in (texts or {}).items()}
    return Event(name="sample", obj=obj, actor=SERVICE, at=timezone.now(), before=before, codes=codes or {}, texts=words)


def _about_participation(before: str = "", texts: Mapping[str, Text] | None = None) -> Callable[[], Event[Participation]]:
    def sample() -> Event[Participation]:
        person = Person(pk=0, first_name="Awa", last_name="Diallo")
        reasons = {"refusal_reason": RefusalReason.OTHER_PROFILE, "withdrawal_reason": WithdrawalReason.NOT_AVAILABLE}
        return _sample(
            Participation(pk=0, mission=_sample_mission(), person=person, organisation_id=0, **reasons),
            before=before,
            texts=texts,
        )

    return sample


def _about_mission(
    codes: Mapping[str, Plain] | None = None, texts: Mapping[str, Text] | None = None
) -> Callable[[], Event[Mission]]:
    return lambda: _sample(_sample_mission(), codes=codes, texts=texts)


# ── the declarations ──────────────────────────────────────────────────────────────────────────────
R = Programme.RESERVE
RECEIVED = Message(
    "missions.participation.received", gettext_lazy("Proposition d'aide envoyée"), the_volunteer, received, R,
    optional=True, sample=_about_participation(),
)  # fmt: skip
TO_ANSWER = Message(
    "missions.participation.to_answer", gettext_lazy("Nouvelle proposition d'aide"), the_responsible, to_answer, R,
    optional=True, sample=_about_participation(),
)  # fmt: skip
ACCEPTED = Message(
    "missions.participation.accepted", gettext_lazy("Proposition acceptée"), the_volunteer, accepted, R,
    sample=_about_participation(),
)  # fmt: skip
REFUSED = Message(
    "missions.participation.refused", gettext_lazy("Proposition refusée"), the_volunteer, refused, R,
    sample=_about_participation(texts={"message": gettext_lazy("Merci d'avoir proposé votre aide.")}),
)  # fmt: skip
TAKEN_BACK = Message(
    "missions.participation.taken_back", gettext_lazy("Décision reprise"), the_volunteer, taken_back, R,
    sample=_about_participation(before="accepted"),
)  # fmt: skip
WITHDRAWN = Message(
    "missions.participation.withdrawn", gettext_lazy("Désistement"), the_responsible, withdrawn, R,
    optional=True, sample=_about_participation(before="accepted"),
)  # fmt: skip
CANCELLED_WITH_MISSION = Message(
    "missions.participation.cancelled", gettext_lazy("Mission annulée (bénévole)"), the_volunteer, cancelled_with_mission, R,
    sample=_about_participation(),
)  # fmt: skip
MISSION_VALIDATED = Message(
    "missions.mission.validated",
    pgettext_lazy("e-mail", "Mission validée"),
    the_managers,
    mission_validated,
    R,
    sample=_about_mission(),
)
MISSION_TO_CORRECT = Message(
    "missions.mission.to_correct", gettext_lazy("Mission à corriger"), the_managers, mission_to_correct, R,
    sample=_about_mission(texts={"reasons": gettext_lazy("Précisez qui encadre les bénévoles.")}),
)  # fmt: skip
MISSION_REFUSED = Message(
    "missions.mission.refused", pgettext_lazy("e-mail", "Mission refusée"), the_managers, mission_refused, R,
    sample=_about_mission(texts={"reasons": gettext_lazy("Cette mission remplacerait un emploi.")}),
)  # fmt: skip
MISSION_CANCELLED = Message(
    "missions.mission.cancelled", gettext_lazy("Mission annulée (structure)"), the_managers, mission_cancelled, R,
    sample=_about_mission(codes={"reason": CancellationReason.SAFETY}),
)  # fmt: skip
MISSION_CHANGED = Message(
    "missions.mission.changed",
    gettext_lazy("Mission modifiée (bénévole)"),
    the_expected,
    mission_changed,
    R,
    sample=_about_mission(),
)
MISSION_TO_CLOSE = Message(
    "missions.mission.to_close", gettext_lazy("Mission à clôturer"), the_managers, mission_to_close, R,
    optional=True, sample=_about_mission(),
)  # fmt: skip
HANDED_OVER = Message(
    "missions.team.handed_over", gettext_lazy("Missions confiées par un collègue qui part"), the_successor, handed_over, R,
    sample=lambda: _sample(Organisation(pk=0, name=_("Secours Exemple")), codes={"missions": 3}),
)  # fmt: skip
