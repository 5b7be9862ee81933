"""Who is told of what, and in which words (R33, R36): one line per e-mail of every transition."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.factories import (
    account,
    actor,
    as_operator,
    at,
    book,
    days,
    grant,
    manager,
    mission,
    organisation,
    participation,
    person,
    rules_of,
    slot,
    today,
    volunteer,
)

from renfort.kernel.actors import CLOCK
from renfort.kernel.firing import fire
from renfort.kernel.messages import MESSAGES
from renfort.missions.enums import MissionState as M
from renfort.missions.enums import ParticipationState as P
from renfort.missions.models import Domain
from renfort.missions.services.participation import apply
from renfort.missions.workflow import MISSION, PARTICIPATION
from renfort.notifications.models import Notice, Outgoing
from renfort.organisations.enums import Programme, Role
from renfort.organisations.models import Organisation
from renfort.parameters.catalogue import PUBLICATION, VALIDATE_FIRST
from renfort.parameters.services import set_value

pytestmark = pytest.mark.django_db
ANSWERS = {
    "ends_on": (today() + days(40)).isoformat(),
    "reason": "other",
    "reasons": "Précisez les horaires.",
    "message": "À bientôt.",
}
BEGUN, OVER, LATE, LEFT = "begun", "over", "late", "its organisation has left"
FLAGGED, SENSITIVE = "its organisation is flagged", "its domain wants two readers"
# who fires each transition, on what, and when it is possible
MISSIONS = {
    "publish": (M.DRAFT, "manager", None),
    "submit": (M.DRAFT, "manager", None),
    "resubmit": (M.TO_CORRECT, "manager", None),
    "opine": (M.SUBMITTED, "operator", SENSITIVE),
    "validate": (M.SUBMITTED, "operator", None),
    "review": (M.PUBLISHED, "operator", None),
    "ask_correction": (M.PUBLISHED, "operator", None),
    "refuse": (M.PUBLISHED, "operator", None),
    "end": (M.PUBLISHED, "manager", OVER),
    "reopen": (M.ENDED, "manager", OVER),
    "cancel": (M.PUBLISHED, "manager", None),
    "discard": (M.DRAFT, "manager", None),
    "suspend_with_organisation": (M.PUBLISHED, "clock", FLAGGED),
    "cancel_with_organisation": (M.PUBLISHED, "clock", LEFT),
    "discard_with_organisation": (M.DRAFT, "clock", LEFT),
    "remind_first": (M.PUBLISHED, "clock", LATE),
    "ask_who_came": (M.PUBLISHED, "clock", LATE),
    "tell_hours": (M.PUBLISHED, "clock", LATE),
    "remind_second": (M.PUBLISHED, "clock", LATE),
}
PARTICIPATIONS = {
    "accept": (P.PENDING, "manager", None),
    "refuse": (P.PENDING, "manager", None),
    "take_back": (P.ACCEPTED, "manager", None),
    "choose_slots": (P.ACCEPTED, "manager", None),
    "give_back_slots": (P.ACCEPTED, "volunteer", None),
    "withdraw": (P.ACCEPTED, "volunteer", None),
    "remind_eve": (P.ACCEPTED, "clock", None),
    "start": (P.ACCEPTED, "clock", BEGUN),
    "complete": (P.ONGOING, "manager", BEGUN),
    "miss": (P.ONGOING, "manager", BEGUN),
    "contest": (P.NO_SHOW, "volunteer", BEGUN),
    "came": (P.NO_SHOW, "manager", OVER),
    "resume": (P.NO_SHOW, "manager", BEGUN),
    "keep_absence": (P.NO_SHOW, "manager", OVER),
    "settle_absence": (P.NO_SHOW, "clock", LATE),
    "ask_volunteer": (P.ONGOING, "clock", LATE),
    "tell_hours": (P.ONGOING, "clock", LATE),
    "cancel_with_mission": (P.ACCEPTED, "clock", None),
    "cancel_with_slots": (P.ACCEPTED, "clock", None),
    "lapse": (P.PENDING, "clock", None),
}
SLOTS = {"choose_slots", "give_back_slots", "cancel_with_slots"}  # on a mission with slots


@pytest.fixture
def cast():
    """An organisation of two managers, the second one in charge; a volunteer; an operator."""
    where = organisation(name="Secours Bordeaux")
    first = manager(where, first_name="Paule", last_name="Première")
    second = manager(where, first_name="Sami", last_name="Second")
    someone = volunteer(first_name="Awa", last_name="Diallo")
    names = {first.pk: "manager", second.pk: "responsible manager", someone.pk: "volunteer"}
    actors = {"manager": actor(first), "volunteer": actor(someone), "operator": as_operator(), "clock": CLOCK}
    return where, second, someone, names, actors


def moment(what, when):
    offsets = dict.fromkeys((None, LEFT, FLAGGED, SENSITIVE), what.begins_at - timedelta(days=1)) | {
        BEGUN: what.begins_at,
        OVER: what.over_at,
    }
    return offsets.get(when, what.over_at + timedelta(days=20))


def mails(names):
    """Who got what since the last call."""
    found = [f"{names[m.person_id]}: {m.subject}" for m in Outgoing.objects.order_by("id")]
    Outgoing.objects.all().delete()
    return found


def test_who_is_told_of_what(cast, snapshot):
    where, responsible, someone, names, actors = cast
    lines = ["# who gets which e-mail; the manager who acts is not written to"]
    for name, (state, who, when) in MISSIONS.items():
        what = mission(organisation(state="flagged") if when == FLAGGED else where, state=state, responsible=responsible)
        Domain.objects.update(is_sensitive=when == SENSITIVE)
        if name == "submit":
            set_value(PUBLICATION, VALIDATE_FIRST, actor=actors["operator"])
        Organisation.objects.filter(pk=where.pk).update(left_at=timezone.now() if when == LEFT else None)
        with at(moment(what, when)):
            fire(MISSION, what, name, actor=actors[who], answers=ANSWERS)
        if name == "submit":
            set_value(PUBLICATION, "online_first", actor=actors["operator"])
        Organisation.objects.filter(pk=where.pk).update(left_at=None)
        lines += ["", f"mission {name} ({who})", *(f"    {line}" for line in mails(names) or ["–"])]
    for name, (state, who, when) in PARTICIPATIONS.items():
        of = {"lapse": M.ENDED, "cancel_with_mission": M.CANCELLED}.get(name, M.PUBLISHED)
        what = mission(where, responsible=responsible, state=of)
        contested = what.over_at if name == "keep_absence" else None
        absence = {"missed_at": what.begins_at, "contestable_until": what.over_at + timedelta(days=8), "contested_at": contested}
        taken = participation(what, someone, state=state, **(absence if state == P.NO_SHOW else {}))
        answers = dict(ANSWERS)
        if name in SLOTS:
            lost = {"state": "cancelled", "cancelled_at": timezone.now()} if name == "cancel_with_slots" else {}
            slots = [slot(what, day=day, **lost) for day in (0, 1)]
            book(taken, *slots)
            answers["slots"] = [str(slots[0].pk)]
        with at(moment(what, when)):
            fire(PARTICIPATION, taken, name, actor=actors[who], answers=answers)
        lines += ["", f"participation {name} ({who})", *(f"    {line}" for line in mails(names) or ["–"])]
    what = mission(where, responsible=responsible)
    apply(actor=actors["volunteer"], person=someone, mission=what, ticked=rules_of(what.domain))
    lines += ["", "participation apply (volunteer)", *(f"    {line}" for line in mails(names))]

    snapshot("reserve_messages.txt", "\n".join(lines))


def test_every_transition_is_in_the_table():
    assert [t.name for t in MISSION.transitions] == list(MISSIONS)
    assert [t.name for t in PARTICIPATION.transitions] == list(PARTICIPATIONS)


def test_every_message_of_the_reserve_names_it():
    """Vocabulary: each e-mail names its programme."""
    ours = {key: message.programme for key, message in MESSAGES.items() if key.startswith("missions.")}

    assert set(ours.values()) == {Programme.RESERVE}


def test_each_reader_gets_a_mail_alone_and_a_notice():
    """go-api 1073: one message per recipient, never an address that another one reads."""
    where = organisation()
    team = [manager(where) for _ in range(3)]
    what = mission(where, state="submitted")

    fire(MISSION, what, "validate", actor=as_operator())

    addresses = list(Outgoing.objects.order_by("id").values_list("address", flat=True))
    assert addresses == [each.email for each in team]
    assert list(Notice.objects.order_by("person").values_list("person_id", flat=True)) == [each.pk for each in team]
    for mail in Outgoing.objects.all():
        others = [address for address in addresses if address != mail.address]
        assert [a for a in others if a in mail.text or a in mail.html or a in mail.subject] == []


def test_former_manager_is_told_nothing():
    from django.utils import timezone

    where = organisation()
    manager(where)
    former = volunteer()
    grant(former, Programme.RESERVE, Role.MANAGER, where, valid_until=timezone.now())

    fire(MISSION, mission(where, state="submitted"), "validate", actor=as_operator())

    assert not Outgoing.objects.filter(person=former).exists()


def test_mail_speaks_the_readers_language_whoever_acts():
    where = organisation()
    someone = account(person(), language="en").person
    grant(someone, Programme.RESERVE, Role.MANAGER, where)
    manager(where)

    fire(MISSION, mission(where, state="submitted"), "validate", actor=as_operator())

    assert sorted(Outgoing.objects.values_list("language", flat=True)) == ["en", "fr"]


def test_accepted_volunteer_learns_whom_to_call():
    """R11, R36."""
    taken = participation()

    fire(PARTICIPATION, taken, "accept", actor=actor(taken.mission.responsible))

    text = Outgoing.objects.get(message="missions.participation.accepted").text
    assert [word for word in ("Maryse Contact", "0556010203", "De 9 h à 12 h", "33000 Bordeaux") if word not in text] == []


@pytest.mark.parametrize("name", ["refuse", "take_back", "withdraw", "cancel_with_mission"])
def test_nobody_else_learns_whom_to_call(name, cast):
    where, responsible, someone, _names, actors = cast
    state, who, when = PARTICIPATIONS[name]
    what = mission(where, responsible=responsible, state="cancelled" if name == "cancel_with_mission" else M.PUBLISHED)
    taken = participation(what, someone, state=state)

    with at(moment(what, when)):
        fire(PARTICIPATION, taken, name, actor=actors[who], answers=ANSWERS)

    mail = Outgoing.objects.get()
    assert [word for word in ("Maryse Contact", "0556010203", "contact@secret.example") if word in mail.text + mail.html] == []


def test_refused_volunteer_reads_the_reason_and_the_words():
    waiting = participation()
    answers = {"reason": "enough_people", "message": "Revenez au printemps <b>!"}

    fire(PARTICIPATION, waiting, "refuse", actor=actor(waiting.mission.responsible), answers=answers)

    mail = Outgoing.objects.get()
    assert "Nous avons déjà assez de monde" in mail.text and "Revenez au printemps <b>!" in mail.text
    assert "Revenez au printemps &lt;b&gt;!" in mail.html and "<b>!" not in mail.html


def test_decision_taken_back_says_which_one():
    for state, sentence in (("accepted", "revient sur son acceptation"), ("refused", "revient sur son refus")):
        decided = participation(state=state)
        fire(PARTICIPATION, decided, "take_back", actor=actor(decided.mission.responsible))
        assert sentence in Outgoing.objects.latest("id").text
