"""Does any page, header, cookie, log line or e-mail hold a word that its reader may not see?

Every text field of every row in the database is given a token of its own, found by walking the
models: so a field that is added tomorrow is watched from its first day. Then everyone goes to every
address and follows every link. A token that was not expected for that person is a leak. What may be
seen is declared below; what is not declared may be seen by nobody.
"""

from __future__ import annotations

import html
import io
import itertools
import logging
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.core import mail
from django.core.cache import cache
from django.core.mail import EmailMultiAlternatives
from django.db import connection, models
from django.test import Client
from django.urls import reverse

from debriefs.filters import SORTS, LibraryFilter
from debriefs.forms.steps import STEPS
from debriefs.models import (
    Acceptance,
    ConsentWithdrawal,
    Country,
    Debrief,
    ExploitationType,
    NothingFound,
    Notice,
    Offence,
    Part,
    Question,
    RecentSearch,
    Release,
    Remark,
    Review,
    SavedSearch,
    SignOff,
    SynonymSet,
    Theme,
    Version,
)
from debriefs.models.vocabulary import DebriefKind, Marking, Reader
from debriefs.search import index
from debriefs.search.facets import OUTCOMES
from debriefs.services import desk
from debriefs.services.content import TEXTS
from portal import logs
from portal.models import Organisation, Region, SharingGroup, Tier, User
from tests.access import matrix
from tests.access.scene import Scene
from tests.conftest import settle
from tests.post import work
from tests.world import GROUPS

#: Fields whose text is part of how things hang together, and which no person wrote.
STRUCTURE = {
    "portal.AuditEvent.verb",
    "portal.AuditEvent.subject",
    "debriefs.Notice.kind",
    "debriefs.Notice.key",
    "debriefs.Version.digest",
    "debriefs.SignOff.digest",
    # Made of the words below, and searched for them afresh once they are planted
    "debriefs.Posting.lexeme",
    "debriefs.Spelling.word",
    "debriefs.Spelling.lexeme",
}

#: Fields that hold text, but are empty in the whole scene.
EMPTY = {
    "portal.User.job_title",
    "portal.Organisation.email_domains",
    "debriefs.Notice.fault",  # every mail of the scene can be sent
}

#: Columns of people in no sharing group.
NO_GROUP = ("out", "none", "other", "admin")

#: Columns of forces that took part, and of those who write and share.
TOOK_PART = ("officer", "coord", "alpha", "deputy", "bravo")
TEAM = ("writes", "edits")

#: Columns of those who sign, by the name that their force begins with.
SIGNS = {"Alpha": ("alpha", "deputy"), "Bravo": ("bravo",)}
SIGNERS = tuple(column for columns in SIGNS.values() for column in columns)

#: Whose names stand on what is signed: who checked and sent it, and who decided for each force.
SIGNED = ("editor", "alpha_signatory", "bravo_signatory")

#: Whom the team knows by name: its own, and those who sign for the forces or look after them.
KNOWN_TO_THE_TEAM = (
    *("author", "second_author", "editor", "second_editor"),
    *("alpha_signatory", "alpha_deputy", "bravo_signatory", "both", "coordinator"),
)

#: Who has looked for something in the scene, and asked the team about it.
ASKED = "alpha_officer"

#: Whom a force's signatories and coordinators know by name.
KNOWN_TO_A_FORCE = {
    "alpha": ("alpha_signatory", "alpha_deputy"),
    "coord": ("alpha_signatory", "alpha_deputy"),
    "bravo": ("bravo_signatory", "both"),
}

TOKEN = re.compile(r"zq[0-9a-f]{10}")


# --- Planting -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Canary:
    """One text: of which row, and of which field."""

    row: models.Model
    field: str

    @property
    def place(self) -> str:
        """Where it stands, such as "debriefs.Version.title"."""
        return f"{self.row._meta.label}.{self.field}"

    def __str__(self) -> str:
        return f"{self.place} of {self.row.pk}"


def text_fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """The fields of the model that hold free text, of whatever kind."""
    found = []
    for each in model._meta.local_concrete_fields:
        inner = each.base_field if isinstance(each, ArrayField) else each
        free = isinstance(inner, models.CharField | models.TextField) and not inner.choices
        if (
            free or isinstance(each, models.JSONField)
        ) and f"{model._meta.label}.{each.name}" not in (STRUCTURE):
            found.append(each)
    return found


