"""What the réserve says to people. Each: to whom, and the blocks of the e-mail (decision 19), in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
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
from renfort.missions.enums import TAKING, CancellationReason, RefusalReason, WithdrawalReason
from renfort.missions.models import Booking, Mission, Participation, Slot, Waiting
from renfort.missions.selectors.absences import last_day_to_contest
from renfort.missions.selectors.changes import as_it_was
from renfort.missions.selectors.eligibility import suggestions_for
from renfort.missions.selectors.participation import expected_on
from renfort.missions.selectors.reminders import late_of
from renfort.missions.selectors.slots import of_mission, people_on, slots_held, slots_of
from renfort.organisations.enums import Programme
from renfort.organisations.models import Organisation
from renfort.organisations.selectors import managers_of
from renfort.people.models import Person
from renfort.people.selectors import recipient_of


# ── to whom ───────────────────────────────────────────────────────────────────────────────────────
def the_volunteer(event: Event[Participation]) -> Iterable[Recipient]:
    return [recipient_of(event.obj.person)]


def the_responsible(event: Event[Participation]) -> Iterable[Recipient]:
    """The mission's responsible persons are told of each application (R36)."""
    mission = event.obj.mission
    also = mission.deputies.select_related("account").order_by("pk") if mission.pk else ()
    return [recipient_of(person) for person in (mission.responsible, *also)]


def the_mission_responsible(event: Event[Mission]) -> Iterable[Recipient]:
    """The person in charge of the mission (R36)."""
    return [recipient_of(event.obj.responsible)]


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


def those_on_the_slot(event: Event[Slot]) -> Iterable[Recipient]:
    """Everybody who counts on the slot, and nobody else (R61)."""
    return [recipient_of(each.person) for each in people_on(event.obj)]


def those_on_moved_slots(event: Event[Mission]) -> Iterable[Recipient]:
    """Every volunteer who holds a slot whose hours change (R14, R61)."""
    held = Booking.objects.filter(slot__in=list(_moved(event)), granted_at__isnull=False)
    people = expected_on(event.obj).filter(pk__in=held.values("participation"))
    return [recipient_of(each.person) for each in people]


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


def elsewhere(mission: Mission) -> str:
    """The other addresses of a mission in person; "" when there are none."""
    return " ; ".join(map(str, mission.addresses.all())) if mission.pk and not mission.is_remote else ""


def facts(mission: Mission) -> tuple[tuple[str, str], ...]:
    """What mission, by whom, when, where."""
    return (
        (_("Mission"), mission.title),
        (_("Structure"), mission.organisation.name),
        (_("Dates"), when(mission)),
        (_("Lieu"), where(mission)),
        *(((_("Autres adresses"), others),) if (others := elsewhere(mission)) else ()),
    )


def slot_facts(slots: Iterable[Slot]) -> tuple[tuple[str, str], ...]:
    """One line per slot: « samedi 5 décembre, 9 h – 12 h »."""
    return tuple((_("Créneau"), slot.words) for slot in slots)


def asked_facts(participation: Participation) -> tuple[tuple[str, str], ...]:
    """The slots asked for, or held once accepted; nothing for a mission without slots."""
    return slot_facts(slots_of([participation]).get(participation.pk, ()))


def prerequisite_facts(participation: Participation) -> tuple[tuple[str, str], ...]:
    """What the person confirmed (R66)."""
    return tuple((_("Confirmé"), sentence) for sentence in participation.prerequisites)


def moment_code(slot: Slot) -> str:
    """A slot's hours as the history keeps them: two moments and the shape."""
    return f"{slot.starts_at.isoformat()} {slot.ends_at.isoformat()} {slot.shape}"


def _moved(event: Event[Mission]) -> dict[int, tuple[Slot, Slot]]:
    """The slots that an event moved: as they were, as they are."""
    moved = {}
    for name, (before, after) in event.changes.items():
        kind, _colon, number = name.partition(":")
        if kind == "slot" and before and after:
            moved[int(number)] = (_slot_of(event.obj, str(before)), _slot_of(event.obj, str(after)))
    return moved


