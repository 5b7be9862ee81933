"""Which templates of missions exist for whom (R66)."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from renfort.missions.enums import TemplateScope
from renfort.missions.models import MissionTemplate
from renfort.organisations.models import Network, Organisation
from renfort.organisations.selectors import confirmed_networks

T = TemplateScope


def _shown() -> QuerySet[MissionTemplate]:
    return MissionTemplate.objects.select_related("domain", "network").order_by("domain__position", "domain_id", "id")


def templates_for(organisation: Organisation) -> QuerySet[MissionTemplate]:
    """What the organisation may start from: its own, of its confirmed networks, of the domains offered. Two queries."""
    networks = [network.pk for network in confirmed_networks(organisation)]
    whose = Q(scope=T.DOMAIN) | Q(scope=T.ORGANISATION, organisation=organisation) | Q(scope=T.NETWORK, network__in=networks)
    return _shown().filter(whose, is_active=True, domain__is_active=True)


def templates_of(organisation_id: int) -> QuerySet[MissionTemplate]:
    """The organisation's own, the newest first."""
    return _shown().filter(scope=T.ORGANISATION, organisation_id=organisation_id, is_active=True).order_by("-id")


def shared_templates() -> QuerySet[MissionTemplate]:
    """Those of domains and networks, which the operator edits; withdrawn ones too."""
    return _shown().exclude(scope=T.ORGANISATION)


def network_templates(network: int) -> QuerySet[MissionTemplate]:
    """Those of one network, which its head edits; withdrawn ones too."""
    return _shown().filter(scope=T.NETWORK, network_id=network)


def networks_offered() -> QuerySet[Network]:
    """The national networks of which an organisation may be."""
    return Network.objects.filter(is_active=True)
