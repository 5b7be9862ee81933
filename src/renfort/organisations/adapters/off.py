"""No directory: the default. Nobody is asked, nothing leaves the machine (R53)."""

from __future__ import annotations

from renfort.organisations.selectors.directory import Listed, SilentError


class NoDirectory:
    """Answers nothing, at once."""

    is_on = False

    def look_up(self, number: str) -> Listed | None:
        """There is nobody to ask.

        Raises:
            SilentError: always.
        """
        raise SilentError("no directory is configured")
