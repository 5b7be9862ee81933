"""The réserve's pages as people use them, on the real site: what each one finds, what is refused, what is not lost."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.factories import (
    actor,
    as_operator,
    client_of,
    grant,
    manager,
    mission,
    mission_form,
    operator,
    organisation,
    participation,
    reword_rules,
    rules_of,
    volunteer,
)

from renfort.missions.models import Mission, Participation
from renfort.notifications.models import Outgoing
from renfort.organisations.enums import Programme, Role
from renfort.parameters.catalogue import PUBLICATION, VALIDATE_FIRST
from renfort.parameters.services import set_value

pytestmark = pytest.mark.django_db
SECRETS = ("Maryse Contact", "0556010203", "contact@secret.example")


@pytest.fixture
def host():
    """An organisation, its manager, and the manager's browser."""
    where = organisation(commune_id="33063")
    someone = manager(where)
    return where, someone, client_of(someone)


def text_of(response):
    return response.content.decode()


def public_url(what):
    return what.get_absolute_url()


def host_url(name, where, *args):
    return reverse(f"missions:{name}", args=[where.pk, *args])


def ticked(what, **changes):
    return {"rules": rules_of(what.domain).pk, "agrees": "on", **changes}


# ── the public page (R30) ─────────────────────────────────────────────────────────────────────────
def test_public_page_says_what_one_must_know():
    what = mission(title="Collecte du samedi", places=3)

    page = text_of(client_of(None).get(public_url(what)))

    facts = ["Collecte du samedi", what.organisation.name, "Nous aidons nos voisins.", "Bordeaux", "3"]
    facts += [what.domain.short_fr, *rules_of(what.domain).rules_fr[1:2]]
    assert [fact for fact in facts if fact.replace("'", "&#x27;") not in page and fact not in page] == []


@pytest.mark.parametrize("state", ["draft", "submitted", "to_correct", "refused", "cancelled"])
def test_mission_that_is_not_public_has_no_public_page_for_anybody(state):
    what = mission(state=state)
    everybody = [None, volunteer(), what.responsible, manager(), operator()]

    answers = {client_of(who).get(public_url(what)).status_code for who in everybody}
    answers |= {client_of(who).post(public_url(what) + "proposer/", ticked(what)).status_code for who in everybody}

    assert answers == {404}


@pytest.mark.parametrize("state", ["published", "ended"])
def test_mission_keeps_its_public_page_once_ended(state):
    what = mission(state=state)

    assert client_of(None).get(public_url(what)).status_code == 200


def test_old_address_leads_to_the_present_one():
    what = mission(title="Collecte d'été")

    response = client_of(None).get(f"/missions/{what.pk}-ancien-titre/")

    assert (response.status_code, response["Location"]) == (301, f"/missions/{what.pk}-collecte-dete/")


def test_contact_data_is_never_on_public_pages():
    """R11, R37: shown to accepted volunteers alone."""
    what = mission()
    waiting = participation(what).person
    pages = ["/", "/missions/", public_url(what), "/regles-sanitaires/"]

    found = [
        (page, secret)
        for who in (None, volunteer(), waiting, operator())
        for page in pages
        for secret in (*SECRETS, what.responsible.email, what.responsible.full_name)
        if secret in text_of(client_of(who).get(page))
    ]

    assert found == []


@pytest.mark.parametrize(
    ("state", "shown"),
    [("pending", False), ("accepted", True), ("ongoing", True), ("refused", False), ("withdrawn", False), ("cancelled", False)],
)
def test_contact_is_shown_to_who_is_accepted(state, shown):
    mine = participation(state=state)

    page = text_of(client_of(mine.person).get(reverse("missions:volunteer-participation", args=[mine.pk])))

    assert [secret in page for secret in SECRETS] == [shown] * 3


