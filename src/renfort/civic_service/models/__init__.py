"""Establishments, campaigns and host projects."""

from renfort.civic_service.models.access import AccessInvitation
from renfort.civic_service.models.campaign import Approval, Campaign, CampaignRecord, PlaceClass, PlaceOverride
from renfort.civic_service.models.directory import DirectoryChange, DirectoryPerson, DirectoryRun
from renfort.civic_service.models.establishment import Establishment, Federation, Post, Route
from renfort.civic_service.models.figure import LegalFigure
from renfort.civic_service.models.invitation import ManagerInvitation
from renfort.civic_service.models.opinion import Opinion
from renfort.civic_service.models.project import HostProject, ProjectVersion

__all__ = [
    "AccessInvitation",
    "Approval",
    "Campaign",
    "CampaignRecord",
    "DirectoryChange",
    "DirectoryPerson",
    "DirectoryRun",
    "Establishment",
    "Federation",
    "HostProject",
    "LegalFigure",
    "ManagerInvitation",
    "Opinion",
    "PlaceClass",
    "PlaceOverride",
    "Post",
    "ProjectVersion",
    "Route",
]
