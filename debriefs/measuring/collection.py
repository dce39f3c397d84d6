"""What is asked, and which documents answer it? A collection in the layout of BEIR: `corpus.jsonl`,
`queries.jsonl`, and `qrels.tsv` or `qrels/test.tsv`.

Documents are read one at a time; questions and judgements are kept. What is wrong with a file is
said with its name and line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CORPUS, QUERIES, QRELS = "corpus.jsonl", "queries.jsonl", ("qrels.tsv", "qrels/test.tsv")

Judgements = Mapping[str, Mapping[str, int]]


class Faulty(Exception):
    """The folder holds no such collection; the message says where and what."""


@dataclass(frozen=True, slots=True)
class Document:
    """A text of the collection, and the key that judgements name it by."""

    key: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Collection:
    """The questions that were judged, with the judgements: document and grade, by question.

    `unjudged` counts the questions that were left out because nobody judged them.
    """

    folder: Path
    questions: Mapping[str, str]
    judgements: Judgements
    unjudged: int

    def documents(self) -> Iterator[Document]:
        """Every document; raises Faulty, also for a key that comes twice."""
        seen: set[str] = set()
        for where, row in _objects(self.folder / CORPUS):
            title = row.get("title") or ""
            if not isinstance(title, str):
                raise Faulty(f"{where}: “title” is no text.")
            document = Document(_text(where, row, "_id"), title, _text(where, row, "text"))
            if document.key in seen:
                raise Faulty(f"{where}: the document {document.key} is there already.")
            seen.add(document.key)
            yield document
        if not seen:
            raise Faulty(f"{CORPUS} holds no document.")


def read(folder: Path) -> Collection:
    """The collection in the folder; raises Faulty."""
    if not folder.is_dir():
        raise Faulty(f"{folder} is not a folder.")
    for name in (CORPUS, QUERIES):
        if not (folder / name).is_file():
            raise Faulty(f"{folder} holds no {name}.")
    judged = next((path for name in QRELS if (path := folder / name).is_file()), None)
    if judged is None:
        raise Faulty(f"{folder} holds neither {QRELS[0]} nor {QRELS[1]}.")
    asked = {
        _text(where, row, "_id"): _text(where, row, "text")
        for where, row in _objects(folder / QUERIES)
    }
    if not asked:
        raise Faulty(f"{QUERIES} holds no question.")
    judgements = _judgements(judged)
    questions = {key: text for key, text in asked.items() if key in judgements}
    if not questions:
        raise Faulty(f"{judged.name} judges none of the questions in {QUERIES}.")
    return Collection(
        folder=folder,
        questions=questions,
        judgements={key: judgements[key] for key in questions},
        unjudged=len(asked) - len(questions),
    )


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """Each line that is not empty, with its place in words."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            where = f"{path.name}, line {number}"
            try:
                text = line.decode("utf-8-sig" if number == 1 else "utf-8").strip("\r\n")
            except UnicodeDecodeError:
                raise Faulty(f"{where}: this is not UTF-8.") from None
            if text.strip():
                yield where, text


def _objects(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for where, line in _lines(path):
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            raise Faulty(f"{where}: this is not JSON.") from None
        if not isinstance(row, dict):
            raise Faulty(f"{where}: this is not a JSON object.")
        yield where, row


def _text(where: str, row: Mapping[str, Any], name: str) -> str:
    """A member that has to be there; a number is taken for the text of it."""
    value = row.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise Faulty(f"{where}: “{name}” is missing, or no text.")
    return value


def _judgements(path: Path) -> Judgements:
    """Grades by question and document. A first line that names the columns is passed over."""
    found: dict[str, dict[str, int]] = {}
    for place, (where, line) in enumerate(_lines(path)):
        columns = [column.strip() for column in line.split("\t")]
        if len(columns) != 3:
            raise Faulty(f"{where}: expected question, document and grade, with tabs between them.")
        question, document, grade = columns
        if re.fullmatch(r"-?\d{1,9}", grade):
            found.setdefault(question, {})[document] = int(grade)
        elif place:
            raise Faulty(f"{where}: the grade {grade!r} is not a whole number.")
    if not found:
        raise Faulty(f"{path.name} holds no judgement.")
    return found
