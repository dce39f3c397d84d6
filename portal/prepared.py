"""Queries that are asked at every page: how are they put into SQL once, and not at every request?

Django works a queryset out into SQL each time it is asked; for a page that takes a fast database a
few milliseconds this is most of the time. A `Prepared` query is a queryset as everywhere else, with
its rules written once; only its SQL is kept, and each asking puts its own values in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet

Row = TypeVar("Row")
Value = int | str | Sequence[int]

#: What stands for the values while the SQL is worked out: numbers that fit every column.
FIRST_MARK = 31_001


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a value goes: the whole of it, or of a list one member."""

    name: str
    member: int | None = None

    def of(self, values: Mapping[str, Any]) -> Any:
        """What goes here."""
        value = values[self.name]
        return value if self.member is None else value[self.member]


@dataclass(frozen=True, slots=True)
class Worked:
    """A query worked out for values of one shape; `compiler` is None where it can find nothing."""

    compiler: Any
    iterable: Any
    sql: str
    params: tuple[Any, ...]


class Prepared(Generic[Row]):
    """A query with named values, each a number, a text or a list of numbers.

    `make` is called with marks in place of the values and must use them as values only: nothing
    that it does may depend on them but for the length of a list.
    """

    def __init__(self, make: Callable[..., QuerySet[Any, Row]]) -> None:
        self._make = make
        self._worked: dict[tuple[object, ...], Worked] = {}

    def __call__(self, **values: Value) -> list[Row]:
        """The rows for these values, in one query."""
        shape = tuple(_shape(value) for value in values.values())
        worked = self._worked.get(shape)
        if worked is None:
            worked = self._worked[shape] = self._work_out(values)
        if worked.compiler is None:
            return []
        params = tuple(
            each.of(values) if isinstance(each, Slot) else each for each in worked.params
        )
        compiler = copy(worked.compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        compiler.as_sql = lambda: (worked.sql, params)
        query = SimpleNamespace(get_compiler=lambda using: compiler)
        asked = SimpleNamespace(db=DEFAULT_DB_ALIAS, query=query, _known_related_objects={})
        return list(worked.iterable(asked))

    def _work_out(self, values: Mapping[str, Value]) -> Worked:
        marks, slots = _marks(values)
        queryset = self._make(**marks)
        compiler = queryset.query.get_compiler(using=DEFAULT_DB_ALIAS)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return Worked(None, None, "", ())
        found = tuple(_slot_for(each, slots) for each in params)
        missing = set(values) - {each.name for each in found if isinstance(each, Slot)}
        if missing:
            raise ValueError(f"The query does not ask for {', '.join(sorted(missing))}.")
        return Worked(compiler, queryset._iterable_class, sql, found)


def _shape(value: Value) -> object:
    return type(value) if isinstance(value, int | str) else len(value)


def _marks(values: Mapping[str, Value]) -> tuple[dict[str, Value], dict[Any, Slot]]:
    """A value that stands for each, and what each such value stands for."""
    marks: dict[str, Value] = {}
    slots: dict[Any, Slot] = {}
    mark = FIRST_MARK
    for name, value in values.items():
        if isinstance(value, str):
            marks[name] = f"prepared {name}"
            slots[marks[name]] = Slot(name)
        elif isinstance(value, int):
            marks[name] = mark
            slots[mark] = Slot(name)
            mark += 1
        else:
            members = list(range(mark, mark + len(value)))
            marks[name] = members
            slots[tuple(members)] = Slot(name)
            slots |= {each: Slot(name, number) for number, each in enumerate(members)}
            mark += len(value)
    return marks, slots


def _slot_for(param: Any, slots: Mapping[Any, Slot]) -> Any:
    """The slot whose mark the parameter is, else the parameter itself."""
    try:
        return slots.get(tuple(param) if isinstance(param, list) else param, param)
    except TypeError:  # what cannot be looked up is no mark
        return param
