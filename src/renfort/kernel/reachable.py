"""Phone numbers, e-mail addresses and links in what people write (R53). No list: what such things look like."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

GAP = r"[\s.\-–/\u00a0\u202f]{0,2}"
ABROAD = r"(?:\+|00)\s?(?:33|262|590|594|596|508|681|687|689)"
PHONE = re.compile(
    rf"(?<![\w.,/])(?:{ABROAD}{GAP}(?:\(0\){GAP})?[1-9](?:{GAP}\d\d){{4}}|0[1-9](?:{GAP}\d\d){{4}}|0{GAP}8\d\d(?:{GAP}\d{{3}}){{2}})(?![\d])"
)
SPELT_PHONE = re.compile(
    r"\bz[ée]ro[\s-]+(?:un|deux|trois|quatre|cinq|six|sept|huit|neuf)\b(?:[\s,-]+[a-zéèà]+){3,8}", re.IGNORECASE
)
AT = r"(?:\s?@\s?|\s?[\[(]\s?(?:at|arobase|a|@)\s?[\])]\s?|\s+arobase\s+)"
DOT = r"(?:\s?\.\s?|\s?[\[(]\s?(?:dot|point|\.)\s?[\])]\s?|\s+point\s+)"
EMAIL = re.compile(rf"[\w.+-]{{1,64}}{AT}[\w-]{{1,63}}(?:{DOT}[a-z]{{2,24}})+\b", re.IGNORECASE)
URL = re.compile(r"(?:https?://|www\.)[^\s<>«»\"]{3,300}")
DOMAIN = re.compile(
    r"(?<![\w@.-])(?:[a-z0-9][a-z0-9-]{0,62}\.)+(?:fr|com|org|net|eu|info|ly|gg|io|gl|bzh|cc|xyz|ru)\b(?:/[^\s<>«»\"]{0,300})?"
)
AT_THE_END = ".,;:!?)]}…’'"


@dataclass(frozen=True, slots=True)
class Way:
    """A way to reach somebody. ``kind``: "phone", "email", "link"."""

    kind: str
    start: int
    end: int
    text: str


def ways(text: str) -> list[Way]:
    """Every phone number, e-mail address and link, in the order of the text; a thing is one of them only."""
    found: list[Way] = []
    for kind, pattern in (("link", URL), ("email", EMAIL), ("link", DOMAIN), ("phone", PHONE), ("phone", SPELT_PHONE)):
        for match in pattern.finditer(text):
            said = match.group().rstrip(AT_THE_END)
            start, end = match.start(), match.start() + len(said)
            if said and not any(start < each.end and each.start < end for each in found):
                found.append(Way(kind, start, end, said))
    return sorted(found, key=lambda each: each.start)


def host_of(link: str) -> str:
    """The host that a link leads to, in lower case; "" when it cannot be read."""
    try:
        return (urlsplit(link if "://" in link else f"https://{link}").hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def hides(link: str) -> str:
    """Why a link does not say where it leads: "address" (a bare number), "disguise" (letters that look like others, a name
    before an @), or "" when nothing is hidden."""
    host = host_of(link)
    try:
        ipaddress.ip_address(host)
    except ValueError:
        pass
    else:
        return "address"
    try:
        named = urlsplit(link).username is not None
    except ValueError:
        named = True
    return "disguise" if named or not host or "xn--" in host or not host.isascii() else ""


def is_of(host: str, known: str) -> bool:
    """Whether a host is this one or one below it: « s.bit.ly » is of « bit.ly »."""
    return host == known or host.endswith(f".{known}")
