"""What the programme says to people. Each: to whom, and the blocks of the e-mail, in the reader's language."""

from renfort.civic_service.messages.access import ACCESS_INVITED
from renfort.civic_service.messages.directory import DIRECTORY_HELD, DIRECTORY_SILENT
from renfort.civic_service.messages.federations import MANAGER_INVITED, MANAGER_REMOVED

__all__ = [
    "ACCESS_INVITED",
    "DIRECTORY_HELD",
    "DIRECTORY_SILENT",
    "MANAGER_INVITED",
    "MANAGER_REMOVED",
]
