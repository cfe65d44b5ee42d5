"""The coverage room as Django knows it."""

from django.apps import AppConfig


class CoverageConfig(AppConfig):
    """Wardens, deputies and pairings: who answers for every doorway."""

    name = "muster.coverage"
    label = "coverage"

    def ready(self) -> None:
        """Follow emergencies: areas get gaps and tallies as one begins, and appointments end with it."""
        from muster.coverage.actions.ledger import begin_ledger, end_ledger  # noqa: PLC0415  # models must load first
        from muster.emergencies.followers import follow  # noqa: PLC0415

        follow("coverage", begin=begin_ledger, end=end_ledger)
