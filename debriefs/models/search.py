"""What search keeps beside the released versions: worked out from their words, and from nothing
else. Lost, it is made again by `manage.py rebuild_search`.

Who writes it stands in `debriefs/search/index.py`; the triggers of the migration `0005_search`
take out what is no longer released and note what changed.
"""

from __future__ import annotations

from django.contrib.postgres.search import SearchVectorField
from django.db import models

from debriefs.models.part import Part
from debriefs.models.version import Version
from portal.models import Tier


class Indexed(models.Model):
    """A version that is or was released. `changed` is the number of the transaction that last
    changed who may read it: what a process keeps of it is as old as that, or it is read again.

    `read_by` counts the people who have opened the debrief; `manage.py chores` brings it up to
    date.
    """

    version = models.OneToOneField(
        Version, on_delete=models.CASCADE, primary_key=True, related_name="indexed"
    )
    changed = models.BigIntegerField(db_index=True)
    read_by = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"version {self.version_id}"


class Posting(models.Model):
    """How much one word counts in one released version: its BM25 impact, in thousandths.

    A reader of clearance `n` (see `debriefs/search/__init__.py`) is answered from `at{n}`: the
    impact in those parts of the version that travel as far as tier `n`, and 0 where the word stands
    in none of them.
    """

    pk = models.CompositePrimaryKey("lexeme", "version_id")
    version = models.ForeignKey(
        Version, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    at1 = models.SmallIntegerField()
    at2 = models.SmallIntegerField()
    at3 = models.SmallIntegerField()
    at4 = models.SmallIntegerField()
    lexeme = models.TextField(db_collation="C")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.lexeme} in version {self.version_id}"


class Passage(models.Model):
    """A stretch of a released version as it is searched: one part, or what stands above all parts
    (`head`), or the facts. Its words with their places are what phrases are looked for in."""

    class Kind(models.TextChoices):
        """What the passage is."""

        HEAD = "head", "Title and summary"
        FACTS = "facts", "Facts"
        SECTION = "section", "Section"
        LESSON = "lesson", "Lesson"

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="passages")
    part = models.ForeignKey(
        Part,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        db_index=False,
        related_name="passages",
    )
    kind = models.CharField(max_length=8, choices=Kind)
    reach = models.PositiveSmallIntegerField(choices=Tier)
    words = SearchVectorField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.kind} of version {self.version_id}"


class Spelling(models.Model):
    """A word as it is written in released versions, with the lexeme it is found by. Where a word
    stands is not kept: nothing is offered from here unless it stands in what its reader may
    read."""

    word = models.TextField(primary_key=True, db_collation="C")
    lexeme = models.TextField(db_collation="C")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.word


class IndexState(models.Model):
    """One row: with which average length impacts are computed, in words; and a number that moves
    when everything that processes keep has to be read again."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    average_length = models.PositiveIntegerField()
    epoch = models.PositiveIntegerField(default=1)

    class Meta:
        default_permissions = ()
        constraints = (
            models.CheckConstraint(condition=models.Q(pk=1), name="one_state_of_the_index"),
        )

    def __str__(self) -> str:
        return f"epoch {self.epoch}"