def _slot_of(mission: Mission, code: str) -> Slot:
    starts, ends, shape = code.split(" ")
    return Slot(mission=mission, starts_at=datetime.fromisoformat(starts), ends_at=datetime.fromisoformat(ends), shape=shape)


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
        facts=(*facts(mission), *asked_facts(event.obj)),
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
        facts=(*facts(mission), (_("Bénévole"), person.full_name), *asked_facts(event.obj), *prerequisite_facts(event.obj)),
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
        facts=(*facts(mission), *asked_facts(event.obj), *extra, *contacts),
        action=(_("Voir ma mission"), own_page(event.obj)),
        more=((_("Ajouter à mon agenda"), reverse("missions:volunteer-participation-file", args=[event.obj.pk])),),
        closing=_("Merci pour votre aide."),
    )


def refused(event: Event[Participation], reader: Recipient) -> Mail:
    mission = event.obj.mission
    others = _suggested(event.obj)
    reason = RefusalReason(event.obj.refusal_reason).label
    words = event.texts.get("message", "")
    return Mail(
        subject=_("Votre proposition d'aide n'a pas été retenue : %(mission)s") % {"mission": mission.title},
        sentences=(
            _("%(organisation)s ne peut pas accepter votre aide pour cette mission.")
            % {"organisation": mission.organisation.name},
            _("Raison : %(reason)s.") % {"reason": reason},
            *((_("Son message : « %(words)s »") % {"words": words},) if words else ()),
            _("D'autres missions cherchent encore quelqu'un. En voici qui ressemblent à celle-ci.")
            if others
            else _("D'autres missions près de chez vous ont besoin d'aide."),
        ),
        facts=facts(mission),
        more=others,
        action=(_("Voir des missions semblables"), f"{reverse('missions:public-list')}?lieu={mission.department_id}"),
    )


