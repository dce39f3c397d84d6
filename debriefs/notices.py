"""What can a person be told, and in which words?

Each kind is declared once: what the portal and the mail say, where it leads, and the condition
(`notice_rules.py`) that decides, at sending and at every showing, whether this person may still be
told. A notice that does not hold is neither mailed nor listed nor counted.

No words of a debrief stand here or in a mail: a notice says that something waits, and where. Who is
told about what does not stand here but in `services/notifying.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.urls import reverse

from debriefs import notice_rules as when
from debriefs.models import Notice
from debriefs.notice_rules import Condition
from debriefs.rules import NOBODY
from portal.models import User


@dataclass(frozen=True, slots=True)
class Kind:
    """One sort of notice.

    `title` is what the portal says and the subject of the mail, `words` the rest of the mail,
    `action` the text of its link, `because` why this person is told. `names` is whether the portal
    may name the operation beside it; a mail never does.
    """

    name: str
    title: str
    words: str
    action: str
    because: str
    holds: Condition
    leads: Callable[[Notice], str]
    names: bool = True


# --- Where it leads -------------------------------------------------------------------------------


def to_debrief(notice: Notice) -> str:
    """The debrief as the person finds it now, or why it is gone."""
    return _page("debrief", notice)


def to_version(notice: Notice) -> str:
    """Exactly the version that it is about."""
    return _page("version", notice, _number(notice))


def to_sheet(notice: Notice) -> str:
    """Who has decided on the version, and who has not."""
    return _page("sheet", notice, _number(notice))


def to_decision(notice: Notice) -> str:
    """Where the force decides on the version."""
    return _page("sign", notice, _number(notice), notice.detail["organisation"])


def to_work(name: str) -> Callable[[Notice], str]:
    """The page of this name in the work on the debrief."""

    def leads(notice: Notice) -> str:
        return _page(name, notice)

    return leads


def to_absences(notice: Notice) -> str:
    """Who is away from the force, and who stands in."""
    return reverse("absences")


def to_question(notice: Notice) -> str:
    """Where the team answers the question."""
    return reverse("debriefs:question", args=[notice.question_id])


def to_own_questions(notice: Notice) -> str:
    """The person's own questions, with what was answered."""
    return reverse("debriefs:searches") + f"#question-{notice.question_id}"


def _page(name: str, notice: Notice, *arguments: object) -> str:
    slug = notice.debrief.slug if notice.debrief else ""
    return reverse(f"debriefs:{name}", args=[slug, *arguments])


def _number(notice: Notice) -> int:
    return notice.version.number if notice.version else 0


# --- The kinds ------------------------------------------------------------------------------------

OF_THE_TEAM = "you work on it in the project team"
WROTE_IT = "you wrote part of it"
SIGNS = "you sign for your force"

