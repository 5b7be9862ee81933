"""What a transition writes beside the state itself. Small, in the same transaction, never another workflow."""

from __future__ import annotations

from renfort.civic_service.models import CampaignRecord, HostProject, ProjectVersion
from renfort.civic_service.selectors.frozen import record_facts
from renfort.civic_service.selectors.project_facts import facts_of
from renfort.kernel.events import Event


def keep_version(event: Event[HostProject]) -> None:
    """Keep the project as it is filed, numbered (S5)."""
    project = event.obj
    project.filings += 1
    ProjectVersion.objects.create(
        project=project, number=project.filings, facts=facts_of(project), filed_at=event.at, filed_by_id=event.actor.person_id
    )


def freeze_record(event: Event[HostProject]) -> None:
    """Keep the establishment as it stands at its first filing of this campaign (S2); the caller holds the establishment."""
    project = event.obj
    if CampaignRecord.objects.filter(campaign=project.campaign_id, establishment=project.establishment_id).exists():
        return
    CampaignRecord.objects.create(
        campaign=project.campaign, establishment=project.establishment, facts=record_facts(project.establishment),
        frozen_at=event.at,
    )  # fmt: skip


def grant_places(event: Event[HostProject]) -> None:
    """How many volunteers the case manager allows; the field has judged the number under the campaign's lock."""
    event.obj.granted = int(str(event.codes["granted"]))
