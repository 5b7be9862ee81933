"""What the programme « service civique » says to people."""

from renfort.civic_service.messages.access import ACCESS_INVITED
from renfort.civic_service.messages.posts import POST_ENDED, POST_GIVEN, PROJECTS_TAKEN_OVER

__all__ = ["ACCESS_INVITED", "POST_ENDED", "POST_GIVEN", "PROJECTS_TAKEN_OVER"]
