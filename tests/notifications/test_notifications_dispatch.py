"""What is written when something is told to people."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.translation import get_language
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.notifications.support import now, recipient_of, simple_mail

from renfort.kernel import clock
from renfort.kernel.actors import SERVICE
from renfort.kernel.events import Event, publish
from renfort.kernel.messages import Mail, Recipient
from renfort.notifications.dispatch import DELIVER, absolute, enqueue, one_line, render
from renfort.notifications.models import Notice, Outgoing


@pytest.mark.django_db
def test_one_email_and_one_notice_per_reader(person, message, tell):
    one, two = person("Ana"), person("Bo")

    event = tell(one, message(recipient_of(one), recipient_of(two), recipient_of(one)))

    rows = list(Outgoing.objects.order_by("id"))
    assert [row.address for row in rows] == [one.email, two.email]
    assert [row.person_id for row in rows] == [one.pk, two.pk]
    assert all(row.sent_at is None and row.next_try_at is not None for row in rows)
    notices = Notice.objects.order_by("id")
    assert [(n.person_id, n.subject, n.url, n.at) for n in notices] == [
        (one.pk, "Votre candidature est acceptée", "/espace/missions/12/", event.at),
        (two.pk, "Votre candidature est acceptée", "/espace/missions/12/", event.at),
    ]


@pytest.mark.django_db
def test_the_same_event_heard_twice_is_told_once(person, message, tell):
    someone = person()
    event = tell(someone, message(recipient_of(someone)))

    enqueue(event)
    tell(someone, *event.tells)  # another event of the same name is told again

    assert Outgoing.objects.count() == Notice.objects.count() == 2
    assert len(set(Outgoing.objects.values_list("message_id", flat=True))) == 2


@pytest.mark.django_db
def test_two_messages_of_one_event_are_two_emails(person, message, tell):
    someone = person()

    tell(someone, message(recipient_of(someone)), message(recipient_of(someone), notice=False))

    assert Outgoing.objects.count() == 2
    assert Notice.objects.count() == 1


@pytest.mark.django_db
def test_who_shares_an_address_gets_an_email_each(person, message, tell):
    one, two = person("Ana", account=False), person("Bo", account=False)

    tell(one, message(recipient_of(one, address="famille@example.org"), recipient_of(two, address="famille@example.org")))

    assert list(Outgoing.objects.values_list("name", flat=True).order_by("id")) == ["Ana Martin", "Bo Martin"]


@pytest.mark.django_db
def test_only_an_account_has_a_bell_and_a_secret_is_never_behind_it(person, message, tell):
    without, known = person(account=False), person()

    tell(without, message(recipient_of(without), Recipient("inconnue@example.org")))
    tell(known, message(recipient_of(known), mail=lambda e, r: Mail("Mot de passe", ("…",), secret=True)))

    assert Notice.objects.count() == 0
    assert Outgoing.objects.filter(secret=True).count() == 1
    assert Outgoing.objects.count() == 3


@pytest.mark.django_db
def test_each_reader_is_written_to_in_their_language(person, message, tell):
    seen = []

    def mail(event, recipient):
        seen.append(get_language())
        return simple_mail(event, recipient)

    readers = [recipient_of(person(language=language), language=language) for language in ("en", "fr", "xx")]
    with translation.override("en"):
        tell(person(), message(*readers, mail=mail))
        assert get_language() == "en"

    assert seen == ["en", "fr", "fr"]
    assert list(Outgoing.objects.values_list("language", flat=True).order_by("id")) == ["en", "fr", "fr"]


@pytest.mark.django_db
def test_a_reader_without_usable_address_is_left_visible(person, message, tell):
    someone = person()
    bad = ["", "  ", "pas une adresse", "a@b\nBcc: tous@example.org"]

    tell(someone, message(*[recipient_of(person(), address=address) for address in bad]))

    rows = list(Outgoing.objects.order_by("id"))
    assert [row.state for row in rows] == ["failed"] * 4
    assert all(row.error for row in rows)
    assert rows[3].address == "a@b Bcc: tous@example.org"
    assert Notice.objects.count() == 4


@pytest.mark.django_db(transaction=False)
def test_a_message_that_cannot_be_built_fails_what_happened(person, message, tell):
    someone = person()

    def broken(event, recipient):
        raise KeyError("oups")

    with pytest.raises(KeyError):
        tell(someone, message(recipient_of(someone), mail=broken))
    with pytest.raises(ValueError, match="outside the site"):
        tell(someone, message(recipient_of(someone), mail=lambda e, r: Mail("x", (), action=("Là", "//evil.example/"))))

    assert Outgoing.objects.count() == 0


@pytest.mark.django_db
def test_headers_cannot_be_injected(person, message, tell):
    someone = person()
    mail = Mail(subject="Bonjour\r\nBcc: tous@example.org\u2028\u202efin\x00" + "é" * 400, sentences=("x",))
    reader = recipient_of(someone, name='Zoé "Z"\r\nX-Evil: 1, <a@b.c>')

    tell(someone, message(reader, mail=lambda e, r: mail))

    row = Outgoing.objects.get()
    assert row.subject.startswith("Bonjour Bcc: tous@example.org fin éé"), row.subject
    assert len(row.subject) == 250
    assert row.name == 'Zoé "Z" X-Evil: 1, <a@b.c>'
    assert "\n" not in Notice.objects.get().subject


@pytest.mark.django_db
def test_five_hundred_readers_cost_a_handful_of_queries(person, message, tell):
    someone = person()
    event = Event(name="tests.cancel", obj=someone, actor=SERVICE, at=now())
    readers = [Recipient(f"n{i}@example.org", f"N {i}", "fr") for i in range(500)]
    event = Event(name=event.name, obj=someone, actor=SERVICE, at=event.at, tells=(message(recipient_of(someone), *readers),))

    with CaptureQueriesContext(
        connection,
    ) as queries:
        enqueue(event)

    assert Outgoing.objects.count() == 501
    assert len(queries) <= 6, [q["sql"][:80] for q in queries]


def test_text_and_html_say_the_same(settings):
    settings.BASE_URL = "https://renfort.example"
    letter = render(simple_mail(None, None), Recipient("a@example.org", "Zoé"), programme="reserve")

    for part in (letter.text, letter.html):
        assert "https://renfort.example/espace/missions/12/" in part
        assert "Voir ma mission" in part
        assert "Zoé" in part
        assert "Réserve civique" in part
    assert "L'équipe « Les amis & Cie » vous attend." in letter.text
    assert "À bientôt <3" in letter.text
    assert "À bientôt &lt;3" in letter.html
    assert len(letter.html.encode()) <= 60_000


@pytest.mark.parametrize("url", ["https://ailleurs.example/", "//ailleurs.example", "javascript:alert(1)"])
def test_an_email_leads_nowhere_else(url):
    with pytest.raises(ValueError, match="outside"):
        absolute(url)


def test_a_line_is_one_line():
    assert one_line(" a\r\n b\tc ", most=50) == "a b c"
    assert one_line("abcdef", most=4) == "abc…"


# ── the doorbell ──────────────────────────────────────────────────────────────────────────────────
def jobs():
    return ProcrastinateJob.objects.filter(task_name=DELIVER, status="todo")


def test_the_doorbell_rings_once_after_the_commit(own_database, person, message, tell):
    someone = person()

    tell(someone, message(recipient_of(someone)))
    assert jobs().count() == 1
    tell(someone, message(recipient_of(someone)))

    assert jobs().count() == 1


def test_a_rolled_back_event_leaves_nothing(own_database, person, message):
    from django.db import transaction

    someone = person()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        publish("tests.thing.happen", someone, actor=SERVICE, tells=(message(recipient_of(someone)),))
        assert Outgoing.objects.count() == 1
        raise ZeroDivisionError

    assert Outgoing.objects.count() == Notice.objects.count() == jobs().count() == 0


def test_a_broken_doorbell_loses_nothing(own_database, write, monkeypatch, caplog):
    monkeypatch.setattr(clock.app, "configure_task", lambda name: 1 / 0, raising=False)

    write()

    assert Outgoing.objects.count() == 1
    assert "could not be called" in caplog.text
