"""R20, R33, R58: the reasons that people choose are the operator's lists; what was said keeps the words of that day."""

from __future__ import annotations

from html import unescape

import pytest
from tests.factories import actor, as_manager, client_of, manager, mission, operator, participation, slot

from renfort.audit.selectors import history_of
from renfort.kernel.firing import Unanswered, fire
from renfort.kernel.messages import MESSAGES
from renfort.missions.components import timeline_of
from renfort.missions.models import CancellationReason, Mission, Participation, RefusalReason, WithdrawalReason
from renfort.missions.workflow import MISSION, PARTICIPATION, SLOT, cancellation_reason, refusal_reason, withdrawal_reason
from renfort.notifications.catalogue import sample_mail
from renfort.notifications.models import Outgoing

pytestmark = pytest.mark.django_db
LISTS = "/operateur/listes/"
USES = {
    "raisons-de-refus": (RefusalReason, refusal_reason, "enough_people"),
    "raisons-de-desistement": (WithdrawalReason, withdrawal_reason, "not_suitable"),
    "raisons-d-annulation": (CancellationReason, cancellation_reason, "postponed"),
}
NEW, OLD = "Trop de volontaires ce jour-là", "Nous avons déjà assez de monde"


@pytest.fixture
def boss():
    return client_of(operator())


def offered(field):
    return [str(label) for _key, label in field().choices]


def refused(reason="enough_people", **said):
    made = participation()
    return fire(PARTICIPATION, made, "refuse", actor=as_manager(made.mission.organisation), answers={"reason": reason, **said})


def letter(message):
    return Outgoing.objects.filter(message=message).latest("pk").text


@pytest.mark.parametrize("kind", sorted(USES))
def test_a_reason_is_added_renamed_withdrawn_and_brought_back_and_forms_follow_at_once(kind, boss):
    model, field, key = USES[kind]
    row = model.objects.get(key=key)
    before = row.label_fr

    boss.post(f"{LISTS}{kind}/", {"label_fr": "Une raison d'ici", "label_en": "A reason of ours"})
    assert offered(field)[-1] == "Une raison d'ici"
    boss.post(f"{LISTS}{kind}/{row.pk}/", {"label_fr": "Dit autrement", "label_en": ""})
    assert "Dit autrement" in offered(field) and before not in offered(field)
    boss.post(f"{LISTS}{kind}/{row.pk}/retirer/")
    assert "Dit autrement" not in offered(field)
    boss.post(f"{LISTS}{kind}/{row.pk}/remettre/")

    page = boss.get(f"{LISTS}{kind}/{row.pk}/")
    assert f"{before} → Dit autrement" in unescape(page.content.decode())
    boss.post(f"{LISTS}{kind}/{row.pk}/", {"ligne": page.context["renamed"][0].pk})
    assert before in offered(field)


@pytest.mark.parametrize("kind", sorted(USES))
def test_the_last_reason_offered_stays_because_a_form_asks_for_one(kind, boss):
    model, field, _key = USES[kind]
    *others, last = model.objects.order_by("position")
    for each in others:
        boss.post(f"{LISTS}{kind}/{each.pk}/retirer/")

    answer = boss.post(f"{LISTS}{kind}/{last.pk}/retirer/", follow=True)

    assert "dernière entrée proposée" in unescape(answer.content.decode()) and offered(field) == [last.label]


def test_a_new_reasons_key_fits_where_it_is_kept(boss):
    label = "Une raison dont les mots sont très nombreux et dont la clé ne tiendrait pas dans la colonne"
    boss.post(f"{LISTS}raisons-de-refus/", {"label_fr": label})
    key = RefusalReason.objects.get(label_fr=label).key

    made = refused(key)

    assert Participation.objects.get(pk=made.pk).refusal_reason == key and label in letter("missions.participation.refused")


def test_a_reason_withdrawn_meanwhile_is_refused_with_a_sentence_and_nothing_is_written(boss):
    made = participation()
    page = client_of(manager(made.mission.organisation))
    RefusalReason.objects.filter(key="enough_people").update(is_active=False)
    url = f"/espace/{made.mission.organisation_id}/participations/{made.pk}/refuser/"

    answer = page.post(url, {"reason": "enough_people", "message": "Merci à vous.", "seen": made.version})

    said = unescape(answer.content.decode())
    assert answer.status_code == 422 and "n'est plus proposée" in said and "Merci à vous." in said
    assert Participation.objects.get(pk=made.pk).state == "pending"
    with pytest.raises(Unanswered):
        refused("enough_people")


def test_what_was_said_keeps_the_words_of_that_day_and_what_is_said_now_has_the_new_ones(boss):
    """P3: the history and the volunteer's page say what the organisation chose, not what the entry became."""
    then = refused(message="À bientôt.")
    row = RefusalReason.objects.get(key="enough_people")
    boss.post(f"{LISTS}raisons-de-refus/{row.pk}/", {"label_fr": NEW, "label_en": "Too many volunteers that day"})

    now = refused()

    for made, words, told in ((then, OLD, f"{OLD}. À bientôt."), (now, NEW, NEW)):
        assert timeline_of(history_of(made), PARTICIPATION, {})[0].why == told
        page = client_of(made.person).get(f"/espace/benevole/{made.pk}/")
        assert f"Raison donnée : {words}." in unescape(page.content.decode())
    assert f"Raison : {NEW}." in letter("missions.participation.refused")


def test_emails_word_the_reasons_of_withdrawals_and_cancellations(boss):
    WithdrawalReason.objects.filter(key="not_available").update(label_fr="Empêchement")
    CancellationReason.objects.filter(key="safety").update(label_fr="Lieu fermé")
    what = mission()
    held = participation(what, state="accepted")
    fire(PARTICIPATION, held, "withdraw", actor=actor(held.person), answers={"reason": "not_available"})
    assert "Raison : Empêchement." in letter("missions.participation.withdrawn")

    cut = mission()
    fire(SLOT, slot(cut), "cancel", actor=as_manager(cut.organisation), answers={"reason": "safety"})
    fire(MISSION, what, "cancel", actor=as_manager(what.organisation), answers={"reason": "safety"})

    assert Mission.objects.get(pk=what.pk).cancellation_reason == "safety"
    assert "Raison : Lieu fermé." in sample_mail(MESSAGES["missions.mission.cancelled"], "fr").sentences
    assert timeline_of(history_of(what), MISSION, {})[0].why == "Lieu fermé"


def test_the_list_says_how_often_each_reason_was_given(boss):
    for _ in "12":
        refused()

    page = unescape(boss.get(f"{LISTS}raisons-de-refus/").content.decode())

    assert "participations\u00a0: 2" in page.split(OLD)[1].split("</tr>")[0]
