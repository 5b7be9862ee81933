"""The pages that everybody opens, at 1× and 10× data: queries of an answer, pages a second, time at 2 and 8 at once.

Every search is another one, so that nothing is read from a cache of answers: each takes its own words, its own town, or both.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from random import Random
from typing import Any
from urllib.parse import urlencode

from django.db import transaction

from renfort.missions.selectors.mission import open_missions
from renfort.ops.bench._browser import Answer, Browser, percentile
from renfort.ops.bench._database import bench_database
from renfort.ops.bench._server import serving
from renfort.ops.demo.loading import MISSIONS_PER_HOST, Demonstration
from renfort.search.models import Word
from renfort.search.selectors import read_words
from renfort.territories.models import Commune

OK = 200
WARM_UP = 8
CONCURRENCY = (2, 8)
SMALLER = 10  # the data is measured at a tenth of its size first
COMMON = 300  # so many words of the missions, the most usual ones
TOWN = 2_000  # people
RADII = (20, 15, 30, 10, 25, 40, 50)  # km


class WrongPageError(RuntimeError):
    """A measured page did not answer 200: its time would mean nothing."""


def run(*, missions: int = 10_000, requests: int = 240, only: str = "", database: str = "") -> dict[str, Any]:
    """Measure each page ``requests`` times at each concurrency, with ``missions`` missions, and its queries at a tenth of them.

    ``only``: measure the pages whose name contains this. ``database``: a migrated, empty one instead of making them; then the
    queries are not compared.

    Returns for each page the queries of an answer at both sizes, and pages a second, p50 and p95 in ms at 2 and at 8 at once.
    """
    before: dict[str, int] = {}
    if not database:
        with bench_database() as url:
            before = {page["page"]: page["queries"] for page in _measured(url, missions // SMALLER, 0, only)}
    with bench_database(database) as url:
        pages = _measured(url, missions, requests, only)
        return {
            "missions": missions,
            "open": open_missions().count(),
            "requests": requests,
            "same_queries_at_10x": all(before.get(page["page"], page["queries"]) == page["queries"] for page in pages),
            "queries_most": max(page["queries"] for page in pages),
            "searches_per_second_worst": min(page["per_second_at_2"] for page in pages if page["page"].startswith("search")),
            "searches_p95_ms_at_2_worst": max(page["p95_ms_at_2"] for page in pages if page["page"].startswith("search")),
            "pages": [page | {"queries_at_a_tenth": before.get(page["page"])} for page in pages],
        }


def _measured(url: str, missions: int, requests: int, only: str) -> list[dict[str, Any]]:
    """Fill the database and measure every page; without ``requests`` only their queries."""
    with transaction.atomic():
        Demonstration(missions=missions, volunteers=2 * missions // MISSIONS_PER_HOST + 100, seed=1, say=_nothing).write()
    addresses = {name: paths for name, paths in _pages(2 * requests + WARM_UP * max(CONCURRENCY)).items() if only in name}
    with serving(url) as port:
        browsers = [Browser(port, f"198.19.0.{number + 1}") for number in range(max(CONCURRENCY))]
        return [_measure(name, paths, browsers, requests) for name, paths in addresses.items()]


def _pages(count: int) -> dict[str, list[str]]:
    """The measured pages, each with ``count`` addresses; no search is asked twice."""
    rng = Random(1)  # noqa: S311 -- draws, not secrets
    words = list(Word.objects.order_by("-documents", "word").values_list("word", flat=True)[:COMMON])
    towns = [str(town) for town in Commune.objects.filter(parent=None, population__gte=TOWN).order_by("code")]
    rng.shuffle(towns)
    missions = list(open_missions().order_by("pk"))
    rng.shuffle(missions)
    titled = [(mission, _two_words(mission.title)) for mission in missions]
    said = [pair for _mission, pair in titled if pair]
    near = list(dict.fromkeys((pair[-1], mission.city) for mission, pair in titled if mission.city and pair))
    pairs = list(dict.fromkeys(said * (count // len(said) + 1)))
    pairs += [tuple(reversed(pair)) for pair in pairs]
    twice = [*towns, *(f"{town} " for town in towns)]
    addresses = [mission.get_absolute_url() for mission in missions]
    return {
        "search, words": [_search(q=" ".join(pair), page=page) for page in range(1, 50) for pair in pairs][:count],
        "search, one usual word": [_search(q=word, page=page) for page in range(1, 9) for word in words][:count],
        "search, place": [_search(lieu=town) for town in twice[:count]],
        "search, words and place": [_search(q=word, lieu=city, rayon=radius) for radius in RADII for word, city in near][:count],
        "search, filters": [_search(domaine="aide-alimentaire", type="presentiel", page=page + 1) for page in range(count)],
        "list": [_search(page=page + 1) for page in range(count)],
        "map, place": [_search(lieu=town, vue="carte") for town in twice[:count]],
        "search, nothing found": [_search(q=f"{word}zzz{number}") for number in range(9) for word in words][:count],
        "mission": (addresses * (count // len(addresses) + 1))[:count],
        "home": ["/"] * count,
    }


def _two_words(title: str) -> tuple[str, ...]:
    """The two longest words of a title: what somebody who looks for such a mission would type."""
    return tuple(sorted(sorted(read_words(title).words, key=len)[-2:]))


def _search(**asked: object) -> str:
    return f"/missions/?{urlencode(asked)}"


def _measure(name: str, paths: list[str], browsers: Sequence[Browser], requests: int) -> dict[str, Any]:
    """One page, at each concurrency; each address is opened once."""
    left = iter(paths)
    warm = sorted(_open(browser, path).queries for browser in browsers for path in islice(left, WARM_UP))
    queries = warm[len(warm) // 2]  # of an ordinary answer: each process reads the lists of filters now and then
    result: dict[str, Any] = {"page": name, "queries": queries}
    for at_once in CONCURRENCY if requests else ():
        shares = [list(islice(left, requests // at_once)) for _ in range(at_once)]
        began = time.perf_counter()
        with ThreadPoolExecutor(at_once) as crowd:
            times = [ms for share in crowd.map(_all, browsers[:at_once], shares) for ms in share]
        seconds = time.perf_counter() - began
        result |= {
            f"per_second_at_{at_once}": round(len(times) / seconds, 1),
            f"p50_ms_at_{at_once}": percentile(times, 50),
            f"p95_ms_at_{at_once}": percentile(times, 95),
        }
    for browser in browsers:
        browser.close()
    return result


def _all(browser: Browser, paths: list[str]) -> list[float]:
    return [_open(browser, path).ms for path in paths]


def _open(browser: Browser, path: str) -> Answer:
    answer = browser.get(path)
    if answer.status != OK:
        raise WrongPageError(f"{path} answered {answer.status}")
    return answer


def _nothing(_said: str) -> None:
    """A benchmark speaks once, at its end."""
