"""Is what two texts say told as one that readers understand, safely, and in bounded time?"""

from __future__ import annotations

import html
import re
import time
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debriefs.services.wording import Budget, Change, Wording, compare, compare_line
from debriefs.text import LONGEST, MOST_LINES

#: Longer than any comparison takes here; without a bound some would take minutes.
PATIENCE_SECONDS = 6.0


def told(wording: Wording) -> list[tuple[str, str]]:
    """What became of each block, and its HTML."""
    return [(block.change.value, block.html) for block in wording.blocks]


def side(blocks: Sequence[str], without: str) -> str:
    """The words of one of the two texts: all HTML but what stands in `without`, unescaped."""
    shown = " ".join(re.sub(rf"<{without}>.*?</{without}>", "", block) for block in blocks)
    return "".join(html.unescape(re.sub(r"</?(?:ins|del)>", "", shown)).split())


# --- Paragraphs -----------------------------------------------------------------------------------


def test_the_same_text_is_the_same() -> None:
    wording = compare("One thing.\n\nAnother.", "One thing.\n\nAnother.")

    assert wording.change is Change.SAME
    assert told(wording) == [("same", "One thing."), ("same", "Another.")]


def test_a_paragraph_put_in_leaves_the_others_alone() -> None:
    wording = compare("First of all.\n\nLast.", "First of all.\n\nIn between.\n\nLast.")

    assert told(wording) == [
        ("same", "First of all."),
        ("added", "<ins>In between.</ins>"),
        ("same", "Last."),
    ]
    assert wording.change is Change.CHANGED


def test_a_paragraph_taken_out_is_shown_where_it_stood() -> None:
    wording = compare("First.\n\nIn between.\n\nLast.", "First.\n\nLast.")

    assert told(wording)[1] == ("removed", "<del>In between.</del>")


def test_a_paragraph_is_compared_with_the_one_that_it_became() -> None:
    """Not with the one that stands in its place now."""
    before = "The warrant was executed at dawn by forty officers."
    after = (
        "Nobody had thought of interpreters.\n\n"
        "The warrant was executed at dawn by sixty officers.\n\n"
        "The house was empty."
    )

    assert told(compare(before, after)) == [
        ("added", "<ins>Nobody had thought of interpreters.</ins>"),
        (
            "changed",
            "The warrant was executed at dawn by <del>forty</del> <ins>sixty</ins> officers.",
        ),
        ("added", "<ins>The house was empty.</ins>"),
    ]


def test_a_paragraph_that_shares_little_is_another_one() -> None:
    wording = compare("Surveillance went on for a month.", "The reception centre was cold.")

    assert [block.change for block in wording.blocks] == [Change.REMOVED, Change.ADDED]


def test_a_text_that_was_not_there_is_added_and_one_that_is_gone_is_removed() -> None:
    assert compare("", "A word.").change is Change.ADDED
    assert compare("A word.", "").change is Change.REMOVED
    assert compare("", "").change is Change.SAME


# --- Words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("We met in Leeds.", "We met in York.", "We met in <del>Leeds</del> <ins>York</ins>."),
        ("We met early.", "We met.", "We met <del>early</del>."),
        ("We met.", "We met twice.", "We met <ins>twice</ins>."),
        ("A, b and c.", "A; b and c.", "A<del>,</del> <ins>;</ins> b and c."),
        ("The force’s plan", "The forces’ plan", None),
        ("7 of 9", "7 of 8", "7 of <del>9</del> <ins>8</ins>"),
        ("7 of 9", "8 of 9", "<del>7</del> <ins>8</ins> of 9"),
        ("Then we met.", "we met.", "<del>Then</del> we met."),
        ("we met.", "Then we met.", "<ins>Then</ins> we met."),
    ],
)
def test_words_are_marked_and_not_letters(before: str, after: str, expected: str | None) -> None:
    shown = compare_line(before, after)

    if expected is not None:
        assert shown == expected
    assert side([shown], "ins") == "".join(before.split())
    assert side([shown], "del") == "".join(after.split())


def test_lone_words_between_changes_are_read_with_them() -> None:
    """Every second word struck out is not a sentence."""
    shown = compare_line(
        "It began when a neighbour rang the station about noise at night.",
        "It began when three patrols saw the men carry mattresses at night.",
    )

    assert shown.count("<del>") == 1
    assert shown.startswith("It began when <del>")
    assert shown.endswith("</ins> at night.")


def test_a_line_from_or_to_nothing_is_put_in_or_taken_out_whole() -> None:
    assert compare_line("", "New title") == "<ins>New title</ins>"
    assert compare_line("Old title", "") == "<del>Old title</del>"


# --- Markdown -------------------------------------------------------------------------------------


def test_the_signs_that_shape_a_text_are_not_words() -> None:
    source = (
        "## What happened\n\nIt **began** with a (*call*) for `help`: 2*3 snake_case.\n\n"
        "- first\n- second\n\n1. one\n2. two\n\n> said\n> so\n\n"
        "| Who | When |\n|---|---|\n| A | B |\n\n---\n\nOld heading\n==========\n"
    )

    blocks = compare(source, source).blocks

    assert [(block.form, block.marker, block.html) for block in blocks] == [
        ("heading", "", "What happened"),
        ("paragraph", "", "It began with a (call) for help: 2*3 snake_case."),
        ("item", "•", "first"),
        ("item", "•", "second"),
        ("item", "1.", "one"),
        ("item", "2.", "two"),
        ("quote", "", "said so"),
        ("row", "", "Who | When"),
        ("row", "", "A | B"),
        ("heading", "", "Old heading"),
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("A *word*.", "A **word**."),
        ("One line\nand another.", "One line and another."),
        ("1. one\n2. two", "3. one\n4. two"),
        ("Above\n\nbelow", "Above\n\n---\n\nbelow"),
    ],
)
def test_a_text_that_only_looks_different_is_not_called_the_same(before: str, after: str) -> None:
    wording = compare(before, after)

    assert wording.shape_only
    assert wording.change is Change.CHANGED
    assert {block.change for block in wording.blocks} == {Change.SAME}


