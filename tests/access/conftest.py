"""The scene that the tests of access share: built once for each module, and left as it was.

A module that asks for `scene` does not ask for `world` as well: each has a transaction of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from tests.access.scene import Scene
from tests.conftest import settle
from tests.kept import kept_world


@pytest.fixture(scope="module")
def standing_scene(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Scene]:
    """The scene, in a transaction around all tests of a module."""
    with django_db_blocker.unblock(), transaction.atomic():
        scene = Scene.build(kept_world())
        settle()
        yield scene
        transaction.set_rollback(True)


@pytest.fixture
def scene(standing_scene: Scene, db: None) -> Scene:
    """The scene as it was built; whatever the test does to it is undone."""
    return standing_scene
