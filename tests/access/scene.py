"""What is there to be read? A debrief for each way in which something can be shared or hidden.

Who may read which of them stands in `matrix.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection, models

from debriefs.models import (
    Acceptance,
    ConsentWithdrawal,
    Debrief,
    DebriefGroupObjectPermission,
    Notice,
    Part,
    Participation,
    Presence,
    ProceedingsEnd,
    Recurrence,
    Release,
    ReleaseProposal,
    Remark,
    Review,
    Save,
    SignOff,
    Version,
    VersionGroupObjectPermission,
)
from debriefs.models.search import Indexed, Passage, Posting, Spelling
from debriefs.models.vocabulary import Band, DebriefKind, Heading, Proceedings
from debriefs.search import catalogue, index
from debriefs.services import (
    checking,
    questions,
    recurring,
    releasing,
    remarks,
    reviewing,
    searches,
    synonyms,
    writing,
)
from debriefs.services.content import Words, words_of
from debriefs.services.signing import Answer
from debriefs.workflow import State
from portal.models import Tier
from tests.conftest import settle
from tests.world import AGREE, CHANGES, World, following, fresh


def tiered(world: World, widest: int, *, token: str = "") -> list[Words]:
    """A section and a lesson for each tier from policing up to the widest."""
    headings = {
        Tier.POLICING: Heading.OVERVIEW,
        Tier.PARTNERS: Heading.PARTNERS,
        Tier.PUBLIC: Heading.PUBLIC_SUMMARY,
    }
    parts = []
    for tier, heading in headings.items():
        if tier <= widest:
            mark = f"{token}{tier.name.lower()}" if token else ""
            parts.append(world.section(tier, heading=heading, token=mark))
            parts.append(world.lesson(tier, token=mark))
    return parts


def _shared(world: World, name: str, token: str) -> Version:
    return world.debrief_at(State.RELEASED, operation=name, token=token)


def _circle(world: World, name: str, token: str) -> Version:
    return world.debrief_at(State.RELEASED, operation=name, token=token, groups=("circle",))


def _participants(world: World, name: str, token: str) -> Version:
    return world.debrief_at(State.RELEASED, operation=name, token=token, groups=("participants",))


def _partners(world: World, name: str, token: str) -> Version:
    return world.debrief_at(
        State.RELEASED,
        operation=name,
        facts=world.facts(token=token, reach=Tier.PARTNERS),
        parts=tiered(world, Tier.PARTNERS, token=token),
        groups=("policing", "partners"),
    )


def _public(world: World, name: str, token: str) -> Version:
    return world.debrief_at(
        State.RELEASED,
        operation=name,
        facts=world.facts(token=token, reach=Tier.PUBLIC),
        parts=tiered(world, Tier.PUBLIC, token=token),
        groups=("policing", "partners", "public"),
    )


def _accept(world: World, version: Version, token: str) -> None:
    """The team stands by words that look identifying."""
    Acceptance.objects.create(
        version=version,
        kind=f"kind {token}",
        words=f"Officer Dibble {token}",
        reason=f"A figure of fun. {token}",
        accepted_by=world.person("author"),
    )


def _drafting(world: World, name: str, token: str) -> Version:
    version = world.debrief_at(State.DRAFTING, operation=name, token=token)
    _accept(world, version, token)
    return version


def _checking(world: World, name: str, token: str) -> Version:
    version = world.debrief_at(State.CHECKING, operation=name, token=token)
    editor, part = world.person("editor"), version.parts.earliest("position")
    for words, where in (("Which town?", part.identity), ("Is it whole?", None)):
        remarks.remark(by=editor, version=version, words=f"{words} {token}", part=where)
    return version


def _with_forces(world: World, name: str, token: str) -> Version:
    version = world.debrief_at(State.WITH_FORCES, operation=name, token=token)
    part = version.parts.earliest("position")
    for key in ("alpha", "bravo"):
        remarks.remark_for_force(
            by=world.person(f"{key}_signatory"),
            signoff=version.signoffs.get(organisation__key=key),
            words=f"Leave the town out. {token}",
            part=part.identity,
        )
    return version


def _reviewed(world: World, name: str, token: str) -> Version:
    version = _shared(world, name, token)
    reviewing.review(
        by=world.person("author"), version=version, outcome="holds", note=f"It does. {token}"
    )
    return version


def _answered(world: World, name: str, token: str) -> Version:
    """A second version is open, with a force's remark on the first answered."""
    version = _with_forces(world, name, token)
    made = version.remarks.get(organisation__key="alpha")
    remark = f"Not like this. {token}remark"
    world.decide(version, "alpha", replace(CHANGES, remark=remark))
    following = writing.reopen(by=world.person("author"), version=fresh(version))
    remarks.resolve(by=world.person("author"), remark=made, answer=f"It is out. {token}")
    return fresh(following.copied_from or following)


