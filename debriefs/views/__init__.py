"""The pages: each parses what was asked, calls one service, and shows what it gave."""