# ── applying (R3, R13, R30) ───────────────────────────────────────────────────────────────────────
def test_volunteer_applies_in_one_page():
    what, someone = mission(), volunteer()

    response = client_of(someone).post(public_url(what) + "proposer/", ticked(what), follow=True)

    made = Participation.objects.get()
    assert (response.status_code, response.redirect_chain) == (200, [(reverse("missions:applied", args=[made.pk]), 302)])
    assert (made.person, made.state, made.rules) == (someone, "pending", rules_of(what.domain))


def test_second_post_of_an_application_makes_nothing_more():
    what, someone = mission(), volunteer()
    browser = client_of(someone)

    answers = [browser.post(public_url(what) + "proposer/", ticked(what)) for _ in range(2)]

    assert [answer["Location"] for answer in answers] == [reverse("missions:applied", args=[Participation.objects.get().pk])] * 2
    assert Outgoing.objects.filter(message="missions.participation.received").count() == 1


@pytest.mark.parametrize("answer", [{}, {"rules": "x", "agrees": "on"}, {"agrees": ""}])
def test_rules_that_are_not_ticked_are_asked_for(answer):
    what = mission()

    response = client_of(volunteer()).post(public_url(what) + "proposer/", answer)

    assert (response.status_code, Participation.objects.count()) == (422, 0)


def test_reworded_rules_are_read_again_before_applying():
    """R13: the wording kept is the wording that was shown."""
    what, browser = mission(), client_of(volunteer())
    shown_before = ticked(what)
    new = reword_rules(what.domain)

    refused = browser.post(public_url(what) + "proposer/", shown_before)
    accepted = browser.post(public_url(what) + "proposer/", ticked(what))

    assert refused.status_code == 422
    assert new.statement_fr in text_of(refused) and "Les règles ont changé" in text_of(refused)
    assert f'name="rules" value="{new.pk}"' in text_of(refused)
    assert (accepted.status_code, Participation.objects.get().rules) == (302, new)


def test_visitor_is_led_to_sign_up_and_nothing_is_told_before():
    """R3: nobody is told, no place is held."""
    what = mission()

    response = client_of(None).post(public_url(what) + "proposer/", ticked(what))

    assert (response.status_code, response["Location"]) == (302, reverse("people:sign-up-volunteer"))
    assert (Participation.objects.count(), Outgoing.objects.count()) == (0, 0)


def test_application_that_cannot_be_made_says_every_reason():
    full = mission(places=1)
    participation(full, state="accepted")
    elder = volunteer(birth_date=date(1940, 1, 1))

    response = client_of(elder).post(public_url(full) + "proposer/", ticked(full))

    assert response.status_code == 409
    assert "toutes les places sont prises" in text_of(response) and "moins de 70 ans" in text_of(response)


def test_manager_who_helps_elsewhere_lands_on_a_page_that_exists():
    """P1: somebody may be a manager and a volunteer; joining the réserve comes first, and nothing is lost on the way."""
    what, someone = mission(), manager()
    browser = client_of(someone)

    asked = browser.post(public_url(what) + "proposer/", ticked(what), follow=True)
    facts = {"postcode": "33000", "birth_date": "1990-05-17", "mobile_phone": "0612345678"}
    arrived = browser.post(reverse("people:sign-up-volunteer"), facts, follow=True)

    assert (asked.status_code, arrived.status_code) == (200, 200)
    assert arrived.redirect_chain[-1][0] == reverse("missions:applied", args=[Participation.objects.get().pk])


# ── writing a mission (R10 to R12) ────────────────────────────────────────────────────────────────
def test_mission_is_proposed_in_one_page(host):
    where, someone, browser = host

    response = browser.post(host_url("mission-new", where), mission_form(someone), follow=True)

    made = Mission.objects.get()
    assert "Bravo, votre mission a été publiée" in text_of(response)
    assert (made.state, made.title, made.places, made.city, made.commune_id) == (
        "published",
        "Collecte du samedi",
        3,
        "Bordeaux",
        "33063",
    )
    assert [(c.name, c.phone) for c in made.contacts.all()] == [("Awa Diallo", "0556010203")]


