"""How does a page lead to one paragraph of what it shows?"""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString, mark_safe

from debriefs import text

register = template.Library()


@register.filter
def anchored(markup: str, prefix: str) -> SafeString:
    """Rendered words, safe to put into the page, with an id for each paragraph: `{prefix}-p{n}`."""
    return mark_safe(text.anchored(markup, prefix))  # noqa: S308 - clean since it was written
