"""The demo's operations: read from TOML, and lived through by the cast up to the state each file
asks for."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

from django.conf import settings
from django.utils import timezone

from debriefs.demo import talk
from debriefs.demo.cast import TEAM, second_editor, signatory_of
from debriefs.models import Country, ExploitationType, Offence, SignOff, Theme, Version
from debriefs.models.vocabulary import Heading, ParticipationPart
from debriefs.services import checking, releasing, remarks, signing, writing
from debriefs.services.content import Facts, TakingPart, Words, words_of
from debriefs.services.signing import Answer
from portal.models import Organisation, SharingGroup, User

FOLDER = Path(settings.BASE_DIR) / "fixtures" / "demo" / "operations"

AGREE = Answer(SignOff.Decided.AGREED)

#: Days after the debrief on which a version is started, sent, signed and shared.
STARTED, SENT, SIGNED, SHARED = 7, 28, 45, 60


def files() -> list[dict[str, Any]]:
    """Every operation of the demo, in the order of their names."""
    return [tomllib.loads(path.read_text()) for path in sorted(FOLDER.glob("*.toml"))]


@contextmanager
def on(day: date) -> Iterator[None]:
    """Do something as if it were that day: real portals fill over years, the demo in seconds.

    Only the services' clock; the audit record keeps the database's own time.
    """
    then = timezone.make_aware(datetime.combine(day, time(10, 30)))
    with mock.patch.object(timezone, "now", return_value=then):
        yield


def live_through(operation: dict[str, Any], author: User, editor: User) -> None:
    """Start, write, check, sign and share one operation, as far as its file says."""
    wanted = operation["demo"]
    state = wanted["state"]
    days = _days(operation, state)
    with on(days(STARTED)):
        version = _write(_as_it_was_first(operation), author)
        if "first_round" in wanted:
            version = _second_round(operation, version, author, editor)
        if state == "discarded":
            writing.discard(by=author, version=version)
    if state in ("drafting", "discarded"):
        return
    with on(days(SENT)):
        checking.submit(by=author, version=version, revision=version.revision)
        if state == "checking":
            talk.remark(version, wanted, editor, author)
            return
        checking.check(by=editor, version=version, revision=version.revision)
        signing.send(by=editor, version=version)
    with on(days(SIGNED)):
        talk.remark_for_forces(version, wanted)
        _sign(version, wanted)
    if state in ("with_forces", "agreed"):
        return
    if state == "returned":
        writing.reopen(by=author, version=version)
        return
    with on(days(SHARED)):
        _share(version, wanted["groups"], editor)
    for group in SharingGroup.objects.filter(key__in=wanted.get("proposed", [])):
        releasing.propose(by=editor, version=version, sharing_group=group)
    if wanted.get("revised"):
        _revise(operation, version, author, editor, days)
    if wanted.get("next") == "drafting":
        writing.reopen(by=author, version=version)
    if state == "withdrawn":
        _withdraw(version, wanted)


def _days(operation: dict[str, Any], state: str) -> Callable[[int], date]:
    """The day so many days after the debrief; work that is still open began in the last weeks, or
    got where it is the number of days ago that the file gives."""
    today = timezone.localdate()
    if ago := operation["demo"].get("days_ago"):
        last = STARTED if state in ("drafting", "discarded") else SENT
        began = today - timedelta(days=ago + last)
        return lambda after: min(began + timedelta(days=after), today)
    latest = today - timedelta(days=SHARED + 5)
    held: date = operation.get("debriefed_on") or latest
    if state in ("drafting", "checking", "with_forces", "agreed", "returned"):
        held = max(held, today - timedelta(days=SIGNED + 5))
    held = min(
        held, latest if state in ("released", "withdrawn") else today - timedelta(days=SIGNED)
    )
    return lambda after: held + timedelta(days=after)


def _write(operation: dict[str, Any], author: User) -> Version:
    facts = _facts(operation)
    for each in facts.taking_part:
        if each.signs:
            signatory_of(each.organisation)
    version = writing.start(
        by=author,
        owner=Organisation.objects.get(key=TEAM),
        operation=operation["name"],
        facts=facts,
        invented=not operation.get("real", False),
    )
    parts = operation["part"]
    if operation["demo"].get("revised"):  # the revision brings the last lesson
        parts = parts[:-1]
    for part in parts:
        writing.add_part(by=author, version=version, words=_words(part))
    version.refresh_from_db()
    return version


def _facts(operation: dict[str, Any]) -> Facts:
    known = {name: operation[name] for name in Facts.__dataclass_fields__ if name in operation}
    known["themes"] = list(Theme.objects.filter(key__in=operation["themes"]))
    known["exploitation"] = list(ExploitationType.objects.filter(key__in=operation["exploitation"]))
    known["offences"] = list(Offence.objects.filter(key__in=operation.get("offences", [])))
    codes = [code.lower() for code in operation["countries"]]
    known["countries"] = list(Country.objects.filter(key__in=codes))
    known["taking_part"] = _taking_part(operation)
    facts = Facts(**known)
    if talk := operation.get("talk"):
        facts = replace(
            facts,
            talk_title=talk["title"],
            talk_speaker_role=talk["speaker_role"],
            talk_url=talk["url"],
            talk_minutes=talk.get("minutes"),
        )
    return facts


def _taking_part(operation: dict[str, Any]) -> list[TakingPart]:
    roles = {key: ParticipationPart.PARTNER for key in operation.get("partners", [])}
    roles |= {key: ParticipationPart.SUPPORTING for key in operation.get("supporting", [])}
    roles[operation["lead"]] = ParticipationPart.LEAD
    return [
        TakingPart(Organisation.objects.get(key=key), part, signs=key in operation["signing"])
        for key, part in roles.items()
    ]


def _words(part: dict[str, Any]) -> Words:
    if part["kind"] == "section":
        return Words(
            kind="section",
            heading=part["heading"],
            title=Heading(part["heading"]).label,
            reach=part["reach"],
            markdown=part["markdown"],
        )
    return Words(**part | {"theme": Theme.objects.get(key=part["theme"])})


def _sign(version: Version, wanted: dict[str, Any]) -> None:
    """Every force decides, or those that the file names; with an embargo, or changes wanted."""
    version.refresh_from_db()
    waiting = wanted.get("decided") if wanted["state"] == "with_forces" else None
    for signoff in version.signoffs.select_related("organisation"):
        key = signoff.organisation.key
        if waiting is not None and key not in waiting:
            continue
        answer = AGREE
        if key == wanted.get("returned_by"):
            answer = Answer(SignOff.Decided.CHANGES, remark=wanted["remark"])
        elif wanted.get("until_proceedings_end"):
            answer = replace(AGREE, until_proceedings_end=True)
        elif wanted.get("embargo_until"):
            answer = replace(AGREE, embargo_until=wanted["embargo_until"])
        signing.decide(
            by=signatory_of(signoff.organisation),
            signoff=signoff,
            digest=version.digest,
            answer=answer,
        )
        version.refresh_from_db()
        if version.state == "returned":
            return


def _share(version: Version, groups: list[str], editor: User) -> None:
    version.refresh_from_db()
    for group in SharingGroup.objects.filter(key__in=groups):
        if releasing.needs_two(group):
            releasing.propose(by=second_editor(), version=version, sharing_group=group)
        releasing.release(by=editor, version=version, sharing_group=group)


def _revise(
    operation: dict[str, Any],
    first: Version,
    author: User,
    editor: User,
    days: Callable[[int], date],
) -> None:
    """A second version with one lesson more is written, signed and takes the first one's place."""
    later = min(days(SHARED + 200), timezone.localdate() - timedelta(days=2))
    with on(later):
        second = writing.reopen(by=author, version=first)
        writing.add_part(by=author, version=second, words=_words(operation["part"][-1]))
        second.refresh_from_db()
        checking.submit(by=author, version=second, revision=second.revision)
        checking.check(by=editor, version=second, revision=second.revision)
        signing.send(by=editor, version=second)
        _sign(second, operation["demo"])
        _share(second, operation["demo"]["groups"], editor)


