"""Many participations answered at once: looked at, done row by row, stopped, begun again, taken back (R33)."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.factories import (
    actor,
    as_manager,
    client_of,
    days,
    grant,
    manager,
    mission,
    organisation,
    participation,
    person,
    today,
    volunteer,
)

from renfort.audit.models import Entry, Remark
from renfort.kernel.firing import NotAllowed, Refused
from renfort.missions.models import Batch, BatchRow, Participation, ReplyTemplate
from renfort.missions.services import batches
from renfort.missions.services.batches import confirm, forget_old, looked_at, prepare, run, run_asked, stop, undoable
from renfort.missions.services.replies import filled, unknown_in
from renfort.missions.tasks import run_batches
from renfort.missions.workflow import PARTICIPATION
from renfort.notifications.models import Outgoing
from renfort.organisations.enums import Programme, Role
from renfort.organisations.models import Grant

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_quiet_machine(monkeypatch):
    """What a test does at once is done at once, however busy the machine that runs it."""
    monkeypatch.setattr(batches, "PATIENCE", 600.0)


@pytest.fixture
def host():
    where = organisation(name="Secours Bordeaux")
    someone = manager(where)
    return where, someone, client_of(someone)


def url(name, where, *args):
    return reverse(f"missions:{name}", args=[where.pk, *args])


def text_of(response):
    return " ".join(response.content.decode().split())


def lines(rows):
    return [f"{row.pk}.{row.version}" for row in rows]


def batch_for(where, rows, verb="accept", who=None):
    who = who or as_manager(where)
    who = who.in_role(who.roles[0].key)
    return who, prepare(actor=who, organisation=where.pk, verb=verb, chosen=[(row.pk, row.version) for row in rows])


def outcomes(batch):
    return Counter(batch.rows.values_list("outcome", flat=True))


# ── looked at ─────────────────────────────────────────────────────────────────────────────────────
def test_the_preview_gives_the_places_out_one_after_the_other(host):
    """« 2 acceptées, 3 impossibles : complet », before anything is done or anybody is written to."""
    where, _someone, browser = host
    what = mission(where, places=2)
    rows = [participation(what) for _ in range(5)]

    answer = browser.post(url("batch-new", where), {"ligne": lines(rows), "geste": "accept"}, follow=True)

    page = text_of(answer)
    assert "2 seront acceptées, 3 ne peuvent pas l’être." in page and "Toutes les places sont prises." in page
    assert f"Un e-mail part à {rows[0].person.full_name}, {rows[1].person.full_name}" in page
    assert set(Participation.objects.values_list("state", flat=True)) == {"pending"} and not Outgoing.objects.exists()


def test_each_row_says_why_not(host):
    where, someone, browser = host
    early, over = mission(where), mission(where, starts_on=today() - days(9), ends_on=today() - days(2))
    done, late, changed = participation(early, state="done"), participation(over), participation(early)
    _who, batch = batch_for(where, [done, late, changed], who=actor(someone))
    done_by_a_colleague(changed, "accept", where)

    page = text_of(browser.get(url("batch", where, batch.pk)))

    assert "Son statut est « Mission effectuée »." in page
    assert "La mission est terminée : la date de fin est passée." in page
    assert "Quelqu&#x27;un d&#x27;autre a été plus rapide : c&#x27;est maintenant « Mission validée »." in page
    assert "Rien de ce que vous avez choisi ne peut être changé ainsi." in page


def done_by_a_colleague(row, verb, where):
    from renfort.kernel.firing import fire

    return fire(PARTICIPATION, row, verb, actor=as_manager(where))


def test_a_row_of_somebody_else_is_never_taken(host):
    where, _someone, browser = host
    mine, foreign = participation(mission(where)), participation()

    browser.post(url("batch-new", where), {"ligne": [*lines([mine, foreign]), "x.1", "9" * 30, "1"], "geste": "accept"})

    assert [row.participation_id for row in BatchRow.objects.all()] == [mine.pk]


def test_all_that_the_filter_finds_at_most_a_thousand(host, monkeypatch):
    where, _someone, browser = host
    what = mission(where, places=50)
    rows = [participation(what) for _ in range(30)]
    participation(what, state="refused")
    asked = {"tout": "1", "filtre": "statut=pending", "geste": "accept"}

    page = text_of(browser.post(url("batch-new", where), asked, follow=True))
    monkeypatch.setattr("renfort.missions.views.host_batches.MOST", 20)
    less = text_of(browser.post(url("batch-new", where), asked, follow=True))

    assert "30 seront acceptées." in page and "Un e-mail part à 30 personnes" in page
    assert "Votre filtre en trouve 30 : voici les 20 arrivées en premier." in less
    assert list(Batch.objects.order_by("-id")[0].rows.order_by("id").values_list("participation_id", flat=True)) == [
        row.pk for row in rows[:20]
    ]


def test_nothing_chosen_is_said_in_a_sentence(host):
    where, _someone, browser = host

    answer = browser.post(url("batch-new", where), {"geste": "accept", "filtre": "statut=pending"}, follow=True)

    assert "Cochez au moins une participation." in text_of(answer)
    assert browser.post(url("batch-new", where), {"geste": "withdraw", "ligne": "1.1"}).status_code == 404


def test_a_preview_is_its_makers_own(host):
    where, someone, _browser = host
    colleague = person()
    grant(colleague, Programme.RESERVE, Role.MANAGER, where)
    _who, batch = batch_for(where, [participation(mission(where))], who=actor(someone))

    assert client_of(colleague).get(url("batch", where, batch.pk)).status_code == 404
    with pytest.raises(NotAllowed):
        confirm(actor=actor(colleague), batch=batch, answers={})


def test_a_preview_costs_the_same_for_one_row_and_for_twenty(host):
    where, someone, browser = host
    what = mission(where, places=3)

    def cost(count):
        _who, batch = batch_for(where, [participation(what) for _ in range(count)], who=actor(someone))
        browser.get(url("batch", where, batch.pk))
        with CaptureQueriesContext(connection) as queries:
            browser.get(url("batch", where, batch.pk))
        return len(queries)

    assert cost(1) == cost(20) <= 12


# ── done ──────────────────────────────────────────────────────────────────────────────────────────
def test_confirmed_each_row_is_done_told_and_written_down(host):
    where, someone, browser = host
    what = mission(where, places=2)
    rows = [participation(what) for _ in range(3)]
    batch_url = browser.post(url("batch-new", where), {"ligne": lines(rows), "geste": "accept", "filtre": "statut=pending"}).url

    page = text_of(browser.post(f"{batch_url}confirmer/", follow=True))

    assert "2 faites, 1 impossible" in page and "Toutes les places sont prises." in page
    assert Counter(Participation.objects.values_list("state", flat=True)) == {"accepted": 2, "pending": 1}
    assert Outgoing.objects.filter(message="missions.participation.accepted").count() == 2
    entries = Entry.objects.filter(verb="missions.participation.accept")
    assert {(entry.actor_id, entry.role) for entry in entries} == {(someone.pk, f"reserve:manager:organisation:{where.pk}")}
    again = browser.post(f"{batch_url}confirmer/")
    assert again.url == batch_url and Outgoing.objects.count() == 2, "a second click changes nothing"


def test_a_refusal_needs_its_reason_and_says_the_teams_words_to_each(host):
    where, _someone, browser = host
    what = mission(where, title="Collecte")
    rows = [participation(what, volunteer(first_name=name)) for name in ("Zoé", "{mission}")]
    template = ReplyTemplate.objects.create(
        organisation=where, name="Complet", text="Bonjour {prénom}, « {Mission} » est complète."
    )
    batch_url = browser.post(url("batch-new", where), {"ligne": lines(rows), "geste": "refuse"}).url

    no_reason = browser.post(f"{batch_url}confirmer/", {"message": "Désolés."})
    unknown = browser.post(f"{batch_url}confirmer/", {"reason": "other", "message": "Bonjour {prenon}"})
    browser.post(f"{batch_url}confirmer/", {"reason": "enough_people", "modele": template.pk, "message": ""})

    assert no_reason.status_code == 422 and "Désolés." in text_of(no_reason), "what was typed is not lost"
    assert unknown.status_code == 422 and "« {prenon} » n’est pas connu" in text_of(unknown)
    assert set(Remark.objects.filter(name="message").values_list("text", flat=True)) == {
        "Bonjour Zoé, « Collecte » est complète.", "Bonjour {mission}, « Collecte » est complète."
    }  # fmt: skip
    assert Batch.objects.get().answers == {}, "people's own words stay in the history alone"
    assert {row.refusal_reason for row in Participation.objects.all()} == {"enough_people"}


def test_someone_faster_is_told_row_by_row(host):
    where, someone, _browser = host
    rows = [participation(mission(where)) for _ in range(3)]
    who, batch = batch_for(where, rows, who=actor(someone))
    done_by_a_colleague(rows[1], "accept", where)

    confirm(actor=who, batch=batch, answers={})

    assert outcomes(batch) == {"done": 2, "faster": 1}
    assert "plus rapide" in batch.rows.get(outcome="faster").said


def test_many_are_the_workers_and_begin_again_where_it_died(host, monkeypatch):
    """A worker killed in the middle: what was done is noted with it, and nothing is done twice."""
    where, someone, _browser = host
    what = mission(where, places=100)
    rows = [participation(what) for _ in range(batches.AT_ONCE + 10)]
    who, batch = batch_for(where, rows, who=actor(someone))
    confirm(actor=who, batch=batch, answers={})
    assert (batch.state, outcomes(batch)) == ("asked", {"waiting": 60}), "nobody waits for sixty in front of a page"

    really, calls = batches.fire, []

    def dies(*args, **kwargs):
        calls.append(1)
        done = really(*args, **kwargs)
        if len(calls) == 21:
            raise KeyboardInterrupt  # in the middle of the row's transaction
        return done

    monkeypatch.setattr(batches, "fire", dies)
    with pytest.raises(KeyboardInterrupt):
        run_batches(timezone.now())
    monkeypatch.setattr(batches, "fire", really)
    assert outcomes(batch) == {"done": 20, "waiting": 40}
    assert Participation.objects.filter(state="accepted").count() == 20

    run_batches(timezone.now())
    run_batches(timezone.now())

    batch.refresh_from_db()
    assert (batch.state, outcomes(batch)) == ("done", {"done": 60})
    assert Entry.objects.filter(verb="missions.participation.accept").count() == 60
    assert Outgoing.objects.filter(message="missions.participation.accepted").count() == 60


def test_nobody_waits_long_for_few_either(host, monkeypatch):
    """A busy machine: what is not done in some seconds is the worker's."""
    monkeypatch.setattr(batches, "PATIENCE", 0.0)
    where, someone, _browser = host
    who, batch = batch_for(where, [participation(mission(where)) for _ in range(3)], who=actor(someone))

    confirm(actor=who, batch=batch, answers={})
    assert (batch.state, outcomes(batch)) == ("asked", {"waiting": 3})
    run_batches(timezone.now())

    assert outcomes(batch) == {"done": 3}


