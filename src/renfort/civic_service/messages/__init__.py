"""What the programme « service civique » says to people."""

from renfort.civic_service.messages.access import ACCESS_INVITED

__all__ = ["ACCESS_INVITED"]
