"""What is searched: one narrow row per open mission, and the words that occur in them.

Neither table is the truth of anything: both are built from what the programme above hands over, and can be built again.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from renfort.territories.models import sort_key_of


class Entry(models.Model):
    """One open mission as the search sees it (P2). ``mission_id`` is no foreign key: missions live a storey above.

    ``names`` holds title, organisation and place alone (small, for ranking); ``words`` everything. ``cell`` is the tenth of a
    degree in which the place lies (``selectors.cells``); a remote mission lies nowhere. ``is_learned``: the lexicon knows it.
    """

    mission_id = models.BigIntegerField(primary_key=True)
    organisation_id = models.BigIntegerField()
    domain_id = models.BigIntegerField()
    department = models.CharField(max_length=3)
    commune = models.CharField(max_length=5, blank=True)
    city = models.CharField(max_length=100, blank=True)
    presence = models.CharField(max_length=20)
    format = models.CharField(max_length=20)
    publics = ArrayField(models.IntegerField())
    starts_on = models.DateField()
    ends_on = models.DateField()
    over_at = models.DateTimeField()
    published_at = models.DateTimeField()
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    cell = models.IntegerField(null=True)
    words = SearchVectorField()
    names = SearchVectorField()
    is_learned = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "entries"
        indexes = [
            GinIndex(name="search_entry_words", fields=["words"], fastupdate=False),
            GinIndex(name="search_entry_names", fields=["names"], fastupdate=False),
            models.Index(name="search_entry_cell", fields=["cell"], include=["latitude", "longitude", "mission_id"]),
            models.Index(name="search_entry_department", fields=["department", "presence"]),
            models.Index(name="search_entry_newest", fields=["-published_at", "-mission_id"]),
            models.Index(name="search_entry_organisation", fields=["organisation_id"]),
            models.Index(name="search_entry_over", fields=["over_at"], include=["presence"]),  # counts all of them
            models.Index(name="search_entry_to_learn", fields=["mission_id"], condition=models.Q(is_learned=False)),
        ]

    def __str__(self) -> str:
        return f"mission {self.mission_id}"


class Word(models.Model):
    """One word of the open missions, as it is written (lower case, accents), and in how many missions it occurs.

    ``bare`` is the word without accents: what typing errors are compared with.
    """

    word = models.CharField(max_length=40, primary_key=True)
    bare = sort_key_of("word")
    documents = models.PositiveIntegerField()

    class Meta:
        indexes = [
            GinIndex(name="search_word_trigram", fields=["bare"], opclasses=["gin_trgm_ops"]),
            models.Index(name="search_word_prefix", fields=["bare"], opclasses=["text_pattern_ops"]),
        ]

    def __str__(self) -> str:
        return self.word
