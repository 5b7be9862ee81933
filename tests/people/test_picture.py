"""A picture of oneself: pixels alone, for those who may see (R7, R37, P11)."""

import struct
import zlib
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image
from tests.factories import actor, client_of, manager, mission, operator, organisation, participation, volunteer

from renfort.audit.models import Entry
from renfort.kernel import images as rules
from renfort.kernel.firing import fire
from renfort.missions.models import Participation
from renfort.missions.workflow import PARTICIPATION
from renfort.people.forms.picture import renditions
from renfort.people.models import Person
from renfort.people.selectors import picture_path

pytestmark = pytest.mark.django_db
PAGE, SEND = "/espace/profil/", "/espace/profil/photo/"


def photo(size=(300, 200), kind="JPEG", colour=(200, 30, 30), **saved) -> bytes:
    written = BytesIO()
    Image.new("RGB", size, colour).save(written, kind, **saved)
    return written.getvalue()


def send(browser, data: bytes, name="moi.jpg"):
    return browser.post(SEND, {"picture": SimpleUploadedFile(name, data, content_type="image/jpeg")})


def said(answer) -> str:
    return answer.content.decode()


def png_that_says(width: int, height: int) -> bytes:
    """A small file that claims to be huge."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_replaces_the_initials(kind):
    me = volunteer()
    browser = client_of(me)
    assert me.initials in said(browser.get(PAGE)) and me.picture_small == ""

    assert send(browser, photo(kind=kind)).status_code == 302

    me.refresh_from_db()
    assert me.picture_small in said(browser.get(PAGE)), "in the header"
    assert me.picture_large in said(browser.get(PAGE)), "on the page"
    for address, side in ((me.picture_small, 64), (me.picture_large, 256)):
        answer = browser.get(address)
        assert answer["Content-Type"] == "image/webp" and answer["Cache-Control"].startswith("private")
        with Image.open(BytesIO(answer.content)) as shown:
            assert shown.size == (side, side)


def test_what_the_camera_wrote_about_the_place_is_gone():
    me = volunteer()
    exif = Image.Exif()
    exif[0x0110] = "Secret Camera"
    exif.get_ifd(0x8825)[2] = (44.0, 50.0, 0.0)  # GPS latitude
    browser = client_of(me)

    send(browser, photo(exif=exif, comment=b"chez moi"))

    me.refresh_from_db()
    kept = browser.get(me.picture_large).content
    assert b"Secret" not in kept and b"chez moi" not in kept
    with Image.open(BytesIO(kept)) as shown:
        assert not dict(shown.getexif()) and not {"exif", "icc_profile", "xmp", "comment"} & set(shown.info)


def test_a_photo_taken_sideways_stands_upright():
    """The upper half is red once the camera's note is obeyed."""
    raw = Image.new("RGB", (200, 200), "blue")
    raw.paste("red", (0, 0, 100, 200))  # red on the left, to be turned clockwise
    exif = Image.Exif()
    exif[0x0112] = 6
    written = BytesIO()
    raw.save(written, "JPEG", exif=exif)

    made = renditions(SimpleUploadedFile("x.jpg", written.getvalue()))

    with Image.open(BytesIO(made[256])) as shown:
        red, _green, blue = shown.convert("RGB").getpixel((128, 30))
    assert red > 150 > blue


def test_a_transparent_picture_stands_on_white():
    written = BytesIO()
    Image.new("RGBA", (100, 100), (0, 0, 0, 0)).save(written, "PNG")

    made = renditions(SimpleUploadedFile("x.png", written.getvalue()))

    with Image.open(BytesIO(made[64])) as shown:
        assert min(shown.convert("RGB").getpixel((32, 32))) > 250


def zipped() -> bytes:
    written = BytesIO()
    with ZipFile(written, "w") as archive:
        archive.writestr("a.txt", "x")
    return written.getvalue()


