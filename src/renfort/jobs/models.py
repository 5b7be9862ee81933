"""What makes a form count once."""

from __future__ import annotations

from django.db import models


class FormToken(models.Model):
    """A creating form that was received: a double click or a resent page finds what the first one made."""

    token = models.UUIDField(primary_key=True)
    owner = models.CharField(max_length=40, blank=True)  # the account's number; "" before sign-in
    result = models.CharField(max_length=500, blank=True)  # where the first one led
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["at"], name="jobs_formtoken_at")]

    def __str__(self) -> str:
        return str(self.token)
