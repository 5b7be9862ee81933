"""Every address of the programme for each of its roles, own and other scope, as one readable page; and closed, nothing (P11)."""

from __future__ import annotations

from copy import deepcopy

import pytest
from django.db import transaction
from django.urls import get_resolver
from tests.factories import client_of, grant, manager, volunteer
from tests.factories.civic_service import (
    acting,
    campaign,
    case_manager,
    establishment,
    federation,
    lead,
    project,
    service_co_tutor,
    service_tutor,
)
from tests.factories.directory import a_run
from tests.test_permissions import patterns

from renfort.civic_service.selectors.federations import manager_link
from renfort.civic_service.services.federations import invite_manager
from renfort.kernel.actors import SERVICE
from renfort.organisations.enums import Programme, Role
from renfort.parameters.catalogue import CLOSED, PROGRAMMES
from renfort.parameters.services import set_value

pytestmark = pytest.mark.django_db
ROLES = ("anonymous", "volunteer", "manager", "lead", "tutor", "co_tutor", "other", "case_manager", "elsewhere", "national")


@pytest.fixture
def scene():
    """One of each thing, the browsers, and an example of every address."""
    here, there = establishment(), establishment(name="Collège Sainte-Anne", department="75")
    gironde, paris = federation("33"), federation("75", name="Udogec de Paris")
    boss, chief = lead(here), case_manager(gironde)
    assert acting(boss, Role.ESTABLISHMENT_LEAD) and acting(chief, Role.CASE_MANAGER)
    one, tutor = campaign(), service_tutor(here)
    draft, filed = (project(here, state, campaign=one, lead=boss, tutor=tutor) for state in ("draft", "submitted"))
    examples = {
        "access": "acces/rien/",
        "establishment": f"etablissements/{here.pk}/",
        "record": f"etablissements/{here.pk}/fiche/",
        "record-edit": f"etablissements/{here.pk}/fiche/modifier/",
        "team": f"etablissements/{here.pk}/equipe/",
        "team-new": f"etablissements/{here.pk}/equipe/ajouter/",
        "team-edit": f"etablissements/{here.pk}/equipe/{here.posts.get(person=boss).pk}/",
        "team-invite": f"etablissements/{here.pk}/equipe/{here.posts.get(person=boss).pk}/inviter/",
        "team-hand-over": f"etablissements/{here.pk}/equipe/{here.posts.get(person=boss).pk}/confier/",
        "team-end": f"etablissements/{here.pk}/equipe/{here.posts.get(person=boss).pk}/retirer/",
        "schools": f"gestion/{gironde.pk}/etablissements/",
        "manager": f"gestion/{gironde.pk}/",
        "directory-ask-one": f"annuaire/relire/{here.pk}/",
        **directory_examples(a_run()),
        "projects": f"etablissements/{here.pk}/projets/",
        "project-new": f"etablissements/{here.pk}/projets/nouveau/",
        "project-edit": f"etablissements/{here.pk}/projets/{draft.pk}/modifier/",
        "project-copy": f"etablissements/{here.pk}/projets/{draft.pk}/copier/",
        "project": f"projets/{filed.pk}/",
        "project-act": f"projets/{filed.pk}/retirer/",
        **{
            f"{whose}-{name}": f"{home}projets/{end}"
            for whose, home in (("manager", f"gestion/{gironde.pk}/"), ("national", "gestion/"))
            for name, end in (
                ("queue", "a-etudier/"), ("projects", ""), ("projects-export", "exporter/"), ("case", f"{filed.pk}/"),
                ("case-opinion", f"{filed.pk}/avis/"), ("case-act", f"{filed.pk}/prendre/"),
            )
        },
        **campaign_examples(here, gironde, chief),
    }  # fmt: skip
    browsers = {
        "anonymous": client_of(None),
        "volunteer": client_of(volunteer()),
        "manager": client_of(manager(here.organisation)),  # of the same organisation, in the other programme
        "lead": client_of(boss),
        "tutor": client_of(service_tutor(here)),
        "co_tutor": client_of(service_co_tutor(here)),
        "other": client_of(lead(there)),
        "case_manager": client_of(chief),
        "elsewhere": client_of(case_manager(paris)),
        "national": client_of(case_manager()),
    }
    return browsers, examples


