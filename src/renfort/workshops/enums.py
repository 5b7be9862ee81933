"""Closed lists of the programme « coordination », with the words of the screen."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Audience(TextChoices):
    """Whom sessions are for, which sets the tariff and who may lead them; it may differ from the client's legal form (W11)."""

    EDUCATION = "education", _("Enseignement")
    PUBLIC_SECTOR = "public_sector", _("Secteur public")
    COMPANY = "company", _("Entreprise")
    ASSOCIATION = "association", _("Association")
    INTER_COMPANY = "inter_company", _("Inter-entreprises")


class Kind(TextChoices):
    """What is ordered, and what a session is."""

    WORKSHOP = "workshop", _("Atelier")
    TRAINING = "training", _("Formation")
    COACHING = "coaching", _("Accompagnement")


class Presence(TextChoices):
    ON_SITE = "on_site", _("Sur place")
    ONLINE = "online", _("En ligne")


class Language(TextChoices):
    """The languages in which sessions are led."""

    FRENCH = "fr", _("Français")
    ENGLISH = "en", _("Anglais")
    SPANISH = "es", _("Espagnol")
    GERMAN = "de", _("Allemand")


class Level(TextChoices):
    """How experienced a facilitator is, the least first: « ceintures »."""

    WHITE = "white", _("Ceinture blanche")
    YELLOW = "yellow", _("Ceinture jaune")
    ORANGE = "orange", _("Ceinture orange")
    GREEN = "green", _("Ceinture verte")
    BLUE = "blue", _("Ceinture bleue")


LEVELS = [str(level) for level in Level]  # in order: the place of a level is its rank


class AssignmentState(TextChoices):
    """Where an order stands, from its preparation to its closing (W1, W10). Planned and running are seen from its sessions."""

    DRAFT = "draft", _("En préparation")
    OFFERED = "offered", _("Opportunité proposée")
    AWARDED = "awarded", _("Confiée")
    CLOSED = "closed", _("Clôturée")
    CANCELLED = "cancelled", _("Annulée")


class SessionState(TextChoices):
    PLANNED = "planned", _("Planifiée")
    HELD = "held", _("Passée")
    CANCELLED = "cancelled", _("Annulée")


class Seat(TextChoices):
    """What a facilitator does on a session (W3: places per role)."""

    LEAD = "lead", _("Animation")
    CO_LEAD = "co_lead", _("Co-animation")
    COACH = "coach", _("Accompagnement")
    OBSERVER = "observer", _("Observation")


COUNTED = (Seat.LEAD, Seat.COACH)  # the seats that deliver one unit of what was ordered


class Standing(TextChoices):
    """How a facilitator takes part (W5)."""

    PAID = "paid", _("Rémunéré·e")
    INTERNAL = "internal", _("Interne")
    VOLUNTEER = "volunteer", _("Bénévole")


class EnrolmentState(TextChoices):
    ENROLLED = "enrolled", _("Inscrit·e")
    DONE = "done", _("Effectuée")
    ABSENT = "absent", _("Absent·e")
    WITHDRAWN = "withdrawn", _("Désinscrit·e")
    CANCELLED = "cancelled", _("Session annulée")


SEATED = (EnrolmentState.ENROLLED, EnrolmentState.DONE)  # they hold a place, and their time


class DocumentKind(TextChoices):
    """What proves that a facilitator conforms to the training body's rules (W4)."""

    FRAMEWORK = "framework", _("Convention-cadre et mandat de facturation")
    COMPANY = "company", _("Justificatif d'activité (SIRET)")
    VIGILANCE = "vigilance", _("Attestation de vigilance")
    INSURANCE = "insurance", _("Assurance responsabilité civile")
    TRAINER = "trainer", _("Dossier de formateur (CV, références)")


# ── money (W11) ───────────────────────────────────────────────────────────────────────────────────
class VatRegime(TextChoices):
    """How somebody who invoices stands towards the value-added tax; the sentence each puts on an invoice is in ``catalogue``."""

    EXEMPT = "exempt", _("Franchise en base, sans TVA (article 293 B du CGI)")
    STANDARD = "standard", _("Assujetti à la TVA, au taux normal")
    TRAINING = "training", _("Exonéré : formation professionnelle (article 261-4-4° a du CGI)")
    REVERSE = "reverse", _("Établi hors de France : TVA due par le client")


class Country(TextChoices):
    """Where a payee is established."""

    FR = "FR", _("France")
    AT = "AT", _("Autriche")
    BE = "BE", _("Belgique")
    CH = "CH", _("Suisse")
    DE = "DE", _("Allemagne")
    ES = "ES", _("Espagne")
    GB = "GB", _("Royaume-Uni")
    IE = "IE", _("Irlande")
    IT = "IT", _("Italie")
    LU = "LU", _("Luxembourg")
    MC = "MC", _("Monaco")
    NL = "NL", _("Pays-Bas")
    PT = "PT", _("Portugal")


class BillOrigin(TextChoices):
    """Who writes a payee's invoice: the association in the payee's name, under mandate, or the payee."""

    SELF = "self", _("Autofacture")
    SENT = "sent", _("Facture envoyée")


class BillState(TextChoices):
    AWAITED = "awaited", _("Facture attendue")
    RECEIVED = "received", _("À vérifier")
    ACCEPTED = "accepted", _("À payer")


class TransferState(TextChoices):
    READY = "ready", _("À remettre à la banque")
    SETTLED = "settled", _("Traité par la banque")
    CANCELLED = "cancelled", _("Annulé")


