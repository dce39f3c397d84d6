"""What happens inside the portal: debriefs are written, checked, signed, shared and read.

The map, from the top down; each layer imports only from those below it:

    measuring/    how good the search is, and how fast the portal; never while it serves
    views/        a file a visitor: library, reading, drafts, writing, editor, signing
    templatetags/ what the templates have no word for
    forms/        what people fill in
    services/     the only writers: writing, signing, releasing, reading
    tasks         what the worker does later
    outbox        how a notice becomes a mail, at most once
    notices       what a person can be told, in which words; notice_rules: when that holds
    search/       finding: which released debriefs answer a question, for one visitor, and where
    permissions   who may: the rules, each answering for a person, for all debriefs, for all people
    rules         what a rule is
    guides        questions that help to write under each heading
    workflow      when: the states of a version and the moves between them, as a table
    text          Markdown to clean HTML
    identifying   what in a text could tell who somebody is
    querysets     visible_to and the other words that narrow a list
    models/       debrief, version, part, draft, remark, signoff, release, review, notice, …

The last word has the database: see the migrations `0002_guard_versions` and `0004_guard_the_work`
for what it refuses and derives.
"""
