"""The demonstration's people: of all ages, from everywhere, with telephone numbers that ring nowhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from allauth.account.models import EmailAddress
from django.utils.text import slugify

from renfort.ops.demo.places import Place
from renfort.ops.demo.words import texts
from renfort.ops.greeting import DEMO_DOMAIN
from renfort.people.models import Account, Person
from renfort.people.rules import age_on

# Ranges that Arcep keeps for works of fiction: nobody is called by mistake.
MOBILE = "+3363998"
LANDLINES = ("+3319900", "+3326191", "+3335301", "+3346571", "+3353649")
LAST_FOUR = 10_000
AGES = (
    (16, 17, 3), (18, 18, 3), (19, 25, 17), (26, 39, 24), (40, 54, 21), (55, 64, 13), (65, 69, 8), (70, 79, 8), (80, 90, 3)
)  # from, to, share  # fmt: skip
IN_CHARGE = ((22, 39, 40), (40, 64, 48), (65, 78, 12))  # those who run an organisation
LANDLINE, LANDLINE_OF_ELDERS, ELDERS_BORN_BEFORE = 0.15, 0.6, 1960
DOUBLE_NAME = 0.03
ADULT = 18


@dataclass
class Registry:
    """Makes people and keeps them: persons, accounts, addresses, all with one hash of one password."""

    rng: Random
    today: date
    now: datetime
    password: str
    persons: list[Person] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    addresses: list[EmailAddress] = field(default_factory=list)
    ids: Iterator[int] = field(default_factory=lambda: iter(()))
    homes: dict[int, Place] = field(default_factory=dict)  # by the person's number

    def named(self, key: str, *, first_name: str, last_name: str, born: date, home: Place) -> Person:
        """Somebody whom the documentation names: ``benevole@demo.test``."""
        return self._register(f"{key}{DEMO_DOMAIN}", first_name, last_name, born, home)

    def anybody(self, home: Place, *, in_charge: bool = False) -> Person:
        """Somebody of any age and name; of an age to run an organisation if ``in_charge``."""
        born = self._birth_date(IN_CHARGE if in_charge else AGES)
        first, last = self._name(born.year, home)
        address = f"{slugify(first)}.{slugify(last)}.{len(self.persons) + 1}{DEMO_DOMAIN}"
        return self._register(address, first, last, born, home)

    def is_adult(self, person: Person) -> bool:
        """Old enough today to join the réserve (R3)."""
        return person.birth_date is not None and age_on(person.birth_date, self.today) >= ADULT

    def _name(self, born: int, home: Place) -> tuple[str, str]:
        """First and last name that suit a year of birth and a place; a few have two last names."""
        rng, names = self.rng, texts("names")
        origins = names["origin"]
        weights = [origin.get("there") if home.department in origin.get("homes", ()) else origin["share"] for origin in origins]
        origin = rng.choices(origins, weights=weights)[0]
        generation = next(each for each in names["generation"] if born <= each["born_until"])
        has_own = rng.randrange(100) < origin["own"]
        first, last = rng.choice((origin if has_own else generation)["first"]), rng.choice(origin["last"])
        if rng.random() < DOUBLE_NAME and "-" not in last:
            last = f"{last}-{rng.choice([name for name in origins[0]['last'] if name != last])}"
        return first, last

    def _birth_date(self, ages: Sequence[tuple[int, int, int]]) -> date:
        low, high, _ = self.rng.choices(ages, weights=[share for *_, share in ages])[0]
        age = self.rng.randint(low, high)
        turned = self.today - timedelta(days=self.rng.randint(1, 364))  # the last birthday; never today, so that a day is a day
        return date(turned.year - age, turned.month, min(turned.day, 28))

    def _register(self, address: str, first: str, last: str, born: date, home: Place) -> Person:
        rng, number = self.rng, next(self.ids)
        landline = LANDLINE_OF_ELDERS if born.year < ELDERS_BORN_BEFORE else LANDLINE
        joined = self.now - timedelta(days=rng.randint(420, 700), minutes=rng.randint(0, 1000))
        person = Person(
            pk=number,
            first_name=first,
            last_name=last,
            email=address,
            mobile_phone=f"{MOBILE}{rng.randrange(LAST_FOUR):04}",
            landline_phone=f"{rng.choice(LANDLINES)}{rng.randrange(LAST_FOUR):04}" if rng.random() < landline else "",
            postcode=rng.choice(home.postcodes),
            birth_date=born,
            created_at=joined,
        )
        account = Account(person=person, email=address, password=self.password, joins="", date_joined=joined)
        self.persons.append(person)
        self.accounts.append(account)
        self.addresses.append(EmailAddress(user=account, email=address, verified=True, primary=True))
        self.homes[number] = home
        return person


class Crowd:
    """Volunteers, found near a mission first."""

    def __init__(self, volunteers: Sequence[Person], homes: dict[int, Place]) -> None:
        self.everybody = list(volunteers)
        self.near: dict[str, list[Person]] = defaultdict(list)
        for person in self.everybody:
            self.near[homes[person.pk].department].append(person)

    def draw(self, rng: Random, department: str, count: int, *, first_day: date, limit: int, without: set[int]) -> list[Person]:
        """Up to ``count`` people who may go on a mission, none of ``without``, who are added to it.

        ``limit``: the age from which one may not, 0 for none; nobody is under 18 on the first day (R31).
        """
        found: list[Person] = []
        for _ in range(count * 12):
            if len(found) == count:
                break
            near = self.near[department] if rng.random() < 0.85 else []  # noqa: PLR2004 -- some come from afar
            person = rng.choice(near or self.everybody)
            age = age_on(person.birth_date or first_day, first_day)
            if person.pk in without or age < ADULT or (limit and age >= limit):
                continue
            without.add(person.pk)
            found.append(person)
        return found
