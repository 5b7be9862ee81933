"""« Vérifier un document »: anybody who holds a paper may ask whether it is genuine (P5)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control

from renfort.documents.forms import CodeForm, FileForm
from renfort.documents.selectors import Verdict, digest_of, paper_of_code, typed_code, verdict_of
from renfort.jobs.catalogue import VERIFY, VERIFY_FILE
from renfort.jobs.middleware import give_back_all, refused, told, too_late, too_many
from renfort.kernel.papers import PAPERS

UNPROCESSABLE, NOT_FOUND = 422, 404


def _unlisted(response: HttpResponse) -> HttpResponse:
    """Search engines keep no trace of who holds which paper; no cache gives an old verdict."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    patch_cache_control(response, private=True, no_store=True)
    return response


def ask(request: HttpRequest) -> HttpResponse:
    """Type a code by hand; leads to the paper's page."""
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_bound and form.is_valid():
        code = form.cleaned_data["code"]
        return redirect(reverse("documents:verify", args=["-".join(code[i : i + 4] for i in range(0, len(code), 4))]))
    status = UNPROCESSABLE if form.is_bound else 200
    return _unlisted(render(request, "documents/ask.html", {"form": form}, status=status))


def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Genuine, changed, replaced, void or unknown; and whether a file is the one that was given.

    Only what is not found counts against the limit, so that a whole town hall may verify real papers all day.
    """
    if (refusal := refused(request, VERIFY)) is not None:
        return _unlisted(too_many(request, refusal))
    paper = paper_of_code(code)
    if paper is None:
        context = {"form": CodeForm(initial={"code": code[:60]}), "is_code": bool(typed_code(code))}
        return _unlisted(render(request, "documents/unknown.html", context, status=NOT_FOUND))
    give_back_all(request, VERIFY)
    verdict = verdict_of(paper)
    if request.method != "POST":
        return _page(request, verdict, FileForm())
    form = FileForm(request.POST, request.FILES)
    if (refusal := refused(request, VERIFY_FILE)) is not None:
        told(form, refusal)
        return too_late(_page(request, verdict, form), refusal)
    if not form.is_valid():
        return _page(request, verdict, form, status=UNPROCESSABLE)
    same = digest_of(form.cleaned_data["file"].read()) == paper.digest
    return _page(request, verdict, FileForm(), compared="same" if same else "other")


def _page(request: HttpRequest, verdict: Verdict, form: FileForm, *, compared: str = "", status: int = 200) -> HttpResponse:
    context = {
        "verdict": verdict,
        "paper": verdict.paper,
        "label": PAPERS[verdict.paper.kind].label,
        "form": form,
        "compared": compared,
    }
    return _unlisted(render(request, "documents/verify.html", context, status=status))
