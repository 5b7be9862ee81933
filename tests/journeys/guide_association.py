"""What the guides of coordinated sessions show (P14), taken of the demonstration of the programme."""

from __future__ import annotations

from tests.harness.browser import PHONE
from tests.journeys.steps import come_in

from renfort.kernel.actors import SERVICE
from renfort.kernel.recent import forget_all
from renfort.ops.demo.workshops import load
from renfort.parameters.catalogue import CLOSED, PROGRAMMES
from renfort.parameters.services import set_value
from renfort.people.models import Person
from renfort.workshops.models import Assignment, Client, Enrolment, Order


def take_workshops(site, arrive, means, take) -> None:
    """The pictures of the three guides of the programme, by visitors who have not come in yet; it is closed again after."""
    load()
    forget_all()
    take_association(arrive(site, means, "association"), take)
    take_coordination(arrive(site, means, "coordination"), take)
    take_animation(arrive(site, PHONE, "animation"), take)
    set_value(PROGRAMMES["workshops"], CLOSED, actor=SERVICE)
    forget_all()


def take_association(visitor, take) -> None:
    """« Guide de l'association », at a desk."""
    come_in(visitor, Person.objects.get(account__email="association@demo.test"))
    visitor.open("/ateliers/association/")
    take(visitor, "association-commandes", height=760)
    client = Client.objects.get(organisation__name="Lycée Jean-Zay des Rives")
    visitor.open(f"/ateliers/association/clients/{client.pk}/")
    take(visitor, "association-client", height=640)
    order = Order.objects.get(title="Formation de l'encadrement")
    visitor.open(f"/ateliers/association/commandes/{order.pk}/")
    take(visitor, "association-commande", height=820)


def take_coordination(visitor, take) -> None:
    """« Guide de la coordination », at a desk."""
    come_in(visitor, Person.objects.get(account__email="coordination@demo.test"))
    what = Assignment.objects.get(order__title="Semaine du climat")
    invited = what.sessions.exclude(series=None).order_by("starts_at")[1]
    visitor.open(f"/ateliers/missions/{what.pk}/")
    take(visitor, "coordination-mission", height=820)
    visitor.open(f"/ateliers/missions/{what.pk}/sessions/nouvelle/")
    visitor.choose("repeat", "weekly")
    visitor.press('main details:has([name="times"]) > summary')
    take(visitor, "coordination-planifier", of='section.form-section:has([name="repeat"])')
    visitor.open(f"/ateliers/missions/{what.pk}/sessions/{invited.pk}/annuaire/")
    take(visitor, "coordination-annuaire", height=960)
    visitor.open(f"/ateliers/missions/{what.pk}/sessions/{invited.pk}/")
    take(visitor, "coordination-session", height=1180)


def take_animation(visitor, take) -> None:
    """« Guide de l'animation », on a phone."""
    someone = Person.objects.get(account__email="animation@demo.test")
    come_in(visitor, someone)
    visitor.open("/ateliers/animation/")
    take(visitor, "animation-mes-sessions", height=844)
    visitor.press('main section[aria-labelledby="invitations"] a >> nth=0', to="/invitation/")
    take(visitor, "animation-invitation", height=844)
    visitor.open("/ateliers/animation/conformite/")
    take(visitor, "animation-conformite", height=844)
    ahead = Enrolment.objects.filter(facilitator=someone.pk, state="enrolled").latest("starts_at")
    visitor.open(f"/ateliers/animation/sessions/{ahead.pk}/remplacement/")
    take(visitor, "animation-remplacement", height=844)
