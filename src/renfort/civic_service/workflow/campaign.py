"""The life of a campaign. This page is the rule; nothing repeats it (S5)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from renfort.civic_service.enums import CampaignState
from renfort.civic_service.models import Campaign
from renfort.civic_service.rules import campaigns as rules
from renfort.civic_service.selectors.campaigns import campaigns_visible
from renfort.kernel.workflow import Transition, Workflow, stamp

C = CampaignState

CAMPAIGN: Workflow[Campaign] = Workflow(
    model="civic_service.Campaign",
    title=_("Campagne de service civique"),
    states=C,
    initial=C.DRAFT,
    final=[C.CLOSED],
    visible=campaigns_visible,
    tones={C.DRAFT: "neutral", C.OPEN: "success", C.CLOSED: "neutral"},
    transitions=[
        Transition(
            name="open", path="ouvrir", source=(C.DRAFT,), target=C.OPEN,
            label=_("Ouvrir la campagne"), tone="primary",
            warning=_(
                "Les établissements la voient, avec la note de lancement, et déposent leurs projets à partir de la date dite."
                " Aucun e-mail ne part."
            ),
            who=rules.is_national_manager, locks=("approval",),
            when=(
                rules.approval_covers_starts, rules.filing_is_not_over, rules.has_first_class, rules.has_places_to_give,
            ),
            does=(stamp("opened"),),
        ),
        Transition(
            name="close", path="clore", source=(C.OPEN,), target=C.CLOSED,
            label=_("Clore la campagne"), tone="danger",
            warning=_(
                "Une clôture est définitive : plus aucun projet n'est déposé ni corrigé. Les brouillons et les projets à corriger"
                " restent lisibles, sans suite."
            ),
            who=rules.is_national_manager, when=(rules.has_none_undecided,), does=(stamp("closed"),),
        ),
    ],
)  # fmt: skip
