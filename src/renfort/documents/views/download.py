"""One's own papers: the file as it was given."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from renfort.documents.enums import PaperState
from renfort.documents.selectors import papers_visible, typed_code
from renfort.kernel.http import Request
from renfort.kernel.papers import PAPERS

CONFLICT = 409


@login_required
@require_safe
def download(request: Request, code: str) -> HttpResponseBase:
    """The PDF, for its holder and the managers of its organisation; what stands no longer is not handed out again (409)."""
    paper = papers_visible(request.actor).filter(code=typed_code(code)).first()
    if paper is None:
        raise Http404
    if paper.state != PaperState.VALID:
        return render(request, "documents/ended.html", {"paper": paper}, status=CONFLICT)
    try:
        opened = paper.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    name = f"{slugify(str(PAPERS[paper.kind].label))}-{paper.written_code}.pdf"
    response = FileResponse(opened, as_attachment=True, filename=name, content_type="application/pdf")
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
