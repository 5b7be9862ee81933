"""Files that are sent: how much is received at all, before any page looks at it (P11)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler


class Quota(FileUploadHandler):
    """First of ``FILE_UPLOAD_HANDLERS``: refuses by the announced length, so that nobody fills the disk with one request.

    A body without announced length is not read at all (WSGI).
    """

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None) -> None:  # noqa: N803 -- Django's name
        """Look at the length of the whole request.

        Raises:
            RequestDataTooBig: answered 413 with a page.
        """
        if content_length > settings.UPLOAD_MAX_SIZE:
            raise RequestDataTooBig("the request is larger than UPLOAD_MAX_SIZE")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass on to the handlers that keep it."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler has it."""
        return
