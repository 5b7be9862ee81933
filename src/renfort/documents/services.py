"""Write a paper, replace it, declare it void (P5). See docs/adr/0019-documents.md."""

from __future__ import annotations

import io
import json
import secrets
import unicodedata
from bisect import bisect_right
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import segno
import typst
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from renfort.documents.enums import PaperState
from renfort.documents.models import Paper
from renfort.documents.selectors import ALPHABET, CODE_LENGTH, digest_of, valid_paper
from renfort.documents.workflow import PAPER
from renfort.kernel.actors import SERVICE, Actor
from renfort.kernel.events import publish
from renfort.kernel.firing import Refused, Stale, fire
from renfort.kernel.papers import PAPERS, PaperKind, Sheet
from renfort.organisations.enums import Programme
from renfort.organisations.models import Organisation
from renfort.organisations.services.moves import Fate, Joining, register
from renfort.parameters.selectors import site_name
from renfort.people.models import Person

HERE = Path(__file__).resolve().parent
LAYOUT = HERE / "typst" / "sheet.typ"
INVOICE = HERE / "typst" / "invoice.typ"
LOGO = HERE.parent / "kernel" / "static" / "renfort" / "logo.svg"
INK = "#14264a"
UNPRINTABLE = "\u25a1"  # □ where no font has the sign
DRAWN = ("logo", "qr", "drawing")  # keys whose values are SVG, made here or checked when they came
REGIONS = {"fr": "FR", "en": "GB"}


def issue(
    *, actor: Actor, kind: PaperKind, subject: int, series: str, person: Person | None, facts: Mapping[str, Any],
    organisation: Organisation | None = None,
) -> Paper:  # fmt: skip
    """Give a paper, in the language in force. Who may is the caller's to say.

    The paper of the series that is valid and says the same is given again; one that says something else is replaced.

    Returns the paper; its file is kept as written, so that its digest can be checked for ever.
    """
    language = (translation.get_language() or "fr")[:2]
    series = f"{series}:{language}"
    for _attempt in range(2):
        try:
            with transaction.atomic():
                return _issue(
                    actor=actor, kind=kind, subject=subject, series=series, person=person, facts=facts,
                    organisation=organisation, language=language,
                )  # fmt: skip
        except IntegrityError:
            continue  # a second click came first: its paper is the one
        except Stale:
            continue
    raise Refused(_("Le document vient d'être établi ailleurs. Rechargez la page."))


def _issue(
    *, actor: Actor, kind: PaperKind, subject: int, series: str, person: Person | None, facts: Mapping[str, Any],
    organisation: Organisation | None, language: str,
) -> Paper:  # fmt: skip
    facts = json.loads(json.dumps(dict(facts)))  # as the database will give them back
    current = valid_paper(kind.key, series)
    if current is not None and current.facts == facts:
        return current
    if current is not None:
        fire(PAPER, current, "replace", actor=SERVICE)
    code = "".join(secrets.choice(ALPHABET) for _place in range(CODE_LENGTH))
    paper = Paper(
        kind=kind.key, code=code, series=series, subject=subject, person=person, organisation=organisation, language=language,
        facts=facts, issued_at=timezone.now(), issued_by_id=actor.person_id,
    )  # fmt: skip
    content = write_pdf(paper, kind)
    paper.digest, paper.size = digest_of(content), len(content)
    name = uuid4().hex  # unguessable, and says nothing of whom it is about
    paper.file.save(f"{name[:2]}/{name}.pdf", ContentFile(content), save=False)
    try:
        with transaction.atomic():
            paper.save()
            publish("documents.paper.issue", paper, actor=actor, after=paper.state, codes={"kind": kind.key, "subject": subject})
    except BaseException:
        paper.file.storage.delete(paper.file.name)  # a file that no row knows would lie there for ever
        raise
    return paper


def revoke_those_of(kind: PaperKind, subject: int, *, reason: str) -> int:
    """Declare void the valid papers of a kind about one object; returns how many. Called in the transaction that voids them."""
    papers = Paper.objects.filter(kind=kind.key, subject=subject, state=PaperState.VALID)
    for paper in papers:
        fire(PAPER, paper, "revoke", actor=SERVICE, answers={"reason": reason})
    return len(papers)


KEPT = timedelta(days=30)


def forget_ended_files(now: datetime) -> int:
    """Remove the files of papers that were replaced or void more than 30 days ago; returns how many. Called by the clock.

    Nobody is handed them any more; the row answers for ever, and its digest still tells a copy from a forgery (P10).
    """
    ended = Paper.objects.exclude(state=PaperState.VALID).exclude(file="").filter(ended_at__lt=now - KEPT)
    count = 0
    for paper in ended.iterator(chunk_size=200):
        paper.file.storage.delete(paper.file.name)
        Paper.objects.filter(pk=paper.pk).update(file="")
        count += 1
    return count


# ── the PDF ───────────────────────────────────────────────────────────────────────────────────────
def write_pdf(paper: Paper, kind: PaperKind | None = None) -> bytes:
    """The PDF/UA-1 of a paper: about 15 ms, no network, no font but ours, and nothing of the facts in typst's source."""
    kind = kind or PAPERS[paper.kind]
    with translation.override(paper.language):
        data = _printable(_data(paper, kind, kind.sheet(paper.facts)))
    return typeset(LAYOUT, data, standard="ua-1", at=paper.issued_at)


