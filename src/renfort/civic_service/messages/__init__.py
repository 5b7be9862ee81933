"""What the programme says to people. Each: to whom, and the blocks of the e-mail, in the reader's language."""

from renfort.civic_service.messages.directory import DIRECTORY_HELD, DIRECTORY_SILENT

__all__ = ["DIRECTORY_HELD", "DIRECTORY_SILENT"]
