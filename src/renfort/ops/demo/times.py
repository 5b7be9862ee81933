"""When a mission of the demonstration takes place, said three ways that agree: in its title, its comment and its schedule."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from renfort.ops.demo.words import capital, texts

TIMELY = re.compile(
    r"\b(matin|midi|soir|après-midi|semaine|mois|noël|printemps|été|automne|hiver|minutes|heures?|week-end"
    r"|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)s?\b",
    re.IGNORECASE,
)
DISTANT = re.compile(r"\bdistance\b|\bvisio\b|téléphon|en ligne|\bpour\b|lettre|carte|quartier", re.IGNORECASE)
PARTS = {  # what a title says of the part of the day
    "après-midi": "afternoon", "cantine": "midday", "goûter": "afternoon", "kermesse": "afternoon", "loto": "afternoon",
    "matin": "morning", "midi": "midday", "petit-déjeuner": "early", "petits-déjeuners": "early",
    "pédibus": "early", "repas à domicile": "midday",
    "sieste": "afternoon", "soir": "evening", "veillée": "evening", "étude": "evening",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class When:
    """« le mardi soir » · « le mardi de 18 h à 21 h » · « Tous les mardis de 18 h à 21 h. »; each may be empty."""

    title: str = ""
    said: str = ""
    schedule: str = ""


def is_timely(title: str) -> bool:
    """Whether a title says when already."""
    return TIMELY.search(title) is not None


def is_remote(title: str) -> bool:
    """Whether a title says already that one need not come, or for whom it is."""
    return DISTANT.search(title) is not None


def names_a_day(title: str) -> bool:
    """Whether a title says on which day of the week, which only suits what comes back every week."""
    return _day_of(title) is not None


def when(rng: Random, title: str, activity: dict[str, Any], *, recurring: bool, starts: date | None, ends: date | None) -> When:
    """The time of a mission whose title begins with ``title``, which it does not contradict."""
    common = texts("common")
    if activity.get("free"):
        return When(schedule=rng.choice(common["free_schedules"]))
    part = _part(rng, title, activity["slots"])
    gaps = {"part": part["word"], "hours": rng.choice(part["hours"])}
    on_site = activity.get("presence") != "remote"
    if recurring:
        return _recurring(rng, title, gaps, on_site=on_site)
    if starts is None or ends is None:
        return When()
    days = common["days"]
    gaps |= {"day": days[starts.weekday()], "Day": capital(days[starts.weekday()]), "date": said(starts)}
    is_within_month = (starts.year, starts.month) == (ends.year, ends.month)
    gaps |= {"first": said(starts).split()[0] if is_within_month else said(starts), "last": said(ends)}
    return _filled(rng, common["single" if starts == ends else "several"][0], gaps, on_site=on_site)


def said(day: date) -> str:
    """« 5 décembre », « 1er mai »."""
    return f"{'1er' if day.day == 1 else day.day} {texts('common')['months'][day.month - 1]}"


def _recurring(rng: Random, title: str, gaps: dict[str, str], *, on_site: bool) -> When:
    days, rhythms = texts("common")["days"], texts("common")["rhythm"]
    named = _day_of(title)
    if named is not None:
        day, other, rhythm = named, named, rhythms[0]
    else:
        first, second = sorted(rng.sample(range(len(days)), 2))
        day, other = days[first], days[second]
        rhythm = rng.choices(rhythms, weights=[each["share"] for each in rhythms])[0]
    return _filled(rng, rhythm, gaps | {"day": day, "other": other, "Day": capital(day)}, on_site=on_site)


def _filled(rng: Random, form: dict[str, Any], gaps: dict[str, str], *, on_site: bool) -> When:
    titles = form.get("titles") or [form["title"]]
    schedules = form["schedules"] + (form.get("schedules_on_site", []) if on_site else [])
    return When(*(text.format_map(gaps) for text in (rng.choice(titles), form["when"], rng.choice(schedules))))


def _part(rng: Random, title: str, slots: list[str]) -> dict[str, Any]:
    """The part of the day that the title names, else one that suits the activity."""
    parts: dict[str, dict[str, Any]] = texts("common")["parts"]
    lower = title.lower()
    names = slots
    for word in sorted(PARTS, key=len, reverse=True):
        if word in lower:
            names = [PARTS[word]]
            break
    return parts[rng.choices(names, weights=[parts[name]["share"] for name in names])[0]]


def _day_of(title: str) -> str | None:
    lower = title.lower()
    return next((day for day in texts("common")["days"] if day in lower), None)