def _second_round(world: World, name: str, token: str) -> Version:
    """One force agreed, the other wanted changes; the next version waits for both."""
    version = _with_forces(world, name, token)
    world.decide(version, "alpha", AGREE)
    world.decide(version, "bravo", replace(CHANGES, remark=f"Not so. {token}remark"))
    draft = writing.reopen(by=world.person("author"), version=fresh(version))
    for made in version.remarks.all():
        remarks.resolve(by=world.person("author"), remark=made, answer=f"It is out. {token}")
    for part in draft.parts.all():
        writing.edit_part(
            by=world.person("author"),
            part=part,
            revision=fresh(draft).revision,
            words=replace(words_of(part), title=f"Another title {token}{part.position}"),
        )
    _accept(world, draft, token)
    world.sent(draft)
    return fresh(version)


def _embargoed(world: World, name: str, token: str) -> Version:
    """Agreed by both, by one of them until proceedings end."""
    held = Answer(SignOff.Decided.AGREED, until_proceedings_end=True, conditions=f"Ask. {token}")
    return world.debrief_at(State.AGREED, operation=name, token=token, answers={"alpha": held})


def _in(state: State) -> Callable[[World, str, str], Version]:
    def make(world: World, name: str, token: str) -> Version:
        return world.debrief_at(state, operation=name, token=token)

    return make


def _taken_back(world: World, name: str, token: str) -> Version:
    version = world.debrief_at(
        State.RELEASED, operation=name, token=token, groups=("policing", "circle")
    )
    releasing.withdraw_release(
        by=world.person("editor"),
        release=version.releases.get(sharing_group__key="policing"),
        reason=f"It went too far. {token}reason",
    )
    return fresh(version)


def _sent_back(world: World, name: str, token: str) -> Version:
    version = world.debrief_at(State.CHECKING, operation=name, token=token)
    return checking.send_back(
        by=world.person("editor"),
        version=version,
        revision=version.revision,
        reason=f"Who is meant? {token}reason",
    )


def _renewed(world: World, name: str, token: str) -> Version:
    version = _shared(world, name, token)
    writing.reopen(by=world.person("author"), version=version)
    return fresh(version)


def _checked(world: World, name: str, token: str) -> Version:
    return world.debrief_at(State.CHECKING, operation=name, token=token, checked=True)


def look_for(world: World, token: str) -> None:
    """An officer has looked for things, kept a search with alerts, and asked the team, which has
    replied to one of two questions and keeps synonyms."""
    officer, editor = world.person("alpha_officer"), world.person("editor")
    words = f"evidence {token}"
    searches.remember(officer, words)
    searches.found_nothing(f"Unheard of {token}")
    searches.save(
        by=officer,
        name=f"On the desk {token}",
        words=words,
        narrowing={"theme": ["evidence-led"]},
        alerts=True,
    )
    question = questions.ask(by=officer, text=f"Who has done this before? {token}", words=words)
    questions.answer(by=editor, question=question, text=f"Ring us. {token}")
    questions.ask(by=officer, text=f"And who else? {token}")
    synonyms.add(by=editor, words=[f"brothel {token}", f"off-street {token}"])


def link_lessons(world: World, versions: dict[str, Version]) -> None:
    """A lesson that many may read is said to repeat others: one that they may read too, those that
    few may, and those that are not shared any more. So say some that nobody reads yet."""
    author = world.person("author")
    lessons = {
        key: version.parts.filter(kind=Part.Kind.LESSON).earliest("position")
        for key, version in versions.items()
    }
    for later, *earlier in LINKED:
        for key in earlier:
            Recurrence.objects.create(
                debrief=versions[later].debrief,
                lesson=lessons[later].identity,
                earlier=lessons[key].identity,
                linked_by=author,
            )
    written = following(versions["renewed"])
    recurring.link(
        by=author,
        part=written.parts.get(identity=lessons["renewed"].identity),
        earlier=lessons["reviewed"].identity,
    )


#: A lesson of the first repeats one of each other.
LINKED = (
    ("shared", "reviewed", "circle", "participants", "partners", "withdrawn", "taken-back"),
    ("public", "shared", "partners", "circle"),
    ("partners", "participants"),
    ("circle", "public"),
    ("renewed", "circle", "shared"),
    ("drafting", "shared", "circle"),
    ("with-forces", "shared", "public"),
)

#: How each debrief of the scene comes about. Its key is its slug.
SUBJECTS: dict[str, Callable[[World, str, str], Version]] = {
    "shared": _shared,
    "circle": _circle,
    "participants": _participants,
    "partners": _partners,
    "public": _public,
    "drafting": _drafting,
    "sent-back": _sent_back,
    "checking": _checking,
    "with-forces": _with_forces,
    "returned": _in(State.RETURNED),
    "agreed": _in(State.AGREED),
    "withdrawn": _in(State.WITHDRAWN),
    "superseded": _in(State.SUPERSEDED),
    "taken-back": _taken_back,
    "renewed": _renewed,
    "discarded": _in(State.DISCARDED),
    "checked": _checked,
    "reviewed": _reviewed,
    "answered": _answered,
    "second-round": _second_round,
    "embargoed": _embargoed,
}


