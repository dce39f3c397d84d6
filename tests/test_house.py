"""Does the house keep its own rules: which way imports run, and what nobody may bring in?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.views.base import For, Page

ROOT = Path(__file__).resolve().parent.parent

#: From the ground up. A module may import from its own layer and from those before it.
LAYERS = (
    ("portal",),
    (
        "debriefs.workflow",
        "debriefs.exceptions",
        "debriefs.querysets",
        "debriefs.text",
        "debriefs.identifying",
    ),
    ("debriefs.models",),
    ("debriefs.rules", "debriefs.guides"),
    ("debriefs.permissions",),
    ("debriefs.search",),
    ("debriefs.notice_rules",),
    ("debriefs.notices",),
    ("debriefs.outbox",),
    ("debriefs.tasks",),
    ("debriefs.services",),
    (
        "debriefs.filters",
        "debriefs.forms",
        "debriefs.documents",
        "debriefs.context",
        "debriefs.templatetags",
        "debriefs.demo",
    ),
    ("debriefs.views",),
    ("debriefs.urls", "debriefs.management", "debriefs.measuring"),
)

#: The root of the site map names the pages of both apps.
ROOT_OF_THE_SITE = "portal.urls"


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Every module of the two apps, by its dotted name."""
    for app in ("portal", "debriefs"):
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" in path.parts:
                continue
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            yield name.removesuffix(".__init__"), ast.parse(path.read_text())


def imported_by(tree: ast.Module) -> Iterator[str]:
    """What a module imports, but for what it imports for the type checker alone."""
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield f"{node.module}.{alias.name}"
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def layer_of(name: str) -> int | None:
    """The number of the layer that the name belongs to, or None for what is not ours."""
    best: tuple[int, int] | None = None
    for number, prefixes in enumerate(LAYERS):
        for prefix in prefixes:
            if name == prefix or name.startswith(f"{prefix}."):
                best = max(best or (0, 0), (len(prefix), number))
    return best[1] if best else None


@pytest.mark.parametrize(
    ("name", "tree"), list(modules()), ids=lambda it: it if isinstance(it, str) else ""
)
def test_imports_run_one_way(name: str, tree: ast.Module) -> None:
    if name in (ROOT_OF_THE_SITE, "debriefs", "debriefs.apps"):
        return
    mine = layer_of(name)
    assert mine is not None, f"{name} is in no layer: say where it belongs"
    for other in imported_by(tree):
        theirs = layer_of(other)
        assert theirs is None or theirs <= mine, f"{name} imports {other}, which stands above it"


@pytest.mark.parametrize(
    ("name", "tree"), list(modules()), ids=lambda it: it if isinstance(it, str) else ""
)
def test_only_permissions_and_the_grants_know_guardian(name: str, tree: ast.Module) -> None:
    if name in ("debriefs.permissions", "debriefs.models.grants"):
        return
    assert not any(other.split(".")[0] == "guardian" for other in imported_by(tree))


@pytest.mark.parametrize(
    ("name", "tree"), list(modules()), ids=lambda it: it if isinstance(it, str) else ""
)
def test_every_module_says_what_it_is_for(name: str, tree: ast.Module) -> None:
    if name.endswith((".commands", ".management")):
        return
    assert ast.get_docstring(tree), f"{name} has no docstring"


def test_a_page_that_does_not_say_who_it_is_for_cannot_be_made() -> None:
    with pytest.raises(TypeError, match="does not say who it is for"):
        type("Forgetful", (Page,), {})
    assert type("Careful", (Page,), {"audience": For.SIGNED_IN})


def test_templates_decide_nothing() -> None:
    for path in (ROOT / "templates").rglob("*.html"):
        words = path.read_text()
        for forbidden in (
            "perms.",
            "has_perm",
            ".objects",
            "user.groups",
            "is_superuser",
            "is_staff",
        ):
            assert forbidden not in words, f"{path.name} reads {forbidden}"


def test_the_password_is_asked_for_nowhere_without_whose_it_is() -> None:
    """Where one signs in, and in the component for everywhere else."""
    asking = [
        path.name
        for path in (ROOT / "templates").rglob("*.html")
        if "form.password" in path.read_text()
    ]
    assert sorted(asking) == ["login.html", "password_again.html"]