def test_where_a_link_leads_is_a_word() -> None:
    wording = compare("[the law](https://a.example)", "[the law](https://b.example)")

    assert side([block.html for block in wording.blocks], "del") == "thelaw(https://b.example)"
    assert "<ins>b</ins>" in wording.blocks[0].html


# --- Safety ---------------------------------------------------------------------------------------

INJECTIONS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</ins></del><script>alert(1)</script>",
    '"><svg/onload=alert(1)>',
    "<ins>as if it were new</ins>",
    "[x](javascript:alert(1))",
    "&lt;b&gt; &amp;",
    "{{ version.digest }} {% debug %}",
)


@pytest.mark.parametrize("text", INJECTIONS)
def test_what_an_author_wrote_stays_words(text: str) -> None:
    for before, after in (
        ("", text),
        (text, ""),
        (text, f"{text} more"),
        ("Some.", f"Some. {text}"),
    ):
        shown = [block.html for block in compare(before, after).blocks]
        shown.append(compare_line(before, after))
        for each in shown:
            bare = re.sub(r"</?(?:ins|del)>", "", each)
            assert "<" not in bare
            assert ">" not in bare
            assert '"' not in bare


words = st.lists(
    st.sampled_from(["town", "the", "the", "a", "<b>", "&amp;", "*so*", "-", "night.", "£5", "'"]),
    max_size=12,
).map(" ".join)
texts = st.lists(words, max_size=6).map("\n\n".join)


@given(texts, texts)
def test_without_what_went_stands_the_one_and_without_what_came_the_other(
    before: str, after: str
) -> None:
    """Nothing is lost and nothing made up, whatever the two texts are."""
    shown = [block.html for block in compare(before, after).blocks]

    assert side(shown, "ins") == side([b.html for b in compare(before, before).blocks], "ins")
    assert side(shown, "del") == side([b.html for b in compare(after, after).blocks], "del")
    for each in shown:
        assert each.count("<ins>") == each.count("</ins>")
        assert each.count("<del>") == each.count("</del>")


# --- Cost -----------------------------------------------------------------------------------------


def sentence(number: int) -> str:
    """A sentence of ten words, of which one tells it apart."""
    return f"On day {number} the team went back to the house again."


LONG = {
    "one long paragraph": " ".join(sentence(n) for n in range(700)),
    "many paragraphs": "\n\n".join(sentence(n) for n in range(700)),
    "as many lines as there may be": "\n".join(f"- item {n}" for n in range(MOST_LINES - 1)),
    "the same word": "word " * (LONGEST // 5),
    "signs that shape": "a" + "*_`" * (LONGEST // 3 - 1) + "b",
    "signs alone": ("!?.,;:()%&/=+#~'" * LONGEST)[: LONGEST - 1],
    "one word": "x" * (LONGEST - 1),
    "two letters in turns": "a b " * (LONGEST // 4),
    "the same line": "- the same\n" * (MOST_LINES - 1),
}


@pytest.mark.parametrize("name", LONG)
def test_the_longest_texts_are_compared_in_bounded_time(name: str) -> None:
    """With themselves turned round, with a few words changed, and with each other."""
    text = LONG[name][:LONGEST]
    others = (text[::-1], text.replace("1", "2"), text.replace("a", "the a"), LONG["signs alone"])

    for other in others:
        began = time.perf_counter()
        wording = compare(text, other)
        assert time.perf_counter() - began < PATIENCE_SECONDS
        assert wording.blocks


def test_a_few_words_in_a_long_text_are_still_found() -> None:
    text = LONG["many paragraphs"]
    wording = compare(text, text.replace("On day 350 ", "On day three hundred and fifty "))

    changed = [block for block in wording.blocks if block.change is not Change.SAME]
    assert len(changed) == 1
    assert "<del>350</del> <ins>three hundred and fifty</ins>" in changed[0].html

    wording = compare(LONG["one long paragraph"], LONG["one long paragraph"].replace("350", "351"))
    assert wording.blocks[0].html.count("<del>") == 1


def test_where_the_budget_ends_the_whole_is_taken_out_and_put_in() -> None:
    budget = Budget(0)

    assert compare_line("One of two.", "Two of two.", budget) == (
        "<del>One of two.</del> <ins>Two of two.</ins>"
    )
    assert told(compare("Quite another.", "No word in common here.", budget)) == [
        ("removed", "<del>Quite another.</del>"),
        ("added", "<ins>No word in common here.</ins>"),
    ]


def test_one_budget_is_shared() -> None:
    budget = Budget(400)
    line = "one two three four five six seven eight nine ten"
    first = compare_line(line, f"{line} more", budget)
    for _ in range(40):
        last = compare_line(line, f"{line} more", budget)

    assert first == f"{line} <ins>more</ins>"
    assert last == f"<del>{line}</del> <ins>{line} more</ins>"
