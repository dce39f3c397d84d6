"""Do the fixtures make a real installation: organisations, themes, vocabulary?"""

from __future__ import annotations

import pytest
from django.core.management import call_command

from debriefs.management.commands.demo import VOCABULARY
from debriefs.models import Country, ExploitationType, Offence, SynonymSet, Theme
from debriefs.text import render
from portal.models import Organisation, Region

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def vocabulary() -> None:
    call_command("loaddata", *VOCABULARY, verbosity=0)


def test_every_force_and_agency_is_there() -> None:
    def count(kind: str) -> int:
        return Organisation.objects.filter(kind=kind).count()

    assert count("force") == 45
    assert count("national") == 3
    assert count("rocu") == 9
    assert count("partner") == 7
    assert count("prosecutor") == 3
    assert count("team") == 1
    assert Region.objects.count() == 12
    assert not Organisation.objects.filter(kind="force", region=None).exists()


def test_the_programmes_nine_themes_say_what_was_learned() -> None:
    assert Theme.objects.count() == 9
    for theme in Theme.objects.all():
        assert theme.question.endswith("?")
        assert len(render(theme.learned).text.split()) > 60


def test_types_offences_and_countries_are_there() -> None:
    assert set(ExploitationType.objects.values_list("key", flat=True)) == {
        "labour",
        "sexual",
        "criminal",
        "domestic-servitude",
        "organ-harvesting",
        "unknown",
    }
    assert Offence.objects.filter(statute__startswith="Modern Slavery Act 2015").count() == 3
    assert all(len(key) == 2 for key in Country.objects.values_list("key", flat=True))


def test_the_words_of_the_field_stand_in_one_set_of_synonyms_each() -> None:
    sets = SynonymSet.objects.sets()
    assert 30 <= len(sets) <= 200
    words = [word.casefold() for each in sets for word in each]
    assert len(set(words)) == len(words)
    assert ("BWV", "body-worn video") in {each[:2] for each in sets}


def test_loading_twice_changes_nothing() -> None:
    before = list(Organisation.objects.values_list("pk", "key"))
    synonyms = SynonymSet.objects.sets()
    call_command("loaddata", *VOCABULARY, verbosity=0)
    assert list(Organisation.objects.values_list("pk", "key")) == before
    assert SynonymSet.objects.sets() == synonyms
