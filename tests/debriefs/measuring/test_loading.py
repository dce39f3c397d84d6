"""Are debriefs that were copied into the database such as the services would have left them?"""

from __future__ import annotations

from io import StringIO
from itertools import pairwise
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.utils.html import escape

from debriefs.measuring import people
from debriefs.measuring.copying import written
from debriefs.measuring.invented import Inventor
from debriefs.measuring.loading import Invented, load, plain
from debriefs.models import Debrief, Part, Participation, SignOff, Version
from debriefs.models.vocabulary import ParticipationPart
from debriefs.text import render
from debriefs.workflow import State
from portal.models import Organisation, SharingGroup, Tier
from tests.conftest import settle

pytestmark = pytest.mark.django_db

ODD = 'A \\ back-slash,\ta tab, {braces}, "quotes", NULL, \\N, \\. and\ra return'


@pytest.fixture
def loaded() -> range:
    """A score of debriefs, with everything that can differ between them."""
    makers = people.gather()
    settle()
    versions = load(Inventor().debriefs(20), makers)
    settle()
    return versions


def everything() -> list[Any]:
    """Every version and part, with all that it has."""
    return [*Version.objects.order_by("pk").values(), *Part.objects.order_by("pk").values()]


def test_what_the_database_would_derive_is_what_was_loaded(loaded: range) -> None:
    before = everything()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE debriefs_version SET readers = readers")
        assert cursor.rowcount == len(loaded) == 20
    assert everything() == before


def test_the_officer_reads_half_and_not_every_part_or_fact(loaded: range) -> None:
    officer = people.officer()
    readable = Version.objects.visible_to(officer)
    assert readable.count() == 10
    assert 0 < Version.objects.facts_visible_to(officer).count() <= 10
    parts = Part.objects.filter(version__in=readable)
    assert 0 < Part.objects.visible_to(officer).count() < parts.count()


def test_every_force_signed_what_is_released(loaded: range) -> None:
    assert set(Version.objects.values_list("state", flat=True)) == {State.RELEASED.value}
    signing = Participation.objects.filter(signs=True).count()
    assert SignOff.objects.filter(decision="agreed").count() == signing > 20
    assert Participation.objects.filter(part=ParticipationPart.LEAD).count() == 20


def test_the_guards_are_on_again_and_so_are_the_foreign_keys(loaded: range) -> None:
    part = Part.objects.filter(version__in=loaded).first()
    assert part
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgenabled = 'D' AND NOT tgisinternal")
        assert cursor.fetchone() == (0,)
    part.theme_id = 99_999
    with pytest.raises(IntegrityError, match="does not change"):
        part.save()


def test_numbers_go_on_after_what_was_loaded(loaded: range) -> None:
    made = Debrief.objects.create(
        reference="OD-NEXT",
        slug="next",
        operation="Next",
        owner=people.makers().team,
        started_by=people.makers().author,
    )
    assert made.pk == Debrief.objects.exclude(pk=made.pk).order_by("-pk")[0].pk + 1


def test_loading_twice_adds_to_what_is_there(loaded: range) -> None:
    more = load(Inventor().debriefs(3), people.makers())
    assert more.start == loaded.stop
    assert Version.objects.count() == 23


def test_debriefs_are_as_long_as_real_ones_and_differ(loaded: range) -> None:
    lengths = [
        sum(len(text.split()) for text in version.parts.values_list("text", flat=True))
        for version in Version.objects.all()
    ]
    assert min(lengths) > 850
    assert max(lengths) < 1_500
    assert len(set(lengths)) > 10
    texts = Part.objects.values_list("text", flat=True)
    assert len(set(texts)) == len(texts)


def test_the_same_debriefs_are_invented_each_time(loaded: range) -> None:
    first, second = (list(Inventor().debriefs(3)) for _ in range(2))
    assert first == second
    assert all(one.operation != other.operation for one, other in pairwise(first))


def test_a_text_without_markup_looks_as_if_it_had_been_rendered() -> None:
    text = "First paragraph, of two sentences. Here is the second.\nSecond paragraph."
    made = plain(text)
    rendered = render(made["markdown"])
    assert (rendered.html, rendered.text) == (made["html"], made["text"])


def test_texts_arrive_as_they_were() -> None:
    makers = people.gather()
    settle()
    force = Organisation.objects.filter(kind=Organisation.Kind.FORCE)[0]
    group = SharingGroup.objects.get(key="policing")
    words = {**plain(escape(ODD)), "text": ODD}
    load(
        [
            Invented(
                operation="Odd",
                columns={"title": ODD, "reach": Tier.POLICING},
                parts=[{"kind": "section", "title": "Overview", "heading": "overview", **words}],
                taking_part=[(force.pk, ParticipationPart.LEAD)],
                groups=[group.pk],
            )
        ],
        makers,
    )
    version = Version.objects.get()
    assert version.title == version.parts.get().text == ODD
    assert version.readers == [group.group_id]


@pytest.mark.parametrize(
    "values", [[], [ODD], ["", "two"], ["null", "NULL"]], ids=["none", "odd", "empty", "null"]
)
def test_arrays_of_texts_arrive_as_they_were(values: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE kept (texts text[]) ON COMMIT DROP")
        cursor.copy_expert("COPY kept FROM STDIN", StringIO(written(values) + "\n"))
        cursor.execute("SELECT texts FROM kept")
        assert cursor.fetchone() == (values,)


def test_no_mapping_is_copied() -> None:
    with pytest.raises(TypeError, match="mapping"):
        written({})