def test_long_work_is_left_found_again_and_stopped(host, monkeypatch):
    monkeypatch.setattr(batches, "AT_ONCE", 1)
    where, _someone, browser = host
    what = mission(where, places=9)
    rows = [participation(what) for _ in range(4)]
    batch_url = browser.post(url("batch-new", where), {"ligne": lines(rows), "geste": "accept"}).url

    running = text_of(browser.post(f"{batch_url}confirmer/", follow=True))
    found = text_of(browser.get(url("host-participations", where)))
    batch = Batch.objects.get()
    assert batches._do_next(batch)
    stopped = text_of(browser.post(f"{batch_url}arreter/", follow=True))

    assert "0 sur 4" in running and "Vous pouvez quitter cette page" in running
    assert f'href="{batch_url}"' in found
    assert "1 faite, 3 laissées telles quelles" in stopped
    assert run_asked() == 0 and Participation.objects.filter(state="accepted").count() == 1
    assert f'href="{batch_url}"' not in text_of(browser.get(url("host-participations", where)))


def test_who_is_no_longer_of_the_team_does_nothing_more(host):
    where, someone, _browser = host
    rows = [participation(mission(where)) for _ in range(2)]
    _who, batch = batch_for(where, rows, who=actor(someone))
    Batch.objects.filter(pk=batch.pk).update(state="asked")
    Grant.objects.filter(person=someone).update(valid_until=timezone.now() - timedelta(seconds=1))

    run(batch)

    assert outcomes(batch) == {"left": 2}
    assert not Participation.objects.filter(state="accepted").exists()


