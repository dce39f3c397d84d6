"""Who gets which answer at which address? The expectation, declared; `test_matrix.py` holds it
against the site.

A new route, subject or person without an expectation fails there, and so does an expectation
without its route.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.world import PEOPLE

#: Sent to the page where one signs in, and from there back.
IN = "in"

#: Sent to the home page.
HOME = "home"

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE")

#: The columns of the tables below: people of whom the same is expected everywhere.
COLUMNS: dict[str, tuple[str, ...]] = {
    # Nobody in particular; and an open session of someone who may not sign in any more
    "out": ("signed_out", "inactive"),
    # Signed in, but in no group: a superuser and an administrator are no readers by that alone
    "none": (
        "superuser",
        "administrator",
        "nobody",
        "outsider",
        "delta_signatory",
        "steward",
        "other_author",
    ),
    # The police of a force that took part in nothing
    "charlie": ("charlie_officer", "charlie_signatory"),
    # Those of forces that took part, without a say in what is signed
    "officer": ("alpha_officer", "bravo_officer", "coordinator"),
    # Those who sign
    "signs": ("alpha_signatory", "alpha_deputy", "bravo_signatory", "both"),
    # Belongs to the circle in person
    "guest": ("guest",),
    # Law-enforcement partners
    "partner": ("partner_officer", "harbour_signatory"),
    # Those who write and share
    "team": ("author", "second_author", "editor"),
}

#: What GET answers at each address: the name of the route, then what stands in its place.
GET = """
                                    out   none charlie officer signs guest partner team
home                                200   200  200     200     200   200   200     200
about                               200   200  200     200     200   200   200     200
contact                             200   200  200     200     200   200   200     200
accessibility                       200   200  200     200     200   200   200     200
account_login                       200   home home    home    home  home  home    home
account_logout                      home  200  200     200     200   200   200     200
account_signup                      200   home home    home    home  home  home    home
health_live                         200   200  200     200     200   200   200     200
health_ready                        200   200  200     200     200   200   200     200

debriefs:public                     200   200  200     200     200   200   200     200
debriefs:library                    in    200  200     200     200   200   200     200
debriefs:themes                     in    200  200     200     200   200   200     200
debriefs:theme evidence-led         in    200  200     200     200   200   200     200
debriefs:theme victim-care          in    200  200     200     200   200   200     200
debriefs:theme missing              in    404  404     404     404   404   404     404
debriefs:organisations              in    200  200     200     200   200   200     200
debriefs:organisation alpha         in    200  200     200     200   200   200     200
debriefs:organisation delta         in    200  200     200     200   200   200     200
debriefs:organisation missing       in    404  404     404     404   404   404     404

debriefs:debrief shared             in    404  200     200     200   404   404     200
debriefs:debrief circle             in    404  404     200     200   200   404     200
debriefs:debrief participants       in    404  404     200     200   404   404     200
debriefs:debrief partners           in    404  200     200     200   404   200     200
debriefs:debrief public             200   200  200     200     200   200   200     200
debriefs:debrief drafting           in    404  404     404     404   404   404     200
debriefs:debrief sent-back          in    404  404     404     404   404   404     200
debriefs:debrief checking           in    404  404     404     404   404   404     200
debriefs:debrief with-forces        in    404  404     404     200   404   404     200
debriefs:debrief returned           in    404  404     404     200   404   404     200
debriefs:debrief agreed             in    404  404     404     200   404   404     200
debriefs:debrief withdrawn          in    404  410     410     200   404   404     200
debriefs:debrief superseded         in    404  200     200     200   404   404     200
debriefs:debrief taken-back         in    404  410     200     200   200   404     200
debriefs:debrief renewed            in    404  200     200     200   404   404     200
debriefs:debrief missing            in    404  404     404     404   404   404     404

debriefs:history shared             in    404  200     200     200   404   404     200
debriefs:history circle             in    404  404     200     200   200   404     200
debriefs:history participants       in    404  404     200     200   404   404     200
debriefs:history partners           in    404  200     200     200   404   200     200
debriefs:history public             200   200  200     200     200   200   200     200
debriefs:history drafting           in    404  404     404     404   404   404     200
debriefs:history sent-back          in    404  404     404     404   404   404     200
debriefs:history checking           in    404  404     404     404   404   404     200
debriefs:history with-forces        in    404  404     404     200   404   404     200
debriefs:history returned           in    404  404     404     200   404   404     200
debriefs:history agreed             in    404  404     404     200   404   404     200
debriefs:history withdrawn          in    404  404     404     200   404   404     200
debriefs:history superseded         in    404  200     200     200   404   404     200
debriefs:history taken-back         in    404  404     200     200   200   404     200
debriefs:history renewed            in    404  200     200     200   404   404     200
debriefs:history missing            in    404  404     404     404   404   404     404

