"""Does a query that was worked out once find what it would find if it were worked out anew?"""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import F, QuerySet

from portal import standing
from portal.models import Organisation, Role, User
from portal.prepared import Prepared
from portal.standing import Held
from tests.world import World

NAMED: Prepared[Organisation] = Prepared(
    lambda keys, name: (
        Organisation.objects.filter(pk__in=keys, name__gte=name)
        .select_related("region")
        .annotate(called=F("short_name"))
        .order_by("name")
    )
)


def test_it_finds_what_the_queryset_finds_for_whatever_values(world: World) -> None:
    """Rows, what is joined to them and what was annotated; lists of any length."""
    everything = list(Organisation.objects.select_related("region").order_by("name"))
    for length in (1, 2, 5, len(everything)):
        for name in ("", "B", everything[-1].name):
            some = everything[:length]
            found = NAMED(keys=[each.pk for each in some], name=name)
            assert found == [each for each in some if each.name >= name]
            assert [each.region for each in found] == [
                each.region for each in some if each.name >= name
            ]
            for each in found:
                assert each.called == each.short_name  # type: ignore[attr-defined]


def test_it_is_worked_out_once_and_asked_each_time(
    world: World, django_assert_num_queries: Any
) -> None:
    """Each asking is one query; none where nothing can be found."""
    made = []

    def make(number: int, groups: list[int]) -> QuerySet[User, Any]:
        made.append(groups)
        found = User.objects.filter(pk=number, groups__in=groups).distinct()
        return found.values_list("pk", flat=True).order_by()

    asked: Prepared[int] = Prepared(make)
    person = world.person("charlie_officer")
    groups = standing.groups_of(person)
    with django_assert_num_queries(3):
        for _ in range(3):
            assert asked(number=person.pk, groups=groups[:1]) in ([person.pk], [])
    with django_assert_num_queries(0):
        assert asked(number=person.pk, groups=[]) == []
    assert len(made) == 2


def test_a_value_that_the_query_does_not_ask_for_is_a_mistake(world: World) -> None:
    careless: Prepared[User] = Prepared(lambda number, other: User.objects.filter(pk=number))
    with pytest.raises(ValueError, match="other"):
        careless(number=1, other=2)


def test_a_value_is_a_value_and_never_sql(world: World) -> None:
    """As everywhere, it is handed over beside the SQL."""
    for name in ("'; DROP TABLE portal_user; --", "%s", "%(x)s", '"', "\\", "prepared name"):
        assert NAMED(keys=[1], name=name) in ([], NAMED(keys=[1], name=""))


def test_a_person_comes_with_their_standing_in_one_query(
    world: World, django_assert_num_queries: Any
) -> None:
    """The same that is asked for otherwise."""
    for key in ("both", "charlie_officer", "outsider", "nobody", "administrator"):
        plain = world.person(key)
        with django_assert_num_queries(1):
            found = standing.person(plain.pk)
            assert found is not None
            doors, words = standing.doors_of(found), standing.standing_of(found)
        assert found == plain
        standing.forget(plain)
        assert doors == standing.doors_of(plain)
        assert words == standing.standing_of(plain)
        standing.forget(found)
        assert doors == standing.doors_of(found)
    assert standing.person(0) is None


def test_who_may_not_sign_in_has_no_doors(world: World) -> None:
    person = world.person("charlie_officer")
    User.objects.filter(pk=person.pk).update(is_active=False)
    found = standing.person(person.pk)
    assert found is not None
    assert standing.doors_of(found) == []


def test_the_signed_out_stand_in_the_public_groups(world: World) -> None:
    (door,) = standing.doors_of(AnonymousUser())
    assert (door.group, str(door)) == (world.group("public").group_id, "Public summaries")


def test_roles_are_kept_in_words(world: World) -> None:
    found = standing.person(world.person("both").pk)
    assert found is not None
    assert standing.holds(found, Role.SIGNATORY, Role.DEPUTY)
    assert str(Held(Role.DEPUTY, "Alphashire Police")) == "Deputy signatory, Alphashire Police"
