"""The life of a host project, both sides (S5 steps 1 and 2, C.1). This page is the rule; nothing repeats it.

Written order of locks: establishment, approval, campaign, project.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from renfort.civic_service import messages
from renfort.civic_service.effects import freeze_record, grant_places, keep_version
from renfort.civic_service.enums import ProjectState, RefusalReason
from renfort.civic_service.models import HostProject
from renfort.civic_service.rules import project as rules
from renfort.civic_service.rules.review import DECIDES, study_lapses
from renfort.civic_service.selectors.places import PLACES_LOCKS, left_of_campaign
from renfort.civic_service.selectors.project_facts import LABELS, ON
from renfort.civic_service.selectors.projects import projects_visible
from renfort.kernel.forms import Section, StepperInput
from renfort.kernel.rules import CLOCK_RULE
from renfort.kernel.workflow import Transition, Workflow, stamp, unstamp

P = ProjectState


def corrections() -> forms.Field:
    """What has to change; the lead reads it."""
    return forms.CharField(
        label=gettext_lazy("Que faut-il corriger ?"),
        help_text=gettext_lazy("Le référent de l'établissement lit vos mots."), max_length=2000,
        required=False, widget=forms.Textarea(attrs={"rows": 5}),
    )  # fmt: skip


def remarks_on(project: HostProject) -> Mapping[str, forms.Field]:
    """A line for a remark on each field; the lead reads it beside the field."""
    return {
        f"{ON}{name}": forms.CharField(
            label=_("À propos de : %(field)s") % {"field": label}, max_length=500, required=False, widget=forms.TextInput
        )
        for name, label in LABELS.items()
    }


REMARKS = (
    Section(
        gettext_lazy("Ce qui est à corriger"), ["comment"], fold=gettext_lazy("Dire un mot d'un champ précis"),
        folded=[f"{ON}{name}" for name in LABELS],
    ),
)  # fmt: skip


def something_is_said(answers: Mapping[str, Any]) -> None:
    """A word, or a remark on a field: without any of them nobody would know what to do.

    Raises:
        ValidationError: nothing was said at all.
    """
    if not any(answers.values()):
        raise ValidationError(_("Dites ce qui est à corriger, en général ou champ par champ."))


def comment() -> forms.Field:
    """Something to say with it, if there is."""
    return forms.CharField(
        label=gettext_lazy("Un mot pour l'établissement"), required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


def reason() -> forms.Field:
    """Why it ends; the other side reads it."""
    return forms.CharField(
        label=gettext_lazy("Pourquoi ?"), help_text=gettext_lazy("Vos mots sont lus par les personnes concernées."),
        max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


def reason_if_any() -> forms.Field:
    """Why it is withdrawn, for who wants to say."""
    return forms.CharField(
        label=gettext_lazy("Pourquoi ?"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


def refusal() -> forms.Field:
    """Why it is refused, out of the list."""
    return forms.ChoiceField(
        label=gettext_lazy("Raison du refus"), choices=RefusalReason.choices, widget=forms.RadioSelect(),
        error_messages={"required": gettext_lazy("Choisissez la raison du refus.")},
    )  # fmt: skip


def refusal_words() -> forms.Field:
    """The reason in the case manager's own words."""
    return forms.CharField(
        label=gettext_lazy("Précisez"), required=False, help_text=gettext_lazy("Le référent de l'établissement lit vos mots."),
        max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


def other_is_said(answers: Mapping[str, Any]) -> None:
    """« Autre raison » is said in words.

    Raises:
        ValidationError: it is not.
    """
    if answers.get("refusal") == RefusalReason.OTHER and not answers.get("words"):
        raise ValidationError({"words": _("Dites pourquoi : « Autre raison » ne suffit pas.")})


def number_granted(project: HostProject) -> Mapping[str, forms.Field]:
    """How many volunteers: at least one, at most what was asked and what the campaign has left (C.1)."""
    left = left_of_campaign(project.campaign).left
    most = max(min(project.asked, left), 1)
    too_many = ngettext_lazy(
        "Accordez de 1 à %(limit_value)s volontaire : au-delà, rien n'est demandé ou la campagne est complète.",
        "Accordez de 1 à %(limit_value)s volontaires : au-delà, rien n'est demandé ou la campagne est complète.",
        most,
    )
    return {
        "granted": forms.IntegerField(
            label=gettext_lazy("Volontaires accordés"), min_value=1, max_value=most, initial=most, widget=StepperInput(),
            error_messages={"max_value": too_many, "required": gettext_lazy("Dites combien de volontaires vous accordez.")},
        )
    }  # fmt: skip


PROJECT: Workflow[HostProject] = Workflow(
    model="civic_service.HostProject",
    title=gettext_lazy("Projet d'accueil"),
    states=P,
    initial=P.DRAFT,
    final=[P.REFUSED, P.WITHDRAWN, P.CANCELLED, P.COMPLETED],
    visible=projects_visible,
    tones={
        P.DRAFT: "neutral", P.SUBMITTED: "info", P.UNDER_REVIEW: "info", P.CHANGES_REQUESTED: "warning", P.ACCEPTED: "success",
        P.REFUSED: "danger", P.WITHDRAWN: "neutral", P.CANCELLED: "danger", P.COMPLETED: "success",
    },
    transitions=[
        # ── the establishment ──
        Transition(
            name="file", path="deposer", source=(P.DRAFT,), target=P.SUBMITTED, label=gettext_lazy("Déposer le projet"),
            tone="primary", warning=gettext_lazy("Le projet part aux gestionnaires. Vous ne pourrez plus le modifier."),
            who=rules.leads_its_establishment, when=rules.READY, locks=PLACES_LOCKS,
            does=(keep_version, freeze_record, stamp("queued")), tells=(messages.PROJECT_FILED,),
        ),
        Transition(
            name="resubmit", path="deposer-a-nouveau", source=(P.CHANGES_REQUESTED,), target=P.SUBMITTED,
            label=gettext_lazy("Déposer le projet corrigé"), tone="primary",
            warning=gettext_lazy("Le projet part aux gestionnaires, qui lisent ce que vous avez changé."),
            who=rules.leads_its_establishment, when=rules.READY, locks=PLACES_LOCKS,
            does=(keep_version, stamp("queued")), tells=(messages.PROJECT_FILED,),
        ),
        Transition(
            name="withdraw", path="retirer", source=(P.DRAFT, P.SUBMITTED, P.CHANGES_REQUESTED), target=P.WITHDRAWN,
            label=gettext_lazy("Retirer le projet"), tone="danger", asks={"reason": reason_if_any},
            warning=gettext_lazy("Un projet retiré ne se rouvre pas ; vous pourrez le copier. Ses places redeviennent libres."),
            who=rules.leads_its_establishment, does=(unstamp("queued"),), tells=(messages.PROJECT_WITHDRAWN,),
        ),
        Transition(
            name="ask_cancel", path="demander-l-annulation", source=(P.ACCEPTED,), target=None,
            label=gettext_lazy("Demander l'annulation"), asks={"reason": reason},
            warning=gettext_lazy("Un gestionnaire décide : le projet reste accepté jusque-là."),
            who=rules.leads_its_establishment, tells=(messages.CANCEL_ASKED,),
        ),
        # ── the case managers ──
        Transition(
            name="take", path="prendre", source=(P.SUBMITTED,), target=P.UNDER_REVIEW,
            label=gettext_lazy("Étudier ce projet"), tone="primary",
            who=rules.manages_it, unless=rules.NOT_ONES_OWN, does=(stamp("taken"),),
        ),
        Transition(
            name="give_back", path="rendre", source=(P.UNDER_REVIEW,), target=P.SUBMITTED,
            label=gettext_lazy("Remettre dans la file"), who=rules.manages_it, does=(unstamp("taken"),),
        ),
        Transition(
            name="lapse", path="laisser-libre", source=(P.UNDER_REVIEW,), target=P.SUBMITTED,
            label=gettext_lazy("Remettre dans la file un projet oublié"),
            who=CLOCK_RULE, due=study_lapses, does=(unstamp("taken"),),
        ),
        Transition(
            name="accept", path="accepter", source=(P.UNDER_REVIEW,), target=P.ACCEPTED,
            label=gettext_lazy("Accepter le projet"), tone="primary", asks_of=number_granted, asks={"comment": comment},
            who=rules.manages_it, unless=DECIDES, when=(rules.campaign_has_places, rules.opinion_is_given),
            locks=PLACES_LOCKS,
            does=(grant_places, stamp("decided"), unstamp("queued"), unstamp("taken")), tells=(messages.PROJECT_ACCEPTED,),
        ),
        Transition(
            name="ask_changes", path="demander-une-correction", source=(P.UNDER_REVIEW,), target=P.CHANGES_REQUESTED,
            label=gettext_lazy("Demander une correction"), asks={"comment": corrections},
            asks_of=remarks_on, needs=something_is_said, sections=REMARKS,
            who=rules.manages_it, unless=DECIDES, does=(unstamp("queued"), unstamp("taken")),
            tells=(messages.CHANGES_REQUESTED,),
        ),
        Transition(
            name="refuse", path="refuser", source=(P.UNDER_REVIEW,), target=P.REFUSED,
            label=gettext_lazy("Refuser le projet"), tone="danger", asks={"refusal": refusal, "words": refusal_words},
            needs=other_is_said, warning=gettext_lazy("Un refus est définitif ; l'établissement pourra copier le projet."),
            who=rules.manages_it, unless=DECIDES,
            does=(stamp("decided"), unstamp("queued"), unstamp("taken")), tells=(messages.PROJECT_REFUSED,),
        ),
        Transition(
            name="cancel", path="annuler", source=(P.ACCEPTED,), target=P.CANCELLED,
            label=gettext_lazy("Annuler le projet"), tone="danger", asks={"reason": reason},
            warning=gettext_lazy("Une annulation est définitive. Les places accordées redeviennent libres."),
            who=rules.manages_it, unless=rules.NOT_ONES_OWN, locks=("campaign.approval", "campaign"),
            tells=(messages.PROJECT_CANCELLED,),
        ),
        # ── the end ──
        Transition(
            name="complete", path="terminer", source=(P.ACCEPTED,), target=P.COMPLETED,
            label=gettext_lazy("Terminer le projet"), who=rules.is_end_of_contracts,
        ),
    ],
)  # fmt: skip
