"""The coverage room as Django knows it."""

from django.apps import AppConfig


class CoverageConfig(AppConfig):
    """Wardens, deputies and pairings: who answers for every doorway."""

    name = "muster.coverage"
    label = "coverage"
