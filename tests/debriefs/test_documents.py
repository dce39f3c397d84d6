"""Is what is drawn from the code drawn from the code of today?"""

from __future__ import annotations

import pytest

from debriefs import documents
from debriefs.notices import KINDS
from debriefs.permissions import RULES
from debriefs.workflow import MOVES
from portal.audit import VERBS

AGAIN = "Run: python manage.py draw"


def test_the_workflow_diagram_is_fresh() -> None:
    assert documents.WORKFLOW.read_text() == documents.workflow_document(), AGAIN


def test_the_readme_is_fresh() -> None:
    readme = documents.README.read_text()
    assert readme == documents.readme_document(readme), AGAIN


def test_every_move_rule_verb_and_notice_stands_in_the_readme() -> None:
    readme = documents.README.read_text()
    for name in (*MOVES, *RULES, *VERBS, *KINDS):
        assert name in readme


def test_a_readme_without_a_place_for_a_drawn_piece_is_refused() -> None:
    with pytest.raises(ValueError, match="rules"):
        documents.readme_document("<!-- drawn: workflow -->\n<!-- end -->")
