"""What the programme says to people. Each: to whom, and the blocks of the e-mail, in the reader's language."""

from renfort.civic_service.messages.access import ACCESS_INVITED
from renfort.civic_service.messages.directory import DIRECTORY_HELD, DIRECTORY_SILENT
from renfort.civic_service.messages.federations import MANAGER_INVITED, MANAGER_REMOVED
from renfort.civic_service.messages.posts import POST_ENDED, POST_GIVEN, PROJECTS_TAKEN_OVER
from renfort.civic_service.messages.project import (
    CANCEL_ASKED,
    CHANGES_REQUESTED,
    PROJECT_ACCEPTED,
    PROJECT_CANCELLED,
    PROJECT_FILED,
    PROJECT_REFUSED,
    PROJECT_WITHDRAWN,
)
from renfort.civic_service.messages.review import REVIEW_MORNING

__all__ = [
    "ACCESS_INVITED",
    "CANCEL_ASKED",
    "CHANGES_REQUESTED",
    "DIRECTORY_HELD",
    "DIRECTORY_SILENT",
    "MANAGER_INVITED",
    "MANAGER_REMOVED",
    "POST_ENDED",
    "POST_GIVEN",
    "PROJECTS_TAKEN_OVER",
    "PROJECT_ACCEPTED",
    "PROJECT_CANCELLED",
    "PROJECT_FILED",
    "PROJECT_REFUSED",
    "PROJECT_WITHDRAWN",
    "REVIEW_MORNING",
]
