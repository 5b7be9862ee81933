"""S1: staff sign in through the network's identity provider; who is recognised, what is linked after which proof, each fault."""

from __future__ import annotations

import base64
import hashlib
import re
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from django.utils import timezone
from tests.factories import account, client_of, operator, person
from tests.factories.civic_service import acting, establishment, lead
from tests.harness.identity import OurProvider, answered, real_provider, set_user, settings_of

from renfort.audit.models import Entry
from renfort.civic_service.enums import Access, PostRole
from renfort.civic_service.models import DirectoryPerson, Post
from renfort.civic_service.selectors.access import access_of
from renfort.civic_service.services.access import invite_person
from renfort.jobs.catalogue import Limit, Per
from renfort.kernel.sentences import Sentence
from renfort.notifications.models import Outgoing
from renfort.organisations.enums import Role
from renfort.people.adapters import openid
from renfort.people.models import Account, Identity, Person
from renfort.people.services import Claims, Known, Taken, identities
from renfort.people.views import identities as pages

pytestmark = pytest.mark.django_db
BEGIN, BACK, JOIN, ACCOUNT = "/connexion/reseau/", "/connexion/reseau/retour/", "/connexion/reseau/relier/", "/espace/compte/"
PASSWORD = "quatre chevaux dans un pré"
VERIFIED = {"email_verified": True, "given_name": "Ana", "family_name": "Petit"}
LINK = re.compile(r"http://testserver(/connexion/reseau/relier/\S+/)")


@pytest.fixture(scope="module")
def running():
    with real_provider() as url:
        yield url


@pytest.fixture
def real(running, settings):
    """The real provider, as this site's."""
    settings.IDENTITY = settings_of(running)
    return running


@pytest.fixture
def ours(settings):
    """A provider that says what the test wants."""
    provider = OurProvider()
    settings.IDENTITY = settings_of(provider.url)
    yield provider
    provider.stop()


def through(browser, subject, start=BEGIN):
    """Leave for the real provider, say yes there, come back."""
    away = browser.get(start)
    assert away.status_code == 302, away.content.decode()
    back = urlsplit(answered(away.url, subject))
    return browser.get(f"{back.path}?{back.query}")


def back_from(ours, browser, start=BEGIN, **asked):
    """Leave for our provider and come back with a code; the token says the nonce it was asked unless the test says another."""
    sent = parse_qs(urlsplit(browser.get(start).url).query)
    ours.said.setdefault("nonce", sent["nonce"][0])
    return browser.get(BACK, {"code": "once", "state": sent["state"][0], **asked})


def holder(email="ana@exemple.fr", password=PASSWORD, **facts):
    made = account(person(email=email, first_name="Ana", last_name="Petit"), **facts)
    if password:
        made.set_password(password)
        made.save()
    return made


def signed_in(browser):
    return "_auth_user_id" in browser.session


def words(answer):
    return answer.content.decode().replace("&#x27;", "'")


def claims_of(provider, subject="ours", **facts):
    return Claims(issuer=provider.url, subject=subject, **facts)


def linked_to(provider, made, subject="ours"):
    return identities.link(actor=acting_as(made), account=made, claims=claims_of(provider, subject), is_told=False)


def acting_as(made):
    from renfort.people.selectors import actor_of_account

    return actor_of_account(made)


def named(claims, token):
    """A storey above that knows the person of key « ours » or « u-42 »."""
    found = Person.objects.filter(last_name=f"Clé {claims.key}").first()
    return Known(person=found) if found else None


@pytest.fixture
def directory(settings):
    settings.IDENTITY_KNOWERS = ["tests.civic_service.test_civic_signin.named"]


# ── without a provider ────────────────────────────────────────────────────────────────────────────
def test_without_a_provider_nothing_is_shown_and_its_addresses_do_not_exist(client):
    assert "Personnel d" not in words(client.get("/connexion/"))
    assert {client.get(url).status_code for url in (BEGIN, BACK, JOIN, f"{JOIN}x/")} == {404}
    assert "identité" not in words(client_of(person()).get(ACCOUNT))


