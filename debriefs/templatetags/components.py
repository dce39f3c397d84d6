"""Which pieces of a page stand there so often that a template would take too long over them?

A label looks the same wherever it stands, and is drawn once. The parts of a debrief, the cards of a
list and the boxes of a filter are put together here, from whole strings: in templates their pieces
were a third of the time of the pages that are opened most. Every word is escaped but what
`debriefs/text.py` has rendered and `debriefs/search/passages.py` has marked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from html import escape
from uuid import UUID

from django import template
from django.template.loader import render_to_string
from django.utils import dateformat, timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from debriefs.filters import Facet, Option
from debriefs.models import Part
from debriefs.services.listing import Card
from debriefs.services.recurring import Elsewhere
from debriefs.templatetags.paragraphs import anchored

register = template.Library()

#: Words of the vocabulary and states: there are some hundreds of them.
MOST_KEPT = 2_000


@register.simple_tag
def tag(kind: str = "", text: str = "", value: str = "", url: str = "") -> SafeString:
    """A short label, as `_components/tag.html` draws and describes it."""
    return _drawn(kind, text, value, url)


# What is safe to put into a page and what is not may be equal as text: hence by type.
@lru_cache(MOST_KEPT, typed=True)
def _drawn(kind: str, text: str, value: str, url: str) -> SafeString:
    shown = {"kind": kind, "text": text, "value": value, "url": url}
    return render_to_string("_components/tag.html", shown)


STEPS = (
    ("observed", "What was observed", ""),
    ("mattered", "Why it mattered", ""),
    ("action", "What to do", " lesson__step--do"),
)


@register.simple_tag
def lesson(
    part: Part, reach: str = "", elsewhere: Mapping[UUID, Sequence[Elsewhere]] | None = None
) -> SafeString:
    """One lesson, whole: what it teaches, how strong it is, and what to do; each paragraph can be
    led to. `reach`: how far it travels, in words, for those who make or sign it."""
    anchor = part.anchor
    title = conditional_escape(part.title)
    worked = tag("worked", value=part.worked) if part.worked else ""
    travels = format_html('<span class="quiet small">{}</span>', reach) if reach else ""
    theme = f"<li>{tag('theme', part.theme.name)}</li>" if part.theme else ""
    evidence = f"<li>{tag('evidence', value=part.evidence)}</li>" if part.evidence else ""
    roles = format_html("<p>For: {}</p>", ", ".join(part.role_names)) if part.roles else ""
    seen = also_seen(part, elsewhere or {})
    steps = "".join(
        f'<div class="lesson__step{modifier}"><h4 class="lesson__label">{label}</h4>'
        f'<div class="prose">{anchored(words, f"{anchor}-{name}")}</div></div>'
        for name, label, modifier in STEPS
        if (words := getattr(part, f"{name}_html"))
    )
    return mark_safe(  # noqa: S308 - each piece is escaped or rendered
        f'<article class="lesson{f" lesson--{part.worked}" if part.worked else ""}" id="{anchor}"'
        f' aria-labelledby="{anchor}-title" data-section><header class="lesson__head">'
        f'<p class="lesson__line">{worked}{travels}</p>'
        f'<div class="lesson__name"><h3 class="lesson__title" id="{anchor}-title">{title}</h3>'
        f"{_link_to(anchor, title)}</div>"
        f'<ul class="tags" aria-label="Theme and strength of evidence">{theme}{evidence}</ul>'
        f'</header><div class="lesson__body">{steps}</div>'
        f'<footer class="lesson__foot">{roles}{seen}<p class="part__id">{anchor}</p></footer>'
        "</article>"
    )


@register.simple_tag
def also_seen(part: Part, elsewhere: Mapping[UUID, Sequence[Elsewhere]]) -> SafeString:
    """The lessons of others that tell of the same as this one; nothing where there is none."""
    links = ", ".join(
        f'<a class="govuk-link" href="{conditional_escape(each.url)}">'
        f"Operation {conditional_escape(each.operation)}: {conditional_escape(each.title)}</a>"
        for each in elsewhere.get(part.identity, ())
    )
    return mark_safe(  # noqa: S308 - each piece is escaped
        _around('<p class="also-seen">Also seen in: ', links, "</p>")
    )


@register.simple_tag
def section(part: Part, reach: str = "") -> SafeString:
    """One section: its heading and its text; `reach` as for a lesson."""
    anchor = part.anchor
    title = conditional_escape(part.title)
    travels = (
        format_html('<p class="part__where">Travels as far as: {}</p>', reach) if reach else ""
    )
    words = (
        f'<div class="prose">{anchored(part.html, anchor)}</div>'
        if part.html
        else '<p class="govuk-body quiet">Not written yet.</p>'
    )
    return mark_safe(  # noqa: S308 - each piece is escaped or rendered
        f'<section class="part" id="{anchor}" aria-labelledby="{anchor}-title" data-section>'
        f'<div class="part__head"><h2 class="part__title" id="{anchor}-title">{title}</h2>'
        f'{_link_to(anchor, title)}<span class="part__id">{anchor}</span></div>'
        f"{travels}{words}</section>"
    )


@register.simple_tag
def card(card: Card, level: int = 3) -> SafeString:
    """A debrief in a list, with a heading of this level. What the viewer may not see is missing
    from the card already: nothing is decided here."""
    url = conditional_escape(card.url)
    invented = f" {tag('invented')}" if card.invented else ""
    known = [f"Led by {card.lead}" if card.lead else "", card.region, card.years]
    facts = "".join(f"{_fact(each)} " for each in known if each)
    lessons = (
        f"<strong>{card.lessons_count}</strong> lesson{'s' * (card.lessons_count != 1)}"
        if card.lessons_count
        else ""
    )
    when = card.released_on and timezone.localtime(card.released_on)
    since = f"Shared {dateformat.format(when, 'j F Y')}" if when else ""
    return mark_safe(  # noqa: S308 - each piece is escaped, rendered or marked
        f'<article class="card"><div class="card__main"><p class="card__operation">'
        f"Operation {conditional_escape(card.operation)}{invented}</p>"
        f'<h{level} class="card__title"><a class="govuk-link" href="{url}">'
        f"{conditional_escape(card.title)}</a></h{level}>"
        + _around('<p class="card__facts">', facts, "</p>")
        + (_hits(card, url) or _summary(card))
        + _tags(card)
        + '</div><div class="card__aside">'
        + _around("<p>", lessons, "</p>")
        + _around("<p>", since, "</p>")
        + "</div></article>"
    )


def _around(before: str, words: str, after: str) -> str:
    """The words between these two; nothing where there are no words."""
    return f"{before}{words}{after}" if words else ""


def _fact(words: str) -> str:
    return f'<span class="card__fact">{conditional_escape(words)}</span>'


def _summary(card: Card) -> str:
    return _around('<p class="card__summary">', conditional_escape(card.summary), "</p>")


def _hits(card: Card, url: str) -> str:
    """The paragraphs that answer a question; each leads to itself."""
    rows = "".join(
        f'<li class="card__hit"><a class="govuk-link card__hit-where" href="{url}#{hit.fragment}">'
        f'{conditional_escape(hit.where)}</a><p class="card__hit-words">{hit.snippet}</p></li>'
        for hit in card.hits
    )
    return _around('<ul class="card__hits">', rows, "</ul>")


def _tags(card: Card) -> str:
    types = "".join(f"<li>{tag('type', each)}</li>" for each in card.types)
    themes = "".join(f"{_fact(each)} " for each in card.themes)
    heard = '<span class="govuk-visually-hidden">Themes: </span>'
    shown = _around('<ul class="tags" aria-label="Exploitation">', types, "</ul>") + _around(
        f'<p class="card__themes">{heard}', themes, "</p>"
    )
    return _around('<div class="card__tags">', shown, "</div>")


@register.simple_tag
def options(facet: Facet) -> SafeString:
    """The boxes to tick of a facet: a page of the library has a hundred of them."""
    drawn = "\n".join(_option(option, facet.name) for option in facet.options)
    return mark_safe(drawn)  # noqa: S308 - each piece is escaped


def _option(option: Option, name: str) -> str:
    value, label = escape(option.value), escape(option.label)  # plain words, so no need to look
    none = "" if option.count or option.chosen else " facet--none"
    return (
        f'<label class="facet{none}"><input class="facet__box" type="checkbox" id="{name}-{value}"'
        f' name="{name}" value="{value}"{" checked" if option.chosen else ""}>'
        f'<span class="facet__name">{label}</span> <span class="facet__count">'
        f'<span class="govuk-visually-hidden">(</span>{option.count}'
        f'<span class="govuk-visually-hidden">)</span></span></label>'
    )


def _link_to(anchor: str, title: str) -> str:
    return f'<a class="anchor" href="#{anchor}" aria-label="Link to {title}">#</a>'
