"""The needs room as Django knows it."""

from django.apps import AppConfig


class NeedsConfig(AppConfig):
    """Needs: what a resident or household asks for, or is found to need."""

    name = "muster.needs"
    label = "needs"
