"""The access room as Django knows it."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Who may see and change what: accounts, roles and their scopes."""

    name = "muster.access"
    label = "access"
