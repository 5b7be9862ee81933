"""The harness's own rules, each broken once."""

from __future__ import annotations

import socket
import warnings
from datetime import datetime

import pytest
from django.core.paginator import Paginator
from django.forms.renderers import get_default_renderer
from django.http import HttpResponse
from django.template import Context, Template
from django.test import Client
from django.urls import path
from tests.harness.strict import POLICY, Reader

from renfort.kernel.forms import Renderer
from renfort.missions.models import Mission


def page(html):
    return lambda request: HttpResponse(html)


def broken(request):
    raise ValueError("broken on purpose")


def loose(request):
    response = HttpResponse("<p>loose</p>")
    response._csp_update = {"script-src": ["'self'", "'unsafe-inline'"]}
    return response


urlpatterns = [
    path("script/", page("<script>alert(1)</script>")),
    path("handler/", page('<p onclick="alert(1)">')),
    path("style/", page('<p style="color:red">')),
    path("left/", page("<p>{{ name }}</p>")),
    path("unformatted/", page("<p>%(name)s</p>")),
    path("data/", page('<script type="application/json">{"a": 1}</script><textarea>{{ typed }}</textarea>')),
    path("broken/", broken),
    path("loose/", loose),
]


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("/script/", "an inline <script>"),
        ("/handler/", "an attribute onclick"),
        ("/style/", "an attribute style"),
        ("/left/", "template code left"),
        ("/unformatted/", "template code left"),
        ("/loose/", "Content-Security-Policy"),
    ],
)
def test_page_with_a_fault_fails(db, address, fault):
    with pytest.raises(AssertionError, match=fault):
        Client().get(address)


@pytest.mark.urls(__name__)
def test_page_that_fails_is_a_failure_even_when_the_error_is_caught(db):
    with pytest.raises(AssertionError, match="status 500"):
        Client(raise_request_exception=False).get("/broken/")


@pytest.mark.urls(__name__)
def test_data_for_scripts_and_what_a_person_typed_are_no_faults(db):
    assert Client().get("/data/").status_code == 200


def test_reader_finds_every_fault_at_once():
    reader = Reader()

    reader.feed('<style>a{}</style><a href="javascript:alert(1)">x</a><p title="{% x %}">')

    assert reader.faults == ["a <style> element", "a script as address on <a>", "template code left in title='{% x %}'"]


def test_policy_allows_nothing_inline_and_no_other_site():
    sources = {source for part in POLICY.values() for source in part.split()}

    assert sources == {"'self'", "'none'", "data:"}


@pytest.mark.parametrize(
    "source", ["{{ absent }}", "{{ here.absent }}", "{% blocktranslate %}{{ absent }}{% endblocktranslate %}"]
)
def test_undefined_variable_fails(source):
    with pytest.raises(AssertionError, match="undefined variable"):
        Template("{% load i18n %}" + source).render(Context({"here": {}}))


def test_undefined_variable_may_be_asked_for():
    assert Template("{% if absent %}yes{% else %}no{% endif %}").render(Context()) == "no"


def test_undefined_variable_fails_in_widgets_too():
    renderer = get_default_renderer()

    assert isinstance(renderer, Renderer)
    with pytest.raises(AssertionError, match="undefined variable"):
        renderer.engine.from_string("{{ absent }}").render({})


def test_network_is_out_of_reach():
    with socket.socket() as outside, pytest.raises(AssertionError, match="tried to reach"):
        outside.connect(("192.0.2.1", 80))
    with pytest.raises(AssertionError, match="tried to reach"):
        socket.getaddrinfo("example.org", 80)


def test_warnings_are_errors():
    with pytest.raises(UserWarning, match="once"):
        warnings.warn("once", UserWarning, stacklevel=1)


def test_list_without_an_order_cannot_be_cut_into_pages(db):
    with pytest.raises(RuntimeWarning, match="unordered"):
        Paginator(Mission.objects.all(), 20).page(1)


def test_date_without_a_zone_cannot_be_compared_with_the_database(db):
    with pytest.raises(RuntimeWarning, match="naive"):
        Mission.objects.filter(created_at__lt=datetime(2026, 1, 1)).exists()  # noqa: DTZ001 -- the fault under test
