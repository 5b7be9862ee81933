"""One way to tell somebody of a public page: a link to copy, an e-mail, the phone's own sheet; nothing of another site (R30)."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Share:
    """What the block « Partager » shows: the page's full address and title, an e-mail for the reader's own program."""

    title: str
    url: str
    mail_url: str


def share_of(*, title: str, subject: str, path: str) -> Share:
    """The block of one page; ``path`` is its address on the site."""
    url = settings.BASE_URL + path
    return Share(title=title, url=url, mail_url=f"mailto:?{urlencode({'subject': subject, 'body': url}, quote_via=quote)}")
