"""The desk in the Django admin: a door that asks the desk what may be done, and does no more."""

from articles.admin import audit, stories, taxonomy

__all__ = ["audit", "stories", "taxonomy"]
