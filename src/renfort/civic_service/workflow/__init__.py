"""The life cycles of the programme, a page per subject. These pages are the rule; nothing repeats them."""

from renfort.civic_service.workflow.campaign import CAMPAIGN
from renfort.civic_service.workflow.project import PROJECT

__all__ = [
    "CAMPAIGN",
    "PROJECT",
]