def test_mission_waits_under_the_other_policy(host):
    where, someone, browser = host
    set_value(PUBLICATION, VALIDATE_FIRST, actor=as_operator())

    response = browser.post(host_url("mission-new", where), mission_form(someone), follow=True)

    assert "Elle sera en ligne dès sa validation" in text_of(response)
    assert (Mission.objects.get().state, client_of(None).get(public_url(Mission.objects.get())).status_code) == ("submitted", 404)


def test_draft_may_lack_almost_everything(host):
    where, someone, browser = host
    form = mission_form(
        someone, then="draft", title="", starts_on="", ends_on="", description="", safety="", commune="", conforms=""
    )

    response = browser.post(host_url("mission-new", where), form, follow=True)

    assert "Brouillon enregistré" in text_of(response)
    assert (Mission.objects.get().state, Mission.objects.get().title) == ("draft", "Aide alimentaire et d'urgence")


def test_form_sent_twice_makes_one_mission(host):
    """les-emplois 6800, rdv-service-public 1633: and the second answer says the same as the first."""
    where, someone, browser = host
    form = mission_form(someone)

    answers = [browser.post(host_url("mission-new", where), form, follow=True) for _ in range(2)]

    assert Mission.objects.count() == 1
    assert ["Bravo, votre mission a été publiée" in text_of(answer) for answer in answers] == [True, True]


def test_token_of_somebody_else_gives_nothing_away(host):
    where, someone, browser = host
    other = manager()
    elsewhere = other.grants.get().organisation
    token = str(uuid4())
    client_of(other).post(host_url("mission-new", elsewhere), mission_form(other, form_token=token))

    browser.post(host_url("mission-new", where), mission_form(someone, form_token=token))

    assert sorted(Mission.objects.values_list("organisation", flat=True)) == sorted([elsewhere.pk, where.pk])


def test_everything_wrong_is_said_at_once_and_nothing_is_lost(host):
    """casa 5015: what was typed comes back."""
    where, someone, browser = host
    form = mission_form(
        someone, title="Mon titre", ends_on="2020-01-01", safety="", conforms="", places="0", description="Un texte <à garder>"
    )

    response = browser.post(host_url("mission-new", where), form)

    errors = response.context["form"].errors
    assert (response.status_code, set(errors)) == (422, {"ends_on", "safety", "conforms", "places"})
    assert 'value="Mon titre"' in text_of(response) and "Un texte &lt;à garder&gt;" in text_of(response)
    assert f'value="{form["form_token"]}"' in text_of(response)
    assert Mission.objects.count() == 0


def test_responsible_person_is_one_of_the_team(host):
    where, _someone, browser = host

    response = browser.post(host_url("mission-new", where), mission_form(manager()))

    assert (response.status_code, set(response.context["form"].errors)) == (422, {"responsible"})


def test_stale_edit_is_refused_and_nothing_is_lost(host):
    where, someone, browser = host
    browser.post(host_url("mission-new", where), mission_form(someone))
    made = Mission.objects.get()
    url = host_url("host-mission-edit", where, made.pk)
    opened = made.version
    browser.post(url, mission_form(someone, title="De la collègue", seen=opened))

    response = browser.post(url, mission_form(someone, title="La mienne", seen=opened))

    assert response.status_code == 409
    assert 'value="La mienne"' in text_of(response) and "modifiée entre-temps" in text_of(response)
    assert Mission.objects.get().title == "De la collègue"


@pytest.mark.parametrize("seen", ["", "abc", "-1", "²", "9" * 5000])
def test_nonsense_in_the_hidden_version_is_no_failure(host, seen):
    where, someone, browser = host
    made = mission(where)

    edit = browser.post(host_url("host-mission-edit", where, made.pk), mission_form(someone, seen=seen))
    act = browser.post(host_url("host-mission-act", where, made.pk, "annuler"), {"reason": "other", "seen": seen})

    assert (edit.status_code, act.status_code) == (302, 302)


