"""R50: the operator registers referents, who get an e-mail to create their account or to accept; perimeters change and end."""

from __future__ import annotations

import pytest
from django.utils import timezone
from tests.factories import account, actor, as_operator, at, client_of, days, manager, operator, person, referent
from tests.people.conftest import PASSWORD

from renfort.audit.models import Entry
from renfort.kernel.firing import NotAllowed, Refused, fire_due
from renfort.kernel.integrity import registered, run
from renfort.notifications.models import Outgoing
from renfort.organisations.enums import Role
from renfort.organisations.models import Grant, Referent, ReferentInvitation
from renfort.organisations.rules import oversees
from renfort.organisations.selectors.referents import departments_with_referents, own_departments
from renfort.organisations.services.referents import (
    ReferentFacts,
    change_referent,
    invite_referent,
    remove_referent,
)
from renfort.organisations.tasks import forget
from renfort.organisations.workflow import REFERENT_INVITATION
from renfort.people.models import Account

pytestmark = pytest.mark.django_db
LIST, INVITE = "/operateur/referents/", "/operateur/referents/inviter/"


def said(**changes):
    given = {
        "first_name": "Nadia", "last_name": "Nouvelle", "email": "Nadia@Example.org", "function": "Déléguée", "region": "",
        "departments": "33, Landes",
    }  # fmt: skip
    return {**given, **changes}


def facts(**changes):
    return ReferentFacts(**{**said(), "email": "nadia@example.org", "departments": ("33", "40"), **changes})


def letters(key):
    return list(Outgoing.objects.filter(message=key).order_by("id"))


def link_in(letter):
    word = next(word for word in letter.text.split() if "/invitation/referent/" in word)
    return word[word.index("/invitation/") :]


def invited(boss=None, **changes):
    made, _is_new = invite_referent(actor=actor(boss) if boss else as_operator(), facts=facts(**changes))
    return made, link_in(letters("organisations.referent.invited")[-1])


def new_account(**changes):
    return {
        "first_name": "Nadia", "last_name": "Nouvelle", "email": "nadia@example.org",
        "password1": PASSWORD, "password2": PASSWORD, **changes,
    }  # fmt: skip


def the_referent(someone):
    return Referent.objects.get(person=someone, ended_at=None)


# ── inviting ──────────────────────────────────────────────────────────────────────────────────────
def test_operator_invites_and_the_link_makes_the_account_and_the_perimeter():
    boss, visitor = client_of(operator()), client_of(None)

    answer = boss.post(INVITE, said())
    link = link_in(letters("organisations.referent.invited")[0])
    page = visitor.get(link).content.decode()
    arrived = visitor.post(f"{link}inscription/", new_account())

    made = Account.objects.get(email="nadia@example.org").person
    assert (answer.status_code, answer.headers["Location"]) == (302, LIST)
    assert "Référent : Gironde et Landes" in page
    assert (arrived.status_code, arrived.headers["Location"]) == (302, "/referent/")
    assert [oversees(actor(made), code) for code in ("33", "40", "24")] == [True, True, False]
    assert the_referent(made).function == "Déléguée"
    assert "Référent · Gironde et Landes" in visitor.get("/referent/").content.decode()
    assert [letter.message for letter in Outgoing.objects.exclude(message="organisations.referent.invited")] == [
        "organisations.referent.accepted"
    ]


def test_a_known_address_accepts_with_its_account():
    someone = account(person(email="nadia@example.org")).person
    _made, link = invited()
    browser = client_of(someone)

    opened, answer = browser.get(link), browser.post(link)

    assert (opened.status_code, answer.status_code, answer.headers["Location"]) == (200, 302, "/referent/")
    assert own_departments(someone.pk) == ["33", "40"]


def test_opening_the_link_changes_nothing_and_nobody_signed_in_is_led_to_sign_in():
    made, link = invited()

    client_of(None).get(link)
    answer = client_of(None).post(link)

    made.refresh_from_db()
    assert made.state == "sent"
    assert answer.headers["Location"].startswith("/connexion/")


