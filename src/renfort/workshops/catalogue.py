"""What the law makes an invoice say, and which accounts a transfer may reach (W11)."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from renfort.kernel.rules import Text
from renfort.workshops.enums import VatRegime

# the sentence that each regime puts on an invoice: CGI annexe II art. 242 nonies A, and the articles named
VAT_SENTENCES: Mapping[str, Text] = {
    VatRegime.EXEMPT: _("TVA non applicable, article 293 B du CGI"),
    VatRegime.TRAINING: _("Exonération de TVA, article 261-4-4° a du CGI"),
    VatRegime.REVERSE: _("Autoliquidation : TVA due par le preneur, article 283-2 du CGI"),
}
VAT_CODES: Mapping[str, str] = {  # UNTDID 5305, as EN 16931 wants it
    VatRegime.STANDARD: "S", VatRegime.EXEMPT: "E", VatRegime.TRAINING: "E", VatRegime.REVERSE: "AE",
}  # fmt: skip
SEPA = frozenset(  # the countries whose accounts a SEPA transfer reaches (EPC409-09)
    "AD AL AT BE BG CH CY CZ DE DK EE ES FI FR GB GI GR HR HU IE IS IT LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS SE SI SK"
    " SM VA".split()
)
