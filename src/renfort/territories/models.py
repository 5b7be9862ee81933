"""Regions, departments, communes and postcodes: reference data, written by `services.load_territories` alone.

`sort_name` is the French order and the search key of a name (decision 21). The tables are small and read all day;
other storeys point at `Department` and `Commune` and never copy a name.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q

from renfort.territories.enums import DepartmentKind


def sort_key_of(field: str) -> models.GeneratedField:
    """Return a stored column that PostgreSQL computes from `field` with `public.sort_key` (decision 21)."""
    return models.GeneratedField(
        expression=Func(F(field), function="public.sort_key"),
        output_field=models.TextField(),
        db_persist=True,
    )


class Region(models.Model):
    """One of the 18 regions; the code is INSEE's (« 75 » is Nouvelle-Aquitaine, not Paris)."""

    code = models.CharField(max_length=2, primary_key=True)
    name = models.CharField(max_length=60)
    sort_name = sort_key_of("name")

    class Meta:
        ordering = ["sort_name"]

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    """One of the 101 departments, or of the 6 inhabited overseas collectivities (which are in no region)."""

    code = models.CharField(max_length=3, primary_key=True)
    name = models.CharField(max_length=60)
    sort_name = sort_key_of("name")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, blank=True, related_name="departments")
    kind = models.CharField(max_length=12)
    zone = models.CharField(max_length=40)  # IANA name: dates are compared in the place's own zone (decision 30)
    latitude = models.FloatField()
    longitude = models.FloatField()

    class Meta:
        # "19" < "2A" < "2B" < "21" does not hold as text: the order of the codes is the selector's work
        constraints = [
            models.CheckConstraint(name="department_kind_known", condition=Q(kind__in=[kind.value for kind in DepartmentKind])),
            models.CheckConstraint(
                name="department_has_a_region",
                condition=Q(kind=DepartmentKind.COLLECTIVITY.value) | Q(region__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} - {self.name}"

    @property
    def time_zone(self) -> ZoneInfo:
        """The zone in which this department's people read a clock."""
        return ZoneInfo(self.zone)


class Commune(models.Model):
    """A commune, or a municipal district of Paris, Lyon or Marseille (then `parent` is the city).

    The centre is the town hall, or the middle of the contour where the directory is wrong.
    """

    code = models.CharField(max_length=5, primary_key=True)
    name = models.CharField(max_length=80)
    sort_name = sort_key_of("name")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="communes")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="districts")
    population = models.PositiveIntegerField()
    latitude = models.FloatField()
    longitude = models.FloatField()

    class Meta:
        indexes = [
            models.Index(name="commune_sort_name_prefix", fields=["sort_name"], opclasses=["text_pattern_ops"]),
            GinIndex(name="commune_sort_name_trigram", fields=["sort_name"], opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.department_id})"


class FormerName(models.Model):
    """A name that people still use: a commune that merged into another, and stays as a delegated or associated one."""

    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, related_name="former_names")
    name = models.CharField(max_length=80)
    sort_name = sort_key_of("name")

    class Meta:
        constraints = [models.UniqueConstraint(name="former_name_once", fields=["commune", "name"])]
        indexes = [
            models.Index(name="former_name_prefix", fields=["sort_name"], opclasses=["text_pattern_ops"]),
            GinIndex(name="former_name_trigram", fields=["sort_name"], opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.name


class Postcode(models.Model):
    """One postcode of one commune: a commune may have several, and several communes may share one."""

    code = models.CharField(max_length=5)
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, related_name="postcodes")

    class Meta:
        constraints = [models.UniqueConstraint(name="postcode_once", fields=["code", "commune"])]

    def __str__(self) -> str:
        return self.code
