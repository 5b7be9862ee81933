"""What somebody answers at each step of the onboarding (R4 to R6)."""

from __future__ import annotations

from typing import Any

from renfort.organisations.models import Draft

OPEN = "/inscription/structure/etapes/"
YOU, ABOUT, ALIKE, PLACE = (f"{OPEN}{name}/" for name in ("vous", "votre-structure", "deja-inscrite", "lieu"))


def you(**changes: Any) -> dict[str, Any]:
    return {"mobile_phone": "06 12 34 56 78", "landline_phone": "", "first_name": "Awa", "last_name": "Diallo", **changes}


def about(**changes: Any) -> dict[str, Any]:
    given = {"name": "Secours Bordeaux", "legal_status": "association", "description": "Nous distribuons des repas."}
    return {**given, **changes}


def place(**changes: Any) -> dict[str, Any]:
    given = {"department": "33", "address": "12 bis rue Sainte-Catherine", "postcode": "33000", "city": "Bordeaux"}
    return {**given, **changes}


def walk(client, *, upto: str = PLACE, you_: dict | None = None, about_: dict | None = None, place_: dict | None = None):
    """Answer the steps in order, up to one of them; returns the last answer."""
    answer = None
    for url, said in ((YOU, you_ or you()), (ABOUT, about_ or about()), (PLACE, place_ or place())):
        draft = Draft.objects.filter(done_at=None, person__account__pk=client.session.get("_auth_user_id")).first()
        answer = client.post(url, {"draft": str(draft.pk) if draft else "", **said})
        assert answer.status_code == 302, answer.content.decode()
        if url == upto:
            break
    return answer


def errors(answer) -> list[str]:
    """The fields that a page refuses."""
    assert answer.status_code == 422, answer.status_code
    return list(answer.context["form"].errors)
