"""Which pages of a list are offered by their number, however long it is?"""

from __future__ import annotations

import pytest
from django.core.paginator import Paginator

from debriefs.templatetags.paging import offered


@pytest.mark.parametrize(
    ("number", "pages", "shown"),
    [
        (1, 1, [1]),
        (1, 2, [1, 2]),
        (2, 3, [1, 2, 3]),
        (1, 9, [1, 2, None, 9]),
        (4, 9, [1, None, 3, 4, 5, None, 9]),
        (9, 9, [1, None, 8, 9]),
        (5_000, 10_000, [1, None, 4_999, 5_000, 5_001, None, 10_000]),
    ],
)
def test_the_ends_and_the_neighbours_are_offered(
    number: int, pages: int, shown: list[int | None]
) -> None:
    assert offered(Paginator(range(pages * 20), 20).page(number)) == shown
