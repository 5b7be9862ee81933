"""French spaces: no line of a page begins with « : ; ? ! » or ends with an opening quote (P8, P9)."""

import re

import polib
import pytest
from django.test import override_settings
from django.urls import reverse
from tests.factories import client_of, manager, mission, organisation
from tests.harness.languages import LOCALE

from renfort.kernel.messages import MESSAGES
from renfort.kernel.typography import NARROW, NO_BREAK, spaced
from renfort.notifications.components import sample_letter

BREAKS = re.compile(r"[^\s] [:;?!»](?![\w)])|« ")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Qui est venu ?", f"Qui est venu{NARROW}?"),
        ("Bravo ! Fini ; merci", f"Bravo{NARROW}! Fini{NARROW}; merci"),
        ("Domaine : « Repas »", f"Domaine{NO_BREAK}: «{NO_BREAK}Repas{NO_BREAK}»"),
        ("%(field)s : %(value)s", f"%(field)s{NO_BREAK}: %(value)s"),
        ("De 9:00 à 12:00, a ? b", f"De 9:00 à 12:00, a{NARROW}? b"),
        ("De 9 h à 12 h 30, 3 hommes", f"De 9{NO_BREAK}h à 12{NO_BREAK}h{NO_BREAK}30, 3 hommes"),
        ("Rien à faire.", "Rien à faire."),
        (f"Déjà{NO_BREAK}: fait", f"Déjà{NO_BREAK}: fait"),
    ],
)
def test_signs_stay_with_their_word(typed, read):
    assert spaced(typed) == read
    assert spaced(read) == read, "once is enough"


def test_every_french_text_that_is_served_has_its_spaces():
    """No text of ours can break before a sign, whoever wrote it and however it was typed."""
    typed = polib.pofile(str(LOCALE / "fr" / "LC_MESSAGES" / "django.po"))
    served = {(e.msgctxt, e.msgid): e for e in polib.mofile(str(LOCALE / "fr" / "LC_MESSAGES" / "django.mo"))}
    wrong = []
    for entry in typed:
        made = served.get((entry.msgctxt, entry.msgid))
        said = [entry.msgid] if made is None else [made.msgstr, *made.msgstr_plural.values()]
        wrong += [text for text in said if BREAKS.search(text)]

    assert len(served) > 500
    assert not wrong


@pytest.mark.django_db
def test_pages_and_letters_are_served_with_them():
    where = organisation(name="Structure sans signe", description="Nous aidons.")
    host = manager(where)
    mission(where, title="Colis", responsible=host)
    with override_settings(LOCALE_PATHS=[LOCALE]):
        for name in ("missions:host-missions", "missions:host-participations", "organisations:team"):
            page = client_of(host).get(reverse(name, args=[where.pk])).content.decode()
            shown = re.sub(r"<(script|style|svg)\b.*?</\1>|<[^>]+>", "", page, flags=re.DOTALL)
            assert not [found.group() for found in BREAKS.finditer(shown)], name
            assert NO_BREAK in shown
        letters = [sample_letter(message, "fr") for message in MESSAGES.values()]
    assert sum(NO_BREAK in letter.html for letter in letters) > len(letters) / 2
    assert not [letter.subject for letter in letters if NO_BREAK in letter.subject], "a subject is one line of plain signs"


def test_english_has_none_of_them():
    english = polib.mofile(str(LOCALE / "en" / "LC_MESSAGES" / "django.mo"))

    assert not [entry.msgstr for entry in english if NARROW in entry.msgstr]


@pytest.mark.django_db
def test_what_an_organisation_wrote_is_shown_so_and_kept_as_typed():
    what = mission(title="Kermesse : un stand", description="Venez ! De 9 h à 12 h 30.", schedule="À 19 h 15 ?")

    page = client_of(None).get(what.get_absolute_url()).content.decode()

    assert f"<h1>Kermesse{NO_BREAK}: un stand</h1>" in page
    assert f"Venez{NARROW}! De 9{NO_BREAK}h à 12{NO_BREAK}h{NO_BREAK}30." in page
    what.refresh_from_db()
    assert what.title == "Kermesse : un stand"