def directory_examples(run):
    """A reading that waits for an agreement, with a line to mend."""
    pages = {
        "run": "",
        "confirm": "confirmer/",
        "drop": "laisser/",
        "stop": "arreter/",
        "undo": "defaire/",
        "lines": "a-corriger/",
    }
    return {f"directory-{name}": f"annuaire/{run.pk}/{page}" for name, page in pages.items()}


def campaign_examples(here, gironde, chief):
    """Campaigns, approvals, federations: the addresses that need a number."""
    opened, draft = campaign(), campaign("draft", classes=())
    invited = invite_manager(actor=SERVICE, federation=gironde, name="Paul Martin", email="paul@example.org")
    held = chief.grants.get(programme=Programme.CIVIC_SERVICE)
    return {
        "establishment-campaign": f"etablissements/{here.pk}/campagnes/{opened.pk}/",
        "manager-campaigns": f"gestion/{gironde.pk}/campagnes/",
        "manager-campaign": f"gestion/{gironde.pk}/campagnes/{opened.pk}/",
        "manager-campaign-places": f"gestion/{gironde.pk}/campagnes/{opened.pk}/places/",
        "manager-campaign-place": f"gestion/{gironde.pk}/campagnes/{opened.pk}/places/{here.pk}/",
        "campaign": f"campagnes/{draft.pk}/",
        "campaign-edit": f"campagnes/{draft.pk}/modifier/",
        "campaign-class": f"campagnes/{draft.pk}/classes/",
        "campaign-class-remove": f"campagnes/{draft.pk}/classes/300/retirer/",
        "campaign-places": f"campagnes/{opened.pk}/places/",
        "campaign-place": f"campagnes/{opened.pk}/places/{here.pk}/",
        "campaign-act": f"campagnes/{draft.pk}/ouvrir/",
        "approval": f"agrements/{opened.approval_id}/",
        "federation": f"federations/{gironde.pk}/",
        "manager-invite": f"federations/{gironde.pk}/inviter/",
        "manager-invitation-act": f"federations/{gironde.pk}/invitations/{invited.pk}/",
        "manager-remove": f"federations/{gironde.pk}/gestionnaires/{held.pk}/retirer/",
        "manager-invitation": manager_link(invited).removeprefix("/service-civique/"),
    }


def addresses(examples):
    for pattern, name in patterns(get_resolver()):
        if name.startswith("civic_service:"):
            known = examples.get(name.removeprefix("civic_service:"), pattern.removeprefix("service-civique/"))
            assert "<" not in known, f"{name} ({pattern}) has no example: add it to the scene"
            yield name, "/service-civique/" + known


def answer(browser, method, url):
    cookies = deepcopy(browser.cookies)
    with transaction.atomic():
        status = getattr(browser, method)(url).status_code
        transaction.set_rollback(True)
    browser.cookies = cookies
    return status


def test_every_address_answers_each_role_as_written(scene, snapshot):
    browsers, examples = scene
    lines = ["# GET and POST (without any content) of every address of the programme, by role", ""]
    lines.append(f"{'name':<34} {' '.join(f'{role:<12}' for role in ROLES)}")
    for name, url in addresses(examples):
        cells = [f"{answer(browsers[r], 'get', url)}/{answer(browsers[r], 'post', url)}" for r in ROLES]
        lines.append(f"{name:<34} {' '.join(f'{cell:<12}' for cell in cells)}".rstrip())

    assert not any("500" in line for line in lines)
    snapshot("civic_service_addresses.txt", "\n".join(lines))


def test_a_closed_programme_has_neither_addresses_nor_roles(scene):
    """Vocabulary: when it is off, the site is the others' alone."""
    browsers, examples = scene
    set_value(PROGRAMMES["civic_service"], CLOSED, actor=SERVICE)

    for _name, url in addresses(examples):
        assert {browsers[role].get(url).status_code for role in ("anonymous", "lead", "case_manager")} == {404}, url
    home = browsers["lead"].get("/espace/", follow=True).content.decode()
    assert "Service civique" not in home and "service-civique" not in home


def test_menus_of_two_programmes_never_mix(scene):
    both = lead(establishment(name="Lycée Notre-Dame"))
    grant(both, Programme.RESERVE, Role.VOLUNTEER)
    browser = client_of(both)

    theirs = browser.get("/espace/benevole/")
    ours = browser.get("/espace/", follow=True)

    def menu(page):
        return {item.url for item in page.wsgi_request.nav.items}

    assert not any(url.startswith("/service-civique/") for url in menu(theirs))
    assert all(len(menu(page)) <= 5 for page in (ours, theirs))
