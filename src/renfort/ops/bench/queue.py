"""The queues of a referent of twelve departments with 5,000 cases that wait; what a referent and the operator open (R51, R52)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, Model

from renfort.missions.enums import MissionState
from renfort.missions.models import Mission, Participation
from renfort.missions.selectors.queue import WAITS as MISSION_WAITS
from renfort.ops.bench._browser import Browser, signed_in
from renfort.ops.bench._database import bench_database
from renfort.ops.bench._server import serving
from renfort.ops.bench.lists import CONCURRENCY, measure
from renfort.ops.demo import named
from renfort.ops.demo.hosts import over
from renfort.ops.demo.loading import Demonstration
from renfort.ops.demo.missions import Lived
from renfort.ops.demo.people import Registry
from renfort.ops.demo.places import Place
from renfort.ops.greeting import DEMO_DOMAIN
from renfort.organisations.enums import OrganisationState
from renfort.organisations.models import Grant, Organisation
from renfort.organisations.selectors.queue import WAITS as ORGANISATION_WAITS
from renfort.people.models import Account

REFERENT = "referent"
TERRITORY = ("16", "17", "19", "23", "24", "33", "40", "47", "64", "79", "86", "87")  # the whole of Nouvelle-Aquitaine
ORGANISATIONS = 5  # one case in so many is an organisation
OLDEST = 60  # days that the oldest case has waited


def run(
    *,
    waiting: int = 5_000,
    missions: int = 33_000,
    volunteers: int = 40_000,
    requests: int = 200,
    only: str = "",
    database: str = "",
) -> dict[str, Any]:
    """Measure each page with ``waiting`` cases among ``missions`` missions, ``requests`` times at each concurrency.

    ``only``: measure the pages whose name contains this. ``database``: a migrated, empty one instead of making one.

    Returns for each page the queries of an answer, and p50 and p95 in ms at 2 and at 8 at once.
    """
    with bench_database(database) as url:
        write(waiting=waiting, missions=missions, volunteers=volunteers)
        with serving(url) as port:
            measured = [
                measure(name, path, _browsers(who, port), requests) for name, (who, path) in pages().items() if only in name
            ]
        queues = [page for page in measured if page["page"].startswith("queue")]
        return {
            "waiting_missions": Mission.objects.filter(MISSION_WAITS).count(),
            "waiting_organisations": Organisation.objects.filter(ORGANISATION_WAITS).count(),
            "missions": Mission.objects.count(),
            "participations": Participation.objects.count(),
            "departments": len(TERRITORY),
            "queries_most": max(page["queries"] for page in measured),
            "queue_p95_ms_at_2_worst": max((page["p95_ms_at_2"] for page in queues), default=None),
            **{f"p95_ms_at_{at_once}_worst": max(page[f"p95_ms_at_{at_once}"] for page in measured) for at_once in CONCURRENCY},
            "pages": measured,
        }


def write(*, waiting: int, missions: int, volunteers: int) -> None:
    """Fill an empty database: all of it in one referent's twelve departments, ``waiting`` cases in the two queues."""
    with transaction.atomic():
        _Territory(missions=missions, volunteers=volunteers, seed=1, say=_nothing, waiting=waiting).write()
        referent = Account.objects.select_related("person").get(email=f"{REFERENT}{DEMO_DOMAIN}").person
        held = set(Grant.objects.filter(person=referent).values_list("department_id", flat=True))
        Grant.objects.bulk_create(over(referent, code) for code in TERRITORY if code not in held)


