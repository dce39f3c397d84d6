"""Words that mean the same in this field, so that a search for one finds the others."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

#: How many words or phrases a set has.
FEWEST, MOST = 2, 12

#: Characters of one of them.
LONGEST_WORD = 60


class SynonymSetManager(models.Manager["SynonymSet"]):
    """Finds a set by the word it begins with, which is how the fixture names it."""

    def get_by_natural_key(self, first: str) -> SynonymSet:
        """The set that begins with this word."""
        return self.get(words__0=first)

    def sets(self) -> tuple[tuple[str, ...], ...]:
        """Every set as its words, in their order. One query, so a change acts at once everywhere:
        the table is small."""
        return tuple(tuple(words) for words in self.order_by("pk").values_list("words", flat=True))


class SynonymSet(models.Model):
    """Words and phrases of the field that mean the same, the usual one first.

    The same for everybody, whatever they may read: so it holds vocabulary, and nothing that only
    some debrief tells.
    """

    words = ArrayField(models.CharField(max_length=LONGEST_WORD))

    objects = SynonymSetManager()

    class Meta:
        ordering = ("words", "pk")
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=Q(words__len__gte=FEWEST, words__len__lte=MOST),
                name="a_set_has_two_to_twelve_words",
            ),
        )

    def __str__(self) -> str:
        return ", ".join(self.words)

    def natural_key(self) -> tuple[str]:
        """The first word, as fixtures write it."""
        return (self.words[0],)
