"""The demonstration of what comes after a session: people who were there, and what they answered (W7)."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from renfort.audit.recorder import record
from renfort.kernel.actors import SERVICE
from renfort.kernel.events import Event
from renfort.ops.greeting import DEMO_DOMAIN
from renfort.workshops.enums import Moment
from renfort.workshops.models import Registration, Session, Survey
from renfort.workshops.selectors.questionnaires import edition_for
from renfort.workshops.services.questionnaires import install
from renfort.workshops.services.surveys import answer

# first and last name, marks of satisfaction and recommendation, what was liked, words; no mark: has not answered yet
ANSWERS: tuple[tuple[str, str, str, str, list[str], str], ...] = (
    ("Inès", "Moreau", "5", "10", ["c1", "c2"], "Les échanges en petit groupe m'ont donné envie d'en parler chez moi."),
    ("Hugo", "Lambert", "4", "8", ["c1"], ""),
    ("Chloé", "Garnier", "5", "9", ["c2", "c3"], "Très bien animé."),
    ("Yanis", "Benali", "3", "6", ["c3"], "La salle était trop petite pour le jeu."),
    ("Manon", "Picard", "4", "9", ["c1", "c4"], ""),
    ("Théo", "Renaud", "5", "10", ["c1", "c2", "c3"], ""),
    ("Sarah", "Dumas", "", "", [], ""),
)


def add_replies(session: Session) -> None:
    """People marked present on a past session, most of whom have answered « à chaud »; the clock thanks them."""
    install()
    edition, now = edition_for(session, Moment.HOT), timezone.now()
    for number, (first, last, mark, recommends, liked, words) in enumerate(ANSWERS):
        there = Registration.objects.create(
            session=session, first_name=first, last_name=last, email=f"avis.w{session.pk}.{number}{DEMO_DOMAIN}", state="present",
            created_at=session.starts_at - timedelta(days=9), agreed_at=session.starts_at, marked_at=session.starts_at,
        )  # fmt: skip
        record(Event(name="workshops.registration.join", obj=there, actor=SERVICE, at=now, after=there.state))
        if edition is None or not mark:
            continue
        sent = Survey.objects.create(
            registration=there, moment=Moment.HOT, edition=edition, sent_at=session.ends_at, closes_at=now + timedelta(days=50)
        )
        said = {"satisfaction": mark, "recommend": recommends, "aims": "c1", "liked": liked, "words": words}
        answer(survey=sent, said=said)
