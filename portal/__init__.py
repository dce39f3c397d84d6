"""The building: settings, front door, people and organisations, and the record of who did what.

What happens inside the building (writing, signing, sharing, reading) is the app `debriefs`, which
may import from here. Nothing here imports from there.
"""