def typeset(layout: Path, data: Mapping[str, Any], *, standard: str, at: datetime) -> bytes:
    """A PDF of ``data`` by one of our layouts, to a standard of typst (« ua-1 », « a-3a »); texts must be ``printable``."""
    written = typst.compile(
        str(layout),
        root=str(HERE),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data)},
        pdf_standards=[standard],  # type: ignore[list-item]  # typst names them one by one
        timestamp=int(at.timestamp()),
    )
    if not isinstance(written, bytes):
        raise TypeError("typst gave no PDF")
    return written


def print_sheet(layout: Path, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """A PDF/UA-1 of another layout than the papers': a list to sign, say, that nobody is given and nothing verifies.

    ``layout`` reads ``data`` as JSON in ``sys.inputs``; values under a key of ``DRAWN`` are SVG, all others are made printable.
    """
    written = typst.compile(
        str(layout),
        root=str(layout.parent),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(_fit({**data, "logo": LOGO.read_text(encoding="utf-8")}))},
        pdf_standards=["ua-1"],
        timestamp=int(at.timestamp()),
    )
    if not isinstance(written, bytes):
        raise TypeError("typst gave no PDF")
    return written


def _data(paper: Paper, kind: PaperKind, sheet: Sheet) -> dict[str, Any]:
    """All that the layout writes. Texts that are not the sheet's are the same on every paper."""
    day = timezone.localtime(paper.issued_at)
    url = settings.BASE_URL + paper.verify_path
    return {
        "lang": paper.language,
        "region": REGIONS.get(paper.language, "FR"),
        "title": sheet.title,
        "author": site_name(),
        "year": day.year,
        "month": day.month,
        "day": day.day,
        "site": site_name(),
        "programme": str(Programme(kind.programme).label),
        "lead": sheet.lead,
        "name": sheet.name,
        "sentences": list(sheet.sentences),
        "facts": [[label, value] for label, value in sheet.facts if value],
        "table": sheet.table,
        "columns": list(sheet.columns),
        "widths": list(sheet.widths),
        "rows": [list(row) for row in sheet.rows],
        "total": list(sheet.total),
        "closing": sheet.closing,
        "issued": _("Établi le %(day)s.") % {"day": date_format(day.date(), "DATE_FORMAT")},
        "footer": f"{sheet.title} · {paper.written_code}",
        "check_title": _("Vérifier ce document"),
        "check": _("Lisez le code QR, ou ouvrez cette adresse : la page dit si le document est authentique et vaut encore."),
        "alt": _("Code QR qui mène à la page de vérification de ce document"),
        "url": url,
        "code": paper.written_code,
        "logo": LOGO.read_text(encoding="utf-8"),
        "qr": _qr(url),
    }


def _qr(url: str) -> str:
    drawn = io.BytesIO()
    segno.make(url, error="m", micro=False).save(drawn, kind="svg", border=0, dark=INK, xmldecl=False)
    return drawn.getvalue().decode()


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(HERE / "fonts")])


@cache
def _coverage() -> tuple[list[int], list[int]]:
    """The first and last signs of each stretch that our fonts can print (tools/make_paper_fonts.py)."""
    lines = (HERE / "fonts" / "coverage.txt").read_text(encoding="ascii").split("\n")
    pairs = [line.split() for line in lines if line]
    return [int(first, 16) for first, _last in pairs], [int(last, 16) for _first, last in pairs]


def write_invoice(words: Mapping[str, Any], *, at: datetime) -> bytes:
    """The PDF/A-3 of an invoice, whose data are put into it afterwards. ``words``: what the layout writes, in words."""
    data = {**_printable(words), "logo": LOGO.read_text(encoding="utf-8"), "site": printable(site_name())}
    return typeset(INVOICE, data, standard="a-3a", at=at)


def _printable(value: Any) -> Any:
    return _fit(value)


def _fit(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: each if key in DRAWN else _fit(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_fit(each) for each in value]
    if isinstance(value, dict):
        return {key: _fit(each) for key, each in value.items()}
    return printable(value) if isinstance(value, str) else value


def printable(text: str) -> str:
    """A text that our fonts can print: PDF/UA forbids a sign without a glyph.

    Control and direction-changing signs and emoji go; a letter of a script that we have no font for (Chinese, say) becomes « □ ».
    The public page still shows the text as it is.
    """
    firsts, lasts = _coverage()
    out = []
    for character in unicodedata.normalize("NFC", text):
        category = unicodedata.category(character)
        place = bisect_right(firsts, ord(character)) - 1
        if character.isspace():
            out.append(character if character in " \u00a0\u202f" else " ")
        elif category in ("Cc", "Cf", "Cs", "Co", "So", "Sk") and (category != "So" or ord(character) > 0x2000):  # noqa: PLR2004 -- « ° » stays
            continue
        elif place >= 0 and ord(character) <= lasts[place]:
            out.append(character)
        else:
            out.append(UNPRINTABLE)
    return "".join(out)


# ── two organisations become one (R55) ────────────────────────────────────────────────────────────
def _hand_over(joining: Joining) -> None:
    """The managers of the one that stays find the papers; what a paper says, and its file, never change."""
    Paper.objects.filter(organisation=joining.absorbed).update(organisation=joining.kept)


register("documents", [Fate(fields=("documents.paper.organisation",), why="go as they are: only who may read", move=_hand_over)])
