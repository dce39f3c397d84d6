"""Is a collection read as it is meant, and what is said of one that can't be?"""

from __future__ import annotations

from pathlib import Path

import pytest

from debriefs.measuring.collection import Document, Faulty, read

CORPUS = '{"_id": "d1", "title": "One", "text": "first"}\n\n{"_id": 2, "text": "second"}\n'
QUERIES = '{"_id": "q1", "text": "first?"}\n{"_id": "q2", "text": "nobody judged"}\n'
QRELS = "query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\t2\t0\nq9\td1\t1\n"


def written(folder: Path, **files: str | bytes | None) -> Path:
    """A sound collection, with these files otherwise, or not at all."""
    for name, usual in (
        ("corpus.jsonl", CORPUS),
        ("queries.jsonl", QUERIES),
        ("qrels.tsv", QRELS),
    ):
        content = files.get(name.split(".")[0], usual)
        if isinstance(content, str):
            content = content.encode()
        if content is not None:
            (folder / name).write_bytes(content)
    return folder


def test_a_collection_is_read_as_it_is_meant(tmp_path: Path) -> None:
    found = read(written(tmp_path))
    assert list(found.documents()) == [Document("d1", "One", "first"), Document("2", "", "second")]
    assert found.questions == {"q1": "first?"}
    assert found.judgements == {"q1": {"d1": 2, "2": 0}}
    assert found.unjudged == 1


def test_judgements_may_stand_where_beir_puts_them(tmp_path: Path) -> None:
    written(tmp_path, qrels=None)
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels" / "test.tsv").write_text(QRELS)
    assert read(tmp_path).judgements["q1"]["d1"] == 2


def test_judgements_need_no_line_that_names_the_columns(tmp_path: Path) -> None:
    assert read(written(tmp_path, qrels="q1\td1\t1\n")).judgements == {"q1": {"d1": 1}}


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"corpus": None}, "holds no corpus.jsonl"),
        ({"queries": None}, "holds no queries.jsonl"),
        ({"qrels": None}, "holds neither qrels.tsv nor qrels/test.tsv"),
        ({"corpus": ""}, "corpus.jsonl holds no document"),
        ({"queries": "\n"}, "queries.jsonl holds no question"),
        ({"qrels": "query-id\tcorpus-id\tscore\n"}, "qrels.tsv holds no judgement"),
        ({"qrels": "q7\td1\t1\n"}, "judges none of the questions"),
        ({"qrels": "q1\td1\t1\nq1 d2 1\n"}, "qrels.tsv, line 2: expected question"),
        ({"qrels": "q1\td1\t1\nq1\td2\tgood\n"}, "qrels.tsv, line 2: the grade 'good'"),
        ({"queries": QUERIES + "{"}, "queries.jsonl, line 3: this is not JSON"),
        ({"queries": "[]\n"}, "queries.jsonl, line 1: this is not a JSON object"),
        ({"queries": '{"_id": "q1"}'}, "queries.jsonl, line 1: “text” is missing"),
        ({"corpus": CORPUS + '{"text": "x"}'}, "corpus.jsonl, line 4: “_id” is missing"),
        ({"corpus": CORPUS + CORPUS}, "corpus.jsonl, line 4: the document d1 is there already"),
        ({"corpus": '{"_id": "d1", "title": 1, "text": ""}'}, "line 1: “title” is no text"),
        ({"corpus": CORPUS.encode() + b"\xff\n"}, "corpus.jsonl, line 4: this is not UTF-8"),
    ],
    ids=lambda it: it if isinstance(it, str) else "",
)
def test_what_is_wrong_is_said_with_its_place(
    tmp_path: Path, files: dict[str, str | bytes | None], says: str
) -> None:
    with pytest.raises(Faulty) as told:
        list(read(written(tmp_path, **files)).documents())
    assert says in str(told.value)


def test_a_folder_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(Faulty, match="nowhere is not a folder"):
        read(tmp_path / "nowhere")
