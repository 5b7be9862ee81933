"""What is said of a reading of the directory that nobody was there to see (S1)."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.civic_service.enums import DirectoryDoor, DirectoryState
from renfort.civic_service.models import DirectoryRun
from renfort.civic_service.selectors.directory import last_good
from renfort.civic_service.selectors.roles import national_managers
from renfort.kernel.actors import CLOCK
from renfort.kernel.events import Event
from renfort.kernel.messages import Mail, Message, Recipient
from renfort.kernel.templatetags.ui import moment_words
from renfort.organisations.enums import Programme
from renfort.organisations.selectors import operators
from renfort.people.selectors import recipient_of

C = Programme.CIVIC_SERVICE


def who_watches(event: Event[DirectoryRun]) -> Iterable[Recipient]:
    """The national case managers and the operators, each once."""
    people = {grant.person_id: grant.person for grant in (*national_managers(), *operators())}
    return [recipient_of(person) for person in people.values()]


def held(event: Event[DirectoryRun], reader: Recipient) -> Mail:
    return Mail(
        subject=_("Annuaire : une lecture attend votre accord"),
        sentences=(
            _("La lecture automatique de l'annuaire changerait trop de choses à la fois. Rien n'a été écrit."),
            *(str(each) for each in event.obj.brakes),
            _("Relisez les différences : confirmez-les en disant pourquoi, ou laissez-les de côté."),
        ),
        action=(_("Voir les différences"), reverse("civic_service:directory-run", args=[event.obj.pk])),
    )


def silent(event: Event[DirectoryRun], reader: Recipient) -> Mail:
    good = last_good()
    return Mail(
        subject=_("Annuaire : la lecture d'aujourd'hui n'a pas abouti"),
        sentences=(
            _("L'annuaire n'a pas répondu, ou pas jusqu'au bout. Rien n'a été retiré ; une autre lecture aura lieu demain."),
            _("Dernière lecture complète : %(when)s.") % {"when": moment_words(good)}
            if good
            else _("L'annuaire n'a pas encore été lu en entier."),
        ),
        action=(_("Voir les lectures"), reverse("civic_service:directory")),
    )


def a_reading() -> Event[DirectoryRun]:
    """An invented reading, for the operator's preview."""
    now = timezone.now()
    run = DirectoryRun(
        pk=0, role="clock", state=DirectoryState.HELD, door=DirectoryDoor.SERVICE, is_complete=True, created_at=now,
        brakes=[_("%(gone)d des %(size)d rôles « %(role)s » prendraient fin.") % {"gone": 31, "size": 60, "role": _("Tuteur")}],
    )  # fmt: skip
    return Event(name="civic_service.directoryrun.hold", obj=run, actor=CLOCK, at=now)


DIRECTORY_HELD = Message(
    "civic_service.directory.held", gettext_lazy("Une lecture de l'annuaire attend un accord"), who_watches, held, C,
    sample=a_reading,
)  # fmt: skip
DIRECTORY_SILENT = Message(
    "civic_service.directory.silent", gettext_lazy("L'annuaire n'a pas pu être lu"), who_watches, silent, C, sample=a_reading,
)  # fmt: skip
