"""A creating form counts once: double clicks, resent pages, two tabs (rdv-service-public 1633)."""

from __future__ import annotations

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connections
from django.utils import timezone
from tests.factories import person

from renfort.jobs.forms import OnceForm
from renfort.jobs.models import FormToken
from renfort.jobs.services import forget_old_tokens, once
from renfort.people.models import Person


def make():
    return f"/personne/{person().pk}/"


@pytest.mark.django_db
def test_same_form_twice_leads_to_the_same_place():
    token = uuid4()

    found = [once(token, owner="1", make=make) for _ in range(3)]

    assert found == [f"/personne/{Person.objects.get().pk}/"] * 3


@pytest.mark.django_db
def test_two_forms_make_two_things():
    assert len({once(uuid4(), owner="1", make=make) for _ in range(2)}) == 2


@pytest.mark.django_db
def test_token_of_somebody_else_does_not_lead_to_their_thing():
    token = uuid4()
    theirs = once(token, owner="1", make=make)

    mine = once(token, owner="2", make=make)

    assert (mine != theirs, Person.objects.count()) == (True, 2)
    assert once(token, owner="1", make=make) == theirs


@pytest.mark.django_db
def test_form_that_failed_may_be_sent_again():
    token = uuid4()

    def fail():
        person()
        raise ValueError("not this time")

    with pytest.raises(ValueError, match="not this time"):
        once(token, owner="1", make=fail)
    assert (Person.objects.count(), FormToken.objects.count()) == (0, 0)
    once(token, owner="1", make=make)
    assert Person.objects.count() == 1


@pytest.mark.race
def test_ten_clicks_at_once_make_one_thing(own_database):
    token, start, found = uuid4(), threading.Barrier(10), []

    def click():
        try:
            start.wait(30)
            found.append(once(token, owner="1", make=make))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=click) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert found == [f"/personne/{Person.objects.get().pk}/"] * 10


@pytest.mark.django_db
def test_tokens_are_forgotten_after_a_week():
    once(uuid4(), owner="1", make=make)
    FormToken.objects.update(at=timezone.now() - timedelta(days=7, seconds=1))
    kept = uuid4()
    once(kept, owner="1", make=make)

    assert (forget_old_tokens(), list(FormToken.objects.values_list("pk", flat=True))) == (1, [kept])


def test_each_page_has_a_token_of_its_own_that_stays_when_it_comes_back():
    first, second = (str(OnceForm()["form_token"].value()) for _ in "12")
    sent = OnceForm({"form_token": first})

    assert first != second
    assert (sent.is_valid(), str(sent.cleaned_data["form_token"]), sent["form_token"].value()) == (True, first, first)


@pytest.mark.parametrize("data", [{}, {"form_token": ""}])
def test_form_without_a_token_works_too(data):
    form = OnceForm(data)

    assert form.is_valid() and form.cleaned_data["form_token"]
