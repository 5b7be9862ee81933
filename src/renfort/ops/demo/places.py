"""Where the demonstration takes place: real communes, in proportion to their people."""

from __future__ import annotations

from bisect import bisect
from collections import defaultdict
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from renfort.kernel.sentences import Sentence
from renfort.territories.models import Commune, Postcode

OVERSEAS = ("974", "971", "973", "976", "972")
VOWELS = "aeiouyàâäéèêëîïôöûüœ"
ASPIRATED = ("Hag", "Ham ", "Has", "Hem", "Hoch", "Hœ", "Hoe", "Hou", "Hu")  # « de Houilles », but « d'Hendaye »
TOWN = 8_000  # people: has quarters that one names


class NoGeographyError(Sentence):
    """The communes have not been loaded."""


@dataclass(frozen=True, slots=True)
class Place:
    """One commune as missions and people need it."""

    code: str
    city: str
    postcodes: tuple[str, ...]
    department: str
    zone: str
    latitude: float
    longitude: float
    population: int = 0

    @property
    def is_town(self) -> bool:
        """Large enough to have quarters that people name."""
        return self.population >= TOWN

    @property
    def is_overseas(self) -> bool:
        """Far from the mainland's seasons."""
        return self.department.startswith(("97", "98"))

    @property
    def of_city(self) -> str:
        """« de Bordeaux », « d'Arras », « du Mans », « des Abymes », « de La Rochelle »."""
        for article, contracted in (("Le ", "du "), ("Les ", "des ")):
            if self.city.startswith(article):
                return contracted + self.city.removeprefix(article)
        return f"d'{self.city}" if self._is_elided else f"de {self.city}"

    @property
    def _is_elided(self) -> bool:
        """Whether « de » loses its vowel: « d'Yvetot », « d'Hyères », but « de Yutz », « de Houilles »."""
        first, second = self.city[0].lower(), self.city[1:2].lower()
        if first == "h":
            return not f"{self.city} ".startswith(ASPIRATED)
        return first in VOWELS and not (first == "y" and second in "aeiou" and not self.city.startswith("Yerres"))

    @property
    def at_city(self) -> str:
        """« à Bordeaux », « au Mans », « aux Abymes », « à La Rochelle »."""
        for article, contracted in (("Le ", "au "), ("Les ", "aux ")):
            if self.city.startswith(article):
                return contracted + self.city.removeprefix(article)
        return f"à {self.city}"


class Atlas:
    """The communes, drawn in proportion to their population; the districts of Paris, Lyon and Marseille count within the city."""

    def __init__(self) -> None:
        """Read them once, in the order of their codes so that a seed always draws the same.

        Raises:
            NoGeographyError: when there are none.
        """
        postcodes: dict[str, list[str]] = defaultdict(list)
        for code, commune in Postcode.objects.order_by("code").values_list("code", "commune_id"):
            postcodes[commune].append(code)
        self._all: list[Place] = []
        weights: list[int] = []
        self._of_department: dict[str, tuple[list[Place], list[int]]] = defaultdict(lambda: ([], []))
        communes = Commune.objects.filter(parent=None, population__gt=0).order_by("code")
        columns = ("code", "name", "department_id", "department__zone", "latitude", "longitude", "population")
        for code, name, department, zone, latitude, longitude, population in communes.values_list(*columns):
            place = Place(code, name, tuple(postcodes[code] or [""]), department, zone, latitude, longitude, population)
            self._all.append(place)
            weights.append(population)
            places, totals = self._of_department[department]
            places.append(place)
            totals.append((totals[-1] if totals else 0) + population)
        if not self._all:
            raise NoGeographyError("La géographie manque : lancez « renfort migrate », puis recommencez.")
        self._totals = list(accumulate(weights))
        self._by_code = {place.code: place for place in self._all}

    def anywhere(self, rng: Random) -> Place:
        """A commune of France."""
        return self._all[bisect(self._totals, rng.randrange(self._totals[-1]))]

    def near(self, rng: Random, department: str) -> Place:
        """A commune of a department."""
        places, totals = self._of_department[department]
        return places[bisect(totals, rng.randrange(totals[-1]))]

    @property
    def departments(self) -> list[str]:
        """The codes of all departments and collectivities, in order."""
        return sorted(self._of_department)

    def of_code(self, code: str) -> Place:
        """The commune of an INSEE code."""
        return self._by_code[code]
