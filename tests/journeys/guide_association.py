"""What the association's guide shows (P14), taken of the demonstration of coordinated sessions."""

from __future__ import annotations

from tests.journeys.steps import come_in

from renfort.kernel.actors import SERVICE
from renfort.kernel.recent import forget_all
from renfort.ops.demo.workshops import load
from renfort.parameters.catalogue import CLOSED, PROGRAMMES
from renfort.parameters.services import set_value
from renfort.people.models import Person
from renfort.workshops.models import Client, Order


def take_association(visitor, take) -> None:
    """The pictures of « Guide de l'association », by a visitor who has not come in yet; the programme is closed again after."""
    load()
    forget_all()
    come_in(visitor, Person.objects.get(account__email="association@demo.test"))
    visitor.open("/ateliers/association/")
    take(visitor, "association-commandes", height=760)
    client = Client.objects.get(organisation__name="Lycée Jean-Zay des Rives")
    visitor.open(f"/ateliers/association/clients/{client.pk}/")
    take(visitor, "association-client", height=640)
    order = Order.objects.get(title="Formation de l'encadrement")
    visitor.open(f"/ateliers/association/commandes/{order.pk}/")
    take(visitor, "association-commande", height=820)
    set_value(PROGRAMMES["workshops"], CLOSED, actor=SERVICE)
    forget_all()
