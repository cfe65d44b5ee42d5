"""The territory room as Django knows it."""

from django.apps import AppConfig


class TerritoryConfig(AppConfig):
    """The territory: a tree of areas from a city down to one entrance, its levels being data."""

    name = "muster.territory"
    label = "territory"
