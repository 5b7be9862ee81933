"""The demonstration of civic service: federations with their territories, schools, who works there, an approval and two campaigns
(S2 to S5). Invented names in real towns; numbers that belong to nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from renfort.audit.recorder import record
from renfort.civic_service.enums import Domain, FigureKind, PostRole, Source
from renfort.civic_service.models import Approval, Campaign, Establishment, Federation, PlaceClass, Post, Route
from renfort.civic_service.services.campaigns import (
    ApprovalFacts,
    CampaignFacts,
    create_campaign,
    longest,
    save_approval,
    set_class,
)
from renfort.civic_service.services.figures import FigureFacts, add_figure
from renfort.civic_service.services.places import set_override
from renfort.civic_service.workflow import CAMPAIGN
from renfort.kernel.actors import SERVICE, Actor
from renfort.kernel.events import Event
from renfort.kernel.firing import fire
from renfort.ops.demo import civic_projects
from renfort.ops.demo.hosts import siret
from renfort.ops.demo.people import MOBILE
from renfort.ops.greeting import DEMO_DOMAIN, DEMO_PASSWORD
from renfort.organisations.enums import OrganisationState, Programme, Role
from renfort.organisations.models import Organisation
from renfort.organisations.selectors import actor_of
from renfort.organisations.services.roles import give_role
from renfort.parameters.catalogue import OPEN, PROGRAMMES
from renfort.parameters.services import set_value
from renfort.people.models import Account, Person

S = Programme.CIVIC_SERVICE
LEAD, TUTOR, CO_TUTOR, MANAGER = "etablissement", "tuteur-sc", "cotuteur", "gestionnaire"
NATIONAL, SEVERAL = "gestion-nationale", "plusieurs"
HOME = "bordeaux-lycee"  # the establishment of the named accounts
NUMBER = 93_000  # of the managing bodies' SIRET: beyond those of the other organisations
SERIAL = 9_100  # of the UAI: beyond those that were given
LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"  # of a UAI: no I, O nor Q
LANDLINE = "+3353649"  # numbers kept for fiction
AUTUMN = 9  # a school year begins in September
DAY = timedelta(days=1)

# key → kind, name, town and department, departments routed to it, its case manager (address, first and last name)
Said = tuple[str, str, tuple[str, str, str], tuple[str, ...], tuple[str, str, str] | None]
FEDERATIONS: dict[str, Said] = {
    "national": ("fnogec", "Fnogec", ("Paris", "75005", "75"), (), (NATIONAL, "Agnès", "Tessier")),
    "gironde": (
        "udogec", "Udogec de la Gironde", ("Bordeaux", "33000", "33"), ("33", "40", "47"), (MANAGER, "Pascale", "Lacoste"),
    ),
    "bretagne": (
        "urogec", "Urogec de Bretagne", ("Rennes", "35000", "35"), ("22", "29", "35", "56"),
        ("yann.le-goff.s1", "Yann", "Le Goff"),
    ),
    "nord": ("udogec", "Udogec du Nord", ("Lille", "59000", "59"), ("59", "62"), None),  # nobody yet: the national queue
}  # fmt: skip

# key, name, address, postcode, town, department, network, pupils, what is missing of its record
SCHOOLS: tuple[tuple[str, str, str, str, str, str, str, int, tuple[str, ...]], ...] = (
    (HOME, "Lycée Sainte-Foy des Quais", "14 rue des Étrangers", "33300", "Bordeaux", "33", "sgec", 842, ()),
    ("bordeaux-ecole", "École Notre-Dame du Port", "5 rue Dupaty", "33300", "Bordeaux", "33", "sgec", 214, ()),
    ("merignac", "Collège Saint-Vincent des Pins", "31 avenue du Truc", "33700", "Mérignac", "33", "sgec", 467, ()),
    ("libourne", "Collège Montaigne-Saint-Joseph", "8 rue Thiers", "33500", "Libourne", "33", "sgec", 299, ()),
    ("arcachon", "École Saint-Elme du Bassin", "2 rue Victor-Duruy", "33120", "Arcachon", "33", "sgec", 131, ("enrolment",)),
    ("bazas", "Lycée agricole des Coteaux de Bazas", "Route de Langon", "33430", "Bazas", "33", "cneap", 318, ()),
    ("dax", "Collège Saint-Jacques de l'Adour", "19 cours Gallieni", "40100", "Dax", "40", "sgec", 388, ()),
    ("mont-de-marsan", "École Jeanne-d'Arc du Marsan", "6 rue Montluc", "40000", "Mont-de-Marsan", "40", "sgec", 176, ("uai",)),
    ("agen", "Lycée Saint-Caprais des Vignes", "27 rue Palissy", "47000", "Agen", "47", "sgec", 655, ()),
    ("rennes", "Lycée Sainte-Anne de la Vilaine", "40 rue d'Antrain", "35000", "Rennes", "35", "sgec", 1204, ()),
    ("rennes-ecole", "École Saint-Yves du Mail", "3 mail François-Mitterrand", "35000", "Rennes", "35", "sgec", 243, ()),
    ("saint-malo", "Collège Saint-Servan des Remparts", "11 rue Ville-Pépin", "35400", "Saint-Malo", "35", "sgec", 512, ()),
    ("quimper", "Lycée Le Likès-Saint-Corentin", "20 place de la Tourbie", "29000", "Quimper", "29", "sgec", 931, ()),
    ("brest", "Collège Sainte-Barbe du Port", "7 rue Traverse", "29200", "Brest", "29", "sgec", 405, ("siret", "phone")),
    ("vannes", "École Saint-Patern des Lices", "4 place de Bir-Hakeim", "56000", "Vannes", "56", "sgec", 287, ()),
    ("pontivy", "Lycée agricole du Blavet", "Kerlebost", "56300", "Pontivy", "56", "cneap", 274, ()),
    ("saint-brieuc", "Collège Saint-Charles du Légué", "12 rue Cordière", "22000", "Saint-Brieuc", "22", "sgec", 620, ()),
    ("lille", "Lycée Notre-Dame de la Treille", "60 rue de la Monnaie", "59800", "Lille", "59", "sgec", 1090, ()),
    ("roubaix", "Collège Saint-Martin des Filatures", "15 rue du Collège", "59100", "Roubaix", "59", "sgec", 548, ()),
    ("arras", "École Saint-Vaast des Arcades", "9 rue de Justice", "62000", "Arras", "62", "sgec", 222, ("managing_body",)),
    ("toulouse", "Collège Saint-Sernin des Carmes", "22 rue des Polinaires", "31000", "Toulouse", "31", "sgec", 710, ()),
    ("lyon", "Lycée Saint-Irénée de Fourvière", "13 montée du Chemin-Neuf", "69005", "Lyon", "69", "sgec", 1320, ()),
    ("marseille", "École Notre-Dame de la Corniche", "88 rue d'Endoume", "13007", "Marseille", "13", "sgec", 301, ()),
    ("saint-denis", "Collège Saint-Michel de la Montagne", "5 rue Juliette-Dodu", "97400", "Saint-Denis", "974", "sgec", 583, ()),
    ("pointe-a-pitre", "Lycée Massabielle des Îlets", "3 rue de la Liberté", "97110", "Pointe-à-Pitre", "971", "sgec", 640, ()),
    ("cayenne", "École Anne-Marie de l'Orénoque", "17 rue Lalouette", "97300", "Cayenne", "973", "sgec", 196, ("phone",)),
)  # fmt: skip
FIRST = (
    "Bénédicte",
    "Loïc",
    "Marie-Laure",
    "Hervé",
    "Sophie",
    "Antoine",
    "Claire",
    "Gaël",
    "Véronique",
    "Didier",
    "Anne",
    "Yves",
)
LAST = (
    "Lafitte",
    "Morvan",
    "Dupin",
    "Castel",
    "Guillou",
    "Bernadet",
    "Ferron",
    "Le Bihan",
    "Delattre",
    "Roche",
    "Hoarau",
    "Pinson",
)

# net amounts as they were published (facts A.3), in cents: from, State allowance, host's minimum, top-up
FIGURES: tuple[tuple[date, int, int, int], ...] = (
    (date(2020, 1, 1), 47_304, 10_758, 10_768),
    (date(2022, 7, 1), 48_959, 11_135, 11_145),
    (date(2023, 1, 1), 49_693, 11_302, 11_313),
    (date(2024, 1, 1), 50_498, 11_485, 11_495),
)
NOTE = (
    "Bienvenue dans la nouvelle campagne.\n\n"
    "1. Vérifiez la fiche de votre établissement, l'effectif de rentrée surtout : il décide du nombre de volontaires.\n"
    "2. Nommez un tuteur, et un cotuteur si vous le pouvez ; chacun se connecte une première fois.\n"
    "3. Déposez votre projet avant la date limite. La gestion de votre territoire vous répond."
)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays, by the keys above; people by their address before the domain."""

    people: dict[str, Person]
    federations: dict[str, Federation]
    schools: dict[str, Establishment]
    open: Campaign
    closed: Campaign

    def actor(self, key: str, role: Role = Role.CASE_MANAGER) -> Actor:
        """That person in the first role of this kind that is held."""
        everything = actor_of(self.people[key].pk)
        held = next(each for each in everything.roles if each.programme == S and each.role == role)
        return everything.in_role(held.key) or everything


