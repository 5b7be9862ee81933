"""R58: the operator sets everything without a developer: seen at once, with a history, brought back when it was a mistake."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image
from tests.factories import (
    at_hour,
    client_of,
    days,
    invitation,
    manager,
    mission,
    operator,
    organisation,
    referent,
    today,
    volunteer,
)
from tests.factories.civic_service import approval, campaign, case_manager, establishment, federation, project
from tests.factories.money import ASSOCIATION, approved, closed, payee
from tests.factories.workshops import acting, assignment, document, facilitator, session, staff

from renfort.audit.models import Entry
from renfort.civic_service.models import HostProject, Route
from renfort.civic_service.rules.directory import is_too_much
from renfort.civic_service.selectors.campaigns import approvals_ending
from renfort.civic_service.selectors.directory import directory_words
from renfort.civic_service.selectors.records import school_year
from renfort.civic_service.selectors.review import late_before as project_late_before
from renfort.civic_service.selectors.review_digest import morning_of
from renfort.civic_service.services import directory
from renfort.civic_service.services.campaigns import CampaignFacts, create_campaign
from renfort.civic_service.workflow import PROJECT
from renfort.kernel.actors import SERVICE, Actor, HeldRole
from renfort.kernel.firing import fire_due
from renfort.kernel.messages import MESSAGES
from renfort.kernel.recent import forget_all
from renfort.missions.effects import offer_delay
from renfort.missions.models import Mission
from renfort.missions.rules import is_online_first
from renfort.missions.selectors.digest import waiting_for
from renfort.missions.selectors.eligibility import Obstacle, eligibility
from renfort.missions.selectors.policy import trust_of
from renfort.missions.selectors.queue import holder_of
from renfort.missions.services.mission import is_read_again
from renfort.notifications.components import sample_letter
from renfort.ops.operator_table import as_markdown
from renfort.organisations.effects import give_link
from renfort.organisations.enums import Role
from renfort.organisations.selectors.queue import late_before
from renfort.parameters.catalogue import GENERAL, PROGRAMMES, SETTINGS, SHEETS
from renfort.parameters.models import Value
from renfort.parameters.selectors import value_of
from renfort.portal.forms import SheetForm, field_name
from renfort.workshops.catalogue import ASKED, ASKED_FOR_TRAINING, BILLING, LOWEST
from renfort.workshops.models import ComplianceDocument, Invitee
from renfort.workshops.selectors.attendance import window_of
from renfort.workshops.selectors.compliance import missing
from renfort.workshops.selectors.payees import issuer
from renfort.workshops.selectors.staffing import staffing
from renfort.workshops.services.bills import write_bill
from renfort.workshops.services.invitations import remind_of_invitations
from renfort.workshops.services.invoices import make_invoice
from renfort.workshops.services.payees import mandate_text
from renfort.workshops.services.proofs import remind_of_documents
from renfort.workshops.services.transfers import prepare

pytestmark = pytest.mark.django_db
SAID = "Un texte que l'opérateur vient d'écrire"


@pytest.fixture
def boss():
    return client_of(operator())


def address(sheet):
    return "/operateur/reglages/" if sheet is GENERAL else f"/operateur/reglages/{sheet.slug}/"


def sheet_of(key):
    return next(sheet for sheet in SHEETS.values() if key in [each.key for each in sheet.settings])


def filled(sheet, **said):
    """The form as the page shows it, with what is typed."""
    form = SheetForm(sheet=sheet)
    known = {name: form[name].initial for name in form.fields}
    return {name: value for name, value in known.items() if value is not None} | said


def page(url, language="fr"):
    client = Client()
    client.cookies["django_language"] = language
    return unescape(client.get(url).content.decode())


def years_ago(years):
    return today() - days(round(365.25 * years) + 30)


def obstacles(age, **facts):
    return set(eligibility(mission(**facts), volunteer(birth_date=years_ago(age))).obstacles)


def invited_days():
    made = invitation(organisation(), token=uuid4().hex)
    made.sent_at = timezone.now()
    give_link(made)
    return (made.expires_at - made.sent_at).days


def reviewed_long_ago():
    made = mission(reviewed_at=timezone.now() - timedelta(days=200))
    return trust_of(made.organisation_id).count


def draft_is_online_first():
    return is_online_first.refuse(mission(state="draft")) is None


def title_is_read_again():
    return is_read_again(mission(reviewed_at=timezone.now()), {"title"})


def old_case_reaches_the_operator():
    referent("33")  # somebody looks after it, and decides nothing
    Mission.objects.filter(pk=mission(state="submitted").pk).update(queued_at=timezone.now() - timedelta(days=40))
    return waiting_for(operator().pk, timezone.now()).alerts > 0


def case_taken_yesterday_is_in_hand():
    since = timezone.now() - timedelta(hours=30)
    return holder_of(mission(state="submitted", taken_at=since, taken_by=referent("33"))) is not None


def case_of_last_week_is_late():
    return timezone.now() - timedelta(days=9) < late_before()


# coordinated sessions, after them (W7)
def present(ago=1, kind="training"):
    from tests.factories.workshops import assignment, registration, session

    return registration(session(assignment("awarded"), day=-ago, kind=kind, state="held"), "present")


def certificate():
    from renfort.workshops.papers.certificates import certificate_facts

    return certificate_facts(present())


def asked_later():
    from renfort.workshops.selectors.questionnaires import to_ask_later

    present(ago=15)
    return to_ask_later(timezone.now()).exists()


def reminded():
    from tests.factories.workshops import survey

    from renfort.workshops.selectors.questionnaires import to_remind

    survey(present(), sent_at=timezone.now() - timedelta(days=2))
    return to_remind(timezone.now()).exists()


def open_until():
    from tests.factories.workshops import questionnaire

    from renfort.workshops.models import Questionnaire, Survey
    from renfort.workshops.services.surveys import thank

    if not Questionnaire.objects.exists():
        questionnaire()
    thank(present().pk, timezone.now())
    return (Survey.objects.latest("pk").closes_at - timezone.now()).days


def shown_to_all():
    return "participant·es" in within("workshops", "/ateliers/resultats/")


def needs(audience, part="workshop"):
    """What somebody with the lowest level and no paper lacks."""
    return missing(facilitator("white", compliant=False), audience=audience, what=part, on=today())


def told_of_a_document(until, **facts):
    """How many are reminded at nine of a document that expires in so many days."""
    made = document(facilitator(compliant=False), "insurance", until=until)
    ComplianceDocument.objects.filter(pk=made.pk).update(**facts or {"told_days": None})
    told = remind_of_documents(at_hour(9))
    ComplianceDocument.objects.filter(pk=made.pk).update(told_days=1)
    return told


def reminded_of_an_invitation():
    """How many are reminded at eleven of an invitation of two days ago."""
    one = session(assignment("awarded"), link_seed="seed", link_digest=uuid4().hex)
    asked = Invitee.objects.create(session=one, email="a@exemple.fr", invited_at=timezone.now() - days(2))
    told = remind_of_invitations(at_hour(11))
    Invitee.objects.filter(pk=asked.pk).update(reminded_at=timezone.now())
    return told


def table_advice():
    return staffing("workshop", 21, {"lead": 1})


MORE = {"education": ["company", "trainer"]}  # of a training, where nothing is asked


def within(programme, url, language="fr"):
    """A page while a programme is open; the row alone, so that the history tells of the tried setting only."""
    key = PROGRAMMES[programme].key
    if not Value.objects.filter(key=key).exists():
        Value.objects.create(key=key, value="open", valid_from=timezone.now())
    forget_all()
    return page(url, language)


def window(which):
    """How long before its start, or after its end, the attendance of a session is taken."""
    held = session(assignment("awarded"))
    opened = window_of(held)
    return held.starts_at - opened.opens_at if which == "minutes" else opened.closes_at - held.ends_at


def billed():
    """The association's own data, as rows, so that the history tells of the tried setting only."""
    said = {PROGRAMMES["workshops"].key: "open", **{BILLING[key].key: value for key, value in ASSOCIATION.items()}}
    known = set(Value.objects.filter(key__in=said).values_list("key", flat=True))
    Value.objects.bulk_create(
        Value(key=key, value=value, valid_from=timezone.now()) for key, value in said.items() if key not in known
    )
    forget_all()
    return acting(staff(), Role.ASSOCIATION_STAFF)


