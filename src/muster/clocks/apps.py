"""The clocks room as Django knows it."""

from django.apps import AppConfig


class ClocksConfig(AppConfig):
    """Gaps: places with nobody, their age and their owner."""

    name = "muster.clocks"
    label = "clocks"

    def ready(self) -> None:
        """Follow emergencies: each has clocks from its beginning."""
        from muster.clocks.actions.setting import lay_out_clocks  # noqa: PLC0415  # models must load first
        from muster.emergencies.followers import follow  # noqa: PLC0415

        follow("clocks", begin=lay_out_clocks, end=lambda emergency, now: None)