def test_a_row_that_nobody_foresaw_stops_no_other(host, monkeypatch, caplog):
    where, someone, _browser = host
    rows = [participation(mission(where)) for _ in range(3)]
    who, batch = batch_for(where, rows, who=actor(someone))
    really = batches.fire

    def breaks(flow, row, *args, **kwargs):
        if row.pk == rows[1].pk:
            raise ZeroDivisionError
        return really(flow, row, *args, **kwargs)

    monkeypatch.setattr(batches, "fire", breaks)
    confirm(actor=who, batch=batch, answers={})

    assert outcomes(batch) == {"done": 2, "refused": 1}
    assert "could not be done" in caplog.text


def test_a_whole_answer_is_taken_back_while_it_may(host):
    """« Remettre en attente » for all of them, but for those whose mission has begun."""
    where, _someone, browser = host
    rows = [participation(mission(where)) for _ in range(3)]
    batch_url = browser.post(url("batch-new", where), {"ligne": lines(rows), "geste": "accept"}).url
    page = text_of(browser.post(f"{batch_url}confirmer/", follow=True))
    assert "3 peuvent encore être remises en attente." in page
    rows[0].mission.starts_on = today()
    rows[0].mission.save()

    undo_url = browser.post(f"{batch_url}reprendre/").url
    browser.post(f"{undo_url}confirmer/")

    assert Counter(Participation.objects.values_list("state", flat=True)) == {"pending": 2, "accepted": 1}
    assert "remises en attente" not in text_of(browser.get(batch_url))
    assert browser.post(f"{batch_url}reprendre/").url == batch_url


