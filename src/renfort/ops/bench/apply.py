"""A rush: many people for few places, accepted by several managers at once, through HTTP (R34)."""

from __future__ import annotations

import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Count

from renfort.kernel.integrity import registered
from renfort.kernel.integrity import run as run_checks
from renfort.missions.enums import ACTIVE
from renfort.missions.models import Mission, Participation
from renfort.missions.selectors.participation import taking_place
from renfort.ops.bench._browser import Answer, Browser, percentile, signed_in
from renfort.ops.bench._database import bench_database
from renfort.ops.bench._server import serving
from renfort.ops.bench._stage import Stage, stage

ACCEPT = re.compile(r'href="(/espace/\d+/participations/\d+/accepter/)[^"]*"')
REASONS = re.compile(r"<li>(?:<svg.*?</svg>)?\s*(?:<span>)?\s*[^<\s][^<]*", re.DOTALL)
SENT, WAITING, CANNOT = (
    "votre proposition est envoyée",
    "Vous avez proposé votre aide",
    "Cette mission ne peut pas vous accueillir",
)
LINE = "M’inscrire sur la liste d’attente"
NOT_POSSIBLE = "Ce n'est pas possible pour le moment"
OK, REDIRECT, CONFLICT, SERVER_ERROR = 200, 302, 409, 500
IMPATIENCE = 0.05  # seconds before a manager looks at an empty list again
ROUNDS_AFTER = 3  # so many last looks at the list, when everybody has applied


@dataclass
class Tally:
    """What everybody saw; appended to by many threads."""

    answers: list[Answer] = field(default_factory=list)
    told: list[bool] = field(default_factory=list)
    decisions: list[Answer] = field(default_factory=list)  # what managers' clicks on « Accepter » led to

    @property
    def server_errors(self) -> int:
        """How many answers no visitor should ever see."""
        return sum(answer.status >= SERVER_ERROR for answer in (*self.answers, *self.decisions))


@dataclass(frozen=True, slots=True)
class _Office:
    """What the managers share: where they work, their first click together, and whether everybody has applied."""

    organisation: int
    together: threading.Barrier
    over: threading.Event = field(default_factory=threading.Event)


def run(
    *, people: int = 1000, at_once: int = 200, places: int = 3, managers: int = 8, without_lock: bool = False, database: str = ""
) -> dict[str, Any]:
    """Let ``people`` apply, ``at_once`` at a time and each twice at once, while ``managers`` accept.

    ``without_lock`` is the negative control: without the lock of the mission more places are taken than there are.
    ``database``: a migrated database to use instead of making one.

    Returns taken places, duplicates, answers above 499, people told why, and percentiles of the applicants' answers.
    """
    with bench_database(database) as url:
        scene = stage(volunteers=people, managers=managers, places=places)
        with serving(url, without_lock=places + 1 if without_lock else 0) as port:
            tally, seconds = _rush(scene, port, at_once)
        return {
            "people": people, "at_once": at_once, "places": places, "managers": managers, "without_lock": bool(without_lock),
            "seconds": round(seconds, 1), **_facts(scene.missions[0]), **_said(tally),
        }  # fmt: skip


def _rush(scene: Stage, port: int, at_once: int) -> tuple[Tally, float]:
    tally = Tally()
    path = scene.missions[0].get_absolute_url()
    staff, crowd = signed_in(scene.managers, port), signed_in(scene.volunteers, port)
    for browser in (staff[0], crowd[0]):  # imports and templates are loaded by whoever comes first
        browser.get(path)
    office_hours = _Office(scene.organisation.pk, threading.Barrier(len(staff)))
    begun = time.perf_counter()
    with ThreadPoolExecutor(len(staff)) as office, ThreadPoolExecutor(at_once) as street:
        decided = [office.submit(_decide, browser, office_hours, tally, number=number) for number, browser in enumerate(staff)]
        try:
            for applied in [street.submit(_apply, browser, path, tally) for browser in crowd]:
                applied.result()
        finally:
            office_hours.over.set()
        for each in decided:
            each.result()
    return tally, time.perf_counter() - begun


