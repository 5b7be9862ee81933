"""French first, English complete (P8): the catalogues, the pages, the e-mails, the dates."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from uuid import uuid4

import polib
import pytest
from django.db.models import TextChoices
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import ngettext, override
from tests.factories import (
    account,
    actor,
    client_of,
    domain,
    grant,
    join_request,
    membership,
    mission,
    mission_form,
    operator,
    organisation,
    participation,
    person,
    reword_rules,
)
from tests.harness.languages import LOCALE

import renfort
from renfort.kernel.firing import fire
from renfort.kernel.messages import MESSAGES
from renfort.kernel.rules import CLOCK_RULE
from renfort.kernel.templatetags import ui
from renfort.kernel.workflow import Workflow
from renfort.missions import rules
from renfort.missions.enums import MissionState, ParticipationState
from renfort.missions.models import Mission
from renfort.missions.workflow import PARTICIPATION
from renfort.notifications.components import sample_letter
from renfort.notifications.enums import FAILURES, failure_words
from renfort.notifications.models import Outgoing
from renfort.organisations.enums import Programme, Role
from renfort.organisations.models import Network

PLACEHOLDER = re.compile(r"%\(\w+\)[0-9]*[sd]|%%")
LONG = 12  # shorter French pieces may be English too
FRENCH_WORDS = re.compile(
    r"\b(votre|vos|vous|notre|avec|dans|chez|cette|est|sont|une|des|aux|qui|sur|mais|déjà|été|être|où|à|pas(?!-de))\b"
)
# French words of the screen that are English too, and patterns of dates
SAME = {
    "Invitation", "Invitations", "participations", "missions", "Contact %(n)d", "%(shown)s possible",
    "Mobile", "Udogec", "Urogec", "Fnogec", "Sport", "Confirmation", "Source",
    "Latitude", "Longitude", "Conditions", "Site", "Publication", "Logo",
    "Client", "Clients", "Date", "Observation", "Session", "Sessions",
    "Guadeloupe", "Martinique", "Mayotte", "Nouméa", "Paris", "Saint-Pierre-et-Miquelon", "Tahiti",
    " – ", "Association", "Contact", "Contact %(n)s", "Contacts", "Coordination", "Dates", "Description", "Format", "Message",
    "Messages", "Mission", "Missions", "Notification", "Notifications", "Page", "Participation", "Participations",
    "Places", "Programme", "description", "position", "type",
    "Type", "Actions", "Les dates", "%(n)s place", "%(shown)s mission", "%(mission)s · %(organisation)s", "%(day)s, %(hour)s",
    "%(n)s mission", "%(count)d mission", "Document", "Total",
    "%(n)s\u00a0km", "Distance", "%(day)s, %(from)s\u00a0– %(to)s", "l j F Y", "l j F", "j F Y", "j F", "j",
    "France", "Luxembourg", "Monaco", "Portugal", "participants", "Questionnaire", "Question", "Nature",
    "%(n)d table", "%(n)d session", "%(km)s km", "Signature", "document",
    "Questionnaires", "Satisfaction", "Services", "Questions", "Correction",
}  # fmt: skip


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(LOCALE / language / "LC_MESSAGES" / "django.po"), encoding="utf-8")


def key(entry: polib.POEntry) -> tuple[str, str, str]:
    return entry.msgctxt or "", entry.msgid, entry.msgid_plural


def texts_of(entry: polib.POEntry) -> list[str]:
    return [entry.msgstr_plural[n] for n in sorted(entry.msgstr_plural)] if entry.msgid_plural else [entry.msgstr]


ENGLISH, FRENCH = catalogue("en"), catalogue("fr")


# ── the catalogues ────────────────────────────────────────────────────────────────────────────────
def test_both_catalogues_hold_the_same_texts_and_no_leftover():
    assert [key(entry) for entry in ENGLISH] == [key(entry) for entry in FRENCH]
    assert not [entry.msgid for entry in [*ENGLISH, *FRENCH] if entry.obsolete or entry.fuzzy]


def test_every_text_has_its_english():
    assert not [entry.msgid for entry in ENGLISH if not all(texts_of(entry))]


@pytest.mark.parametrize(("language", "plurals"), [("en", "(n != 1)"), ("fr", "(n > 1)")])
def test_headers_hold_the_plural_rule_and_neither_date_nor_name(language, plurals):
    headers = catalogue(language).metadata

    assert headers["Plural-Forms"] == f"nplurals=2; plural={plurals};"
    assert not {"POT-Creation-Date", "PO-Revision-Date", "Last-Translator", "Language-Team"} & set(headers)


def test_translations_keep_the_placeholders():
    wrong = []
    for entry in ENGLISH:
        allowed = {tuple(sorted(PLACEHOLDER.findall(text))) for text in (entry.msgid, entry.msgid_plural) if text}
        wrong += [text for text in texts_of(entry) if tuple(sorted(PLACEHOLDER.findall(text))) not in allowed]

    assert not wrong


def test_plurals_have_two_forms_and_french_ones_are_its_own_words():
    for entry in [*ENGLISH, *FRENCH]:
        if entry.msgid_plural:
            assert len(entry.msgstr_plural) == 2, entry.msgid
    assert not [e.msgid for e in FRENCH if e.msgid_plural and texts_of(e) != [e.msgid, e.msgid_plural]]


def test_english_is_not_french_left_as_it_was():
    assert not [e.msgid for e in ENGLISH if e.msgid in texts_of(e) and e.msgid not in SAME and re.search("[a-z]", bare(e.msgid))]


def test_english_uses_english_typography():
    wrong = re.compile("[«»]|[\u00a0\u202f ][:;?!]|'")

    assert not [text for entry in ENGLISH for text in texts_of(entry) if wrong.search(text)]


def bare(text: str) -> str:
    return PLACEHOLDER.sub("", text)


def test_no_text_of_the_code_hides_where_extraction_does_not_look():
    """An f-string around a marked text is not read by older gettext programs; one inside it is never read at all."""
    marks = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
    hidden = []
    for file in LOCALE.parent.rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in marks:
                literal = any(isinstance(argument, ast.Constant) for argument in node.args)
                frozen = any(isinstance(argument, ast.JoinedStr) for argument in node.args)
                if frozen or (literal and id(node) in inside):
                    hidden.append(f"{file.name}:{node.lineno}")

    assert not hidden


# ── plurals, dates, hours ─────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("language", "count", "words"),
    [
        ("fr", 0, "0 place restante"),
        ("fr", 1, "1 place restante"),
        ("fr", 2, "2 places restantes"),
        ("en", 0, "0 places left"),
        ("en", 1, "1 place left"),
        ("en", 2, "2 places left"),
    ],
)
def test_none_is_singular_in_french_and_plural_in_english(language, count, words):
    with override(language):
        assert ngettext("%(n)s place restante", "%(n)s places restantes", count) % {"n": count} == words


MARCH = {"starts_on": date(2027, 3, 1), "ends_on": date(2027, 3, 8)}


@pytest.mark.parametrize(
    ("french", "english", "said"),
    [
        ("du 1er au 8 mars 2027", "1 to 8 March 2027", lambda: ui.period_words(**MARCH)),
        ("lundi 1er mars 2027", "Monday 1 March 2027", lambda: ui.day_words(MARCH["starts_on"])),
        ("à partir du 1er mars 2027", "from 1 March 2027", lambda: ui.period_words(starts_on=MARCH["starts_on"], ends_on=None)),
        ("dates à convenir", "dates to be agreed", lambda: ui.period_words(starts_on=None, ends_on=None)),
        ("14\u00a0h\u00a005", "14:05", lambda: ui.hour_words(datetime(2027, 3, 1, 14, 5, tzinfo=UTC))),
        ("14\u00a0h", "14:00", lambda: ui.hour_words(datetime(2027, 3, 1, 14, tzinfo=UTC))),
        ("1 mars 2027", "1 March 2027", lambda: date_format(MARCH["starts_on"], "DATE_FORMAT")),
        ("12\u202f345", "12,345", lambda: ui.number(12345).replace("\u00a0", "\u202f")),
    ],
)
def test_dates_hours_and_numbers_are_those_of_the_language(french, english, said):
    for language, words in (("fr", french), ("en", english)):
        with override(language):
            assert str(said()) == words


def test_a_typed_date_has_its_day_first_in_english_too():
    from renfort.portal.components import SampleForm

    with override("en"):
        assert SampleForm.base_fields["starts_on"].clean("04/03/2027") == date(2027, 3, 4)


# ── words declared once, said in each language ────────────────────────────────────────────────────
def test_labels_of_a_rule_are_joined_in_the_language_in_force():
    joined = rules.is_host | CLOCK_RULE

    assert joined.label == "la structure ou l'horloge"
    with override("en"):
        assert joined.label == "the organisation or the clock"


def enums() -> Iterator[type[TextChoices]]:
    for module in pkgutil.walk_packages(renfort.__path__, "renfort."):
        if module.name.endswith(".enums"):
            for value in vars(importlib.import_module(module.name)).values():
                if isinstance(value, type) and issubclass(value, TextChoices) and value is not TextChoices:
                    yield value


@pytest.mark.parametrize("choices", sorted(set(enums()), key=lambda choices: choices.__name__), ids=lambda c: c.__name__)
def test_labels_of_choices_are_translated(choices):
    for value, label in choices.choices:
        french = str(label)
        with override("en"):
            assert french in SAME or str(choices(value).label) != french, f"{choices.__name__}.{value}"


def test_states_say_in_english_what_they_say_in_french():
    with override("en"):
        assert str(MissionState.SUBMITTED.label) == "Awaiting approval"
        assert str(ParticipationState.PENDING.label) == "Awaiting a reply"
        assert str(MissionState.PUBLISHED.label) == "Approved"
        assert str(ParticipationState.ACCEPTED.label) == "Accepted"


def test_every_word_of_the_life_cycles_waits_for_its_reader():
    for flow in Workflow.registry.values():
        if not flow.model.startswith("missions."):
            continue  # those that tests declare
        for transition in flow.transitions:
            said = [transition.label, transition.warning, *transition.who.labels, *(guard.refusal for guard in transition.when)]
            assert not [text for text in said if text and not isinstance(text, Promise)], transition.name


def test_failures_kept_in_french_are_read_in_english():
    assert FAILURES
    with override("en"):
        assert failure_words("Le serveur de messagerie refuse : 550 no such user") == "The mail server refuses: 550 no such user"
        assert not [sentence for sentence in FAILURES if failure_words(sentence) == sentence]
        assert failure_words("???") == "???"


# ── pages ─────────────────────────────────────────────────────────────────────────────────────────
class Words(HTMLParser):
    """What a person reads or hears of a page, what is marked as French aside; and its language."""

    READ = ("title", "aria-label", "alt", "placeholder", "data-label", "data-one", "data-many", "data-none", "data-some")
    VOID = {"input", "img", "br", "hr", "meta", "link", "source", "wbr", "use", "path", "circle", "rect"}

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.lang = ""
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "html":
            self.lang = given.get("lang", "")
        silent = (
            (given.get("lang") == "fr" and tag != "html")
            or tag in ("script", "style", "textarea")
            or (bool(self._open) and self._open[-1][1])
        )
        if not silent:
            self.said += [given[name] or "" for name in self.READ if given.get(name)]
            if tag == "meta" and given.get("name") == "description":
                self.said.append(given.get("content") or "")
        if tag not in self.VOID:
            self._open.append((tag, silent))

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if not (self._open and self._open[-1][1]):
            self.said.append(data)


def flat(text: str) -> str:
    return " ".join(text.split())


def french_pieces() -> set[str]:
    """The French of the screen, cut at its placeholders, where English says something else."""
    english = {flat(piece) for entry in ENGLISH for text in texts_of(entry) for piece in PLACEHOLDER.split(text)}
    found = set()
    for entry in ENGLISH:
        for french, said in zip((entry.msgid, entry.msgid_plural), texts_of(entry), strict=False):
            if french != said:
                found |= {flat(piece) for piece in PLACEHOLDER.split(french)}
    return {piece for piece in found - english if len(piece) > LONG}


PIECES = french_pieces()


def french_in(text: str) -> list[str]:
    text = flat(text)
    return [piece for piece in PIECES if piece in text] + FRENCH_WORDS.findall(text)


def assert_english(response, status=200):
    assert response.status_code == status
    page = Words()
    page.feed(response.content.decode())
    assert page.lang == "en"
    assert response.headers["Content-Language"] == "en"
    assert not french_in("\n".join(page.said))
    return flat(" ".join(page.said))


def english_client(someone=None) -> Client:
    client = client_of(someone)
    client.cookies["django_language"] = "en"
    return client


class Town:
    """Somebody of each kind who reads English, and a mission whose own words are English."""

    def __init__(self) -> None:
        self.where = organisation(
            name="Helping Hands", description="We help our neighbours.", commune_id="33063", address="3 Quay"
        )
        self.manager = account(person(first_name="Ann", last_name="Lee"), language="en").person
        grant(self.manager, Programme.RESERVE, Role.MANAGER, self.where)
        self.volunteer = account(person(first_name="Bob", last_name="Ray"), language="en").person
        grant(self.volunteer, Programme.RESERVE, Role.VOLUNTEER)
        self.operator = operator(first_name="Eve", last_name="Kay")
        self.operator.account.language = "en"
        self.operator.account.save(update_fields=["language"])
        self.mission = self.offer()

    def offer(self, **facts) -> Mission:
        given = {
            "title": "Weekly baskets",
            "schedule": "9:00 to 12:00",
            "description": "Prepare baskets.",
            "safety": "Gloves given.",
            "address": "3 Quay",
            "starts_on": date(2027, 3, 1),
            "ends_on": date(2027, 3, 8),
        }
        return mission(self.where, responsible=self.manager, **{**given, **facts})


@pytest.fixture
def town(db) -> Town:
    return Town()


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("portal:home", {}),
        ("portal:rules", {}),
        ("portal:gallery", {}),
        ("missions:public-list", {}),
        ("missions:public-list", {"lieu": "Bordeaux"}),
        ("missions:public-list", {"lieu": "Zzyzx"}),
        ("people:sign-in", {}),
        ("people:sign-up-volunteer", {}),
        ("people:check-email", {}),
        ("people:password-lost", {}),
        ("organisations:sign-up", {}),
    ],
)
def test_public_pages_are_english(town, name, query):
    assert_english(english_client().get(reverse(name), query))


def test_forms_complain_in_english(town):
    for name in ("people:sign-up-volunteer", "organisations:sign-up", "people:sign-in", "people:password-lost"):
        assert_english(english_client().post(reverse(name), {"form_token": str(uuid4())}), status=422)


def test_mission_page_is_english_and_so_are_its_dates(town):
    text = assert_english(english_client().get(town.mission.get_absolute_url()))

    assert "1 to 8 March 2027" in text
    assert "Offer my help" in text
    assert_english(english_client().get(town.offer(presence="remote", places=1).get_absolute_url()))


@pytest.mark.parametrize("state", MissionState.values)
def test_host_pages_are_english_in_every_state(town, state):
    there = town.offer(state=state)
    client = english_client(town.manager)
    base = f"/espace/{town.where.pk}/missions/"

    assert_english(client.get(base))
    text = assert_english(client.get(f"{base}{there.pk}/"))
    assert str(MissionState(state).label) not in SAME
    with override("en"):
        assert str(MissionState(state).label) in text
    for transition in Workflow.of(there).transitions:
        shown = client.get(f"{base}{there.pk}/{transition.path}/")
        assert_english(shown, status=shown.status_code)


@pytest.mark.parametrize("state", ParticipationState.values)
def test_participation_pages_are_english_in_every_state(town, state):
    theirs = participation(town.mission, town.volunteer, state=state)
    host, volunteer = english_client(town.manager), english_client(town.volunteer)

    for client, base in ((host, f"/espace/{town.where.pk}/participations/"), (volunteer, "/espace/benevole/")):
        assert_english(client.get(base))
        assert_english(client.get(f"{base}{theirs.pk}/"))
        for transition in PARTICIPATION.transitions:
            shown = client.get(f"{base}{theirs.pk}/{transition.path}/")
            assert_english(shown, status=shown.status_code)
    assert_english(volunteer.get(town.mission.get_absolute_url()))


def test_mission_form_is_english_empty_and_wrong(town):
    client, address = english_client(town.manager), reverse("missions:mission-new", args=[town.where.pk])

    assert_english(client.get(address))
    wrong = mission_form(town.manager, title="x" * 90, places="0", ends_on="2020-01-01", commune="Zzyzx", description="We cook.")
    assert_english(client.post(address, wrong | {"safety": "Gloves.", "commune_commune": ""}), status=422)
    assert_english(client.get(reverse("missions:host-mission-edit", args=[town.where.pk, town.mission.pk])))


def test_operator_pages_are_english(town):
    waiting, client = town.offer(state="submitted"), english_client(town.operator)
    with override("en"):
        fire(Workflow.of(waiting), waiting, "ask_correction", actor=actor(town.operator), answers={"reasons": "Say where."})

    assert_english(client.get(reverse("missions:operator-missions"), {"statut": "to_correct"}))
    for name in ("missions:queue", "portal:operator-settings", "notifications:outgoing-list"):
        assert_english(client.get(reverse(name)))
    assert_english(client.get(reverse("missions:operator-mission", args=[town.mission.pk])))
    assert_english(client.get(reverse("notifications:message-list")))
    assert_english(client.get(reverse("notifications:outgoing-detail", args=[Outgoing.objects.get().pk])))


def test_own_pages_are_english(town):
    for someone in (town.volunteer, town.manager):
        client = english_client(someone)
        for name in ("people:account", "people:profile", "notifications:list", "notifications:email-choice"):
            assert_english(client.get(reverse(name)))
    newcomer = account(person(first_name="New", last_name="Comer"), language="en").person
    assert_english(english_client(newcomer).get(reverse("portal:space")))
    client = english_client(newcomer)
    assert_english(client.get(reverse("organisations:you")))
    client.post(reverse("organisations:you"), {"mobile_phone": "06 12 34 56 78", "first_name": "New", "last_name": "Comer"})
    Network.objects.update(is_active=False)  # proper names: « Petits Frères des Pauvres » in every language
    assert_english(client.get(reverse("organisations:about")))
    said = {"name": "Helping hands", "legal_status": "association", "description": "We help."}
    client.post(reverse("organisations:about"), said)
    assert_english(client.get(reverse("organisations:place")))


def test_pages_of_an_organisation_are_english(town):
    join_request(town.where)
    client, boss = english_client(town.manager), english_client(town.operator)
    Network.objects.exclude(key="emmaus").update(is_active=False)
    claim = membership(town.where, "emmaus")

    for name in ("own", "team"):
        assert_english(client.get(reverse(f"organisations:{name}", args=[town.where.pk])))
    assert_english(client.post(reverse("organisations:own", args=[town.where.pk]), {"name": "x", "siret": "1"}), status=422)
    for name in ("memberships", "lists"):
        assert_english(boss.get(reverse(f"organisations:{name}")))
    assert_english(boss.get(reverse("organisations:membership-act", args=[claim.pk, "refuser"])))


def test_error_pages_are_english(town):
    assert_english(english_client().get("/missions/99999999-nowhere/"), status=404)
    assert_english(english_client(town.volunteer).get("/operateur/missions/"), status=404)
    assert_english(Client(enforce_csrf_checks=True, headers={"cookie": "django_language=en"}).post("/langue/"), status=403)
    assert_english(english_client().post(reverse("people:language"), {"language": "tlh"}), status=400)


def test_rules_that_the_operator_wrote_in_french_alone_stay_readable(town):
    reword_rules(domain())

    assert "Je reste prudent·e." in english_client().get(town.mission.get_absolute_url()).content.decode()


def test_pages_are_french_for_who_asked_nothing_whatever_the_browser_prefers(db):
    page = Words()
    page.feed(Client(headers={"accept-language": "en"}).get("/").content.decode())

    assert page.lang == "fr"


def test_french_pages_would_be_caught(town):
    for address in ("/", town.mission.get_absolute_url(), reverse("people:sign-up-volunteer")):
        page = Words()
        page.feed(Client().get(address).content.decode())
        assert len(french_in("\n".join(page.said))) > LONG


def test_choosing_a_language_leads_back_to_the_page_and_lasts(town):
    client = client_of(None)
    here = town.mission.get_absolute_url() + "?from=list"

    answer = client.post(reverse("people:language"), {"language": "en", "next": here})

    assert (answer.status_code, answer.url) == (302, here)
    assert_english(client.get(here))
    client.post(reverse("people:language"), {"language": "fr", "next": here})
    assert 'lang="fr"' in client.get(here).content.decode()


def test_the_language_of_an_account_is_spoken_wherever_it_signs_in(town):
    client = client_of(town.volunteer)  # a new browser, without the cookie

    assert_english(client.get(reverse("missions:volunteer-space")))


def test_no_language_leaks_into_the_next_answer(town):
    english_client().get("/")

    assert translation.get_language() == "fr"
    assert 'lang="fr"' in Client().get("/").content.decode()


# ── e-mails ───────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("message", sorted(MESSAGES.values(), key=lambda m: m.key), ids=lambda m: m.key)
@pytest.mark.django_db
def test_every_email_is_written_in_english(message):
    letter = sample_letter(message, "en")

    assert letter is not None
    page = Words()
    page.feed(letter.html)
    assert page.lang == "en"
    said = "\n".join([letter.subject, letter.text, *page.said])
    assert not french_in(said.replace("12 rue des Lilas", ""))


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "subject"), [("en", "You are expected: Baskets"), ("fr", "Vous êtes attendu·e : Baskets")])
def test_an_email_speaks_its_readers_language_whatever_the_senders(language, subject):
    reader = account(language=language).person
    grant(reader, Programme.RESERVE, Role.VOLUNTEER)
    theirs = participation(mission(title="Baskets", schedule="", **MARCH), reader)
    other = "fr" if language == "en" else "en"

    with override(other):
        fire(PARTICIPATION, theirs, "accept", actor=actor(theirs.mission.responsible))

    row = Outgoing.objects.get(person=reader)
    assert (row.language, row.subject) == (language, subject)
    assert ("1 to 8 March 2027" in row.text or "1 March 2027 to 8 March 2027" in row.text) is (language == "en")
    assert bool(FRENCH_WORDS.search(row.text)) is (language == "fr")
