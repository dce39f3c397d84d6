"""One text out of two that were written at the same time, so that nothing of either is lost."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

_GAP = re.compile(r"\n\s*\n")


def merged(mine: str, theirs: str) -> str:
    """Every paragraph of both texts: those that they share once, where they differ theirs first.

    It is a text to go on from, not one to keep as it is: two wordings of one paragraph both stand
    in it.
    """
    ours, others = _paragraphs(mine), _paragraphs(theirs)
    found: list[str] = []
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, others, ours, autojunk=False).get_opcodes():
        found += others[i1:i2]
        if kind != "equal":
            found += ours[j1:j2]
    return "\n\n".join(found)


def _paragraphs(text: str) -> list[str]:
    return [each for each in _GAP.split(text.replace("\r\n", "\n").strip()) if each]
