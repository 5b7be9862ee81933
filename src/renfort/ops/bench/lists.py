"""The lists that are open all day, with everything in one organisation: queries of a page, and time at 2 and 8 at once."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import transaction
from django.db.models import Count

from renfort.missions.models import Mission, Participation
from renfort.ops.bench._browser import Answer, Browser, percentile, signed_in
from renfort.ops.bench._database import bench_database
from renfort.ops.bench._server import serving
from renfort.ops.demo import named
from renfort.ops.demo.loading import Demonstration
from renfort.ops.greeting import DEMO_DOMAIN
from renfort.organisations.enums import Role
from renfort.organisations.models import Grant, Organisation
from renfort.people.models import Account

OK = 200
WARM_UP = 6
CONCURRENCY = (2, 8)


class WrongPageError(RuntimeError):
    """A measured page did not answer 200: its time would mean nothing."""


def run(
    *, missions: int = 10_000, volunteers: int = 20_000, requests: int = 200, only: str = "", database: str = ""
) -> dict[str, Any]:
    """Measure each list with ``missions`` missions, nearly all in one organisation, ``requests`` times at each concurrency.

    ``only``: measure the pages whose name contains this. ``database``: a migrated, empty one instead of making one.

    Returns for each page the queries of an answer, and p50 and p95 at 2 and at 8 at once.
    """
    with bench_database(database) as url:
        big = write(missions=missions, volunteers=volunteers)
        with serving(url) as port:
            measured = [
                measure(name, path, _browsers(who, big, port), requests)
                for name, (who, path) in pages(big.pk).items()
                if only in name
            ]
        return {
            "missions": Mission.objects.filter(organisation=big).count(),
            "participations": Participation.objects.filter(organisation=big).count(),
            "people": volunteers,
            "queries_most": max(page["queries"] for page in measured),
            **{f"p95_ms_at_{at_once}_worst": max(page[f"p95_ms_at_{at_once}"] for page in measured) for at_once in CONCURRENCY},
            "pages": measured,
        }


def write(*, missions: int, volunteers: int) -> Organisation:
    """Fill an empty database; returns the organisation that holds nearly all of it."""
    with transaction.atomic():
        Demonstration(missions=missions, volunteers=volunteers, seed=1, say=_nothing, hosts=1).write()
    return Organisation.objects.annotate(held=Count("missions")).order_by("-held")[0]


def account_of(who: str, big: Organisation) -> Account:
    """Whose page it is: « manager » of the organisation, or « operator »."""
    if who == "operator":
        return Account.objects.get(email=f"{named.OPERATOR}{DEMO_DOMAIN}")
    return Grant.objects.filter(organisation=big, role=Role.MANAGER).order_by("pk")[0].person.account


def pages(organisation: int) -> dict[str, tuple[str, str]]:
    """The measured pages: who opens them, and their address."""
    host = f"/espace/{organisation}"
    mission = Mission.objects.filter(organisation=organisation).order_by("-pk").values_list("pk", flat=True)[0]
    participation = Participation.objects.filter(organisation=organisation).order_by("-pk").values_list("pk", flat=True)[0]
    return {
        "host dashboard": ("manager", f"{host}/"),
        "host missions": ("manager", f"{host}/missions/"),
        "host missions, last page": ("manager", f"{host}/missions/?page=9999"),
        "host missions, one state": ("manager", f"{host}/missions/?statut=published"),
        "host missions, words": ("manager", f"{host}/missions/?q=colis+soir"),
        "host missions, by title": ("manager", f"{host}/missions/?tri=titre"),
        "host missions, by start, last page": ("manager", f"{host}/missions/?tri=debut&page=9999"),
        "host missions, places left": ("manager", f"{host}/missions/?places=reste"),
        "host missions, to close": ("manager", f"{host}/missions/?statut=a-cloturer"),
        "host missions, a city": ("manager", f"{host}/missions/?lieu=bordeaux"),
        "host missions, panel": ("manager", f"{host}/missions/?volet={mission}"),
        "host participations": ("manager", f"{host}/participations/"),
        "host participations, last page": ("manager", f"{host}/participations/?page=9999"),
        "host participations, waiting": ("manager", f"{host}/participations/?statut=pending"),
        "host participations, words": ("manager", f"{host}/participations/?q=martin"),
        "host participations, oldest first": ("manager", f"{host}/participations/?tri=cree"),
        "host participations, waiting long": ("manager", f"{host}/participations/?statut=pending&attente=7"),
        "host participations, others": ("manager", f"{host}/participations/?statut=autres"),
        "host participations, a city": ("manager", f"{host}/participations/?lieu=bordeaux"),
        "host participations, panel": ("manager", f"{host}/participations/?volet={participation}"),
        "operator missions": ("operator", "/operateur/missions/?statut="),
        "operator missions, one state": ("operator", "/operateur/missions/?statut=published"),
        "operator missions, words": ("operator", "/operateur/missions/?q=colis+soir"),
        "public missions": ("nobody", "/missions/"),
        "public missions, last page": ("nobody", "/missions/?page=9999"),
        "public missions, domain": ("nobody", "/missions/?domaine=aide-alimentaire"),
        "public missions, place": ("nobody", "/missions/?lieu=33"),
    }


def _browsers(who: str, big: Organisation, port: int) -> list[Browser]:
    """As many browsers as are at once at most, all of one person; or of nobody."""
    most = max(CONCURRENCY)
    if who == "nobody":
        return [Browser(port, f"198.19.0.{number + 1}") for number in range(most)]
    return signed_in([account_of(who, big)] * most, port)


def measure(name: str, path: str, browsers: Sequence[Browser], requests: int) -> dict[str, Any]:
    """One page, opened ``requests`` times at each concurrency: queries of an answer, p50 and p95 in ms."""
    for browser in browsers:
        for _ in range(WARM_UP):
            queries = _open(browser, path).queries
    result: dict[str, Any] = {"page": name, "queries": queries}
    for at_once in CONCURRENCY:
        share = requests // at_once
        with ThreadPoolExecutor(at_once) as crowd:
            runs = list(crowd.map(lambda browser: [_open(browser, path).ms for _ in range(share)], browsers[:at_once]))  # noqa: B023 -- the pool ends within the turn
        times = [ms for run_ in runs for ms in run_]
        result |= {f"p50_ms_at_{at_once}": percentile(times, 50), f"p95_ms_at_{at_once}": percentile(times, 95)}
    for browser in browsers:
        browser.close()
    return result


def _open(browser: Browser, path: str) -> Answer:
    answer = browser.get(path)
    if answer.status != OK:
        raise WrongPageError(f"{path} answered {answer.status}")
    return answer


def _nothing(_said: str) -> None:
    """A benchmark speaks once, at its end."""
