"""No service: the default. The directory comes in as a file (S1)."""

from __future__ import annotations

from renfort.civic_service.selectors.delivery import Said, SilentDirectoryError


class NoDirectory:
    """Answers nothing, at once."""

    is_on = False

    def everything(self) -> list[Said]:
        """There is nobody to ask.

        Raises:
            SilentDirectoryError: always.
        """
        raise SilentDirectoryError("no directory is configured")

    def one(self, key: str) -> list[Said]:
        """As ``everything``.

        Raises:
            SilentDirectoryError: always.
        """
        raise SilentDirectoryError("no directory is configured")