def our_models() -> list[type[models.Model]]:
    """Every table of the portal, also those between two others."""
    return [
        model
        for label in ("portal", "debriefs")
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
    ]


def with_token(each: models.Field[Any, Any], value: Any, token: str) -> Any:
    """The value with the token in it, no longer than the field allows."""
    if isinstance(each, models.JSONField):
        return {**value, "token": token}
    if isinstance(each, ArrayField):
        return [*value, token]
    if isinstance(each, models.EmailField):
        return token + value[len(token) :] if len(value) > 200 else token + value
    room = (each.max_length or 10_000) - len(token)
    return value[:room] + token


def plant() -> dict[str, Canary]:
    """Give every text a token, behind the back of the database's guards; returns all tokens."""
    settle()
    planted: dict[str, Canary] = {}
    for model in our_models():
        fields = text_fields(model)
        if not fields:
            continue
        table = connection.ops.quote_name(model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            for row in model._base_manager.all():
                changes = {}
                for each in fields:
                    value = getattr(row, each.name)
                    if value or isinstance(each, models.JSONField):
                        token = f"zq{secrets.token_hex(5)}"
                        planted[token] = Canary(row, each.name)
                        changes[each.name] = with_token(each, value, token)
                model._base_manager.filter(pk=row.pk).update(**changes)
            settle()
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    index.rebuild()
    return planted


# --- What may be seen -----------------------------------------------------------------------------


def clearance(person: str, subject: str) -> int:
    """Parts of a lower reach than this the person may not read in this debrief: the tier of the
    narrowest group that it is shared with and that the person is in."""
    column = matrix.column_of(person)
    if column == "guest":
        return Tier.POLICING if subject in ("circle", "taken-back") else Tier.PUBLIC
    if column in NO_GROUP:
        return Tier.PUBLIC
    return Tier.PARTNERS if column == "partner" else Tier.POLICING


def in_group(person: str, key: str) -> bool:
    """Whether the person reads through this sharing group."""
    columns = {
        "participants": TOOK_PART,
        "policing": ("charlie", *TOOK_PART, *TEAM),
        "circle": (*TOOK_PART, "guest"),
        "partners": ("partner",),
    }
    assert {*columns, "public"} == set(GROUPS)
    return matrix.column_of(person) in columns.get(key, matrix.COLUMNS.keys() - {"out"})


@dataclass(frozen=True, slots=True)
class Watch:
    """The scene with its canaries, and who may see which of them."""

    scene: Scene
    planted: dict[str, Canary]
    #: Subject and number by the version's own number in the database.
    versions: dict[int, tuple[str, str]]
    #: Subject by the debrief's number in the database.
    debriefs: dict[int, str]

    def may_see(self, person: str, canary: Canary) -> bool:
        """Whether the text may be on any page for the person; by default it may not."""
        row, name = canary.row, canary.field
        signed_in = matrix.column_of(person) != "out"
        column = matrix.column_of(person)
        police = column not in (*NO_GROUP, "partner")
        team = column in TEAM
        if isinstance(row, Debrief):
            # Its name, reference and address: for readers, and for those who could read it once
            return matrix.answer_at(person, "debriefs:debrief", self.debriefs[row.pk]) in (
                "200",
                "410",
            )
        if isinstance(row, Version):
            return self._in_version(person, row, name)
        if isinstance(row, Part):
            if team and row.version.sealed_at is None and name in TEXTS:
                return True
            if name in TEXTS and column in SIGNERS:  # in what changed, word by word
                return self._reads(person, row.version_id)
            if name not in ("title", "html", "observed_html", "mattered_html", "action_html"):
                return False
            subject, _ = self.versions[row.version_id]
            return self._reads(person, row.version_id) and row.reach >= clearance(person, subject)
        if isinstance(row, Release):
            subject, _ = self.versions[row.version_id]
            return matrix.answer_at(person, "debriefs:debrief", subject) == "410"
        if isinstance(row, ConsentWithdrawal):
            subject, _ = self.versions[row.signoff.version_id]
            if column in self._signers(row.signoff.organisation):  # on their own receipt
                return True
            return matrix.answer_at(person, "debriefs:debrief", subject) == "410"
        if isinstance(row, SignOff):
            # What a force asks of those who share it, and when it said so
            return column in self._signers(row.organisation) or (team and name == "conditions")
        if isinstance(row, Acceptance):
            # Judged by whoever checks and signs it; its kind is told in words of the portal's own
            signs = column in SIGNERS and self._reads(person, row.version_id)
            return (team or signs) and name in ("words", "reason")
        if isinstance(row, Remark):
            # The team reads every remark, a force its own
            return team or bool(row.organisation and column in self._signers(row.organisation))
        if isinstance(row, Review):
            return team and name == "note"
        if isinstance(row, RecentSearch | SavedSearch):
            return person == ASKED and name in ("words", "name")
        if isinstance(row, NothingFound | SynonymSet):
            return self._tends(person)
        if isinstance(row, Question):
            return person == ASKED or self._tends(person)
        if isinstance(row, Theme):
            if not signed_in:
                return name == "name" and row.key == "evidence-led"
            return name in ("key", "name", "question", "learned")
        if isinstance(row, Organisation):
            return signed_in and name in ("key", "name")
        if isinstance(row, Region):
            return signed_in if name == "name" else police and row.key == "north"
        if isinstance(row, SharingGroup):
            # The team chooses among all of them
            if team:
                return name in ("key", "name")
            # Who signs is told who would read it
            return name == "name" and (column in SIGNERS or in_group(person, row.key))
        if isinstance(row, ExploitationType):
            return team or (signed_in if name == "name" else police and row.key == "sexual")
        if isinstance(row, Offence):
            return team or (police and row.key == "trafficking" and name in ("name", "statute"))
        if isinstance(row, Country):
            return team or (police and row.key == "ro" and name == "name")
        if isinstance(row, User):
            people = self.scene.world.people
            known = {people[person]} if signed_in else set()
            if team:
                known |= {people[key] for key in KNOWN_TO_THE_TEAM}
            if team or column in SIGNERS:
                known |= {people[key] for key in SIGNED}
            if self._tends(person):  # who asks, and who replied
                known |= {people[key] for key in (ASKED, "editor")}
            # Who signs for the own force, or is away, and who stands in
            known |= {people[key] for key in KNOWN_TO_A_FORCE.get(column, ())}
            if name == "email":  # the own, where the force that set an embargo may lift it
                return column in SIGNS["Alpha"] and row.pk == people[person]
            return name == "name" and row.pk in known
        return False

    def has_to_see(self, person: str, canary: Canary) -> bool:
        """Whether the text is on some page for the person. The address of what they may no longer
        read is not: they came with it."""
        if canary.place == "debriefs.Debrief.slug":
            subject = self.debriefs[canary.row.pk]
            return matrix.answer_at(person, "debriefs:debrief", subject) == "200"
        if isinstance(canary.row, Remark):
            return matrix.column_of(person) in TEAM and canary.row.organisation is None
        if isinstance(canary.row, SharingGroup):
            return canary.field == "name" and in_group(person, canary.row.key)
        if isinstance(canary.row, SignOff):
            column = matrix.column_of(person)
            return column in self._signers(canary.row.organisation)
        if isinstance(canary.row, Acceptance | Review) or canary.field in TEXTS:
            return False
        if isinstance(canary.row, User):
            mine = canary.row.pk == self.scene.world.people.get(person)
            return mine and self.may_see(person, canary)
        if isinstance(canary.row, Part) and canary.field in TEXTS:  # where they are written
            subject, number = self.versions[canary.row.version_id]
            newest = number == str(max(n for s, n in self.versions.values() if s == subject))
            row = ("debriefs:part", subject, "{part}")
            return newest and matrix.answer_at(person, *row) == "200"
        return self.may_see(person, canary)

    def _tends(self, person: str) -> bool:
        """Whether the person writes for a project team, and so sees to the search."""
        return matrix.column_of(person) in (*TEAM, "other")

    def _signers(self, force: Organisation) -> tuple[str, ...]:
        """The columns of those who sign for the force."""
        return next((who for name, who in SIGNS.items() if force.name.startswith(name)), ())

    def _reads(self, person: str, version: int) -> bool:
        return matrix.answer_at(person, "debriefs:version", *self.versions[version]) == "200"

    def _in_version(self, person: str, row: Version, name: str) -> bool:
        subject, _ = self.versions[row.pk]
        if not self._reads(person, row.pk):
            return False
        if name in ("title", "summary"):
            return True
        if name == "sent_back_for":  # on a draft, which nobody reads but the team
            return row.sealed_at is None
        if name == "handling":
            return clearance(person, subject) < Tier.PUBLIC
        if name in ("talk_title", "talk_speaker_role", "talk_url"):
            return clearance(person, subject) <= row.facts_reach
        return False


@pytest.fixture(scope="module")
def standing_watch(standing_scene: Scene) -> Watch:
    """The scene with a token in every text."""
    subjects = {version.debrief_id: key for key, version in standing_scene.versions.items()}
    return Watch(
        standing_scene,
        plant(),
        {
            version.pk: (subjects[version.debrief_id], str(version.number))
            for version in Version.objects.all()
        },
        subjects,
    )


@pytest.fixture
def watch(standing_watch: Watch, db: None) -> Watch:
    """The scene with a token in every text; whatever the test does to it is undone."""
    return standing_watch


# --- Crawling -------------------------------------------------------------------------------------


def values_of(name: str, pattern: str) -> list[str]:
    """Everything that could stand at this place in an address, hidden or not, and one thing that
    does not exist."""
    if name == "slug":
        return [*Debrief.objects.values_list("slug", flat=True), "missing"]
    if name in ("number", "revision") and pattern.startswith("debriefs/"):
        return ["1", "2"]
    if name == "step":
        return [*STEPS, "missing"]
    if name == "key" and pattern.startswith("themes/"):
        return [*Theme.objects.values_list("key", flat=True), "missing"]
    if name == "state":
        return [*desk.LANES, "missing"]
    if name == "group":
        return [*SharingGroup.objects.values_list("key", flat=True), "missing"]
    if name == "key" and pattern.startswith("organisations/"):
        return [*Organisation.objects.values_list("key", flat=True), "missing"]
    if pattern.startswith("searches/questions/"):
        return ["0", *map(str, Question.objects.values_list("pk", flat=True))]
    if pattern.startswith("synonyms/"):
        return ["0", *map(str, SynonymSet.objects.values_list("pk", flat=True))]
    if pattern.startswith("notices/"):
        each = Notice.objects.order_by("kind", "pk").distinct("kind")
        return ["0", *map(str, each.values_list("pk", flat=True))]
    if name == "force":
        # What belongs to the other force is asked for in the matrix, and found by its links here
        return [
            *Organisation.objects.filter(name__startswith="Alpha").values_list("key", flat=True),
            "missing",
        ]
    raise AssertionError(f"{pattern} has a part “{name}” for which no values are known here.")


def addresses() -> dict[str, list[str]]:
    """Every address of every route, made from the site map."""
    found = {}
    for route, pattern in matrix.patterns():
        names = list(pattern.pattern.converters)
        choices = [values_of(name, str(pattern.pattern)) for name in names if name != "part"]
        found[route] = [
            reverse(route, args=(*values, *part))
            for values in itertools.product(*choices)
            for part in (some_parts(values[0]) if "part" in names else [()])
        ]
    return found


def some_parts(slug: str) -> list[tuple[Any, ...]]:
    """The parts of a debrief; one of another, which is not found there; and one that is none."""
    own = set(Part.objects.filter(version__debrief__slug=slug).values_list("identity", flat=True))
    foreign = Part.objects.exclude(version__debrief__slug=slug).values_list("identity", flat=True)
    return [(identity,) for identity in (*sorted(own), foreign[0], matrix.NO_PART)]


#: The parameters of the library whose values are rows with a key.
VOCABULARIES: dict[str, type[models.Model]] = {
    "theme": Theme,
    "type": ExploitationType,
    "force": Organisation,
    "region": Region,
}


def keys_of(model: type[models.Model]) -> list[str]:
    """The keys of all its rows."""
    return list(model._default_manager.values_list("key", flat=True))


def questions() -> list[str]:
    """The library's query strings: every parameter of its form with every value there is."""
    known: dict[str, list[str]] = {
        **{name: keys_of(model) for name, model in VOCABULARIES.items()},
        "year": ["1999", *map(str, range(2020, 2025))],
        "outcome": [key for key, _ in OUTCOMES.values()],
        "role": list(Reader.values),
        "kind": list(DebriefKind.values),
        "marking": list(Marking.values),
        "sort": list(SORTS),
        "q": ["evidence", '"first account" -covert', "theme:evidence force:alpha surveilance"],
        "exact": ["true", "on"],
    }
    assert known.keys() == LibraryFilter.base_filters.keys()
    asked = [
        urlencode({name: value}) for name, values in known.items() for value in [*values, "missing"]
    ]
    every = Organisation.objects.values_list("key", flat=True)
    asked.append(urlencode([("force", key) for key in every]))
    asked.append("theme=missing&year=x&kind=%00&sort=%00&page=-1")
    asked.append("q=surveilance&exact=true")
    asked.append("sort=began&page=2")
    asked.append("page=999")
    return asked


@dataclass(slots=True)
class Crawl:
    """What one person came across."""

    watch: Watch
    person: str
    client: Client = field(default_factory=Client)
    seen: set[str] = field(default_factory=set)
    visited: set[str] = field(default_factory=set)
    routes: set[str] = field(default_factory=set)
    leaks: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.person != "signed_out":
            self.client.force_login(self.watch.scene.world.person(self.person))

    def ask(self, method: str, address: str) -> Any:
        """One request; what it answers is searched for what the person may not see."""
        cache.clear()  # attempts to sign in are limited in number
        response: Any = self.client.generic(method, address)
        assert response.status_code < 500, f"{method} {address} as {self.person}"
        if match := response.resolver_match:
            self.routes.add(match.view_name)
        told = "\n".join(
            [
                response.content.decode(),
                *(f"{name}: {value}" for name, value in response.headers.items()),
                *(cookie.OutputString() for cookie in response.cookies.values()),
            ]
        )
        found = set(TOKEN.findall(told)) & self.watch.planted.keys()
        self.seen |= found
        for token in found - set(TOKEN.findall(address)):
            canary = self.watch.planted[token]
            if not self.watch.may_see(self.person, canary):
                self.leaks.append(f"{method} {address} as {self.person} shows {canary}")
        return response

    def wander(self, start: list[str], *, follow: bool = True) -> None:
        """Ask for these addresses, and for everything that the pages link to."""
        waiting = list(start)
        while waiting:
            address = waiting.pop()
            if address in self.visited:
                continue
            self.visited.add(address)
            response = self.ask("GET", address)
            if not follow or not response.headers["Content-Type"].startswith("text/html"):
                continue
            for link in re.findall(r'(?:href|action)="([^"]*)"', response.content.decode()):
                target = _inside(html.unescape(link), address)
                if target and target not in self.visited:
                    waiting.append(target)


def _inside(link: str, page: str) -> str | None:
    """The address of a link within the site, without its fragment."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc or parts.path.startswith("/static/"):
        return None
    path = parts.path or urlsplit(page).path
    query = parts.query if parts.path or parts.query else urlsplit(page).query
    return f"{path}?{query}" if query else path


@pytest.fixture
def log_lines() -> Iterator[io.StringIO]:
    """What the portal writes to its log in production, from here to the end of the test."""
    logs.configure({"as_json": True, "quiet": False})
    written = io.StringIO()
    handlers = [*logging.getLogger().handlers, *logging.getLogger("gunicorn.error").handlers]
    for handler in handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(written)
    yield written
    logs.configure({"as_json": False, "quiet": True})


#: Who follows every link with every parameter: one of each column, and whoever holds a role that
#: could be taken for a key. Everyone else goes to every address.
THOROUGH = {
    *(people[0] for people in matrix.COLUMNS.values()),
    *("inactive", "superuser", "administrator", "other_author", "coordinator", "both", "editor"),
}


@pytest.mark.parametrize("person", matrix.cast())
def test_nobody_comes_across_a_word_that_they_may_not_see(
    watch: Watch, log_lines: io.StringIO, person: str
) -> None:
    """On no page that there is; and what they may see they do find."""
    crawl = Crawl(watch, person)
    everywhere = addresses()
    start = [address for found in everywhere.values() for address in found]
    if person in THOROUGH:
        library = reverse("debriefs:library")
        start += [f"{library}?{question}" for question in questions()]
        start.append(f"{reverse('debriefs:drafts')}?q=evidence+case+call")
        start += [
            f"{address}?role={Reader.SIO}&page=2&sort=began&next=/debriefs/"
            for address in everywhere["debriefs:debrief"]
        ]

    crawl.wander(start, follow=person in THOROUGH)

    assert not crawl.leaks, "\n".join(crawl.leaks)
    assert crawl.routes == set(matrix.routes()), "a route was not crawled"
    # The same walk finds what there is to find, or it would prove nothing.
    missed = [
        str(canary)
        for token, canary in watch.planted.items()
        if watch.has_to_see(person, canary) and token not in crawl.seen
    ]
    assert not missed, "\n".join(missed)
    # The log is for those who run the portal, who are no readers: it holds none of them at all.
    written = log_lines.getvalue()
    assert '"route": "debriefs:debrief"' in written
    assert not set(TOKEN.findall(written)) & watch.planted.keys()
    assert not [message for message in mail.outbox if TOKEN.search(str(message.message()))]


def test_no_mail_holds_a_word_but_the_name_of_whom_it_is_for(watch: Watch) -> None:
    """Not even of what its reader may see: mail travels where nobody signs in."""
    work()

    assert len(mail.outbox) > 20
    for message in mail.outbox:
        assert isinstance(message, EmailMultiAlternatives)
        html = str(message.alternatives[0][0])
        told = f"{message.subject} {message.body} {html} {message.to} {message.extra_headers}"
        for token in set(TOKEN.findall(told)) & watch.planted.keys():
            canary = watch.planted[token]
            assert canary.place in ("portal.User.name", "portal.User.email"), canary
            assert isinstance(canary.row, User)
            assert message.to == [User.objects.get(pk=canary.row.pk).email]


@pytest.mark.parametrize("person", ["signed_out", "partner_officer"])
def test_no_other_method_shows_more(watch: Watch, person: str) -> None:
    """HEAD has no body to leak with, but headers; POST is refused without a word."""
    crawl = Crawl(watch, person)
    for address in itertools.chain.from_iterable(addresses().values()):
        assert crawl.ask("HEAD", address).content == b""
        crawl.ask("POST", address)

    assert not crawl.leaks, "\n".join(crawl.leaks)


def test_every_text_field_has_a_canary(watch: Watch) -> None:
    """A field that is empty in the whole scene would prove nothing: fill it, or say why not."""
    watched = {canary.place for canary in watch.planted.values()}
    fields = {
        f"{model._meta.label}.{each.name}" for model in our_models() for each in text_fields(model)
    }

    assert fields - watched == EMPTY
    assert {place.rsplit(".", 1)[0] for place in watched} == {
        f"{model._meta.label}" for model in our_models() if text_fields(model)
    }


def test_each_canary_is_another_one(watch: Watch) -> None:
    """Former and next versions are told apart, although one is a copy of the other."""
    assert len(watch.planted) > 500
    titles = [c for c in watch.planted.values() if c.place == "debriefs.Version.title"]
    assert len(titles) == Version.objects.count() > len(watch.debriefs)


def test_a_leak_would_be_found(watch: Watch) -> None:
    """The detector itself: what one may see, another may not."""
    title = next(
        token
        for token, canary in watch.planted.items()
        if canary.place == "debriefs.Version.title"
        and watch.versions[canary.row.pk] == ("shared", "1")
    )
    crawl = Crawl(watch, "alpha_officer")
    crawl.wander([reverse("debriefs:library")])
    assert title in crawl.seen
    assert not crawl.leaks

    crawl.person = "partner_officer"  # as if this session showed them the same pages
    crawl.visited.clear()
    crawl.wander([reverse("debriefs:library")])
    assert any("debriefs.Version.title" in leak for leak in crawl.leaks)
