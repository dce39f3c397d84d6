"""How do many rows come into one table in one go? By COPY, in PostgreSQL's text format."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.backends.utils import CursorWrapper
from django.db.models import Max


class Rows:
    """Rows of one model that wait to be copied; numbered on from the last that is in the table.

    A column that a row doesn't name has the field's default, so that new columns need nothing here.
    """

    def __init__(self, model: type[models.Model]) -> None:
        fields = model._meta.concrete_fields
        self.model = model
        self.columns = [str(each.column) for each in fields]
        self._places = {each.attname: place for place, each in enumerate(fields)}
        self._defaults = [written(each.get_default()) for each in fields]
        self._lines: list[str] = []
        last: int | None = model._default_manager.aggregate(last=Max("pk"))["last"]
        self.next = (last or 0) + 1

    def add(self, **values: Any) -> int:
        """A row waits; returns its number."""
        row = self._defaults.copy()
        row[0] = str(self.next)
        for name, value in values.items():
            row[self._places[name]] = written(value)
        self._lines.append("\t".join(row))
        self.next += 1
        return self.next - 1

    def copy(self, cursor: CursorWrapper) -> None:
        """The waiting rows are in the table, and wait no longer."""
        columns = ", ".join(f'"{column}"' for column in self.columns)
        lines = io.StringIO("\n".join([*self._lines, ""]))
        self._lines.clear()
        cursor.copy_expert(f'COPY "{self.model._meta.db_table}" ({columns}) FROM STDIN', lines)


def written(value: Any) -> str:
    """A value as COPY reads it. Raises TypeError for a mapping: no column here needs one."""
    if value is None:
        return r"\N"
    if isinstance(value, str):
        return _escaped(value)
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, dict):
        raise TypeError("no column that is copied holds a mapping")
    if isinstance(value, Sequence):
        return "{" + ",".join(map(_element, value)) + "}"
    return str(value)


def _element(value: Any) -> str:
    """One member of an array, quoted twice: for the array, then for COPY."""
    if not isinstance(value, str):
        return str(value)
    quoted = value.replace("\\", "\\\\").replace('"', '\\"')
    return _escaped(f'"{quoted}"')


def _escaped(text: str) -> str:
    """In place of the signs that end a column or a row, those that stand for them."""
    for sign, written_as in (("\\", r"\\"), ("\t", r"\t"), ("\n", r"\n"), ("\r", r"\r")):
        text = text.replace(sign, written_as)
    return text
