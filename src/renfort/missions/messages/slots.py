"""What is said of slots: chosen, given back, moved, cancelled (R61)."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.kernel.events import Event
from renfort.kernel.messages import Mail, Message, Recipient
from renfort.missions.enums import TAKING
from renfort.missions.messages.facts import R, asked_facts, facts, host_page, moved_slots, own_page, slot_facts, where
from renfort.missions.messages.readers import the_responsible, the_volunteer, those_on_moved_slots, those_on_the_slot
from renfort.missions.messages.samples import about_cancelled_slot, about_moved_slot, about_participation
from renfort.missions.models import Booking, CancellationReason, Mission, Participation, Slot, WithdrawalReason
from renfort.missions.selectors.reasons import reason_words
from renfort.missions.selectors.slots import of_mission, slots_held


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
            _("Raison : %(reason)s.") % {"reason": reason_words(WithdrawalReason, str(event.codes.get("reason", "other")))},
        ),
        facts=(*facts(mission), *((_("Créneau abandonné"), slot.words) for slot in given_back), *asked_facts(event.obj)),
        action=(_("Voir la participation"), host_page(event.obj)),
    )


def slot_cancelled(event: Event[Slot], reader: Recipient) -> Mail:
    mission, words = event.obj.mission, event.texts.get("message", "")
    reason = reason_words(CancellationReason, str(event.codes.get("reason", "other")))
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
    mission, moved = event.obj, moved_slots(event)
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


SLOTS_CHOSEN = Message(
    "missions.participation.slots_chosen", gettext_lazy("Créneaux changés par la structure"), the_volunteer, slots_chosen, R,
    sample=about_participation(),
)  # fmt: skip
SLOTS_GIVEN_BACK = Message(
    "missions.participation.slots_given_back", gettext_lazy("Créneaux abandonnés"), the_responsible, slots_given_back, R,
    optional=True, sample=about_participation(),
)  # fmt: skip
SLOT_CANCELLED = Message(
    "missions.slot.cancelled", gettext_lazy("Créneau annulé"), those_on_the_slot, slot_cancelled, R,
    sample=about_cancelled_slot,
)  # fmt: skip
SLOTS_MOVED = Message(
    "missions.mission.slots_moved", gettext_lazy("Horaires d'un créneau changés"), those_on_moved_slots, slots_moved, R,
    sample=about_moved_slot,
)  # fmt: skip
