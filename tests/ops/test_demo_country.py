"""The demonstration is a believable country: checked on 2,500 missions imagined and not written, and on 10,000 that are (slow).

How its texts are put together stands in ``ops/demo/texts/common.toml``.
"""

from __future__ import annotations

import hashlib
import re
import time
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

import pytest
from django.utils import timezone

from renfort.missions.enums import Format, MissionState, ParticipationState, Presence
from renfort.missions.models import Domain, Mission, Participation, Public
from renfort.ops.demo import load
from renfort.ops.demo.haste import in_haste
from renfort.ops.demo.hosts import Facts, siret
from renfort.ops.demo.loading import Demonstration
from renfort.ops.demo.named import officer_texts
from renfort.ops.demo.pen import Pen, Subject
from renfort.ops.demo.people import Registry
from renfort.ops.demo.places import Place
from renfort.ops.demo.words import TEXTS, domain_texts, texts
from renfort.organisations.models import Organisation
from renfort.people.models import Person
from renfort.people.rules import age_on
from renfort.territories.models import Commune, Department, Postcode

pytestmark = pytest.mark.django_db
WORD = re.compile(r"[^\W\d_]{5,}")


def quiet(_said: str) -> None:
    """Nobody listens."""


@dataclass
class Imagined(Demonstration):
    """A demonstration that is kept in memory."""

    registry: Registry | None = None
    organisations: list[Organisation] = field(default_factory=list)
    missions_made: list[Mission] = field(default_factory=list)
    participations: list[Participation] = field(default_factory=list)
    facts: list[Facts] = field(default_factory=list)

    def _organisations(self, registry):
        crew, hosts = super()._organisations(registry)
        self.facts = [host.facts for host in hosts]
        return crew, hosts

    def _write(self, registry, organisations, missions, participations):
        self.registry, self.organisations, self.missions_made, self.participations = (
            registry,
            organisations,
            [lived.mission for lived in missions],
            participations,
        )
        return {}

    def rows(self) -> Iterator[object]:
        """All that was imagined, but for the numbers of rows, which come from the database, and the hash of the password."""
        for person in self.registry.persons:
            yield person.first_name, person.last_name, person.email, person.mobile_phone, person.landline_phone, person.postcode
            yield person.birth_date, person.created_at
        for organisation in self.organisations:
            yield (
                organisation.name,
                organisation.legal_status_id,
                organisation.description,
                organisation.address,
                organisation.commune_id,
            )
            yield organisation.postcode, organisation.latitude, organisation.longitude, organisation.created_at
        yield from self.facts
        served: dict[int, list[int]] = {}
        for link in self.publics:
            served.setdefault(link.mission_id, []).append(link.public_id)
        for mission in self.missions_made:
            yield mission.title, mission.description, mission.schedule, mission.safety, mission.address, mission.commune_id
            yield (
                mission.state,
                mission.presence,
                mission.format,
                mission.places,
                mission.starts_on,
                mission.ends_on,
                mission.created_at,
            )
            yield mission.domain.key, mission.responsible.email, mission.published_at, served.get(mission.pk)
        for participation in self.participations:
            yield participation.state, participation.person.email, participation.created_at, participation.decided_at
        for entry in self.story.entries:
            yield entry.at, entry.verb, entry.before, entry.after

    def fingerprint(self) -> str:
        """One number for all of it."""
        digest = hashlib.sha256()
        for row in self.rows():
            digest.update(repr(row).encode())
        return digest.hexdigest()


def imagine(missions: int, volunteers: int, seed: int) -> Imagined:
    """A demonstration in memory."""
    made = Imagined(missions=missions, volunteers=volunteers, seed=seed, say=quiet)
    made.write()
    return made


KEPT: dict[str, Imagined] = {}


@pytest.fixture
def country(db) -> Imagined:
    """2,500 missions and 5,000 people, imagined once for all tests of this file."""
    if not KEPT:
        KEPT["country"] = imagine(2_500, 5_000, 7)
    return KEPT["country"]


def test_a_seed_and_a_day_give_the_same(db):
    assert imagine(60, 120, 3).fingerprint() == imagine(60, 120, 3).fingerprint()
    assert imagine(60, 120, 3).fingerprint() != imagine(60, 120, 4).fingerprint()


