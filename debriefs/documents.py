"""Documents that are drawn from the code, so that they cannot go stale: `manage.py draw` writes
them.

A test compares what is committed with what would be written.
"""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings

from debriefs.identifying.measuring import SETS, measure, read_set
from debriefs.notices import KINDS
from debriefs.permissions import RULES
from debriefs.workflow import MOVES, State, diagram
from portal.audit import VERBS

ROOT = Path(settings.BASE_DIR)
README = ROOT / "README.md"
WORKFLOW = ROOT / "docs" / "workflow.md"


def workflow_document() -> str:
    """`docs/workflow.md`: the diagram, and every move in words."""
    rows = [
        f"| `{move.name}` | {_states(move.sources)} | {_states(move.makes)} | {move.says} |"
        for move in MOVES.values()
    ]
    return "\n".join(
        [
            "# The life of a version",
            "",
            "Drawn by `manage.py draw` from `debriefs/workflow.py`; change it there.",
            "",
            "```mermaid",
            diagram().rstrip(),
            "```",
            "",
            "| move | from | to | what happens |",
            "|---|---|---|---|",
            *rows,
            "",
        ]
    )


def _states(states: tuple[State, ...]) -> str:
    return ", ".join(state.words.lower() for state in states)


def rules_table() -> str:
    """Who may do what: a row for each rule, from `debriefs/permissions.py`."""
    rows = []
    for rule in RULES.values():
        who = "; ".join(standing.says for standing in rule.standings)
        unless = " ".join(guard.reason for guard in rule.guards) or "Always."
        rows.append(f"| `{rule.name}` | {who} | {rule.says} | {unless} |")
    return "\n".join(
        ["| rule | who | what it says | what it answers otherwise |", "|---|---|---|---|", *rows]
    )


def verbs_table() -> str:
    """What is recorded: a row for each verb of the audit record."""
    return "\n".join(
        [
            "| verb | what happened |",
            "|---|---|",
            *(f"| `{verb}` | {says} |" for verb, says in VERBS.items()),
        ]
    )


def warnings_table() -> str:
    """How often the warnings about identifying data are right: a row for each set of texts."""
    rows = []
    for name, path in SETS.items():
        texts = read_set(path)
        score = measure(texts).overall
        quiet = sum(not text.marks for text in texts)
        rows.append(
            f"| {name} | {len(texts)} | {quiet} | {score.precision:.2f} | {score.recall:.2f} "
            f"| {score.f1:.2f} |"
        )
    return "\n".join(
        [
            "| texts | how many | with nothing to find | precision | recall | F1 |",
            "|---|---|---|---|---|---|",
            *rows,
        ]
    )


def notices_table() -> str:
    """What people are told: a row for each kind of notice."""
    return "\n".join(
        [
            "| notice | what it says | you are told because |",
            "|---|---|---|",
            *(f"| `{kind.name}` | {kind.title} | {kind.because} |" for kind in KINDS.values()),
        ]
    )


DRAWN = {
    "workflow": lambda: f"```mermaid\n{diagram()}```",
    "rules": rules_table,
    "verbs": verbs_table,
    "warnings": warnings_table,
    "notices": notices_table,
}


def readme_document(current: str) -> str:
    """The README with every drawn piece as it should be now.

    A piece stands between `<!-- drawn: NAME -->` and `<!-- end -->`. Raises KeyError for an unknown
    name and ValueError for a piece that is missing.
    """
    found = set()

    def draw(match: re.Match[str]) -> str:
        found.add(match[1])
        return f"<!-- drawn: {match[1]} -->\n{DRAWN[match[1]]()}\n<!-- end -->"

    drawn = re.sub(r"<!-- drawn: (\w+) -->\n.*?<!-- end -->", draw, current, flags=re.DOTALL)
    if missing := DRAWN.keys() - found:
        raise ValueError(f"The README has no place for: {', '.join(sorted(missing))}.")
    return drawn
