"""What would a reader see? Before anything is saved, and before anything is shared."""

from __future__ import annotations

from debriefs.models import Part
from debriefs.services.content import TEXTS, Words, html_of
from debriefs.text import render, tidy_line


def drawn(part: Part, words: Words) -> Part:
    """The part as it would look with these words; nothing is saved.

    Raises Refused for a text that is too long to be rendered.
    """
    shown = Part(
        identity=part.identity,
        kind=words.kind,
        title=tidy_line(words.title),
        reach=words.reach,
        theme=words.theme,
        roles=list(words.roles),
        evidence=words.evidence,
        worked=words.worked,
    )
    for name in TEXTS:
        setattr(shown, html_of(name), render(getattr(words, name)).html)
    return shown
