"""« Visualiser » (R16): the public page before it is public, for those who answer for the mission and nobody else."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.factories import client_of, manager, mission, operator, organisation, volunteer

pytestmark = pytest.mark.django_db
HIDDEN = ["draft", "submitted", "to_correct", "refused", "cancelled"]


def host_preview(what):
    return reverse("missions:host-mission-preview", args=[what.organisation_id, what.pk])


def operator_preview(what):
    return reverse("missions:operator-mission-preview", args=[what.pk])


@pytest.mark.parametrize("state", HIDDEN)
def test_managers_and_operator_see_the_page_that_is_not_online(state):
    where = organisation()
    what = mission(where=where, state=state, title="Tri de vêtements", latitude=44.84, longitude=-0.58)
    for reader, url in ((manager(where), host_preview(what)), (operator(), operator_preview(what))):
        response = client_of(reader).get(url)
        page = response.content.decode()
        assert response.status_code == 200
        assert "Tri de vêtements" in page
        assert "la mission n’est pas en ligne" in page
        assert "/proposer/" not in page  # nobody applies from there
        assert 'class="place-map"' in page  # as the volunteers will see it


@pytest.mark.parametrize("state", ["published", "ended"])
def test_a_mission_that_is_public_has_one_page(state):
    where = organisation()
    what = mission(where=where, state=state)

    response = client_of(manager(where)).get(host_preview(what))

    assert response.status_code == 302
    assert response.url == what.get_absolute_url()


def test_nobody_else_sees_it():
    what = mission(state="draft")
    strangers = [manager(organisation()), volunteer()]

    seen = [client_of(who).get(host_preview(what)).status_code for who in strangers]
    seen += [client_of(who).get(operator_preview(what)).status_code for who in (*strangers, manager(what.organisation))]

    assert seen == [404] * 5
    assert client_of(None).get(host_preview(what)).status_code == 302  # to the sign-in


def test_pages_of_a_mission_lead_to_its_preview():
    where = organisation()
    what = mission(where=where, state="submitted")

    page = client_of(manager(where)).get(reverse("missions:host-mission", args=[where.pk, what.pk])).content.decode()

    assert f'href="{host_preview(what)}"' in page
