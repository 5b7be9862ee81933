"""What the operator's guide shows (P14), taken of the demonstration."""

from __future__ import annotations

from renfort.missions.models import Domain


def take_operator(visitor, take) -> None:
    """The pictures of « Guide de l'opérateur », by a visitor who has not come in yet."""
    visitor.open("/connexion/")
    visitor.press('main button[value="operateur@demo.test"]', to="/operateur/$")
    take(visitor, "operateur-accueil", height=800)
    where = Domain.objects.get(key="aide-alimentaire")
    visitor.open(f"/operateur/domaines/{where.pk}/")
    take(visitor, "operateur-domaine", height=700)
    visitor.open("/operateur/reglages/marque/")
    take(visitor, "operateur-marque", height=700)
    visitor.open("/operateur/listes/raisons-de-refus/")
    take(visitor, "operateur-liste", height=700)
    visitor.open("/operateur/personnes/?role=manager")
    take(visitor, "operateur-personnes", height=820)
    visitor.open("/operateur/courriels/")
    take(visitor, "operateur-courriels", height=700)