CHECK_WANTED = Kind(
    name="check_wanted",
    title="A draft is waiting to be checked",
    words="A colleague has submitted a draft. Someone who did not write it reads it before it goes "
    "to the forces.",
    action="Read the draft",
    because="you may check drafts of your project team",
    holds=when.may_check,
    leads=to_work("check"),
)
SENT_BACK = Kind(
    name="sent_back",
    title="A draft was sent back to you",
    words="The second reader wants something changed before it goes to the forces.",
    action="See what has to change",
    because=WROTE_IT,
    holds=when.may_edit,
    leads=to_work("draft"),
)
CHECKED = Kind(
    name="checked",
    title="A draft was checked and can go to the forces",
    words="A second person of the team stands behind it. The forces see it when an editor sends "
    "it to them.",
    action="See who will sign, and send it",
    because="you are an editor of the project team",
    holds=when.may_send,
    leads=to_work("send"),
)
SIGN_OFF_WANTED = Kind(
    name="sign_off_wanted",
    title="A sign-off is waiting for your force",
    words="Please read the exact words. Then agree, limit how far they may travel, or say what has "
    "to change.",
    action="Read and decide",
    because=SIGNS,
    holds=when.may_decide,
    leads=to_decision,
)
STANDING_IN = Kind(
    name="standing_in",
    title="A sign-off is waiting, and you stand in",
    words="Every signatory of your force is away, so a deputy can decide.",
    action="Read and decide",
    because="you are a deputy signatory of your force",
    holds=when.may_decide,
    leads=to_decision,
)
SIGN_OFF_DUE = Kind(
    name="sign_off_due",
    title="A sign-off is due soon",
    words="The decision of your force is due within five days.",
    action="Read and decide",
    because=SIGNS,
    holds=when.may_decide,
    leads=to_decision,
)
SIGN_OFF_OVERDUE = Kind(
    name="sign_off_overdue",
    title="A sign-off is overdue",
    words="The day by which your force was asked to decide has passed. Nothing can be shared until "
    "every force has decided.",
    action="Read and decide",
    because=SIGNS,
    holds=when.may_decide,
    leads=to_decision,
)
FORCE_OVERDUE = Kind(
    name="force_overdue",
    title="A sign-off of your force is overdue",
    words="The signatories of your force were asked to decide, and the day for it passed days ago. "
    "Please see whether they are away, and who stands in.",
    action="See who is away",
    because="you are a coordinator of your force",
    holds=when.looks_after_the_force,
    leads=to_absences,
    names=False,
)
ROUND_OVERDUE = Kind(
    name="round_overdue",
    title="A round of sign-off is overdue",
    words="A force has not decided, and the day for it passed days ago. Its coordinator has been "
    "told as well.",
    action="See who has decided",
    because="you are an editor of the project team",
    holds=when.may_chase,
    leads=to_sheet,
)
AGREED = Kind(
    name="agreed",
    title="A force agreed",
    words="Other forces have yet to decide.",
    action="See who has decided",
    because=OF_THE_TEAM,
    holds=when.works_on,
    leads=to_sheet,
)
CHANGES_WANTED = Kind(
    name="changes_wanted",
    title="A force wants changes",
    words="This round is over. Read what the force says, then open the next version.",
    action="Read what the force says",
    because=OF_THE_TEAM,
    holds=when.works_on,
    leads=to_version,
)
DECLINED = Kind(
    name="declined",
    title="A force declined",
    words="This round is over. Read why the force declines, and talk to it before you go on.",
    action="Read what the force says",
    because=OF_THE_TEAM,
    holds=when.works_on,
    leads=to_version,
)
ALL_AGREED = Kind(
    name="all_agreed",
    title="Every force agreed",
    words="An editor can share it now, as far as the signatures go.",
    action="Open the version",
    because=OF_THE_TEAM,
    holds=when.works_on,
    leads=to_sheet,
)
CONFIRMATION_WANTED = Kind(
    name="confirmation_wanted",
    title="A release is waiting for a second editor",
    words="A colleague proposes to share a version beyond policing. That takes two editors.",
    action="Look at the proposal",
    because="you are an editor of the project team",
    holds=when.may_confirm,
    leads=to_work("release"),
)
CONSENT_WITHDRAWN = Kind(
    name="consent_withdrawn",
    title="A debrief was withdrawn",
    words="A force that took part has withdrawn its consent. Please do not use or pass on what you "
    "read in it.",
    action="See why",
    because="you read it, worked on it or signed it",
    holds=when.could_read,
    leads=to_debrief,
)
TAKEN_BACK = Kind(
    name="taken_back",
    title="A debrief is no longer shared with you",
    words="The project team has taken it back from your group. Please do not use or pass on what "
    "you read in it.",
    action="See why",
    because="you read it",
    holds=when.may_no_longer_read,
    leads=to_debrief,
)
REVIEW_DUE = Kind(
    name="review_due",
    title="A debrief is due for review",
    words="Please say whether what it says still holds.",
    action="Review it",
    because="you are an editor of the project team",
    holds=when.may_review,
    leads=to_work("review"),
)
SEARCH_MATCHED = Kind(
    name="search_matched",
    title="Something new matches a search of yours",
    words="A debrief that you can read now comes up among the first results of a search that you "
    "saved.",
    action="Open the debrief",
    because="you switched on alerts for a search that you saved",
    holds=when.matches_a_search,
    leads=to_debrief,
)
QUESTION_ASKED = Kind(
    name="question_asked",
    title="Somebody asks what the search did not answer",
    words="They looked for something and did not find it. A sentence or two from you may help.",
    action="Read the question and reply",
    because="you write for a project team",
    holds=when.may_answer,
    leads=to_question,
    names=False,
)
QUESTION_ANSWERED = Kind(
    name="question_answered",
    title="The project team has replied to your question",
    words="You asked about something that you had looked for.",
    action="Read the reply",
    because="you asked the project team",
    holds=when.was_answered,
    leads=to_own_questions,
    names=False,
)

#: Every kind there is, by name. A test walks this.
KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        CHECK_WANTED,
        SENT_BACK,
        CHECKED,
        SIGN_OFF_WANTED,
        STANDING_IN,
        SIGN_OFF_DUE,
        SIGN_OFF_OVERDUE,
        FORCE_OVERDUE,
        ROUND_OVERDUE,
        AGREED,
        CHANGES_WANTED,
        DECLINED,
        ALL_AGREED,
        CONFIRMATION_WANTED,
        CONSENT_WITHDRAWN,
        TAKEN_BACK,
        REVIEW_DUE,
        SEARCH_MATCHED,
        QUESTION_ASKED,
        QUESTION_ANSWERED,
    )
}


def holding(person: User, names: Iterable[str]) -> QuerySet[Notice]:
    """The person's notices of these kinds that hold now; one query, however many kinds."""
    alike: dict[Condition, list[str]] = {}
    for name in names:
        if name in KINDS:
            alike.setdefault(KINDS[name].holds, []).append(name)
    condition = NOBODY
    for holds, kinds in alike.items():
        condition |= Q(kind__in=kinds) & holds(person)
    mine = Notice.objects.filter(person=person.pk)
    return mine.annotate(force=KeyTextTransform("organisation", "detail")).filter(condition)
