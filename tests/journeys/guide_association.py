"""What the association's guide shows (P14), taken of the demonstration."""

from __future__ import annotations

from renfort.workshops.models import Client, Order


def take_association(visitor, take) -> None:
    """The pictures of « Guide de l'association », by a visitor who has not come in yet."""
    visitor.open("/connexion/")
    visitor.press('main button[value="association@demo.test"]', to="/ateliers/association/$")
    take(visitor, "association-commandes", height=760)
    client = Client.objects.get(organisation__name="Lycée Jean-Zay des Rives")
    visitor.open(f"/ateliers/association/clients/{client.pk}/")
    take(visitor, "association-client", height=640)
    order = Order.objects.get(title="Formation de l'encadrement")
    visitor.open(f"/ateliers/association/commandes/{order.pk}/")
    take(visitor, "association-commande", height=820)
