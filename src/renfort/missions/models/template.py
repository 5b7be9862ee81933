"""Missions to start from (R66)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from renfort.kernel.lists import in_language
from renfort.kernel.models import CodeField, known_state
from renfort.missions.enums import Format, Presence, TemplateScope
from renfort.missions.models.domain import Domain, Public
from renfort.organisations.models import Network, Organisation

T = TemplateScope
WORDS = ("name", "title", "schedule", "description", "safety")  # texts in two languages


class MissionTemplate(models.Model):
    """What a mission usually says, to be completed: per domain, of a national network, or of one organisation.

    Those of a domain or a network speak two languages; an organisation writes its own in one. ``prerequisites`` are at most
    three sentences. What was made from a template does not follow its changes.
    """

    key = models.SlugField(max_length=60, unique=True, null=True, blank=True)  # of those installed with the platform
    scope = CodeField(states=TemplateScope)
    network = models.ForeignKey(Network, models.PROTECT, null=True, blank=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    domain = models.ForeignKey(Domain, models.PROTECT, related_name="+")
    name_fr = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    title_fr = models.CharField(max_length=80, blank=True)
    title_en = models.CharField(max_length=80, blank=True)
    presence = CodeField(states=Presence, default=Presence.ON_SITE)
    format = CodeField(states=Format, default=Format.ONE_OFF)
    places = models.PositiveIntegerField(default=1)
    schedule_fr = models.TextField(max_length=500, blank=True)
    schedule_en = models.TextField(max_length=500, blank=True)
    description_fr = models.TextField(max_length=4000, blank=True)
    description_en = models.TextField(max_length=4000, blank=True)
    safety_fr = models.TextField(max_length=2000, blank=True)
    safety_en = models.TextField(max_length=2000, blank=True)
    prerequisites_fr = models.JSONField(default=list, blank=True)
    prerequisites_en = models.JSONField(default=list, blank=True)
    publics = models.ManyToManyField(Public, blank=True, related_name="+")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            known_state(T, field="scope"),
            known_state(Presence, field="presence"),
            known_state(Format, field="format"),
            models.CheckConstraint(condition=Q(places__gte=1), name="missions_template_places"),
            models.CheckConstraint(
                condition=Q(scope=T.DOMAIN, network=None, organisation=None)
                | Q(scope=T.NETWORK, network__isnull=False, organisation=None)
                | Q(scope=T.ORGANISATION, network=None, organisation__isnull=False),
                name="missions_template_whose",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "id"], name="missions_template_own")]

    def __str__(self) -> str:
        return self.name_fr

    def words(self, name: str) -> str:
        """One of ``WORDS`` in the reader's language."""
        return in_language(getattr(self, f"{name}_fr"), getattr(self, f"{name}_en"))

    @property
    def name(self) -> str:
        """What the choice shows, in the reader's language."""
        return self.words("name")

    @property
    def prerequisites(self) -> list[str]:
        """What those who apply tick, in the reader's language."""
        french: list[Any] = list(self.prerequisites_fr)
        english: list[Any] = list(self.prerequisites_en)
        return english if english and in_language("", "en") else french
