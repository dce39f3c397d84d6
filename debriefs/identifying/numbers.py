"""Numbers that lead to somebody: telephones, bank details, devices and network addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from debriefs.identifying.finding import Kind, Span
from debriefs.identifying.reading import Reading

WHY_PHONE = "A phone number. Leave it out, or say whose it was: “the controller's phone”."
WHY_BANK = "Bank details. Leave them out, and say only “an account in a victim's name”."
WHY_DEVICE = "A number that leads to one device. Write what it was: “the first handset”."
WHY_NETWORK = "A network address, which leads to one place. Write “an address in the house”."

_DIGITS = re.compile(
    r"(?<![\w£$€.,+-])(?<![£$€] )(?:\+ ?|\()?\d(?:[ ().-]{0,3}\d){5,18}(?![\w%]|[.,:]\d)"
)
_GROUP = re.compile(r"\d{1,19}")
_DATE = re.compile(r"\d{1,2}([.-])\d{1,2}\1(?:19|20)?\d\d(?!\d)|(?:19|20)\d\d-\d\d-\d\d(?!\d)")
_TELEPHONE = re.compile(
    r"\b(?:tel|telephone|phone|mobile|mob|handset|call(?:ed)?|ring|rang|text(?:ed)?|contact|whatsapp|"
    r"number)\b[^.\n]{0,20}$",
    re.IGNORECASE,
)
#: A number without the code of its town is one only after these.
_LOCAL = re.compile(
    r"\b(?:tel|telephone|(?:tele)?phone number)\.?(?: is| was)?[ :]{1,2}$", re.IGNORECASE
)


def telephones(reading: Reading) -> Iterator[Span]:
    """Numbers as they are dialled in this country, or from it abroad; not 999, 101 or a
    helpline."""
    for found in _DIGITS.finditer(reading.text):
        before = reading.text[max(0, found.start() - 40) : found.start()]
        if not _DATE.match(found[0]) and _is_telephone(found[0], before):
            yield Span(Kind.PHONE, *found.span(), WHY_PHONE)


def _is_telephone(number: str, before: str) -> bool:
    """Whether so many digits, grouped so and begun so, can be dialled; `before` may say that they
    are."""
    groups = _GROUP.findall(number)
    digits = "".join(groups)
    if number.startswith("+") or digits.startswith("00"):
        return 9 <= len(digits.lstrip("0")) <= 14
    if len(groups) > 6 or any(len(group) < 2 and group != "0" for group in groups):
        return False
    if digits.startswith("0"):
        # Those that begin with 03 and 08 are lines of services, for anybody to read.
        return len(digits) in (10, 11) and digits[1] in "127" and len(groups[0]) >= 3
    if digits.startswith("447"):
        return len(digits) == 12
    if len(digits) == 10 and digits[0] == "7":
        return bool(_TELEPHONE.search(before))
    return 6 <= len(digits) <= 8 and bool(_LOCAL.search(before))


_YEARS = re.compile(r"(?:(?:19|20)\d\d[ -]){3}")
_CARD = re.compile(r"(?<![\w£$€.,/+-])\d(?:[ -]?\d){12,18}(?![\w%]|[.,:/-]\d)")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_OF_ACCOUNT = r"(?:account|acc|a/c)(?: (?:number|num|no\.?))?"
_AND_ACCOUNT = rf"[ ,;/]{{1,3}}(?:and )?(?:{_OF_ACCOUNT}[ :]{{1,2}})?\d{{8}}"
_SORT_CODE = re.compile(
    rf"(?<![\w/-])\d\d-\d\d-\d\d{_AND_ACCOUNT}(?!\w)"
    r"|\b(?:sort ?code|s/c)(?: number)?(?::| is| was| of)? {0,2}"
    rf"(\d\d[- ]?\d\d[- ]?\d\d(?:{_AND_ACCOUNT})?)(?!\w)",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(
    rf"\b{_OF_ACCOUNT}(?::| is| was| of)? {{0,2}}(\d{{4}} ?\d{{4}})(?![\w/])", re.IGNORECASE
)
_WALLET = re.compile(r"\b(?:bc1[a-z0-9]{25,60}|0x[a-fA-F0-9]{40})\b")


def bank_details(reading: Reading) -> Iterator[Span]:
    """IBANs and cards whose check digits are right, sort codes and account numbers, wallets."""
    for pattern in (_IBAN, _CARD, _SORT_CODE, _ACCOUNT, _WALLET):
        for found in pattern.finditer(reading.text):
            if pattern is _IBAN and not _is_iban(found[0]):
                continue
            if pattern is _CARD and not _is_card(found[0]):
                continue
            group = found.lastindex or 0
            yield Span(Kind.BANK, *found.span(group), WHY_BANK)


def _is_iban(words: str) -> bool:
    """The check of ISO 13616: the first four signs moved to the end, letters as numbers, mod 97."""
    signs = words.replace(" ", "")
    return int("".join(str(int(sign, 36)) for sign in signs[4:] + signs[:4])) % 97 == 1


def _is_card(words: str) -> bool:
    """Whether a scheme of cards gives out such numbers, and the check digit is right."""
    groups = _GROUP.findall(words)
    digits = "".join(groups)
    whole = all(len(group) >= 4 for group in groups[:-1])
    return whole and digits[0] in "23456" and not _YEARS.match(words) and passes_luhn(digits)


def passes_luhn(digits: str) -> bool:
    """The check of ISO/IEC 7812: every second digit from the right doubled, the sum a multiple of
    ten."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0 and digits.strip("0") != ""


