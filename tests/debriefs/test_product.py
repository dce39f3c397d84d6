"""Every move, in every state, by everyone: does the service do what the plain model of the domain
says, and nothing else?

What the pages answer to everyone in every state stands in `tests/access/`.
"""

from __future__ import annotations

from itertools import product

import pytest

from debriefs.exceptions import Refused
from debriefs.models import SignOff
from debriefs.workflow import MOVES, State
from tests.claims import everything
from tests.conftest import rolled_back
from tests.moves import FOR_A_FORCE, SERVICES, force_of, version_in
from tests.reference import Reference
from tests.world import World

#: One of each role, and those who hold none that counts.
ROLES = (
    *("author", "second_author", "editor", "other_author"),
    *("alpha_signatory", "alpha_deputy", "both", "charlie_signatory"),
    *("alpha_officer", "coordinator", "administrator", "superuser", "steward", "inactive"),
)


#: Needs an embargo, under which other moves would be refused.
SPECIAL = ("end_proceedings",)


@pytest.mark.parametrize("state", State)
def test_everyone_makes_exactly_the_moves_that_the_plain_model_allows(
    world: World, state: State, subtests: pytest.Subtests
) -> None:
    for moves in (SERVICES.keys() - FOR_A_FORCE, ("decide", "withdraw_consent"), SPECIAL):
        with rolled_back():
            version = version_in(world, state, max(moves, key=FOR_A_FORCE.__contains__))
            plain = Reference.now()
            before = everything()
            for move, role in product(moves, ROLES):
                person = world.person(role)
                thing: object = version
                if move in FOR_A_FORCE:
                    force = force_of(person)
                    thing = SignOff.objects.get(version=version, organisation__key=force)
                with subtests.test(move=move, role=role), rolled_back():
                    if plain.rules[move](person.pk, thing):
                        SERVICES[move](world, version, person)
                        assert everything() != before
                    else:
                        with pytest.raises(Refused):
                            SERVICES[move](world, version, person)
                        assert everything() == before


def test_the_product_is_of_every_move_but_the_one_that_happens_by_itself() -> None:
    assert SERVICES.keys() | {"supersede"} == MOVES.keys()