# ── the whole way, with a real provider ───────────────────────────────────────────────────────────
def test_somebody_linked_signs_in_and_out_of_both(client, real):
    made = holder()
    identities.link(actor=acting_as(made), account=made, claims=Claims(issuer=real, subject="u-1"), is_told=False)

    answer = through(client, "u-1", f"{BEGIN}?next=/espace/profil/")
    assert (answer.status_code, answer.url, signed_in(client)) == (302, "/espace/profil/", True)
    assert Entry.objects.filter(verb="people.identity.sign_in").count() == 1
    assert Identity.objects.get().used_at is not None

    away = client.post("/deconnexion/")
    asked = parse_qs(urlsplit(away.url).query)
    assert away.url.startswith(f"{real}/oauth2/end_session?") and not signed_in(client)
    assert asked["post_logout_redirect_uri"] == ["http://testserver/"] and asked["id_token_hint"][0].count(".") == 2


def test_who_signed_in_with_a_password_signs_out_here_alone(client, real):
    holder()
    client.post("/connexion/", {"email": "ana@exemple.fr", "password": PASSWORD})
    assert client.post("/deconnexion/").url == "/"


def test_somebody_whom_the_directory_names_gets_in_at_once_and_counts_as_connected(client, real, directory):
    """S1: « a person can be chosen right after the first sign-in »."""
    someone = person(last_name="Clé u-2", email="lea@exemple.fr")
    set_user(real, "u-2", email="Lea@Exemple.fr", **VERIFIED)
    assert access_of([someone])[someone.pk] == Access.KNOWN

    assert through(client, "u-2").status_code == 302
    made = Account.objects.get(person=someone)
    assert (made.email, made.has_usable_password(), signed_in(client)) == ("lea@exemple.fr", False, True)
    assert access_of([someone])[someone.pk] == Access.CONNECTED
    assert not Outgoing.objects.exists()

    client.post("/deconnexion/")
    assert through(client, "u-2").status_code == 302 and Account.objects.count() == 1


def test_the_directorys_key_may_be_another_attribute_than_the_subject(client, real, directory, settings):
    settings.IDENTITY = settings_of(real, key_attribute="idp_key")
    someone = person(last_name="Clé u-42", email="lea@exemple.fr")
    set_user(real, "u-3", email="lea@exemple.fr", idp_key="u-42", **VERIFIED)

    through(client, "u-3")
    assert Identity.objects.get(subject="u-3").account.person == someone


def test_an_account_of_the_same_address_is_joined_only_after_its_password(client, real):
    made = holder()
    set_user(real, "u-4", email="ana@exemple.fr", **VERIFIED)

    assert through(client, "u-4", f"{BEGIN}?next=/espace/profil/").url == JOIN
    assert not signed_in(client) and not Identity.objects.exists()
    assert client.get(JOIN).status_code == 200
    assert client.post(JOIN, {"password": "faux"}).status_code == 422
    assert not signed_in(client) and not Identity.objects.exists()

    assert client.post(JOIN, {"password": PASSWORD}).url == "/espace/profil/"
    assert signed_in(client) and Identity.objects.get().account == made
    assert [each.address for each in Outgoing.objects.all()] == ["ana@exemple.fr"]
    assert Entry.objects.filter(verb="people.identity.link").count() == 1

    client.post("/deconnexion/")
    assert through(client, "u-4").url == "/espace/"


def test_or_by_a_link_sent_to_it_that_opens_in_the_same_browser_once(client, real):
    made = holder()
    set_user(real, "u-5", email="ana@exemple.fr", **VERIFIED)
    through(client, "u-5")
    assert client.post(JOIN, {"lien": "1"}).url == JOIN
    letter = Outgoing.objects.get(address="ana@exemple.fr")
    link = LINK.search(letter.text)[1]
    assert letter.secret

    elsewhere = Client()
    assert elsewhere.get(link).status_code == 410 and elsewhere.post(link).status_code == 410
    assert client.get(link).status_code == 200 and not Identity.objects.exists()
    assert client.post(link).status_code == 302
    assert Identity.objects.get().account == made and signed_in(client)
    assert client.post(link).status_code == 410


