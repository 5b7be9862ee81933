"""Lists that the operator edits: domains of action with their rules, publics served (R10, R11, R13)."""

from __future__ import annotations

from django.db import models

from renfort.kernel.lists import in_language


class Domain(models.Model):
    """« Domaine d'action ». Its rules are versioned apart, because volunteers tick one wording."""

    key = models.SlugField(max_length=60, unique=True)
    label_fr = models.CharField(max_length=250)
    label_en = models.CharField(max_length=250, blank=True)
    short_fr = models.CharField(max_length=80)
    short_en = models.CharField(max_length=80, blank=True)
    objective_fr = models.TextField(blank=True)
    objective_en = models.TextField(blank=True)
    description_fr = models.TextField(blank=True)
    description_en = models.TextField(blank=True)
    illustration = models.SlugField(max_length=30, default="generic")
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    second_reader = models.BooleanField(default=False, db_default=False)  # two people must be in favour of each mission (R52)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.short_fr

    @property
    def label(self) -> str:
        return in_language(self.label_fr, self.label_en)

    @property
    def short(self) -> str:
        return in_language(self.short_fr, self.short_en)

    @property
    def objective(self) -> str:
        return in_language(self.objective_fr, self.objective_en)

    @property
    def description(self) -> str:
        return in_language(self.description_fr, self.description_en)


class DomainRules(models.Model):
    """One wording of a domain's mandatory rules, and the statement that is ticked. Never changed: a new version follows."""

    domain = models.ForeignKey(Domain, models.PROTECT, related_name="rules_versions")
    version = models.PositiveIntegerField()
    rules_fr = models.JSONField(default=list)
    rules_en = models.JSONField(default=list)
    statement_fr = models.CharField(max_length=250)
    statement_en = models.CharField(max_length=250, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["domain", "version"], name="missions_domainrules_version")]

    def __str__(self) -> str:
        return f"rules {self.version} of domain {self.domain_id}"

    @property
    def rules(self) -> list[str]:
        french, english = list(self.rules_fr), list(self.rules_en)
        return english if english and in_language("", "en") else french

    @property
    def statement(self) -> str:
        return in_language(self.statement_fr, self.statement_en)


class Public(models.Model):
    """« Public bénéficiaire »."""

    key = models.SlugField(max_length=60, unique=True)
    label_fr = models.CharField(max_length=120)
    label_en = models.CharField(max_length=120, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.label_fr

    @property
    def label(self) -> str:
        return in_language(self.label_fr, self.label_en)