def test_titles_are_varied_and_short(country):
    titles = [mission.title for mission in country.missions_made]
    assert len(set(titles)) > 0.6 * len(titles)
    assert max(map(len, titles)) <= 80
    assert min(map(len, titles)) >= 8
    assert max(Counter(titles).values()) <= 20


def test_few_missions_share_a_comment(country):
    comments = [mission.description for mission in country.missions_made if mission.description]
    assert max(Counter(comments).values()) <= 5
    assert len(comments) > 0.95 * len(country.missions_made)


def test_comments_are_of_a_readable_length(country):
    """Those of the named accounts are written out; all others have 300 to 1,200 characters, mistakes included."""
    lengths = [
        len(mission.description) for mission in country.missions_made[len(texts("named")["mission"]) :] if mission.description
    ]
    assert min(lengths) >= 290
    assert max(lengths) <= 1_210


def test_every_domain_public_presence_and_format_is_served(country):
    served = {link.public_id for link in country.publics}
    assert served == set(Public.objects.values_list("pk", flat=True))
    seen = {(mission.domain.key, mission.presence, mission.format) for mission in country.missions_made}
    domains = Domain.objects.values_list("key", flat=True)
    assert seen == {(key, presence.value, format_.value) for key in domains for presence in Presence for format_ in Format}
    assert len({link.mission_id for link in country.publics}) == len(country.missions_made)


def test_every_department_has_an_open_mission_in_its_own_zone(country):
    today = timezone.localdate()
    opened = [mission for mission in country.missions_made if mission.state == "published" and mission.ends_on >= today]
    departments = dict(Department.objects.values_list("code", "zone"))
    assert len(departments) == 107
    assert {mission.department_id for mission in opened} == set(departments)
    assert all(mission.zone == departments[mission.department_id] for mission in country.missions_made)


def test_organisations_are_where_the_people_are(country):
    """In proportion to the population, but for the few that make each department have one."""
    population: Counter[str] = Counter()
    for department, people in Commune.objects.filter(parent=None).values_list("department_id", "population"):
        population[department] += people
    largest = {department for department, _ in population.most_common(20)}
    share = sum(organisation.department_id in largest for organisation in country.organisations) / len(country.organisations)
    expected = sum(population[department] for department in largest) / population.total()
    assert abs(share - expected) < 0.12


def test_every_state_is_lived_around_today(country):
    today = timezone.localdate()
    assert {mission.state for mission in country.missions_made} == {str(state) for state in MissionState}
    assert {participation.state for participation in country.participations} == {str(state) for state in ParticipationState}
    days = [mission.starts_on for mission in country.missions_made if mission.starts_on]
    assert min(days) > today - timedelta(days=365)
    assert max(days) < today + timedelta(days=120)
    one_off = [mission for mission in country.missions_made if mission.format == Format.ONE_OFF and mission.starts_on]
    assert all(mission.ends_on - mission.starts_on <= timedelta(days=92) for mission in one_off)


def test_times_agree(country):
    """A one-off mission of one day says the day on which it is; « le mardi » in a title is « mardi » in the schedule."""
    days = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]
    checked = 0
    for mission in country.missions_made[len(texts("named")["mission"]) :]:
        title, schedule = mission.title.lower(), mission.schedule.lower()
        in_title = [day for day in days if re.search(rf"\b{day}s?\b", title)]
        in_schedule = [day for day in days if re.search(rf"\b{day}s?\b", schedule)]
        if in_title and in_schedule:
            assert set(in_title) & set(in_schedule), (title, schedule)
            checked += 1
        if mission.format == Format.ONE_OFF and mission.starts_on == mission.ends_on and in_schedule:
            assert in_schedule == [days[mission.starts_on.weekday()]], schedule
    assert checked > 100