def test_an_existing_account_of_a_person_of_the_directory_is_not_taken_silently(client, real, directory):
    """Whoever writes the directory is not thereby the holder of somebody's account."""
    made = holder("volontaire@exemple.fr")
    Person.objects.filter(pk=made.person_id).update(last_name="Clé u-6")
    set_user(real, "u-6", email="ecole@exemple.fr", **VERIFIED)

    assert through(client, "u-6").url == JOIN
    page = words(client.get(JOIN))
    assert "v…@exemple.fr" in page and "volontaire@exemple.fr" not in page and not signed_in(client)
    client.post(JOIN, {"password": PASSWORD})
    assert Identity.objects.get().account == made
    assert {each.address for each in Outgoing.objects.all()} == {"volontaire@exemple.fr", "ecole@exemple.fr"}


@pytest.mark.parametrize("claims", [{"email": "ana@exemple.fr"}, {"email": "ana@exemple.fr", "email_verified": False}, {}])
def test_an_address_that_the_provider_has_not_verified_recognises_nobody(client, real, claims):
    holder()
    set_user(real, "u-7", **claims)
    answer = through(client, "u-7")
    assert (answer.status_code, signed_in(client), Identity.objects.exists()) == (403, False, False)


def test_a_stranger_is_told_whom_to_ask_and_no_account_is_made(client, real, settings):
    set_user(real, "u-8", email="neuf@exemple.fr", **VERIFIED)
    answer = through(client, "u-8")
    assert answer.status_code == 403 and "Demandez à votre établissement" in words(answer)
    assert not Account.objects.exists() and not Person.objects.exists()

    settings.IDENTITY = settings_of(real, newcomers=True)
    assert through(client, "u-8").status_code == 302
    assert Account.objects.get().person.full_name == "Ana Petit"


def test_a_newcomer_without_a_name_or_an_address_is_told_so(client, real, settings):
    settings.IDENTITY = settings_of(real, newcomers=True)
    set_user(real, "u-9", email="neuf@exemple.fr", email_verified=True)
    answer = through(client, "u-9")
    assert answer.status_code == 403 and "votre nom et votre adresse" in words(answer)
    assert not Person.objects.exists()


def test_the_invited_may_come_in_by_the_provider_instead_of_a_password(client, real):
    where = establishment()
    boss = lead(where)
    someone = person(email="lea@exemple.fr")
    grant_of = Post.objects.get(person=boss).grant
    Post.objects.create(
        establishment=where, person=someone, role=PostRole.TUTOR, grant=_twin(grant_of, someone), began_at=timezone.now(),
        source="local",
    )  # fmt: skip
    made, _sent = invite_person(actor=acting(boss, Role.ESTABLISHMENT_LEAD), person=someone, establishment=where)
    set_user(real, "u-10", email="autre@exemple.fr", **VERIFIED)
    page = words(client.get(f"/service-civique/acces/{made.token}/"))
    assert f"{BEGIN}?acces={made.token}" in page

    assert through(client, "u-10", f"{BEGIN}?acces={made.token}").status_code == 302
    opened = Account.objects.get(person=someone)
    assert opened.email == "lea@exemple.fr" and Identity.objects.get(subject="u-10").account == opened
    assert Client().get(f"/service-civique/acces/{made.token}/").status_code == 410
    assert through(Client(), "u-11", f"{BEGIN}?acces={made.token}").status_code == 403


def _twin(held, someone):
    from tests.factories import grant

    return grant(someone, held.programme, Role.SERVICE_TUTOR, held.organisation)


# ── « Mon compte » ────────────────────────────────────────────────────────────────────────────────
def test_an_account_links_its_identity_after_its_password_and_unlinks_it(real):
    made = holder()
    browser = client_of(made.person)
    set_user(real, "u-12", email="ecole@exemple.fr", **VERIFIED)
    assert "Relier mon identité" in words(browser.get(ACCOUNT))

    assert through(browser, "u-12", f"{BEGIN}?next={ACCOUNT}").url == JOIN
    assert browser.post(JOIN, {"password": "faux"}).status_code == 422 and not Identity.objects.exists()
    browser.post(JOIN, {"password": PASSWORD})
    assert "ecole@exemple.fr" in words(browser.get(ACCOUNT))

    assert browser.post("/espace/compte/identite/delier/").url == ACCOUNT
    assert not Identity.objects.exists()
    assert Entry.objects.filter(verb="people.identity.unlink").count() == 1
    assert Outgoing.objects.filter(message="people.identity_unlinked", address="ana@exemple.fr").count() == 1


