"""R10, R13, R58: domains are the operator's, their rules have versions, what is in use is never deleted."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from django.db.models import ProtectedError
from django.test import Client
from tests.factories import (
    actor,
    client_of,
    domain,
    manager,
    mission,
    operator,
    organisation,
    participation,
    rules_of,
    today,
    volunteer,
)

from renfort.audit.models import Entry
from renfort.kernel.firing import NotAllowed
from renfort.missions.forms.domain import initial_of_domain
from renfort.missions.forms.mission import MissionForm, initial_of
from renfort.missions.models import Domain, DomainRules
from renfort.missions.selectors.eligibility import Obstacle, eligibility
from renfort.missions.services.domains import edit_domain, write_rules

pytestmark = pytest.mark.django_db
KEY = "garde-enfants"


@pytest.fixture
def boss():
    return client_of(operator(first_name="Odile", last_name="Pérateur"))


def url(where, verb=""):
    return f"/operateur/domaines/{where.pk}/" + (f"{verb}/" if verb else "")


def filled(where, **said):
    given = initial_of_domain(where, rules_of(where))
    given["rules_fr"], given["rules_en"] = "\n".join(given["rules_fr"]), "\n".join(given["rules_en"])
    return {name: value for name, value in given.items() if value is not None and value is not False} | said


def public():
    return unescape(Client().get("/regles-sanitaires/").content.decode())


def test_rules_that_are_edited_are_on_the_public_page_at_once_and_who_ticked_the_old_ones_keeps_them(boss):
    """R13: the version and the time of what was ticked are kept."""
    where = domain(KEY)
    ticked = participation(mission(domain=where))
    before = rules_of(where)

    answer = boss.post(url(where), filled(where, rules_fr="Je viens avec un masque.\n\n  Je préviens   si je tousse. "))

    assert answer.status_code == 302
    now = rules_of(where)
    assert (now.version, now.rules_fr) == (before.version + 1, ["Je viens avec un masque.", "Je préviens si je tousse."])
    assert "Je viens avec un masque." in public() and before.rules_fr[1] not in public()
    ticked.refresh_from_db()
    assert ticked.rules == before and ticked.rules.rules_fr == before.rules_fr
    page = unescape(boss.get(url(where)).content.decode())
    assert "Version 2" in page and "Odile Pérateur" in page and "Nouvelles règles" in page


def test_a_former_version_comes_back_under_a_new_number(boss):
    where = domain(KEY)
    first = rules_of(where)
    boss.post(url(where), filled(where, rules_fr="Je viens avec un masque."))

    boss.post(url(where, "version"), {"ligne": first.pk})

    now = rules_of(where)
    assert (now.version, now.rules_fr, now.statement_fr) == (3, first.rules_fr, first.statement_fr)
    assert first.rules_fr[1] in public()


def test_saving_what_is_there_already_writes_nothing(boss):
    where = domain(KEY)

    assert boss.post(url(where), filled(where)).status_code == 302
    assert not Entry.objects.filter(model="missions.domain").exists() and DomainRules.objects.filter(domain=where).count() == 1


def test_words_are_changed_seen_read_in_the_history_and_brought_back(boss):
    where = domain(KEY)
    boss.post(url(where), filled(where, objective_fr="Que chaque enfant ait quelqu'un.", minimum_age="21"))
    assert "Que chaque enfant ait quelqu'un." in public()

    page = unescape(boss.get(url(where)).content.decode())
    assert f"{where.objective_fr[:40]}" in page and "– → 21" in page
    line = Entry.objects.get(verb="missions.domain.edit")
    boss.post(url(where, "retablir"), {"ligne": line.pk})

    where.refresh_from_db()
    assert where.minimum_age is None and where.objective_fr in public()
    assert "Que chaque enfant ait quelqu'un." not in public()


def test_a_closed_domain_is_no_longer_proposed_and_missions_that_have_it_keep_it(boss):
    where, host = domain(KEY), organisation()
    someone = manager(host)
    made = mission(host, domain=where)

    boss.post(url(where, "fermer"))

    assert KEY not in public()
    team = [someone]
    assert KEY not in MissionForm(organisation=host, team=team).domains
    assert KEY in MissionForm(organisation=host, team=team, initial=initial_of(made)).domains, "its own mission may be edited"
    assert Client().get(made.get_absolute_url()).status_code == 200
    listed = unescape(boss.get("/operateur/domaines/").content.decode())
    assert "Fermé" in listed and "1 mission" in listed
    boss.post(url(where, "ouvrir"))
    assert f"domaine-{KEY}" in public()


def test_nothing_deletes_a_domain_in_use(boss):
    where = mission().domain

    assert boss.post(url(where, "supprimer")).status_code == 404
    with pytest.raises(ProtectedError):
        where.delete()


def test_a_domain_may_refuse_missions_at_a_distance(boss):
    where, host = domain(KEY), organisation()
    given = filled(where)
    given.pop("remote_allowed")
    boss.post(url(where), given)

    form = MissionForm({"domain": KEY, "presence": "remote"}, organisation=host, team=[manager(host)])

    assert "sur place, pas à distance" in unescape(str(form.errors["presence"]))
    other = MissionForm({"domain": "aide-alimentaire", "presence": "remote"}, organisation=host, team=[manager(host)])
    assert "presence" not in other.errors


@pytest.mark.parametrize(
    ("said", "age", "found"),
    [
        ({"minimum_age": "21"}, 20, {Obstacle.TOO_YOUNG}),
        ({"minimum_age": "16"}, 17, set()),
        ({"age_limit_on_site": "60"}, 65, {Obstacle.TOO_OLD_ON_SITE}),
        ({"age_limit_on_site": "0"}, 90, set()),
    ],
)
def test_a_domain_may_have_ages_of_its_own(boss, said, age, found):
    """R31: the domain's, else the réserve's."""
    where = domain(KEY)
    boss.post(url(where), filled(where, **said))
    born = today() - timedelta(days=round(age * 365.25) + 60)

    assert set(eligibility(mission(domain=domain(KEY)), volunteer(birth_date=born)).obstacles) == found
    assert set(eligibility(mission(), volunteer(birth_date=born)).obstacles) == (
        {Obstacle.TOO_YOUNG} if age == 17 else {Obstacle.TOO_OLD_ON_SITE} if age == 90 else set()
    )


def test_a_new_domain_is_open_at_the_end_with_its_rules(boss):
    said = {
        "label_fr": "Je répare des vélos", "short_fr": "Réparation", "illustration": "generic", "objective_fr": "Rouler.",
        "rules_fr": "Je porte des gants.", "statement_fr": "Je respecte ces règles.",
        "form_token": "0a0e0d4e-7f8a-4a39-9b4e-0d7c5f7a1c12",
    }  # fmt: skip

    for _ in "12":
        assert boss.post("/operateur/domaines/nouveau/", said).status_code == 302

    made = Domain.objects.get(short_fr="Réparation")
    assert (made.key, list(Domain.objects.all())[-1]) == ("reparation", made)
    assert "Je porte des gants." in public()


def test_domains_move(boss):
    first, second = Domain.objects.all()[:2]

    boss.post(url(second, "monter"))
    assert list(Domain.objects.all())[:2] == [second, first]
    boss.post(url(second, "monter"))
    assert list(Domain.objects.all())[:2] == [second, first]
    boss.post(url(second, "descendre"))
    assert list(Domain.objects.all())[:2] == [first, second]


@pytest.mark.parametrize(
    "wrong",
    [
        {"rules_fr": ""},
        {"rules_fr": "\n".join(["Une règle."] * 16)},
        {"rules_fr": "x" * 251},
        {"statement_fr": ""},
        {"short_fr": ""},
        {"minimum_age": "-1"},
        {"age_limit_on_site": "abc"},
        {"illustration": "dragon"},
    ],
)
def test_a_mistake_is_said_beside_its_field_and_nothing_is_half_written(boss, wrong):
    where = domain(KEY)

    answer = boss.post(url(where), filled(where, objective_fr="Autre chose.", **wrong))

    assert (answer.status_code, set(answer.context["form"].errors)) == (422, set(wrong))
    assert Domain.objects.get(pk=where.pk).objective_fr != "Autre chose." and rules_of(where).version == 1


def test_only_the_operator_edits_domains():
    someone, where = manager(), domain(KEY)

    assert client_of(someone).post(url(where), filled(where, short_fr="Moi")).status_code == 404
    with pytest.raises(NotAllowed):
        edit_domain(actor=actor(someone), domain=where, facts={"short_fr": "Moi"})
    with pytest.raises(NotAllowed):
        write_rules(actor=actor(someone), domain=where, wording={})
    for wrong in (999999, 0):
        assert client_of(operator()).get(f"/operateur/domaines/{wrong}/").status_code == 404


def test_the_list_costs_the_same_for_one_mission_and_for_twenty(boss, django_assert_max_num_queries):
    mission()
    boss.get("/operateur/domaines/")  # the session notes the role once
    with django_assert_max_num_queries(12) as one:
        boss.get("/operateur/domaines/")
    for _ in range(19):
        mission()
    boss.get("/operateur/domaines/")  # the session notes the role once
    with django_assert_max_num_queries(12) as many:
        boss.get("/operateur/domaines/")

    assert len(one) == len(many)


def test_publics_are_a_list_of_the_operator_too(boss):
    """R11: the list is editable; what was chosen is shown where it is used, and its words come back."""
    made = mission()
    shown = unescape(boss.get("/operateur/listes/publics/").content.decode())
    assert "Personnes âgées" in shown
    public_ = made.publics.model.objects.get(label_fr="Personnes âgées")
    made.publics.add(public_)
    entry = f"/operateur/listes/publics/{public_.pk}/"

    boss.post(entry, {"label_fr": "Aînés", "label_en": "Elders"})

    page = unescape(boss.get(entry).content.decode())
    assert "Personnes âgées → Aînés" in page and "missions : 1" in page
    line = Entry.objects.get(verb="missions.public.rename")
    boss.post(entry, {"ligne": line.pk})
    public_.refresh_from_db()
    assert public_.label_fr == "Personnes âgées"
