"""The front door: pages that belong to no debrief, and what all pages are made of."""