@cache
def known_words() -> frozenset[str]:
    """Every word of the texts and of the geography, as it is and as it begins a sentence."""

    def strings(value: Any) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict | list):
            for inner in value.values() if isinstance(value, dict) else value:
                yield from strings(inner)

    said = [text for path in TEXTS.glob("*.toml") for text in strings(tomllib.loads(path.read_text(encoding="utf-8")))]
    said += Commune.objects.values_list("name", flat=True)
    words = {word for text in said for word in WORD.findall(text)}
    return frozenset(words | {word.capitalize() for word in words} | {word[0].lower() + word[1:] for word in words})


def is_hasty(mission: Mission) -> bool:
    """Whether a word stands there that no text knows: misspelt, without its accents, in capitals."""
    return not known_words().issuperset(WORD.findall(f"{mission.title} {mission.description}"))


def test_a_tenth_is_typed_in_haste(country):
    hasty = [mission for mission in country.missions_made[len(texts("named")["mission"]) :] if is_hasty(mission)]
    assert 0.08 < len(hasty) / len(country.missions_made) < 0.12
    titles = [mission.title for mission in hasty]
    assert any(title == title.upper() for title in titles)
    assert any(not known_words().issuperset(WORD.findall(title)) and title != title.upper() for title in titles)
    assert any(known_words().issuperset(WORD.findall(mission.title)) for mission in hasty)  # then in the comment


def test_the_rest_is_good_french(country):
    """No gap left open, no article beside a preposition that swallows it, no elision forgotten."""
    wrong = re.compile(
        r"[{}]|  |\s[,.](?!\.)|\b(?:de|à) Les? [A-ZÉÈ]|\b[Dd]e (?=[AEÉÈÎOÔUÛ][a-zéèç])|\b(?:que|de|le|la|je) [aeéiou]"
        r"|\b(\w+) \1\b"
    )
    allowed = re.compile(r"vous vous|nous nous|la une|le onze|de onze|de un|que onze")
    for mission in country.missions_made[len(texts("named")["mission"]) :]:
        if is_hasty(mission):
            continue
        for text in (mission.title, mission.description, mission.schedule):
            found = [each.group() for each in wrong.finditer(text) if not allowed.search(each.group().lower())]
            assert not found, (found, text)


def test_people_are_of_all_ages(country):
    today = timezone.localdate()
    ages = Counter(age_on(person.birth_date, today) for person in country.registry.persons)
    total = ages.total()
    assert (min(ages), max(ages)) == (16, 90)
    for low in range(20, 90, 10):
        assert sum(ages[age] for age in range(low, low + 10)) > 0.005 * total, low
    assert 0.01 < sum(ages[age] for age in (16, 17)) / total < 0.06
    assert 0.06 < sum(number for age, number in ages.items() if age >= 70) / total < 0.2


def test_minors_wait(country):
    """Joining the réserve requires eighteen years (R3): they have an account, neither a role nor a participation."""
    today = timezone.localdate()
    minors = {person.pk for person in country.registry.persons if age_on(person.birth_date, today) < 18}
    assert minors
    assert not minors & {grant.person_id for grant in country.grants}
    assert not minors & {participation.person_id for participation in country.participations}


def test_names_come_from_everywhere(country):
    people = country.registry.persons
    names = {person.last_name for person in people}
    assert len(names) > 400
    assert len({person.first_name for person in people}) > 400
    for sign in ("é", "'", "-", " ", "ï"):
        assert any(sign in person.full_name for person in people), sign
    reunion = [person.last_name for person in people if person.postcode.startswith("974")]
    assert {"Hoarau", "Payet", "Grondin"} & set(reunion)
    eldest = {person.first_name for person in people if person.birth_date.year < 1945}
    youngest = {person.first_name for person in people if person.birth_date.year > 2000}
    assert "Enzo" not in eldest
    assert "Odette" not in youngest


def test_nobody_real_is_called_or_written_to(country):
    for person in country.registry.persons:
        assert person.email.endswith("@demo.test")
        assert re.fullmatch(r"\+3363998\d{4}", person.mobile_phone)
        assert re.fullmatch(r"|\+33(19900|26191|35301|46571|53649)\d{4}", person.landline_phone)
    assert len({person.email for person in country.registry.persons}) == len(country.registry.persons)
    for mission in country.missions_made:
        assert not re.search(r"\d{2}[ .]?\d{2}[ .]?\d{2}[ .]?\d{2}|@|https?:", mission.description)


