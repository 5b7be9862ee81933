"""What colleagues keep of their lists: views under a name, columns, replies written beforehand (R17, R32, R33)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from renfort.kernel.models import CodeField, known_state
from renfort.missions.enums import ListKind
from renfort.organisations.models import Organisation
from renfort.people.models import Person


class SavedView(models.Model):
    """A search, its filters and its order under a name: a tab over the list of the one who saved it, or of the whole team.

    ``query`` is what the address says (``statut=pending&attente=7``). The row without a name is the person's own way of
    looking at this list: ``columns``, and in ``default`` the view that opens first.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = CodeField(states=ListKind)
    name = models.CharField(max_length=60, blank=True)
    query = models.CharField(max_length=600, blank=True)
    columns = models.JSONField(null=True)  # their keys, in the order of the list; None: those that everybody begins with
    is_shared = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0, db_default=0)  # among one's own; 0 everywhere: by name (R18)
    default = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            known_state(ListKind, field="kind"),
            models.UniqueConstraint(fields=["organisation", "kind", "person", "name"], name="missions_savedview_name"),
            models.CheckConstraint(condition=~Q(name="") | Q(is_shared=False), name="missions_savedview_own"),
        ]
        indexes = [models.Index(fields=["organisation", "kind"], name="missions_savedview_shared", condition=Q(is_shared=True))]

    def __str__(self) -> str:
        return f"view {self.pk}"


class ReplyTemplate(models.Model):
    """« Modèle de réponse »: words that the team sends with a refusal, with variables like {prénom} (R33)."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    text = models.TextField(max_length=800)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="missions_replytemplate_name")]
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def choice(self) -> str:
        """How it is called among the choices of a form, beside those of the operator."""
        return str(self.pk)
