"""The only writers of debriefs: a module a noun, a function a verb.

Each is one transaction: it locks the debrief, asks its rule again, changes, and records. What it
refuses it refuses with a sentence for the person who asked, and then nothing has changed.
"""
