"""Does a warning stand where the author typed the words, say what they are, and never fall over?

How often warnings are right is measured in `test_measured.py`.
"""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from debriefs.identifying import Finding, Kind, find


def only(text: str) -> Finding:
    """The one thing that is found in a text."""
    (finding,) = find(text)
    assert text[finding.start : finding.end] == finding.words
    return finding


# --- What each kind says --------------------------------------------------------------------------

EXAMPLES = {
    Kind.NAME: "The exhibits went to DC Marlpit at once.",
    Kind.BIRTH: "The girl was born on 3 March 2004.",
    Kind.PHONE: "The advert gave 07700 900123 and no name.",
    Kind.EMAIL: "It was sent to jo.marlpit@lettings.example in May.",
    Kind.HANDLE: "The profile @night_lets_uk was closed.",
    Kind.VEHICLE: "ANPR had AB12 CDE at the port.",
    Kind.POSTCODE: "Post went to BL99 9ZZ instead.",
    Kind.ADDRESS: "Two women lived at 14 Mill Lane by then.",
    Kind.DOCUMENT: "His passport number was 512345670 at first.",
    Kind.REFERENCE: "The NRM reference is 24/12345 now.",
    Kind.BANK: "Wages went to GB82 WEST 1234 5698 7654 32 each week.",
    Kind.DEVICE: "The advert came from 203.0.113.7 at night.",
    Kind.COMBINATION: "A 19-year-old Romanian woman was found in Bolton on 3 May 2019.",
}


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_is_found_and_says_what_to_write_instead(kind: Kind) -> None:
    finding = only(EXAMPLES[kind])
    assert finding.kind == kind
    assert finding.why.endswith(".")
    assert finding.why[0].isupper()
    assert 30 < len(finding.why) < 200


def test_a_kind_has_a_label_and_is_a_choice() -> None:
    assert Kind.BIRTH.label == "Date of birth"
    assert Kind.choices()[0] == ("name", "Name")
    assert len({label for _, label in Kind.choices()}) == len(Kind)


def test_what_identifies_together_is_named_part_by_part() -> None:
    finding = only(EXAMPLES[Kind.COMBINATION])
    assert finding.words == "19-year-old Romanian woman was found in Bolton on 3 May 2019"
    for part in ("the exact age", "the nationality or language", "the town", "the exact day"):
        assert part in finding.why


def test_two_details_are_not_enough() -> None:
    assert find("A 19-year-old Romanian woman was found in 2019.") == []


def test_details_in_two_sentences_that_follow_each_other_are_one_finding() -> None:
    finding = only("She is 19 years old. A Romanian woman knew her from Bolton.")
    assert finding.kind == Kind.COMBINATION


def test_details_in_two_paragraphs_are_apart() -> None:
    assert find("She is 19 years old.\n\nA Romanian woman knew her from Bolton.") == []


# --- Where it stands in what was typed ------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- **DC Marlpit** booked it in", "DC Marlpit"),
        ("by **DC** Marlpit today", "DC** Marlpit"),
        ("by DC *Marlpit*.", "DC *Marlpit"),
        ("by DC\nMarlpit today", "DC\nMarlpit"),
        ("by DC\u00a0Marlpit today", "DC\u00a0Marlpit"),
        ("by DC O\u2019Marl today", "DC O\u2019Marl"),
        ("## DC Marlpit\n\nThe first door.", "DC Marlpit"),
        ("| who | what |\n|---|---|\n| DC Marlpit | exhibits |", "DC Marlpit"),
        ("call 07700\u2011900\u2011123 now", "07700\u2011900\u2011123"),
        ("call 07700\u200b900123 now", "07700\u200b900123"),
        ("the victim Ile\u0301na said", "Ile\u0301na"),
        ("[write](mailto:jo@lettings.example)", "jo@lettings.example"),
        ("user name night\\_lets\\_uk", "night\\_lets\\_uk"),
    ],
)
def test_words_are_found_as_they_were_typed(text: str, words: str) -> None:
    assert only(text).words == words


@pytest.mark.parametrize(
    "text",
    [
        "The room was given to DC\n\nMarlpit is a hamlet.",
        "- asked the DC\n- Marlpit is a hamlet",
        "| a | DC | Marlpit |",
        "# To do for the DS\nMarlpit is a hamlet",
    ],
)
def test_what_is_said_apart_is_not_read_together(text: str) -> None:
    assert find(text) == []


def test_digits_are_one_thing_and_not_another_as_well() -> None:
    assert [finding.kind for finding in find("Card 4242 4242 4242 4242 paid.")] == [Kind.BANK]
    assert [finding.kind for finding in find("IMEI 490154203237518.")] == [Kind.DEVICE]


def test_a_number_with_a_wrong_check_digit_is_no_card_and_no_account() -> None:
    assert find("It reads 4242 4242 4242 4243 in the log.") == []
    assert find("It reads GB83 WEST 1234 5698 7654 32 in the log.") == []


def test_a_wide_word_is_safe() -> None:
    assert (
        find("A woman in her teens, from the North West, helped by Lancashire Police in 2019.")
        == []
    )


# --- Whatever is written --------------------------------------------------------------------------

pieces = st.sampled_from(
    [
        *EXAMPLES.values(),
        *("DC ", "Mr ", "victim ", "called ", "“", "”", '"', "'", "Elena", " P.", "A.B.", "KC"),
        *("born on ", "3 May", "2019", "03/04/1999", "07700 900123", "+44", "(0)", "12-34-56"),
        *("AB12 CDE", "BL1 1AA", "14 ", "Mill ", "Lane", "Flat 3, ", "NRM ", "ref: ", "@", "1234"),
        *("19-year-old ", "Romanian ", "woman ", "in Bolton ", "pregnant", ". ", "\n", "\n\n"),
        *("*", "**", "_", "`", "\\", "|", "[", "](", ")", "- ", "# ", ".example"),
        *("\u200b", "\u0301", "\u00a0", "\u2011", "\u0663"),
    ]
)
anything = st.one_of(
    st.lists(pieces, max_size=25).map("".join),
    st.text(alphabet=st.characters(), max_size=60),
    st.lists(st.one_of(pieces, st.text(alphabet=st.characters(), max_size=4)), max_size=15).map(
        "".join
    ),
)


@settings(max_examples=400)
@given(text=anything)
@example(text="")
@example(text="\ud800 DC Marlpit")
@example(text="\u0301")
def test_whatever_is_written_findings_are_words_of_the_text_in_order(text: str) -> None:
    findings = find(text)
    for finding in findings:
        assert 0 <= finding.start < finding.end <= len(text)
        assert finding.words == text[finding.start : finding.end]
        assert finding.why
    assert findings == sorted(findings, key=lambda finding: (finding.start, -finding.end))
    for kind in Kind:
        of_kind = [finding for finding in findings if finding.kind == kind]
        assert all(one.end <= two.start for one, two in pairwise(of_kind))


@settings(max_examples=100)
@given(text=anything)
def test_the_same_text_gives_the_same_findings(text: str) -> None:
    assert find(text) == find(text)
