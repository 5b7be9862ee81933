"""What forms need to ask for a place: « Ville ou code postal » in one box, and a whole address (R6, R11, R17)."""

from renfort.territories.forms.address import AddressForm, ChosenAddress, PlaceNeed, initial_place, unjudged
from renfort.territories.forms.commune import ChosenCommune, CommuneField, CommuneInput

__all__ = [
    "AddressForm",
    "ChosenAddress",
    "ChosenCommune",
    "CommuneField",
    "CommuneInput",
    "PlaceNeed",
    "initial_place",
    "unjudged",
]