def test_without_a_password_the_only_way_in_is_not_cut(ours):
    made = holder(password="")
    linked_to(ours, made)
    browser = client_of(made.person)
    assert browser.post("/espace/compte/identite/delier/").url == ACCOUNT
    assert Identity.objects.exists()
    assert "Choisissez d'abord un mot de passe" in words(browser.get(ACCOUNT))
    with pytest.raises(Sentence):
        identities.unlink(actor=acting_as(made), account=made)


def test_the_identity_of_one_account_opens_and_joins_no_other(real):
    theirs, made = holder("leo@exemple.fr"), holder()
    identities.link(actor=acting_as(theirs), account=theirs, claims=Claims(issuer=real, subject="u-13"), is_told=False)
    browser = client_of(made.person)

    answer = through(browser, "u-13")
    assert answer.status_code == 409 and browser.session["_auth_user_id"] == str(made.pk)
    with pytest.raises(Taken):
        identities.link(actor=acting_as(made), account=made, claims=Claims(issuer=real, subject="u-13"))
    with pytest.raises(Taken):
        identities.link(actor=acting_as(theirs), account=theirs, claims=Claims(issuer=real, subject="u-14"))


@pytest.mark.parametrize("path", [BEGIN, BACK, JOIN, f"{JOIN}x/", "/espace/compte/identite/delier/"])
def test_an_operator_who_acts_as_somebody_touches_no_identity(ours, path):
    """P10: what is nobody else's business is closed meanwhile."""
    made = holder()
    linked_to(ours, made)
    browser = client_of(operator())
    begun = browser.post(f"/operateur/agir/{made.person_id}/", {"reason": "Elle ne trouve pas sa page, au téléphone."})
    assert begun.status_code == 302

    assert {browser.get(path).status_code, browser.post(path).status_code} == {403}
    assert Identity.objects.filter(account=made).exists()


# ── faults: a sentence and the right status, nobody signed in, nothing made ───────────────────────
def forged(ours):
    ours.keys["two"] = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    ours.signs_with = "two"