def test_a_region_is_all_of_its_departments():
    boss = client_of(operator())
    boss.post(INVITE, said(region="53", departments=""))
    someone = account(person(email="nadia@example.org")).person
    client_of(someone).post(link_in(letters("organisations.referent.invited")[0]))

    assert own_departments(someone.pk) == ["22", "29", "35", "56"]
    assert [held.label for held in actor(someone).roles] == ["Référent · Bretagne"]
    assert the_referent(someone).region_id == "53"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"departments": "33, Atlantide"}, "« Atlantide » n&#x27;est pas un département."),
        ({"departments": ""}, "Dites au moins un département"),
        ({"region": "53"}, "pas les deux"),
        ({"email": "nadia"}, "adresse e-mail complète"),
        ({"departments": "33\x00"}, ""),
        ({"function": ""}, ""),
    ],
)
def test_a_wrong_invitation_is_refused_in_words(changes, sentence):
    answer = client_of(operator()).post(INVITE, said(**changes))

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not ReferentInvitation.objects.exists()


def test_invited_twice_is_one_invitation_and_another_territory_is_refused():
    boss = operator()
    first, _link = invited(boss)

    again, is_new = invite_referent(actor=actor(boss), facts=facts())
    with pytest.raises(Refused):
        invite_referent(actor=actor(boss), facts=facts(departments=("24",)))

    assert (again.pk, is_new, len(letters("organisations.referent.invited"))) == (first.pk, False, 1)


def test_who_is_referent_already_is_not_invited_anew():
    someone = referent("24", email="nadia@example.org")

    with pytest.raises(Refused, match="déjà référent"):
        invite_referent(actor=as_operator(), facts=facts())
    assert own_departments(someone.pk) == ["24"]


def test_only_the_operator_invites_changes_and_removes():
    someone = referent("33")
    for who in (actor(manager()), actor(someone)):
        with pytest.raises(NotAllowed):
            invite_referent(actor=who, facts=facts())
        with pytest.raises(NotAllowed):
            change_referent(actor=who, referent=the_referent(someone), function="x", codes=["33", "40"])
        with pytest.raises(NotAllowed):
            remove_referent(actor=who, referent=the_referent(someone))
    assert own_departments(someone.pk) == ["33"]


def test_after_fourteen_days_the_link_is_dead_and_sent_again_it_lives():
    boss = operator()
    made, link = invited(boss)

    with at(made.expires_at + days(1)):
        late = client_of(None).get(link)
        fire_due(timezone.now())
        made.refresh_from_db()
        client_of(boss).post(f"/operateur/referents/invitations/{made.pk}/renvoyer/", {"seen": made.version})
        fresh = link_in(letters("organisations.referent.invited")[-1])
        assert (late.status_code, made.state) == (410, "expired")
        assert (client_of(None).get(link).status_code, client_of(None).get(fresh).status_code) == (404, 200)


def test_withdrawn_or_declined_the_link_opens_nothing():
    boss = operator()
    first, one = invited(boss)
    client_of(boss).post(f"/operateur/referents/invitations/{first.pk}/retirer/", {"seen": first.version})
    _second, two = invited(boss)
    declined = client_of(None).post(f"{two}decliner/")

    someone = account(person(email="nadia@example.org")).person
    answers = [client_of(someone).post(link).status_code for link in (one, two)]

    assert (declined.status_code, answers, own_departments(someone.pk)) == (200, [410, 410], [])
    assert [letter.message for letter in Outgoing.objects.exclude(message="organisations.referent.invited")] == [
        "organisations.referent.declined"
    ]


def test_the_link_is_kept_as_a_digest_alone():
    made, link = invited()

    assert link.rstrip("/").rpartition("/")[2] not in str(ReferentInvitation.objects.values().get(pk=made.pk))


def test_names_of_who_never_answered_are_forgotten():
    """P10."""
    made, _link = invited()
    fire_due(made.expires_at + days(1))

    forget(timezone.now() + days(120))

    assert not ReferentInvitation.objects.exists()


