"""The clocks room as Django knows it."""

from django.apps import AppConfig


class ClocksConfig(AppConfig):
    """Gaps: places with nobody, their age and their owner."""

    name = "muster.clocks"
    label = "clocks"

    def ready(self) -> None:
        """Follow emergencies, which have clocks from their beginning, and messages that reach nobody."""
        from muster.clocks.actions import lay_out_clocks, note_delivery  # noqa: PLC0415  # models must load first
        from muster.emergencies.followers import follow  # noqa: PLC0415
        from muster.messages.endings import follow_endings  # noqa: PLC0415

        follow("clocks", begin=lay_out_clocks, end=lambda emergency, now: None)
        follow_endings("clocks", note_delivery)
