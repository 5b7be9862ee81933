"""An order as a contract, and where orders stand for the association (W11)."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.factories import client_of, days
from tests.factories.money import billing, closed
from tests.factories.workshops import acting, assignment, facilitator, session, staff

from renfort.documents.models import Paper
from renfort.kernel.exports import EXPORT_KINDS, Asked
from renfort.kernel.firing import NotAllowed, Refused, Stale
from renfort.organisations.enums import Role
from renfort.workshops.models import Assignment, Order, OrderLine
from renfort.workshops.selectors.pipeline import orders_found, pipeline
from renfort.workshops.services.closing import convention
from renfort.workshops.services.invoices import make_invoice
from renfort.workshops.services.order_terms import change_line, change_order, sign_order
from renfort.workshops.services.orders import LineFacts, OrderFacts, add_line, remove_line

pytestmark = pytest.mark.django_db
LINE = LineFacts(kind="workshop", presence="on_site", quantity=2, languages=["fr"], unit_price=60_000)


def chief():
    return acting(staff(), Role.ASSOCIATION_STAFF)


# ── change ────────────────────────────────────────────────────────────────────────────────────────
def test_an_order_and_its_lines_change_until_it_is_closed():
    what = assignment("awarded")
    line = what.order.lines.get()

    change_order(actor=chief(), order=what.order, facts=OrderFacts(title="Nouveau titre", audience="education"))
    change_line(actor=chief(), order=what.order, number=line.pk, facts=LINE)

    assert Order.objects.get(pk=what.order_id).title == "Nouveau titre"
    assert OrderLine.objects.get(pk=line.pk).total == 120_000


@pytest.mark.parametrize("state", ["closed", "cancelled"])
def test_a_closed_or_cancelled_order_is_refused_in_words(state):
    what = assignment(state)

    with pytest.raises(Refused, match="plus rien n'y change"):
        change_order(actor=chief(), order=what.order, facts=OrderFacts(title="Autre", audience="education"))
    with pytest.raises(Refused, match="plus rien n'y change"):
        change_line(actor=chief(), order=what.order, number=what.order.lines.get().pk, facts=LINE)
    with pytest.raises(Refused, match="plus rien n'y change"):
        sign_order(actor=chief(), order=what.order, signed_on=timezone.localdate(), signed_by="Paul Martin")


def test_the_audience_of_a_given_mission_stays():
    what = assignment("awarded")

    with pytest.raises(Refused, match="ne change plus"):
        change_order(actor=chief(), order=what.order, facts=OrderFacts(title=what.order.title, audience="company"))


def test_the_tariff_s_audience_may_differ_from_the_client_s():
    what = assignment("draft")

    change_order(actor=chief(), order=what.order, facts=OrderFacts(title=what.order.title, audience="company"))

    assert (Order.objects.get(pk=what.order_id).audience, what.order.client.audience) == ("company", "education")


def test_a_signed_convention_holds_what_it_says_until_the_signature_is_taken_off():
    what = assignment("draft")
    sign_order(actor=chief(), order=what.order, signed_on=timezone.localdate(), signed_by="Paul Martin")
    line = what.order.lines.get()

    for change in (
        lambda: change_order(actor=chief(), order=what.order, facts=OrderFacts(title="Autre", audience="education")),
        lambda: change_line(actor=chief(), order=what.order, number=line.pk, facts=LINE),
        lambda: add_line(actor=chief(), order=what.order, facts=LINE),
        lambda: remove_line(actor=chief(), order=what.order, number=line.pk),
    ):
        with pytest.raises(Refused, match="convention est signée"):
            change()
    sign_order(actor=chief(), order=what.order, signed_on=None, signed_by="")
    add_line(actor=chief(), order=what.order, facts=LINE)

    assert what.order.lines.count() == 2


def test_the_form_of_an_order_shows_every_field_that_it_writes():
    """A field that the page does not show would be emptied by « Enregistrer »."""
    what = assignment("draft")

    page = client_of(staff()).get(f"/ateliers/association/commandes/{what.order_id}/modifier/").content.decode()

    for name in ("title", "audience", "details", "first_on", "last_on", "wanted_on", "aim", "content", "means", "duration",
                 "follow_up", "payment"):  # fmt: skip
        assert f'name="{name}"' in page


def test_a_signature_to_come_and_an_old_page_are_refused():
    what = assignment("draft")

    with pytest.raises(Refused, match="pas à venir"):
        sign_order(actor=chief(), order=what.order, signed_on=timezone.localdate() + days(1), signed_by="Paul Martin")
    change_order(actor=chief(), order=what.order, facts=OrderFacts(title="Un", audience="education"), seen=1)
    with pytest.raises(Stale):
        change_order(actor=chief(), order=what.order, facts=OrderFacts(title="Deux", audience="education"), seen=1)


def test_several_wanted_days_are_read_as_they_are_written_and_a_wrong_one_is_named():
    what, browser = assignment("draft"), client_of(staff())
    url = f"/ateliers/association/commandes/{what.order_id}/modifier/"
    good = {"title": "Semaine", "audience": "education", "seen": "1", "wanted_on": "14/03/2027\n02/03/2027, 14/03/2027"}

    wrong = browser.post(url, {**good, "wanted_on": "14/03/2027\nmardi"})
    assert wrong.status_code == 422
    assert "mardi" in wrong.content.decode()
    assert browser.post(url, good).status_code == 302

    assert Order.objects.get(pk=what.order_id).wanted_on == [date(2027, 3, 2), date(2027, 3, 14)]


# ── the convention (D6353-1) ──────────────────────────────────────────────────────────────────────
def test_the_convention_has_everything_that_the_law_wants():
    what = assignment("draft")
    facts = OrderFacts(
        title="Semaine du climat", audience="education", aim="Comprendre", content="Un atelier", means="Une salle",
        duration="3 heures", follow_up="Émargement", payment="À trente jours", wanted_on=[date(2027, 3, 2)],
    )  # fmt: skip
    order = change_order(actor=chief(), order=what.order, facts=facts)

    paper = convention(actor=chief(), order=order)

    said = paper.facts
    wanted = {"aim": "Comprendre", "content": "Un atelier", "means": "Une salle", "duration": "3 heures",
              "follow_up": "Émargement", "payment": "À trente jours", "title": "Semaine du climat"}  # fmt: skip
    assert {name: said[name] for name in wanted} == wanted
    assert (said["wanted_on"], said["participants"]) == (["2027-03-02"], 42)
    assert [(line["quantity"], line["price"]) for line in said["lines"]] == [(3, 50_000)]
    with paper.file.open("rb") as file:
        assert file.read(4) == b"%PDF"


def test_another_convention_replaces_the_former_when_the_order_says_something_else():
    what = assignment("draft")
    first = convention(actor=chief(), order=what.order)
    assert convention(actor=chief(), order=what.order) == first

    add_line(actor=chief(), order=what.order, facts=LINE)
    second = convention(actor=chief(), order=Order.objects.get(pk=what.order_id))

    assert Paper.objects.get(pk=first.pk).state == "replaced"
    assert second.state == "valid"


def test_only_the_association_makes_a_convention():
    able = facilitator()
    what = assignment("awarded", by=able)

    with pytest.raises(NotAllowed):
        convention(actor=acting(able, Role.COORDINATOR), order=what.order)


def test_the_order_page_says_what_the_convention_still_lacks():
    what = assignment("draft")

    page = client_of(staff()).get(f"/ateliers/association/commandes/{what.order_id}/").content.decode()

    assert "La loi veut aussi" in page
    assert "modalités de règlement" in page


# ── where orders stand ────────────────────────────────────────────────────────────────────────────
def scene():
    assignment("draft")
    assignment("offered")
    assignment("awarded")
    session(assignment("awarded"), day=3)
    over = assignment("awarded")
    session(over, day=-3, state="held")
    session(over, day=-2, state="cancelled", cancelled_at=timezone.now())
    half = assignment("awarded")
    session(half, day=-3, state="held")
    session(half, day=3)
    assignment("closed")
    assignment("cancelled")


def test_each_order_stands_in_one_stage_and_each_figure_is_its_rows():
    scene()

    found = pipeline()

    expected = {"prepared": 1, "offered": 1, "running": 3, "to_close": 1, "closed": 1, "invoiced": 0, "cancelled": 1}
    assert found.counts == expected
    for stage, count in expected.items():
        assert orders_found({"etape": stage}).count() == count
    assert sum(expected.values()) == Assignment.objects.count()
    assert found.waiting_since is not None


def test_the_list_is_narrowed_by_words_stage_and_audience_and_chips_take_them_away():
    scene()
    company = assignment("offered", audience="company")
    Order.objects.filter(pk=company.order_id).update(title="Ateliers du siège")
    browser = client_of(staff())

    page = browser.get("/ateliers/association/?q=siège&etape=offered&public=company&n=1").content.decode()

    assert "Ateliers du siège" in page
    assert page.count('class="row-title"') == 1
    assert 'href="?etape=offered&amp;public=company"' in page  # without the words
    assert "Aucune commande ne correspond" in browser.get("/ateliers/association/?q=introuvable").content.decode()


def test_a_closed_order_waits_for_its_invoice_and_no_longer_afterwards():
    """W11: « à facturer » counts what nobody has invoiced."""
    billing()
    sold = closed()
    assert [each.pk for each in orders_found({"etape": "closed"})] == [sold.pk]

    chief = acting(staff(), Role.ASSOCIATION_STAFF)
    make_invoice(actor=chief, assignment=sold, quantities={sold.order.lines.get().pk: 2})

    assert not orders_found({"etape": "closed"}).exists()
    assert [each.pk for each in orders_found({"etape": "invoiced"})] == [sold.pk]


@pytest.mark.parametrize("query", ["etape=nonsense", "tri=nonsense", "public=%00", "q=%00", "page=999"])
def test_what_an_address_says_wrongly_counts_for_nothing(query):
    assignment("draft")

    assert 'class="row-title"' in client_of(staff()).get(f"/ateliers/association/?{query}").content.decode()


def test_the_file_has_exactly_the_rows_of_the_list():
    scene()
    kind, actor = EXPORT_KINDS["workshops.orders"], chief()
    asked = Asked(role=actor.role_key, organisation=None, query="etape=running&tri=recent")
    keys = [column.key for column in kind.columns()]

    batches = list(kind.read(actor, asked, keys))

    assert kind.count(actor, asked) == 3
    assert len(batches[0][0]) == 3
    assert len(batches[0]) == len(keys)
    assert set(batches[0][keys.index("total")]) == {1500.0}
    assert kind.acts(acting(facilitator(), Role.FACILITATOR), asked) is None
    assert client_of(staff()).get("/ateliers/association/commandes/exporter/?etape=running").status_code == 200


def test_the_home_stays_quick_with_ten_thousand_orders():
    """No page reads every session of every order one by one: the plan uses the index of sessions."""
    what = assignment("awarded")
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH made AS (
                INSERT INTO workshops_order (client_id, title, audience, details, wanted_on, aim, content, means, duration,
                    follow_up, payment, signed_by, created_at, version)
                SELECT %s, 'Commande ' || n, 'education', '', '{}', '', '', '', '', '', '', '', now(), 1
                FROM generate_series(1, 10000) n RETURNING id)
            INSERT INTO workshops_assignment
                (order_id, audience, state, coordinator_id, created_at, offered_at, awarded_at, version)
            SELECT id, 'education', 'awarded', %s, now(), now(), now(), 1 FROM made
            """,
            [what.order.client_id, what.coordinator_id],
        )
        cursor.execute("ANALYZE workshops_assignment, workshops_order")
    browser = client_of(staff())
    browser.get("/ateliers/association/")

    with CaptureQueriesContext(connection) as seen:
        page = browser.get("/ateliers/association/?etape=to_close")

    assert page.status_code == 200
    assert sum(float(each["time"]) for each in seen.captured_queries) < 2
    assert Assignment.objects.filter(state="awarded").count() == 10_001
