"""`{% load paging %}`: which pages of a long list are offered by their number."""

from __future__ import annotations

from typing import Any

from django import template
from django.core.paginator import Page

register = template.Library()


@register.filter
def offered(page: Page[Any]) -> list[int | None]:
    """The numbers of the first page, the last, this one and its neighbours, in order; None where
    others are left out. As many for a list of ten thousand pages as for one of ten."""
    last = page.paginator.num_pages
    near = {1, page.number - 1, page.number, page.number + 1, last}
    shown: list[int | None] = []
    for number in sorted(each for each in near if 1 <= each <= last):
        if shown and shown[-1] != number - 1:
            shown.append(None)
        shown.append(number)
    return shown
