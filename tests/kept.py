"""How does the world come to stand again without being built again? From the rows it was.

Services make it once in each process, through every check and trigger, which takes seconds. After
that the rows are put back as they were; the triggers work out again what is theirs, such as the
links of the audit chain.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models, transaction

from portal.models import AuditLink, User
from tests.world import World

#: What migrations made, and what a trigger makes.
FROM_MIGRATIONS = (ContentType, Permission)
NOT_KEPT = (*FROM_MIGRATIONS, AuditLink)


@dataclass(frozen=True, slots=True)
class Rows:
    """All rows of one table, as PostgreSQL copies them, in the order of their keys."""

    model: type[models.Model]
    copied: str

    @classmethod
    def of(cls, model: type[models.Model]) -> Rows:
        """The rows that are there now."""
        rows = f"SELECT {_columns(model)} FROM {_table(model)} ORDER BY 1"  # noqa: S608
        written = io.StringIO()
        with connection.cursor() as cursor:
            cursor.cursor.copy_expert(f"COPY ({rows}) TO STDOUT", written)
        return cls(model, written.getvalue())

    def put_back(self) -> None:
        """The table, which was empty, has the rows; what is numbered next, comes after them."""
        table, columns = _table(self.model), _columns(self.model)
        with connection.cursor() as cursor:
            cursor.cursor.copy_expert(
                f"COPY {table} ({columns}) FROM STDIN", io.StringIO(self.copied)
            )
            if not isinstance(self.model._meta.pk, models.AutoField):
                return
            # A number that was given away since is not given away again.
            cursor.execute(
                f"SELECT setval(name, greatest(nextval(name), (SELECT max(id) FROM {table}))) "  # noqa: S608
                "FROM pg_get_serial_sequence(%s, 'id') AS name WHERE name IS NOT NULL",
                [table],
            )


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _columns(model: type[models.Model]) -> str:
    stored = [each for each in model._meta.local_concrete_fields if not each.generated]
    return ", ".join(connection.ops.quote_name(str(each.column)) for each in stored)


def filled_models(*, but: tuple[type[models.Model], ...]) -> Iterator[type[models.Model]]:
    """The models that have rows now, but for these."""
    for model in apps.get_models(include_auto_created=True):
        if model not in but and model._meta.managed and model._base_manager.exists():
            yield model


#: The people of the world by key, and all rows; empty until it was built.
_KEPT: list[tuple[World, list[Rows]]] = []


def kept_world() -> World:
    """The world, in a database that holds nothing yet: built the first time, put back after."""
    if User.objects.exists():
        return World.build()
    if not _KEPT:
        world = World.build()
        _KEPT.append((world, [Rows.of(model) for model in filled_models(but=NOT_KEPT)]))
    else:
        with transaction.atomic():
            for rows in _KEPT[0][1]:
                rows.put_back()
    return World(_KEPT[0][0].people)