def test_organisations_are_of_real_kinds(country):
    kinds = Counter(facts.kind for facts in country.facts)
    assert len(kinds) >= 22
    assert {
        "ccas",
        "town-hall",
        "hospital",
        "public-care-home",
        "middle-school",
        "food-bank",
        "neighbours",
        "fire-service",
    } <= set(kinds)
    assert {facts.status for facts in country.facts} == {"association", "public", "private", "other"}
    for organisation, facts in zip(country.organisations, country.facts, strict=True):
        assert facts.status == organisation.legal_status_id
        assert organisation.commune_id
        assert organisation.description
        assert re.fullmatch(r"\d+( bis| ter)? .+", organisation.address)
        assert not facts.website or re.fullmatch(r"https://[a-z0-9-]+\.example", facts.website)
    names = [organisation.name for organisation in country.organisations]
    assert len(set(names)) == len(names)
    assert max(map(len, names)) <= 80
    postcodes = set(Postcode.objects.values_list("commune_id", "code"))
    assert all((each.commune_id, each.postcode) in postcodes for each in country.organisations[3:])


def test_a_village_has_no_hospital(country):
    population = dict(Commune.objects.values_list("code", "population"))
    for organisation, facts in zip(country.organisations, country.facts, strict=True):
        if facts.kind == "hospital":
            assert population[organisation.commune_id] >= 12_000, organisation.name


def luhn(digits: str) -> int:
    """Luhn's sum, a multiple of ten when the number is right."""
    doubled = [int(digit) * (1 + position % 2) for position, digit in enumerate(reversed(digits))]
    return sum(number - 9 if number > 9 else number for number in doubled)


def test_sirets_are_valid_and_belong_to_nobody(country):
    sirets = [facts.siret for facts in country.facts]
    assert len(set(sirets)) == len(sirets)
    for number in [*sirets, siret(99_999, 12)]:
        assert re.fullmatch(r"000\d{11}", number)  # Insee has given no SIREN that begins so
        assert luhn(number[:9]) % 10 == 0
        assert luhn(number) % 10 == 0


TYPES = {  # the lists of R5
    "association": {""},
    "public": {"collectivite", "ccas", "mdph", "ecole", "sante-publique", "etablissement-public", "etat"},
    "private": {"espic", "esus", "fondation", "fonds-dotation", "prive-autre"},
    "other": {""},
}
SUBTYPES = {"etablissement-public": {"etablissement-sdis", "etablissement-autre"}}


def test_kinds_have_their_place_in_the_lists_of_types():
    for kind in texts("organisations")["kind"]:
        assert kind.get("type", "") in TYPES[kind["status"]], kind["key"]
        assert kind.get("subtype", "") in SUBTYPES.get(kind.get("type", ""), {""}), kind["key"]
        assert kind["status"] == "association" or "agreement" not in kind, kind["key"]


def test_activities_are_rich_and_all_of_them_known():
    """Each has titles, aims and tasks enough for variety; kinds of organisations name none that does not exist."""
    everything = [activity for domain in domain_texts().values() for activity in domain["activity"]]
    publics = set(Public.objects.values_list("key", flat=True))
    for activity in everything:
        assert len(activity["titles"]) >= 5, activity["key"]
        assert len(activity["aims"]) >= 2, activity["key"]
        assert len(activity["tasks"]) >= 5, activity["key"]
        assert all(task.startswith("Vous ") and task.endswith(".") for task in activity["tasks"]), activity["key"]
        assert set(activity["publics"]) <= publics
    named = {key for kind in texts("organisations")["kind"] for key in kind.get("activities", ())}
    assert named <= {activity["key"] for activity in everything}
    reserved = {activity["key"] for activity in everything if activity.get("reserved")}
    assert reserved <= named


def subject(**more: Any) -> Subject:
    """Something to write about."""
    place = Place("33063", "Bordeaux", ("33000",), "33", "Europe/Paris", 44.84, -0.58, 260_000)
    said = {"domain": "aide-alimentaire", "remote": False, "recurring": True, "place": place, "organisation": "Les Essais"}
    return Subject(**said | {"today": date(2026, 3, 1)} | more)


