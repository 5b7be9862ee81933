"""The checks of missions and the sentences that explain them (R53). What they look for is in the operator's lists."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from renfort.organisations.checks.kinds import FIELDS, CheckKind, register
from renfort.organisations.enums import WordList

DOMAIN, SAFETY, SHORT = "mission-domain", "mission-safety", "mission-short"
PAST, LONG, NIGHT, HOURS = "mission-past", "mission-long", "mission-night", "mission-hours"
CONTACT, LINK, HIDDEN, PAY, TWIN = "mission-contact", "mission-link", "mission-hidden-link", "mission-pay", "mission-twin"

register(
    CheckKind(
        key=DOMAIN,
        about="mission",
        title=_("Domaine à vérifier"),
        sentence=_("Rien ne parle de « %(domain)s », et « %(words)s » fait plutôt penser à « %(other)s »."),
        list=WordList.DOMAIN,
        unit=_("mots d'un autre domaine"),
    ),
    CheckKind(
        key=SAFETY,
        about="mission",
        title=_("Sécurité et encadrement"),
        sentence=_("La mission a lieu sur place, et les dispositions pour la sécurité manquent."),
        says={"hollow": _("« %(words)s » ne dit pas ce qui est prévu pour la sécurité des bénévoles.")},
        advice=_(
            "Dites en une phrase qui accueille les bénévoles et ce qui est prévu pour leur sécurité : ils viendront plus sereins."
        ),
        list=WordList.HOLLOW,
        unit=_("mots qui disent quelque chose"),
    ),
    CheckKind(
        key=SHORT,
        about="mission",
        title=_("Description courte"),
        sentence=_("Le commentaire compte %(n)s caractères : difficile de savoir ce que feront les bénévoles."),
        advice=_(
            "Quelques phrases de plus aideront les bénévoles à se décider : ce qu'ils feront, avec qui, et à quoi cela sert."
        ),
        unit=_("caractères de description"),
    ),
    CheckKind(
        key=PAST,
        about="mission",
        title=_("Dates passées"),
        sentence=_("La mission commence le %(start_on)s : c'est passé."),
        says={"over": _("La mission se termine le %(end_on)s : c'est passé.")},
    ),
    CheckKind(
        key=LONG,
        about="mission",
        title=_("Mission très longue"),
        sentence=_("La mission dure %(n)s jours."),
        unit=_("jours"),
    ),
    CheckKind(
        key=NIGHT,
        about="mission",
        title=_("Travail de nuit"),
        sentence=_("« %(words)s » : la mission semble avoir lieu la nuit."),
        list=WordList.NIGHT,
        unit=_("heure à partir de laquelle il fait nuit"),
    ),
    CheckKind(
        key=HOURS,
        about="mission",
        title=_("Horaires à vérifier"),
        sentence=_("« %(words)s » : la fin vient avant le début."),
        advice=_("« %(words)s » : la fin vient avant le début. Est-ce bien ce que vous vouliez dire ?"),
    ),
    CheckKind(
        key=CONTACT,
        about="mission",
        title=_("Coordonnées dans le texte"),
        sentence=_("Le texte public contient « %(words)s »."),
        advice=_(
            "« %(words)s » se lit sur une page publique : des robots le relèvent. Mettez-le plutôt dans « Contacts », "
            "que seuls les bénévoles acceptés voient."
        ),
    ),
    CheckKind(
        key=LINK,
        about="mission",
        title=_("Lien dans le texte"),
        sentence=_("Le texte public contient le lien « %(words)s »."),
        advice=_("Le lien « %(words)s » fait quitter la page : dites plutôt ici ce qu'il faut savoir."),
    ),
    CheckKind(
        key=HIDDEN,
        about="mission",
        title=_("Lien qui cache sa destination"),
        sentence=_("« %(words)s » ne dit pas où il mène."),
        list=WordList.LINKS,
    ),
    CheckKind(
        key=PAY,
        about="mission",
        title=_("Emploi ou rémunération"),
        sentence=_("« %(words)s » fait penser à un emploi : le bénévolat est gratuit."),
        list=WordList.PAY,
    ),
    CheckKind(
        key=TWIN,
        about="mission",
        title=_("Mission presque identique"),
        sentence=_("« %(other)s », de la même structure, a lieu au même endroit aux mêmes dates."),
        unit=_("ressemblance des titres, sur cent"),
    ),
)
FIELDS.update(
    {
        "title": _("Titre"),
        "description": _("Commentaire par la structure"),
        "safety": _("Sécurité et encadrement"),
        "schedule": _("Horaires"),
        "prerequisites": _("Conditions"),
        "dates": _("Dates"),
        "domain": _("Domaine d'action"),
    }
)