def client_invoice():
    chief, sold = billed(), closed()
    return make_invoice(actor=chief, assignment=sold, quantities={sold.order.lines.get().pk: 2})


def payees_bill():
    chief, someone = billed(), payee()
    approved(someone, day=-20)
    write_bill(actor=chief, facilitator_id=someone.pk)
    return chief, someone.bills.get()


def transfer_form():
    chief, bill = payees_bill()
    made = prepare(actor=chief, bills=[bill.pk], execution_on=timezone.localdate() + days(3))
    return re.search(rb"pain\.001\.001\.\d\d", made.file.read())[0]


# another value of what every invoice, transfer file and accounting entry says of the association
SELLER = {
    "name": "Les Fresques réunies", "address": "2 rue Neuve", "postcode": "33000", "city": "Bordeaux", "siret": "73282932000074",
    "vat_number": "FR44732829320", "iban": "FR1420041010050500013M02606", "bic": "PSSTFRPPLIM", "prefix": "FC",
    "account_fees": "611000", "account_payees": "408100", "account_vat_in": "445662", "account_clients": "411100",
    "account_sales": "706100", "account_vat_out": "445711", "account_bank": "512100",
}  # fmt: skip


def project_of_days_ago(days_ago):
    made = project(state="submitted")
    HostProject.objects.filter(pk=made.pk).update(queued_at=timezone.now() - days(days_ago))
    made.refresh_from_db()
    return made