def _apply(browser: Browser, path: str, tally: Tally) -> None:
    """Open the page, tick the rules, click twice; then read what the site says."""
    page = browser.get(path)
    tally.answers.append(page)
    if CANNOT in page.text or LINE in page.text:
        tally.told.append(_says_why(page))
    elif page.status == OK:
        form = {"csrfmiddlewaretoken": page.field("csrfmiddlewaretoken"), "rules": page.field("rules"), "agrees": "on"}
        twin = browser.twin()
        for each in (browser, twin):
            each.send("POST", f"{path}proposer/", form)
        first, second = browser.receive(), twin.receive()
        tally.answers += [first, second]
        tally.told.append(all(_is_told(each, answer, tally) for each, answer in ((browser, first), (twin, second))))
        twin.close()
    else:
        tally.told.append(False)
    browser.close()


def _is_told(browser: Browser, answer: Answer, tally: Tally) -> bool:
    """Whether this answer, or the page it leads to, says in words what became of the proposal."""
    if answer.status != REDIRECT:
        return answer.status == CONFLICT and _says_why(answer)
    after = browser.get(answer.location)
    tally.answers.append(after)
    return after.status == OK and (SENT in after.text or WAITING in after.text)


def _says_why(answer: Answer) -> bool:
    """Whether the page offers the waiting list of a full mission (R60), or says why it cannot welcome the person."""
    if LINE in answer.text:
        return True
    return CANNOT in answer.text and bool(REASONS.search(answer.text.partition(CANNOT)[2].partition("</ul>")[0]))


def _decide(browser: Browser, office: _Office, tally: Tally, *, number: int) -> None:
    """Open the list of those who wait, accept one of them, again and again. All managers' first clicks come together."""
    rounds_left, is_first = ROUNDS_AFTER, True
    while rounds_left:
        rounds_left -= office.over.is_set()
        page = browser.get(f"/espace/{office.organisation}/participations/?statut=pending")
        links = ACCEPT.findall(page.text)
        if page.status >= SERVER_ERROR:
            tally.decisions.append(page)
        if not links or (is_first and len(links) < office.together.parties):
            time.sleep(IMPATIENCE)
            continue
        link = links[number % len(links)]
        asked = browser.get(link)
        if is_first:
            office.together.wait(60)
            is_first = False
        if seen := asked.field("seen"):
            form = {"csrfmiddlewaretoken": asked.field("csrfmiddlewaretoken"), "seen": seen}
            tally.decisions.append(browser.post(link, form))
    if is_first:
        office.together.abort()
    browser.close()


def _facts(mission: Mission) -> dict[str, Any]:
    """What the database holds in the end."""
    of_mission = Participation.objects.filter(mission=mission)
    twice = of_mission.filter(state__in=[str(state) for state in ACTIVE]).values("person").annotate(n=Count("pk")).filter(n__gt=1)
    result = {
        "taken": of_mission.filter(taking_place()).count(),
        "applied": of_mission.values("person").distinct().count(),
        "duplicates": twice.count(),
        "integrity": [finding.check.name for finding in run_checks(registered()) if not finding.holds],
    }
    connection.close()
    return result


def _said(tally: Tally) -> dict[str, Any]:
    """What the site said."""
    times = [answer.ms for answer in tally.answers]
    refused = [answer for answer in tally.decisions if answer.status == CONFLICT]
    return {
        "told": sum(tally.told),
        "unexplained": len(tally.told) - sum(tally.told),
        "accept_clicks": len(tally.decisions),
        "accept_refused": len(refused),
        "accept_unexplained": sum(NOT_POSSIBLE not in answer.text.replace("&#x27;", "'") for answer in refused),
        "server_errors": tally.server_errors,
        "requests": len(times),
        "p50_ms": percentile(times, 50),
        "p95_ms": percentile(times, 95),
    }
