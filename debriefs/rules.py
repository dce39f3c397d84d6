"""What a rule is: one sentence of the domain that answers in three directions.

`rule.decide(person, thing)` says yes, or no with a reason; `rule.things(person)` lists every thing
for which it would say yes; `rule.people(thing)` lists every person. Which rules there are does not
stand here but in `permissions.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import BooleanField, ExpressionWrapper, Model, Q, QuerySet

from debriefs.exceptions import Refused
from portal.models import User
from portal.standing import Visitor, forget

Thing = TypeVar("Thing", bound=Model)

NOBODY = Q(pk__in=[])
EVERYBODY = ~NOBODY


@dataclass(frozen=True, slots=True)
class Decision:
    """Yes, or no and why, in words for the person who asked."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed


YES = Decision(True)


@dataclass(frozen=True, slots=True)
class Standing(Generic[Thing]):
    """A capacity to meet a thing in: as the things it opens, and the people it covers."""

    says: str
    things: Callable[[Visitor], Q]
    people: Callable[[Thing], Q]


@dataclass(frozen=True, slots=True)
class Guard(Generic[Thing]):
    """What must be true besides: for the things, for the people, and the reason if not."""

    reason: str
    things: Callable[[Visitor], Q]
    people: Callable[[Thing], Q]


@dataclass(frozen=True, slots=True)
class Rule(Generic[Thing]):
    """One sentence of the domain: any of the standings, all of the guards."""

    name: str
    says: str
    model: type[Thing]
    standings: tuple[Standing[Thing], ...]
    guards: tuple[Guard[Thing], ...] = ()
    refusal: str = "You do not have the role that this needs."

    def things(self, visitor: Visitor) -> QuerySet[Thing]:
        """Every thing for which the rule says yes to this visitor."""
        return self.model._default_manager.filter(self.condition(visitor))

    def condition(self, visitor: Visitor) -> Q:
        """What is true of every such thing."""
        if visitor.is_authenticated and not visitor.is_active:
            return NOBODY
        condition = NOBODY
        for standing in self.standings:
            condition |= standing.things(visitor)
        for guard in self.guards:
            condition &= guard.things(visitor)
        return condition

    def people(self, thing: Thing) -> QuerySet[User]:
        """Every person to whom the rule says yes about this thing."""
        condition = NOBODY
        for standing in self.standings:
            condition |= standing.people(thing)
        for guard in self.guards:
            condition &= guard.people(thing)
        return User.objects.filter(condition, is_active=True).distinct()

    def decide(self, visitor: Visitor, thing: Thing) -> Decision:
        """Yes; or no with the reason of the first guard that fails, or that the standing is
        missing."""
        if self.things(visitor).filter(pk=thing.pk).exists():
            return YES
        bare = Rule(self.name, self.says, self.model, self.standings)
        if not bare.things(visitor).filter(pk=thing.pk).exists():
            return Decision(False, self.refusal)
        here = self.model._default_manager.filter(pk=thing.pk)
        for guard in self.guards:
            if not here.filter(guard.things(visitor)).exists():
                return Decision(False, guard.reason)
        return YES  # it came to hold between the two questions

    def answers(self, visitor: Visitor, things: QuerySet[Thing]) -> dict[int, Decision]:
        """What `decide` says about each of these things, by its number, in one query."""
        standing = NOBODY
        for each in self.standings:
            standing |= each.things(visitor)
        asked = {"standing": (standing, self.refusal)} | {
            f"guard_{number}": (guard.things(visitor), guard.reason)
            for number, guard in enumerate(self.guards)
        }
        rows = things.annotate(
            **{
                f"rule_{name}": ExpressionWrapper(condition, output_field=BooleanField())
                for name, (condition, _) in asked.items()
            }
        ).values_list("pk", *(f"rule_{name}" for name in asked))
        may = not visitor.is_authenticated or visitor.is_active
        reasons = [reason for _, reason in asked.values()]
        return {
            number: next(
                (
                    Decision(False, reason)
                    for held, reason in zip(holds, reasons, strict=True)
                    if not (held and may)
                ),
                YES,
            )
            for number, *holds in rows
        }

    def require(self, visitor: Visitor, thing: Thing) -> None:
        """Raises Refused with the reason unless the rule says yes, asking afresh who this is."""
        forget(visitor)
        decision = self.decide(visitor, thing)
        if not decision:
            raise Refused(decision.reason)


def when(model: type[Thing], condition: Q, reason: str) -> Guard[Thing]:
    """A guard that looks at the thing alone: it holds for everybody or for nobody."""

    def people(thing: Thing) -> Q:
        holds = model._default_manager.filter(condition, pk=thing.pk).exists()
        return EVERYBODY if holds else NOBODY

    return Guard(reason, things=lambda visitor: condition, people=people)
