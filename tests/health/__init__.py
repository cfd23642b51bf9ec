"""Tests of how the site is watched, and of what it says of itself."""
