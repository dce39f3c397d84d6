"""What was asked, taken apart.

Any words will do. Quoted phrases, `-word` and `theme:`, `force:`, `year:` and their like narrow a
question for those who know them; whatever is not understood as one of these is a word like any
other, so nothing that is typed is an error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from debriefs.search.facets import FACETS
from debriefs.search.words import words_of

#: Characters of a question that are read; a longer one was pasted, and its beginning says enough.
LONGEST = 600
#: Different words that are looked up, and of each other kind.
MOST_WORDS, MOST_PHRASES, MOST_FIELDS = 40, 5, 10

#: What may stand before a colon, with the facet that it names.
FIELDS: dict[str, str] = {
    **{name: name for name in FACETS},
    "themes": "theme",
    "exploitation": "type",
    "forces": "force",
    "agency": "force",
    "years": "year",
    "for": "role",
}

_TOKEN = re.compile(
    r"""(?P<minus>(?<!\S)-)?
        (?:(?P<field>[a-z]+):(?=["\w]))?
        (?:"(?P<quoted>[^"]*)(?:"|$)|(?P<plain>[^\s"]+))""",
    re.VERBOSE | re.IGNORECASE,
)
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ud800-\udfff]")
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: `text` as it is kept and shown, `cut` where it was too long, and its pieces."""

    text: str = ""
    cut: bool = False
    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = field(default=())

    def __bool__(self) -> bool:
        return bool(self.words or self.phrases or self.without or self.fields)

    @property
    def all_words(self) -> list[str]:
        """Every word that is looked for, in order, those of phrases included."""
        return [*self.words, *(each.text for text in self.phrases for each in words_of(text))]


def parse(text: str) -> Asked:
    """The question in this text; never fails, and takes no longer for a longer one."""
    cut = len(text) > LONGEST
    clean = " ".join(_UNSEEN.sub(" ", text[:LONGEST]).translate(_QUOTES).split())
    words: list[str] = []
    phrases: list[str] = []
    without: list[str] = []
    fields: list[tuple[str, str]] = []
    for found in _TOKEN.finditer(clean):
        said = (found["quoted"] if found["quoted"] is not None else found["plain"]) or ""
        named = FIELDS.get((found["field"] or "").lower())
        if found["field"] and named is None:
            said = f"{found['field']} {said}"
        spoken = [word.text for word in words_of(said)]
        if not spoken:
            continue
        if named:
            fields.append((named, said.strip()))
        elif found["minus"]:
            without.append(said)
        elif found["quoted"] is not None and len(spoken) > 1:
            phrases.append(said)
        else:
            words += spoken
    return Asked(
        text=clean,
        cut=cut,
        words=tuple(words[:MOST_WORDS]),
        phrases=tuple(phrases[:MOST_PHRASES]),
        without=tuple(without[:MOST_PHRASES]),
        fields=tuple(fields[:MOST_FIELDS]),
    )
