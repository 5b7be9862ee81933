"""The words of each e-mail that the operator may write otherwise, with the variables they may hold (R58, P4)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from renfort.kernel.messages import Mail, Message, Recipient
from renfort.parameters.catalogue import Kind, Setting, Sheet

SUBJECT, BODY = "subject", "body"
LABELS = {
    (SUBJECT, "fr"): _("Objet, en français"),
    (SUBJECT, "en"): _("Objet, en anglais"),
    (BODY, "fr"): _("Texte, en français"),
    (BODY, "en"): _("Texte, en anglais"),
}
NAME, SITE, ITS_SUBJECT, ITS_TEXT = "nom", "site", "objet", "texte"
ALWAYS = (NAME, SITE, ITS_SUBJECT, ITS_TEXT)
VARIABLE = re.compile(r"\{([^{}\n]*)\}")
SAMPLE_READER = Recipient(address="camille.martin@exemple.fr", name="Camille Martin")


def fact_name(label: object) -> str:
    """How a fact of an e-mail (« Date de début ») is called in braces: ``date-de-debut``."""
    return slugify(str(label))


def sample_mail(message: Message[Any], language: str) -> Mail | None:
    """What the message says of its invented event in one language, as the site came; None without an example."""
    with override(language):
        event = message.sample() if message.sample is not None else None
        return None if event is None else message.mail(event, replace(SAMPLE_READER, language=language))


def variables_of(message: Message[Any], language: str) -> tuple[str, ...]:
    """The words in braces that a text of this message may hold in one language."""
    mail = sample_mail(message, language)
    return ALWAYS + tuple(dict.fromkeys(fact_name(label) for label, _value in (mail.facts if mail else ())))


def mail_key(message: str, part: str, language: str) -> str:
    """The key of the setting that holds one text of an e-mail."""
    return f"mail.{message}.{part}.{language}"


def mail_settings(message: Message[Any]) -> tuple[Setting[str], ...]:
    """Subject and text of one message in each language; empty means the words it came with."""
    found = []
    for language, _name in settings.LANGUAGES:
        mail, variables = sample_mail(message, language), variables_of(message, language)
        for part in (SUBJECT, BODY):
            origin = "" if mail is None else (str(mail.subject) if part == SUBJECT else "\n\n".join(map(str, mail.sentences)))
            found.append(
                Setting(
                    key=mail_key(message.key, part, language),
                    default="",
                    label=LABELS[part, language],
                    help=_("Laissé vide : les mots d'origine."),
                    kind=Kind.LINE if part == SUBJECT else Kind.TEXT,
                    longest=150 if part == SUBJECT else 2000,
                    origin=origin,
                    language=language,
                    variables=variables,
                    listed=False,
                )
            )
    return tuple(found)


def mail_sheet(message: Message[Any]) -> Sheet:
    """The page on which the words of one message are written."""
    return Sheet(
        slug=f"e-mail-{message.key}",
        title=message.label,
        lead=_("Les mots changent, le lien et les faits restent : personne ne reçoit un e-mail sans eux."),
        settings=mail_settings(message),
        seen=_("Les prochains e-mails de ce modèle ; ceux qui attendent déjà partent comme ils sont"),
        listed=False,
    )