def project_is_late():
    return project_of_days_ago(10).queued_at < project_late_before()


def old_project_reaches_the_nation():
    """A national case manager's morning, while somebody answers for the territory."""
    Route.objects.all().delete()
    case_manager(federation("33"))
    project_of_days_ago(45)
    chief = Actor(kind="person", person_id=0, roles=(HeldRole("civic_service", "case_manager", "platform", ""),))
    return morning_of(chief, timezone.now()).alerts > 0


def project_taken_days_ago_is_kept():
    made = project(state="under_review", taken_by=case_manager())
    HostProject.objects.filter(pk=made.pk).update(taken_at=timezone.now() - days(5))
    fire_due(timezone.now(), flows=[PROJECT])
    return HostProject.objects.get(pk=made.pk).state


# what another value is, and what then is different for somebody
def middle_of_august():
    """In which school year a school is on 15 August 2026, at noon in Paris (S2)."""
    return school_year(establishment(), now=datetime(2026, 8, 15, 10, tzinfo=UTC))


def new_classes():
    """The classes of places with which a new campaign starts (S3)."""
    made = campaign("draft")
    facts = {name: getattr(made, name) for name in CampaignFacts.__dataclass_fields__}
    begun = create_campaign(actor=SERVICE, facts=CampaignFacts(**{**facts, "title": f"Campagne {made.pk} bis"}))
    return list(begun.place_classes.values_list("from_pupils", "places"))


def approval_to_renew():
    """Whether one that ends in a hundred days is to be renewed now."""
    ending = approval(last_on=today() + days(100))
    return ending in approvals_ending(today())


