"""From the link and the pasted list to the seat that comes free: who coordinates, and two participants on a phone (W6)."""

from __future__ import annotations

import pytest
from django.utils import timezone
from tests.factories.workshops import assignment, facilitator, open_programme, session
from tests.harness.browser import DESKTOP, PHONE, PHONE_NO_SCRIPT
from tests.journeys.steps import come_in

from renfort.kernel.firing import fire_due
from renfort.workshops.models import Registration
from renfort.workshops.selectors.join_links import own_link
from renfort.workshops.workflow import REGISTRATION

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("means", [DESKTOP, PHONE], ids=lambda means: means.name)
def test_people_come_onto_the_list_and_a_freed_seat_goes_to_the_next(site, arrive, means):
    open_programme()
    able = facilitator(first_name="Samir", last_name=f"Haddad {means.name}")
    one = session(assignment("awarded", by=able, audience="company"), participants=1)
    here = f"/ateliers/missions/{one.assignment_id}/sessions/{one.pk}/"

    # the coordinator: a link to hand on, a pasted list of twenty with two wrong lines
    leader = arrive(site.url, means, "coordination")
    come_in(leader, able.person)
    leader.open(here)
    leader.press('main nav a:has-text("Participant·es")', to=r"/participants/$")
    leader.says("Personne sur la liste pour le moment")
    leader.look("w-participants-vide")
    leader.submit('main button:has-text("Créer un lien")')
    link = leader.page.locator("main code").inner_text().strip()
    link = link[link.index("/ateliers/") :]
    leader.open(f"{here}participants/inviter/")
    lines = [f"Awa Diallo-{chr(65 + n)} <awa{n}.{means.name}@example.org>" for n in range(18)]
    leader.fill(people="\n".join([*lines, "Bob sans adresse", f"Awa <AWA3.{means.name}@example.org>"]))
    leader.submit('main button:has-text("Lire la liste")')
    leader.says("18 invitations prêtes", "Bob sans adresse", "déjà à la ligne 4")
    leader.look("w-participants-coller")
    leader.submit('main button:has-text("Inviter ces 18 personnes")')
    leader.says("18 invitations partent", "Bob sans adresse")
    assert Registration.objects.filter(session=one, state="invited").count() == 18

    # a participant, without JavaScript; then another one, who waits
    for number, first in enumerate(("Chloé", "Ada")):
        address = f"{means.name}.p{number}@example.org".lower()
        guest = arrive(site.url, PHONE_NO_SCRIPT if number == 0 else means, first)
        guest.open(link)
        if number == 0:
            guest.look("w-participer")
        else:
            guest.says("La session est complète")
        guest.fill(first_name=first, last_name="Martin", email=address)
        guest.page.check('main input[name="agreed"]')
        guest.submit()
        guest.at("/merci/$")
        guest.says("Consultez vos e-mails")
        if number == 0:
            guest.look("w-participer-merci")
        guest.open(own_link(Registration.objects.get(session=one, email=address)))
        guest.says(("Vous êtes inscrit·e", "Place 1 de la liste")[number])
        guest.look(("w-participation", "w-participation-attente")[number])
        if number == 0:
            seated = guest

    # who has the seat gives it back; the next one has it
    seated.press('main a:has-text("Je ne viens pas")', to="/ne-pas-venir/$")
    seated.submit("main form button.btn-danger")
    seated.says("Vous ne venez pas")
    fire_due(timezone.now(), flows=[REGISTRATION])
    guest.open(guest.path())
    guest.says("Vous êtes inscrit·e")
    leader.open(f"{here}participants/")
    leader.says("Inscrit·es : 1 · Places : 1", "Ada Martin")
    leader.look("w-participants")
