"""The files that people take of lists (P6): an organisation's, a referent's, a network's. Each module declares its kinds."""

from renfort.missions.exporters import host, network, reads, territory

__all__ = ["host", "network", "reads", "territory"]