def test_page_out_of_date_is_told_so(host):
    """Decision 12: 409, with the state it is in now."""
    where, _someone, browser = host
    waiting = participation(mission(where))
    url = host_url("host-participation-act", where, waiting.pk, "accepter")
    browser.post(url, {"seen": waiting.version})

    again = browser.post(url, {"seen": waiting.version})

    assert again.status_code == 409
    assert "Mission validée" in text_of(again)


def test_confirmation_page_asks_and_says_who_is_written_to(host):
    where, _someone, browser = host
    waiting = participation(mission(where))
    url = host_url("host-participation-act", where, waiting.pk, "refuser")

    asked, unanswered = browser.get(url), browser.post(url, {"message": "À conserver"})

    assert f"Un e-mail part à {waiting.person.full_name}".replace("'", "&#x27;") in text_of(asked)
    assert (asked.status_code, unanswered.status_code) == (200, 422)
    assert "À conserver" in text_of(unanswered)


# ── rights (P11, P13) ─────────────────────────────────────────────────────────────────────────────
def test_scope_that_is_not_held_does_not_exist(host):
    _where, _someone, browser = host
    elsewhere = organisation()
    made = participation(mission(elsewhere))
    pages = [
        host_url("host-missions", elsewhere),
        host_url("mission-new", elsewhere),
        host_url("host-mission", elsewhere, made.mission_id),
        host_url("host-participations", elsewhere),
        host_url("host-participation", elsewhere, made.pk),
        "/espace/999999/missions/",
        "/operateur/missions/",
        "/operateur/reglages/",
    ]

    assert {browser.get(page).status_code for page in pages} == {404}


def test_object_of_another_organisation_does_not_exist_under_ones_own(host):
    """The number in the path is looked up within the scope: no other way around."""
    where, _someone, browser = host
    made = participation(mission())

    answers = {
        browser.get(host_url("host-mission", where, made.mission_id)).status_code,
        browser.get(host_url("host-mission-edit", where, made.mission_id)).status_code,
        browser.post(host_url("host-mission-act", where, made.mission_id, "annuler"), {"reason": "other"}).status_code,
        browser.get(host_url("host-participation", where, made.pk)).status_code,
        browser.post(host_url("host-participation-act", where, made.pk, "accepter")).status_code,
    }

    made.refresh_from_db()
    assert (answers, made.state, made.mission.state) == ({404}, "pending", "published")


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_is_visible_but_not_allowed_is_403(host, method):
    where, _someone, browser = host
    made = participation(mission(where, state="submitted"))
    mine = client_of(made.person)
    forbidden = [
        getattr(browser, method)(host_url("host-mission-act", where, made.mission_id, "valider")),
        getattr(browser, method)(host_url("host-participation-act", where, made.pk, "abandonner")),
        getattr(browser, method)(host_url("host-participation-act", where, made.pk, "annuler-avec-la-mission")),
        getattr(mine, method)(reverse("missions:volunteer-participation-act", args=[made.pk, "accepter"])),
        getattr(client_of(operator()), method)(reverse("missions:operator-mission-act", args=[made.mission_id, "annuler"])),
    ]

    assert [answer.status_code for answer in forbidden] == [403] * 5


@pytest.mark.parametrize("path", ["inconnu", "accept", "state"])
def test_step_that_does_not_exist_is_404(host, path):
    where, _someone, browser = host
    made = mission(where)

    assert browser.post(host_url("host-mission-act", where, made.pk, path)).status_code == 404


def test_volunteer_sees_only_ones_own_participations():
    mine, theirs = participation(), participation()
    browser = client_of(mine.person)

    space = text_of(browser.get(reverse("missions:volunteer-space")))

    assert f"/espace/benevole/{mine.pk}/" in space and f"/espace/benevole/{theirs.pk}/" not in space
    assert browser.get(reverse("missions:volunteer-participation", args=[theirs.pk])).status_code == 404
    assert browser.get(reverse("missions:applied", args=[theirs.pk])).status_code == 404


