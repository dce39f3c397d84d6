"""Is the demo what it promises: every state, the two real operations, all else invented?"""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.test import override_settings

from debriefs.demo import cast, operations
from debriefs.models import Debrief, Part, Version
from debriefs.services import desk, inbox, seal
from debriefs.workflow import State
from portal.models import Absence, User

pytestmark = pytest.mark.django_db

FILES = operations.files()
BY_NAME = {file["name"]: file for file in FILES}


def words_of(file: dict[str, object]) -> int:
    parts = file["part"]
    assert isinstance(parts, list)
    texts = [str(file["summary"])]
    for part in parts:
        texts += [
            part.get(name, "") for name in ("title", "markdown", "observed", "mattered", "action")
        ]
    return len(" ".join(texts).split())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file["name"])
def test_an_operation_is_worth_reading(file: dict[str, object]) -> None:
    parts = file["part"]
    assert isinstance(parts, list)
    lessons = [part for part in parts if part["kind"] == "lesson"]
    assert 600 <= words_of(file) <= 2_100
    assert len(lessons) >= 3
    assert len({lesson["theme"] for lesson in lessons}) >= 2
    if not file.get("real"):
        assert any(lesson["worked"] != "yes" for lesson in lessons), "says nothing that failed"


def test_there_are_the_two_real_operations_and_at_least_42_invented_ones() -> None:
    assert {name for name, file in BY_NAME.items() if file.get("real")} == {"Ludlow", "Magician"}
    assert len(FILES) >= 44


def test_no_two_operations_share_a_run_of_twelve_words() -> None:
    seen: dict[tuple[str, ...], str] = {}
    for file in FILES:
        parts = file["part"]
        for part in parts:
            for text in (
                part.get("markdown", ""),
                part.get("observed", ""),
                part.get("action", ""),
            ):
                words = re.findall(r"\w+", text.lower())
                for start in range(len(words) - 11):
                    run = tuple(words[start : start + 12])
                    assert seen.setdefault(run, file["name"]) == file["name"], " ".join(run)


@pytest.fixture
def demo() -> str:
    """The demo, built in this test's transaction; what the command printed."""
    out = StringIO()
    with override_settings(DEMO=True):
        call_command("demo", stdout=out)
    return out.getvalue()


def test_the_demo_holds_what_it_promises(demo: str) -> None:
    states = set(Version.objects.values_list("state", flat=True))
    assert states == {state.value for state in State}
    assert Debrief.objects.count() == len(FILES)
    for version in Version.objects.exclude(digest=""):
        assert seal.digest_of(version) == version.digest
    assert {d.operation for d in Debrief.objects.filter(invented=False)} == {"Ludlow", "Magician"}
    embargoed = Version.objects.filter(state="agreed", embargo_until__isnull=False)
    assert embargoed.exists()
    assert not any(version.readers for version in embargoed)
    # Something stands in every list of the desk that can be empty for good
    editor = User.objects.get(email=cast.SECOND_EDITOR)
    pipeline, watched = desk.board(editor, at_most=1)
    counts = [*pipeline, *watched, *(part for count in watched for part in count.parts)]
    stand = {count.lane.key for count in counts if count.number}
    assert set(desk.LANES) - stand <= {"checked", "returned", "no-longer"}
    whinchat = Version.objects.get(debrief__operation="Whinchat")
    assert whinchat.remarks.filter(resolved_at=None).count() == 3
    returned = Version.objects.get(state="returned", debrief__operation="Swaleside")
    assert returned.remarks.filter(part__isnull=False, organisation__isnull=False).count() == 3
    assert Version.objects.filter(state="agreed", until_proceedings_end=True).exists()
    assert Absence.objects.filter(ended_at=None).count() == 2
    for member in cast.CAST:
        assert member.email in demo

    def reads(email: str) -> set[str]:
        person = User.objects.get(email=email)
        return set(Version.objects.visible_to(person).values_list("debrief__operation", flat=True))

    public = set(
        Version.objects.visible_to(AnonymousUser()).values_list("debrief__operation", flat=True)
    )
    assert {"Ludlow", "Magician"} < public
    lancashire = reads("officer@lancashire.example")
    assert lancashire > public
    assert reads("officer@avon-and-somerset.example") > lancashire
    assert reads("officer@cnc.example") == public
    assert reads("administrator@msoic.example") == public
    partner = User.objects.get(email="officer@glaa.example")
    assert reads("officer@glaa.example") - public
    limited = Part.objects.filter(version__in=Version.objects.visible_to(partner), reach=2)
    assert limited.exists()
    assert not limited.filter(pk__in=Part.objects.visible_to(partner)).exists()
    for email in ("author@msoic.example", "editor@msoic.example", "signatory@bedfordshire.example"):
        assert 0 < inbox.unread(User.objects.get(email=email)) < 20, "years of it at once"
    with override_settings(DEMO=True):  # once built, it stays as it is
        call_command("demo", stdout=StringIO())
    assert Debrief.objects.count() == len(FILES)


def test_the_demo_refuses_a_real_installation() -> None:
    with override_settings(DEMO=False), pytest.raises(CommandError, match="not a demo"):
        call_command("demo", stdout=StringIO())
    assert not User.objects.exists()
