"""A page of a known shape is not read again; whatever can make a page inaccessible makes another shape of it (P9)."""

from __future__ import annotations

import pytest
from tests.harness.axe import RULES, SHAPE, axe, is_known, shape
from tests.harness.browser import DESKTOP, PHONE_NO_SCRIPT

pytestmark = pytest.mark.browser
PAGE = """<!DOCTYPE html><html lang="fr"><head><title>Missions</title><meta name="viewport" content="width=device-width">
<style>a { display: inline-block; padding: 12px 4px } .pale { color: #ccc; background: #fff }</style></head>
<body><header><a href="#main">Aller au contenu</a></header><main id="main"><h1>Missions</h1>
<ul><li class="row"><a href="/missions/1/">Distribution de 3 repas</a></li>
<li class="row"><a href="/missions/2/">Tri</a></li></ul>
<form><label for="q">Rechercher</label><input id="q" name="q" value="repas"><p id="help">Un mot</p>
<button class="btn">Chercher</button><img src="/a.png" alt="Une carte"></form>
<section aria-label="Près de vous"><h2>Près</h2></section><section aria-label="Bientôt"><h2>Bientôt</h2></section>
</main></body></html>"""
SMALL = '<li class="row"><a href="/missions/2/">Tri</a><a href="/missions/3/">.</a></li>'
BREAKS = {
    "a link too small for a finger": ('<li class="row"><a href="/missions/2/">Tri</a></li>', SMALL),
    "a label that leads nowhere": ('for="q"', 'for="quest"'),
    "a button without a name": (">Chercher<", "><"),
    "a colour too pale": ('class="btn"', 'class="btn pale"'),
    "a picture without words": (' alt="Une carte"', ""),
    "an unknown role": ("<ul>", '<ul role="liste">'),
    "a link without words": (">Tri<", "><"),
    "a page without a title": ("<title>Missions</title>", "<title></title>"),
    "a page without a language": (' lang="fr"', ""),
    "a level left out": ("<h2>Près</h2>", "<h5>Près</h5>"),
    "two regions of one name": ('aria-label="Bientôt"', 'aria-label="Près de vous"'),
    "a window that cannot be enlarged": ("width=device-width", "width=device-width, user-scalable=no"),
    "an order of its own": ('name="q"', 'name="q" tabindex="5"'),
    "a state that does not exist": ('class="btn"', 'class="btn" aria-pressed="peut-être"'),
}


def test_words_and_numbers_alone_make_no_other_shape(site, arrive):
    page = arrive(site.url, DESKTOP).page
    page.set_content(PAGE)
    assert not axe(page)
    assert is_known(shape(page, RULES))

    other = (
        PAGE.replace("Distribution de 3 repas", "Maraudes à 20 h").replace("/missions/1/", "/missions/77/").replace("repas", "")
    )
    page.set_content(
        other.replace("<ul>", '<ul><li class="row"><a href="/missions/9/">Accueil</a></li>').replace('value=""', 'value="x"')
    )
    assert is_known(shape(page, RULES))


def test_width_theme_and_state_make_another_shape(site, arrive):
    page = arrive(site.url, DESKTOP).page
    page.set_content(PAGE)
    shapes = [page.evaluate(SHAPE)]
    page.emulate_media(color_scheme="dark")
    shapes.append(page.evaluate(SHAPE))
    page.set_viewport_size({"width": 390, "height": 844})
    shapes.append(page.evaluate(SHAPE))
    page.locator("button").evaluate("button => { button.disabled = true }")
    shapes.append(page.evaluate(SHAPE))
    page.locator("#q").focus()
    shapes.append(page.evaluate(SHAPE))
    assert len(set(shapes)) == len(shapes)


def test_whatever_breaks_a_page_is_found_although_the_page_was_read_before(site, arrive):
    page = arrive(site.url, DESKTOP).page
    page.set_content(PAGE)
    assert not axe(page)
    for what, (before, after) in BREAKS.items():
        assert PAGE.count(before) == 1, what
        page.set_content(PAGE.replace(before, after))
        assert axe(page), what
        assert axe(page), f"{what}: a fault is told each time"


def test_a_page_without_scripts_is_read_and_stays_without(site, arrive):
    visitor = arrive(site.url, PHONE_NO_SCRIPT)
    visitor.open("/inscription/benevole/")
    visitor.look("sans-scripts")
    visitor.open("/connexion/")
    visitor.page.evaluate("() => document.querySelectorAll('main label').forEach((label) => label.remove())")
    with pytest.raises(AssertionError, match="label"):
        visitor.look("sans-etiquettes")
    assert visitor.page.evaluate("() => matchMedia('(scripting: none)').matches"), "scripts are off again"
