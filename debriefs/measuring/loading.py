"""How do very many released debriefs come into a database at once? For measuring, never for use.

The services take a second a debrief; here rows are copied with the guards switched off, so what
the database would work out (ceilings and readers) is worked out beforehand. A test holds that
working it out afresh changes nothing. The digests are those of nothing: whoever measures signing
needs the services.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from typing import Any

from django.contrib.auth.models import Permission
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.utils import timezone

from debriefs import permissions
from debriefs.measuring.copying import Rows
from debriefs.models import (
    Debrief,
    DebriefGroupObjectPermission,
    Part,
    Participation,
    Release,
    SignOff,
    Version,
    VersionGroupObjectPermission,
)
from debriefs.models.vocabulary import ParticipationPart
from debriefs.workflow import State
from portal.models import Organisation, Role, SharingGroup, Tier, User
from portal.services import role_group

#: Debriefs that are held in memory before they are copied.
AT_ONCE = 500

LISTS = ("themes", "exploitation", "offences", "countries")


@dataclass(slots=True, kw_only=True)
class Invented:
    """One debrief as it is to be found: its columns, its parts in order, numbers of everything that
    it points at, and the sharing groups that it goes to."""

    operation: str
    columns: dict[str, Any]
    parts: Sequence[dict[str, Any]]
    taking_part: Sequence[tuple[int, str]]  # organisation and ParticipationPart
    groups: Sequence[int]
    themes: Sequence[int] = ()
    exploitation: Sequence[int] = ()
    offences: Sequence[int] = ()
    countries: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Makers:
    """Who wrote, checked, sent, signed and shared everything that is loaded."""

    team: Organisation
    author: User
    editor: User
    second_editor: User
    signatory: User


def load(debriefs: Iterable[Invented], makers: Makers) -> range:
    """The debriefs are in the database, released; returns the numbers of their versions, in order.

    One transaction. Other writers of these tables wait for it. The search index is not touched.
    """
    with transaction.atomic():
        tables = _Tables(makers)
        with _unguarded(tables.models):
            waiting = iter(debriefs)
            while chunk := list(islice(waiting, AT_ONCE)):
                for invented in chunk:
                    tables.add(invented)
                tables.copy()
            _move_sequences(tables.models)
    return tables.versions


def plain(text: str) -> dict[str, str]:
    """The three columns of a text that has no markup: what `debriefs.text.render` makes of it,
    a paragraph a line, without the milliseconds that it takes."""
    paragraphs = [line for line in text.split("\n") if line]
    return {
        "markdown": "\n\n".join(paragraphs),
        "html": "\n".join(f"<p>{each}</p>" for each in paragraphs),
        "text": "\n".join(paragraphs),
    }


@dataclass(slots=True)
class _Tables:
    """The tables that a debrief fills, and the next number of each."""

    makers: Makers
    debrief: Rows = field(default_factory=lambda: Rows(Debrief))
    version: Rows = field(default_factory=lambda: Rows(Version))
    part: Rows = field(default_factory=lambda: Rows(Part))
    participation: Rows = field(default_factory=lambda: Rows(Participation))
    signoff: Rows = field(default_factory=lambda: Rows(SignOff))
    release: Rows = field(default_factory=lambda: Rows(Release))
    debrief_grant: Rows = field(default_factory=lambda: Rows(DebriefGroupObjectPermission))
    version_grant: Rows = field(default_factory=lambda: Rows(VersionGroupObjectPermission))
    contributor: Rows = field(default_factory=lambda: Rows(Version.contributors.through))
    lists: dict[str, Rows] = field(
        default_factory=lambda: {name: Rows(getattr(Version, name).through) for name in LISTS}
    )
    _groups: dict[int, SharingGroup] = field(
        default_factory=lambda: {each.pk: each for each in SharingGroup.objects.all()}
    )
    _permissions: dict[str, int] = field(
        default_factory=lambda: dict(
            Permission.objects.filter(content_type__app_label="debriefs").values_list(
                "codename", "pk"
            )
        )
    )
    _role_groups: dict[tuple[int, str], int] = field(default_factory=dict)
    first: int = 0

    def __post_init__(self) -> None:
        self.first = self.version.next

    @property
    def all(self) -> list[Rows]:
        """Every table, those that are pointed at before those that point."""
        return [
            *(self.debrief, self.version, self.part, self.participation, self.signoff),
            *(self.release, self.debrief_grant, self.version_grant, self.contributor),
            *self.lists.values(),
        ]

    @property
    def models(self) -> list[type[models.Model]]:
        return [rows.model for rows in self.all]

    @property
    def versions(self) -> range:
        """The numbers of the versions that were added."""
        return range(self.first, self.version.next)

    def copy(self) -> None:
        """Everything that was added is in the database."""
        with connection.cursor() as cursor:
            for rows in self.all:
                rows.copy(cursor)

    def add(self, invented: Invented) -> None:
        """One debrief waits to be copied."""
        number = self.debrief.next
        now = timezone.now()
        released = invented.columns.get("released_at", now)
        digest = hashlib.sha256(str(number).encode()).hexdigest()
        self.debrief.add(
            reference=f"M-{number}",
            slug=f"measured-{number}",
            operation=invented.operation,
            invented=True,
            owner_id=self.makers.team.pk,
            started_by_id=self.makers.author.pk,
            started_at=released - timedelta(days=60),
        )
        reach = invented.columns.get("reach", Tier.POLICING)
        readers = self._within(invented.groups, reach)
        facts_reach = invented.columns.get("facts_reach", Tier.POLICING)
        version = self.version.add(
            **{
                "debrief_id": number,
                "number": 1,
                "state": State.RELEASED.value,
                "started_by_id": self.makers.author.pk,
                "checked_at": released - timedelta(days=40),
                "checked_by_id": self.makers.second_editor.pk,
                "sealed_at": released - timedelta(days=30),
                "sealed_by_id": self.makers.editor.pk,
                "digest": digest,
                "released_at": released,
                "ceiling": reach,
                "readers": readers,
                "facts_readers": self._within(invented.groups, facts_reach, readers),
                **invented.columns,
            }
        )
        for position, words in enumerate(invented.parts, start=1):
            self.part.add(
                version_id=version,
                identity=uuid.UUID(int=self.part.next << 96 | version),
                position=position,
                **words,
                readers=self._within(invented.groups, words.get("reach", Tier.POLICING), readers),
            )
        self._sign(version, invented, digest, released)
        self._share(number, version, invented, released)

    def _within(
        self, groups: Sequence[int], widest: int, among: Sequence[int] | None = None
    ) -> list[int]:
        """As `debriefs_within` of the migrations has it: Django's groups, in order."""
        found = {
            self._groups[each].group_id for each in groups if self._groups[each].tier <= widest
        }
        return sorted(found if among is None else found & set(among))

    def _sign(self, version: int, invented: Invented, digest: str, at: Any) -> None:
        self.contributor.add(version_id=version, user_id=self.makers.author.pk)
        for organisation, part in invented.taking_part:
            signs = part != ParticipationPart.PARTNER
            self.participation.add(
                version_id=version, organisation_id=organisation, part=part, signs=signs
            )
            if signs:
                self.signoff.add(
                    version_id=version,
                    organisation_id=organisation,
                    decision=SignOff.Decided.AGREED,
                    digest=digest,
                    decided_at=at - timedelta(days=10),
                    decided_by_id=self.makers.signatory.pk,
                )
                for role in (Role.SIGNATORY, Role.DEPUTY):
                    self._grant(version, permissions.SIGN, self._role_group(organisation, role))
        for name, rows in self.lists.items():
            column = rows.columns[-1]
            for key in getattr(invented, name):
                rows.add(version_id=version, **{column: key})

    def _share(self, debrief: int, version: int, invented: Invented, at: Any) -> None:
        for codename, roles in (
            (permissions.WRITE, (Role.AUTHOR, Role.EDITOR)),
            (permissions.RELEASE, (Role.EDITOR,)),
        ):
            for role in roles:
                self.debrief_grant.add(
                    permission_id=self._permissions[codename],
                    group_id=self._role_group(self.makers.team.pk, role),
                    content_object_id=debrief,
                )
        for key in invented.groups:
            group = self._groups[key]
            beyond_policing = group.tier > Tier.POLICING
            self.release.add(
                version_id=version,
                sharing_group_id=key,
                released_at=at,
                released_by_id=self.makers.editor.pk,
                proposed_by_id=self.makers.second_editor.pk if beyond_policing else None,
            )
            self._grant(version, permissions.READ, group.group_id)

    def _grant(self, version: int, codename: str, group: int) -> None:
        self.version_grant.add(
            permission_id=self._permissions[codename], group_id=group, content_object_id=version
        )

    def _role_group(self, organisation: int, role: str) -> int:
        key = (organisation, role)
        if key not in self._role_groups:
            body = Organisation.objects.get(pk=organisation)
            self._role_groups[key] = role_group(body, role).pk
        return self._role_groups[key]


@contextmanager
def _unguarded(tables: Sequence[type[models.Model]]) -> Iterator[None]:
    """The triggers of the tables are off and nothing checks what they point at; on and checked,
    all rows at once, at the end."""
    names = [table._meta.db_table for table in tables]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        cursor.execute(
            "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) "
            "FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY (%s::regclass[])",
            [names],
        )
        pointers = cursor.fetchall()
        for table, name, _ in pointers:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        for table in names:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        for table in names:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        for table, name, definition in pointers:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


def _move_sequences(tables: Sequence[type[models.Model]]) -> None:
    """The next row that is made in the ordinary way gets the number after the last of these."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)