#: Stands in every text, so that none is empty.
FILLING = "filled."


@dataclass(frozen=True, slots=True)
class Scene:
    """The world with all its debriefs, the first version of each by the name of its subject."""

    world: World
    versions: dict[str, Version]

    @classmethod
    def build(cls, world: World) -> Scene:
        """Every subject, made through the services, with something in every text."""
        look_for(world, FILLING)
        versions = {key: make(world, key, FILLING) for key, make in SUBJECTS.items()}
        link_lessons(world, versions)
        return cls(world, versions)


def same_for_all(page: str) -> str:
    """A page without what is new on every one: the nonce and the token of its forms."""
    page = re.sub(r'nonce="[^"]*"', 'nonce=""', page)
    return re.sub(r'(name="csrfmiddlewaretoken" value=)"[^"]*"', r'\1""', page)


def _between(each: models.ManyToManyField[Any, Any]) -> type[models.Model]:
    """The table between the two ends of a list."""
    through: type[models.Model] = each.remote_field.through  # type: ignore[assignment]
    return through


#: What hangs on a version, the outermost first.
HANGING_ON_A_VERSION: tuple[tuple[type[models.Model], str], ...] = (
    (ConsentWithdrawal, "signoff__version"),
    (ProceedingsEnd, "signoff__version"),
    (ReleaseProposal, "version"),
    (Remark, "version"),
    (Acceptance, "version"),
    (Save, "version"),
    (Presence, "version"),
    (Notice, "version"),
    (Release, "version"),
    (SignOff, "version"),
    (Participation, "version"),
    (Part, "version"),
    (VersionGroupObjectPermission, "content_object"),
    (Indexed, "version"),
    *((_between(each), "version") for each in Version._meta.local_many_to_many),
)


def erase(versions: Iterable[int], *, parts: Iterable[int] = (), facts: Iterable[int] = ()) -> None:
    """Make it as if these versions had never been, behind the back of the database's guards; and
    of others these parts, and all facts. Debriefs without a version go as well, and what search
    keeps is written from the rest."""
    gone, without_facts = list(versions), list(facts)
    tables = {model._meta.db_table for model, _ in HANGING_ON_A_VERSION}
    tables |= {each._meta.db_table for each in (Version, Debrief, Review, Recurrence)}
    with unguarded_for_good(*tables):
        for kept in (Posting, Passage, Spelling):
            kept._default_manager.all()._raw_delete("default")
        Version.objects.filter(copied_from__in=gone).update(copied_from=None)
        for model, path in HANGING_ON_A_VERSION:
            rows = model._base_manager.filter(**{f"{path}__in": gone})
            rows._raw_delete(rows.db)
        Version.objects.filter(pk__in=gone)._raw_delete("default")
        bare = Debrief.objects.filter(versions__isnull=True).values("pk")
        DebriefGroupObjectPermission.objects.filter(content_object__in=bare)._raw_delete("default")
        Review.objects.filter(debrief__in=bare)._raw_delete("default")
        Recurrence.objects.filter(debrief__in=bare)._raw_delete("default")
        Notice.objects.filter(debrief__in=bare)._raw_delete("default")
        Debrief.objects.filter(versions__isnull=True)._raw_delete("default")
        Part.objects.filter(pk__in=list(parts))._raw_delete("default")
        Participation.objects.filter(version__in=without_facts)._raw_delete("default")
        for each in Version._meta.local_many_to_many:
            if each.name != "contributors":
                through = _between(each)._base_manager
                through.filter(version__in=without_facts)._raw_delete("default")
        Version.objects.filter(pk__in=without_facts).update(
            operation_from=None,
            operation_until=None,
            debriefed_on=None,
            charged=None,
            convicted=None,
            sentence_months=None,
            talk_title="",
            talk_url="",
            talk_speaker_role="",
            talk_minutes=None,
            kind=DebriefKind.HOT,
            victims=Band.NOT_KNOWN,
            suspects=Band.NOT_KNOWN,
            proceedings=Proceedings.NOT_STATED,
        )
    index.add(Version.objects.filter(state=State.RELEASED.value).values_list("pk", flat=True))
    catalogue.forget()


@contextmanager
def unguarded_for_good(*tables: str) -> Iterator[None]:
    """A while in which the triggers of the tables neither refuse nor work anything out."""
    settle()
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {connection.ops.quote_name(table)} DISABLE TRIGGER USER")
        yield
        settle()
        for table in tables:
            cursor.execute(f"ALTER TABLE {connection.ops.quote_name(table)} ENABLE TRIGGER USER")
