"""Schools that host volunteers, who manages them, and who does what there (S1, S2, S4)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from renfort.civic_service.enums import FederationKind, PostRole, SchoolNetwork, Source
from renfort.kernel.models import CodeField, known_state
from renfort.organisations.models import Grant, Organisation
from renfort.people.models import Person
from renfort.territories.models import Department


class Federation(models.Model):
    """A federation of managing bodies whose case managers study projects: the facts of this programme about an organisation.

    Exactly one is national: what no route leads elsewhere comes to it, and its case managers see everything (S5).
    """

    organisation = models.OneToOneField(Organisation, models.PROTECT, primary_key=True, related_name="+")
    kind = CodeField(states=FederationKind)
    is_national = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            known_state(FederationKind, field="kind"),
            models.UniqueConstraint(
                fields=["is_national"], condition=Q(is_national=True), name="civic_service_federation_national"
            ),
        ]

    def __str__(self) -> str:
        return f"federation {self.pk}"


class Route(models.Model):
    """Which federation manages the establishments of a department; without one, the national federation does (S5)."""

    department = models.OneToOneField(Department, models.PROTECT, primary_key=True, related_name="+")
    federation = models.ForeignKey(Federation, models.PROTECT, related_name="routes")

    def __str__(self) -> str:
        return f"route of {self.department_id}"


class Establishment(models.Model):
    """A school of the network (S2): the facts of this programme about an organisation, whose name and address are its own.

    The six compulsory facts are the managing body's name, the address, the SIRET, the phone, the UAI and the enrolment; the head
    is the seventh person to know. ``siret`` is the managing body's: one managing body may hold several schools, so that it is not
    the organisation's, which is unique. ``directory_key``: how the directory names it, "" while it does not know it.
    ``fed``: the fields of which the directory is the master, read-only here (S1). ``left_on``: it has left the network.
    """

    organisation = models.OneToOneField(Organisation, models.PROTECT, primary_key=True, related_name="+")
    network = CodeField(states=SchoolNetwork)
    uai = models.CharField(max_length=8, blank=True)  # seven digits and the letter that checks them
    managing_body = models.CharField(max_length=200, blank=True)  # the exact name of the OGEC
    siret = models.CharField(max_length=14, blank=True)
    phone = models.CharField(max_length=20, blank=True)  # E.164
    email = models.EmailField(max_length=254, blank=True)  # in lower case
    enrolment = models.PositiveIntegerField(null=True, blank=True)  # pupils at the start of the school year
    enrolment_year = models.PositiveSmallIntegerField(null=True, blank=True)  # the year in which that school year begins
    head = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, db_index=False, related_name="+")
    directory_key = models.CharField(max_length=60, blank=True)
    fed = ArrayField(models.CharField(max_length=30), default=list, db_default=[], blank=True)
    fed_at = models.DateTimeField(null=True, blank=True)  # when the directory last spoke of it
    left_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    # name and town of the organisation as ``sort_key`` keeps them: written by two triggers, whoever changes them
    search_name = models.TextField(default="", db_default="", editable=False)

    class Meta:
        constraints = [
            known_state(SchoolNetwork, field="network"),
            models.UniqueConstraint(
                fields=["uai"], condition=~Q(uai="") & Q(left_on=None), name="civic_service_establishment_uai"
            ),
            models.UniqueConstraint(
                fields=["directory_key"], condition=~Q(directory_key=""), name="civic_service_establishment_directory"
            ),
            models.CheckConstraint(
                condition=Q(enrolment=None) | Q(enrolment_year__isnull=False), name="civic_service_establishment_enrolment"
            ),
        ]  # that UAI and SIRET are exact is checked by functions of the migration « check_identifiers »
        indexes = [
            models.Index(fields=["head"], condition=~Q(head=None), name="civic_service_head_of"),
            models.Index(fields=["search_name", "organisation"], condition=Q(left_on=None), name="civic_service_school_names"),
        ]

    def __str__(self) -> str:
        return f"establishment {self.pk}"


class Post(models.Model):
    """What one person does in one establishment, until it ends (S4). The right is the ``grant``'s; this says where it comes from.

    A post that was added here stays when an import does not name it; the directory confirms it by naming it (S1).
    """

    establishment = models.ForeignKey(Establishment, models.PROTECT, related_name="posts")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    role = CodeField(states=PostRole, max_length=40)
    source = CodeField(states=Source)
    function = models.CharField(max_length=120, blank=True)  # « Professeure documentaliste »
    grant = models.OneToOneField(Grant, models.PROTECT, related_name="+")
    began_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)  # when the directory last named it
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            known_state(PostRole, field="role"),
            known_state(Source, field="source"),
            models.UniqueConstraint(
                fields=["establishment", "person", "role"], condition=Q(ended_at=None), name="civic_service_post_once"
            ),
            models.CheckConstraint(
                condition=~Q(source=Source.DIRECTORY) | Q(confirmed_at__isnull=False), name="civic_service_post_confirmed"
            ),
        ]
        indexes = [models.Index(fields=["person"], condition=Q(ended_at=None), name="civic_service_post_of_person")]

    def __str__(self) -> str:
        return f"post {self.pk}"
