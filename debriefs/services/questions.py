"""What do people ask the project team when a search did not help, and what does it answer?"""

from __future__ import annotations

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from debriefs import permissions
from debriefs.exceptions import Refused
from debriefs.models import Question
from debriefs.services import notifying
from debriefs.services.searches import bounded
from debriefs.text import tidy
from portal import audit
from portal.models import User

#: Questions of one person that wait for an answer at the same time.
MOST_OPEN = 10


@transaction.atomic
def ask(*, by: User, text: str, words: str = "") -> Question:
    """The project teams are asked, and told so. Asking the same again is asking once.

    Refuses an empty question, and one more than `MOST_OPEN`. Recorded as `question.asked`.
    """
    asked = tidy(text)
    if not asked:
        raise Refused("Say what you were looking for, and what for.")
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    waiting = list(Question.objects.filter(asker=by.pk, answered_at__isnull=True))
    for each in waiting:
        if each.text == asked:
            return each
    if len(waiting) >= MOST_OPEN:
        raise Refused(
            f"You have asked {MOST_OPEN} questions that are not answered yet. Wait for a reply."
        )
    question = Question.objects.create(asker=by, text=asked, words=bounded(words))
    audit.record("question.asked", by=by, subject=question)
    notifying.asked(question, by=by)
    return question


@transaction.atomic
def answer(*, by: User, question: Question, text: str) -> Question:
    """The person who asked has a reply, and is told so.

    Refuses a second reply: the first is what they have read. Recorded as `question.answered`.
    """
    decision = permissions.may_tend_search(by)
    if not decision:
        raise Refused(decision.reason)
    said = tidy(text)
    if not said:
        raise Refused("Write a reply.")
    mine = (
        Question.objects.select_for_update(of=("self",)).select_related("asker").get(pk=question.pk)
    )
    if mine.answered_at:
        if (mine.answered_by_id, mine.answer) == (by.pk, said):
            return mine
        raise Refused("Somebody has replied already. What they said stands below.")
    mine.answer, mine.answered_at, mine.answered_by = said, timezone.now(), by
    mine.save(update_fields=["answer", "answered_at", "answered_by"])
    audit.record("question.answered", by=by, subject=mine)
    notifying.answered(mine, by=by)
    return mine


def of(person: User) -> QuerySet[Question]:
    """What the person asked, the latest first."""
    return Question.objects.filter(asker=person.pk)


def to_the_team() -> QuerySet[Question]:
    """What was asked by anybody: what waits first, the longest first; then the latest answers."""
    return Question.objects.select_related("asker", "answered_by").order_by(
        F("answered_at").desc(nulls_first=True), "asked_at", "pk"
    )
