"""Whether an assignment may be closed: each thing that stands before it is a sentence with its number (W10)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from renfort.kernel.rules import Guard, Text
from renfort.workshops.models import Assignment
from renfort.workshops.selectors.closing import blocker_of


@dataclass(frozen=True, slots=True)
class Blocked(Guard[Assignment]):
    """A guard whose sentence counts; ``refusal`` says in general what it is about, for the drawing of the life cycle."""

    key: str = ""

    def refuse(self, obj: Assignment) -> Text | None:
        """The sentence with its number, None when nothing of this kind is left."""
        found = blocker_of(obj, self.key)
        return found.sentence if found is not None else None


def _blocked(key: str, refusal: Text) -> Blocked:
    return Blocked(refusal, lambda assignment: blocker_of(assignment, key) is None, key)


sessions_are_over = _blocked("sessions", _("Une session n'est pas encore passée : attendez sa fin, ou annulez-la."))
enrolments_are_settled = _blocked("enrolments", _("La présence d'animateur·ices reste à constater : réessayez dans un instant."))
attendance_is_settled = _blocked("attendance", _("Les présences d'une session ne sont pas déclarées complètes."))
fees_are_asked = _blocked("fees", _("Des rétributions restent à demander : une mission se clôture quand toutes le sont."))
rounds_are_sent = _blocked("rounds", _("Une demande de rétributions est un brouillon : envoyez-la, ou abandonnez-la."))
coordination_has_its_rate = _blocked("rate", _("La coordination n'a pas de tarif : demandez à l'association de l'ajouter."))