HOSTILE = {
    "an SVG": (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', rules.NOT_AN_IMAGE),
    "a page": (b"<!doctype html><title>x</title>", rules.NOT_AN_IMAGE),
    "a GIF that is a script": (b"GIF89a/*" + b"x" * 100 + b"*/=1;alert(1)", rules.NOT_AN_IMAGE),
    "an animated GIF": (photo(kind="GIF"), rules.NOT_AN_IMAGE),
    "text": (b"bonjour", rules.NOT_AN_IMAGE),
    "half a photo": (photo(size=(800, 800))[:2000], rules.NOT_AN_IMAGE),
    "a photo and an archive": (photo() + zipped(), rules.FOREIGN_FILE),
    "a photo and a page": (photo() + b"<SCRIPT>alert(1)</SCRIPT>", rules.FOREIGN_FILE),
    "a photo and a program": (photo(comment=b"<?php system($_GET[0]);"), rules.FOREIGN_FILE),
    "a photo and a PDF": (photo() + b"%PDF-1.7", rules.FOREIGN_FILE),
    "a bomb": (png_that_says(6000, 6000), rules.TOO_MANY_PIXELS),
    "a larger bomb": (png_that_says(60_000, 60_000), rules.TOO_MANY_PIXELS),
    "a bomb that the reader only warns of": (png_that_says(10_000, 10_000), rules.TOO_MANY_PIXELS),
    "a speck": (photo(size=(63, 400)), rules.TOO_SMALL),
    "nothing": (b"", "Ce fichier est vide"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_not_a_photo_alone_is_refused_with_a_sentence(name):
    data, sentence = HOSTILE[name]
    me = volunteer()

    answer = send(client_of(me), data)

    assert answer.status_code == 422
    assert str(sentence).replace("'", "&#x27;") in said(answer)
    me.refresh_from_db()
    assert me.picture == ""


def test_no_file_and_too_long_a_name_are_told_so():
    browser = client_of(volunteer())

    assert "Choisissez d&#x27;abord une photo" in said(browser.post(SEND, {}))
    assert (
        "pouvez" not in said(browser.post(SEND, {"picture": "text"})) and browser.post(SEND, {"picture": "x"}).status_code == 422
    )


def test_a_photo_too_heavy_is_told_so(monkeypatch):
    monkeypatch.setattr(rules, "MOST_BYTES", 500)

    answer = send(client_of(volunteer()), photo())

    assert (answer.status_code == 422 and "10\xa0Mo" in said(answer)) or "10 Mo au plus" in said(answer)


def test_a_request_without_measure_is_not_even_received(settings):
    settings.UPLOAD_MAX_SIZE = 1000

    answer = send(client_of(volunteer()), photo(size=(2000, 2000)))

    assert answer.status_code == 413 and "<title>" in said(answer)


def test_another_photo_and_none_leave_no_file_behind(django_capture_on_commit_callbacks):
    me = volunteer()
    browser = client_of(me)
    with django_capture_on_commit_callbacks(execute=True):
        send(browser, photo())
    me.refresh_from_db()
    first = me.picture
    with django_capture_on_commit_callbacks(execute=True):
        send(browser, photo(colour=(0, 200, 0)))
    me.refresh_from_db()
    second = me.picture

    assert first != second and not default_storage.exists(picture_path(first, 64))
    assert browser.get(f"/photos/{first}-64.webp").status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(SEND, {"retirer": "1"})
    me.refresh_from_db()
    assert me.picture == "" and not default_storage.exists(picture_path(second, 256))
    assert me.initials in said(browser.get(PAGE))


def test_the_history_says_that_the_picture_changed_not_what_it_shows():
    me = volunteer()
    send(client_of(me), photo())

    entry = Entry.objects.get(verb="people.person.picture")
    assert (entry.actor_id, entry.object_id, entry.codes) == (me.pk, me.pk, {"has_picture": True})


def test_the_picture_is_seen_by_the_person_the_team_and_the_organisation_applied_to():
    where = organisation()
    host, helper = manager(where), volunteer()
    taken = participation(mission(where), helper, state="accepted")
    send(client_of(helper), photo())
    send(client_of(host), photo())
    helper.refresh_from_db()
    host.refresh_from_db()
    colleague = manager(where)

    def sees(who, whose):
        return client_of(who).get(whose.picture_small).status_code

    assert (sees(helper, helper), sees(host, helper), sees(colleague, host)) == (200, 200, 200)
    assert (sees(volunteer(), helper), sees(manager(), helper), sees(operator(), helper)) == (404, 404, 404)
    assert sees(helper, host) == 404, "a volunteer sees the contact that the mission gives, not the team's pictures"
    assert client_of(None).get(helper.picture_small).status_code == 302

    fire(PARTICIPATION, taken, "withdraw", actor=actor(helper), answers={"reason": "not_available"})
    assert sees(host, helper) == 200, "thirty days more"
    Participation.objects.filter(pk=taken.pk).update(closed_at=timezone.now() - timedelta(days=40))
    assert sees(host, helper) == 404


def test_a_browser_that_has_it_is_told_that_nothing_changed():
    me = volunteer()
    browser = client_of(me)
    send(browser, photo())
    me.refresh_from_db()

    first = browser.get(me.picture_small)
    assert browser.get(me.picture_small, headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert "Cookie" in first["Vary"]


def test_a_picture_whose_file_is_lost_is_a_404_not_a_failure():
    me = volunteer()
    Person.objects.filter(pk=me.pk).update(picture="0" * 32)

    assert client_of(me).get(f"/photos/{'0' * 32}-64.webp").status_code == 404


def test_uploads_are_counted():
    browser = client_of(volunteer())
    answers = [send(browser, b"no").status_code for _ in range(21)]

    assert answers[:20] == [422] * 20 and answers[20] == 429