def _suggested(participation: Participation) -> tuple[tuple[str, str], ...]:
    """Up to three open missions like the one refused, for this person (R34): what, where, and the address of its page."""
    if not participation.mission_id:  # the operator's preview
        return ((_("Collecte alimentaire, à Bordeaux"), "/missions/"),)
    found = suggestions_for(participation.mission, participation.person)
    remote, there = _("%(mission)s, à distance"), _("%(mission)s, à %(city)s")
    return tuple(
        ((remote if each.is_remote else there) % {"mission": each.title, "city": each.city}, each.get_absolute_url())
        for each in found
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


def slots_chosen(event: Event[Participation], reader: Recipient) -> Mail:
    mission = event.obj.mission
    return Mail(
        subject=_("Vos créneaux ont changé : %(mission)s") % {"mission": mission.title},
        sentences=(
            _("%(organisation)s a changé les créneaux où vous êtes attendu·e. Voici ce qui vaut maintenant.")
            % {"organisation": mission.organisation.name},
            _("Si cela ne vous convient plus, renoncez à un créneau depuis votre espace : la place ira à quelqu'un d'autre."),
        ),
        facts=(*facts(mission), *slot_facts(slots_held(event.obj))),
        action=(_("Voir ma mission"), own_page(event.obj)),
    )


def slots_given_back(event: Event[Participation], reader: Recipient) -> Mail:
    person, mission = event.obj.person, event.obj.mission
    numbers = [int(number) for number in str(event.codes.get("slots", "")).split(",") if number]
    given_back = of_mission(mission, Slot.objects.filter(pk__in=numbers).order_by("starts_at", "pk"))
    return Mail(
        subject=_("%(person)s renonce à des créneaux : %(mission)s") % {"person": person.full_name, "mission": mission.title},
        sentences=(
            _("%(person)s ne viendra pas à ces créneaux, et garde les autres.") % {"person": person.full_name},
            _("Raison : %(reason)s.") % {"reason": WithdrawalReason(str(event.codes.get("reason", "other"))).label},
        ),
        facts=(*facts(mission), *((_("Créneau abandonné"), slot.words) for slot in given_back), *asked_facts(event.obj)),
        action=(_("Voir la participation"), host_page(event.obj)),
    )


def slot_cancelled(event: Event[Slot], reader: Recipient) -> Mail:
    mission, words = event.obj.mission, event.texts.get("message", "")
    reason = CancellationReason(str(event.codes.get("reason", "other"))).label
    return Mail(
        subject=_("Un créneau est annulé : %(mission)s") % {"mission": mission.title},
        sentences=(
            _("Ce créneau n'aura pas lieu : %(slot)s.") % {"slot": event.obj.words},
            _("Raison : %(reason)s.") % {"reason": reason},
            *((_("Son message : « %(words)s »") % {"words": words},) if words else ()),
            _("Si vous avez d'autres créneaux sur cette mission, ils ne changent pas."),
        ),
        facts=facts(mission),
        action=(_("Voir mes participations"), reverse("missions:volunteer-space")),
    )


def slots_moved(event: Event[Mission], reader: Recipient) -> Mail:
    mission, moved = event.obj, _moved(event)
    if mission.pk:
        held = Booking.objects.filter(
            slot__in=list(moved), granted_at__isnull=False, participation__person=reader.person_id,
            participation__state__in=[str(state) for state in TAKING],
        )  # fmt: skip
        mine = set(held.values_list("slot_id", flat=True))
        moved = {number: pair for number, pair in moved.items() if number in mine}
    lines = [line for before, after in moved.values() for line in ((_("Avant"), before.words), (_("Maintenant"), after.words))]
    return Mail(
        subject=_("Vos horaires changent : %(mission)s") % {"mission": mission.title},
        sentences=(
            _("%(organisation)s a changé les horaires de votre mission. Voici ce qui vaut maintenant.")
            % {"organisation": mission.organisation.name},
            _("Si cela ne vous convient plus, désistez-vous depuis votre espace : la place ira à quelqu'un d'autre."),
        ),
        facts=((_("Mission"), mission.title), (_("Structure"), mission.organisation.name), *lines, (_("Lieu"), where(mission))),
        action=(_("Voir mes participations"), reverse("missions:volunteer-space")),
    )


def cancelled_with_mission(event: Event[Participation], reader: Recipient) -> Mail:
    mission = event.obj.mission
    reason = mission.cancellation_reason  # none when it is the mission that was refused
    return Mail(
        subject=_("La mission est annulée : %(mission)s") % {"mission": mission.title},
        sentences=(
            _("La mission pour laquelle vous proposiez votre aide n'aura pas lieu."),
            *((_("Raison : %(reason)s.") % {"reason": CancellationReason(reason).label},) if reason else ()),
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


# ── absences and hours (R33, R36) ─────────────────────────────────────────────────────────────────
def volunteer_act(participation: Participation, path: str) -> str:
    return reverse("missions:volunteer-participation-act", args=[participation.pk, path])


def missed(event: Event[Participation], reader: Recipient) -> Mail:
    mission = event.obj.mission
    last = last_day_to_contest(event.obj)
    return Mail(
        subject=_("Votre absence est signalée : %(mission)s") % {"mission": mission.title},
        sentences=(
            _("%(organisation)s indique que vous n'êtes pas venu·e à cette mission.")
            % {"organisation": mission.organisation.name},
            _("Si c'est une erreur, dites-le jusqu'au %(day)s inclus : d'ici là, cela ne compte nulle part.")
            % {"day": date_format(mission.local(last), "DATE_FORMAT") if last else ""},
        ),
        facts=facts(mission),
        action=(_("Je conteste"), volunteer_act(event.obj, "contester")),
        closing=_("Si vous n'êtes pas venu·e, vous n'avez rien à faire."),
    )


def absence_contested(event: Event[Participation], reader: Recipient) -> Mail:
    person = event.obj.person.full_name
    return Mail(
        subject=_("%(person)s conteste son absence : %(mission)s") % {"person": person, "mission": event.obj.mission.title},
        sentences=(
            _("%(person)s dit être venu·e. Tant que vous n'avez pas répondu, l'absence ne compte pas.") % {"person": person},
            _("Ses mots : « %(words)s »") % {"words": event.texts.get("message", "")},
        ),
        facts=facts(event.obj.mission),
        action=(_("Répondre"), host_page(event.obj)),
    )


def absence_kept(event: Event[Participation], reader: Recipient) -> Mail:
    mission = event.obj.mission
    return Mail(
        subject=_("La structure maintient votre absence : %(mission)s") % {"mission": mission.title},
        sentences=(
            _("%(organisation)s a lu votre contestation et maintient que vous n'êtes pas venu·e.")
            % {"organisation": mission.organisation.name},
            _("Sa réponse : « %(words)s »") % {"words": event.texts.get("message", "")},
            _("Votre contestation reste écrite à côté, et l'opérateur du site peut la lire."),
        ),
        facts=facts(mission),
        action=(_("Voir ma participation"), own_page(event.obj)),
    )


def absence_lifted(event: Event[Participation], reader: Recipient) -> Mail:
    mission = event.obj.mission
    return Mail(
        subject=_("Votre absence est effacée : %(mission)s") % {"mission": mission.title},
        sentences=(
            _("%(organisation)s confirme que vous êtes venu·e. Rien ne reste de l'absence signalée.")
            % {"organisation": mission.organisation.name},
        ),
        facts=facts(mission),
        action=(_("Déclarer mes heures"), own_hours(event.obj)),
        closing=_("Merci pour votre aide."),
    )


def own_hours(participation: Participation) -> str:
    return reverse("missions:volunteer-hours", args=[participation.pk])


def how_was_it(event: Event[Participation], reader: Recipient) -> Mail:
    mission = event.obj.mission
    return Mail(
        subject=_("Comment cela s'est-il passé ? Déclarez vos heures (%(mission)s)") % {"mission": mission.title},
        sentences=(
            _("Votre mission est finie. Merci d'être venu·e !"),
            _("Dites combien d'heures vous avez données : une fois confirmées, elles figurent sur vos attestations."),
        ),
        facts=facts(mission),
        action=(_("Déclarer mes heures"), own_hours(event.obj)),
        closing=_("Si vous n'avez pas pu venir, prévenez la structure."),
    )


def who_came(event: Event[Mission], reader: Recipient) -> Mail:
    return Mail(
        subject=_("Qui est venu ? %(mission)s") % {"mission": event.obj.title},
        sentences=(
            _("Votre mission est finie. Dites en une page qui est venu, et combien d'heures chacun a données."),
            _("Sans réponse, les participations seront dites effectuées 30 jours après la fin."),
        ),
        facts=facts(event.obj),
        action=(_("Dire qui est venu"), reverse("missions:host-presence", args=[event.obj.organisation_id, event.obj.pk])),
    )


def hours_to_confirm(event: Event[Mission], reader: Recipient) -> Mail:
    return Mail(
        subject=_("Des heures attendent votre confirmation : %(mission)s") % {"mission": event.obj.title},
        sentences=(
            _("Des bénévoles ont déclaré leurs heures. Confirmez-les toutes en une page, ou corrigez celles qui ne vont pas."),
            _("Seules les heures confirmées figurent sur leurs attestations."),
        ),
        facts=facts(event.obj),
        action=(_("Voir les heures"), reverse("missions:host-mission-hours", args=[event.obj.organisation_id, event.obj.pk])),
    )


def hours_news(event: Event[Participation], reader: Recipient) -> Mail:
    mission = event.obj.mission
    return Mail(
        subject=_("Du nouveau pour vos heures : %(mission)s") % {"mission": mission.title},
        sentences=(
            _("%(organisation)s a confirmé, corrigé ou déclaré des heures pour votre mission.")
            % {"organisation": mission.organisation.name},
            _("Celles qu'elle a dites elle-même attendent votre accord. Sans réponse sous 14 jours, elles sont confirmées."),
        ),
        facts=facts(mission),
        action=(_("Voir mes heures"), own_hours(event.obj)),
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
    mission = event.obj
    was = as_it_was(mission, event.changes, event.texts)
    others_were = None if was.addresses_were is None else " ; ".join(was.addresses_were.splitlines())  # type: ignore[attr-defined]  # as_it_was
    sides = (
        (_("Dates"), when(was), when(mission)),
        (_("Horaires"), was.schedule, mission.schedule),
        (_("Lieu"), where(was), where(mission)),
        (_("Autres adresses"), elsewhere(mission) if others_were is None else others_were, elsewhere(mission)),
        (_("Type de mission"), was.kind_label, mission.kind_label),
        (_("Format de mission"), was.format_label, mission.format_label),
    )
    told = tuple((label, now if before == now else _before_and_now(before, now)) for label, before, now in sides)
    return Mail(
        subject=_("Votre mission a changé : %(mission)s") % {"mission": mission.title},
        sentences=(
            _("%(organisation)s a changé la date, le lieu ou le format de votre mission. Voici ce qui vaut maintenant.")
            % {"organisation": mission.organisation.name},
            _("Si cela ne vous convient plus, désistez-vous depuis votre espace : la place ira à quelqu'un d'autre."),
        ),
        facts=((_("Mission"), mission.title), (_("Structure"), mission.organisation.name), *(fact for fact in told if fact[1])),
        action=(_("Voir mes participations"), reverse("missions:volunteer-space")),
    )


def _before_and_now(before: str, now: str) -> str:
    """« du 5 au 7 mars (avant : du 4 au 6 mars) »."""
    return _("%(now)s (avant : %(before)s)") % {"now": now or "–", "before": before or "–"}


def mission_reopened(event: Event[Mission], reader: Recipient) -> Mail:
    return Mail(
        subject=_("Votre mission continue : %(mission)s") % {"mission": event.obj.title},
        sentences=(
            _("%(organisation)s rouvre votre mission, avec une nouvelle date de fin.")
            % {"organisation": event.obj.organisation.name},
            _("Si cela ne vous convient plus, désistez-vous depuis votre espace : la place ira à quelqu'un d'autre."),
        ),
        facts=facts(event.obj),
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


# ── the waiting list (R60) ────────────────────────────────────────────────────────────────────────
def who_waits(event: Event[Waiting]) -> Iterable[Recipient]:
    return [recipient_of(event.obj.person)]


def the_responsible_of_line(event: Event[Waiting]) -> Iterable[Recipient]:
    return [recipient_of(event.obj.mission.responsible)]


def own_turn(turn: Waiting) -> str:
    return reverse("missions:turn", args=[turn.pk])


def until_words(turn: Waiting) -> str:
    """« mardi 3 mars 2026 à 14:05 », on the clocks of the place."""
    if turn.offer_until is None:
        return ""
    return date_format(turn.mission.local(turn.offer_until), _("l j F Y \\à H:i"))


def place_offered(event: Event[Waiting], reader: Recipient) -> Mail:
    turn = event.obj
    return Mail(
        subject=_("Une place s'est libérée : %(mission)s") % {"mission": turn.mission.title},
        sentences=(
            _("Une place s'est libérée et c'est votre tour : elle vous est gardée jusqu'au %(until)s.")
            % {"until": until_words(turn)},
            _("Prenez-la ou laissez-la : sans réponse, elle ira à la personne suivante."),
        ),
        facts=facts(turn.mission),
        action=(_("Répondre"), own_turn(turn)),
    )


def place_taken(event: Event[Waiting], reader: Recipient) -> Mail:
    mission = event.obj.mission
    return Mail(
        subject=_("Votre place est gardée : %(mission)s") % {"mission": mission.title},
        sentences=(
            _("%(organisation)s a reçu votre proposition d'aide ; la place vous est gardée jusqu'à sa réponse.")
            % {"organisation": mission.organisation.name},
            _("Un empêchement ? Désistez-vous : la place ira à la personne suivante."),
        ),
        facts=facts(mission),
        action=(_("Suivre ma proposition"), reverse("missions:volunteer-participation", args=[event.obj.participation_id or 0])),
    )


def turn_to_answer(event: Event[Waiting], reader: Recipient) -> Mail:
    person, mission, made = event.obj.person, event.obj.mission, event.obj.participation_id
    return Mail(
        subject=_("%(person)s prend la place libérée : %(mission)s") % {"person": person.full_name, "mission": mission.title},
        sentences=(
            _("%(person)s était en liste d'attente et prend la place qui s'est libérée.") % {"person": person.full_name},
            _("La place lui est gardée jusqu'à votre réponse."),
        ),
        facts=(*facts(mission), (_("Bénévole"), person.full_name)),
        action=(_("Répondre"), reverse("missions:host-participation", args=[mission.organisation_id, made or 0])),
    )


def offer_lapsed(event: Event[Waiting], reader: Recipient) -> Mail:
    mission = event.obj.mission
    return Mail(
        subject=_("La place n'est plus gardée : %(mission)s") % {"mission": mission.title},
        sentences=(
            _("Le délai pour prendre la place libérée est passé : elle est proposée à la personne suivante."),
            _("Vous pouvez vous inscrire de nouveau sur la liste d'attente, ou choisir une autre mission."),
        ),
        facts=facts(mission),
        action=(_("Revoir la mission"), mission.get_absolute_url()),
    )


def line_closed(event: Event[Waiting], reader: Recipient) -> Mail:
    mission = event.obj.mission
    return Mail(
        subject=_("Liste d'attente fermée : %(mission)s") % {"mission": mission.title},
        sentences=(
            _("La mission ne prend plus personne : la liste d'attente est fermée."),
            _("D'autres missions près de chez vous ont besoin d'aide."),
        ),
        facts=facts(mission),
        action=(_("Voir des missions semblables"), f"{reverse('missions:public-list')}?lieu={mission.department_id}"),
    )


# ── reminders (R36) ───────────────────────────────────────────────────────────────────────────────
def eve(event: Event[Participation], reader: Recipient) -> Mail:
    mission = event.obj.mission
    contacts = tuple(
        (_("Contact"), " · ".join(part for part in (c.name, c.phone, c.email, c.hours) if part)) for c in mission.contacts.all()
    )
    extra = ((_("Horaires"), mission.schedule),) if mission.schedule else ()
    return Mail(
        subject=_("C'est demain : %(mission)s") % {"mission": mission.title},
        sentences=(
            _("%(organisation)s vous attend demain.") % {"organisation": mission.organisation.name},
            _("Un empêchement ? Prévenez tout de suite votre contact et désistez-vous : la place ira à quelqu'un d'autre."),
        ),
        facts=(*facts(mission), *extra, *contacts),
        action=(_("Voir ma mission"), own_page(event.obj)),
        closing=_("Merci pour votre aide."),
    )


def the_late(event: Event[Organisation]) -> Iterable[Recipient]:
    """The responsible persons of the missions whose applications wait; after a week every « responsable » too (R36)."""
    late = late_of(event.obj.pk)
    people = {each.mission.responsible_id: each.mission.responsible for each in late}
    if any(each.weeks for each in late):
        people |= {grant.person_id: grant.person for grant in managers_of(event.obj.pk)}
    return [recipient_of(person) for person in people.values()]


def still_waiting(event: Event[Organisation], reader: Recipient) -> Mail:
    late = late_of(event.obj.pk)
    mine = [each for each in late if each.mission.responsible_id == reader.person_id] or late
    total = sum(each.total for each in mine)
    return Mail(
        subject=ngettext(
            "%(count)d proposition d'aide attend votre réponse", "%(count)d propositions d'aide attendent votre réponse", total
        )
        % {"count": total},
        sentences=(
            _("Des personnes ont proposé leur aide il y a plus de deux jours et n'ont pas encore de réponse."),
            _("Une réponse rapide, même négative, évite que la bonne volonté se perde."),
        ),
        facts=tuple(
            (
                each.mission.title,
                ngettext("%(count)d en attente", "%(count)d en attente", each.total) % {"count": each.total},
            )
            for each in mine[:10]
        ),
        action=(_("Répondre"), f"{reverse('missions:host-participations', args=[event.obj.pk])}?statut=pending"),
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


def _about_absence(texts: Mapping[str, Text] | None = None) -> Callable[[], Event[Participation]]:
    def sample() -> Event[Participation]:
        made = _about_participation(texts=texts)()
        made.obj.contestable_until = timezone.now() + timedelta(days=8)
        return made

    return sample


def _about_mission(
    codes: Mapping[str, Plain] | None = None, texts: Mapping[str, Text] | None = None
) -> Callable[[], Event[Mission]]:
    return lambda: _sample(_sample_mission(), codes=codes, texts=texts)


def _about_turn() -> Event[Waiting]:
    now = timezone.now()
    turn = Waiting(
        pk=0,
        mission=_sample_mission(),
        person=Person(pk=0, first_name="Awa", last_name="Diallo"),
        offered_at=now,
        offer_until=now + timedelta(hours=48),
    )
    return _sample(turn)


def _sample_slot(hour: int = 9) -> Slot:
    mission = _sample_mission()
    day = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=7)
    return Slot(pk=0, mission=mission, starts_at=day.replace(hour=hour), ends_at=day.replace(hour=hour + 3))


def _sample_cancelled_slot() -> Event[Slot]:
    return _sample(_sample_slot(), codes={"reason": CancellationReason.NOT_ENOUGH_PEOPLE})


def _sample_moved_slot() -> Event[Mission]:
    before, after = _sample_slot(), _sample_slot(14)
    changes = {"slot:0": (moment_code(before), moment_code(after))}
    return Event(name="sample", obj=before.mission, actor=SERVICE, at=timezone.now(), changes=changes)


def _changed_mission() -> Event[Mission]:
    mission = _sample_mission()
    moved = str(timezone.localdate() + timedelta(days=5))
    changes: dict[str, tuple[Plain, Plain]] = {
        "starts_on": (moved, str(mission.starts_on)),
        "ends_on": (moved, str(mission.ends_on)),
    }
    return replace(_sample(mission), changes=changes)


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
SLOTS_CHOSEN = Message(
    "missions.participation.slots_chosen", gettext_lazy("Créneaux changés par la structure"), the_volunteer, slots_chosen, R,
    sample=_about_participation(),
)  # fmt: skip
SLOTS_GIVEN_BACK = Message(
    "missions.participation.slots_given_back", gettext_lazy("Créneaux abandonnés"), the_responsible, slots_given_back, R,
    optional=True, sample=_about_participation(),
)  # fmt: skip
SLOT_CANCELLED = Message(
    "missions.slot.cancelled", gettext_lazy("Créneau annulé"), those_on_the_slot, slot_cancelled, R,
    sample=_sample_cancelled_slot,
)  # fmt: skip
SLOTS_MOVED = Message(
    "missions.mission.slots_moved", gettext_lazy("Horaires d'un créneau changés"), those_on_moved_slots, slots_moved, R,
    sample=_sample_moved_slot,
)  # fmt: skip
CANCELLED_WITH_MISSION = Message(
    "missions.participation.cancelled", gettext_lazy("Mission annulée (bénévole)"), the_volunteer, cancelled_with_mission, R,
    sample=_about_participation(),
)  # fmt: skip
MISSED = Message(
    "missions.participation.missed", gettext_lazy("Absence signalée"), the_volunteer, missed, R, sample=_about_absence(),
)  # fmt: skip
ABSENCE_CONTESTED = Message(
    "missions.participation.contested", gettext_lazy("Absence contestée"), the_responsible, absence_contested, R,
    sample=_about_absence(texts={"message": gettext_lazy("J'étais là de 9 h à midi.")}),
)  # fmt: skip
ABSENCE_KEPT = Message(
    "missions.participation.absence_kept", gettext_lazy("Absence maintenue"), the_volunteer, absence_kept, R,
    sample=_about_absence(texts={"message": gettext_lazy("La feuille de présence ne porte pas votre nom.")}),
)  # fmt: skip
ABSENCE_LIFTED = Message(
    "missions.participation.absence_lifted", gettext_lazy("Absence effacée"), the_volunteer, absence_lifted, R,
    sample=_about_absence(),
)  # fmt: skip
HOW_WAS_IT = Message(
    "missions.participation.how_was_it", gettext_lazy("Fin de mission (bénévole)"), the_volunteer, how_was_it, R,
    optional=True, sample=_about_participation(),
)  # fmt: skip
HOURS_NEWS = Message(
    "missions.participation.hours", gettext_lazy("Heures confirmées ou à confirmer (bénévole)"), the_volunteer, hours_news, R,
    optional=True, sample=_about_participation(),
)  # fmt: skip
WHO_CAME = Message(
    "missions.mission.who_came", gettext_lazy("Fin de mission (structure)"), the_mission_responsible, who_came, R,
    optional=True, sample=_about_mission(),
)  # fmt: skip
HOURS_TO_CONFIRM = Message(
    "missions.mission.hours", gettext_lazy("Heures à confirmer (structure)"), the_mission_responsible, hours_to_confirm, R,
    optional=True, sample=_about_mission(),
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
    "missions.mission.changed", gettext_lazy("Mission modifiée (bénévole)"), the_expected, mission_changed, R,
    sample=_changed_mission,
)  # fmt: skip
MISSION_REOPENED = Message(
    "missions.mission.reopened", gettext_lazy("Mission rouverte (bénévole)"), the_expected, mission_reopened, R,
    sample=_about_mission(),
)  # fmt: skip
MISSION_TO_CLOSE = Message(
    "missions.mission.to_close", gettext_lazy("Mission à clôturer"), the_managers, mission_to_close, R,
    optional=True, sample=_about_mission(),
)  # fmt: skip
PLACE_OFFERED = Message(
    "missions.waiting.offered", gettext_lazy("Place libérée"), who_waits, place_offered, R, sample=_about_turn
)
PLACE_TAKEN = Message(
    "missions.waiting.taken", gettext_lazy("Place gardée"), who_waits, place_taken, R, optional=True, sample=_about_turn
)
TURN_TO_ANSWER = Message(
    "missions.waiting.to_answer", gettext_lazy("Place libérée prise (structure)"), the_responsible_of_line, turn_to_answer, R,
    optional=True, sample=_about_turn,
)  # fmt: skip
OFFER_LAPSED = Message("missions.waiting.lapsed", gettext_lazy("Délai passé"), who_waits, offer_lapsed, R, sample=_about_turn)
LINE_CLOSED = Message(
    "missions.waiting.closed", gettext_lazy("Liste d'attente fermée"), who_waits, line_closed, R, sample=_about_turn
)
EVE = Message("missions.participation.eve", gettext_lazy("C'est demain"), the_volunteer, eve, R, sample=_about_participation())
STILL_WAITING = Message(
    "missions.participation.still_waiting", gettext_lazy("Propositions en attente"), the_late, still_waiting, R, optional=True,
    sample=lambda: _sample(Organisation(pk=0, name=_("Secours Exemple"))),
)  # fmt: skip
HANDED_OVER = Message(
    "missions.team.handed_over", gettext_lazy("Missions confiées par un collègue qui part"), the_successor, handed_over, R,
    sample=lambda: _sample(Organisation(pk=0, name=_("Secours Exemple")), codes={"missions": 3}),
)  # fmt: skip