def test_a_comment_is_dropped_when_five_missions_have_it(monkeypatch):
    """With six texts to draw from, thirty missions share each five times and a sixth time never."""
    pen, drawn = Pen(Random(1)), Random(2)
    pen.haste = [False] * 31
    monkeypatch.setattr(pen, "_fitting", lambda *_: f"Texte {drawn.randrange(6)}.")
    comments = Counter(pen.write(subject()).description for _ in range(30))
    assert set(comments.values()) == {5}


def test_a_one_off_mission_says_its_date():
    day = date(2026, 12, 1)
    pages = [Pen(Random(seed)).write(subject(recurring=False, starts=day, ends=day)) for seed in range(60)]
    assert any("1er décembre" in page.schedule for page in pages)
    assert any("1er décembre" in page.title for page in pages)
    longer = [Pen(Random(seed)).write(subject(recurring=False, starts=day, ends=date(2026, 12, 4))) for seed in range(60)]
    assert any("Du 1er au 4 décembre" in page.schedule for page in longer)


def test_seasons_follow_the_calendar_and_the_hemisphere():
    def said(starts: date, department: str) -> str:
        place = Place("97411", "Saint-Denis", ("97400",), department, "Indian/Reunion", -20.9, 55.4, 150_000)
        asked = subject(place=place, starts=starts, ends=starts)
        return " ".join(f"{page.title} {page.description}" for page in (Pen(Random(seed)).write(asked) for seed in range(150)))

    assert "hiver" in said(date(2027, 1, 9), "33")
    assert "été" not in said(date(2027, 1, 9), "33").replace("a été", "")
    assert "cet hiver" not in said(date(2027, 1, 9), "974")
    assert "les nuits sont froides" not in said(date(2027, 1, 9), "974")


@pytest.mark.parametrize(
    ("city", "of", "at"),
    [
        ("Bordeaux", "de Bordeaux", "à Bordeaux"),
        ("Arras", "d'Arras", "à Arras"),
        ("Le Mans", "du Mans", "au Mans"),
        ("Les Abymes", "des Abymes", "aux Abymes"),
        ("La Rochelle", "de La Rochelle", "à La Rochelle"),
        ("L'Haÿ-les-Roses", "de L'Haÿ-les-Roses", "à L'Haÿ-les-Roses"),
        ("Hyères", "d'Hyères", "à Hyères"),
        ("Houilles", "de Houilles", "à Houilles"),
        ("Yvetot", "d'Yvetot", "à Yvetot"),
        ("Yutz", "de Yutz", "à Yutz"),
        ("Évreux", "d'Évreux", "à Évreux"),
    ],
)
def test_french_prepositions(city, of, at):
    place = Place("", city, ("",), "33", "Europe/Paris", 0.0, 0.0)
    assert (place.of_city, place.at_city) == (of, at)


def test_what_is_typed_in_haste_is_never_right():
    right = "Préparer des colis pour les familles. Vous triez les denrées et vous pesez les dons à l'accueil."
    wrong = {in_haste(Random(seed), right) for seed in range(200)}
    assert right not in wrong
    assert len(wrong) > 40
    assert any(each == right.upper() for each in wrong)
    assert any("Preparer" in each for each in wrong)


@pytest.mark.slow
def test_ten_thousand_missions_are_as_promised(settings, capsys):
    settings.DEMO = True
    begun = time.perf_counter()
    load(missions=10_000, volunteers=20_000, seed=1, progress=quiet)
    with capsys.disabled():
        print(f"\n10,000 missions and 20,000 people in {time.perf_counter() - begun:.1f} s")
    assert Mission.objects.count() == 10_000
    assert Person.objects.count() == 20_000 + len(officer_texts())
    assert Mission.objects.values("title").distinct().count() >= 2_000
    comments = Counter(Mission.objects.exclude(description="").values_list("description", flat=True))
    assert max(comments.values()) <= 5
    assert set(Mission.objects.filter(state="published").values_list("department_id", flat=True)) == set(
        Department.objects.values_list("code", flat=True)
    )
    missions = list(Mission.objects.all())
    assert 0.08 < sum(map(is_hasty, missions)) / len(missions) < 0.12
