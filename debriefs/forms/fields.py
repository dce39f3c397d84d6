"""Fields that several forms have: a date in three boxes, words of the vocabulary to tick."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model

from portal.models import Keyed


class DateBoxes(forms.MultiWidget):
    """Day, month and year in a box each, which is how people know a date."""

    def __init__(self) -> None:
        boxes: dict[str, forms.Widget | type[forms.Widget]] = {
            name: forms.TextInput(attrs={"title": name.capitalize(), "inputmode": "numeric"})
            for name in ("day", "month", "year")
        }
        super().__init__(boxes)

    def decompress(self, value: date | None) -> list[Any]:
        """The three boxes of a date."""
        return [value.day, value.month, value.year] if value else [None, None, None]

    def id_for_label(self, id_: str) -> str:
        """An error leads to the first of the boxes."""
        return f"{id_}_0"


class DateField(forms.MultiValueField):
    """A date in three boxes; all empty is no date."""

    widget = DateBoxes

    def __init__(self, **kwargs: Any) -> None:
        boxes = tuple(
            forms.IntegerField(min_value=least, max_value=most, error_messages={"invalid": ""})
            for least, most in ((1, 31), (1, 12), (1900, 2200))
        )
        super().__init__(boxes, require_all_fields=False, **kwargs)

    def clean(self, value: Any) -> date | None:
        """The date, or what is wrong with it in words."""
        if self.disabled:
            return super().clean(value)  # type: ignore[no-any-return]
        typed = [str(each).strip() if each is not None else "" for each in value or ()]
        if not any(typed):
            if self.required:
                raise ValidationError("Enter a date.", code="required")
            return None
        if not all(typed):
            missing = [
                name for name, each in zip(("day", "month", "year"), typed, strict=True) if not each
            ]
            raise ValidationError(f"The date needs a {' and a '.join(missing)}.")
        try:
            day, month, year = (int(each) for each in typed)
            if not 1900 <= year <= 2200:
                raise ValueError
            return date(year, month, day)
        except ValueError:
            raise ValidationError(
                "Enter a date that there is, such as 27 3 2024, with the year in four figures."
            ) from None

    def compress(self, data_list: Sequence[Any]) -> date | None:
        """Not asked: `clean` makes the date."""
        raise NotImplementedError


class Ticks(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Words of a vocabulary, each with a box to tick; sent by their keys."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, model: type[Keyed], *, with_statute: bool = False, **kwargs: Any) -> None:
        self._with_statute = with_statute
        super().__init__(
            model._default_manager.all(), to_field_name="key", required=False, **kwargs
        )

    def label_from_instance(self, obj: Model) -> str:
        """The word; of an offence with the Act that it is an offence against."""
        statute = getattr(obj, "statute", "") if self._with_statute else ""
        return f"{obj} ({statute})" if statute else str(obj)


def one_line(label: str, *, most: int, **kwargs: Any) -> forms.CharField:
    """A text of one line."""
    return forms.CharField(
        label=label,
        max_length=most,
        error_messages={
            "required": f"{label}: an answer is needed",
            "max_length": f"{label}: keep it under {most + 1} characters",
        },
        **kwargs,
    )


def number(label: str, *, most: int, **kwargs: Any) -> forms.IntegerField:
    """A whole number that may be left out."""
    wrong = f"{label}: enter a whole number up to {most:,}, or leave it empty"
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=most,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": wrong, "min_value": wrong, "max_value": wrong},
        **kwargs,
    )


def text(label: str, *, rows: int, **kwargs: Any) -> forms.CharField:
    """A text of several lines, in Markdown where the page says so; how long it may be the service
    knows."""
    return forms.CharField(
        label=label, required=False, widget=forms.Textarea(attrs={"rows": rows}), **kwargs
    )


def row_number(sent: str) -> int:
    """The number of a row, as a button sends it; 0, which no row has, for what is none.

    Python reads no number of thousands of digits: it raises.
    """
    return int(sent) if sent.isdecimal() and len(sent) <= 18 else 0
