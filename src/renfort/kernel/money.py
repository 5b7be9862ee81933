"""Money as people read it. Everywhere else it is whole cents."""

from __future__ import annotations

from django.utils.formats import number_format
from django.utils.translation import pgettext

CENTS = 100  # in a euro


def euros(cents: int) -> str:
    """« 1 500,00 € », from cents."""
    amount = number_format(cents / CENTS, decimal_pos=2, use_l10n=True, force_grouping=True)
    return pgettext("montant", "%(amount)s\u00a0€") % {"amount": amount}
