"""Going back to what a draft once said: one part, or all of it. What a save holds becomes words and
facts again, and can be compared."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from debriefs.exceptions import Refused
from debriefs.models import Country, ExploitationType, Offence, Part, Save, Theme, Version
from debriefs.models.vocabulary import ParticipationPart
from debriefs.services import saves, writing
from debriefs.services.content import FACT_COLUMNS, FACT_LISTS, Facts, TakingPart, Words
from debriefs.services.difference import Difference, compared
from debriefs.services.fact_changes import Snapshot
from portal.models import Organisation, User

#: Facts that are days; a save holds them as text.
_DAYS = ("operation_from", "operation_until", "debriefed_on")

_VOCABULARY: Mapping[str, Any] = {
    "exploitation": ExploitationType,
    "offences": Offence,
    "countries": Country,
    "themes": Theme,
}


class Reader:
    """Reads what saves hold. Looks each vocabulary up once, however many saves it reads; a word
    that there is no more is left out."""

    @cached_property
    def _words(self) -> Mapping[str, Mapping[str, Any]]:
        return {
            name: {each.key: each for each in model.objects.all()}
            for name, model in _VOCABULARY.items()
        }

    @cached_property
    def _organisations(self) -> Mapping[str, Organisation]:
        return {each.key: each for each in Organisation.objects.all()}

    def facts(self, content: Mapping[str, Any]) -> Facts:
        """The facts as they were."""
        said = content["facts"]
        known: dict[str, Any] = {name: said[name] for name in FACT_COLUMNS}
        known |= {name: _day(known[name]) for name in _DAYS}
        known |= {
            name: [self._words[name][key] for key in said[name] if key in self._words[name]]
            for name in FACT_LISTS
        }
        return Facts(
            **known,
            taking_part=[
                TakingPart(self._organisations[each["organisation"]], each["part"], each["signs"])
                for each in said["taking_part"]
                if each["organisation"] in self._organisations
            ],
        )

    def words(self, said: Mapping[str, Any]) -> Words:
        """The words of a part as they were."""
        known = {name: said[name] for name in Words.__dataclass_fields__ if name != "theme"}
        return Words(**known, theme=self._words["themes"].get(said["theme"]))

    def snapshot(self, version: Version, content: Mapping[str, Any]) -> Snapshot:
        """What the draft said, to be compared; nothing of it is a row of the database."""
        facts = self.facts(content)
        columns = {name: getattr(facts, name) for name in FACT_COLUMNS}
        said = Version(debrief=version.debrief, number=version.number, **columns)
        lists = {name: [str(each) for each in getattr(facts, name)] for name in FACT_LISTS}
        lists["taking_part"] = [
            f"{each.organisation.name}: {ParticipationPart(each.part).label.lower()}, "
            + ("signs" if each.signs else "does not sign")
            for each in facts.taking_part
        ]
        parts = [
            Part(identity=UUID(each["identity"]), position=position, **_columns(self.words(each)))
            for position, each in enumerate(content["parts"], start=1)
        ]
        return Snapshot(said, lists, parts)


def _columns(words: Words) -> dict[str, Any]:
    return {name: getattr(words, name) for name in Words.__dataclass_fields__}


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def find(version: Version, revision: int) -> Save | None:
    """The save of that revision, with everything that it holds."""
    return version.saves.filter(revision=revision).select_related("by").first()


def with_before(version: Version, save: Save) -> Difference:
    """What changed with this save; for the first, all there was."""
    before = version.saves.filter(revision__lt=save.revision).order_by("-revision").first()
    reader = Reader()
    return compared(
        reader.snapshot(version, before.content) if before else None,
        reader.snapshot(version, save.content),
    )


def with_now(version: Version, save: Save) -> Difference:
    """What has changed from this save until now."""
    reader = Reader()
    return compared(
        reader.snapshot(version, save.content),
        reader.snapshot(version, saves.content_of(version)),
    )


def removed(version: Version, identity: UUID) -> Words | None:
    """What the part said when it was taken out of the draft; None where it was not."""
    if version.parts.filter(identity=identity).exists():
        return None
    taken_out = version.saves.filter(what=Save.What.REMOVED, part=identity)
    last = taken_out.order_by("-revision").values_list("revision", flat=True).first()
    if last is None:
        return None
    before = version.saves.filter(revision__lt=last).order_by("-revision").first()
    return words_in(before, identity) if before else None


def words_in(save: Save, identity: UUID) -> Words | None:
    """What the part said at this save; None where it was not in the draft."""
    parts = save.content["parts"]
    found = next((each for each in parts if each["identity"] == str(identity)), None)
    return Reader().words(found) if found else None


def restore(*, by: User, save: Save, revision: int) -> int:
    """The draft says what it said at this save; what it says now stays in the list of saves.

    Returns the new revision; raises Conflict when anything was written since `revision`.
    """
    reader = Reader()
    return writing.rewrite(
        by=by,
        version=save.version,
        revision=revision,
        facts=reader.facts(save.content),
        parts=[(UUID(each["identity"]), reader.words(each)) for each in save.content["parts"]],
    )


def restore_part(*, by: User, save: Save, identity: UUID, revision: int) -> None:
    """One part says what it said at this save; a part that was taken out since stands at the end.

    Refuses a part that was not in the draft then; raises as `writing.edit_part` does.
    """
    words = words_in(save, identity)
    if words is None:
        raise Refused("This part was not in the draft then.")
    part = save.version.parts.filter(identity=identity).first()
    if part is None:
        writing.add_part(by=by, version=save.version, words=words, identity=identity)
    else:
        writing.edit_part(by=by, part=part, revision=revision, words=words)
