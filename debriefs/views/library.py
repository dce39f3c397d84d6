"""Finding a debrief: the library, and what the public may read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django_htmx.http import push_url, replace_url
from django_htmx.middleware import HtmxDetails
from rapidfuzz.fuzz import token_set_ratio

from debriefs.filters import LibraryFilter
from debriefs.models import Version
from debriefs.search import passages, suggesting
from debriefs.search.passages import Hit
from debriefs.search.query import LONGEST
from debriefs.services import listing, searches
from debriefs.services.marking import highest
from portal.models import User
from portal.standing import Visitor
from portal.views.base import For, Page

#: Debriefs on a page, and with the paragraphs that answer a question.
PER_PAGE, ANSWERS_PER_PAGE = 20, 10
#: Own searches that are offered while one types.
ASKED_BEFORE = 3
#: Themes that are offered where nothing answers.
NEAR = 4


def page_of_cards(visitor: Visitor, versions: Any, number: str | None) -> dict[str, Any]:
    """One page of versions as cards; a page that does not exist shows the nearest that does."""
    page = Paginator(versions.select_related("debrief"), PER_PAGE).get_page(number)
    return {"page_obj": page, **as_cards(visitor, page.object_list)}


def as_cards(
    visitor: Visitor, versions: Iterable[Version], hits: Mapping[int, Sequence[Hit]] | None = None
) -> dict[str, Any]:
    """The versions as cards, with the paragraphs that answer a question, and what marks the
    page."""
    cards = listing.cards(visitor, versions, hits)
    return {"cards": cards, "marking": highest(card.marking for card in cards)}


def near_themes(narrowing: LibraryFilter) -> list[tuple[str, str]]:
    """Key and name of those themes of the visitor's library whose names are most like the
    question."""
    asked = narrowing.asked.text.lower()

    def likeness(theme: tuple[str, str]) -> float:
        return token_set_ratio(asked, theme[1].lower())

    return sorted(narrowing.words["theme"].items(), key=likeness, reverse=True)[:NEAR]


class Library(Page):
    """Every debrief that is shared with a group of the visitor's, to search, narrow, sort and page
    through."""

    audience = For.SIGNED_IN
    section = "debriefs"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Takes no more of a question than is read, so that no link of the page holds more."""
        super().setup(request, *args, **kwargs)
        if len(typed := request.GET.get("q", "")) > LONGEST:
            read = request.GET.copy()
            read["q"] = typed[: LONGEST + 1]
            request.GET = read  # type: ignore[assignment]

    def get_template_names(self) -> list[str]:
        """The page; for one that is open already, what changes on it."""
        return ["debriefs/_answer.html" if self.is_open else "debriefs/library.html"]

    @property
    def is_open(self) -> bool:
        """Whether the page is open already, and its script asks for what changed."""
        return bool(HtmxDetails(self.request))

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """The answer; its address holds what is asked, each step of narrowing but not each
        letter in the history."""
        response = super().render_to_response(context, **kwargs)
        patch_vary_headers(response, ["HX-Request"])
        if self.is_open:
            typed = HtmxDetails(self.request).trigger == "finder"
            keep = replace_url if typed else push_url
            keep(response, f"{self.request.path}?{context['querystring']}".rstrip("?"))
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The filter with its facets and chips, and one page of cards."""
        visitor = self.request.user
        narrowing = LibraryFilter(self.request.GET, visitor)
        found = narrowing.found
        per_page = ANSWERS_PER_PAGE if narrowing.asked else PER_PAGE
        self.remember(narrowing, nothing=not found.total)
        page = Paginator(found.versions, per_page).get_page(self.request.GET.get("page"))
        numbers = [int(number) for number in page.object_list]
        query = self.request.GET.copy()
        query.pop("page", None)
        for name in [name for name, values in query.lists() if not any(values)]:
            del query[name]
        return super().get_context_data(
            filter=narrowing,
            facets=narrowing.facets(),
            chips=narrowing.chips(),
            found=found if narrowing.asked else None,
            themes=() if numbers else near_themes(narrowing),
            page_obj=page,
            querystring=query.urlencode(),
            **as_cards(
                visitor,
                narrowing.page_of_hits(numbers),
                passages.best(visitor, found, numbers),
            ),
            **kwargs,
        )

    def remember(self, narrowing: LibraryFilter, *, nothing: bool) -> None:
        """That this was searched for, and whether in vain; not what is asked letter by letter, nor
        each page of the results."""
        person, asked = self.request.user, narrowing.asked.text
        opened = self.request.method == "GET" and not self.is_open
        if not (opened and asked and isinstance(person, User)) or "page" in self.request.GET:
            return
        searches.asked(person, asked, in_vain=nothing and not narrowing.chosen)


class Suggest(Page):
    """What to offer below the search box: a list of links, and no page around it."""

    audience = For.SIGNED_IN
    template_name = "debriefs/_suggestions.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the visitor asked before that begins as `q` does; and operations, themes and forces
        among what they may know."""
        typed, person = self.request.GET.get("q", ""), self.request.user
        offered = suggesting.suggestions(person, typed)
        if isinstance(person, User) and typed.strip():
            asked = searches.recent(person, beginning=typed, at_most=ASKED_BEFORE)
            offered = [
                *(suggesting.Suggestion("You asked", each.words, each.url) for each in asked),
                *offered,
            ]
        return super().get_context_data(suggestions=offered, **kwargs)


class Public(Page):
    """What anyone may read, whoever asks: the same page for the signed-in and the signed-out."""

    audience = For.ANYONE
    section = "public"
    template_name = "debriefs/public.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of cards of what the public may read."""
        nobody = AnonymousUser()
        shared = Version.objects.visible_to(nobody).order_by("-released_at", "-pk")
        return super().get_context_data(
            **page_of_cards(nobody, shared, self.request.GET.get("page")), **kwargs
        )
