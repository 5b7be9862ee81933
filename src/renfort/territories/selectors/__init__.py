"""What the geography answers. Every function takes plain text or codes; unknown input gives None or an empty list."""

from renfort.territories.selectors.addresses import Suggestion, Suggestions, suggest_addresses
from renfort.territories.selectors.communes import communes_matching, communes_of_postcode, department_of_postcode
from renfort.territories.selectors.departments import departments, departments_in_words, in_french_order, regions, zone_of
from renfort.territories.selectors.outlines import CountryMap, Outline, country_map, outlines
from renfort.territories.selectors.places import Place, understand_place

__all__ = [
    "CountryMap",
    "Outline",
    "Place",
    "Suggestion",
    "Suggestions",
    "communes_matching",
    "communes_of_postcode",
    "country_map",
    "department_of_postcode",
    "departments",
    "departments_in_words",
    "in_french_order",
    "outlines",
    "regions",
    "suggest_addresses",
    "understand_place",
    "zone_of",
]