def test_manager_who_is_a_volunteer_too_finds_each_thing_in_its_place(host):
    """P13: in the volunteer's space nothing of the organisation's applicants shows."""
    where, someone, browser = host
    grant(someone, Programme.RESERVE, Role.VOLUNTEER)
    applicant = participation(mission(where))

    assert browser.get(reverse("missions:volunteer-participation", args=[applicant.pk])).status_code == 404
    assert browser.get(host_url("host-participation", where, applicant.pk)).status_code == 200


def test_short_address_leads_to_the_organisation_used_last(host):
    _where, someone, browser = host
    second = organisation()
    grant(someone, Programme.RESERVE, Role.MANAGER, second)
    browser.get(host_url("host-missions", second))

    response = browser.get("/espace/missions/?statut=draft")

    assert (response.status_code, response["Location"]) == (302, f"/espace/{second.pk}/missions/?statut=draft")


def test_pages_say_in_which_role_they_open(host):
    where, _someone, browser = host

    assert f"Responsable · {where.name}" in text_of(browser.get(host_url("host-missions", where)))


# ── lists ─────────────────────────────────────────────────────────────────────────────────────────
def fill(where, someone, count):
    """So many missions of one organisation, and so many participations of others in it, and of somebody."""
    for _ in range(count):
        participation(mission(where, state="submitted"))
        participation(mission(where), someone)
        participation(mission(where), someone, state="withdrawn")


LISTS = {
    "home": lambda where: "/",
    "public list": lambda where: "/missions/",
    "public list filtered": lambda where: "/missions/?lieu=Bordeaux&domaine=aide-alimentaire&type=presentiel",
    "missions": lambda where: host_url("host-missions", where),
    "missions filtered": lambda where: host_url("host-missions", where) + "?q=repas&statut=published",
    "participations": lambda where: host_url("host-participations", where),
    "participations filtered": lambda where: host_url("host-participations", where) + "?q=repas&statut=pending",
    "volunteer": lambda where: reverse("missions:volunteer-space"),
    "operator": lambda where: reverse("missions:operator-missions") + "?statut=",
    "operator filtered": lambda where: reverse("missions:operator-missions") + "?q=repas",
    "notices": lambda where: reverse("notifications:list"),
    "e-mails": lambda where: reverse("notifications:outgoing-list"),
}
READERS = {"volunteer": "volunteer", "operator": "operator", "operator filtered": "operator", "e-mails": "operator"}


@pytest.mark.parametrize("name", LISTS)
def test_list_costs_the_same_at_1_and_20_rows(host, name):
    where, someone, _browser = host
    helper = volunteer()
    reader = {"volunteer": helper, "operator": operator()}.get(READERS.get(name, ""), someone)
    browser, url = client_of(reader), LISTS[name](where)

    def queries():
        browser.get(url)  # the first visit writes the session
        with CaptureQueriesContext(connection) as found:
            assert browser.get(url).status_code == 200
        return [query["sql"] for query in found]

    fill(where, helper, 1)
    one = queries()
    fill(where, helper, 20)
    twenty = queries()

    assert len(one) == len(twenty), "\n".join(twenty)
    assert len(twenty) <= 12, "\n".join(twenty)


GARBAGE = [
    "abc",
    "-1",
    "0",
    "99999999999999999999",
    "x" * 10_000,
    "\x00",
    "a\x00b",
    "😀",
    "'; DROP TABLE x; --",
    "%",
    "\\",
    "٣",
    "\u202e",
    " ",
]


