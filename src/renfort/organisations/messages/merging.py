"""What is said when two entries of one organisation are to become one (R55)."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.kernel.events import Event
from renfort.kernel.messages import Mail, Message, Recipient
from renfort.organisations.enums import Role
from renfort.organisations.messages.readers import sample, sample_organisation, sample_person
from renfort.organisations.models import Merge, Organisation
from renfort.organisations.selectors import is_member, managers_of, members_of
from renfort.organisations.selectors.merges import access_of
from renfort.people.models import Person
from renfort.people.selectors import recipient_of


def both_managers(event: Event[Merge]) -> Iterable[Recipient]:
    """Each « responsable » of one of the two, but the one who did it."""
    people: dict[int, Person] = {}
    for organisation in (event.obj.kept_id, event.obj.absorbed_id):
        people |= {grant.person_id: grant.person for grant in managers_of(organisation)}
    return [recipient_of(person) for pk, person in people.items() if pk != event.actor.person_id]


def the_asker(event: Event[Merge]) -> Iterable[Recipient]:
    """Who proposed it, unless they did this themselves."""
    return [] if event.obj.proposed_by_id == event.actor.person_id else [recipient_of(event.obj.proposed_by)]


def both_teams(event: Event[Merge]) -> Iterable[Recipient]:
    """Everybody of the two teams, in whatever role, who did it too: their roles may have changed. Asked before anything moves."""
    people: dict[int, Person] = {}
    for organisation in (event.obj.kept_id, event.obj.absorbed_id):
        people |= {grant.person_id: grant.person for grant in members_of(organisation)}
    return [recipient_of(person) for person in people.values()]


def _names(merge: Merge) -> dict[str, str]:
    return {"kept": merge.kept.name, "absorbed": merge.absorbed.name}


def merge_page(merge: Merge, reader: Recipient) -> str:
    """Where this reader finds the merge: in the space of the organisation that they manage, or among those of the territory."""
    for organisation in (merge.kept_id, merge.absorbed_id):
        if reader.person_id is not None and organisation and is_member(reader.person_id, organisation) == Role.MANAGER:
            return reverse("organisations:own-merge", args=[organisation, merge.pk])
    return reverse("organisations:merge", args=[merge.pk])


def merge_asked(event: Event[Merge], reader: Recipient) -> Mail:
    merge = event.obj
    return Mail(
        subject=_("Fusionner « %(absorbed)s » avec « %(kept)s » ?") % _names(merge),
        sentences=(
            _("On vous propose de ne garder qu'une fiche. Rien ne se fait sans l'accord d'un responsable de chacune."),
            _("La page montre ce qui serait repris, ce qui serait perdu, et qui aurait accès à quoi."),
        ),
        facts=(
            (_("Fiche gardée"), merge.kept.name),
            (_("Fiche absorbée"), merge.absorbed.name),
            (_("Répondre avant le"), date_format(timezone.localtime(merge.expires_at), "DATE_FORMAT")),
        ),
        action=(_("Lire et répondre"), merge_page(merge, reader)),
    )


def merge_agreed(event: Event[Merge], reader: Recipient) -> Mail:
    merge = event.obj
    return Mail(
        subject=_("Fusion acceptée : « %(absorbed)s » et « %(kept)s »") % _names(merge),
        sentences=(_("Les accords sont donnés. Relisez ce qui va se passer, puis fusionnez les deux fiches."),),
        action=(_("Relire et fusionner"), merge_page(merge, reader)),
    )


def merge_refused(event: Event[Merge], reader: Recipient) -> Mail:
    merge = event.obj
    return Mail(
        subject=_("Fusion refusée : « %(absorbed)s » et « %(kept)s »") % _names(merge),
        sentences=(
            _("Un responsable a refusé la fusion, pour cette raison :"),
            event.texts.get("reasons", ""),
            _("Les deux structures restent comme elles sont."),
        ),
        action=(_("Voir la proposition"), merge_page(merge, reader)),
    )


def merge_withdrawn(event: Event[Merge], reader: Recipient) -> Mail:
    merge = event.obj
    return Mail(
        subject=_("Fusion abandonnée : « %(absorbed)s » et « %(kept)s »") % _names(merge),
        sentences=(
            _("La proposition de fusion est retirée. Les deux structures restent comme elles sont : vous n'avez rien à faire."),
        ),
        action=(_("Voir la proposition"), merge_page(merge, reader)),
    )


def merge_expired(event: Event[Merge], reader: Recipient) -> Mail:
    merge = event.obj
    return Mail(
        subject=_("Fusion restée sans suite : « %(absorbed)s » et « %(kept)s »") % _names(merge),
        sentences=(
            _("Le délai est passé. Les deux structures restent comme elles sont ; vous pouvez proposer la fusion de nouveau."),
        ),
        action=(_("Voir la proposition"), merge_page(merge, reader)),
    )


AFTER = {
    str(Role.MANAGER): gettext_lazy(
        "Vous êtes responsable de %(kept)s : ses missions comprennent maintenant celles de %(absorbed)s."
    ),
    str(Role.MISSION_TUTOR): gettext_lazy(
        "Vous êtes tuteur dans %(kept)s : vous gérez vos missions, et lisez les autres sans les bénévoles."
    ),
    "": gettext_lazy("Vous n'avez plus de rôle dans cette structure : personne n'en est responsable pour l'instant."),
}


def merge_done(event: Event[Merge], reader: Recipient) -> Mail:
    merge = event.obj
    changes = access_of(merge.kept_id, merge.absorbed_id).changes if merge.pk else []
    role = next((each.after for each in changes if each.person_id == reader.person_id), str(Role.MANAGER))
    return Mail(
        subject=_("« %(absorbed)s » et « %(kept)s » ne font plus qu'une fiche") % _names(merge),
        sentences=(
            _("Les missions, les participations et l'historique de %(absorbed)s sont maintenant chez %(kept)s.") % _names(merge),
            str(AFTER[role]) % _names(merge),
        ),
        action=(_("Aller à mon espace"), reverse("portal:space")),
    )


def _sample() -> Event[Merge]:
    kept = sample_organisation()
    absorbed = Organisation(pk=0, name=_("Secours Exemple (ancienne fiche)"))
    merge = Merge(pk=0, kept=kept, absorbed=absorbed, proposed_by=sample_person(), expires_at=timezone.now())
    return sample(merge, texts={"reasons": gettext_lazy("Ce sont deux antennes différentes.")})


MERGE_ASKED = Message(
    "organisations.merge.asked", gettext_lazy("Fusion : accord demandé"), both_managers, merge_asked, sample=_sample
)
MERGE_AGREED = Message("organisations.merge.agreed", gettext_lazy("Fusion acceptée"), the_asker, merge_agreed, sample=_sample)
MERGE_REFUSED = Message("organisations.merge.refused", gettext_lazy("Fusion refusée"), the_asker, merge_refused, sample=_sample)
MERGE_WITHDRAWN = Message(
    "organisations.merge.withdrawn", gettext_lazy("Fusion abandonnée"), both_managers, merge_withdrawn, sample=_sample
)
MERGE_EXPIRED = Message(
    "organisations.merge.expired", gettext_lazy("Fusion restée sans suite"), the_asker, merge_expired, sample=_sample
)
MERGE_DONE = Message("organisations.merge.done", gettext_lazy("Fusion faite"), both_teams, merge_done, sample=_sample)
