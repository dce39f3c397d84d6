"""The scene that the tests of access share: there for each module, and left as it was.

Services build it once in each process; after that its rows are put back as they were.

A module that asks for `scene` does not ask for `world` as well: each has a transaction of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Permission
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from debriefs.models import Version
from debriefs.search import catalogue
from tests.access.scene import Scene, unguarded_for_good
from tests.conftest import settle
from tests.kept import FROM_MIGRATIONS, Rows, filled_models, kept_world
from tests.world import World

#: The scene, and all rows with the triggers' own, by the numbers of the permissions that the grants
#: name: whoever empties the tables or migrates gives them others. Empty until it was built.
_KEPT: dict[tuple[int, ...], tuple[Scene, list[Rows]]] = {}


def kept_scene() -> Scene:
    """The scene, in a database that holds nothing yet: built the first time, put back after."""
    permissions = tuple(Permission.objects.order_by("pk").values_list("pk", flat=True))
    if permissions not in _KEPT:
        _KEPT.clear()
        scene = Scene.build(kept_world())
        settle()
        built = [Rows.of(model) for model in filled_models(but=FROM_MIGRATIONS)]
        _KEPT[permissions] = scene, built
    else:
        scene, kept = _KEPT[permissions]
        with unguarded_for_good(*(rows.model._meta.db_table for rows in kept)):
            for rows in kept:
                rows.put_back()
        catalogue.forget()  # the rows say that they were changed by a transaction of then
    return Scene(
        World(scene.world.people),
        {key: Version.objects.get(pk=version.pk) for key, version in scene.versions.items()},
    )


@pytest.fixture(scope="module")
def standing_scene(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Scene]:
    """The scene, in a transaction around all tests of a module."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield kept_scene()
        transaction.set_rollback(True)


@pytest.fixture
def scene(standing_scene: Scene, db: None) -> Scene:
    """The scene as it was built; whatever the test does to it is undone."""
    return standing_scene
