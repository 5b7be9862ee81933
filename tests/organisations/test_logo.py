"""The logo of an organisation: put by its managers, made anew, seen by everybody, taken away (R9, P11)."""

from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image
from tests.factories import actor, client_of, manager, mission, operator, organisation, tutor, volunteer

from renfort.audit.models import Entry
from renfort.kernel import images
from renfort.kernel.firing import NotAllowed
from renfort.organisations.selectors.logos import logo_path
from renfort.organisations.services.logo import put_logo

pytestmark = pytest.mark.django_db


def drawing(size=(900, 300), kind="PNG", mode="RGB", colour=(10, 20, 200), **saved) -> bytes:
    written = BytesIO()
    Image.new(mode, size, colour).save(written, kind, **saved)
    return written.getvalue()


def own(where) -> str:
    return f"/espace/{where.pk}/structure/"


def send(browser, where, data: bytes, name="logo.png"):
    return browser.post(f"{own(where)}logo/", {"logo": SimpleUploadedFile(name, data, content_type="image/png")})


def said(answer) -> str:
    return answer.content.decode()


def test_a_logo_is_seen_on_the_organisations_page_and_on_its_missions():
    where = organisation(name="Les Colis d'Aquitaine")
    what = mission(where)
    browser = client_of(manager(where))

    assert send(browser, where, drawing()).status_code == 302

    where.refresh_from_db()
    alone = client_of(None)
    for address in (own(where), f"/structures/{where.pk}-les-colis-daquitaine/", what.get_absolute_url()):
        page = said((browser if address == own(where) else alone).get(address))
        assert where.logo_url in page and 'alt="Logo de Les Colis d&#x27;Aquitaine"' in page
    shown = alone.get(where.logo_url)
    assert shown["Content-Type"] == "image/webp" and shown["Cache-Control"].startswith("public")
    with Image.open(BytesIO(shown.content)) as picture:
        assert picture.size == (480, 160), "in its proportions"


def test_a_logo_says_nothing_of_its_file_and_stands_on_white():
    exif = Image.Exif()
    exif[0x0110] = "Secret Camera"
    where = organisation()
    browser = client_of(manager(where))

    send(browser, where, drawing(size=(120, 100), mode="RGBA", colour=(0, 0, 0, 0), exif=exif))

    where.refresh_from_db()
    kept = browser.get(where.logo_url).content
    assert b"Secret" not in kept
    with Image.open(BytesIO(kept)) as shown:
        assert shown.size == (120, 100), "never enlarged"
        assert min(shown.convert("RGB").getpixel((60, 50))) > 250


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', images.NOT_AN_IMAGE),
        (drawing() + b"<script>alert(1)</script>", images.FOREIGN_FILE),
        (drawing(size=(600, 40)), images.TOO_SMALL),
        (b"", "Ce fichier est vide"),
    ],
)
def test_what_is_not_an_image_alone_is_refused_with_a_sentence_and_the_page_stays(data, sentence):
    where = organisation(name="Restos d'ici")
    answer = send(client_of(manager(where)), where, data)

    assert answer.status_code == 422
    assert str(sentence).replace("'", "&#x27;") in said(answer) and "Restos d&#x27;ici" in said(answer)
    where.refresh_from_db()
    assert where.logo == ""


def test_no_file_is_told_so():
    where = organisation()

    answer = client_of(manager(where)).post(f"{own(where)}logo/", {})

    assert answer.status_code == 422 and "Choisissez d&#x27;abord une image." in said(answer)


def test_another_logo_and_none_leave_no_file_behind(django_capture_on_commit_callbacks):
    where = organisation()
    browser, kept = client_of(manager(where)), []
    for colour in ((200, 0, 0), (0, 200, 0)):
        with django_capture_on_commit_callbacks(execute=True):
            send(browser, where, drawing(colour=colour))
        where.refresh_from_db()
        kept.append(where.logo)
    assert kept[0] != kept[1] and not default_storage.exists(logo_path(kept[0]))
    assert browser.get(f"/logos/{kept[0]}.webp").status_code == 404

    with django_capture_on_commit_callbacks(execute=True):
        browser.post(f"{own(where)}logo/", {"retirer": "1"})

    where.refresh_from_db()
    assert (where.logo, where.logo_url) == ("", "") and not default_storage.exists(logo_path(kept[1]))
    assert "Un logo aide les bénévoles" in said(browser.get(own(where)))


def test_only_its_managers_change_it_and_the_history_says_so():
    where = organisation()
    for someone in (tutor(where), manager(), volunteer(), operator()):
        assert send(client_of(someone), where, drawing()).status_code == 404
        with pytest.raises(NotAllowed):
            put_logo(actor=actor(someone), organisation=where, image=b"x")
    boss = manager(where)

    send(client_of(boss), where, drawing())

    entry = Entry.objects.get(verb="organisations.organisation.logo")
    assert (entry.actor_id, entry.object_id, entry.codes) == (boss.pk, where.pk, {"has_logo": True})
    assert "Logo changé" in said(client_of(boss).get(own(where)))


def test_a_logo_leaves_the_form_of_a_colleague_as_it_is():
    where = organisation()
    before = where.version

    send(client_of(manager(where)), where, drawing())

    where.refresh_from_db()
    assert where.version == before and where.logo


def test_who_has_left_shows_no_logo_and_a_lost_file_is_a_404():
    where = organisation()
    send(client_of(manager(where)), where, drawing())
    where.refresh_from_db()
    gone = where.logo_url
    assert client_of(None).get(gone).status_code == 200

    type(where).objects.filter(pk=where.pk).update(left_at=timezone.now())
    assert client_of(None).get(gone).status_code == 404
    type(where).objects.filter(pk=where.pk).update(left_at=None, logo="0" * 32)
    assert client_of(None).get(f"/logos/{'0' * 32}.webp").status_code == 404


def test_logos_are_counted_with_the_pictures():
    where = organisation()
    browser = client_of(manager(where))

    answers = [send(browser, where, b"no").status_code for _ in range(21)]

    assert answers[:20] == [422] * 20 and answers[20] == 429
