"""Why an application is declined, a volunteer withdraws, a mission or a slot is cancelled: the operator's lists (R20, R33, R58).

Rows elsewhere hold the key alone, so that an entry is renamed or withdrawn without touching them.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from renfort.kernel.lists import EditableList, Listed

OTHER = "other"  # says nothing by itself: not repeated to who was declined
MISSION_OVER = "mission_over"  # given by the clock alone, and worded by us


class Reason(Listed):
    """One reason that somebody chooses; its key fits into the column that holds it."""

    longest_key = 30

    class Meta(Listed.Meta):
        abstract = True


class RefusalReason(Reason):
    """Why an organisation declines an application."""


class WithdrawalReason(Reason):
    """Why a volunteer withdraws, or gives slots back."""


class CancellationReason(Reason):
    """Why an organisation cancels a mission or one of its slots."""


EditableList(
    "raisons-de-refus", RefusalReason, _("Propositions d'aide : raisons d'un refus"),
    by_key=(("missions.Participation", "refusal_reason", _("participations")),), keeps_one=True,
)  # fmt: skip
EditableList(
    "raisons-de-desistement", WithdrawalReason, _("Propositions d'aide : raisons d'un désistement"),
    by_key=(("missions.Participation", "withdrawal_reason", _("participations")),), keeps_one=True,
)  # fmt: skip
EditableList(
    "raisons-d-annulation", CancellationReason, _("Missions et créneaux : raisons d'une annulation"),
    by_key=(
        ("missions.Mission", "cancellation_reason", _("missions")),
        ("missions.Slot", "cancellation_reason", _("créneaux")),
    ),
    keeps_one=True,
)  # fmt: skip