OTHERS = {
    "civic_service.places_threshold": (250, new_classes),
    "civic_service.places_below": (3, new_classes),
    "civic_service.places_from": (5, new_classes),
    "civic_service.approval_alert_days": (30, approval_to_renew),
    "civic_service.school_year_month": (9, middle_of_august),
    "civic_service.school_year_day": (20, middle_of_august),
    "reserve.publication": ("validate_first", draft_is_online_first),
    "reserve.minimum_age": (16, lambda: Obstacle.TOO_YOUNG in obstacles(17)),
    "reserve.age_limit_on_site": (80, lambda: Obstacle.TOO_OLD_ON_SITE in obstacles(74)),
    "reserve.offer_hours": (
        12,
        lambda: offer_delay(mission(starts_on=today() + days(90), ends_on=today() + days(91)), timezone.now()),
    ),
    "organisations.invitation_days": (3, invited_days),
    "platform.support": ("aide@exemple.fr", lambda: "aide@exemple.fr" in page("/aide/")),
    "reserve.trust_missions": (1, lambda: trust_of(mission(reviewed_at=timezone.now()).organisation_id).is_trusted),
    "reserve.trust_days": (365, reviewed_long_ago),
    "reserve.review_again": (["places"], title_is_read_again),
    "reserve.queue_target_days": (20, case_of_last_week_is_late),
    "reserve.queue_alert_days": (60, old_case_reaches_the_operator),
    "reserve.case_hours": (48, case_taken_yesterday_is_in_hand),
    "after.cold_days": (14, asked_later),
    "after.reminder_days": (1, reminded),
    "after.open_days": (7, open_until),
    "after.public": ("yes", shown_to_all),
    "after.training_number": ("75 33 01234 33", lambda: certificate()["number"]),
    "after.signer": ("Claire Roussel", lambda: certificate()["signer"]),
    "after.aims": ("Comprendre et agir.", lambda: certificate()["aims"]),
    "civic_service.directory_name": ("Gabriel", lambda: directory_words()[0]),
    "civic_service.directory_address": ("https://annuaire.example.org/", lambda: directory_words()[1]),
    "civic_service.directory_hour": (12, lambda: directory.is_hour(at_hour(6))),
    "civic_service.directory_share": (50, lambda: is_too_much(30, 100, **directory.brake())),
    "civic_service.directory_least": (40, lambda: is_too_much(30, 100, **directory.brake())),
    "civic_service.directory_kept_days": (30, lambda: directory.spent_before(at_hour(6))),
    "programme.front": ("doors", lambda: "/reserve-civique/" in within("workshops", "/")),
    "civic_service.review_days": (3, project_is_late),
    "civic_service.review_alert_days": (60, old_project_reaches_the_nation),
    "civic_service.review_hours": (200, project_taken_days_ago_is_kept),
    "programme.civic_service": ("open", lambda: Client().get("/service-civique/gestion/").status_code),
    "programme.workshops": ("open", lambda: Client().get("/ateliers/animation/").status_code),
    **{
        key: ("yellow" if setting.default != "yellow" else "orange", lambda audience=audience, part=part: needs(audience, part))
        for (audience, part), setting in LOWEST.items()
        for key in [setting.key]
    },
    **{setting.key: (["framework"], lambda audience=audience: needs(audience)) for audience, setting in ASKED.items()},
    **{
        setting.key: (MORE.get(audience, []), lambda audience=audience: needs(audience, "training"))
        for audience, setting in ASKED_FOR_TRAINING.items()
    },
    "workshops.attendance_minutes": (30, lambda: window("minutes")),
    "workshops.attendance_days": (3, lambda: window("days")),
    **{f"billing.{key}": (value, lambda key=key: issuer()[key]) for key, value in SELLER.items()},
    "billing.client_vat": ("training", lambda: client_invoice().vat),
    "billing.vat_rate": (55, lambda: client_invoice().vat),
    "billing.client_due_days": (45, lambda: client_invoice().due_on),
    "billing.payee_due_days": (45, lambda: payees_bill()[1].due_on),
    "billing.contest_days": (20, lambda: "20 jours" in mandate_text()),
    "billing.pain_form": ("pain.001.001.03", transfer_form),
    "workshops.table_size": (30, table_advice),
    "workshops.invitation_reminder_days": (1, reminded_of_an_invitation),
    "workshops.document_first_days": (60, lambda: told_of_a_document(until=45)),
    "workshops.document_last_days": (20, lambda: told_of_a_document(until=15, told_days=30)),
    "workshops.tables_held": (9, table_advice),
    "brand.name": ("Entraide 33", lambda: "Entraide 33" in page("/")),
    "brand.colour": ("#7a1f5c", lambda: "theme.css?v=7a1f5c" in page("/") and "#7a1f5c" in page("/theme.css")),
    "texts.footer_workshops.fr": (SAID, lambda: SAID in within("workshops", "/ateliers/inconnue/")),
    "texts.footer_workshops.en": (SAID, lambda: SAID in within("workshops", "/ateliers/inconnue/", "en")),
    "texts.footer_civic_service.fr": (SAID, lambda: SAID in within("civic_service", "/service-civique/inconnue/")),
    "texts.footer_civic_service.en": (SAID, lambda: SAID in within("civic_service", "/service-civique/inconnue/", "en")),
    "texts.home_lead.fr": (SAID, lambda: SAID in page("/")),
    "texts.home_lead.en": (SAID, lambda: SAID in page("/", "en")),
    "texts.footer_about.fr": (SAID, lambda: SAID in page("/aide/")),
    "texts.footer_about.en": (SAID, lambda: SAID in page("/aide/", "en")),
    "texts.rules_lead.fr": (SAID, lambda: SAID in page("/regles-sanitaires/")),
    "texts.rules_lead.en": (SAID, lambda: SAID in page("/regles-sanitaires/", "en")),
    "texts.rules_more.fr": (SAID, lambda: SAID in page("/regles-sanitaires/")),
    "texts.rules_more.en": (SAID, lambda: SAID in page("/regles-sanitaires/", "en")),
}


