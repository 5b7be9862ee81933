"""A session in a calendar's own language: the same file goes with e-mails and is downloaded from pages (W3, W12)."""

from renfort.workshops.messages.facilitator_file import session_file, sessions_file

__all__ = ["session_file", "sessions_file"]