def _as_it_was_first(operation: dict[str, Any]) -> dict[str, Any]:
    """What the forces were asked to sign in a first round, where the file tells of one."""
    first = operation["demo"].get("first_round")
    if first is None:
        return operation
    parts = [dict(part) for part in operation["part"][: -first["without_last"]]]
    for words in first["words"]:
        part = next(part for part in parts if part.get("heading") == words["part"])
        if isinstance(words["now"], int):
            part["reach"] = words["was"]
        else:
            part["markdown"] = part["markdown"].replace(words["now"], words["was"])
    return operation | {"part": parts, "suspects": first["suspects"]}


def _second_round(
    operation: dict[str, Any], version: Version, author: User, editor: User
) -> Version:
    """The first round is lived through, and the next version says what the file says."""
    first = operation["demo"]["first_round"]
    checking.submit(by=author, version=version, revision=version.revision)
    checking.check(by=editor, version=version, revision=version.revision)
    signing.send(by=editor, version=version)
    for each in first["remarks"]:
        signoff = version.signoffs.get(organisation__key=each["by"])
        remarks.remark_for_force(
            by=signatory_of(signoff.organisation),
            signoff=signoff,
            words=each["words"],
            part=version.parts.get(heading=each["part"]).identity,
        )
    _sign(version, {"state": "with_forces", "decided": first["agreed"]})
    _sign(
        version,
        {
            "state": "with_forces",
            "decided": [first["returned_by"]],
            "returned_by": first["returned_by"],
            "remark": first["remark"],
        },
    )
    draft = writing.reopen(by=author, version=version)
    for remark, each in zip(version.remarks.all(), first["remarks"], strict=True):
        remarks.resolve(by=author, remark=remark, answer=each["answer"])
    writing.edit_facts(by=author, version=draft, revision=1, facts=_facts(operation))
    parts = list(draft.parts.order_by("position"))
    for part, words in zip(parts, operation["part"], strict=False):
        if words_of(part) != _words(words):
            writing.edit_part(by=author, part=part, revision=part.written_in, words=_words(words))
    for words in operation["part"][len(parts) :]:
        writing.add_part(by=author, version=draft, words=_words(words))
    draft.refresh_from_db()
    return draft


def _withdraw(version: Version, wanted: dict[str, Any]) -> None:
    signoff = version.signoffs.get(organisation__key=wanted["withdrawn_by"])
    signing.withdraw_consent(
        by=signatory_of(signoff.organisation), signoff=signoff, reason=wanted["reason"]
    )
