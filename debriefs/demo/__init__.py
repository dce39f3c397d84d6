"""A portal full of debriefs to try: the cast, the groups, and the operations of
`fixtures/demo/operations`.

Built through the services alone, so that nothing in it could not have come about in real work.
"""
