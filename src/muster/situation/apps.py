"""The situation room as Django knows it."""

from django.apps import AppConfig


class SituationConfig(AppConfig):
    """The situation: measures that open the rows they were counted from."""

    name = "muster.situation"
    label = "situation"