class PaymentOutcome(TextChoices):
    """What the bank did with one payment of a transfer."""

    PENDING = "pending", _("En cours")
    PAID = "paid", _("Payé")
    REJECTED = "rejected", _("Rejeté")
    CANCELLED = "cancelled", _("Annulé")


LIVING = (PaymentOutcome.PENDING, PaymentOutcome.PAID)  # at most one for an invoice


class InvoiceOrigin(TextChoices):
    """A client's invoice is made here or elsewhere, never both."""

    MADE = "made", _("Faite ici")
    OUTSIDE = "outside", _("Faite ailleurs")


class Act(TextChoices):
    """What one tap on a phone says of a participant (W6)."""

    PRESENT = "present", _("Présent·e")
    TAKEN_BACK = "taken_back", _("Marque retirée")


class SignedBy(TextChoices):
    """How a signature was given on the screen (W6)."""

    HAND = "hand", _("Signature dessinée")
    BOX = "box", _("Case « Je signe »")


class RateRole(TextChoices):
    """What a rate pays for: a part of a session, or the coordination of one service delivered (W8, W9)."""

    LEAD = "lead", _("Animation")
    CO_LEAD = "co_lead", _("Co-animation")
    COACH = "coach", _("Accompagnement")
    COORDINATION = "coordination", _("Coordination")


class FeeKind(TextChoices):
    """What a fee pays: one part of one session, or the coordination of an assignment (W8, W9)."""

    SESSION = "session", _("Session")
    COORDINATION = "coordination", _("Coordination")


class RoundState(TextChoices):
    """Where a request of fees stands (W8)."""

    DRAFT = "draft", _("Brouillon")
    SUBMITTED = "submitted", _("Demandée")
    RETURNED = "returned", _("Renvoyée")
    APPROVED = "approved", _("Approuvée")
    CANCELLED = "cancelled", _("Abandonnée")


class FeeState(TextChoices):
    """Where a fee stands, from its request to the money (W8, W9, W11)."""

    REQUESTED = "requested", _("Demandée")
    RETURNED = "returned", _("Renvoyée")
    APPROVED = "approved", _("Approuvée")
    INVOICED = "invoiced", _("Facturée")
    IN_PAYMENT = "in_payment", _("Paiement en cours")
    PAID = "paid", _("Payée")
    REJECTED = "rejected", _("Rejetée par la banque")


LIVING_FEES = tuple(str(state) for state in FeeState if state != FeeState.RETURNED)  # they lock what they pay


class RegistrationState(TextChoices):
    """Where a participant stands on a session (W6)."""

    INVITED = "invited", _("Invité·e")
    WAITING = "waiting", _("Sur liste d'attente")
    CONFIRMED = "confirmed", _("Inscrit·e")
    PRESENT = "present", _("Présent·e")
    ABSENT = "absent", _("Absent·e")
    DECLINED = "declined", _("Ne vient pas")
    CANCELLED = "cancelled", _("Annulée")


EXPECTED = (RegistrationState.CONFIRMED, RegistrationState.PRESENT)  # they hold one of the session's seats
GONE = (RegistrationState.DECLINED, RegistrationState.CANCELLED)  # the same person may be written down anew


class RegistrationSource(TextChoices):
    """How a participant came onto the list of a session (W6)."""

    LINK = "link", _("Par le lien de la session")
    EMAIL = "email", _("Invitation par e-mail")
    IMPORT = "import", _("Fichier importé")
    HAND = "hand", _("Ajout à la main")
    SPOT = "spot", _("Sur place")


class Moment(TextChoices):
    """When a questionnaire is sent after a session (W7)."""

    HOT = "hot", _("À chaud")
    COLD = "cold", _("À froid")


class QuestionKind(TextChoices):
    """What one answers with (W7)."""

    SCALE5 = "scale5", _("Note de 1 à 5")
    SCALE10 = "scale10", _("Note de 0 à 10")
    CHOICE = "choice", _("Un choix")
    SEVERAL = "several", _("Plusieurs choix")
    WORDS = "words", _("Texte libre")


SCALES = {QuestionKind.SCALE5: (1, 5), QuestionKind.SCALE10: (0, 10)}  # the lowest and the highest mark, both included


class Outcome(TextChoices):
    """Whether somebody reached the aims of a training, as its certificate says (W7)."""

    REACHED = "reached", _("Objectifs atteints")
    PARTLY = "partly", _("Objectifs atteints en partie")
    NOT_REACHED = "not_reached", _("Objectifs non atteints")


class ProofState(TextChoices):
    """Where a document that a facilitator has sent stands (W12)."""

    SENT = "sent", _("À vérifier")
    ACCEPTED = "accepted", _("Acceptée")
    REFUSED = "refused", _("Refusée")
    WITHDRAWN = "withdrawn", _("Retirée")


class ReplacementState(TextChoices):
    """Where a facilitator's wish to be replaced stands (W12)."""

    ASKED = "asked", _("Proposé")
    ACCEPTED = "accepted", _("Accepté")
    DECLINED = "declined", _("Décliné")
    WITHDRAWN = "withdrawn", _("Retiré")
    LAPSED = "lapsed", _("Sans suite")


class Stage(TextChoices):
    """Where an order stands for the association: its state, and for one that is given whether anything is still to come (W11)."""

    PREPARED = "prepared", _("En préparation")
    OFFERED = "offered", _("Proposées")
    RUNNING = "running", _("En cours")
    TO_CLOSE = "to_close", _("À clôturer")
    CLOSED = "closed", _("Clôturées, à facturer")
    INVOICED = "invoiced", _("Facturées")
    CANCELLED = "cancelled", _("Annulées")
