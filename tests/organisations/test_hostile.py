"""Whatever is typed gets an answer: a step forward or a sentence, never a failure."""

from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories import organisation, person
from tests.organisations.steps import about, place, you

from renfort.kernel.integrity import registered, run
from renfort.organisations.forms.about import AboutForm
from renfort.organisations.forms.lists import EntryForm
from renfort.organisations.forms.place import PlaceForm
from renfort.organisations.forms.you import YouForm
from renfort.organisations.models import JoinRequest, OrganisationType
from renfort.organisations.selectors import alike

pytestmark = pytest.mark.django_db
TEXT = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["\x00", "\u202e", "😀" * 300, "x" * 10_000, "٣٣", "-0", "1e999", "nan", "'; DROP TABLE", "{{ 7*7 }}", "W\u0661" * 9]
    ),
)
MANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@MANY
@given(
    st.sampled_from(sorted(about() | {"type": "", "siret": "", "rna": "", "website": "", "networks": "", "subtype": ""})), TEXT
)
def test_the_step_about_the_organisation_answers(name, text):
    form = AboutForm(about(**{name: text}))

    assert form.is_valid() is not bool(form.errors)


@MANY
@given(st.sampled_from([*place(), "latitude", "longitude", "commune", "place_search"]), TEXT)
def test_the_step_about_the_place_answers(name, text):
    form = PlaceForm(place(**{name: text}))

    assert form.is_valid() is not bool(form.errors)


@MANY
@given(st.sampled_from([*you()]), TEXT)
def test_the_step_about_oneself_answers(name, text):
    form = YouForm(you(**{name: text}), person=person())

    assert form.is_valid() is not bool(form.errors)


@MANY
@given(TEXT)
def test_an_entry_of_a_list_answers(text):
    form = EntryForm({"label_fr": text, "label_en": text})

    assert form.is_valid() is not bool(form.errors)


@MANY
@given(TEXT.filter(lambda text: "\x00" not in text))
def test_looking_for_a_name_answers(text):
    organisation(name="Secours Bordeaux")

    assert len(alike(name=text, siret=text, rna=text, department="33")) <= 5


# ── what must always hold ─────────────────────────────────────────────────────────────────────────
def found() -> set[str]:
    """The checks of organisations, and of states against the history, that find something."""
    checks = [check for check in registered() if check.name.startswith(("organisations.", "history.states"))]
    return {finding.check.name for finding in run(checks) if finding.offenders}


def test_integrity_sees_a_type_of_another_status():
    kinds = {each.key: each for each in OrganisationType.objects.all()}
    organisation(legal_status_id="public", type=kinds["etat"], subtype=kinds["etat-police"])
    assert found() == set()

    organisation(legal_status_id="association", type=kinds["espic"])
    assert found() == {"organisations.types"}


def test_integrity_sees_a_request_accepted_without_role_or_history():
    asked = JoinRequest.objects.create(organisation=organisation(), person=person())
    assert found() == set()

    with connection.cursor() as cursor:  # as no code of ours can
        cursor.execute("SELECT set_config('renfort.move', %s, true)", [f"organisations_joinrequest:{asked.pk}:pending>accepted"])
        decided = "state = 'accepted', decided_at = now(), decided_by_id = person_id"
        cursor.execute(f"UPDATE organisations_joinrequest SET {decided} WHERE id = %s", [asked.pk])
    assert found() == {"history.states", "organisations.joined"}