def load() -> bool:
    """Add it once, in a demonstration that is there; returns whether anything was added."""
    if not settings.DEMO or Account.objects.filter(email=f"{MANAGER}{DEMO_DOMAIN}").exists():
        return False
    with transaction.atomic():
        set_value(PROGRAMMES["civic_service"], OPEN, actor=SERVICE)
        people: dict[str, Person] = {}
        federations = {key: _federation(people, said) for key, said in FEDERATIONS.items()}
        schools = {said[0]: _school(number, said) for number, said in enumerate(SCHOOLS)}
        _teams(people, schools)
        _figures()
        national = actor_of(people[NATIONAL].pk)
        approval = _approval(national)
        cast = Cast(people, federations, schools, _open(national, approval), _closed(approval))
        set_override(
            actor=national, campaign=cast.open, establishment=schools["libourne"], places=2,
            reason="Deux sites éloignés, et 299 élèves à la rentrée : un volontaire par site.",
        )  # fmt: skip
        civic_projects.load(schools, people[MANAGER], cast.open, cast.closed)
    return True


def _person(people: dict[str, Person], key: str, first: str, last: str, *, with_account: bool = True) -> Person:
    address = f"{key}{DEMO_DOMAIN}"
    made = Person.objects.create(first_name=first, last_name=last, email=address, mobile_phone=f"{MOBILE}{8000 + len(people):04}")
    if with_account:
        password = make_password(DEMO_PASSWORD) if "." not in key else "!"  # the crowd never signs in
        account = Account.objects.create(person=made, email=address, password=password, joins="")
        EmailAddress.objects.create(user=account, email=address, verified=True, primary=True)
    people[key] = made
    return made


