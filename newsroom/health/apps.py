"""The app of the site's health: the worker's heartbeat, and the commands that ask how it is."""

from django.apps import AppConfig


class HealthConfig(AppConfig):
    name = "newsroom.health"
    label = "health"
