"""The guides: written once as Markdown in ``docs/``, read there and on the site (P14).

A guide is one file: its first heading is its title, each second-level heading a chapter with an address of its own. The files and
their pictures travel with the package (``guides/`` in the wheel, ``docs/`` in a checkout).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.token import Token

from renfort.kernel.typography import spaced

PACKAGED = Path(__file__).parents[1] / "guides"
CHECKOUT = Path(__file__).parents[3] / "docs"
FILES = {
    "organisations": "guide-organisations.md",
    "benevole": "guide-benevole.md",
    "referent": "guide-referent.md",
    "operateur": "guide-operateur.md",
    "reseau": "guide-reseau.md",
    "association": "guide-association.md",
    "coordination": "guide-coordination.md",
    "animation": "guide-animation.md",
    "etablissement": "guide-etablissement.md",
    "gestionnaire": "guide-gestionnaire.md",
}
PROGRAMMES = {
    "association": "workshops",
    "coordination": "workshops",
    "animation": "workshops",
    "etablissement": "civic_service",
    "gestionnaire": "civic_service",
}  # guides that are shown only while their programme is open
PICTURE = re.compile(r"images/([a-z0-9][a-z0-9-]*\.png)")
PNG_SIZE = slice(16, 24)  # width and height in the header of a PNG


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a chapter with an anchor; the first of a chapter has none."""

    title: str
    anchor: str
    words: str  # as ``plain`` gives them, to be searched


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter, ready to be shown."""

    slug: str
    title: str
    html: SafeString
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Guide:
    """One guide."""

    slug: str
    title: str
    lead: str
    chapters: tuple[Chapter, ...]

    def chapter(self, slug: str) -> Chapter | None:
        """The chapter of an address."""
        return next((chapter for chapter in self.chapters if chapter.slug == slug), None)


@dataclass(frozen=True, slots=True)
class Found:
    """A part of a guide that has the words looked for."""

    guide: Guide
    chapter: Chapter
    section: Section


def folder() -> Path:
    """Where the guides are."""
    return PACKAGED if PACKAGED.is_dir() else CHECKOUT


@cache
def guides() -> dict[str, Guide]:
    """All guides, by the word in their address. Read once in the life of a process."""
    return {slug: _guide(slug, (folder() / name).read_text(encoding="utf-8")) for slug, name in FILES.items()}


def picture(name: str) -> Path | None:
    """A picture of the guides; None for anything else, whatever is asked."""
    path = folder() / "images" / name
    return path if PICTURE.fullmatch(f"images/{name}") and path.is_file() else None


def plain(text: str) -> str:
    """Words as they are compared: no accents, no capitals, no punctuation."""
    bare = "".join(char for char in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(char))
    return " ".join(re.sub(r"[^\w]+", " ", bare.replace("œ", "oe")).split())


def search(words: str, *, most: int = 20) -> list[Found]:
    """The parts of all guides that have every word, the ones whose title has them first."""
    wanted = plain(words).split()
    if not wanted:
        return []
    found = [
        Found(guide, chapter, section)
        for guide in guides().values()
        for chapter in guide.chapters
        for section in chapter.sections
        if all(word in section.words for word in wanted)
    ]
    found.sort(key=lambda one: not all(word in plain(one.section.title) for word in wanted))
    return found[:most]


# ── from Markdown to our pages ────────────────────────────────────────────────────────────────────
def anchor_of(title: str) -> str:
    """The anchor of a heading, as the places where Markdown is read make it, so that one link works in both."""
    return re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-")


def _guide(slug: str, text: str) -> Guide:
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(text)
    title, lead, parts = "", "", []
    for position, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h1":
            title = tokens[position + 1].content
        elif token.type == "heading_open" and token.tag == "h2":
            parts.append((tokens[position + 1].content, position))
        elif token.type == "inline" and not parts and title and not lead and token.content != title:
            lead = token.content
    ends = [position for _title, position in parts[1:]] + [len(tokens)]
    addresses = {anchor_of(name): f"/aide/{slug}/{slugify(name)}/" for name, _position in parts}
    for (name, start), end in zip(parts, ends, strict=True):  # a link may lead inside another chapter
        for token, inline in zip(tokens[start:end], tokens[start + 1 : end], strict=False):
            if token.type == "heading_open" and token.tag == "h3":
                addresses[anchor_of(inline.content)] = f"/aide/{slug}/{slugify(name)}/#{anchor_of(inline.content)}"
    chapters = [
        _chapter(markdown, name, tokens[start + 3 : end], addresses) for (name, start), end in zip(parts, ends, strict=True)
    ]
    return Guide(slug, title, lead, tuple(chapters))


def _chapter(markdown: MarkdownIt, title: str, tokens: Sequence[Token], addresses: dict[str, str]) -> Chapter:
    sections, words = [(title, "")], [[title]]
    shown = []
    for position, token in enumerate(tokens):
        if token.type in ("heading_open", "heading_close"):
            if token.type == "heading_open":
                name = tokens[position + 1].content
                token.attrSet("id", anchor_of(name))
                sections.append((name, anchor_of(name)))
                words.append([])
            token.tag = f"h{int(token.tag[1]) - 1}"  # the chapter's title is the page's own
        elif token.type == "inline":
            words[-1].append(_said(token))
            for child in token.children or ():
                _point(child, addresses)
                child.content = spaced(child.content)
            token.children = _enlarging(token.children or [])
        shown.append(token)
    html = markdown.renderer.render(_dressed(shown), markdown.options, {})
    parts = tuple(
        Section(name, anchor, plain(" ".join(said))) for (name, anchor), said in zip(sections, words, strict=True)
    )  # fmt: skip
    return Chapter(slugify(title), title, mark_safe(html), parts)  # noqa: S308 -- our own text, whose HTML is not let through


def _enlarging(children: list[Token]) -> list[Token]:
    """Each picture leads to itself alone: on a phone it is read by enlarging it."""
    shown = []
    for child in children:
        if child.type != "image":
            shown.append(child)
            continue
        link, end = Token("link_open", "a", 1), Token("link_close", "a", -1)
        link.attrSet("href", str(child.attrGet("src") or ""))
        shown += [link, child, end]
    return shown


def _said(token: Token) -> str:
    return " ".join(child.content for child in token.children or () if child.content)


def _point(token: Token, addresses: dict[str, str]) -> None:
    """Let links lead to the site's own addresses, and say of pictures how large they are."""
    if token.type == "link_open":
        target = str(token.attrGet("href") or "")
        if target.startswith("#"):
            token.attrSet("href", addresses.get(target[1:], target))
    elif token.type == "image":
        match = PICTURE.fullmatch(str(token.attrGet("src") or ""))
        path = picture(match.group(1)) if match else None
        if match:
            token.attrSet("src", f"/aide/images/{match.group(1)}")
            token.attrSet("loading", "lazy")
        if path:
            with path.open("rb") as file:
                size = file.read(PNG_SIZE.stop)[PNG_SIZE]
            token.attrSet("width", str(int.from_bytes(size[:4], "big")))
            token.attrSet("height", str(int.from_bytes(size[4:], "big")))


def _dressed(tokens: Sequence[Token]) -> list[Token]:
    """Quotations become our messages, tables scroll alone."""
    around: dict[str, str] = {
        "blockquote_open": '<div class="alert alert-info"><div class="alert-body">',
        "blockquote_close": "</div></div>\n",
        "table_open": '<div class="table-wrap" role="region" tabindex="0" aria-label="Tableau"><table class="table">',
        "table_close": "</table></div>\n",
    }
    shown = []
    for token in tokens:
        html = around.get(token.type)
        if html is not None:
            made = Token("html_block", "", 0)
            made.content = html
            shown.append(made)
        else:
            shown.append(token)
    return shown


def pictures_of(text: str) -> list[tuple[str, str]]:
    """The pictures that a guide's Markdown shows: (name, words for those who do not see it)."""
    return [(name, alt) for alt, name in re.findall(r"!\[([^\]]*)\]\(images/([^)]+)\)", text)]