def _tell(obj: Any, verb: str, at: datetime, **codes: Any) -> None:
    """The history of a row made around the services."""
    record(Event(name=verb, obj=obj, actor=SERVICE, at=at, after=str(getattr(obj, "state", "")), codes=codes))


def _organisation(name: str, address: str, postcode: str, city: str, department: str) -> Organisation:
    made = Organisation.objects.create(
        name=name, legal_status_id="association", address=address, postcode=postcode, city=city, department_id=department,
        state=OrganisationState.DRAFT,
    )  # fmt: skip
    _tell(made, "organisations.organisation.register", timezone.now())
    return made


def _federation(people: dict[str, Person], said: Said) -> Federation:
    kind, name, town, departments, manager = said
    city, postcode, department = town
    made = Federation.objects.create(
        organisation=_organisation(name, "", postcode, city, department), kind=kind, is_national=kind == "fnogec"
    )
    for code in departments:
        Route.objects.create(department_id=code, federation=made)
    if manager is not None:
        someone = _person(people, *manager)
        where = None if made.is_national else made.organisation
        give_role(actor=SERVICE, person=someone, programme=S, role=Role.CASE_MANAGER, organisation=where)
    return made


def school_year(day: date) -> int:
    """The year in which the school year of a day begins."""
    return day.year if day.month >= AUTUMN else day.year - 1


def uai(department: str, number: int) -> str:
    """Seven digits and the letter that checks them; Corsica and overseas have their own three digits."""
    digits = f"{department.zfill(3)}{SERIAL + number:04}"
    return digits + LETTERS[int(digits) % len(LETTERS)]


def _school(number: int, said: tuple[str, str, str, str, str, str, str, int, tuple[str, ...]]) -> Establishment:
    _key, name, address, postcode, city, department, network, pupils, missing = said
    facts: dict[str, Any] = {
        "uai": uai(department, number), "managing_body": f"OGEC {name.split(' ', 1)[1]}", "siret": siret(NUMBER + number, 1),
        "phone": f"{LANDLINE}{1000 + number:04}", "email": f"secretariat.s{number}{DEMO_DOMAIN}", "enrolment": pupils,
        "enrolment_year": school_year(timezone.localdate()),
    }  # fmt: skip
    for each in missing:
        facts[each] = None if each == "enrolment" else ""
    if facts["enrolment"] is None:
        facts["enrolment_year"] = None
    made = Establishment.objects.create(
        organisation=_organisation(name, address, postcode, city, department), network=network, directory_key=f"DEMO-{number:04}",
        **facts,
    )  # fmt: skip
    _tell(made, "civic_service.establishment.create", timezone.now())
    return made


