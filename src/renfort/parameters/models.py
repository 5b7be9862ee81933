"""Values that the operator has set, each valid from a moment; the newest valid one counts."""

from __future__ import annotations

from django.db import models


class Value(models.Model):
    """One setting given a value. Never changed: a new row follows."""

    key = models.CharField(max_length=80)
    value = models.JSONField()
    valid_from = models.DateTimeField()
    set_by_id = models.BigIntegerField(null=True)  # a person; no foreign key: people stand above

    class Meta:
        indexes = [models.Index(fields=["key", "-valid_from"], name="parameters_value_current")]

    def __str__(self) -> str:
        return f"{self.key} = {self.value}"
