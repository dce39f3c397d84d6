"""Does `manage.py evaluate_search` measure what it says, and leave nothing behind?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from debriefs.measuring import places
from debriefs.models import Version
from portal.models import User
from tests.debriefs.measuring.places import manage

pytestmark = pytest.mark.django_db

TEXTS = {
    "d1": ("Slipstream", "The wing of a propeller aeroplane."),
    "d2": ("Shear", "A flat plate in a viscous fluid, with a \\ and a <b> in it."),
    "d3": ("Boundary", "Nothing that anybody asks for."),
    "d4": ("Heat", "Conduction in composite slabs." + " slab" * 40),
    "d5": ("Long " * 60, "Buckling of shells under pressure, buckling again."),
}
#: Question, what it asks, and what was judged: found, found but not what was wanted, not found at
#: all, and one of two found.
ASKED = {
    "q1": ("propeller wing", {"d1": 2}),
    "q2": ("viscous fluid", {"d3": 1}),
    "q3": ("xylophone", {"d4": 1}),
    "q4": ("buckling", {"d5": 1, "d4": 1}),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The collection above."""
    documents = [{"_id": k, "title": t, "text": x} for k, (t, x) in TEXTS.items()]
    questions = [{"_id": key, "text": text} for key, (text, _) in ASKED.items()]
    for name, rows in (("corpus.jsonl", documents), ("queries.jsonl", questions)):
        (tmp_path / name).write_text("".join(json.dumps(row) + "\n" for row in rows))
    judged = "".join(
        f"{key}\t{document}\t{grade}\n"
        for key, (_, grades) in ASKED.items()
        for document, grade in grades.items()
    )
    (tmp_path / "qrels.tsv").write_text(f"query-id\tcorpus-id\tscore\n{judged}")
    return tmp_path


def scratch_schemas() -> int:
    """How many there are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname = %s", [places.SCRATCH])
        number: int = cursor.fetchone()[0]
    return number


def test_a_collection_is_measured_and_nothing_stays(folder: Path) -> None:
    done = manage("evaluate_search", folder, "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found.pop("p95_ms") >= found.pop("p50_ms") > 0
    one_of_two = 1 / (1 + 1 / 1.584962500721156)  # log2 of 3
    assert found == {
        "documents": 5,
        "questions": 4,
        "nDCG@10": round((1 + 0 + 0 + one_of_two) / 4, 4),
        "MRR@10": round((1 + 0 + 0 + 1) / 4, 4),
        "Recall@100": round((1 + 0 + 0 + 0.5) / 4, 4),
        "found_nothing": 1,
    }
    assert scratch_schemas() == 0
    assert not Version.objects.exists()
    assert not User.objects.exists()


def test_a_terminal_is_told_the_figures_in_lines(folder: Path) -> None:
    done = manage("evaluate_search", folder)
    assert done.returncode == 0, done.stderr
    assert "5 documents, 4 questions" in done.stdout
    assert "nDCG@10       0.4033" in done.stdout
    assert "1 questions found nothing" in done.stdout


def test_nothing_stays_of_a_collection_that_turns_out_to_be_faulty(folder: Path) -> None:
    with (folder / "corpus.jsonl").open("a") as corpus:
        corpus.write("{\n")
    done = manage("evaluate_search", folder)
    assert done.returncode == 1
    assert "corpus.jsonl, line 6: this is not JSON." in done.stderr
    assert "Traceback" not in done.stderr
    assert scratch_schemas() == 0


def test_a_folder_without_a_collection_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"holds no corpus\.jsonl"):
        call_command("evaluate_search", tmp_path)


@contextmanager
def keeping(before: str, after: str) -> Iterator[None]:
    """Another connection says the one, and at the end the other."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute(before)
            yield
            cursor.execute(after)
    finally:
        other.close()


def test_one_evaluation_at_a_time(folder: Path) -> None:
    lock = f"advisory_lock(hashtext('{places.SCRATCH}'))"
    with (
        keeping(f"SELECT pg_{lock}", f"SELECT pg_advisory_un{lock[9:]}"),
        pytest.raises(CommandError, match="Another evaluation runs"),
    ):
        call_command("evaluate_search", folder)


def test_who_may_not_create_a_schema_is_told_what_to_ask_for(folder: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_database(), current_setting('is_superuser')")
        user, name, almighty = cursor.fetchone()
    if almighty == "on":
        pytest.skip("a superuser may do everything")
    right = f'CREATE ON DATABASE "{name}"'
    with (
        keeping(f"REVOKE {right} FROM {user}", f"GRANT {right} TO {user}"),
        pytest.raises(CommandError, match=f"user {user} may not create a schema.*GRANT CREATE"),
    ):
        call_command("evaluate_search", folder)