_IMEI = re.compile(r"(?<![\w£$€.,/+-])\d(?:[ /-]?\d){14}(?![\w%]|[.,:/-]\d)")
_LABELLED = re.compile(
    r"\b(?:IMEI|IMSI|ICCID|SIM(?: card)?|MSISDN)(?:[ -]?(?:number|no\.?|serial))?"
    r"(?::| is| was| of| ending)? {0,2}(\d(?:[ /-]?\d){11,20})(?!\w)",
    re.IGNORECASE,
)
_MAC = re.compile(r"\b(?:[0-9A-F]{2}[:-]){5}[0-9A-F]{2}\b", re.IGNORECASE)
_IP4 = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)")
_IP6 = re.compile(r"(?<![\w:])[0-9a-f]{1,4}(?:::?[0-9a-f]{1,4}){3,7}(?![\w:])", re.IGNORECASE)
_NUMBERED = re.compile(
    r"(?:version|release|v|section|paragraph|para|part|rule|chapter|step|item|policy)\.? ?$",
    re.IGNORECASE,
)


def devices(reading: Reading) -> Iterator[Span]:
    """IMEIs whose check digit is right, what is said to be an IMEI, IMSI or SIM, MAC and IP
    addresses."""
    text = reading.text
    for found in _IMEI.finditer(text):
        if passes_luhn(re.sub(r"\D", "", found[0])):
            yield Span(Kind.DEVICE, *found.span(), WHY_DEVICE)
    for found in _LABELLED.finditer(text):
        yield Span(Kind.DEVICE, *found.span(1), WHY_DEVICE)
    for found in _MAC.finditer(text):
        yield Span(Kind.DEVICE, *found.span(), WHY_DEVICE)
    for found in _IP4.finditer(text):
        parts = [int(part) for part in found[0].split(".")]
        before = text[max(0, found.start() - 12) : found.start()]
        if max(parts) < 256 and parts[0] and not _NUMBERED.search(before):
            yield Span(Kind.DEVICE, *found.span(), WHY_NETWORK)
    for found in _IP6.finditer(text):
        if "::" in found[0] or found[0].count(":") == 7:
            yield Span(Kind.DEVICE, *found.span(), WHY_NETWORK)