@pytest.mark.parametrize("key", sorted(set(SETTINGS) - {"brand.logo"}))
def test_a_setting_is_changed_seen_read_in_the_history_and_brought_back(key, boss):
    """R58: a setting without its row here fails: whoever adds one says what it changes."""
    setting, sheet = SETTINGS[key], sheet_of(key)
    value, effect = OTHERS[key]
    kept = ",".join(value) if isinstance(value, list) else value
    before = effect()

    assert boss.post(address(sheet), filled(sheet, **{field_name(setting): value})).status_code == 302
    assert (value_of(setting), effect() != before) == (kept, True)

    shown = unescape(boss.get(address(sheet)).content.decode())
    line = Value.objects.get(key=key)
    assert f'value="{line.pk}"' in shown and str(setting.label) in shown
    entry = Entry.objects.get(verb="parameters.value.set")
    assert (entry.codes, entry.changes, entry.actor_id) == ({"key": key}, {"value": [setting.default, kept]}, line.set_by_id)

    assert boss.post(f"/operateur/reglages/{sheet.slug}/retablir/", {"ligne": line.pk}).status_code == 302
    assert (value_of(setting), effect() == before, Value.objects.filter(key=key).count()) == (setting.default, True, 2)


@pytest.mark.parametrize("key", sorted(key for key, each in MESSAGES.items() if each.by_mail and each.sample))
def test_the_words_of_each_email_are_the_operators(key, boss):
    url = f"/operateur/reglages/e-mail-{key}/"
    before = [sample_letter(MESSAGES[key], language) for language in ("fr", "en")]
    shown = boss.get(url)

    said = {"subject_fr": "{objet}, pour {nom}", "body_fr": "Chère {nom},\r\n\r\n{texte}\r\n\r\nL'équipe de {site}"}
    assert boss.post(url, dict.fromkeys(shown.context["form"].fields, "") | said).status_code == 302

    after = unescape(boss.get(f"/operateur/courriels/modeles/{key}/").content.decode())
    assert ", pour Camille Martin" in after and "Chère Camille Martin," in after and "L'équipe de Renfort" in after
    for line in Value.objects.filter(key__startswith=f"mail.{key}."):
        boss.post(f"{url}retablir/", {"ligne": line.pk})
    assert [sample_letter(MESSAGES[key], language) for language in ("fr", "en")] == before