@pytest.mark.parametrize("rubbish", GARBAGE, ids=lambda text: ascii(text)[:20])
def test_filters_tolerate_anything(host, rubbish):
    where, _someone, browser = host
    mission(where)
    boss = client_of(operator())
    visits = [
        (
            client_of(None),
            "/missions/",
            ("page", "lieu", "domaine", "type", "q", "lat", "lon", "rayon", "vue", "debut", "fin", "public"),
        ),
        (browser, host_url("host-missions", where), ("page", "q", "statut")),
        (browser, host_url("host-participations", where), ("page", "q", "statut", "mission")),
        (browser, reverse("notifications:list"), ("page",)),
        (client_of(volunteer()), reverse("missions:volunteer-space"), ("page",)),
        (boss, reverse("missions:operator-missions"), ("page", "q", "statut")),
        (boss, reverse("notifications:outgoing-list"), ("page", "q", "etat")),
        (client_of(None), "/", ("page", "lieu", "q")),
        (client_of(None), reverse("territories:suggest"), ("q",)),
    ]

    answers = {(url, name): who.get(url, {name: rubbish}).status_code for who, url, names in visits for name in names}

    assert {what: status for what, status in answers.items() if status not in (200, 400)} == {}


@pytest.mark.parametrize("number", ["0", "999999999999", "99999999999999999999999999", "9" * 5000])
def test_number_in_an_address_that_cannot_be_is_404(host, number):
    where, _someone, browser = host
    paths = [
        f"/missions/{number}-x/",
        f"/espace/{number}/missions/",
        f"/espace/{where.pk}/missions/{number}/",
        f"/espace/{where.pk}/participations/{number}/",
        f"/espace/benevole/{number}/",
        f"/operateur/missions/{number}/",
        f"/espace/notifications/{number}/",
    ]

    assert {browser.get(path).status_code for path in paths} == {404}


def test_unknown_place_finds_nothing_and_says_so():
    mission()

    page = client_of(None).get("/missions/", {"lieu": "Xyzzyville"})

    assert (page.status_code, page.context["total"]) == (200, 0)
    assert "Xyzzyville" in text_of(page)


def test_filter_of_abandoned_participations_finds_withdrawals_and_no_shows(host):
    """R33: both read « Mission abandonnée »."""
    where, _someone, browser = host
    what = mission(where)
    gone = {participation(what, state=state).pk for state in ("withdrawn", "no_show")}
    participation(what)

    page = browser.get(host_url("host-participations", where), {"statut": "withdrawn"})

    assert {each.pk for each in page.context["page"].object_list} == gone


def test_search_finds_every_word_and_only_those(host):
    where, _someone, browser = host
    wanted = mission(where, title="Collecte de jouets", city="Pessac")
    mission(where, title="Collecte de livres")

    page = browser.get(host_url("host-missions", where), {"q": "collecte pessac"})

    assert list(page.context["page"].object_list) == [wanted]


def test_names_are_shown_as_text_whatever_they_are(host):
    where, _someone, browser = host
    nasty = volunteer(first_name="<script>alert(1)</script>", last_name='"><img src=x onerror=alert(1)>')
    made = participation(mission(where, title="<b>Repas"), nasty)

    pages = [
        browser.get(host_url("host-participations", where)),
        browser.get(host_url("host-participation", where, made.pk)),
        browser.get(host_url("host-participation-act", where, made.pk, "accepter")),
        client_of(nasty).get(reverse("missions:volunteer-space")),
    ]

    assert [page.status_code for page in pages] == [200] * 4
    assert [page for page in pages if "<script>alert" in text_of(page) or "<img src=x" in text_of(page)] == []


def test_actor_is_loaded_once_per_page(host):
    where, someone, browser = host
    assert actor(someone).roles
    browser.get(host_url("host-missions", where))

    with CaptureQueriesContext(connection) as queries:
        browser.get(host_url("host-missions", where))

    roles = [query["sql"] for query in queries if 'FROM "organisations_grant"' in query["sql"]]
    assert sum('"organisations_grant"."person_id" = ' in sql.split("WHERE")[1] for sql in roles) == 1
    assert len(roles) == 2, "one's roles, and the team that « Responsable » offers"
