"""Hypothesis without its clocks: a machine that is busy is no fault of the code's."""

from hypothesis import HealthCheck, settings

settings.register_profile("newsroom", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("newsroom")
