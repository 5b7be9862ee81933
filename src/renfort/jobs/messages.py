"""What is said of long work when it is over, to whoever asked for it."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from renfort.jobs.enums import FileFormat, ImportState, Purpose, WorkError, WorkState
from renfort.jobs.models import Export, Import
from renfort.kernel.actors import SERVICE
from renfort.kernel.events import Event
from renfort.kernel.exports import EXPORT_KINDS
from renfort.kernel.imports import IMPORT_KINDS, Place
from renfort.kernel.messages import Mail, Message, Recipient


def who_asked(event: Event[Export]) -> Iterable[Recipient]:
    """The person who asked for the file."""
    kind = EXPORT_KINDS.get(event.obj.kind)
    reader = kind.reader(event.obj.person_id) if kind else None
    return [reader] if reader else []


def what(export: Export) -> str:
    """« Participations »."""
    kind = EXPORT_KINDS.get(export.kind)
    return str(kind.label) if kind else export.kind


def ready(event: Event[Export], reader: Recipient) -> Mail:
    export = event.obj
    rows = ngettext("%(n)d ligne", "%(n)d lignes", export.done) % {"n": export.done}
    return Mail(
        subject=_("Votre fichier est prêt : %(what)s") % {"what": what(export)},
        sentences=(
            _("Le fichier que vous avez demandé est prêt (%(rows)s).") % {"rows": rows},
            _("Il reste à votre disposition pendant 24 heures, puis il est supprimé."),
        ),
        action=(_("Télécharger le fichier"), reverse("jobs:downloads")),
    )


def failed(event: Event[Export], reader: Recipient) -> Mail:
    export = event.obj
    reasons = {str(each): str(each.label) for each in WorkError}
    return Mail(
        subject=_("Votre fichier n'a pas pu être préparé : %(what)s") % {"what": what(export)},
        sentences=(reasons.get(export.error, reasons[WorkError.BROKEN]),),
        action=(_("Voir mes téléchargements"), reverse("jobs:downloads")),
    )


def an_export() -> Event[Export]:
    """An invented file, for the operator's preview."""
    now = timezone.now()
    kind = next(iter(EXPORT_KINDS), "")
    made = Export(
        pk=0, kind=kind, person_id=0, state=WorkState.DONE, done=1200, total=1200, created_at=now, format=FileFormat.XLSX,
        purpose=Purpose.REPORT,
    )  # fmt: skip
    return Event(name="jobs.export.done", obj=made, actor=SERVICE, at=now)


EXPORT_READY = Message(
    key="jobs.export.ready", label=gettext_lazy("Un fichier demandé est prêt"), to=who_asked, mail=ready, by_mail=False,
    sample=an_export,
)  # fmt: skip
EXPORT_READY_LATE = Message(
    key="jobs.export.ready_late",
    label=gettext_lazy("Un fichier qui a demandé plus d'une minute est prêt"),
    to=who_asked,
    mail=ready,
    optional=True,
    sample=an_export,
)
EXPORT_FAILED = Message(
    key="jobs.export.failed",
    label=gettext_lazy("Un fichier demandé n'a pas pu être préparé"),
    to=who_asked,
    mail=failed,
    by_mail=False,
    sample=an_export,
)


# ── imports ───────────────────────────────────────────────────────────────────────────────────────
def who_brought(event: Event[Import]) -> Iterable[Recipient]:
    """The person who sent the file."""
    kind = IMPORT_KINDS.get(event.obj.kind)
    reader = kind.reader(event.obj.person_id) if kind else None
    return [reader] if reader else []


def _import_page(imported: Import) -> tuple[str, str]:
    kind = IMPORT_KINDS.get(imported.kind)
    place = Place(role=imported.role, scope=imported.scope)
    if kind is None or imported.scope is None:
        return _("Aller à mon espace"), "/espace/"
    return _("Voir le résultat"), reverse(f"{kind.pages}-one", kwargs={**kind.address(place), "pk": imported.pk})


def import_done(event: Event[Import], reader: Recipient) -> Mail:
    imported = event.obj
    kind = IMPORT_KINDS.get(imported.kind)
    lines = int(event.codes.get("lines") or 0)
    rows = ngettext("%(n)d ligne", "%(n)d lignes", lines) % {"n": lines}
    return Mail(
        subject=_("Import terminé : %(what)s") % {"what": kind.label if kind else imported.kind},
        sentences=(
            _("Le fichier que vous avez confirmé est traité (%(rows)s).") % {"rows": rows},
            _("Le résultat, ligne par ligne, reste à votre disposition pendant 30 jours."),
        ),
        action=_import_page(imported),
    )


def import_failed(event: Event[Import], reader: Recipient) -> Mail:
    imported = event.obj
    kind = IMPORT_KINDS.get(imported.kind)
    reasons = {str(each): str(each.label) for each in WorkError}
    return Mail(
        subject=_("Import interrompu : %(what)s") % {"what": kind.label if kind else imported.kind},
        sentences=(reasons.get(imported.error, reasons[WorkError.BROKEN]),),
        action=_import_page(imported),
    )


def an_import() -> Event[Import]:
    """An invented import, for the operator's preview."""
    now = timezone.now()
    kind = next(iter(IMPORT_KINDS), "")
    made = Import(pk=0, kind=kind, person_id=0, state=ImportState.DONE, done=1940, total=1940, created_at=now, confirmed_at=now)
    return Event(name="jobs.import.done", obj=made, actor=SERVICE, at=now, codes={"lines": 1940})


IMPORT_DONE = Message(
    key="jobs.import.done", label=gettext_lazy("Un import est terminé"), to=who_brought, mail=import_done, by_mail=False,
    sample=an_import,
)  # fmt: skip
IMPORT_DONE_LATE = Message(
    key="jobs.import.done_late",
    label=gettext_lazy("Un import qui a demandé plus d'une minute est terminé"),
    to=who_brought,
    mail=import_done,
    optional=True,
    sample=an_import,
)
IMPORT_FAILED = Message(
    key="jobs.import.failed",
    label=gettext_lazy("Un import s'est interrompu"),
    to=who_brought,
    mail=import_failed,
    sample=an_import,
)
