"""Keeping the paper: what a backup is, how one is made, and how a site comes back from it."""