class _Territory(Demonstration):
    """A demonstration of one region, where much is still to be read."""

    def __init__(self, *, waiting: int, **facts: Any) -> None:
        super().__init__(**facts)
        self.waiting = waiting

    def _sites(self, count: int) -> list[Place]:
        return [self.atlas.near(self.rng, self.rng.choice(TERRITORY)) for _ in range(count)]

    def _write(
        self, registry: Registry, organisations: list[Organisation], lives: list[Lived], participations: list[Participation]
    ) -> dict[str, int]:
        hosts = min(self.waiting // ORGANISATIONS, len(organisations) // 2)
        for organisation in organisations[-hosts:] if hosts else ():
            organisation.state = OrganisationState.WAITING
            organisation.queued_at = self._since()
        unread = {lived.mission.pk: lived.mission for lived in lives if lived.mission.state == MissionState.SUBMITTED}
        for lived in lives:
            if len(unread) >= self.waiting - hosts:
                break
            if lived.mission.state == MissionState.PUBLISHED:
                lived.mission.reviewed_at = lived.mission.reviewed_by = None
                unread[lived.mission.pk] = lived.mission
        for lived in lives:
            if lived.mission.pk in unread:
                lived.mission.queued_at = self._since()
            elif lived.mission.state == MissionState.PUBLISHED and lived.mission.reviewed_at is None:
                lived.mission.reviewed_at, lived.mission.reviewed_by = self.now, self.crew.people[named.OPERATOR]
        self.story.entries = [
            entry for entry in self.story.entries if not (entry.verb == "missions.mission.review" and entry.object_id in unread)
        ]
        return super()._write(registry, organisations, lives, participations)

    def _since(self) -> Any:
        return self.now - timedelta(minutes=self.rng.randrange(OLDEST * 24 * 60))


def pages() -> dict[str, tuple[str, str]]:
    """The measured pages: who opens them, and their address."""
    mission, host = _middle(Mission, MISSION_WAITS), _middle(Organisation, ORGANISATION_WAITS)
    newest = Participation.objects.aggregate(newest=Max("pk"))["newest"]
    queue = "/referent/a-valider"
    return {
        "queue missions": (REFERENT, f"{queue}/missions/"),
        "queue missions, last page": (REFERENT, f"{queue}/missions/?page=9999"),
        "queue missions, free": (REFERENT, f"{queue}/missions/?dossiers=libres"),
        "queue missions, one domain": (REFERENT, f"{queue}/missions/?domaine=aide-alimentaire"),
        "queue missions, one case": (REFERENT, f"{queue}/missions/{mission}/"),
        "queue organisations": (REFERENT, f"{queue}/structures/"),
        "queue organisations, one case": (REFERENT, f"{queue}/structures/{host}/"),
        "referent dashboard": (REFERENT, "/referent/"),
        "referent dashboard, one department": (REFERENT, "/referent/?departement=33"),
        "referent organisations": (REFERENT, "/referent/structures/"),
        "referent organisations, words": (REFERENT, "/referent/structures/?q=secours+bordeaux"),
        "referent missions": (REFERENT, "/referent/missions/"),
        "referent missions, last page": (REFERENT, "/referent/missions/?page=9999"),
        "referent missions, words": (REFERENT, "/referent/missions/?q=colis+soir"),
        "referent missions, places left": (REFERENT, "/referent/missions/?statut=reste"),
        "referent missions, to read": (REFERENT, "/referent/missions/?statut=a-valider"),
        "referent participations": (REFERENT, "/referent/participations/"),
        "referent participations, last page": (REFERENT, "/referent/participations/?page=9999"),
        "referent participations, words": (REFERENT, "/referent/participations/?q=martin"),
        "referent participations, waiting": (REFERENT, "/referent/participations/?statut=pending&attente=7"),
        "referent participation": (REFERENT, f"/referent/participations/{newest}/"),
        "operator home": (named.OPERATOR, "/operateur/"),
        "operator queue missions": (named.OPERATOR, f"{queue}/missions/"),
        "operator queue organisations": (named.OPERATOR, f"{queue}/structures/"),
        "operator missions, words": (named.OPERATOR, "/operateur/missions/?q=colis+soir"),
    }


def _middle(model: type[Model], waits: Any) -> int:
    """The case in the middle of a queue."""
    cases = model._default_manager.filter(waits).order_by("queued_at", "pk").values_list("pk", flat=True)
    return int(cases[cases.count() // 2])


def _browsers(who: str, port: int) -> list[Browser]:
    """As many browsers of one person as are at once at most."""
    account = Account.objects.get(email=f"{who}{DEMO_DOMAIN}")
    return signed_in([account] * max(CONCURRENCY), port)


def _nothing(_said: str) -> None:
    """A benchmark speaks once, at its end."""
