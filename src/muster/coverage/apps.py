"""The coverage room as Django knows it."""

from django.apps import AppConfig


class CoverageConfig(AppConfig):
    """Wardens, deputies and pairings: who answers for every doorway."""

    name = "muster.coverage"
    label = "coverage"

    def ready(self) -> None:
        """Follow emergencies, which begin with gaps and end appointments; tell the clocks who the wardens are."""
        from muster.clocks.wardens import register_wardens  # noqa: PLC0415  # models must load first
        from muster.coverage.actions.ledger import begin_ledger, end_ledger  # noqa: PLC0415
        from muster.coverage.queries.answering import find_answering  # noqa: PLC0415
        from muster.emergencies.followers import follow  # noqa: PLC0415

        follow("coverage", begin=begin_ledger, end=end_ledger)
        register_wardens(find_answering)
