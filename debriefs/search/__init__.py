"""Finding: which released debriefs answer a question, for one visitor, and where in them.

    query        what was asked, taken apart
    words        words of a text and the lexemes that PostgreSQL finds them by
    index        writes what search keeps beside the released versions
    catalogue    who may read what and which facts it has, in this process, as new as the database
    postings     how much each word counts in each version, read when it is asked for
    ranking      from postings to an order
    finding      the whole way: what was asked, for whom, narrowed to what
    passages     which paragraphs answer it, with the words marked
    spelling     a word that nobody wrote, and the word that may have been meant
    suggesting   what to offer while a question is being typed

A *clearance* says how much of a version a visitor reads: the lowest tier of those of their groups
that the version is shared with. A part is theirs if it travels at least as far as that tier, so a
version is one of at most four texts, and everything here is worked out for each of the four when it
is released. Nothing that a visitor is shown, and no order, depends on what they may not read:
`docs/search.md` says why, number by number.
"""
