"""Who somebody is online: e-mail addresses and accounts of social media."""

from __future__ import annotations

import re
from collections.abc import Iterator

from debriefs.identifying.finding import Kind, Span
from debriefs.identifying.reading import Reading

WHY_EMAIL = "An e-mail address. Leave it out, or name the team it belongs to."
WHY_HANDLE = "An account on social media. Write what it was: “the recruiter's profile”."

_EMAIL = re.compile(
    r"(?<![\w.+%'-])[\w.+%'-]{1,64}(?:@| ?[\[(]at[\])] ?)[A-Za-z0-9-]{1,63}"
    r"(?:(?:\.| ?[\[(]dot[\])] ?)[A-Za-z0-9-]{1,63}){1,5}",
    re.IGNORECASE,
)

_SITE = (
    r"(?:facebook|fb|instagram|insta|tiktok|snapchat|snap|twitter|telegram|whatsapp|wechat|viber|onlyfans|"
    r"linkedin|kik|signal|discord|skype|messenger|youtube|vk|zalo)"
)
_AT = re.compile(
    r"(?<![\w.@/])@(?!\d{1,2} ?(?:am|pm|hrs)\b)(?=[\w.]{0,29}[A-Za-z])\w[\w.-]{0,28}\w"
)
_PROFILE = re.compile(
    r"\b(?:(?:facebook|instagram|tiktok|snapchat|twitter|onlyfans|youtube|vk)\.com|t\.me|x\.com|"
    r"linkedin\.com/in|snapchat\.com/add)/(@?\w[\w.-]{1,40}\w)",
    re.IGNORECASE,
)
_USER = re.compile(
    rf"\b(?:{_SITE}[ ,]{{1,2}}(?:account |profile )?(?:user ?name|name|handle|user id|id|user)|"
    rf"(?:user ?name|handle|screen name|gamertag)(?: on {_SITE})?|{_SITE} (?:account|profile)|"
    rf"{_SITE}(?=:))"
    r"(?:,? (?:is|was|called|of|named|as))?[ :,(]{1,3}[\"']?(@?\w[\w.-]{1,40}\w)",
    re.IGNORECASE,
)


def addresses_of_mail(reading: Reading) -> Iterator[Span]:
    """E-mail addresses, those with [at] and [dot] too."""
    for found in _EMAIL.finditer(reading.text):
        yield Span(Kind.EMAIL, *found.span(), WHY_EMAIL)


def accounts(reading: Reading) -> Iterator[Span]:
    """Accounts of social media: @name, a profile's address, and what is said to be a user name."""
    text = reading.text
    for found in _PROFILE.finditer(text):
        yield Span(Kind.HANDLE, *found.span(1), WHY_HANDLE)
    for found in _USER.finditer(text):
        quoted = text[found.start(1) - 1] in "\"'"
        if quoted or re.search(r"[\d_.@-]", found[1]):
            yield Span(Kind.HANDLE, *found.span(1), WHY_HANDLE)
    for found in _AT.finditer(text):
        yield Span(Kind.HANDLE, *found.span(), WHY_HANDLE)