def _teams(people: dict[str, Person], schools: dict[str, Establishment]) -> None:
    """Each has its head, who is « Référent »; two in three a tutor; some of them have never signed in."""
    for number, (key, school) in enumerate(schools.items()):
        first, last = FIRST[number % len(FIRST)], LAST[(number * 5) % len(LAST)]
        if key == HOME:
            head = _person(people, LEAD, "Bénédicte", "Lafitte")
            give_post(school, _person(people, TUTOR, "Julien", "Sarrazin"), PostRole.TUTOR, "Conseiller principal d'éducation")
            give_post(school, _person(people, CO_TUTOR, "Nadia", "Brunel"), PostRole.CO_TUTOR, "Professeure documentaliste")
        else:
            head = _person(people, f"chef.s{number}", first, last, with_account=bool(number % 3))
            if number % 3:
                other = _person(people, f"tuteur.s{number}", FIRST[(number + 5) % len(FIRST)], LAST[(number + 3) % len(LAST)])
                give_post(school, other, PostRole.TUTOR, "Responsable de la vie scolaire")
        give_post(school, head, PostRole.LEAD, "Chef d'établissement", source=Source.DIRECTORY)
        Establishment.objects.filter(pk=school.pk).update(head=head)
        school.refresh_from_db()
    several = Person.objects.filter(email=f"{SEVERAL}{DEMO_DOMAIN}").first()
    if several is not None:
        give_post(schools["merignac"], several, PostRole.TUTOR, "Professeur d'éducation physique")


def give_post(
    school: Establishment, person: Person, role: PostRole, function: str, source: Source = Source.LOCAL
) -> Post:  # fmt: skip
    """Somebody's post with the role that goes with it."""
    now = timezone.now()
    held = give_role(actor=SERVICE, person=person, programme=S, role=Role(str(role)), organisation=school.organisation)
    made = Post.objects.create(
        establishment=school, person=person, role=role, source=source, function=function, grant=held, began_at=now,
        confirmed_at=now if source == Source.DIRECTORY else None,
    )  # fmt: skip
    _tell(made, "civic_service.post.give", now, role=str(role))
    return made


def _figures() -> None:
    for first_on, state, host, top_up in FIGURES:
        for kind, cents in ((FigureKind.STATE_ALLOWANCE, state), (FigureKind.HOST_MINIMUM, host), (FigureKind.TOP_UP, top_up)):
            facts = FigureFacts(
                kind=kind, cents=cents, first_on=first_on, source=f"Agence du Service Civique, {first_on.year}",
            )  # fmt: skip
            add_figure(actor=SERVICE, facts=facts)


def _approval(actor: Actor) -> Approval:
    """One that covers both campaigns; every domain but emergencies (facts A.5)."""
    first_on = timezone.localdate() - timedelta(days=400)
    domains = [str(each) for each in Domain if each != Domain.EMERGENCY]
    number = f"NA-000-{first_on:%y}-00124"
    facts = ApprovalFacts(number=number, first_on=first_on, last_on=longest(first_on), domains=domains, openings=700)
    return save_approval(actor=actor, facts=facts)


def _open(actor: Actor, approval: Approval) -> Campaign:
    today = timezone.localdate()
    year = school_year(today) + 1
    made = create_campaign(
        actor=actor,
        facts=CampaignFacts(
            title=f"Campagne {year}-{year + 1}", approval=approval, opens_on=today - 20 * DAY, files_until=today + 60 * DAY,
            starts_from=today + 100 * DAY, starts_until=today + 220 * DAY, most_places=400, launch_note=NOTE,
        ),
    )  # fmt: skip
    set_class(actor=actor, campaign=made, from_pupils=1000, places=3)
    return fire(CAMPAIGN, made, "open", actor=actor)


def _closed(approval: Approval) -> Campaign:
    """Last year's, written as it ended."""
    today, now = timezone.localdate(), timezone.now()
    year = school_year(today)
    made = Campaign.objects.create(
        title=f"Campagne {year}-{year + 1}", approval=approval, opens_on=today - 390 * DAY, files_until=today - 310 * DAY,
        starts_from=today - 270 * DAY, starts_until=today - 150 * DAY, most_places=350, state="closed",
        opened_at=now - 390 * DAY, closed_at=now - 140 * DAY,
    )  # fmt: skip
    for bound, places in ((0, 1), (300, 2)):
        PlaceClass.objects.create(campaign=made, from_pupils=bound, places=places)
    _tell(made, "civic_service.campaign.create", now - 140 * DAY)
    return made
