"""What an entry of one of the operator's lists was called at a given moment (P3, R58): the history knows each renaming."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from renfort.audit.models import Entry
from renfort.kernel.lists import Listed, in_language

Wanted = tuple[str, datetime]  # a key, and when it was chosen


def labels_at(model: type[Listed], wanted: Iterable[Wanted]) -> dict[Wanted, str]:
    """The words of each key at each moment, in the reader's language; a key that is gone is left out.

    One query, by the index of an object's history; none when nothing is asked.
    """
    asked = list(wanted)
    if not asked:
        return {}
    label = model._meta.label_lower
    renamed = Entry.objects.filter(model=label, object_id=OuterRef("pk"), verb=f"{label}.rename").order_by("at", "id")
    renamings = ArraySubquery(renamed.values(told=JSONObject(at="at", changes="changes")))
    keys = {key for key, _at in asked}
    rows = {
        key: (french, english, told)
        for key, french, english, told in model.objects.filter(key__in=keys).values_list(  # type: ignore[attr-defined]  # concrete
            "key", "label_fr", "label_en", renamings
        )
    }
    found: dict[Wanted, str] = {}
    for key, at in asked:
        if key in rows:
            french, english, told = rows[key]
            since = [each["changes"] for each in told if datetime.fromisoformat(each["at"]) > at]
            found[key, at] = in_language(_before("label_fr", since, french), _before("label_en", since, english))
    return found


def _before(name: str, since: Iterable[Mapping[str, Any]], now: str) -> str:
    """The words before the first of these renamings; those of today when none touched them."""
    return next((str(changes[name][0] or "") for changes in since if name in changes), now)