debriefs:version shared 1           in    404  200     200     200   404   404     200
debriefs:version shared 2           in    404  404     404     404   404   404     404
debriefs:version circle 1           in    404  404     200     200   200   404     200
debriefs:version participants 1     in    404  404     200     200   404   404     200
debriefs:version partners 1         in    404  200     200     200   404   200     200
debriefs:version public 1           200   200  200     200     200   200   200     200
debriefs:version drafting 1         in    404  404     404     404   404   404     200
debriefs:version sent-back 1        in    404  404     404     404   404   404     200
debriefs:version checking 1         in    404  404     404     404   404   404     200
debriefs:version with-forces 1      in    404  404     404     200   404   404     200
debriefs:version returned 1         in    404  404     404     200   404   404     200
debriefs:version agreed 1           in    404  404     404     200   404   404     200
debriefs:version withdrawn 1        in    404  404     404     200   404   404     200
debriefs:version superseded 1       in    404  404     404     200   404   404     200
debriefs:version superseded 2       in    404  200     200     200   404   404     200
debriefs:version taken-back 1       in    404  404     200     200   200   404     200
debriefs:version renewed 1          in    404  200     200     200   404   404     200
debriefs:version renewed 2          in    404  404     404     404   404   404     200
debriefs:version missing 1          in    404  404     404     404   404   404     404
"""

#: What every other method answers, whatever stands at the address and whoever may read it: a
#: method tells nothing of what is there. Signed out and signed in, where they differ. HEAD answers
#: as GET does, without a body.
OTHERS = """
                         OPTIONS  POST      PUT       PATCH   DELETE  TRACE
home                     200      405       405       405     405     405
about                    200      405       405       405     405     405
contact                  200      405       405       405     405     405
accessibility            200      405       405       405     405     405
account_login            200/home 200/home  200/home  405/home 405/home 405/home
account_logout           200      home      405       405     405     405
account_signup           200/home 200/home  200/home  200/home 200/home 200/home
health_live              405      405       405       405     405     405
health_ready             405      405       405       405     405     405
debriefs:public          200      405       405       405     405     405
debriefs:library         in/200   in/405    in/405    in/405  in/405  in/405
debriefs:themes          in/200   in/405    in/405    in/405  in/405  in/405
debriefs:theme           in/200   in/405    in/405    in/405  in/405  in/405
debriefs:organisations   in/200   in/405    in/405    in/405  in/405  in/405
debriefs:organisation    in/200   in/405    in/405    in/405  in/405  in/405
debriefs:debrief         200      405       405       405     405     405
debriefs:history         200      405       405       405     405     405
debriefs:version         200      405       405       405     405     405
"""


@dataclass(frozen=True, slots=True)
class Row:
    """What is expected of GET at one address, by column."""

    route: str
    arguments: tuple[str, ...]
    answers: dict[str, str]

    @property
    def path(self) -> str:
        """The address."""
        return reverse(self.route, args=self.arguments)

    def __str__(self) -> str:
        return " ".join((self.route, *self.arguments))


@cache
def rows() -> list[Row]:
    """The table of GET, row by row."""
    columns, *lines = (line.split() for line in GET.splitlines() if line.strip())
    cut = len(columns)
    return [
        Row(words[0], tuple(words[1:-cut]), dict(zip(columns, words[-cut:], strict=True)))
        for words in lines
    ]


@cache
def _by_address() -> dict[tuple[str, ...], Row]:
    return {(row.route, *row.arguments): row for row in rows()}


@cache
def others() -> dict[str, dict[str, tuple[str, str]]]:
    """The table of the other methods: by route and method, the answers signed out and signed in."""
    methods, *lines = (line.split() for line in OTHERS.splitlines() if line.strip())
    table = {}
    for route, *answers in lines:
        pairs = (answer.partition("/") for answer in answers)
        both = [(signed_out, signed_in or signed_out) for signed_out, _, signed_in in pairs]
        table[route] = dict(zip(methods, both, strict=True))
    return table


def column_of(person: str) -> str:
    """The column in which a person stands: a key of the cast, or "signed_out"."""
    return next(name for name, people in COLUMNS.items() if person in people)


def expected(row: Row, method: str, person: str) -> str:
    """What the person has to be answered."""
    column = column_of(person)
    if method in ("GET", "HEAD"):
        return row.answers[column]
    return others()[row.route][method][0 if column == "out" else 1]


def answer_at(person: str, route: str, *arguments: str) -> str:
    """What GET has to answer the person at an address of the table."""
    return _by_address()[route, *arguments].answers[column_of(person)]


def cast() -> tuple[str, ...]:
    """Everyone of the world, and nobody."""
    return ("signed_out", *PEOPLE)


def patterns(
    resolver: URLResolver | None = None, namespaces: tuple[str, ...] = ()
) -> Iterator[tuple[str, URLPattern]]:
    """Every pattern of the site with its full name; one without a name is called by its route."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = (*namespaces, entry.namespace) if entry.namespace else namespaces
            yield from patterns(entry, inner)
        else:
            name = entry.name or f"(without a name: {entry.pattern})"
            yield ":".join((*namespaces, name)), entry


def routes() -> list[str]:
    """The names of all routes, in the order of the site map."""
    return [name for name, _ in patterns()]
