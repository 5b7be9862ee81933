"""What an organisation sees of a volunteer, as long as it may (R37)."""

from __future__ import annotations

from django.utils.html import conditional_escape as esc
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from renfort.kernel.templatetags.ui import day_words, phone
from renfort.missions.models import Participation
from renfort.missions.rules import contact_is_open, contact_until


def hidden_since(participation: Participation) -> str:
    """« Coordonnées masquées depuis le lundi 4 mars », or "" while they are shown."""
    until = contact_until(participation)
    if until is None or contact_is_open(participation):
        return ""
    return _("Coordonnées masquées depuis le %(day)s") % {"day": day_words(until, participation.mission.zone)}


def reach(participation: Participation) -> SafeString:
    """E-mail and mobile phone under the name in a row, or since when they are hidden. No query."""
    hidden = hidden_since(participation)
    if hidden:
        return mark_safe(f'<span class="soft">{esc(hidden)}</span>')  # noqa: S308 -- escaped
    person, lines = participation.person, ""
    if person.email:
        lines = f'<span class="soft"><a href="mailto:{esc(person.email)}">{esc(person.email)}</a></span>'
    if person.mobile_phone:
        number = esc(person.mobile_phone)
        lines += f'<span class="soft"><a href="tel:{number}">{esc(phone(person.mobile_phone))}</a></span>'
    return mark_safe(lines)  # noqa: S308 -- every part is escaped
