"""From a series to who leads it: the directory, invitations, answers on the phone, a replacement, the month (W2 to W4, W12)."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

import pytest
from tests.factories import today
from tests.factories.workshops import assignment, facilitator, open_programme
from tests.harness.browser import DESKTOP, PHONE
from tests.journeys.steps import come_in
from tests.workshops.test_workshops_planning import towns

from renfort.workshops.models import Enrolment, Invitee, Order, Session

pytestmark = pytest.mark.browser
SOON = timedelta(days=10)


def next_change() -> date:
    """The next Sunday on which the clocks of France change: the last of March or of October, ten days from now at least."""
    for year in (today().year, today().year + 1):
        for month in (3, 10):
            last = date(year, month, monthrange(year, month)[1])
            sunday = last - timedelta(days=(last.weekday() + 1) % 7)
            if sunday - timedelta(days=7) >= today() + SOON:
                return sunday
    raise AssertionError("the clocks change twice a year")


def able(first: str, last: str, where: str = "33000"):
    made = facilitator("green", first_name=first, last_name=last)
    made.person.postcode = where
    made.person.save(update_fields=["postcode"])
    return made


@pytest.mark.parametrize("means", [DESKTOP, PHONE], ids=lambda means: means.name)
def test_a_series_is_planned_and_staffed_and_a_place_changes_hands(site, arrive, means):
    open_programme()
    towns()
    leader = able("Samir", f"Haddad {means.name}")
    what = assignment("awarded", by=leader, workshop=6)
    Order.objects.filter(pk=what.order_id).update(title=f"Semaine du climat {means.name}")
    yes, no = able("Léa", f"Fontaine {means.name}"), able("Adama", f"Keïta {means.name}", "33600")
    third = able("Lucie", f"Marchand {means.name}", "33600")

    # three Sundays, over the night on which the clocks change: the hours on the clock stay (W3)
    chief = arrive(site.url, means, "coordination")
    come_in(chief, leader.person)
    mission, change = f"/ateliers/missions/{what.pk}/", next_change()
    chief.open(mission)
    chief.press(f'a[href="{mission}sessions/nouvelle/"]', to="/nouvelle/$")
    chief.fill(day=(change - timedelta(days=7)).isoformat(), starts="14:00", ends="17:00", postcode="33000", city="Bordeaux")
    chief.choose("presence", "on_site")
    chief.choose("repeat", "weekly")
    chief.press('main details:has([name="times"]) > summary')
    chief.look("wp-serie")
    chief.submit()
    chief.says("Dites combien de sessions en tout")
    chief.fill(times="3", leads="2")
    chief.submit()
    chief.at(rf"{mission}(\?.*)?#sessions$")
    chief.says("3 sessions sont planifiées")
    series = list(Session.objects.filter(assignment=what).order_by("starts_at"))
    assert [each.local_start.date() for each in series] == [change + timedelta(days=7 * each) for each in (-1, 0, 1)]
    assert {each.local_start.hour for each in series} == {14} and len({each.starts_at.hour for each in series}) == 2
    chief.look("wp-mission")

    # who is near, conforms and is free; two are invited (W4)
    page = f"{mission}sessions/{series[0].pk}/"
    chief.open(page)
    chief.press(f'main a[href="{page}annuaire/"]', to="/annuaire/$")
    chief.open(f"{page}annuaire/?q={means.name}&km=50&tri=distance&libre=oui")
    chief.says("Léa Fontaine", "Adama Keïta", "Conformes ce jour-là", "À moins de 50 km")
    chief.look("wp-annuaire")
    chief.tick("qui", str(yes.pk))
    chief.tick("qui", str(no.pk))
    chief.submit()
    chief.says("2 invitations partent", "sans réponse")
    chief.look("wp-invites")

    # one accepts on the phone, from the e-mail; one declines
    first = arrive(site.url, PHONE, "accepte")
    come_in(first, yes.person)
    first.open("/ateliers/animation/")
    first.says("On vous invite à animer")
    first.look("wp-mes-invitations")
    first.open(site.letter(yes.person.account.email).link)
    first.at(r"/ateliers/invitation/")
    first.look("wp-invitation")
    first.submit('main button:has-text("inscrire à cette session")')
    first.says("Vous animez cette session")
    second = arrive(site.url, means, "decline")
    come_in(second, no.person)
    second.open("/ateliers/animation/")
    second.submit('main form[action$="/decliner/"] button')
    second.says("la coordination est prévenue")
    assert Invitee.objects.get(session=series[0], email=no.person.account.email).declined_at is not None
    chief.open(page)
    chief.says("A décliné", "Inscrit·e")
    chief.look("wp-reponses")

    # the one who accepted cannot come: the place goes to another (W12)
    mine = Enrolment.objects.get(session=series[0], facilitator=yes)
    first.open(f"/ateliers/animation/sessions/{mine.pk}/")
    first.press('main a:has-text("Trouver un remplacement")', to="/remplacement/$")
    first.choose("to", str(third.pk))
    first.fill(words="Un empêchement ce jour-là.")
    first.look("wp-proposer-sa-place")
    first.submit('main form[method="post"] button.btn-primary')
    first.says("La place reste la vôtre")
    first.look("wp-ma-session")
    taker = arrive(site.url, means, "remplace")
    come_in(taker, third.person)
    taker.open("/ateliers/animation/")
    taker.says("On cherche à être remplacé·e", "proposé à vous")
    taker.look("wp-mes-sessions")
    taker.press('main section[aria-labelledby="remplacements"] a', to=r"/remplacements/\d+/$")
    taker.says("Un empêchement ce jour-là.")
    taker.look("wp-prendre-la-place")
    taker.submit('main button:has-text("Prendre la place")')
    taker.says("La place est la vôtre")
    states = dict(Enrolment.objects.filter(session=series[0]).values_list("facilitator", "state"))
    assert states == {yes.pk: "withdrawn", third.pk: "enrolled"}

    # the month, and the rows behind the figure (W2)
    chief.open(f"{mission}agenda/?mois={series[0].local_start:%Y-%m}")
    chief.says("Les sessions de ce mois", "Bordeaux")
    chief.look("wp-mois")
    chief.open(f"{mission}services/?type=workshop")
    chief.says("Lucie Marchand")
    assert "Léa Fontaine" not in chief.page.locator("main").inner_text()
    chief.look("wp-services")
