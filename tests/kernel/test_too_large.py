"""P11, bad input: what is too large is answered 413 with a page, never 400 without a word nor a failure."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
PAGE = "/connexion/"


def said(answer) -> str:
    return answer.content.decode()


@pytest.mark.parametrize("checked", [True, False])
def test_a_form_too_long_is_told_so(settings, checked):
    long = "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    browser = Client(enforce_csrf_checks=checked)
    browser.get(PAGE)
    answer = browser.post(PAGE, f"email={long}", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413
    assert "trop long pour être reçu" in said(answer)
    assert "<title>" in said(answer) and "Renfort" in said(answer), "the site is around it"


def test_a_form_with_too_many_fields_is_told_so(client, settings):
    fields = {f"f{number}": "x" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
    answer = client.post(PAGE, fields)
    assert (answer.status_code, "trop de champs" in said(answer)) == (413, True)


def test_a_file_where_none_is_asked_is_no_failure(client):
    from django.core.files.uploadedfile import SimpleUploadedFile

    assert client.post(PAGE, {"email": SimpleUploadedFile("a.txt", b"x" * 3_000_000)}).status_code in (413, 422)


def test_a_request_that_makes_no_sense_is_400_with_a_page(client):
    answer = client.post("/langue/", {"language": "xx"})
    assert (answer.status_code, "n’a pas été comprise" in said(answer)) == (400, True)


def test_a_host_that_is_not_ours_is_400_with_a_page(client, settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    answer = client.get(PAGE, headers={"host": "pirate.example"})
    assert answer.status_code == 400
    assert "pirate" not in said(answer)
