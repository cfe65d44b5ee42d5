"""The clocks room as Django knows it."""

from django.apps import AppConfig


class ClocksConfig(AppConfig):
    """Gaps: places with nobody, their age and their owner."""

    name = "muster.clocks"
    label = "clocks"