def test_what_cannot_be_taken_back_is_not_offered(host):
    where, someone, _browser = host
    row = participation(mission(where, starts_on=today() - days(1), ends_on=today()), state="ongoing")
    who, batch = batch_for(where, [row], verb="miss", who=actor(someone))

    confirm(actor=who, batch=batch, answers={})

    row.refresh_from_db()
    assert row.state == "no_show" and undoable(batch, who) == []


def test_old_ones_are_forgotten_and_the_history_keeps_them(host):
    where, someone, _browser = host
    who, seen = batch_for(where, [participation(mission(where))], who=actor(someone))
    _who, done = batch_for(where, [participation(mission(where))], who=actor(someone))
    confirm(actor=who, batch=done, answers={})

    forget_old(timezone.now() + days(2))
    assert set(Batch.objects.all()) == {done} and seen.pk != done.pk
    forget_old(timezone.now() + days(91))

    assert not Batch.objects.exists() and Entry.objects.filter(verb="missions.participation.accept").exists()


def test_more_than_a_thousand_are_not_prepared(host):
    where, someone, _browser = host
    with pytest.raises(Refused, match="1000"):
        prepare(actor=actor(someone), organisation=where.pk, verb="accept", chosen=[(number, 1) for number in range(1001)])


def test_a_stopped_one_tells_whom_it_left(host):
    where, someone, _browser = host
    who, batch = batch_for(where, [participation(mission(where))], who=actor(someone))
    Batch.objects.filter(pk=batch.pk).update(state="asked")

    stop(actor=who, batch=batch)

    assert (batch.state, outcomes(batch)) == ("stopped", {"left": 1})
    assert [look.outcome for look in looked_at(batch, who)] == ["waiting"], "and it can be answered again"


# ── templates ─────────────────────────────────────────────────────────────────────────────────────
def test_variables_are_replaced_once_and_nothing_else_is():
    row = participation(mission(organisation(name="{nom}"), title="{structure} % {0} {{prénom}}"), volunteer(first_name="A{nom}"))

    assert filled("{prénom} {NOM} {mission} {structure} {x}", row) == (
        f"A{{nom}} {row.person.last_name} {{structure}} % {{0}} {{{{prénom}}}} {{nom}} {{x}}"
    )
    assert unknown_in("{prénom} {prenom} {} {0.__class__}") == ["prenom", "", "0.__class__"]


def test_templates_are_written_changed_and_deleted_by_the_team_alone(host):
    where, _someone, browser = host
    colleague = person()
    grant(colleague, Programme.RESERVE, Role.MANAGER, where)

    wrong = browser.post(url("reply-new", where), {"name": "Complet", "text": "Bonjour {prenom}"})
    browser.post(url("reply-new", where), {"name": "Complet", "text": "Bonjour {prénom}"})
    twice = browser.post(url("reply-new", where), {"name": "Complet", "text": "Bonjour"})
    template = ReplyTemplate.objects.get()
    client_of(colleague).post(url("reply", where, template.pk), {"name": "Plein", "text": "Merci {prénom}"})
    stranger = client_of(manager()).post(url("reply-delete", where, template.pk))

    assert wrong.status_code == 422 and "Bonjour {prenom}" in text_of(wrong)
    assert twice.status_code == 422 and "Un autre modèle porte déjà ce nom." in text_of(twice)
    assert "Merci {prénom}" in text_of(browser.get(url("replies", where)))
    assert stranger.status_code == 404
    browser.post(url("reply-delete", where, template.pk))
    assert not ReplyTemplate.objects.exists()
