"""The bell, the mailbox, the operator's e-mails."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.notifications.support import now, recipient_of, simple_mail

from renfort.audit.models import Entry
from renfort.kernel.actors import SERVICE
from renfort.kernel.events import Event
from renfort.kernel.messages import MESSAGES, Mail
from renfort.notifications.enums import Failure
from renfort.notifications.models import Notice, Outgoing
from renfort.notifications.selectors import unread_count
from renfort.organisations.enums import Programme, Role
from renfort.organisations.services import give_role
from renfort.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def sign_in(client):
    def as_person(person):
        client.force_login(person.account)
        return client

    return as_person


@pytest.fixture
def operator(person, sign_in):
    someone = person("Olga")
    give_role(actor=SERVICE, person=someone, programme=Programme.PLATFORM, role=Role.OPERATOR)
    return sign_in(someone)


def page(client, name, *args, status=200, **query):
    response = client.get(reverse(f"notifications:{name}", args=args), query)
    assert response.status_code == status
    return response


# ── the bell ──────────────────────────────────────────────────────────────────────────────────────
def test_one_sees_and_opens_ones_own_notices_alone(person, message, tell, sign_in):
    me, other = person("Moi"), person("Autre")
    tell(me, message(recipient_of(me), recipient_of(other)))
    mine, theirs = Notice.objects.get(person=me), Notice.objects.get(person=other)
    client = sign_in(me)

    html = page(client, "list").content.decode()
    assert reverse("notifications:open", args=[mine.pk]) in html
    assert reverse("notifications:open", args=[theirs.pk]) not in html
    page(client, "open", theirs.pk, status=404)
    response = page(client, "open", mine.pk, status=302)

    assert response.url == "/espace/missions/12/"
    assert (unread_count(me.pk), unread_count(other.pk)) == (0, 1)
    first = Notice.objects.get(pk=mine.pk).read_at
    page(client, "open", mine.pk, status=302)
    assert Notice.objects.get(pk=mine.pk).read_at == first


def test_a_notice_never_leads_outside(person, message, tell, sign_in):
    me = person()
    tell(me, message(recipient_of(me)))
    for url in ("//evil.example/", "https://evil.example/", "", "javascript:alert(1)"):
        Notice.objects.update(url=url)
        assert page(sign_in(me), "open", Notice.objects.get().pk, status=302).url == reverse("notifications:list")


def test_unread_come_first_and_all_are_read_up_to_what_was_seen(person, message, tell, sign_in):
    me = person()
    for _ in range(3):
        tell(me, message(recipient_of(me)))
    old, middle, new = Notice.objects.order_by("id")
    Notice.objects.filter(pk=new.pk).update(read_at=now())
    client = sign_in(me)

    assert [n.pk for n in page(client, "list").context["page"]] == [middle.pk, old.pk, new.pk]
    client.post(reverse("notifications:read-all"), {"newest": old.pk})
    assert unread_count(me.pk) == 1
    client.post(reverse("notifications:read-all"), {"newest": "9" * 40})
    assert unread_count(me.pk) == 1
    assert client.get(reverse("notifications:read-all")).status_code == 405
    client.post(reverse("notifications:read-all"), {"newest": new.pk})
    assert unread_count(me.pk) == 0


def test_the_bell_counts_with_one_query_by_index(person, message, tell, django_assert_num_queries):
    me = person()
    tell(me, message(recipient_of(me)))

    with django_assert_num_queries(1):
        assert unread_count(me.pk) == 1
    with django_assert_num_queries(0):
        assert unread_count(None) == 0
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = Notice.objects.filter(person_id=me.pk, read_at=None).explain()
    assert "notifications_notice_" in plan


# ── the mailbox ───────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("demo_kept", "outcome"),
    [((True, True), (200, True)), ((True, False), (200, True)), ((False, True), (200, False)), ((False, False), (404, False))],
)
def test_the_mailbox_of_a_typed_address_opens_in_a_demonstration_alone(client, settings, write, demo_kept, outcome):
    settings.DEMO, settings.MAIL_IS_KEPT = demo_kept
    session = client.session
    session["mailbox"] = write().address.upper()
    session.save()

    response = client.get(reverse("notifications:mailbox"))

    assert (response.status_code, b"Votre candidature est accept" in response.content) == outcome


def test_ones_mailbox_shows_ones_emails_with_their_link(settings, person, message, tell, sign_in):
    settings.MAIL_IS_KEPT = True
    me, other = person("Moi"), person("Autre")
    mail = Mail("Secret", ("<b>x</b>",), action=("Aller", "/a/?b=1&c=2"), secret=True)
    tell(me, message(recipient_of(me), mail=lambda e, r: mail))
    tell(me, message(recipient_of(other)))

    html = page(sign_in(me), "mailbox").content.decode()

    assert 'href="/a/?b=1&amp;c=2"' in html
    assert "&lt;b&gt;x&lt;/b&gt;" in html
    assert other.email not in html


# ── the operator ──────────────────────────────────────────────────────────────────────────────────
def operator_urls(row, key):
    names = [("outgoing-list",), ("outgoing-detail", row), ("outgoing-html", row), ("message-list",)]
    return [*names, ("message-detail", key), ("message-html", key, "fr")]


def test_the_operator_alone_reads_emails(person, message, tell, sign_in, client):
    me = person()
    told = message(recipient_of(me), sample=lambda: Event(name="x", obj=Person(pk=1), actor=SERVICE, at=now()))
    tell(me, told)
    row = Outgoing.objects.get()

    for url in operator_urls(row.pk, told.key):
        assert page(client, *url, status=302).url.startswith(reverse("people:sign-in"))
    sign_in(me)
    for url in operator_urls(row.pk, told.key):
        page(client, *url, status=404)
    assert client.post(reverse("notifications:outgoing-retry", args=[row.pk])).status_code == 404
    give_role(actor=SERVICE, person=me, programme=Programme.PLATFORM, role=Role.OPERATOR)
    for url in operator_urls(row.pk, told.key):
        page(client, *url)


def test_emails_are_found_by_address_message_and_state(operator, person, message, tell):
    one, two = person("Ana"), person("Bo")
    first, second = message(recipient_of(one)), message(recipient_of(two))
    tell(one, first, second)
    Outgoing.objects.filter(address=two.email).update(next_try_at=None, error="non")

    def found(**query):
        return [row.address for row in page(operator, "outgoing-list", **query).context["page"]]

    assert found() == [two.email, one.email]
    assert found(q=one.email[:5].upper()) == [one.email]
    assert found(q=second.key) == [two.email]
    assert found(etat="failed") == [two.email]
    assert found(etat="waiting") == [one.email]
    assert found(etat="n'importe quoi", q="x" * 300) == [two.email, one.email]
    states = page(operator, "outgoing-list").context["states"]
    assert [state["count"] for state in states] == [1, 0, 0, 1]


def test_the_list_costs_as_much_for_one_as_for_twenty(operator, person, message, tell):
    def queries():
        with CaptureQueriesContext(connection) as seen:
            page(operator, "outgoing-list")
        return len(seen)

    tell(person(), message(recipient_of(person())))
    queries()  # the first page of a visit also remembers the role
    one = queries()
    tell(person(), message(*[recipient_of(person()) for _ in range(25)]))

    assert queries() == one
    assert page(operator, "outgoing-list", page=2).context["page"].number == 2


@pytest.mark.parametrize(("demo", "is_shown"), [(False, False), (True, True)])
def test_a_secret_email_is_shown_in_a_demonstration_alone(operator, settings, write, demo, is_shown):
    settings.DEMO = demo
    row = write(Mail("Votre mot de passe", ("abracadabra",), action=("Choisir", "/jeton/xyz/"), secret=True))

    assert (b"abracadabra" in page(operator, "outgoing-detail", row.pk).content) is is_shown
    assert b"abracadabra" not in page(operator, "outgoing-list").content
    assert page(operator, "outgoing-list", q="abracadabra").context["page"].paginator.count == 0  # not found by guessing
    assert operator.get(reverse("notifications:outgoing-html", args=[row.pk])).status_code == (200 if is_shown else 404)


def test_an_email_is_shown_in_a_frame_that_can_do_nothing(operator, person, message, tell):
    tell(person(), message(recipient_of(person())))
    row = Outgoing.objects.get()

    around, inside = page(operator, "outgoing-detail", row.pk), page(operator, "outgoing-html", row.pk)

    assert "default-src 'self'" in around["Content-Security-Policy"]
    assert "frame-src" not in around["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in around["Content-Security-Policy"]
    assert b"sandbox" in around.content
    policy = {part.split()[0]: part.split()[1:] for part in inside["Content-Security-Policy"].split("; ")}
    assert policy == {
        "default-src": ["'none'"],
        "style-src": ["'unsafe-inline'"],
        "img-src": ["data:"],
        "frame-ancestors": ["'self'"],
        "sandbox": [],
    }
    assert inside["X-Frame-Options"] == "SAMEORIGIN"
    assert inside.content.decode() == row.html


def test_the_operator_tries_again(operator, person, message, tell):
    tell(person(), message(recipient_of(person()), recipient_of(person(), address="")))
    row, without = Outgoing.objects.order_by("id")
    Outgoing.objects.filter(pk=row.pk).update(next_try_at=None, error="refusé", attempts=9)
    url = reverse("notifications:outgoing-retry", args=[row.pk])
    assert url in page(operator, "outgoing-detail", row.pk).content.decode()

    assert operator.get(url).status_code == 405
    assert operator.post(url).status_code == 302
    operator.post(reverse("notifications:outgoing-retry", args=[without.pk]))

    row.refresh_from_db()
    without.refresh_from_db()
    assert (row.state, row.attempts) == ("waiting", 0)
    assert without.state == "failed"
    assert "reessayer" not in page(operator, "outgoing-detail", without.pk).content.decode()


def test_all_that_did_not_leave_is_tried_again_at_once_and_the_page_says_why_it_did_not(operator, person, message, tell):
    """R58: what failed and why, counted; those without an address stay; one line of the history for all."""
    readers = [recipient_of(person(), address=address) for address in ("a@un.fr", "b@un.fr", "c@deux.fr", "")]
    tell(person(), message(*readers))
    failed = Outgoing.objects.exclude(address="")
    failed.update(next_try_at=None, error=f"{Failure.AWAY} refus", attempts=9)
    tell(person(), message(recipient_of(person(), address="d@deux.fr")))

    shown = page(operator, "outgoing-list", etat="failed")
    assert shown.context["failures"] == [
        ("Le serveur de messagerie est injoignable", 3),
        ("Cette personne n'a pas d'adresse e-mail : rien n'est envoyé.", 1),
    ]
    assert "3 e-mails partiront" in shown.content.decode()
    assert "Pourquoi ils ne sont pas partis" not in page(operator, "outgoing-list").content.decode()

    url = reverse("notifications:outgoing-retry-all")
    assert operator.get(url).status_code == 405
    answer = operator.post(url, {"q": "deux.fr"}, follow=True)
    assert "1 e-mail repart" in answer.content.decode()
    assert [row.address for row in Outgoing.objects.order_by("id") if row.state == "failed"] == ["a@un.fr", "b@un.fr", ""]
    operator.post(url)

    assert [row.address for row in Outgoing.objects.order_by("id") if row.state == "failed"] == [""]
    assert list(Entry.objects.filter(verb="notifications.outgoing.retry_all").order_by("id").values_list("codes", flat=True)) == [
        {"count": 1},
        {"count": 2},
    ]
    assert "rien à renvoyer" in operator.post(url, follow=True).content.decode()


def test_samples_are_shown_in_both_languages(operator, message):
    seen = []

    def mail(event, recipient):
        seen.append((event.name, recipient.language))
        return simple_mail(event, recipient)

    shown = message(mail=mail, sample=lambda: Event(name="sample", obj=Person(pk=1), actor=SERVICE, at=now()))
    without = message()

    html = page(operator, "message-list").content.decode()
    assert reverse("notifications:message-detail", args=[shown.key]) in html
    assert reverse("notifications:message-detail", args=[without.key]) not in html
    assert shown.key in html
    detail = page(operator, "message-detail", shown.key)
    assert [preview.language for preview in detail.context["previews"]] == ["fr", "en"]
    assert seen == [("sample", "fr"), ("sample", "en")]
    page(operator, "message-html", shown.key, "en")
    page(operator, "message-html", shown.key, "de", status=404)
    page(operator, "message-detail", without.key)
    page(operator, "message-detail", "nothing.like.this", status=404)


def test_every_sample_of_the_house_renders(operator):
    for key, declared in sorted(MESSAGES.items()):
        if declared.sample is not None:
            page(operator, "message-detail", key)