def test_a_variable_that_the_email_does_not_have_is_refused_with_those_that_exist(boss):
    answer = boss.post("/operateur/reglages/e-mail-missions.participation.accepted/", {"subject_fr": "Pour {prenom}"})

    said = unescape(answer.content.decode())
    assert answer.status_code == 422 and "« {prenom} » n'est pas une variable" in said and "{nom}" in said
    assert Value.objects.count() == 0


def test_a_colour_that_cannot_be_read_is_refused_with_its_contrast(boss):
    sheet = SHEETS["marque"]

    for wrong, words in (("#ffdd00", "se lit mal sur fond clair"), ("bleu", "six chiffres"), ("#12345", "six chiffres")):
        answer = boss.post(address(sheet), filled(sheet, colour=wrong))
        assert answer.status_code == 422 and words in unescape(answer.content.decode())
    assert Value.objects.count() == 0


# ── the logo ──────────────────────────────────────────────────────────────────────────────────────
def drawn(colour="navy", size=(600, 200), kind="PNG", **saved):
    written = BytesIO()
    Image.new("RGB", size, colour).save(written, kind, **saved)
    return SimpleUploadedFile("logo.png", written.getvalue(), content_type="image/png")


def shown_logo():
    found = re.search(r'<a class="brand"[^>]*><img src="([^"]+)"', Client().get("/").content.decode())
    return found[1] if found else ""


def test_the_logo_is_sent_seen_by_everybody_read_in_the_history_and_brought_back(boss):
    """R58: beside the name of every page and in the tab of the browser, at once; another logo has another address."""
    sheet = SHEETS["marque"]
    assert boss.post(address(sheet), filled(sheet, logo=drawn())).status_code == 302
    first = shown_logo()
    served = Client().get(first)
    image = Image.open(BytesIO(served.content))
    assert (served.status_code, image.format, image.size) == (200, "WEBP", (324, 108))
    assert "immutable" in served["Cache-Control"] and f'rel="icon" href="{first.replace("/logo", "/icone")}"' in page("/")

    assert boss.post(address(sheet), filled(sheet, logo=drawn("green"))).status_code == 302
    second = shown_logo()
    assert second != first and Client().get(first).status_code == 404, "what is no longer the logo is not shown"
    assert boss.post(address(sheet), filled(sheet, name="Entraide 33")).status_code == 302
    assert shown_logo() == second, "another setting of the sheet leaves it alone"
    assert boss.post(address(sheet), filled(sheet, logo_removed="on")).status_code == 302
    assert shown_logo() == ""

    lines = list(Value.objects.filter(key="brand.logo").order_by("id"))
    assert [entry.changes["value"][1] for entry in Entry.objects.filter(codes={"key": "brand.logo"}).order_by("id")] == [
        each.value for each in lines
    ]
    boss.post(f"{address(sheet)}retablir/", {"ligne": lines[1].pk})
    assert shown_logo() == first and Client().get(first).status_code == 200


def test_nothing_of_the_file_but_its_pixels_is_kept(boss):
    """P11: where and when it was taken, by which tool: gone."""
    exif = Image.Exif()
    exif[0x010E] = "Cabinet Durand, dossier 42"
    boss.post(address(SHEETS["marque"]), filled(SHEETS["marque"], logo=drawn(kind="JPEG", exif=exif)))

    kept = Client().get(shown_logo()).content

    assert b"Durand" not in kept and not Image.open(BytesIO(kept)).getexif()


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (lambda: SimpleUploadedFile("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"), "savons lire"),
        (lambda: SimpleUploadedFile("logo.png", b""), "vide"),
        (lambda: SimpleUploadedFile("logo.png", drawn().read() + b"<script>alert(1)</script>"), "autre chose qu'une image"),
        (lambda: drawn(size=(30, 30)), "trop petite"),
    ],
)
def test_a_file_that_is_no_picture_is_refused_with_a_sentence_and_nothing_changes(sent, words, boss):
    sheet = SHEETS["marque"]

    answer = boss.post(address(sheet), filled(sheet, name="Entraide 33", logo=sent()))

    said = unescape(answer.content.decode())
    assert answer.status_code == 422 and words in said and 'value="Entraide 33"' in said
    assert Value.objects.count() == 0 and shown_logo() == ""


