"""How good and how fast is the search, and the library? Measured here, never while it serves.

    places        a schema or a database of its own, so that nothing measured touches what is real
    people        who is there meanwhile
    loading       very many released debriefs at once, past the services
    copying       many rows into one table
    words         a made-up language whose words are as unevenly frequent as those of English
    invented      debriefs written in it
    collection    questions with judged answers, in the layout of BEIR
    judging       the search engine's answers against those of a collection
    serving       the portal behind its web server, and one officer's browser
    settings      how that web server is set up
    pages         what it adds: the limit page, and a count of queries
    timing        how long each page takes, beside the limit page

The commands are `manage.py evaluate_search` and `manage.py benchmark`.
"""
