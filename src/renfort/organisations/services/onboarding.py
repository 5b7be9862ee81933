"""An organisation on its way in: each step is kept as it is answered, and the last one opens it (R4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.kernel.actors import Actor
from renfort.kernel.firing import Refused, lock_row
from renfort.organisations.models import Draft, Organisation
from renfort.organisations.selectors import open_draft
from renfort.organisations.services.organisation import OrganisationFacts, open_organisation
from renfort.people.models import Person
from renfort.people.services import PersonFacts, edit_person

KEPT = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutFacts:
    """The step « Votre structure » (R5), as a draft keeps it."""

    name: str
    legal_status: str
    description: str
    type: str = ""
    subtype: str = ""
    siret: str = ""
    rna: str = ""
    website: str = ""
    agreements: Sequence[str] = ()
    networks: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceFacts:
    """The step « Le lieu » (R6), as a draft keeps it."""

    department: str
    city: str
    address: str = ""
    postcode: str = ""
    commune: str | None = None
    latitude: float | None = None
    longitude: float | None = None


def facts_of(about: AboutFacts, place: PlaceFacts) -> OrganisationFacts:
    """Both steps as one: what an organisation says of itself."""
    return OrganisationFacts(**asdict(about), **asdict(place))


def keep_you(*, actor: Actor, person: Person, facts: PersonFacts) -> Draft:
    """Write who one is, and begin (or go on with) the organisation of this person."""
    with transaction.atomic():
        draft = draft_of(person)
        edit_person(actor=actor, person=person, facts=facts)
        if draft.you_at is None:
            draft.you_at = timezone.now()
            draft.save(update_fields=["you_at", "updated_at"])
    return draft


def draft_of(person: Person) -> Draft:
    """The open draft, made when there is none; two tabs that make it at once find the same one."""
    found = open_draft(person.pk)
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return Draft.objects.create(person=person)
    except IntegrityError:
        return Draft.objects.get(person=person, done_at=None)


def keep_about(*, draft: Draft, facts: AboutFacts) -> None:
    """Keep what the organisation is."""
    draft.about = asdict(facts)
    draft.save(update_fields=["about", "updated_at"])


def keep_place(*, draft: Draft, facts: PlaceFacts) -> None:
    """Keep where it acts."""
    draft.place = asdict(facts)
    draft.save(update_fields=["place", "updated_at"])


def keep_not_mine(*, draft: Draft, organisations: Iterable[int], without_siret: bool) -> None:
    """« Ce n'est pas la mienne »: these organisations are not shown again. A SIRET that is another's is given up."""
    draft.not_mine = sorted({*draft.not_mine, *organisations})
    if without_siret:
        draft.about = {**draft.about, "siret": ""}
    draft.save(update_fields=["not_mine", "about", "updated_at"])


def finish(*, actor: Actor, draft: Draft) -> Organisation:
    """Open the organisation that was described; done once, whoever sends the last step twice gets the same one (R4).

    Raises:
        Refused: a step was not answered yet, or another organisation has the SIRET since.
    """
    with transaction.atomic():
        locked: Draft = lock_row(draft)
        if locked.organisation is not None:
            return locked.organisation
        if not (locked.about and locked.place):
            raise Refused(_("Il reste une étape à remplir avant d'inscrire votre structure."))
        facts = OrganisationFacts(**locked.about, **locked.place)
        organisation = open_organisation(actor=actor, person=locked.person, facts=facts)
        locked.organisation, locked.done_at = organisation, timezone.now()
        locked.about, locked.place, locked.not_mine = {}, {}, []
        locked.save()
    return organisation


def forget_old_drafts(now: datetime) -> int:
    """Remove the drafts that nobody has touched for a year (P10); returns how many. Called by the clock."""
    removed, _per_model = Draft.objects.filter(updated_at__lt=now - KEPT).delete()
    return removed
