"""The components: declared arguments, true figures, words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject

from renfort.kernel.templatetags import ui

NBSP = "\u00a0"


@pytest.fixture(autouse=True)
def in_french():
    with translation.override("fr"):
        yield


def render(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


@pytest.mark.parametrize(
    "source",
    [
        '{% button label="x" colour="red" %}',
        '{% badge label="x" tint="red" %}',
        '{% alert level="info" %}x{% endalert %}',
        "{% pagination pages=1 %}",
        "{% timeline lines=1 %}",
        '{% fold name="x" %}x{% endfold %}',
    ],
)
def test_an_unknown_argument_is_refused_when_the_template_compiles(source):
    with pytest.raises(TemplateSyntaxError, match="unexpected keyword argument"):
        Template(source)


def test_an_unknown_tone_or_icon_is_refused():
    with pytest.raises(ValueError, match="tone"):
        ui.button(label="x", tone="red")
    with pytest.raises(KeyError):
        ui.icon("no-such-icon")


def test_what_people_write_is_escaped():
    evil = '<script>alert("x")</script>'
    shown = ui.button(label=evil, url="/?a=1&b=2", hint=evil) + ui.badge(label=evil) + ui.facts(items=[(evil, evil)])
    assert "<script>" not in shown
    assert 'href="/?a=1&amp;b=2"' in shown


def test_a_button_is_a_link_a_submit_or_opens_a_dialog():
    assert ui.button(label="Voir", url="/x").startswith("<a ")
    assert 'type="submit"' in ui.button(label="Envoyer")
    assert 'popovertarget="d"' in ui.button(label="Ouvrir", dialog="d")


@pytest.mark.parametrize(
    ("taken", "total", "words", "bar"),
    [
        (0, 2, "2 places 0 / 2", 'max="2" value="0"'),
        (1, 2, "1 place 1 / 2", 'max="2" value="1"'),
        (2, 2, "Complet 2 / 2", 'max="2" value="2"'),
        (3, 2, "3 / 2 : 1 de trop", 'max="2" value="2"'),
        (0, 0, "Complet 0 / 0", 'max="1" value="0"'),
    ],
)
def test_the_gauge_tells_the_truth_even_when_over(taken, total, words, bar):
    shown = ui.gauge(taken=taken, total=total)
    assert words in shown.replace(NBSP, " ")
    assert bar in shown


def test_numbers_in_french_form_even_when_counted_late():
    assert ui.number(12345).replace("\u202f", " ").replace(NBSP, " ") == "12 345"
    assert ui.number(SimpleLazyObject(lambda: 3)) == "3"
    assert ">3<" in ui.count(value=SimpleLazyObject(lambda: 3))
    assert ui.count(value=SimpleLazyObject(lambda: 0)) == ""


def test_places_left_in_words():
    assert "2 places restantes" in ui.places_left(left=2)
    assert "1 place restante" in ui.places_left(left=1)
    assert "Complet" in ui.places_left(left=0)


def pagination(number: int, rows: int, query: str = "") -> str:
    request = RequestFactory().get(f"/missions/{query}")
    page = Paginator(range(rows), 20).get_page(number)
    return render("{% pagination page=page %}", page=page, request=request)


def test_pagination_says_what_it_shows_and_keeps_the_address():
    shown = pagination(1, 57, "?lieu=Bordeaux&page=1")
    assert "Affiche 1 à 20 sur 57 résultats" in shown
    assert "?lieu=Bordeaux&amp;page=2" in shown
    assert 'aria-current="page"' in shown


def test_pagination_of_one_page_and_of_nothing():
    assert "Affiche 1 à 1 sur 1 résultat<" in pagination(1, 1)
    assert "<ul>" not in pagination(1, 20)
    assert "Aucun résultat" in pagination(1, 0)


MARCH = date(timezone.localdate().year, 3, 4)


def test_days_in_words():
    assert ui.day_words(date(2024, 3, 4)) == "lundi 4 mars 2024"
    assert ui.day_words(date(2024, 3, 1)) == "vendredi 1er mars 2024"
    assert str(MARCH.year) not in ui.day_words(MARCH)
    assert ui.day_words(None) == ""


def test_a_moment_is_told_in_the_zone_of_the_place():
    evening = datetime(2024, 3, 4, 21, 30, tzinfo=UTC)
    assert ui.moment_words(evening, "Europe/Paris") == f"lundi 4 mars 2024, 22{NBSP}h{NBSP}30"
    assert ui.moment_words(evening, "Indian/Reunion") == f"mardi 5 mars 2024, 1{NBSP}h{NBSP}30"


def test_a_span_within_a_day_and_over_days():
    start = datetime(2024, 3, 4, 13, tzinfo=UTC)
    within = ui.span_words(starts_at=start, ends_at=start + timedelta(hours=3), zone="Europe/Paris")
    assert within.replace(NBSP, " ") == "lundi 4 mars 2024, 14 h – 17 h"
    over = ui.span_words(starts_at=start, ends_at=start + timedelta(hours=12), zone="Europe/Paris")
    assert over.replace(NBSP, " ") == "du lundi 4 mars 2024, 14 h au mardi 5 mars 2024, 2 h"


@pytest.mark.parametrize(
    ("starts", "ends", "words"),
    [
        (None, None, "dates à convenir"),
        (date(2024, 3, 4), date(2024, 3, 4), "lundi 4 mars 2024"),
        (date(2024, 3, 1), date(2024, 3, 8), "du 1er au 8 mars 2024"),
        (date(2024, 2, 28), date(2024, 3, 4), "du 28 février au 4 mars 2024"),
        (date(2023, 12, 21), date(2024, 1, 2), "du 21 décembre 2023 au 2 janvier 2024"),
        (date(2024, 3, 4), None, "à partir du 4 mars 2024"),
        (None, date(2024, 3, 4), "jusqu’au 4 mars 2024"),
    ],
)
def test_periods_in_words(starts, ends, words):
    assert ui.period_words(starts_on=starts, ends_on=ends) == words


@pytest.mark.parametrize(
    ("delta", "words"),
    [
        (timedelta(seconds=-5), "à l’instant"),
        (timedelta(minutes=-1), "il y a 1 minute"),
        (timedelta(days=-3, hours=-1), "il y a 3 jours"),
        (timedelta(hours=2, minutes=1), "dans 2 heures"),
    ],
)
def test_relative_times_carry_the_exact_one(delta, words):
    shown = ui.relative_time(at=timezone.now() + delta, zone="Indian/Reunion")
    assert words in shown
    assert "datetime=" in shown
    assert "title=" in shown
    assert 'tabindex="0"' in shown


def test_a_refused_action_says_why_and_can_be_focused():
    refused = {"name": "start", "label": "Commencer", "tone": "primary", "url": "/x", "refusals": ["Pas avant le 4 mars."]}
    shown = render("{% actions actions=actions %}", actions=[refused])
    assert 'aria-disabled="true"' in shown
    assert 'aria-describedby="refus-start"' in shown
    assert "Pas avant le 4 mars." in shown
    assert 'href="/x"' not in shown


def test_an_unknown_domain_has_the_generic_picture():
    assert "#generic" in ui.illustration("a-domain-of-the-operator")


def test_an_address_is_cut_before_its_at_and_stays_text():
    assert ui.address("maria-jose@demo.test") == "maria-jose<wbr>@demo.test"
    assert ui.address("<b>@x.fr") == "&lt;b&gt;<wbr>@x.fr"