@pytest.mark.parametrize("path", ["0" * 32 + "/logo", "x/logo", "0" * 32 + "/autre", "0" * 32 + "/icone"])
def test_a_logo_that_is_not_there_is_not_found(path):
    assert Client().get(f"/marque/{path}").status_code == 404


def test_a_text_of_the_operator_is_words_and_never_markup(boss):
    sheet = sheet_of("texts.home_lead.fr")

    boss.post(address(sheet), filled(sheet, home_lead_fr="<script>alert(1)</script>"))

    home = Client().get("/").content.decode()
    assert "&lt;script&gt;alert(1)" in home and "<script>alert(1)" not in home


def test_what_is_restored_must_still_be_possible(boss):
    """A value of another time, out of today's bounds, is refused in a sentence; another sheet's line is not found."""
    Value.objects.create(key="reserve.minimum_age", value=200, valid_from=timezone.now() - timedelta(days=2))
    last = Value.objects.create(key="reserve.minimum_age", value=18, valid_from=timezone.now() - timedelta(days=1))

    answer = boss.post("/operateur/reglages/reserve/retablir/", {"ligne": last.pk}, follow=True)

    assert "n'est plus possible aujourd'hui" in unescape(answer.content.decode())
    assert Value.objects.count() == 2
    for wrong in ("0", "abc", "", "9" * 30):
        assert boss.post("/operateur/reglages/marque/retablir/", {"ligne": wrong}).status_code == 404


@pytest.mark.parametrize("path", ["marque/", "texte-home-lead/", "e-mail-missions.participation.accepted/"])
def test_nobody_else_reads_or_sets(path):
    for someone in (manager(), volunteer()):
        assert client_of(someone).get(f"/operateur/reglages/{path}").status_code == 404
        assert client_of(someone).post(f"/operateur/reglages/{path}", {"name": "Moi"}).status_code == 404
    assert Value.objects.count() == 0


@pytest.mark.parametrize("slug", ["rien", "e-mail-rien", "e-mail-", "texte-"])
def test_a_sheet_that_does_not_exist_is_not_found(slug, boss):
    assert boss.get(f"/operateur/reglages/{slug}/").status_code == 404
    assert boss.post(f"/operateur/reglages/{slug}/retablir/").status_code == 404


def test_while_cases_wait_the_page_says_what_becomes_of_them_before_saving(boss):
    """« A policy changed while cases wait »: R12."""
    for _ in range(2):
        mission(state="submitted")

    said = unescape(boss.get("/operateur/reglages/").content.decode())

    assert "2 missions attendent une validation" in said and "gardent leur place dans la file" in said


def test_every_setting_and_every_email_stands_in_the_generated_page():
    written = as_markdown()

    assert [key for key in SETTINGS if f"`{key}`" not in written] == []
    assert [key for key, each in MESSAGES.items() if each.by_mail and f"`{key}`" not in written] == []
    assert "`{nom}`" in written


def test_a_text_without_a_language_of_its_own_says_none(boss):
    """A screen reader changes its voice by this: « None » is no language."""
    page = boss.get("/operateur/reglages/apres-les-sessions/").content.decode()
    assert '<textarea name="aims"' in page and not re.search(r'<textarea[^>]*lang="', page)
    assert 'lang="en"' in boss.get("/operateur/reglages/texte-home-lead/").content.decode()
