"""The organizations room as Django knows it."""

from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    """The organizations seated in the territory, and their alliances."""

    name = "muster.organizations"
    label = "organizations"
