"""Hypothesis without a deadline: a machine that is busy is no fault of the code's."""

from hypothesis import settings

settings.register_profile("newsroom", deadline=None)
settings.load_profile("newsroom")