FAULTS = {
    "signed by somebody else under a known name": forged,
    "signed with the shared secret": lambda ours: ours.__dict__.update(algorithm="HS256", signs_with="s3cret:/+é" * 5),
    "not signed": lambda ours: ours.__dict__.update(algorithm="none"),
    "a key that is not published": lambda ours: ours.__dict__.update(named="three"),
    "another issuer": lambda ours: ours.said.update(iss="https://ailleurs.example"),
    "for another site": lambda ours: ours.said.update(aud="ailleurs"),
    "for several, made for another": lambda ours: ours.said.update(aud=["renfort", "ailleurs"], azp="ailleurs"),
    "too old": lambda ours: ours.said.update(iat=int(time.time()) - 900, exp=int(time.time()) - 600),
    "from the future": lambda ours: ours.said.update(iat=int(time.time()) + 600),
    "another nonce": lambda ours: ours.said.update(nonce="volé"),
    "no subject": lambda ours: ours.said.update(sub=None),
    "an empty subject": lambda ours: ours.said.update(sub=" "),
    "no end": lambda ours: ours.said.update(exp=None),
    "no token": lambda ours: ours.__dict__.update(token_body=b'{"access_token": "a"}'),
    "no JSON": lambda ours: ours.__dict__.update(token_body=b"<html>"),
    "a list": lambda ours: ours.__dict__.update(token_body=b"[1]"),
    "a token that is none": lambda ours: ours.__dict__.update(token_body=b'{"id_token": "a.b.c"}'),
    "the code is refused": lambda ours: ours.__dict__.update(token_status=400),
    "the userinfo is another's": lambda ours: ours.userinfo.update(sub="quelqu'un"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_proof_that_does_not_hold_is_refused_with_a_sentence(client, ours, fault):
    linked_to(ours, holder())
    ours.userinfo = {"sub": "ours"}
    FAULTS[fault](ours)
    answer = back_from(ours, client)
    assert (answer.status_code, signed_in(client)) == (403, False), fault
    assert "pas valable" in words(answer)


def test_the_same_proof_without_a_fault_signs_in_with_pkce_and_a_clock_half_a_minute_off(client, ours):
    linked_to(ours, holder())
    ours.userinfo = {"sub": "ours"}
    ours.said.update(iat=int(time.time()) + 30, exp=int(time.time()) - 30)
    sent = parse_qs(urlsplit(client.get(BEGIN).url).query)
    ours.said["nonce"] = sent["nonce"][0]
    assert sent["code_challenge_method"] == ["S256"] and sent["response_type"] == ["code"]

    assert client.get(BACK, {"code": "once", "state": sent["state"][0]}).status_code == 302 and signed_in(client)
    verifier = ours.asked[0]["code_verifier"]
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    assert digest == sent["code_challenge"][0] and len(verifier) >= 43
    pair = base64.b64decode(ours.headers["Authorization"].removeprefix("Basic ")).decode()
    assert pair == "renfort:s3cret%3A%2F%2B%C3%A9"


def test_a_key_that_the_provider_has_changed_is_read_anew(client, ours, monkeypatch):
    linked_to(ours, holder())
    ours.userinfo = {"sub": "ours"}
    assert back_from(ours, client).status_code == 302
    client.post("/deconnexion/")
    monkeypatch.setattr(openid, "AGAIN", 0.0)
    forged(ours)
    ours.published, ours.named = ["two"], "two"
    del ours.said["nonce"]
    assert back_from(ours, client).status_code == 302


@pytest.mark.parametrize("fault", ["down", "ill", "slow"])
def test_a_provider_that_does_not_answer_leaves_the_password(client, ours, monkeypatch, fault):
    linked_to(ours, holder())
    if fault == "down":
        ours.stop()
        answer = client.get(BEGIN)
    else:
        if fault == "ill":
            ours.token_status = 500
        else:
            monkeypatch.setattr(openid, "WITHIN", 0.3)
            ours.delay = 1.0
        answer = back_from(ours, client)
    assert (answer.status_code, signed_in(client)) == (503, False)
    assert "ne répond pas" in words(answer) and "/connexion/" in words(answer)


def test_a_state_serves_once_in_its_own_browser_and_for_ten_minutes(client, ours):
    linked_to(ours, holder())
    ours.userinfo = {"sub": "ours"}
    sent = parse_qs(urlsplit(client.get(BEGIN).url).query)
    ours.said["nonce"] = sent["nonce"][0]
    asked = {"code": "once", "state": sent["state"][0]}
    assert Client().get(BACK, asked).status_code == 409
    assert client.get(BACK, asked).status_code == 302
    client.post("/deconnexion/")
    replayed = client.get(BACK, asked)
    assert (replayed.status_code, signed_in(client)) == (409, False) and "a déjà servi" in words(replayed)

    late = parse_qs(urlsplit(client.get(BEGIN).url).query)["state"][0]
    session = client.session
    session[identities.ATTEMPTS] = [{**each, "left_at": time.time() - 601} for each in session[identities.ATTEMPTS]]
    session.save()
    assert client.get(BACK, {"code": "once", "state": late}).status_code == 409


@pytest.mark.parametrize("asked", [{}, {"state": ""}, {"state": "é" * 500}, {"state": "\x00", "code": "\x00"}, {"code": "x"}])
def test_a_return_that_nobody_left_for_is_refused(client, ours, asked):
    assert client.get(BACK, asked).status_code == 409


def test_who_gives_up_or_is_refused_at_the_provider_is_told_so(client, ours):
    def state():
        return parse_qs(urlsplit(client.get(f"{BEGIN}?next=/espace/profil/").url).query)["state"][0]

    given_up = client.get(BACK, {"error": "access_denied", "state": state()})
    assert given_up.url == "/connexion/?next=%2Fespace%2Fprofil%2F"
    assert "renoncé" in words(client.get(given_up.url))
    assert client.get(BACK, {"error": "server_error", "state": state()}).status_code == 403
    assert client.get(BACK, {"state": state()}).status_code == 403
    assert not ours.asked


def test_a_closed_account_is_told_so_and_stays_closed(client, ours):
    made = holder()
    linked_to(ours, made)
    ours.userinfo = {"sub": "ours"}
    Account.objects.filter(pk=made.pk).update(is_active=False)
    answer = back_from(ours, client)
    assert (answer.status_code, signed_in(client)) == (403, False) and "Ce compte est fermé" in words(answer)


def test_somebody_of_the_directory_whose_address_is_another_accounts_is_told_so(client, ours, directory):
    holder("lea@exemple.fr")
    person(last_name="Clé ours", email="lea@exemple.fr")
    ours.said.update(email="lea@exemple.fr", email_verified=True, given_name="Léa")
    answer = back_from(ours, client)
    assert (answer.status_code, signed_in(client), Identity.objects.exists()) == (409, False, False)


def test_no_page_of_another_site_follows_a_sign_in(client, ours):
    linked_to(ours, holder())
    ours.userinfo = {"sub": "ours"}
    assert back_from(ours, client, f"{BEGIN}?next=https://pirate.example/").url == "/espace/"


# ── limits ────────────────────────────────────────────────────────────────────────────────────────
def test_departures_and_returns_are_limited(client, ours, monkeypatch):
    few = Limit(name="identity-few", what="tests", per=Per.NETWORK, most=2, seconds=300)
    monkeypatch.setattr(pages, "IDENTITY", few)
    assert [client.get(url).status_code for url in (BEGIN, BACK, BEGIN, BACK)] == [302, 409, 429, 429]


def test_the_password_of_the_proof_is_not_guessed(client, real):
    holder()
    set_user(real, "u-20", email="ana@exemple.fr", **VERIFIED)
    through(client, "u-20")
    statuses = [client.post(JOIN, {"password": "faux"}).status_code for _ in range(5)]
    assert statuses == [422] * 5
    assert client.post(JOIN, {"password": PASSWORD}).status_code == 429
    assert not Identity.objects.exists()


# ── the directory of the programme ────────────────────────────────────────────────────────────────
def fed(key, where=None, **facts):
    """Somebody whom the directory names, tutor of an establishment."""
    someone = person(**facts)
    DirectoryPerson.objects.create(person=someone, key=key, fed_at=timezone.now())
    if where is not None:
        chief = Post.objects.get(person=lead(where))
        Post.objects.create(
            establishment=where, person=someone, role=PostRole.TUTOR, grant=_twin(chief.grant, someone), began_at=timezone.now(),
            source="directory", confirmed_at=timezone.now(),
        )  # fmt: skip
    return someone


def test_whom_the_directory_names_by_the_subject_opens_their_establishment_at_once(client, real):
    where = establishment()
    someone = fed("u-30", where, email="lea@exemple.fr")
    set_user(real, "u-30", email="lea@exemple.fr", **VERIFIED)

    assert through(client, "u-30").status_code == 302
    assert client.get(f"/service-civique/etablissements/{where.pk}/").status_code == 200
    assert access_of([someone])[someone.pk] == Access.CONNECTED


def test_whom_the_directory_names_no_more_anywhere_is_a_stranger(client, real):
    fed("u-31", None, email="lea@exemple.fr")
    set_user(real, "u-31", email="lea@exemple.fr", **VERIFIED)
    assert through(client, "u-31").status_code == 403
    assert not Account.objects.filter(email="lea@exemple.fr").exists()


def test_somebody_elses_link_makes_nobody_of_the_directory_another_person(client, real):
    """The key of the directory counts more than the link that was opened in this browser."""
    where = establishment()
    someone, other = fed("u-32", where, email="lea@exemple.fr"), fed("u-33", where, email="leo@exemple.fr")
    boss = acting(lead(where), Role.ESTABLISHMENT_LEAD)
    made, _sent = invite_person(actor=boss, person=other, establishment=where)
    set_user(real, "u-32", email="lea@exemple.fr", **VERIFIED)

    through(client, "u-32", f"{BEGIN}?acces={made.token}")
    assert Identity.objects.get(subject="u-32").account.person == someone
    assert not Account.objects.filter(person=other).exists()
