"""How often does a page ask the database? As often with thirty debriefs as with three.

The numbers are exact: whoever changes one says so here. They are taken by an officer who reads
facts and parts, except for the pages of the signed-out, and who has no notice waiting.
"""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from debriefs.models import Theme
from debriefs.models.vocabulary import Heading
from debriefs.services import writing
from debriefs.workflow import State
from portal.models import Tier
from tests.world import World

FEW, MANY = 3, 30

#: Address, who asks, and how many queries it takes.
PAGES = (
    ("/", "alpha_officer", 14),
    ("/", "signed_out", 3),
    ("/public/", "signed_out", 4),
    ("/debriefs/", "alpha_officer", 26),
    ("/debriefs/?theme=evidence-led&type=sexual&force=alpha", "alpha_officer", 26),
    ("/debriefs/?page=2&sort=began", "alpha_officer", 26),
    ("/debriefs/known-0/", "alpha_officer", 7),
    ("/debriefs/known-0/", "signed_out", 4),
    ("/debriefs/known-0/history/", "alpha_officer", 7),
    ("/debriefs/known-0/similar/", "alpha_officer", 28),
    ("/debriefs/known-0/similar/", "signed_out", 25),
    ("/debriefs/known-0/versions/1/", "alpha_officer", 7),
    ("/themes/", "alpha_officer", 5),
    ("/themes/evidence-led/", "alpha_officer", 13),
    ("/organisations/", "alpha_officer", 5),
    ("/organisations/alpha/", "alpha_officer", 9),
    ("/organisations/alpha/?page=2", "alpha_officer", 9),
    ("/about/", "alpha_officer", 3),
    ("/signing/", "alpha_signatory", 10),
    ("/signing/", "alpha_officer", 6),
    ("/debriefs/known-0/versions/1/sign/alpha/receipt/", "alpha_signatory", 10),
    ("/debriefs/known-0/versions/1/sign/alpha/withdraw/", "alpha_signatory", 11),
    ("/debriefs/known-0/versions/1/sheet/", "alpha_signatory", 7),
    ("/debriefs/?q=evidence", "alpha_officer", 31),
    ("/searches/", "alpha_officer", 6),
    ("/searches/save/?q=evidence&theme=evidence-led", "alpha_officer", 4),
    ("/searches/ask/?q=evidence", "alpha_officer", 3),
    ("/searches/nothing-found/", "author", 6),
    ("/searches/questions/", "author", 6),
    ("/synonyms/", "author", 6),
    ("/about/", "signed_out", 0),
    ("/about/", "alpha_signatory", 4),
)


#: The pages of a draft, and how many queries each takes for one of its authors.
DRAFT_PAGES = (
    ("/drafts/", 9),
    ("/drafts/?q=case+victims", 8),
    ("/drafts/new/", 8),
    ("/debriefs/draft-0/draft/", 35),
    ("/debriefs/draft-0/draft/facts/", 19),
    ("/debriefs/draft-0/draft/facts/taking-part/", 14),
    ("/debriefs/draft-0/draft/facts/reach/", 16),
    ("/debriefs/draft-0/draft/parts/add/", 12),
    ("/debriefs/draft-0/draft/parts/{part}/", 19),
    ("/debriefs/draft-0/draft/parts/{lesson}/", 40),
    ("/debriefs/draft-0/draft/parts/{lesson}/heard-before/", 34),
    ("/debriefs/draft-0/draft/preview/", 13),
    ("/debriefs/draft-0/draft/preview/?as=policing", 13),
    ("/debriefs/draft-0/draft/warnings/", 13),
    ("/debriefs/draft-0/draft/remarks/", 13),
    ("/debriefs/draft-0/draft/saves/", 11),
    ("/debriefs/draft-0/draft/saves/2/", 16),
    ("/debriefs/draft-0/draft/saves/2/?with=now", 21),
    ("/debriefs/draft-0/draft/submit/", 17),
    ("/debriefs/draft-0/draft/presence/", 6),
)


def share(world: World, numbers: range) -> None:
    """Debriefs that everyone may read, with two lessons each."""
    for number in numbers:
        world.debrief_at(
            State.RELEASED,
            operation=f"known {number}",
            facts=world.facts(
                reach=Tier.PUBLIC, facts_reach=Tier.POLICING, themes=list(Theme.objects.all())
            ),
            parts=[
                world.section(Tier.PUBLIC, heading=Heading.PUBLIC_SUMMARY),
                world.lesson(Tier.PUBLIC),
                world.lesson(Tier.POLICING),
            ],
            groups=("policing", "public"),
        )


def queries_of(world: World, address: str, person: str) -> int:
    """How many queries a visit takes, after a first one and after something was read."""
    client = Client()
    if person != "signed_out":
        client.force_login(world.person(person))
    client.get("/debriefs/known-0/")
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    assert response.status_code == 200
    return len(queries)


def counted(world: World) -> dict[tuple[str, str], int]:
    """The number of queries of every page."""
    return {(address, who): queries_of(world, address, who) for address, who, _ in PAGES}


def test_every_page_asks_as_often_as_declared_with_few_and_with_many(world: World) -> None:
    """Each is exact, and does not grow with what there is."""
    declared = {(address, who): number for address, who, number in PAGES}
    share(world, range(FEW))
    # The page after the last shows the last: the second is there only with many.
    with_few = counted(world)
    share(world, range(FEW, MANY))
    with_many = counted(world)

    assert with_many == declared
    assert with_few == declared


def test_pages_of_a_draft_ask_as_often_with_few_drafts_and_parts_as_with_many(
    world: World,
) -> None:
    """However much is written, saved, removed and read besides."""
    client = Client()
    client.force_login(world.person("author"))
    first = world.draft(operation="draft 0")
    share(world, range(1))

    def queries() -> dict[str, int]:
        part = first.parts.order_by("position")[0].identity
        lesson = first.parts.filter(kind="lesson").earliest("position").identity
        found = {}
        for address, _ in DRAFT_PAGES:
            path = address.replace("{part}", str(part)).replace("{lesson}", str(lesson))
            client.get(path)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(path).status_code == 200
            found[address] = len(asked)
        return found

    def write(more: int) -> None:
        author = world.person("author")
        for _ in range(more):
            world.draft()
            writing.add_part(by=author, version=first, words=world.lesson())
            gone = writing.add_part(by=author, version=first, words=world.lesson())
            writing.remove_part(by=author, part=gone, revision=gone.written_in)
            writing.discard(by=author, version=world.draft())

    write(2)
    with_few = queries()
    write(6)
    assert with_few == queries() == dict(DRAFT_PAGES)