# ── the perimeter ─────────────────────────────────────────────────────────────────────────────────
def test_departments_without_anybody_are_listed():
    referent("33", first_name="Maryse", last_name="Gironde")
    invited(departments=("24",))
    page = client_of(operator()).get(LIST).content.decode()
    alone = client_of(operator()).get(f"{LIST}?filtre=sans").content.decode()

    lines = {line.department.code: line for line in departments_with_referents()}
    assert len(lines) == 107
    assert ([len(lines[code].referents) for code in ("33", "24")], [len(lines[code].invited) for code in ("33", "24")]) == (
        [1, 0],
        [0, 1],
    )
    assert ("Maryse Gironde" in page, "106 départements" in page) == (True, True)
    assert ("33 - Gironde" in alone, "64 - Pyrénées-Atlantiques" in alone) == (False, True)


def test_the_list_is_searched_whatever_the_accents():
    page = client_of(operator()).get(f"{LIST}?q=pyrenees").content.decode()

    assert ("64 - Pyrénées-Atlantiques" in page, "33 - Gironde" in page) == (True, False)


def test_the_list_costs_the_same_with_many_referents(django_assert_max_num_queries):
    boss = client_of(operator())
    referent("33")
    boss.get(LIST)
    with django_assert_max_num_queries(12) as few:
        boss.get(LIST)
    for number in range(20):
        referent(f"{number + 40}")
    with django_assert_max_num_queries(len(few)):
        boss.get(LIST)


def test_another_territory_counts_at_once_and_the_person_is_told():
    someone, boss = referent("33", "40"), client_of(operator())
    page = client_of(someone)
    where = the_referent(someone).pk

    answer = boss.post(f"{LIST}{where}/", {"function": "Déléguée", "region": "", "departments": "24, 33"})

    assert answer.status_code == 302
    assert own_departments(someone.pk) == ["24", "33"]
    assert "Référent · Dordogne et Gironde" in page.get("/referent/").content.decode()
    assert [letter.subject for letter in letters("organisations.referent.perimeter")] == [
        "Votre territoire a changé : Dordogne et Gironde"
    ]
    history = boss.get(f"{LIST}{where}/").content.decode()
    assert "territoire\u00a0: Gironde et Landes → Dordogne et Gironde" in history.replace(" :", "\u00a0:")
    ended = Entry.objects.get(verb="organisations.grant.end")
    assert (ended.codes["scope"], ended.codes["why"]) == ("department:40", "perimeter")


def test_who_is_removed_is_out_at_once_on_every_device():
    someone, boss = referent("33"), client_of(operator())
    devices = [client_of(someone), client_of(someone)]
    for device in devices:
        assert device.get("/referent/").status_code == 200

    answer = boss.post(f"{LIST}{the_referent(someone).pk}/retirer/")

    assert answer.status_code == 302
    assert [device.get("/referent/").status_code for device in devices] == [404, 404]
    assert len(letters("organisations.referent.removed")) == 1
    ended = Entry.objects.get(verb="organisations.grant.end")
    assert (ended.codes["role"], ended.codes["why"]) == (Role.REFERENT, "removed")  # what the storey above hears


def test_removed_twice_is_refused_in_words():
    someone = referent("33")
    known = the_referent(someone)
    remove_referent(actor=as_operator(), referent=known)

    with pytest.raises(Refused):
        remove_referent(actor=as_operator(), referent=known)
    assert client_of(operator()).get(f"{LIST}{known.pk}/").status_code == 404


def test_the_page_of_removal_names_departments_that_will_have_nobody():
    someone = referent("33", "40")
    referent("40")

    page = client_of(operator()).get(f"{LIST}{the_referent(someone).pk}/retirer/").content.decode()

    assert ("33 - Gironde n&#x27;aura plus" in page or "33 - Gironde n'aura plus" in page, "40 - Landes n" in page) == (
        True,
        False,
    )


def test_states_have_their_history():
    invited()
    checks = [check for check in registered() if check.name.startswith("organisations.")]

    assert [found.check.name for found in run(checks) if not found.holds] == []
    assert REFERENT_INVITATION.initial == "sent"
    assert Grant.objects.filter(role=Role.REFERENT).count() == 0
