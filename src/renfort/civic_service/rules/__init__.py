"""Who may, and whether it is possible: pure questions, no writing. One module per subject."""

from renfort.civic_service.rules.project import (
    EDITABLE,
    NOT_ONES_OWN,
    READY,
    campaign_has_places,
    is_end_of_contracts,
    is_own_establishment,
    leads_its_establishment,
    manages_it,
    opinion_is_given,
)

__all__ = [
    "EDITABLE",
    "NOT_ONES_OWN",
    "READY",
    "campaign_has_places",
    "is_end_of_contracts",
    "is_own_establishment",
    "leads_its_establishment",
    "manages_it",
    "opinion_is_given",
]
